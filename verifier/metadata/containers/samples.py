"""Where samples of an MP4 track lie and when they are shown (ISO 14496-12, 8.6.1, 8.7), for small metadata tracks."""

from __future__ import annotations

import struct
from collections.abc import Iterator
from dataclasses import dataclass

from verifier.metadata.containers.isobmff import Bytes
from verifier.metadata.containers.movie import Track

MOST_SAMPLES = 100_000
MOST_TABLE_BYTES = 1 << 22


@dataclass(frozen=True, slots=True)
class Sample:
    """One sample: offset and size in bytes, start and length in seconds."""

    offset: int
    size: int
    start_seconds: float
    length_seconds: float


def samples(track: Track, data: Bytes) -> Iterator[Sample]:
    """The samples in order; ends quietly where a table ends."""
    sizes = _sizes(_table(track, data, "stsz"))
    times = _times(_table(track, data, "stts"), track.timescale)
    for offset, count in _chunks(track, data):
        at = offset
        for _ in range(count):
            size, time = next(sizes, None), next(times, None)
            if size is None:
                return
            start, length = time or (0.0, 0.0)
            yield Sample(at, size, start, length)
            at += size


def _table(track: Track, data: Bytes, name: str) -> bytes:
    box = track.boxes.get(f"mdia/minf/stbl/{name}")
    return data.payload(box, MOST_TABLE_BYTES) if box else b""


def _sizes(body: bytes) -> Iterator[int]:
    if len(body) < 12:
        return
    size, count = struct.unpack_from(">II", body, 4)
    if size:
        yield from (size for _ in range(min(count, MOST_SAMPLES)))
        return
    for index in range(min(count, MOST_SAMPLES, (len(body) - 12) // 4)):
        yield int.from_bytes(body[12 + index * 4 : 16 + index * 4], "big")


def _times(body: bytes, timescale: int) -> Iterator[tuple[float, float]]:
    if len(body) < 8 or not timescale:
        return
    ticks = given = 0
    for index in range(min(int.from_bytes(body[4:8], "big"), (len(body) - 8) // 8)):
        count, length = struct.unpack_from(">II", body, 8 + index * 8)
        for _ in range(count):
            yield ticks / timescale, length / timescale
            ticks += length
            given += 1
            if given >= MOST_SAMPLES:
                return


def _chunks(track: Track, data: Bytes) -> Iterator[tuple[int, int]]:
    """(offset, number of samples) of each chunk."""
    runs = _table(track, data, "stsc")
    body, width = _table(track, data, "stco"), 4
    if not body:
        body, width = _table(track, data, "co64"), 8
    entries = [struct.unpack_from(">II", runs, 8 + index * 12) for index in range((len(runs) - 8) // 12)]
    position, count = 0, 1
    for chunk in range(min(int.from_bytes(body[4:8], "big"), (len(body) - 8) // width, MOST_SAMPLES)):
        while position < len(entries) and entries[position][0] <= chunk + 1:
            count = entries[position][1]
            position += 1
        yield int.from_bytes(body[8 + chunk * width : 8 + (chunk + 1) * width], "big"), min(count, MOST_SAMPLES)
