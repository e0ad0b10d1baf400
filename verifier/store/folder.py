"""The case folder: what lies where in it, who may write, and the log's head beside the database.

case.db                the database (SQLite)
custody/head.json      size, last digest and root of the log, outside the database
custody/checkpoint     the last signed checkpoint, where one was made
custody/latest         an unsigned checkpoint (origin, size, root) of the log as the last command left it
custody/imported/      packages of other cases that were brought in, whole but for their objects
objects/ derived/ tmp/ the vault's
custody/before-recovery-1/  what lay here before `verify recover` rebuilt the case, unchanged
search/                indexes of pictures and of words: no record, made again where they are missing
defects/               what `verify` itself failed at: kinds of errors and places in its modules, nothing of evidence
storage.toml           where records and objects lie, where they do not lie here; may be there before the case is
cache/                 copies of objects and derivatives that are kept in a bucket
verify.toml            the operator's settings; may be there before the case is
.lock                  held while somebody writes
.begun                 there from before the first byte of a case until its head is written: creation was interrupted
.recovering            there while a recovery is under way
"""

from __future__ import annotations

import contextlib
import json
import os
import re
import sys
import time
from pathlib import Path

from verifier.canonical import encode, from_plain
from verifier.chain import Head
from verifier.errors import CaseInUse, IntegrityBroken
from verifier.evidence.durable import Temporary, make_durable, rename_durably
from verifier.evidence.durable import writing as refusing
from verifier.storage import CACHE, STORAGE

DATABASE = "case.db"
CUSTODY = "custody"
HEAD = "head.json"
CHECKPOINT = "checkpoint"
CHECKPOINTS = "checkpoints"
SEARCH = "search"
LATEST = "latest"
IMPORTED = "imported"
LOCK = ".lock"
BEGUN = ".begun"
RECOVERING = ".recovering"
DATABASE_FILES = (DATABASE, f"{DATABASE}-wal", f"{DATABASE}-shm", f"{DATABASE}-journal")
OWN_NAMES = frozenset(
    {*DATABASE_FILES, CUSTODY, LOCK, BEGUN, RECOVERING, "objects", "derived", "tmp", SEARCH, "defects", "verify.toml",
     STORAGE, CACHE}
)  # fmt: skip
_NUMBER = re.compile(r"[1-9][0-9]{0,17}")
_SECONDS_BETWEEN_TRIES = 0.1
_MOST_HEAD_BYTES = 4096


def is_foreign(case: Path) -> bool:
    """Whether something lies there that is no case: a file, or a folder with other things than a case has."""
    if not case.is_dir():
        return case.exists() or case.is_symlink()
    return any(entry.name not in OWN_NAMES for entry in case.iterdir())


def furnish(case: Path) -> None:
    """Begin a case: the mark that it is being made, then its folders; closed to other users of the computer.

    The mark is durable before anything else of a case is there, so a case without a database and without the mark is
    one that has lost its database.
    """
    with refusing(case):
        case.mkdir(parents=True, exist_ok=True, mode=0o700)
        os.close(os.open(case / BEGUN, os.O_WRONLY | os.O_CREAT | getattr(os, "O_CLOEXEC", 0), 0o600))
        make_durable([str(case / BEGUN)], case)
        rename_durably((), (str(case),), case)
        (case / CUSTODY).mkdir(exist_ok=True, mode=0o700)


def is_begun(case: Path) -> bool:
    """Whether the making of a case was begun there and not finished, as far as its mark says."""
    return (case / BEGUN).is_file()


def finish(case: Path) -> None:
    """Take the mark of a case that is being made away: its first event and its head are durable."""
    with refusing(case):
        (case / BEGUN).unlink(missing_ok=True)


class Lock:
    """The exclusive right to write to a case. Given back by `release`, and by the system when the process ends."""

    def __init__(self, case: Path, *, wait_seconds: float) -> None:
        with refusing(case):
            self._handle = os.open(case / LOCK, os.O_RDWR | os.O_CREAT | getattr(os, "O_CLOEXEC", 0), 0o600)
        deadline = time.monotonic() + wait_seconds
        while not _try_lock(self._handle):
            if time.monotonic() >= deadline:
                os.close(self._handle)
                raise CaseInUse(case)
            time.sleep(_SECONDS_BETWEEN_TRIES)

    def release(self) -> None:
        """Let others write."""
        os.close(self._handle)


if sys.platform == "win32":
    import msvcrt

    def _try_lock(handle: int) -> bool:
        try:
            msvcrt.locking(handle, msvcrt.LK_NBLCK, 1)
        except OSError:
            return False
        return True

else:
    import fcntl

    def _try_lock(handle: int) -> bool:
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            return False
        return True


def read_head(case: Path) -> Head | None:
    """The head as it was last written, or None where there is none. Raises `IntegrityBroken` for what is no head."""
    try:
        with (case / CUSTODY / HEAD).open("rb") as stream:
            content = stream.read(_MOST_HEAD_BYTES)
    except FileNotFoundError:
        return None
    try:
        return from_plain(Head, json.loads(content))
    except ValueError as error:
        raise IntegrityBroken(f"{CUSTODY}/{HEAD} is not a head of a log ({error})") from error


def write_head(case: Path, head: Head) -> None:
    """Replace the head at once and durably."""
    _replace(case, HEAD, encode(head) + b"\n")


def write_latest(case: Path, text: str) -> None:
    """Replace the unsigned checkpoint of the log as it is now."""
    _replace(case, LATEST, text.encode())


def _replace(case: Path, name: str, content: bytes) -> None:
    folder = case / CUSTODY
    temporary = Temporary(folder, case)
    try:
        temporary.write(content)
        temporary.close()
        with refusing(case):
            Path(temporary.path).chmod(0o600)  # Windows does not replace what is read-only
            make_durable([temporary.path], case)
            rename_durably([(temporary.path, str(folder / name))], (), case)
    finally:
        temporary.discard()


def read_checkpoint(case: Path) -> str | None:
    """The text of the last signed checkpoint, where one was made."""
    with contextlib.suppress(FileNotFoundError):
        return (case / CUSTODY / CHECKPOINT).read_text(encoding="utf-8", errors="backslashreplace")
    return None


def last_sealed(case: Path) -> int:
    """The number of events that the newest kept checkpoint seals, by its name; 0 where there is none."""
    folder = case / CUSTODY / CHECKPOINTS
    names = [path.name for path in folder.iterdir()] if folder.is_dir() else []
    return max((int(name) for name in names if _NUMBER.fullmatch(name)), default=0)
