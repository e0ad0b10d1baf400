"""The lines that a package carries: every entry of every event, and the rows of entries, as their digests cover them.

Both stream in the order in which they were digested, so that a stranger needs no database to follow them.
"""

from __future__ import annotations

import heapq
import itertools
from collections.abc import Iterator
from typing import Any

from sqlalchemy import Connection, Table, select

from verifier.store.schema import RECORD_TABLES, entries
from verifier.store.selecting import ROWS_A_FETCH
from verifier.store.writing import entry_line, row_line, superseded_line


def entry_lines(connection: Connection) -> Iterator[tuple[int, bytes]]:
    """(event, line) of every entry in the order of events: those that an event wrote, then those it superseded."""
    written = (
        (row.seq, 0, row.number, entry_line(row.number, row.kind, row.subject, row.instrument, row.rows, row.digest))
        for row in _streamed(connection, select(entries).order_by(entries.c.seq, entries.c.number))
    )
    gone = select(entries.c.superseded, entries.c.number, entries.c.digest).where(entries.c.superseded.is_not(None))
    replaced = (
        (row.superseded, 1, row.number, superseded_line(row.number, row.digest))
        for row in _streamed(connection, gone.order_by(entries.c.superseded, entries.c.number))
    )
    for seq, _, _, line in heapq.merge(written, replaced):
        yield seq, line


def entered(connection: Connection, kind: str) -> list[tuple[str, int, int]]:
    """(subject, number, event) of the living entries of a kind."""
    wanted = select(entries.c.subject, entries.c.number, entries.c.seq)
    wanted = wanted.where(entries.c.kind == kind, entries.c.superseded.is_(None)).order_by(entries.c.number)
    return [(str(subject), int(number), int(seq)) for subject, number, seq in connection.execute(wanted)]


def rows_of_entries(connection: Connection) -> Iterator[tuple[int, str, str | None, list[bytes]]]:
    """(number, kind, subject, lines) of every entry that has rows, in order of number."""
    tables = sorted(RECORD_TABLES.values(), key=lambda table: table.name)
    lines = heapq.merge(*(_lines(connection, table) for table in tables))
    living = select(entries.c.number, entries.c.kind, entries.c.subject).where(entries.c.superseded.is_(None))
    known = iter(_streamed(connection, living.order_by(entries.c.number)))
    for number, some in itertools.groupby(lines, key=lambda item: item[0]):
        entry = next(row for row in known if row.number == number)
        yield number, entry.kind, entry.subject, [line for _, _, _, line in some]


def _lines(connection: Connection, table: Table) -> Iterator[tuple[int, str, int, bytes]]:
    names = [column.name for column in table.columns if column.name not in {"entry", "position"}]
    for row in _streamed(connection, select(table).order_by(table.c.entry, table.c.position)):
        cells = row._mapping
        yield row.entry, table.name, row.position, row_line(table.name, row.position, {n: cells[n] for n in names})


def _streamed(connection: Connection, wanted: Any) -> Any:  # noqa: ANN401 - SQLAlchemy's own types
    return connection.execute(wanted, execution_options={"yield_per": ROWS_A_FETCH})
