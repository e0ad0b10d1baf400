"""Putting the remains of a case aside, and what can go on from there.

    .recovering                  {"folder": "before-recovery-1", "phase": "aside"}
    custody/before-recovery-1/   case.db, case.db-wal, head.json, checkpoints/ … as they lay there: moved, unchanged

Phases: `aside` (what lies there is moved), `weigh` (a copy of the old database is looked at in its place), then either
`continue` (the copy is whole in itself, only its head was lost or does not fit) or `anew` (a new database). Each is
durable before the next begins and can be done again, so that an interrupted recovery goes on. Nothing that was there is
ever deleted; what is taken out of place while it goes are copies of our own.
"""

from __future__ import annotations

import json
import shutil
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path

from verifier.canonical import encode, from_plain
from verifier.chain import Head
from verifier.errors import IntegrityBroken, NoCase, NotACase, UsageError
from verifier.evidence.durable import Temporary, make_durable, rename_durably, writing
from verifier.storage import read_storage
from verifier.store.audit import HEAD_PLACE, audit, is_readable
from verifier.store.folder import (
    CHECKPOINT,
    CHECKPOINTS,
    CUSTODY,
    DATABASE,
    DATABASE_FILES,
    HEAD,
    IMPORTED,
    RECOVERING,
    Lock,
    finish,
    furnish,
    is_foreign,
    write_head,
)
from verifier.store.log import Log
from verifier.store.opening import begin_case, case_layout
from verifier.store.remains import ASIDE
from verifier.store.store import Store

_MOST_MARK_BYTES = 4096


class Phase(StrEnum):
    """How far a recovery has come."""

    ASIDE = "aside"
    WEIGH = "weigh"
    CONTINUE = "continue"
    ANEW = "anew"


@dataclass(frozen=True, slots=True, kw_only=True)
class Remains:
    """What was put aside: its folder under `custody`, whether the old database goes on, what its head said."""

    folder: Path
    is_continued: bool
    database: str  # "kept", "missing", "empty", "unreadable": in a word what became of the old one
    head: Head | None

    @property
    def name(self) -> str:
        """The folder as it is named in the log."""
        return f"{CUSTODY}/{self.folder.name}"


@contextmanager
def recovering(
    case: Path, *, title: str, at: str, tool_version: str, wait_seconds: float
) -> Iterator[tuple[Remains, Store]]:
    """Put the remains aside and open what can go on from there; the block fills it, and then the recovery has ended.

    Raises `NoCase` where there is nothing, `NotACase` for an unrelated folder, `UsageError` where nothing is lost.
    """
    _refuse_what_is_whole(case)
    with ExitStack() as undo:
        lock = Lock(case, wait_seconds=wait_seconds)
        undo.callback(lock.release)
        mark = _read_mark(case)
        folder = mark[0] if mark is not None else _new_folder(case)
        phase = mark[1] if mark is not None else Phase.ASIDE
        if phase is Phase.ASIDE:
            _write_mark(case, folder, Phase.ASIDE)
            _put_aside(case, folder)
            _write_mark(case, folder, Phase.WEIGH)
        if phase in (Phase.ASIDE, Phase.WEIGH):
            phase = Phase.CONTINUE if _is_whole(case, folder) else Phase.ANEW
            _write_mark(case, folder, phase)
        if phase is Phase.ANEW:
            _begin_anew(case, folder, lock, title=title, at=at, tool_version=tool_version)
        else:
            _go_on(case, folder)
        remains = Remains(
            folder=folder,
            is_continued=phase is Phase.CONTINUE,
            database=_fate(folder, phase),
            head=head_of(folder),
        )
        log = Log(case, lock=lock)
        undo.callback(log.dispose)
        log.resume()
        finish(case)
        yield remains, Store(log)
        with writing(case):
            (case / RECOVERING).unlink()


def head_of(folder: Path) -> Head | None:
    """The head that was put aside, or None where there was none that can be read."""
    try:
        return from_plain(Head, json.loads((folder / HEAD).read_bytes()[:_MOST_MARK_BYTES]))
    except (OSError, ValueError):
        return None


def _refuse_what_is_whole(case: Path) -> None:
    if read_storage(case).database is not None:
        raise UsageError("The records of this case are in PostgreSQL; they come back from its backup (docs/team.md).")
    try:
        layout = case_layout(case)
        if layout is None:
            raise NotACase(case) if is_foreign(case) else NoCase(case, case)
        log = Log(case, lock=None)
        try:
            log.read_through()
            with log.driver() as connection:
                is_lost = not is_readable(connection)
        finally:
            log.dispose()
    except IntegrityBroken:
        return
    if not is_lost:
        raise UsageError(f"The case at {case} has its database and its log fits its head: there is nothing to recover. "
                         "What else may be broken, verify audit names.")  # fmt: skip


# ---------------------------------------------------------------- the mark


def _new_folder(case: Path) -> Path:
    number = 1
    while (folder := case / CUSTODY / f"{ASIDE}{number}").exists():
        number += 1
    return folder


