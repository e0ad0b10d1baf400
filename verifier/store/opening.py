"""Making a case and opening one: refusing what is none, what is newer, and what another verify is writing."""

from __future__ import annotations

import secrets
import stat
from contextlib import ExitStack, closing
from pathlib import Path

from verifier.errors import IntegrityBroken, LostDatabase, NewerCase, NoCase, NotACase, RecoveryUnfinished
from verifier.evidence.durable import writing as refusing
from verifier.storage import read_storage
from verifier.store.audit import made_schema, schema_of
from verifier.store.database import connect_to_read, open_engine, reading, translated, writing
from verifier.store.folder import CUSTODY, DATABASE, RECOVERING, Lock, finish, furnish, is_foreign
from verifier.store.layout import MIGRATIONS, is_known, lay_out, layout_of, migrate, tables_of
from verifier.store.log import Log
from verifier.store.remains import refuse_remains
from verifier.store.schema import LAYOUT, Setting

SETTING = "setting"
OBJECTS = "storage.objects"  # where the objects lie, for a machine that joins
SECONDS_TO_WAIT_WHEN_MAKING = 30.0


def make_case(case: Path, *, title: str, at: str, tool_version: str, over_remains: bool = False) -> None:
    """Make a case, unless there is one. Raises `NotACase` where an unrelated folder or a file is.

    Raises `LostDatabase` where a case has been: only a recovery makes one `over_remains`.
    """
    if not over_remains and case_layout(case) is not None:
        return
    if is_foreign(case) and not over_remains:
        raise NotACase(case)
    furnish(case)
    lock = Lock(case, wait_seconds=SECONDS_TO_WAIT_WHEN_MAKING)
    try:
        begin_case(case, lock, title=title, at=at, tool_version=tool_version, over_remains=over_remains)
    finally:
        lock.release()


def begin_case(case: Path, lock: Lock, *, title: str, at: str, tool_version: str, over_remains: bool) -> None:
    """Write the first event of a case whose folder is furnished and locked, unless it is written already.

    The mark stays where the event was written without its head; whoever opens the case to write brings both up.
    """
    if case_layout(case, over_remains=over_remains) is None:
        _first_event(case, lock, title=title, at=at, tool_version=tool_version)
        finish(case)


def _first_event(case: Path, lock: Lock, *, title: str, at: str, tool_version: str) -> None:
    storage = read_storage(case)
    if storage.database is None:
        (case / DATABASE).touch(mode=0o600)
    log = Log(case, lock=lock)
    settings = {
        "case.id": secrets.token_hex(8),
        "case.title": title,
        "case.created_at": at,
        "case.tool_version": tool_version,
        **({} if storage.objects is None else {OBJECTS: storage.objects}),
    }
    try:
        with log.intention(prepare=lay_out) as intention:
            for name, value in settings.items():
                intention.enter(SETTING, [Setting(name=name, value=value)], subject=name)
            intention.conclude(
                at=at, actor="verify", action="create", subject="case", detail={"tool_version": tool_version}
            )
    finally:
        log.dispose()


def case_layout(case: Path, *, over_remains: bool = False) -> str | None:
    """The layout of the case's database; None where there is no case or it was never finished.

    Raises `LostDatabase` where a case has been and its database is missing, empty or another's, and
    `RecoveryUnfinished` where its recovery was interrupted; neither with `over_remains`.
    """
    if not over_remains and (case / RECOVERING).exists():
        raise RecoveryUnfinished(case, case)
    lack = _lack(case)
    if lack is not None:
        if not over_remains:
            try:
                refuse_remains(case, lack)
            except LostDatabase:
                if _lack(case) == lack:  # else another verify is just making it
                    raise
                return case_layout(case)
        return None
    layout, tables = _laid_out(case)
    if layout is None and tables:
        raise IntegrityBroken(f"{DATABASE} has no layout of verify's, but {len(tables)} tables")
    if layout is None and not over_remains:
        try:
            refuse_remains(case, f"{DATABASE} has no tables")
        except LostDatabase:
            if _laid_out(case)[0] is None:  # else another verify has made it between the two looks
                raise
            return case_layout(case)
    return layout


def _laid_out(case: Path) -> tuple[str | None, tuple[str, ...]]:
    """The layout that the database says it has, and its tables."""
    engine = open_engine(case, to_write=False)
    try:
        with reading(engine, case) as connection:
            return layout_of(connection), tables_of(connection)
    finally:
        engine.dispose()


def _lack(case: Path) -> str | None:
    """Why there is no database to open, as far as the folder shows."""
    if read_storage(case).database is not None:
        return None  # what is there says the server
    database = case / DATABASE
    try:
        status = database.lstat()
    except (FileNotFoundError, NotADirectoryError):
        return f"{DATABASE} is missing"
    if not stat.S_ISREG(status.st_mode):
        return f"{DATABASE} is not a plain file"
    return f"{DATABASE} is empty" if status.st_size == 0 else None


def open_case(case: Path, *, to_write: bool, wait_seconds: float) -> Log:
    """The case in the newest layout. Raises `NoCase`, `NotACase`, `NewerCase`, `CaseInUse` or `IntegrityBroken`.

    To be read, it is not held against its head: see `Log.fit`.
    """
    layout = case_layout(case)
    if layout is None:
        if is_foreign(case):
            raise NotACase(case)
        raise NoCase(case, case)
    if layout != LAYOUT:
        _bring_up(case, layout, wait_seconds)
    if not to_write:
        return Log(case, lock=None)
    with ExitStack() as undo:
        if read_storage(case).database is not None:  # a machine that joins has no head yet
            with refusing(case):
                (case / CUSTODY).mkdir(exist_ok=True, mode=0o700)
        lock = Lock(case, wait_seconds=wait_seconds)
        undo.callback(lock.release)
        log = Log(case, lock=lock)
        undo.callback(log.dispose)
        log.resume()
        finish(case)
        undo.pop_all()
        return log


def has_our_tables(case: Path) -> bool:
    """Whether the database has exactly the schema of this version, whatever layout it names."""
    with translated(case), closing(connect_to_read(case)) as connection:
        return schema_of(connection) == made_schema()


def _bring_up(case: Path, layout: str, wait_seconds: float) -> None:
    if not is_known(layout, MIGRATIONS):
        raise NewerCase(case, layout, LAYOUT)
    lock = Lock(case, wait_seconds=wait_seconds)
    engine = open_engine(case, to_write=True)
    try:
        with writing(engine, case) as connection:
            migrate(connection, MIGRATIONS)
    finally:
        engine.dispose()
        lock.release()
