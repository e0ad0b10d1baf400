"""What a case leaves behind when its database is gone.

A case whose database is missing or empty is told from one that was only begun by the mark `.begun` (see `folder`), and
by what cannot be there before the first event is durable: a head, a seal, a kept object or derivative. Nothing here
opens a database: SQLite would throw away the write-ahead log of an empty one.
"""

from __future__ import annotations

import os
import re
from collections.abc import Iterator
from pathlib import Path

from verifier.errors import LostDatabase
from verifier.store.folder import CHECKPOINT, CUSTODY, DATABASE_FILES, HEAD, LATEST, LOCK, is_begun, is_foreign

ASIDE = "before-recovery-"
_DIGEST = re.compile(r"[0-9a-f]{64}")
_MOST_NAMED = 4


def refuse_remains(case: Path, what: str) -> None:
    """Raise `LostDatabase` where a case has been; `what` is wrong with its database, in words."""
    found = traces(case)
    if found:
        named = ", ".join(found[:_MOST_NAMED]) + (" and more" if len(found) > _MOST_NAMED else "")
        raise LostDatabase(case, what, named, case)


def traces(case: Path) -> tuple[str, ...]:
    """Names of what lies in the folder and shows that a case has been there; its database is not looked at."""
    sure = tuple(_after_the_first_event(case))
    if sure or is_begun(case) or is_foreign(case):
        return sure
    return tuple(_of_an_opened_case(case))


def _after_the_first_event(case: Path) -> Iterator[str]:
    """What is made only when there is a database with an event in it, so never by an interrupted creation."""
    custody = case / CUSTODY
    for name in (HEAD, CHECKPOINT, LATEST):
        if os.path.lexists(custody / name):
            yield f"{CUSTODY}/{name}"
    for name in ("checkpoints", "keys", "redactions", "authorities", "imported"):
        if next(_entries(custody / name), None) is not None:
            yield f"{CUSTODY}/{name}"
    yield from sorted(f"{CUSTODY}/{path.name}" for path in _entries(custody) if path.name.startswith(ASIDE))
    for shelf in ("objects/sha256", "derived"):
        if any(_DIGEST.fullmatch(path.name) for folder in _entries(case / shelf) for path in _entries(folder)):
            yield shelf


def _of_an_opened_case(case: Path) -> Iterator[str]:
    """What an interrupted creation may leave too, but only beside its mark."""
    for name in (*DATABASE_FILES[1:], LOCK, "objects", "derived", "tmp", "search"):
        if os.path.lexists(case / name):
            yield name
    yield from sorted(f"{CUSTODY}/{path.name}" for path in _entries(case / CUSTODY))


def _entries(folder: Path) -> Iterator[Path]:
    if folder.is_dir():
        yield from folder.iterdir()
