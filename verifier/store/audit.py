"""The audit of the records: every cell against its entry, every entry against its event, the log against its head.

Streams: three cursors and one a table, all in the order of their keys. Cells are read raw, so that text that is no
text, a number of another type or a column that somebody added is seen as it lies there. Nothing is repaired.
"""

from __future__ import annotations

import hashlib
import sqlite3
from collections.abc import Iterator
from functools import cache
from typing import Any, Protocol

from sqlalchemy import Table, create_engine
from sqlalchemy.dialects import sqlite

from verifier.chain import Head, Tree, body, broken_links
from verifier.records import CustodyEvent, Problem
from verifier.store.columns import columns_of, from_cells, to_row
from verifier.store.folder import CUSTODY, DATABASE, HEAD
from verifier.store.layout import lay_out
from verifier.store.schema import METADATA, TABLE_NAMES
from verifier.store.writing import entry_digest, entry_line, superseded_line

MOST_COMPLAINTS_OF_SQLITE = 20
HEAD_PLACE = f"{CUSTODY}/{HEAD}"
Raw = dict[str, Any]


def audit(connection: sqlite3.Connection, head: Head | None) -> Iterator[Problem]:
    """Everything of the database that is not what it was. `connection` is read only."""
    connection.text_factory = lambda octets: octets.decode("utf-8", "surrogateescape")
    try:
        yield from _structure(connection)
        yield from log_problems(connection, head)
        yield from record_problems(connection)
    except (sqlite3.DatabaseError, UnicodeDecodeError) as error:  # SQLite's own messages may quote damaged names
        yield Problem(where=DATABASE, what=f"it cannot be read any further: {error}")
    except KeyError as error:  # a column that has lost its name; its table was named above
        yield Problem(where=DATABASE, what=f"it cannot be read any further: there is no column {error}")


def is_readable(connection: sqlite3.Connection) -> bool:
    """Whether SQLite finds every table of ours whole; what their cells say is not looked at."""
    try:
        if connection.execute("PRAGMA integrity_check(1)").fetchone() != ("ok",):
            return False
        for name in METADATA.tables:
            connection.execute(f"SELECT count(*) FROM {name}").fetchone()  # noqa: S608
    except (sqlite3.DatabaseError, UnicodeDecodeError):
        return False
    return True


def _structure(connection: sqlite3.Connection) -> Iterator[Problem]:
    for (complaint,) in connection.execute(f"PRAGMA integrity_check({MOST_COMPLAINTS_OF_SQLITE})"):
        if complaint != "ok":
            yield Problem(where=DATABASE, what=f"its structure is damaged: {complaint}")
    for name in ("user_version", "application_id"):
        (number,) = connection.execute(f"PRAGMA {name}").fetchone()
        if number != 0:
            yield Problem(where=DATABASE, what=f"its {name} is {number}, which verify never sets")
    ours, there = made_schema(), schema_of(connection)
    for kind, name in sorted(there.keys() - ours.keys()):
        yield Problem(where=DATABASE, what=f"it has a {kind} {name!r} that verify did not make")
    for kind, name in sorted(ours.keys() - there.keys()):
        yield Problem(where=DATABASE, what=f"its {kind} {name!r} is missing")
    for kind, name in sorted(ours.keys() & there.keys()):
        table = METADATA.tables.get(name) if kind == "table" else None
        if table is not None and _columns_there(connection, name) != _columns_made(table):
            yield Problem(where=DATABASE, what=f"the columns of its table {name!r} are not those that verify made")
        elif ours[kind, name] != there[kind, name]:
            yield Problem(where=DATABASE, what=f"its {kind} {name!r} is not defined as verify made it")


Schema = dict[tuple[str, str], tuple[str, str]]


def schema_of(connection: sqlite3.Connection) -> Schema:
    """Every table, index, view and trigger, SQLite's own among them: the table it belongs to and its words of SQL."""
    rows = connection.execute("SELECT type, name, tbl_name, sql FROM sqlite_master")
    return {(str(kind), str(name)): (str(table), " ".join(str(sql).split())) for kind, name, table, sql in rows}