def _read_mark(case: Path) -> tuple[Path, Phase] | None:
    try:
        plain = json.loads((case / RECOVERING).read_bytes()[:_MOST_MARK_BYTES])
        name, phase = str(plain["folder"]), Phase(plain["phase"])
    except FileNotFoundError:
        return None
    except (ValueError, KeyError, TypeError) as error:
        raise IntegrityBroken(f"{RECOVERING} says nothing of a recovery ({error})") from error
    if not name.startswith(ASIDE) or not name.removeprefix(ASIDE).isdecimal():
        raise IntegrityBroken(f"{RECOVERING} names no folder of a recovery")
    return case / CUSTODY / name, phase


def _write_mark(case: Path, folder: Path, phase: Phase) -> None:
    content = encode({"folder": folder.name, "phase": phase.value}) + b"\n"
    with writing(case):
        folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    temporary = Temporary(folder, case)  # a stray one lies with the remains, not in the case
    try:
        temporary.write(content)
        temporary.close()
        with writing(case):
            Path(temporary.path).chmod(0o600)
            make_durable([temporary.path], case)
            rename_durably([(temporary.path, str(case / RECOVERING))], (str(folder.parent), str(case)), case)
    finally:
        temporary.discard()


# ---------------------------------------------------------------- aside


def _put_aside(case: Path, folder: Path) -> None:
    """Move the database and all of `custody`; what was moved before a power cut is not there to be moved again."""
    custody = case / CUSTODY
    there = [case / name for name in DATABASE_FILES]
    there += [path for path in custody.iterdir() if not path.name.startswith(ASIDE)]
    _move([path for path in there if path.is_symlink() or path.exists()], folder, case)


def _move(paths: list[Path], folder: Path, case: Path) -> None:
    with writing(case):
        rename_durably([(str(path), str(folder / path.name)) for path in paths], (), case)


def _is_whole(case: Path, folder: Path) -> bool:
    """Whether a copy of the old database, put in its place, has whole records and a log that fits itself."""
    _drop_copy(case)
    if not (folder / DATABASE).is_file() or (folder / DATABASE).stat().st_size == 0:
        return False
    _copy([folder / name for name in DATABASE_FILES if name.endswith(("db", "-wal", "-journal"))], case, case)
    log: Log | None = None
    try:
        if case_layout(case, over_remains=True) is None:
            raise IntegrityBroken("it holds no case")
        log = Log(case, lock=None)
        with log.driver() as connection:
            broken = [problem for problem in audit(connection, None) if problem.where != HEAD_PLACE]
        is_whole = not broken and log.size() > 0
    except IntegrityBroken:
        is_whole = False
    finally:
        if log is not None:
            log.dispose()
    if not is_whole:
        _drop_copy(case)
    return is_whole


def _drop_copy(case: Path) -> None:
    with writing(case):
        for name in DATABASE_FILES:
            (case / name).unlink(missing_ok=True)


def _copy(paths: list[Path], target: Path, case: Path) -> None:
    with writing(case):
        target.mkdir(parents=True, exist_ok=True, mode=0o700)
        made = []
        for path in paths:
            if path.is_file() and not path.is_symlink():
                shutil.copyfile(path, target / path.name)
                (target / path.name).chmod(0o600)
                made.append(str(target / path.name))
        make_durable(made, case)
        rename_durably((), (str(target),), case)


# ---------------------------------------------------------------- going on


def _begin_anew(case: Path, folder: Path, lock: Lock, *, title: str, at: str, tool_version: str) -> None:
    """A new database. What was derived, and what was being copied, belonged to the old one."""
    old = ("derived", "search", "tmp")
    _move([case / name for name in old if (case / name).exists() and not (folder / name).exists()], folder, case)
    furnish(case)
    begin_case(case, lock, title=title, at=at, tool_version=tool_version, over_remains=True)


def _go_on(case: Path, folder: Path) -> None:
    """The head anew from the log, and beside it the keys, ledgers and those seals that the log is long enough for."""
    log = Log(case, lock=None)
    try:
        (case / CUSTODY / HEAD).unlink(missing_ok=True)  # our own, of an earlier try
        log.read_through(without_head=True)
        state = log.state()
    finally:
        log.dispose()
    if state is None:
        raise IntegrityBroken(f"{DATABASE} has no event")
    for name in ("keys", "redactions", "authorities"):
        if (folder / name).is_dir():
            _copy(sorted((folder / name).iterdir()), case / CUSTODY / name, case)
    for package in sorted((folder / IMPORTED).iterdir()) if (folder / IMPORTED).is_dir() else ():
        for inner in (package, *sorted(path for path in package.rglob("*") if path.is_dir() and not path.is_symlink())):
            _copy(sorted(inner.iterdir()), case / CUSTODY / inner.relative_to(folder), case)
    seals = sorted((folder / CHECKPOINTS).iterdir()) if (folder / CHECKPOINTS).is_dir() else []
    fitting = [
        path for path in seals if (number := path.stem.partition("-")[0]).isdecimal() and int(number) <= state.size
    ]
    if fitting:
        _copy(fitting, case / CUSTODY / CHECKPOINTS, case)
        newest = max((path for path in fitting if not path.suffix), key=lambda path: int(path.stem), default=None)
        if newest is not None:
            with writing(case):
                shutil.copyfile(newest, case / CUSTODY / CHECKPOINT)
    write_head(case, state)


def _fate(folder: Path, phase: Phase) -> str:
    if phase is Phase.CONTINUE:
        return "kept"
    database = folder / DATABASE
    if not database.is_file():
        return "missing"
    return "unreadable" if database.stat().st_size else "empty"
