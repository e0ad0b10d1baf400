"""The engine under a case that many machines write: one schema of a PostgreSQL database.

Everything that differs from SQLite stands here and in `schema` (kinds of columns): how it is reached, what a
transaction begins with, what protects the log, and what its refusals mean. Who may log in is said by PostgreSQL's own
environment (`PGPASSFILE`, `PGPASSWORD`, `PGSSLMODE` …), never in a case.

A commit, not a case, is exclusive: a transaction that writes begins with an advisory lock, and the one chain of the
log is read on from where this machine last saw it. A transaction that reads sees one state of the whole database.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import parse_qsl, urlencode, urlsplit, urlunsplit

from sqlalchemy import Connection, Engine, Text, create_engine, event, text

from verifier.errors import (
    CaseInUse,
    CaseUnwritable,
    DatabaseLacking,
    DiskFull,
    ExtraMissing,
    IntegrityBroken,
    UsageError,
)
from verifier.store.schema import METADATA, custody, entries

if TYPE_CHECKING:
    import psycopg

SCHEME = "postgresql://"
WRITING = "verify_writing"
SECONDS_TO_WAIT = 300  # for another machine's commit
SECONDS_TO_CONNECT = 15
_SCHEMA = re.compile(r"[a-z_][a-z0-9_]{0,40}")
_FIRST_LINE = 300
PATH_INDEX = "acquisitions_path"
GUARD = "verify_guard"


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """A schema of a database. `url` is the address without our own parameter."""

    url: str
    schema: str


def place_of(address: str) -> Place:
    """What an address says: postgresql://HOST/DATABASE?schema=NAME. Raises UsageError."""
    parts = urlsplit(address)
    if parts.scheme != "postgresql" or parts.fragment:
        raise UsageError(f"{address} is no address of a database; it looks like {SCHEME}HOST/DATABASE?schema=CASE.")
    if parts.password is not None:
        raise UsageError("An address of a database is kept in the case and holds no password: use PGPASSFILE.")
    options = dict(parse_qsl(parts.query, keep_blank_values=True))
    if {"password", "options"} & options.keys():
        raise UsageError("An address of a database holds neither a password nor options.")
    schema = options.pop("schema", "verify")
    if not _SCHEMA.fullmatch(schema) or schema.startswith("pg_"):
        raise UsageError(f"{schema!r} is no name for the schema of a case: small letters, digits and _.")
    return Place(url=urlunsplit((*parts[:3], urlencode(options), "")), schema=schema)


def open_postgres(address: str, *, to_write: bool) -> Engine:
    """An engine on the schema, which need not exist yet. Raises ExtraMissing, UsageError."""
    place = place_of(address)
    connect(place).close()  # its refusal is a sentence, and not of the pool
    engine = create_engine("postgresql+psycopg://", creator=lambda: connect(place), pool_pre_ping=True)

    @event.listens_for(engine, "begin")
    def _begin(connection: Connection) -> None:
        if connection.get_execution_options().get(WRITING, False):
            if not to_write:
                raise ValueError("the case was opened for reading")
            connection.exec_driver_sql("SELECT pg_advisory_xact_lock(hashtext(%s), 0)", (f"verify {place.schema}",))
        else:
            connection.exec_driver_sql("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY")

    return engine


def connect(place: Place) -> psycopg.Connection[Any]:
    """A driver's connection; the caller closes it. Raises ExtraMissing, DatabaseLacking."""
    try:
        import psycopg
    except ImportError as error:
        raise ExtraMissing("A case in PostgreSQL", "psycopg", "team") from error
    settings = {
        "search_path": place.schema,
        "lock_timeout": f"{SECONDS_TO_WAIT}s",
        "timezone": "UTC",
        "tcp_keepalives_idle": "60",  # a machine that was switched off gives its lock back
        "tcp_keepalives_interval": "10",
        "tcp_keepalives_count": "6",
    }
    said = " ".join(f"-c {name}={value}" for name, value in settings.items())
    try:
        return psycopg.connect(
            place.url,
            options=said,
            connect_timeout=SECONDS_TO_CONNECT,
            client_encoding="utf8",
            application_name="verify",
        )
    except psycopg.Error as error:
        raise DatabaseLacking(place.url, _line(error)) from error


