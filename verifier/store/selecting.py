"""Reading records back, with the exhibit and instrument of their entry."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, TypeVar

from sqlalchemy import ColumnElement, Connection, select

from verifier.errors import IntegrityBroken
from verifier.store.columns import columns_of, from_cells
from verifier.store.schema import RECORD_TABLES, entries

T = TypeVar("T")
ROWS_A_FETCH = 2000


def records_of(
    connection: Connection, record: type[T], *where: ColumnElement[bool]
) -> Iterator[tuple[str | None, str | None, T]]:
    """(subject, instrument, record) in the order of writing. Streams."""
    table = RECORD_TABLES[record]
    names = [column.name for column in columns_of(record)]
    wanted = (
        select(*(table.c[name] for name in names), entries.c.subject, entries.c.instrument)
        .join(entries, entries.c.number == table.c.entry)
        .where(*where)
        .order_by(table.c.entry, table.c.position)
    )
    for row in connection.execution_options(yield_per=ROWS_A_FETCH).execute(wanted):
        yield row[-2], row[-1], decoded(record, row[:-2], table.name)


def decoded(record: type[T], cells: Any, table: str) -> T:  # noqa: ANN401 - whatever the database holds
    """The record, or `IntegrityBroken` where the cells are of no record."""
    try:
        return from_cells(record, cells)
    except (ValueError, TypeError) as error:
        raise IntegrityBroken(f"a row of {table} holds what was never written there; run verify audit") from error
