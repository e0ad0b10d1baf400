"""TIFF directories (TIFF 6.0, Exif 2.32, BigTIFF): where every entry lies, within bounds no file can move.

Exif blocks, TIFF and most raw formats share this one structure. Nothing here knows what a tag means; `metadata.exif`
does. Directories are read in the order a writer links them, each offset once, so no chain can loop; the numbers of
directories and entries are bounded, so no file makes the work quadratic.
"""

from __future__ import annotations

import struct
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import BinaryIO, TypeAlias

from verifier.errors import Corrupt

MOST_DIRECTORIES = 64
MOST_ENTRIES = 1024  # of one directory; the largest of a real camera (DNG) has fewer than 200
MOST_ENTRIES_IN_ALL = 8192
MOST_VALUE_BYTES = 1 << 16

Rational: TypeAlias = tuple[int, int]
Number: TypeAlias = int | float | Rational

# type -> (bytes of one value, struct letter); rationals are pairs
_TYPES: dict[int, tuple[int, str]] = {
    1: (1, "B"), 2: (1, "s"), 3: (2, "H"), 4: (4, "I"), 5: (8, "II"), 6: (1, "b"), 7: (1, "s"), 8: (2, "h"),
    9: (4, "i"), 10: (8, "ii"), 11: (4, "f"), 12: (8, "d"), 13: (4, "I"), 16: (8, "Q"), 17: (8, "q"), 18: (8, "Q"),
    129: (1, "s"),
}  # fmt: skip
_TEXTUAL = frozenset({2, 7, 129})

EXIF_IFD, GPS_IFD, INTEROP_IFD, SUB_IFDS = 0x8769, 0x8825, 0xA005, 0x014A
_LINKS = {EXIF_IFD: "ExifIFD", GPS_IFD: "GPS", INTEROP_IFD: "Interop", SUB_IFDS: "SubIFD"}

# byte order, then the number of the format: TIFF, BigTIFF, Panasonic RW2, Olympus ORF (three spellings)
_MAGICS = {42, 43, 0x55, 0x4F52, 0x5352}


@dataclass(frozen=True, slots=True)
class Entry:
    """One directory entry. `offset` is where its value begins, in bytes from the TIFF header."""

    directory: str
    tag: int
    type: int
    count: int
    offset: int

    @property
    def length(self) -> int:
        """Bytes of the whole value."""
        return self.count * _TYPES[self.type][0]


@dataclass(slots=True)
class Directories:
    """What a TIFF structure holds: entries in reading order, and what was wrong with it, in sentences."""

    entries: list[Entry] = field(default_factory=list)
    flaws: list[str] = field(default_factory=list)