@contextmanager
def cursors(address: str) -> Iterator[Rows]:
    """Raw rows of one state of the database, for the audit."""
    with connect(place_of(address)) as connection:
        connection.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY")
        yield Rows(connection)


class Rows:
    """A connection whose statements stream, asked as SQLite's is."""

    def __init__(self, connection: psycopg.Connection[Any]) -> None:
        self._connection, self._made = connection, 0

    def execute(self, statement: str, values: tuple[object, ...] = ()) -> psycopg.ServerCursor[Any]:
        """A cursor of its own, which lives as long as the transaction."""
        self._made += 1
        cursor = self._connection.cursor(name=f"verify_{self._made}")
        cursor.itersize = 500
        return cursor.execute(statement, values or None)


# ---------------------------------------------------------------- layout


def prepare(connection: Connection, schema: str) -> None:
    """Before the tables are made in an empty schema."""
    connection.exec_driver_sql(f"CREATE SCHEMA IF NOT EXISTS {schema}")
    for table in METADATA.tables.values():
        for index in table.indexes:
            if index.name == PATH_INDEX:  # a path may be longer than a B-tree takes
                index.dialect_options["postgresql"]["using"] = "hash"


def protect(connection: Connection) -> None:
    """Text is ordered by code points, as in SQLite, whatever the server's language.

    The log refuses to be changed: events and entries are added, and an entry is superseded once.
    """
    for table in METADATA.tables.values():
        names = [column.name for column in table.columns if isinstance(column.type, Text)]
        wanted = ", ".join(f'ALTER COLUMN "{name}" TYPE text COLLATE "C"' for name in names)
        if wanted:
            connection.execute(text(f'ALTER TABLE "{table.name}" {wanted}'))
    connection.execute(text(_GUARD_FUNCTION))
    for guarded in (custody.name, entries.name):
        action = f"EXECUTE FUNCTION {GUARD}()"
        before = f"CREATE TRIGGER {GUARD} BEFORE UPDATE OR DELETE ON {guarded}"
        connection.execute(text(f"{before} FOR EACH ROW {action}"))
        connection.execute(text(f"CREATE TRIGGER {GUARD}_all BEFORE TRUNCATE ON {guarded} FOR EACH STATEMENT {action}"))


_GUARD_FUNCTION = f"""
CREATE FUNCTION {GUARD}() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'UPDATE' AND TG_TABLE_NAME = 'entries' THEN
        IF OLD.superseded IS NULL AND NEW.superseded IS NOT NULL
            AND (NEW.number, NEW.seq, NEW.kind, NEW.rows, NEW.digest)
                = (OLD.number, OLD.seq, OLD.kind, OLD.rows, OLD.digest)
            AND NEW.subject IS NOT DISTINCT FROM OLD.subject
            AND NEW.instrument IS NOT DISTINCT FROM OLD.instrument THEN
            RETURN NEW;
        END IF;
    END IF;
    RAISE EXCEPTION 'the custody log is never changed' USING ERRCODE = 'insufficient_privilege';
END
$$
"""


# ---------------------------------------------------------------- refusals


def refusal(case: Path, error: Any) -> Exception | None:  # noqa: ANN401 - any driver's error
    """What a driver's error means for the operator; None: a fault of ours."""
    state = getattr(error, "sqlstate", None)
    line = _line(error)
    if state is None:
        return DatabaseLacking(case, line) if type(error).__name__ in {"OperationalError", "InterfaceError"} else None
    if state == "53100":
        return DiskFull(case)
    if state in {"55P03", "40001", "40P01"}:
        return CaseInUse(case)
    if state in {"42P01", "42703", "3F000"} or state[:2] in {"XX", "58"}:  # a table or column is gone, or a page
        return IntegrityBroken(f"the database cannot be read: {line}")
    if state in {"42501", "25006"}:
        return CaseUnwritable(case, line)
    return DatabaseLacking(case, line) if state[:2] in {"08", "53", "57", "28", "3D"} else None


def _line(error: object) -> str:
    lines = str(error).strip().splitlines() or [type(error).__name__]
    return lines[0][:_FIRST_LINE]
