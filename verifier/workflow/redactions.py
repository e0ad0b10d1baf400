"""Redacted reports that were given out: what the log says of them, and whether a folder still is one of them."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator, Mapping
from pathlib import Path

from verifier.errors import UsageError
from verifier.records import Problem
from verifier.store import Store

ACTION = "redacted report"
FOLDER = "custody/redactions"


def stated_ledgers(store: Store) -> Iterator[str]:
    """The digest of every ledger that the log states, in order."""
    for event in store.custody():
        if event.action == ACTION:
            yield str(event.detail.get("ledger", ""))


def broken_ledgers(store: Store) -> Iterator[Problem]:
    """Ledgers (who is who in a redacted report) that are gone or are not those that the log states."""
    for digest in stated_ledgers(store):
        where = f"{FOLDER}/{digest[:16]}.json"
        path = store.folder / where
        if not path.is_file():
            yield Problem(where=where, what="the ledger of a redacted report is missing")
        elif _digest(path) != digest:
            yield Problem(where=where, what="it is not the ledger that the log states")


def broken_redaction(store: Store, folder: Path) -> tuple[Problem, ...]:
    """How a folder differs from the redacted report of this case that it is. Raises UsageError where it is none."""
    there = {path.name: _digest(path) for path in sorted(folder.iterdir()) if path.is_file()} if folder.is_dir() else {}
    known = [stated for digest in stated_ledgers(store) if (stated := _files(store, digest)) is not None]
    likeness = [sum(there.get(name) == digest for name, digest in files.items()) for files in known]
    if not there or not any(likeness):
        raise UsageError(f"What lies in {folder.name} is no redacted report that this case's log knows.")
    meant = known[likeness.index(max(likeness))]
    problems = [
        Problem(where=f"{folder.name}/{name}", what="it is missing" if name not in there else "it was changed")
        for name, digest in sorted(meant.items())
        if there.get(name) != digest
    ]
    strays = sorted(set(there) - set(meant))
    return (*problems, *[Problem(where=f"{folder.name}/{name}", what="it was not given out") for name in strays])


def _files(store: Store, ledger: str) -> Mapping[str, str] | None:
    """Names and digests of the files that a ledger speaks of; None for one that is not whole (an audit names it)."""
    path = store.folder / FOLDER / f"{ledger[:16]}.json"
    if not path.is_file() or _digest(path) != ledger:
        return None
    stated = json.loads(path.read_bytes())["files"]
    return {str(name): str(digest) for name, digest in stated.items()}


def _digest(path: Path) -> str:
    with path.open("rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()
