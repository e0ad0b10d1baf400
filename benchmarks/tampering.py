"""Change a whole case at random behind verify's back, and count what the audit does not name.

Cells of every table, rows deleted, added and exchanged, and bytes of the head outside the database; each time of a
fresh copy. Run: python -m benchmarks.tampering [TAMPERINGS]
"""
# ruff: noqa: S608 - the names in these statements are those of our own tables

from __future__ import annotations

import random
import sqlite3
import sys
import tempfile
import time
from collections import Counter
from pathlib import Path
from typing import Any

from tests.store.made import full_case
from tests.store.test_audit import NAMES, fresh, key, problems, rows, tampering, where
from verifier.store.schema import METADATA


def value(chance: random.Random) -> Any:
    """Anything that a cell can hold."""
    return chance.choice(
        (None, "", "x", chance.randbytes(3), chance.randrange(-5, 90), chance.random(), "2026-01-01", -(2**63))
    )


def change(connection: sqlite3.Connection, chance: random.Random) -> tuple[str, str]:
    """One change of the database: its kind and the table."""
    table, kind = (
        chance.choice(NAMES),
        chance.choice(("cell", "cell", "cell", "row deleted", "row added", "rows exchanged")),
    )
    there = rows(connection, table)
    row = chance.choice(there)
    if kind == "row deleted":
        connection.execute(f"DELETE FROM {table} WHERE {where(table)}", row)
    elif kind == "row added":
        added = {**row, chance.choice(key(table)): chance.choice((0, 77, "0" * 64))}
        connection.execute(f"INSERT INTO {table} VALUES ({', '.join('?' * len(row))})", list(added.values()))
    else:
        column = chance.choice(list(METADATA.tables[table].columns)).name
        new = chance.choice(there)[column] if kind == "rows exchanged" else value(chance)
        connection.execute(f'UPDATE {table} SET "{column}" = :new WHERE {where(table)}', {**row, "new": new})
    return kind, table


def tampered(case: Path, chance: random.Random) -> str | None:
    """What was done to the case, and to what; None where nothing came of it."""
    if chance.random() < 0.1:
        head = next(path for path in sorted((case / "custody").iterdir()) if path.is_file())
        content = bytearray(head.read_bytes())
        content[chance.randrange(len(content))] ^= 1 << chance.randrange(8)
        head.write_bytes(content)
        return "byte of the head"
    try:
        with tampering(case) as connection:
            before = [rows(connection, name) for name in NAMES]
            kind, _ = change(connection, chance)
            is_changed = before != [rows(connection, name) for name in NAMES]
    except (sqlite3.IntegrityError, sqlite3.DataError):
        return None
    return kind if is_changed else None


def main() -> None:
    """Print the table."""
    wanted = int(sys.argv[1]) if len(sys.argv) > 1 else 10_000
    chance, made, found, named = random.Random(16), Counter[str](), Counter[str](), Counter[str]()
    begun = time.monotonic()
    with tempfile.TemporaryDirectory() as folder:
        whole = full_case(Path(folder) / "whole")
        while made.total() < wanted:
            case = fresh(whole, Path(folder))
            kind = tampered(case, chance)
            if kind is not None:
                made[kind] += 1
                told = problems(case)
                found[kind] += bool(told)
                named[kind] += bool(told) and all(problem.where for problem in told)
    print("| kind | tamperings | found | place named |\n|---|---|---|---|")
    for kind in sorted(made):
        print(f"| {kind} | {made[kind]:,} | {found[kind]:,} | {named[kind]:,} |")
    print(f"\n{made.total():,} tamperings in {time.monotonic() - begun:.0f} s.")


if __name__ == "__main__":
    main()
