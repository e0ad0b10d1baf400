"""Bounds on what instruments yield, so that hostile bytes cannot flood the case: sizes, counts, numbers.

Values stay verbatim within the bounds; what had to be cut is counted and becomes a fault, never silence.
"""

from __future__ import annotations

import dataclasses
import math
from collections.abc import Iterable, Mapping
from functools import cache
from typing import Any

from verifier.records import Derivative, Event, Fault, FaultKind, Fingerprint, Member, Moment, Reading, Record

LONGEST_TEXT_BYTES = 64 << 10
MOST_RECORDS = 100_000
MOST_BYTES = 40 << 20  # of one instrument's records together; base64 and JSON make at most 64 MiB of it
_RECORDS = (Reading, Fingerprint, Derivative, Member, Event, Fault)


class BoundedRecords:
    """Records of one instrument, bounded as they come."""

    def __init__(self, instrument: str) -> None:
        self.instrument = instrument
        self.records: list[Record] = []
        self._own_faults: list[Fault] = []
        self._cut = 0  # texts
        self._bytes = 0

    def fill(self, records: Iterable[Record]) -> None:
        """Take records until they end or are too many. Raises what the instrument raises."""
        for record in records:
            if not isinstance(record, _RECORDS):
                raise TypeError(f"yielded a {type(record).__name__}, which is no record")
            bounded = self._bounded(record)
            self._bytes += _size(bounded)
            if len(self.records) >= MOST_RECORDS or self._bytes > MOST_BYTES:
                self._own_faults.append(self._fault(FaultKind.DEFECT, "yielded more than is kept; the rest is missing"))
                return
            if isinstance(bounded, Fault):
                self._own_faults.append(dataclasses.replace(bounded, instrument=self.instrument))
            else:
                self.records.append(bounded)

    def faults(self) -> tuple[Fault, ...]:
        """What the instrument itself could not do, and what was cut."""
        if not self._cut:
            return tuple(self._own_faults)
        cut = self._fault(FaultKind.UNSUPPORTED, f"{self._cut} text(s) longer than 64 KiB were cut")
        return (*self._own_faults, cut)

    def _fault(self, kind: FaultKind, detail: str) -> Fault:
        return Fault(kind=kind, detail=detail, instrument=self.instrument)

    def _bounded(self, record: Record) -> Record:
        changes: dict[str, Any] = {}
        for name in _names(type(record)):  # type: ignore[arg-type]
            value = getattr(record, name)
            bounded = self._value(value)
            if bounded is not value:
                changes[name] = bounded
        for name in changes:  # a time or score: without it the record means nothing
            if isinstance(getattr(record, name), float) and not isinstance(record, Reading):
                raise ValueError(f"yielded a {type(record).__name__} whose {name} is not finite")
        return dataclasses.replace(record, **changes) if changes else record

    def _value(self, value: object) -> object:
        if isinstance(value, str):
            return self._text(value)
        if isinstance(value, bool):
            return value
        if isinstance(value, float):
            return value if math.isfinite(value) else str(value)
        if isinstance(value, int):
            return value if -(1 << 63) <= value < 1 << 63 else f"an integer of {value.bit_length()} bits"
        if isinstance(value, Moment):
            text = self._text(value.text)
            return value if text is value.text else dataclasses.replace(value, text=text)
        if isinstance(value, Mapping):
            bounded = {self._text(str(key)): self._value(item) for key, item in value.items()}
            return value if bounded == dict(value) else bounded
        return value

    def _text(self, text: str) -> str:
        """At most 64 KiB of UTF-8; lone surrogates, which UTF-8 cannot hold, are written as escapes."""
        if len(text) <= LONGEST_TEXT_BYTES // 4 and (text.isascii() or not _has_surrogate(text)):
            return text
        encoded = text.encode("utf-8", "backslashreplace")
        if len(encoded) <= LONGEST_TEXT_BYTES:
            return encoded.decode("utf-8") if _has_surrogate(text) else text
        self._cut += 1
        return encoded[:LONGEST_TEXT_BYTES].decode("utf-8", "ignore")


@cache
def _names(kind: type) -> tuple[str, ...]:
    return tuple(item.name for item in dataclasses.fields(kind))


def _has_surrogate(text: str) -> bool:
    return any("\ud800" <= letter <= "\udfff" for letter in text)


def _size(record: Record) -> int:
    """Roughly the bytes it takes; exact for contents."""
    if isinstance(record, Derivative | Member):
        return len(record.content) + 256
    if isinstance(record, Fingerprint):
        return len(record.bits) + 128
    return 256 + (len(record.value) if isinstance(record, Reading) and isinstance(record.value, str) else 0)
