"""Making a case and opening one: refusing what is none, what is newer, and what another verify is writing."""

from __future__ import annotations

import secrets
from contextlib import ExitStack
from pathlib import Path

from verifier.errors import NewerCase, NoCase, NotACase
from verifier.store.database import open_engine, reading, writing
from verifier.store.folder import DATABASE, Lock, furnish, is_foreign
from verifier.store.layout import MIGRATIONS, is_known, lay_out, layout_of, migrate
from verifier.store.log import Log
from verifier.store.schema import LAYOUT, Setting

SETTING = "setting"
SECONDS_TO_WAIT_WHEN_MAKING = 30.0


def make_case(case: Path, *, title: str, at: str, tool_version: str) -> None:
    """Make a case, unless there is one. Raises `NotACase` where an unrelated folder or a file is."""
    if is_foreign(case):
        raise NotACase(case)
    furnish(case)
    lock = Lock(case, wait_seconds=SECONDS_TO_WAIT_WHEN_MAKING)
    try:
        if case_layout(case) is None:
            _first_event(case, lock, title=title, at=at, tool_version=tool_version)
    finally:
        lock.release()


def _first_event(case: Path, lock: Lock, *, title: str, at: str, tool_version: str) -> None:
    (case / DATABASE).touch(mode=0o600)
    log = Log(case, lock=lock)
    settings = {
        "case.id": secrets.token_hex(8),
        "case.title": title,
        "case.created_at": at,
        "case.tool_version": tool_version,
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


def case_layout(case: Path) -> str | None:
    """The layout of the case's database; None where there is no case or it was never finished."""
    if not (case / DATABASE).is_file():
        return None
    engine = open_engine(case, to_write=False)
    try:
        with reading(engine, case) as connection:
            return layout_of(connection)
    finally:
        engine.dispose()


def open_case(case: Path, *, to_write: bool, wait_seconds: float) -> Log:
    """The case in the newest layout. Raises `NoCase`, `NotACase`, `NewerCase`, `CaseInUse` or `IntegrityBroken`."""
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
        lock = Lock(case, wait_seconds=wait_seconds)
        undo.callback(lock.release)
        log = Log(case, lock=lock)
        undo.callback(log.dispose)
        log.resume()
        undo.pop_all()
        return log


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
