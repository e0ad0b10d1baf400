"""The few boxes of ISO base media (ISO 14496-12) that say what a file is. Reading metadata is `metadata`'s work."""

from __future__ import annotations

import struct
from collections.abc import Iterator

_NAMES = frozenset(b"abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789 _-\xa9")
_MOST_BOXES = 4096


def walk(data: bytes, start: int, end: int) -> Iterator[tuple[bytes, int, int]]:
    """(type, start and end of the payload) of each box between two offsets; ends quietly at the first impossible one.

    The last box may reach beyond `data`: its end is then cut to `end`.
    """
    for _ in range(_MOST_BOXES):
        if start + 8 > min(end, len(data)):
            return
        size, name = struct.unpack_from(">I4s", data, start)
        header = 8
        if size == 1:
            if start + 16 > len(data):
                return
            (size,) = struct.unpack_from(">Q", data, start + 8)
            header = 16
        elif size == 0:
            size = end - start
        if size < header or not _NAMES.issuperset(name):
            return
        yield name, start + header, min(start + size, end)
        start += size


def top_level_types(head: bytes) -> list[bytes]:
    """Types of the boxes that begin within `head`; empty where it does not begin with a box."""
    return [name for name, _, _ in walk(head, 0, max(len(head), 1 << 62))]


def brands(head: bytes) -> tuple[bytes, tuple[bytes, ...]]:
    """Major and compatible brands of an `ftyp` that comes first."""
    name, start, end = next(walk(head, 0, len(head)), (b"", 0, 0))
    if name != b"ftyp":
        return b"", ()
    body = head[start : min(end, start + 256)]
    return body[:4], tuple(body[at : at + 4] for at in range(8, len(body) - 3, 4))


def tracks(head: bytes, tail: bytes) -> set[bytes]:
    """Handler types (`vide`, `soun`) of the tracks, if a whole `moov` lies in the head or the tail; else empty."""
    for data in (head, tail):
        at = data.find(b"moov")
        while at >= 4:
            size = int.from_bytes(data[at - 4 : at], "big")
            if 8 < size <= len(data) - at + 4:
                return _handlers(data, at + 4, at - 4 + size)
            at = data.find(b"moov", at + 1)
    return set()


def _handlers(data: bytes, start: int, end: int) -> set[bytes]:
    found = set()
    for name, trak_start, trak_end in walk(data, start, end):
        if name != b"trak":
            continue
        for inner, mdia_start, mdia_end in walk(data, trak_start, trak_end):
            if inner != b"mdia":
                continue
            found |= {data[at + 8 : at + 12] for kind, at, _ in walk(data, mdia_start, mdia_end) if kind == b"hdlr"}
    return found & {b"vide", b"soun"}
