"""The checkpoints, keys and time stamps of a case by the names that they bear in a package."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterator
from pathlib import Path

from verifier.records import CustodyEvent
from verifier.store import Store
from verifier.workflow.integrity.promised import ANCHOR, AUTHORITIES, BEGUN, CHECKPOINTS, KEYS, NEWEST, SEAL

_SUBJECT = re.compile(r"event ([1-9][0-9]{0,17})")
_MOST_BYTES = 1 << 20


def sealed_files(store: Store) -> dict[str, bytes]:
    """Content by name below `log/`: checkpoints by size, public keys and stamps by their SHA-256.

    Only what the log speaks of; the audit, which has to find nothing first, misses what is gone.
    """
    case = store.folder
    found: dict[str, bytes] = {}
    for path in _files(case / KEYS):
        content = _content(path)
        found[f"keys/{hashlib.sha256(content).hexdigest()}.pem"] = content
    kept = [_content(path) for path in (*_files(case / CHECKPOINTS), *_files(case / AUTHORITIES))]
    stamps = {hashlib.sha256(content).hexdigest(): content for content in kept}
    for event, size in _spoken(store):
        if event.action == SEAL:
            found[f"checkpoints/{size}"] = _checkpoint(case, size)
        for what in ("answer", "roots") if event.action == ANCHOR else ():
            if what in event.detail:
                digest = str(event.detail[what])
                found[f"stamps/{digest}"] = stamps[digest]
    return found


def _checkpoint(case: Path, size: int) -> bytes:
    for path in (case / CHECKPOINTS / str(size), case / CHECKPOINTS / f"{size}{BEGUN}", case / NEWEST):
        if path.is_file():
            return _content(path)
    raise FileNotFoundError(size)


def _spoken(store: Store) -> Iterator[tuple[CustodyEvent, int]]:
    for event in store.custody():
        found = _SUBJECT.fullmatch(event.subject) if event.action in (SEAL, ANCHOR) else None
        if found is not None:
            yield event, int(found[1])


def _files(folder: Path) -> list[Path]:
    return sorted(path for path in folder.iterdir() if path.is_file()) if folder.is_dir() else []


def _content(path: Path) -> bytes:
    with path.open("rb") as stream:
        return stream.read(_MOST_BYTES)