@cache
def made_schema() -> Schema:
    """The schema of a case that was made just now."""
    engine = create_engine("sqlite://")
    try:
        with engine.begin() as connection:
            lay_out(connection)
            driver = connection.connection.dbapi_connection
            if not isinstance(driver, sqlite3.Connection):
                raise TypeError("SQLite's driver is another")
            return schema_of(driver)
    finally:
        engine.dispose()


def _columns_there(connection: sqlite3.Connection, table: str) -> list[tuple[str, str, bool]]:
    columns = connection.execute("SELECT name, type, pk FROM pragma_table_xinfo(?)", (table,))
    return [(str(name), str(kind), bool(key)) for name, kind, key in columns]


def _columns_made(table: Table) -> list[tuple[str, str, bool]]:
    return [(column.name, column.type.compile(_DIALECT), column.primary_key) for column in table.columns]


_DIALECT = sqlite.dialect()


# ---------------------------------------------------------------- the log


class Asked(Protocol):
    """A connection that reads: SQLite's, or PostgreSQL's in its clothes."""

    def execute(self, sql: str, /) -> Any:  # noqa: ANN401 - any driver's cursor
        """A cursor over the rows."""
        ...


def log_problems(connection: Asked, head: Head | None, *, shared: bool = False) -> Iterator[Problem]:
    """The log against its chain, its entries and its head; `shared`: other machines may have written on since."""
    tree = Tree()
    previous: CustodyEvent | None = None
    written = _Stream(connection, "SELECT * FROM entries ORDER BY seq, number", "seq")
    replaced = _Stream(
        connection, "SELECT * FROM entries WHERE superseded IS NOT NULL ORDER BY superseded, number", "superseded"
    )
    for raw in _rows(connection, "SELECT * FROM custody ORDER BY seq"):
        place = f"custody event {raw.get('seq')}"
        event = _event(raw)
        if event is None:
            yield Problem(where=place, what="it is not written as the log is written")
            continue
        for sentence in broken_links(previous, event):
            yield Problem(where=place, what=sentence)
        for stray in [*written.below(event.seq), *replaced.below(event.seq)]:
            yield Problem(where=f"entry {stray['number']}", what="the custody event that it names is not there")
        if _records_digest(written.at(event.seq), replaced.at(event.seq)) != event.records_digest:
            yield Problem(where=place, what=f"its records ({event.action}) are not those that it speaks of")
        tree.append(body(event))
        if head is not None and tree.size == head.size and (tree.root(), event.digest) != (head.root, head.digest):
            yield Problem(where=place, what=f"{HEAD_PLACE} states another digest or root for the log up to here")
        previous = event
    for stray in [*written.rest(), *replaced.rest()]:
        yield Problem(where=f"entry {stray['number']}", what="the custody event that it names is not there")
    yield from _against_head(tree.size, head, shared=shared)


def _event(raw: Raw) -> CustodyEvent | None:
    """The event, if its cells are exactly what that event is written as."""
    names = [column.name for column in columns_of(CustodyEvent)]
    try:
        event = from_cells(CustodyEvent, [raw[name] for name in names])
        return event if to_row(event) == raw else None
    except (ValueError, TypeError, KeyError):
        return None


def _records_digest(written: list[Raw], replaced: list[Raw]) -> str:
    running = hashlib.sha256()
    for raw in written:
        running.update(
            entry_line(raw["number"], raw["kind"], raw["subject"], raw["instrument"], raw["rows"], raw["digest"])
        )
    for raw in replaced:
        running.update(superseded_line(raw["number"], raw["digest"]))
    return running.hexdigest()


def _against_head(size: int, head: Head | None, *, shared: bool) -> Iterator[Problem]:
    if head is None:
        if size > 1 and not shared:  # the very first event may be there before its head is
            yield Problem(where=HEAD_PLACE, what="it is missing, so nobody can tell whether the log was cut")
    elif size < head.size:
        yield Problem(
            where="custody log", what=f"it ends at event {size}, but {HEAD_PLACE} says {head.size} were written"
        )
    elif size > head.size + 1 and not shared:  # one more is what a power cut between commit and head leaves behind
        yield Problem(where="custody log", what=f"it has {size} events, but {HEAD_PLACE} knows only {head.size}")


