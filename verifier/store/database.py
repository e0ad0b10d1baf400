"""The engine under a case: one SQLite file, safe against power cuts, opened without trust, or what `postgres` opens.

Write-ahead logging lets readers read while one writes; `synchronous=FULL` makes every commit durable before it is
answered. Whatever the database refuses becomes a refusal of the house with its own sentence.
"""

from __future__ import annotations

import os
import sqlite3
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import Any
from urllib.parse import quote

from sqlalchemy import Connection, Engine, create_engine, event
from sqlalchemy.exc import DBAPIError
from sqlalchemy.pool import QueuePool

from verifier.errors import CaseInUse, CaseUnwritable, DiskFull, IntegrityBroken
from verifier.storage import read_storage
from verifier.store.folder import DATABASE

BUSY_MILLISECONDS = 30_000
SYNCHRONOUS = "FULL"  # a commit is on the disk before it is answered
_WRITING = "verify_writing"  # as in `postgres`


def open_engine(case: Path, *, to_write: bool) -> Engine:
    """An engine on the case's database, which must exist."""
    address = read_storage(case).database
    if address is not None:
        from verifier.store.postgres.engine import open_postgres

        return open_postgres(address, to_write=to_write)
    uri = _address(case, to_write=to_write)
    engine = create_engine("sqlite://", creator=lambda: _connect(uri, to_write=to_write), poolclass=QueuePool)

    @event.listens_for(engine, "begin")
    def _begin(connection: Connection) -> None:
        wanted = connection.get_execution_options().get(_WRITING, False)
        connection.exec_driver_sql("BEGIN IMMEDIATE" if wanted else "BEGIN")

    return engine


def connect_to_read(case: Path) -> sqlite3.Connection:
    """A driver's connection that cannot write; the caller closes it."""
    return _connect(_address(case, to_write=False), to_write=False)


def _address(case: Path, *, to_write: bool) -> str:
    """A reader of a case that it may not write leaves no trace in it."""
    mode = "mode=rw"
    if not to_write and not os.access(case, os.W_OK):
        mode = "mode=ro"
        if not (case / f"{DATABASE}-wal").exists():  # a copy on a read-only medium: nobody can be writing
            mode += "&immutable=1"
    return f"file:{quote(os.fsencode(case / DATABASE))}?{mode}"


def _connect(uri: str, *, to_write: bool) -> sqlite3.Connection:
    connection = sqlite3.connect(uri, uri=True, isolation_level=None, check_same_thread=False)
    with ExitStack() as undo:
        undo.callback(connection.close)
        _set_up(connection, to_write=to_write)
        undo.pop_all()
    return connection


def _set_up(connection: sqlite3.Connection, *, to_write: bool) -> None:
    for pragma in (
        f"busy_timeout={BUSY_MILLISECONDS}",
        "foreign_keys=ON",
        f"synchronous={SYNCHRONOUS}",
        "fullfsync=ON",  # macOS: out of the drive's own memory as well
        "trusted_schema=OFF",
        "cell_size_check=ON",
        "cache_size=-16000",
        "journal_mode=WAL" if to_write else "query_only=ON",
        "journal_size_limit=67108864",
    ):
        connection.execute(f"PRAGMA {pragma}")


@contextmanager
def reading(engine: Engine, case: Path) -> Iterator[Connection]:
    """One consistent view of the database."""
    with translated(case), engine.connect() as connection, connection.begin():
        yield connection


@contextmanager
def writing(engine: Engine, case: Path) -> Iterator[Connection]:
    """One transaction: everything or nothing."""
    with (
        translated(case),
        engine.connect().execution_options(**{_WRITING: True}) as connection,
        connection.begin(),
    ):
        yield connection


@contextmanager
def translated(case: Path) -> Iterator[None]:
    """Turns what the database refuses into a refusal of the house."""
    try:
        yield
    except (DBAPIError, sqlite3.Error) as error:
        driver = error.orig if isinstance(error, DBAPIError) else error
        if type(driver).__module__.startswith("psycopg"):
            from verifier.store.postgres import engine as postgres

            refusal = postgres.refusal(case, driver)
        else:
            refusal = _refusal(case, driver)
        if refusal is None:
            raise
        raise refusal from error
    except UnicodeDecodeError as error:  # SQLite's own message quotes a damaged name
        raise IntegrityBroken(f"{DATABASE} cannot be read: it has a name that is no text") from error


def _refusal(case: Path, error: Any) -> Exception | None:  # noqa: ANN401 - any driver's error
    code = getattr(error, "sqlite_errorcode", None)
    if code is None:  # the driver's own complaint
        return IntegrityBroken(f"{DATABASE} cannot be read: {error}") if "decode" in str(error) else None
    primary = code & 0xFF
    if primary == sqlite3.SQLITE_FULL:
        return DiskFull(case)
    if primary in {sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED}:
        return CaseInUse(case)
    if primary in {sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB, sqlite3.SQLITE_ERROR}:  # or a table is gone
        return IntegrityBroken(f"{DATABASE} cannot be read: {error}")
    if primary in {sqlite3.SQLITE_READONLY, sqlite3.SQLITE_PERM, sqlite3.SQLITE_CANTOPEN, sqlite3.SQLITE_IOERR}:
        return CaseUnwritable(case, str(error))
    return None
