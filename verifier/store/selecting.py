"""Reading records back, with the exhibit and instrument of their entry."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, TypeAlias, TypeVar

from sqlalchemy import ColumnElement, Connection, Select, bindparam, select

from verifier.errors import IntegrityBroken
from verifier.store.columns import columns_of, from_cells
from verifier.store.schema import RECORD_TABLES, entries

T = TypeVar("T")
ROWS_A_FETCH = 2000


def records_of(
    connection: Connection, record: type[T], *where: ColumnElement[bool]
) -> Iterator[tuple[str | None, str | None, T]]:
    """(subject, instrument, record) in the order of writing. Streams."""
    table = RECORD_TABLES[record].name
    row: Any
    for row in connection.execute(_with_entries(record).where(*where), execution_options={"yield_per": ROWS_A_FETCH}):
        yield row[-2], row[-1], decoded(record, row[:-2], table)


def living_between(
    connection: Connection, record: type[T], kind: str, first: str, last: str
) -> Iterator[tuple[str | None, str | None, T]]:
    """The same of living entries of a kind whose subjects lie between two, by the index on what is living. Streams.

    Asked ten times for each dossier: the statement is built once.
    """
    table, values = RECORD_TABLES[record].name, {"kind": kind, "first": first, "last": last}
    row: Any
    for row in connection.execute(_living_between(record), values, execution_options={"yield_per": ROWS_A_FETCH}):
        yield row[-2], row[-1], decoded(record, row[:-2], table)


Statement: TypeAlias = Select[Any]
_PLAIN: dict[type, Statement] = {}
_BETWEEN: dict[type, Statement] = {}


def _with_entries(record: type) -> Statement:
    if record not in _PLAIN:
        table = RECORD_TABLES[record]
        names = [column.name for column in columns_of(record)]
        _PLAIN[record] = (
            select(*(table.c[name] for name in names), entries.c.subject, entries.c.instrument)
            .join(entries, entries.c.number == table.c.entry)
            .order_by(table.c.entry, table.c.position)
        )
    return _PLAIN[record]


def _living_between(record: type) -> Statement:
    if record not in _BETWEEN:
        _BETWEEN[record] = _with_entries(record).where(
            entries.c.superseded.is_(None),
            entries.c.kind == bindparam("kind"),
            entries.c.subject.between(bindparam("first"), bindparam("last")),
        )
    return _BETWEEN[record]


def decoded(record: type[T], cells: Any, table: str) -> T:  # noqa: ANN401 - whatever the database holds
    """The record, or `IntegrityBroken` where the cells are of no record."""
    try:
        return from_cells(record, cells)
    except (ValueError, TypeError) as error:
        raise IntegrityBroken(f"a row of {table} holds what was never written there; run verify audit") from error
