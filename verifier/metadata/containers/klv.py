"""GoPro's key-length-value streams (GPMF, github.com/gopro/gpmf-parser): devices, streams, and the numbers in them."""

from __future__ import annotations

import struct
from collections.abc import Iterator
from dataclasses import dataclass, field

MOST_ITEMS = 20_000
DEEPEST = 8
MOST_NUMBERS = 20_000

# GPMF's type letters as `struct` formats; F is four letters, G a GUID, U a date of sixteen, q and Q fixed point.
FORMATS = {
    "b": "b", "B": "B", "s": "h", "S": "H", "l": "i", "L": "I", "j": "q", "J": "Q", "f": "f", "d": "d", "q": "i",
    "Q": "q",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Item:
    """One value: `size` bytes a structure, `count` structures."""

    key: str
    kind: str
    size: int
    count: int
    body: bytes

    def text(self) -> str:
        """The value as text."""
        return self.body.decode("latin-1").strip("\x00 ")

    def numbers(self) -> list[float]:
        """All numbers of a simple type; empty for other types."""
        form = FORMATS.get(self.kind)
        if form is None:
            return []
        size = struct.calcsize(form)
        amount = min(len(self.body) // size, MOST_NUMBERS)
        found = [float(value) for value in struct.unpack_from(f">{amount}{form}", self.body)]
        scale = {"q": 65536.0, "Q": 4294967296.0}.get(self.kind)
        return [value / scale for value in found] if scale else found

    def rows(self, types: str | None) -> Iterator[tuple[float, ...]]:
        """Structures of a complex type `?`, described by the stream's TYPE, or of equal numbers."""
        letters = types if self.kind == "?" and types else self.kind * max(1, self.size // _width(self.kind))
        if not letters or any(letter not in FORMATS for letter in letters):
            return
        row = struct.Struct(">" + "".join(FORMATS[letter] for letter in letters))
        if row.size != self.size:
            return
        for index in range(min(self.count, len(self.body) // row.size, MOST_NUMBERS)):
            yield tuple(float(value) for value in row.unpack_from(self.body, index * row.size))


def _width(kind: str) -> int:
    return struct.calcsize(FORMATS[kind]) if kind in FORMATS else 1


@dataclass(slots=True)
class Stream:
    """One sensor's values: the last of each key, in order of appearance."""

    device: str = ""
    items: dict[str, Item] = field(default_factory=dict)


def streams(data: bytes) -> Iterator[Stream]:
    """Every stream of one payload, and first the device's own values. Bounded; damage ends the container it is in."""
    stack: list[tuple[int, int, Stream]] = [(0, len(data), Stream())]
    seen = 0
    while stack:
        at, end, stream = stack.pop()
        while at + 8 <= end and seen < MOST_ITEMS:
            seen += 1
            key = data[at : at + 4].decode("latin-1")
            kind, size, count = struct.unpack_from(">BBH", data, at + 4)
            start, length = at + 8, size * count
            if not key.isprintable() or start + length > end:
                break
            at = start + (length + 3 & ~3)
            if kind == 0:
                if len(stack) < DEEPEST:
                    stack.append((at, end, stream))
                    at, end, stream = start, start + length, Stream(device=_device(stream))
                continue
            stream.items[key] = Item(key, chr(kind), size, count, data[start : start + length])
        if stream.items:
            yield stream


def _device(stream: Stream) -> str:
    name = stream.items.get("DVNM")
    return name.text() if name else stream.device
