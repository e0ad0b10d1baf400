"""Whatever is changed in a case behind verify's back, the audit names it."""
# ruff: noqa: S608 - the names in these statements are those of our own tables

from __future__ import annotations

import shutil
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st
from sqlalchemy import Text

from tests.store.made import AT, exhibit, full_case
from verifier.errors import IntegrityBroken, NewerCase
from verifier.records import Problem
from verifier.store import Store
from verifier.store.schema import METADATA, TABLE_NAMES

NAMES = sorted(METADATA.tables)
CELLS = [(name, column.name) for name in NAMES for column in METADATA.tables[name].columns]
quick = settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])


@pytest.fixture(scope="module")
def whole(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return full_case(tmp_path_factory.mktemp("whole"))


@pytest.fixture
def case(whole: Path, tmp_path: Path) -> Path:
    return fresh(whole, tmp_path)


def fresh(whole: Path, folder: Path) -> Path:
    shutil.rmtree(folder / "copy", ignore_errors=True)
    return Path(shutil.copytree(whole, folder / "copy"))


@contextmanager
def tampering(case: Path) -> Iterator[sqlite3.Connection]:
    connection = sqlite3.connect(case / "case.db")
    connection.execute("PRAGMA foreign_keys=OFF")
    connection.execute("PRAGMA synchronous=OFF")
    with connection:
        yield connection
    connection.close()


def problems(case: Path) -> list[Problem]:
    """What the audit names; a refusal to open is a finding as well."""
    try:
        with Store.open(case, writing=False) as store:
            return list(store.audit())
    except (IntegrityBroken, NewerCase) as error:
        return [Problem(where="case", what=error.sentence)]


def rows(connection: sqlite3.Connection, table: str) -> list[dict[str, Any]]:
    cursor = connection.execute(f"SELECT * FROM {table}")
    return [dict(zip([column[0] for column in cursor.description], cells, strict=True)) for cells in cursor]


def key(table: str) -> list[str]:
    return [column.name for column in METADATA.tables[table].primary_key]


def where(table: str) -> str:
    return " AND ".join(f"{name} = :{name}" for name in key(table))


def other(cell: object, draw: int = 0) -> object:
    """Another value of the same kind."""
    if cell is None:
        return "something"
    if isinstance(cell, bytes):
        return cell + b"\x00"
    if isinstance(cell, str):
        return [cell + " ", "", cell.swapcase() if cell.swapcase() != cell else cell + "x"][draw % 3] or "x"
    return cell + 1000  # type: ignore[operator]


def test_a_whole_case_has_no_problem(whole: Path) -> None:
    assert problems(whole) == []


@pytest.mark.parametrize(("table", "column"), CELLS, ids=[f"{table}.{column}" for table, column in CELLS])
def test_any_changed_cell_is_found(case: Path, table: str, column: str) -> None:
    """Every column of every table, in a row that has a value there if any has."""
    with tampering(case) as connection:
        there = sorted(rows(connection, table), key=lambda row: row[column] is None)
        row = there[0]
        value = other(row[column])
        if row[column] is None and not isinstance(METADATA.tables[table].c[column].type, Text):
            value = 5
        changed = connection.execute(
            f'UPDATE {table} SET "{column}" = :new_value WHERE {where(table)}', {**row, "new_value": value}
        )
        assert changed.rowcount == 1
    assert problems(case)


@quick
@given(data=st.data())
def test_any_cell_changed_to_anything_is_found(whole: Path, tmp_path: Path, data: st.DataObject) -> None:
    case = fresh(whole, tmp_path)
    table, column = data.draw(st.sampled_from(CELLS))
    anything = st.one_of(
        st.none(),
        st.text(max_size=5),
        st.integers(-(2**63), 2**63 - 1),
        st.floats(allow_nan=False),
        st.binary(max_size=5),
    )
    value = data.draw(anything)
    with tampering(case) as connection:
        row = data.draw(st.sampled_from(rows(connection, table)))
        try:
            connection.execute(
                f'UPDATE {table} SET "{column}" = :new_value WHERE {where(table)}', {**row, "new_value": value}
            )
        except (sqlite3.IntegrityError, UnicodeEncodeError):  # a type or a key that no tamperer could write either
            assume(False)
        after = rows(connection, table)
        assume(row not in after)
    assert problems(case)


@quick
@given(data=st.data())
def test_any_deleted_row_is_found(whole: Path, tmp_path: Path, data: st.DataObject) -> None:
    case = fresh(whole, tmp_path)
    table = data.draw(st.sampled_from(NAMES))
    with tampering(case) as connection:
        row = data.draw(st.sampled_from(rows(connection, table)))
        assert connection.execute(f"DELETE FROM {table} WHERE {where(table)}", row).rowcount == 1
    assert problems(case)


@quick
@given(data=st.data())
def test_any_added_row_is_found(whole: Path, tmp_path: Path, data: st.DataObject) -> None:
    case = fresh(whole, tmp_path)
    table = data.draw(st.sampled_from(NAMES))
    with tampering(case) as connection:
        row = dict(data.draw(st.sampled_from(rows(connection, table))))
        row[data.draw(st.sampled_from(key(table)))] = data.draw(st.integers(-3, 60))
        if table == "exhibits":
            row["id"] = "0" * 64
        try:
            connection.execute(f"INSERT INTO {table} VALUES ({', '.join('?' * len(row))})", list(row.values()))
        except sqlite3.IntegrityError:
            assume(False)
    assert problems(case)


@quick
@given(data=st.data())
def test_any_two_swapped_rows_are_found(whole: Path, tmp_path: Path, data: st.DataObject) -> None:
    """Two records of one table change places."""
    case = fresh(whole, tmp_path)
    table = data.draw(st.sampled_from(TABLE_NAMES))
    with tampering(case) as connection:
        there = rows(connection, table)
        first, second = data.draw(st.sampled_from(there)), data.draw(st.sampled_from(there))
        contents = [{name: cell for name, cell in row.items() if name not in key(table)} for row in (first, second)]
        assume(contents[0] != contents[1])
        connection.execute("DROP INDEX exhibits_id")
        for row, content in ((first, contents[1]), (second, contents[0])):
            assignments = ", ".join(f'"{name}" = :new_{name}' for name in content)
            new = {f"new_{name}": cell for name, cell in content.items()}
            connection.execute(f"UPDATE {table} SET {assignments} WHERE {where(table)}", {**row, **new})
        connection.execute("CREATE UNIQUE INDEX exhibits_id ON exhibits (id)")
    assert problems(case)


@pytest.mark.parametrize("value", [float("inf"), float("-inf"), 0.0, 1e308])
def test_a_number_that_was_never_written_is_found(case: Path, value: float) -> None:
    with tampering(case) as connection:
        connection.execute("UPDATE matches SET score = ?", (value,))
    assert problems(case)


@pytest.mark.parametrize("dropped", range(1, 11))
def test_the_last_events_dropped_with_all_they_wrote_are_found(case: Path, dropped: int) -> None:
    """As clean as a tamperer can: events, entries and rows go, and what was superseded is not restored."""
    with tampering(case) as connection:
        (size,) = connection.execute("SELECT max(seq) FROM custody").fetchone()
        connection.execute("DELETE FROM custody WHERE seq > ?", (size - dropped,))
        gone = "SELECT number FROM entries WHERE seq > ?"
        for name in TABLE_NAMES:
            connection.execute(f"DELETE FROM {name} WHERE entry IN ({gone})", (size - dropped,))
        connection.execute("DELETE FROM entries WHERE seq > ?", (size - dropped,))
        connection.execute("UPDATE entries SET superseded = NULL WHERE superseded > ?", (size - dropped,))
    found = problems(case)
    assert (
        Problem(
            where="custody log",
            what=f"it ends at event {size - dropped}, but custody/head.json says {size} were written",
        )
        in found
    )
    with pytest.raises(IntegrityBroken):
        Store.open(case, writing=True)


def test_an_earlier_database_put_back_is_found(whole: Path, case: Path, tmp_path: Path) -> None:
    with Store.open(case, writing=True) as store:
        store.note("export", "x", {}, actor="Oak", at=AT)
    shutil.copy(whole / "case.db", case / "case.db")
    assert [problem.where for problem in problems(case)] == ["custody log"]


@pytest.mark.parametrize("content", [None, b"", b"{}", b"[]", b"\xff", b'{"size":1,"digest":"00","root":"00"}'])
def test_a_head_that_is_gone_or_changed_is_found_and_nothing_is_written(case: Path, content: bytes | None) -> None:
    head = case / "custody" / "head.json"
    head.unlink()
    if content is not None:
        head.write_bytes(content)
    assert problems(case)
    with pytest.raises(IntegrityBroken):
        Store.open(case, writing=True)


def test_a_log_rewritten_with_right_links_is_found_by_its_head(case: Path) -> None:
    """Somebody who knows the format changes an event and relinks all that follow."""
    from verifier.chain import link
    from verifier.records import CustodyEvent
    from verifier.store.columns import to_row

    with Store.open(case, writing=False) as store:
        events = list(store.custody())
    previous: CustodyEvent | None = None
    with tampering(case) as connection:
        connection.execute("DELETE FROM custody")
        for event in events:
            previous = link(
                previous,
                at=event.at,
                actor="Nobody",
                action=event.action,
                subject=event.subject,
                detail=event.detail,
                records_digest=event.records_digest,
            )
            row = to_row(previous)
            connection.execute(f"INSERT INTO custody VALUES ({', '.join('?' * len(row))})", list(row.values()))
    assert [problem.what for problem in problems(case)] == [
        "custody/head.json states another digest or root for the log up to here"
    ]


@pytest.mark.parametrize(
    "statement",
    [
        "CREATE TRIGGER quiet AFTER INSERT ON faults BEGIN DELETE FROM faults; END",
        "CREATE VIEW seen AS SELECT * FROM faults",
        "CREATE TABLE more (x)",
        "ALTER TABLE faults ADD COLUMN colour TEXT",
        "ALTER TABLE claims RENAME COLUMN time TO timd",
        "DROP INDEX acquisitions_path",
        "DROP TABLE verdicts",
        "DROP TABLE custody",
    ],
)
def test_a_changed_structure_is_found(case: Path, statement: str) -> None:
    with tampering(case) as connection:
        connection.execute(statement)
        if "colour" in statement:
            connection.execute("UPDATE faults SET colour = 'red'")
    assert problems(case)


@settings(quick, max_examples=150)
@given(data=st.data())
def test_any_flipped_bit_of_the_database_is_found_or_changes_nothing(
    whole: Path, tmp_path: Path, data: st.DataObject
) -> None:
    """Bits of free space and of counters that SQLite keeps for itself say nothing: every cell reads as before."""
    case = fresh(whole, tmp_path)
    database = bytearray((case / "case.db").read_bytes())
    bit = data.draw(st.integers(0, len(database) * 8 - 1))
    database[bit // 8] ^= 1 << bit % 8
    (case / "case.db").write_bytes(database)
    assert problems(case) or everything(case) == everything(whole)


def everything(case: Path) -> list[list[dict[str, Any]]]:
    connection = sqlite3.connect(f"file:{case / 'case.db'}?mode=ro", uri=True)
    found = [rows(connection, name) for name in NAMES]
    connection.close()
    return found


def test_the_audit_says_where(case: Path) -> None:
    with tampering(case) as connection:
        connection.execute(
            "UPDATE readings SET value = '\"Nikon\"' WHERE key = 'exif:Make' AND entry IN "
            "(SELECT number FROM entries WHERE subject = ?)",
            (exhibit(2).id,),
        )
    (problem,) = problems(case)
    assert problem.where == f"custody event 4, run, instrument exif, of {exhibit(2).id}"
    assert problem.what.startswith("its rows in derivatives, events, fingerprints, readings, runs are not those")
