"""What passes between parent and worker: a four-byte length, then JSON. Never pickle: a worker that hostile bytes have
taken over must not be able to make the parent do anything but refuse."""

from __future__ import annotations

import json
import re
import struct
from dataclasses import dataclass, field
from typing import Any

from verifier.canonical import from_plain, to_plain
from verifier.confinement import Protection
from verifier.executors.examine import Begun, Finished, Step
from verifier.executors.registry import Registry, origin
from verifier.instruments import Analyser, Limits, Viewer
from verifier.records import Derivative, Event, Fault, Fingerprint, Kind, Member, Reading, Record

MOST_BYTES = 64 << 20
MOST_VALUES = 3_000_000  # of one frame: 100,000 records of thirty values each; a byte of JSON can cost fifty in memory
_TEXT = re.compile(rb'"[^"\\]*+(?:\\.[^"\\]*+)*+"')  # possessive: nothing is remembered to go back to
LENGTH = struct.Struct(">I")
_LETTERS: dict[str, type] = {"r": Reading, "f": Fingerprint, "d": Derivative, "m": Member, "e": Event, "x": Fault}
_LETTER_OF = {kind: letter for letter, kind in _LETTERS.items()}


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """One instrument as the worker announces it."""

    name: str
    version: int
    origin: str
    accepts: tuple[Kind, ...]
    media_types: tuple[str, ...] | None
    limits: Limits
    is_viewer: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Hello:
    """The worker's first words, spoken before it reads a byte of evidence."""

    instruments: tuple[Entry, ...]
    layers: tuple[Protection, ...] = ()
    decoders: dict[str, str] = field(default_factory=dict)  # their versions
    failed: dict[str, str] = field(default_factory=dict)  # module: why it could not be imported


@dataclass(frozen=True, slots=True, kw_only=True)
class Ended:
    """The job is done; the worker is ready for another."""

    resident_bytes: int


def catalogue(registry: Registry) -> tuple[Entry, ...]:
    """Every analyser and viewer, in order of name."""
    instruments: list[Analyser | Viewer] = [*registry.analysers.values(), *registry.viewers.values()]
    return tuple(_entry(item) for item in sorted(instruments, key=lambda item: item.name))


def _entry(instrument: Analyser | Viewer) -> Entry:
    types = instrument.media_types if isinstance(instrument, Analyser) else None
    return Entry(
        name=instrument.name,
        version=instrument.version,
        origin=origin(),
        accepts=tuple(sorted(instrument.accepts)),
        media_types=None if types is None else tuple(sorted(types)),
        limits=instrument.limits,
        is_viewer=isinstance(instrument, Viewer),
    )


def pack(plain: object) -> bytes:
    """A frame. Raises ValueError for what is too large or not finite."""
    body = json.dumps(plain, separators=(",", ":"), allow_nan=False).encode("ascii")
    if len(body) > MOST_BYTES:
        raise ValueError("the answer is larger than 64 MiB")
    if _values(body) > MOST_VALUES:
        raise ValueError("the answer holds more values than are kept")
    return LENGTH.pack(len(body)) + body


def _values(body: bytes) -> int:
    """How many values JSON holds at most, counted without decoding it."""

    def counted(text: bytes) -> int:
        return text.count(b",") + text.count(b":") + text.count(b"[") + text.count(b"{") + 1

    most = counted(body)
    return most if most <= MOST_VALUES else counted(_TEXT.sub(b"", body))  # texts may hold commas of their own


def message(said: Hello | Step | Ended) -> dict[str, Any]:
    """What the worker says, as JSON."""
    if isinstance(said, Finished):
        plain = to_plain(said) | {"records": [[_LETTER_OF[type(item)], to_plain(item)] for item in said.records]}
        return {"finished": plain}
    return {type(said).__name__.lower(): to_plain(said)}


def understood(body: bytes) -> Hello | Step | Ended:
    """What the worker said. Raises ValueError on anything else, before it is decoded where it is too much."""
    if _values(body) > MOST_VALUES:
        raise ValueError("too many values")
    try:
        plain = json.loads(body)
    except RecursionError as error:
        raise ValueError("too deep") from error
    if not isinstance(plain, dict) or len(plain) != 1:
        raise ValueError("not a message")
    ((word, value),) = plain.items()
    if word == "finished":
        return _finished(value)
    if word == "begun":
        return from_plain(Begun, value)
    if word == "ended":
        return from_plain(Ended, value)
    if word == "hello":
        return from_plain(Hello, value)
    raise ValueError("not a message")


def _finished(plain: object) -> Finished:
    if not isinstance(plain, dict) or not isinstance(plain.get("records"), list):
        raise ValueError("not an answer")
    records = tuple(_record(item) for item in plain["records"])
    bare = from_plain(Finished, {**plain, "records": []})
    return Finished(
        instrument=bare.instrument,
        result=bare.result,
        elapsed_seconds=bare.elapsed_seconds,
        records=records,
        faults=bare.faults,
    )


def _record(plain: object) -> Record:
    if not isinstance(plain, list) or len(plain) != 2 or plain[0] not in _LETTERS:
        raise ValueError("not a record")
    record: Record = from_plain(_LETTERS[plain[0]], plain[1])
    return record
