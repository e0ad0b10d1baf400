"""What another case recorded, entered beside what this one has: nothing of either is lost or replaced.

Records are compared as wholes: what is here already is not repeated. Where both cases have a word under one id, both
stay, and the last word is the later by its own time (of equal times the greater by its canonical form), whichever case
is brought into which. So the order of merging does not matter.
"""

from __future__ import annotations

import base64
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, TypeAlias

import sqlalchemy
from sqlalchemy import Connection

from verifier.canonical import encode
from verifier.records import (
    Acquisition,
    Assessment,
    Batch,
    Claim,
    Exhibit,
    Incident,
    Observation,
    Scalar,
    Skipped,
    Standing,
    Verdict,
    Worksheet,
)
from verifier.store.columns import columns_of, from_cells
from verifier.store.schema import RECORD_TABLES
from verifier.store.selecting import records_of
from verifier.store.taking import SKIPPED, TAKEN_IN
from verifier.store.writing import Writing

Said: TypeAlias = Batch | Claim | Verdict | Assessment | Observation | Standing | Worksheet | Incident
BROUGHT: tuple[type, ...] = (Exhibit, Acquisition, Skipped)
SAID: tuple[type, ...] = (Batch, Claim, Verdict, Assessment, Observation, Standing, Worksheet, Incident)
_BY_TABLE = {RECORD_TABLES[record].name: record for record in (*BROUGHT, *SAID)}
OF_PEOPLE = "said"


@dataclass(frozen=True, slots=True, kw_only=True)
class Brought:
    """What another case recorded, each in the order of its own recording."""

    exhibits: tuple[Exhibit, ...]
    acquisitions: tuple[Acquisition, ...]
    skipped: tuple[Skipped, ...]
    said: tuple[Said, ...]


def record_of(table: str, row: Mapping[str, Any]) -> object | None:
    """The record of a row as an entry's digest covers it; None of a table that is not brought. Raises ValueError."""
    kind = _BY_TABLE.get(table)
    if kind is None:
        return None
    columns = columns_of(kind)
    if not set(row) <= {column.name for column in columns}:
        raise ValueError(f"a row of {table} has a column that this version does not know")
    cells = [_cell(row.get(column.name), is_binary=column.kind is sqlalchemy.LargeBinary) for column in columns]
    try:
        return from_cells(kind, cells)
    except TypeError as error:
        raise ValueError(f"a row of {table} is none: {error}") from error


def _cell(value: object, *, is_binary: bool) -> object:
    if not is_binary or value is None:
        return value
    if not isinstance(value, dict) or not isinstance(value.get("b64"), str):
        raise ValueError("bytes are not written as bytes")
    return base64.b64decode(value["b64"], validate=True)


def bring_in(writing: Writing, brought: Brought) -> Mapping[str, Scalar]:
    """Enter what is not here yet; the detail for the log."""
    connection = writing.connection
    exhibits = _acquired(writing, brought)
    there = set(_every(connection, Skipped))
    skipped = [item for item in dict.fromkeys(brought.skipped) if item not in there]
    if skipped:
        writing.enter(SKIPPED, skipped, subject=None)
    said = 0
    for kind in SAID:
        theirs = [item for item in brought.said if type(item) is kind]
        for item in last_words(list(_every(connection, kind)), theirs):
            writing.enter(OF_PEOPLE, [item], subject=None)
            said += 1
    return {**exhibits, "skipped": len(skipped), "said": said}


def _acquired(writing: Writing, brought: Brought) -> Mapping[str, Scalar]:
    known = {item.id for item in _every(writing.connection, Exhibit)}
    there = set(_every(writing.connection, Acquisition))
    fresh = {item.id: item for item in brought.exhibits if item.id not in known}
    count, acquisitions = len(fresh), 0
    for acquisition in dict.fromkeys(brought.acquisitions):
        if acquisition in there:
            continue
        new = fresh.pop(acquisition.exhibit, None)
        writing.enter(TAKEN_IN, [acquisition] if new is None else [acquisition, new], subject=acquisition.exhibit)
        acquisitions += 1
    return {"exhibits": count, "acquisitions": acquisitions}


def last_words(ours: Sequence[Any], theirs: Sequence[Any]) -> list[Any]:
    """What has to be said here, in order, so that nothing of theirs is missing and each id's last word is the later."""
    if not theirs:
        return []
    there = set(ours)
    missing = [item for item in dict.fromkeys(theirs) if item not in there]
    identity = identity_of(type(theirs[0]))
    if identity is None:
        return missing
    here = {identity(item): item for item in ours}
    other = {identity(item): item for item in theirs}
    now = {identity(item): item for item in (*ours, *missing)}
    again = []
    for key, word in other.items():
        last = max((word, here.get(key, word)), key=_later)
        if now[key] != last:
            again.append(last)
    return [*missing, *again]


def identity_of(kind: type) -> Callable[[Any], str] | None:
    """Under what a later word replaces an earlier one; None of verdicts, which all stand, the newest counts."""
    return None if kind is Verdict else lambda item: str(item.id)


def _later(item: object) -> tuple[str, bytes]:
    return str(getattr(item, "at", None) or ""), encode(item)


def _every(connection: Connection, kind: type) -> Iterable[Any]:
    found: Iterable[tuple[str | None, str | None, Any]] = records_of(connection, kind)
    return (item for _, _, item in found)
