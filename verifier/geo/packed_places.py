"""The gazetteer's file: places as lines, names as sorted keys, so that nothing is parsed before it is asked for.

gzip of a header of four lengths (little-endian uint32) and four sections: the places, one line each; the name keys,
each `key TAB numbers`, sorted by bytes; the loose keys, likewise; the points, pairs of float64 degrees. A name is found
by bisection over the lines of the keys.
"""

from __future__ import annotations

import gzip
import io
import struct
from bisect import bisect_left
from collections.abc import Iterator, Sequence
from typing import overload

import numpy as np
from numpy.typing import NDArray

from verifier.geo.place_record import Place, place_line, place_of_line

_HEADER = struct.Struct("<4I")


class PlaceLines(Sequence[Place]):
    """Places read from their lines one by one, each kept once it was read."""

    __slots__ = ("_known", "_lines")

    def __init__(self, section: bytes) -> None:
        self._lines = section.split(b"\n") if section else []
        self._known: dict[int, Place] = {}

    @overload
    def __getitem__(self, number: int) -> Place: ...
    @overload
    def __getitem__(self, number: slice) -> tuple[Place, ...]: ...
    def __getitem__(self, number: int | slice) -> Place | tuple[Place, ...]:
        if isinstance(number, slice):
            return tuple(self[index] for index in range(*number.indices(len(self))))
        place = self._known.get(number)
        if place is None:
            place = self._known[number] = place_of_line(self._lines[number].decode())
        return place

    def __len__(self) -> int:
        return len(self._lines)

    def __iter__(self) -> Iterator[Place]:
        return (self[number] for number in range(len(self)))


class NameLines:
    """Numbers of places by key."""

    __slots__ = ("_lines",)

    def __init__(self, section: bytes) -> None:
        self._lines = section.split(b"\n") if section else []

    def get(self, key: str) -> tuple[int, ...]:
        """The numbers under a key; none where it is not held."""
        start = key.encode() + b"\t"
        at = bisect_left(self._lines, start)
        if at == len(self._lines) or not self._lines[at].startswith(start):
            return ()
        return tuple(int(number) for number in self._lines[at][len(start) :].split())


def packed(places: list[tuple[Place, list[str], list[str]]]) -> bytes:
    """The file of places with their keys and loose keys; the same input gives the same bytes."""
    sections = (
        "\n".join(place_line(place) for place, _, _ in places).encode(),
        _key_lines([keys for _, keys, _ in places]),
        _key_lines([keys for _, _, keys in places]),
        np.array([[p.latitude_degrees, p.longitude_degrees] for p, _, _ in places], dtype="<f8").tobytes(),
    )
    out = io.BytesIO()
    with gzip.GzipFile(fileobj=out, mode="wb", mtime=0, filename="") as stream:
        stream.write(_HEADER.pack(*(len(section) for section in sections)))
        for section in sections:
            stream.write(section)
    return out.getvalue()


def _key_lines(keys_of_places: list[list[str]]) -> bytes:
    numbers: dict[str, list[int]] = {}
    for number, keys in enumerate(keys_of_places):
        for key in keys:
            numbers.setdefault(key, []).append(number)
    lines = [key.encode() + b"\t" + " ".join(map(str, found)).encode() for key, found in numbers.items()]
    return b"\n".join(sorted(lines))


def unpacked(content: bytes) -> tuple[PlaceLines, NameLines, NameLines, NDArray[np.float64]]:
    """The places, the indexes of their names and of their loose names, and their points in degrees."""
    plain = gzip.decompress(content)
    lengths = _HEADER.unpack_from(plain)
    sections, at = [], _HEADER.size
    for length in lengths:
        sections.append(plain[at : at + length])
        at += length
    points = np.frombuffer(sections[3], dtype="<f8").astype(np.float64).reshape(-1, 2)
    return PlaceLines(sections[0]), NameLines(sections[1]), NameLines(sections[2]), points
