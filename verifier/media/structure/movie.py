"""What of a movie's index must be known before anything is decoded: whether there is one, and what its edits hide.

An edit list (ISO 14496-12, 8.6.6) says which seconds of the media are shown. Trimming in a phone's gallery or with a
lossless cutter may write only that list and leave all the rest inside; players and decoders then pass it over.
"""

from __future__ import annotations

import struct
from collections.abc import Iterator
from dataclasses import dataclass
from typing import BinaryIO

from verifier.media.structure.boxes import walk

LARGEST_INDEX = 64 << 20  # bytes of a moov that is read
LEAST_HIDDEN_SECONDS = 0.5  # a coder's own delay and a sound's priming are shorter
MOST_EDITS = 4096
_MOST_TOP_LEVEL = 4096
_MOST_TRACKS = 64
_LONGEST_SECONDS = 366 * 86400.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Edit:
    """What a track's edit list shows of its media: intervals in seconds of the media, and the media's length."""

    handler: bytes
    media_seconds: float
    shown: tuple[tuple[float, float], ...]

    @property
    def hidden_seconds(self) -> float:
        """Seconds of the media that no edit shows."""
        return max(0.0, self.media_seconds - sum(end - start for start, end in self.shown))


def top_level(stream: BinaryIO, size: int) -> Iterator[tuple[bytes, int, int]]:
    """(type, start and end of the payload) of each box of a file; ends quietly at the first impossible one."""
    at = 0
    for _ in range(_MOST_TOP_LEVEL):
        stream.seek(at)
        head = stream.read(16)
        if len(head) < 8:
            return
        length, name = struct.unpack_from(">I4s", head)
        header = 8
        if length == 1 and len(head) == 16:
            (length,) = struct.unpack_from(">Q", head, 8)
            header = 16
        elif length == 0:
            length = size - at
        if length < header or not all(32 <= letter < 127 or letter == 0xA9 for letter in name):
            return
        yield name, at + header, min(at + length, size)
        at += length


def data_without_index(stream: BinaryIO, size: int) -> int | None:
    """Bytes of media data in a movie that has no index at all; None where an index is there, or no data."""
    found = list(top_level(stream, size))
    if any(name in (b"moov", b"moof", b"sidx", b"meta", b"styp") for name, _, _ in found):
        return None
    return sum(end - start for name, start, end in found if name == b"mdat") or None


def edits(stream: BinaryIO, size: int) -> list[Edit]:
    """The tracks that have an edit list and a length; empty where there is no index of a size that is read."""
    for name, start, end in top_level(stream, size):
        if name == b"moov" and end - start <= LARGEST_INDEX:
            stream.seek(start)
            return list(_edits(stream.read(end - start)))
    return []


def _edits(moov: bytes) -> Iterator[Edit]:
    scale = 0
    tracks = 0
    for name, start, end in walk(moov, 0, len(moov)):
        if name == b"mvhd":
            scale = _scale(moov[start:end])[0]
        elif name == b"trak" and scale and tracks < _MOST_TRACKS:
            tracks += 1
            found = _track(moov, start, end, scale)
            if found is not None:
                yield found


def _track(moov: bytes, start: int, end: int, scale: int) -> Edit | None:
    boxes = {name: (at, to) for name, at, to in walk(moov, start, end)}
    if b"edts" not in boxes or b"mdia" not in boxes:
        return None
    media = {name: moov[at:to] for name, at, to in walk(moov, *boxes[b"mdia"]) if name in (b"mdhd", b"hdlr")}
    listed = next((moov[at:to] for name, at, to in walk(moov, *boxes[b"edts"]) if name == b"elst"), b"")
    own_scale, length = _scale(media.get(b"mdhd", b""))
    if not own_scale or not 0 < length / own_scale < _LONGEST_SECONDS or len(listed) < 8:
        return None
    seconds = length / own_scale
    shown = _union(_intervals(listed, scale, own_scale, seconds))
    return Edit(handler=media.get(b"hdlr", b"")[8:12], media_seconds=seconds, shown=shown) if shown else None


def _intervals(listed: bytes, scale: int, own_scale: int, seconds: float) -> Iterator[tuple[float, float]]:
    """Shown parts within the media. A dwell (rate 0) shows one picture; an empty edit (-1) shows none."""
    form = ">Qqi" if listed[0] == 1 else ">Iii"
    size = struct.calcsize(form)
    for index in range(min(int.from_bytes(listed[4:8], "big"), MOST_EDITS, (len(listed) - 8) // size)):
        length, begin, rate = struct.unpack_from(form, listed, 8 + index * size)
        if begin < 0:
            continue
        start = begin / own_scale
        # An edit of length 0 reaches to the end (fragments, and writers that did not know the length).
        end = seconds if not length else start + length / scale * abs(rate / 65536)
        if start < seconds:
            yield start, min(end, seconds)


def _union(intervals: Iterator[tuple[float, float]]) -> tuple[tuple[float, float], ...]:
    joined: list[tuple[float, float]] = []
    for start, end in sorted(intervals):
        if joined and start <= joined[-1][1]:
            joined[-1] = (joined[-1][0], max(joined[-1][1], end))
        else:
            joined.append((start, end))
    return tuple(joined)


def _scale(body: bytes) -> tuple[int, int]:
    """(timescale, length) of an mvhd or mdhd; zeros where it is too short or its length is not known."""
    try:
        scale, length = struct.unpack_from(">IQ", body, 20) if body[0] == 1 else struct.unpack_from(">II", body, 12)
    except (struct.error, IndexError):
        return 0, 0
    return (scale, 0) if length in (0xFFFFFFFF, 0xFFFFFFFFFFFFFFFF) else (scale, length)