class Tiff:
    """A TIFF structure that begins at `base` of a stream. Raises Corrupt where no TIFF header stands there."""

    def __init__(self, stream: BinaryIO, base: int, size: int) -> None:
        self._stream, self._base, self.size = stream, base, size
        header = self._at(0, 16)
        self.order = {b"II": "<", b"MM": ">"}.get(header[:2], "")
        if len(header) < 8 or not self.order:
            raise Corrupt("no TIFF header")
        (magic,) = struct.unpack_from(self.order + "H", header, 2)
        if magic not in _MAGICS:
            raise Corrupt("no TIFF header")
        self._big = magic == 43
        if self._big and len(header) < 16:
            raise Corrupt("no TIFF header")
        (self.first,) = struct.unpack_from(self.order + ("Q" if self._big else "I"), header, 8 if self._big else 4)

    def _at(self, offset: int, length: int) -> bytes:
        if not 0 <= offset < self.size:
            return b""
        self._stream.seek(self._base + offset)
        return self._stream.read(min(length, self.size - offset))

    # ------------------------------------------------------------ directories

    def directories(self, first: str = "IFD0") -> Directories:
        """Every entry of the linked directories. `first` names the one the header points at."""
        found = Directories()
        waiting: list[tuple[str, int]] = [(first, self.first)]
        seen: set[int] = set()
        while waiting:
            name, offset = waiting.pop(0)
            if offset in seen:
                found.flaws.append(f"{name} points back at a directory that was already read")
                continue
            if len(seen) >= MOST_DIRECTORIES or len(found.entries) >= MOST_ENTRIES_IN_ALL:
                found.flaws.append("more directories than this version reads")
                break
            seen.add(offset)
            waiting += self._directory(name, offset, found)
        return found

    def _directory(self, name: str, offset: int, found: Directories) -> list[tuple[str, int]]:
        """Append one directory's entries to `found`; the directories it links to."""
        counter, width, address = ("Q", 20, 8) if self._big else ("H", 12, 4)
        head = self._at(offset, struct.calcsize("<" + counter))
        if len(head) < struct.calcsize("<" + counter):
            found.flaws.append(f"{name} lies outside the block")
            return []
        (count,) = struct.unpack(self.order + counter, head)
        start = offset + len(head)
        body = self._at(start, min(count, MOST_ENTRIES) * width + address)
        if count > MOST_ENTRIES:
            found.flaws.append(f"{name} states {count} entries")
        elif len(body) < count * width:
            found.flaws.append(f"{name} is cut off")
        links: list[tuple[str, int]] = []
        strange = 0
        for number in range(min(count, MOST_ENTRIES, len(body) // width)):
            entry = self._entry(name, body, number * width, start)
            if entry is None:
                strange += 1
                if strange > 16 and strange > number // 2:
                    found.flaws.append(f"{name} is not a directory")
                    return links
                continue
            found.entries.append(entry)
            if entry.tag in _LINKS and len(links) < 32:
                links += self._linked(entry)
        tail = body[count * width :] if count <= MOST_ENTRIES else b""
        if name.startswith("IFD") and len(tail) == address:
            (following,) = struct.unpack(self.order + ("Q" if self._big else "I"), tail)
            if following:
                links.append((f"IFD{int(name[3:]) + 1}", following))
        return links

    def _entry(self, name: str, body: bytes, at: int, start: int) -> Entry | None:
        tag, kind = struct.unpack_from(self.order + "HH", body, at)
        letter, room, skip = ("Q", 8, 12) if self._big else ("I", 4, 8)
        (count,) = struct.unpack_from(self.order + letter, body, at + 4)
        if kind not in _TYPES:
            return None
        if count * _TYPES[kind][0] <= room:
            return Entry(name, tag, kind, count, start + at + skip)
        (offset,) = struct.unpack_from(self.order + letter, body, at + skip)
        return Entry(name, tag, kind, count, offset)

    def _linked(self, entry: Entry) -> Iterator[tuple[str, int]]:
        name = _LINKS[entry.tag]
        if name != "SubIFD":
            for offset in self.numbers(entry)[:1]:
                if isinstance(offset, int) and offset:
                    yield name, offset
            return
        for number, offset in enumerate(self.numbers(entry)[:16]):
            if isinstance(offset, int) and offset:
                yield f"{'' if entry.directory == 'IFD0' else entry.directory + '.'}SubIFD{number}", offset

    # ------------------------------------------------------------ values

    def bytes_at(self, offset: int, length: int) -> bytes:
        """Bytes at a distance from the TIFF header; fewer where the block ends first."""
        return self._at(offset, length)

    def raw(self, entry: Entry, most: int = MOST_VALUE_BYTES) -> bytes:
        """The value's bytes, at most `most` of them; fewer where the block ends first."""
        return self._at(entry.offset, min(entry.length, most))

    def is_textual(self, entry: Entry) -> bool:
        """Whether the value is text or of no defined structure: `raw` is then its only form."""
        return entry.type in _TEXTUAL

    def numbers(self, entry: Entry, most: int = 256) -> list[Number]:
        """The first values of a numeric entry; empty for text, and where the block ends before the value does."""
        width, letter = _TYPES[entry.type]
        if entry.type in _TEXTUAL:
            return []
        count = min(entry.count, most)
        data = self._at(entry.offset, count * width)
        if len(data) < count * width:
            return []
        flat = struct.unpack(f"{self.order}{count * len(letter)}{letter[0]}", data)
        return list(zip(flat[::2], flat[1::2], strict=True)) if len(letter) == 2 else list(flat)