# ---------------------------------------------------------------- the records


def record_problems(connection: Asked) -> Iterator[Problem]:
    """Every cell against its entry."""
    tables = {
        name: _Stream(connection, f"SELECT * FROM {name} ORDER BY entry, position", "entry")  # noqa: S608
        for name in TABLE_NAMES
    }
    for raw in _rows(connection, "SELECT * FROM entries ORDER BY number"):
        number = raw["number"]
        for name, stream in tables.items():
            for stray in stream.below(number):
                yield _stray(name, stray)
        found = {name: rows for name in TABLE_NAMES if (rows := tables[name].at(number))}
        count = sum(len(rows) for rows in found.values())
        if raw["superseded"] is not None:
            if count:
                yield Problem(where=_place(raw), what=f"{count} rows of it are there again, though it was superseded")
        elif count != raw["rows"]:
            yield Problem(where=_place(raw), what=f"it has {count} rows, but {raw['rows']} were written")
        elif _digest(found) != raw["digest"]:
            yield Problem(
                where=_place(raw), what=f"its rows in {', '.join(sorted(found))} are not those that were written"
            )
    for name, stream in tables.items():
        for stray in stream.rest():
            yield _stray(name, stray)


def _digest(found: dict[str, list[Raw]]) -> str | None:
    """The entry's digest; None where a cell holds what no row was ever written with (an infinite number)."""
    try:
        return entry_digest((name, (_cells(row) for row in found[name])) for name in sorted(found))
    except ValueError:
        return None


def _cells(row: Raw) -> tuple[int, Raw]:
    return row["position"], {name: cell for name, cell in row.items() if name not in {"entry", "position"}}


def _place(raw: Raw) -> str:
    parts = [f"custody event {raw['seq']}", str(raw["kind"])]
    if raw["instrument"] is not None:
        parts.append(f"instrument {raw['instrument']}")
    if raw["subject"] is not None:
        parts.append(f"of {raw['subject']}")
    return ", ".join(parts)


def _stray(table: str, raw: Raw) -> Problem:
    return Problem(where=f"{table}, entry {raw['entry']}", what="a row that no custody event wrote")


# ---------------------------------------------------------------- cursors


def _rows(connection: Asked, statement: str) -> Iterator[Raw]:
    """Raw rows; the numbers that order them are numbers, or `sqlite3.DatabaseError` says otherwise."""
    cursor = connection.execute(statement)
    names = [column[0] for column in cursor.description]
    for cells in cursor:
        row = dict(zip(names, cells, strict=True))
        for name in _KEYS & row.keys():
            if type(row[name]) is not int and not (name == "superseded" and row[name] is None):
                raise sqlite3.DatabaseError(f"a {name!r} is no number")
        yield row


_KEYS = {"seq", "number", "entry", "position", "superseded"}


class _Stream:
    """Rows in the order of one integer key, taken key by key."""

    def __init__(self, connection: Asked, statement: str, key: str) -> None:
        self._rows = _rows(connection, statement)
        self._key = key
        self._next = next(self._rows, None)

    def _take(self) -> Raw:
        row = self._next
        assert row is not None  # noqa: S101 - every caller looked
        self._next = next(self._rows, None)
        return row

    def below(self, key: int) -> Iterator[Raw]:
        """Rows before `key`, which nobody asked for."""
        while self._next is not None and self._next[self._key] < key:
            yield self._take()

    def at(self, key: int) -> list[Raw]:
        """Every row of `key`."""
        found: list[Raw] = []
        while self._next is not None and self._next[self._key] == key:
            found.append(self._take())
        return found

    def rest(self) -> Iterator[Raw]:
        """Every row that is left."""
        while self._next is not None:
            yield self._take()
