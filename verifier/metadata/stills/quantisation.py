"""Quantisation tables against the one formula that most software shares (ITU-T T.81 annex K, scaled as libjpeg does).

A table that equals the scaled standard means "saved by libjpeg-like software, or by one camera in three": weak alone.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from functools import cache

# Annex K.1 and K.2, row by row
_LUMA = (
    16, 11, 10, 16, 24, 40, 51, 61, 12, 12, 14, 19, 26, 58, 60, 55, 14, 13, 16, 24, 40, 57, 69, 56, 14, 17, 22, 29, 51,
    87, 80, 62, 18, 22, 37, 56, 68, 109, 103, 77, 24, 35, 55, 64, 81, 104, 113, 92, 49, 64, 78, 87, 103, 121, 120, 101,
    72, 92, 95, 98, 112, 100, 103, 99,
)  # fmt: skip
_CHROMA = (
    17, 18, 24, 47, 99, 99, 99, 99, 18, 21, 26, 66, 99, 99, 99, 99, 24, 26, 56, 99, 99, 99, 99, 99, 47, 66, 99, 99, 99,
    99, 99, 99, 99, 99, 99, 99, 99, 99, 99, 99, 99, 99, 99, 99, 99, 99, 99, 99, 99, 99, 99, 99, 99, 99, 99, 99, 99, 99,
    99, 99, 99, 99, 99, 99,
)  # fmt: skip
_ZIGZAG = (
    0, 1, 8, 16, 9, 2, 3, 10, 17, 24, 32, 25, 18, 11, 4, 5, 12, 19, 26, 33, 40, 48, 41, 34, 27, 20, 13, 6, 7, 14, 21,
    28, 35, 42, 49, 56, 57, 50, 43, 36, 29, 22, 15, 23, 30, 37, 44, 51, 58, 59, 52, 45, 38, 31, 39, 46, 53, 60, 61, 54,
    47, 55, 62, 63,
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Table:
    """One table: its number, its 64 values row by row, and whether it has 16-bit values."""

    number: int
    values: tuple[int, ...]
    wide: bool = False

    @property
    def digest(self) -> str:
        """First 16 digits of the SHA-256 of the values: equal digests, equal tables."""
        return hashlib.sha256(b"".join(value.to_bytes(2, "big") for value in self.values)).hexdigest()[:16]

    def quality(self) -> int | None:
        """1..100 where the table is the scaled luminance or chrominance standard, else None."""
        return _standard().get(self.values)


def tables(payload: bytes) -> list[Table]:
    """The tables of one DQT segment; a cut one is left out."""
    found: list[Table] = []
    at = 0
    while at < len(payload) and len(found) < 16:
        wide, number = payload[at] >> 4, payload[at] & 15
        size = 128 if wide else 64
        body = payload[at + 1 : at + 1 + size]
        if len(body) < size or wide > 1:
            break
        values = [0] * 64
        for index, place in enumerate(_ZIGZAG):
            values[place] = body[index] if not wide else int.from_bytes(body[2 * index : 2 * index + 2], "big")
        found.append(Table(number, tuple(values), bool(wide)))
        at += 1 + size
    return found


@cache
def _standard() -> dict[tuple[int, ...], int]:
    """Every scaled standard table and its quality; where several agree, the highest."""
    known: dict[tuple[int, ...], int] = {}
    for base in (_LUMA, _CHROMA):
        for quality in range(1, 101):
            scale = 5000 // quality if quality < 50 else 200 - 2 * quality
            known[tuple(min(max((value * scale + 50) // 100, 1), 255) for value in base)] = quality
    return known
