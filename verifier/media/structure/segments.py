"""The marker segments of a JPEG file (ITU-T T.81 annex B), walked by their own lengths up to the picture's end.

The walk reads headers and seeks over the rest; inside the entropy-coded data it looks for the next marker in large
pieces. `most_segments` bounds hostile files; the position only ever grows, so the walk ends.
"""

from __future__ import annotations

import re
import struct
from collections.abc import Iterator
from dataclasses import dataclass
from typing import BinaryIO

SOI, EOI, SOS, DQT, DHT, DRI, COM = 0xD8, 0xD9, 0xDA, 0xDB, 0xC4, 0xDD, 0xFE
FRAMES = frozenset({0xC0, 0xC1, 0xC2, 0xC3, 0xC5, 0xC6, 0xC7, 0xC9, 0xCA, 0xCB, 0xCD, 0xCE, 0xCF})
MOST_SEGMENTS = 4096
_PIECE = 1 << 20


@dataclass(frozen=True, slots=True)
class Segment:
    """One marker and its payload; `offset` is the marker's 0xFF. A payload that the file cuts short is shorter."""

    marker: int
    offset: int
    length: int  # payload bytes as stated
    payload: bytes

    @property
    def name(self) -> str:
        """The standard's name of the marker."""
        return marker_name(self.marker)

    @property
    def is_cut(self) -> bool:
        """Whether the file ends inside the payload."""
        return len(self.payload) < self.length


def marker_name(marker: int) -> str:
    """`SOI`, `APP1`, `SOF2`, `DQT` …, or the number where the standard gives no name."""
    if 0xE0 <= marker <= 0xEF:
        return f"APP{marker - 0xE0}"
    if marker in FRAMES:
        return f"SOF{marker - 0xC0}"
    known = {SOI: "SOI", EOI: "EOI", SOS: "SOS", DQT: "DQT", DHT: "DHT", DRI: "DRI", COM: "COM", 0xCC: "DAC"}
    return known.get(marker, f"0x{marker:02X}")


def segments(stream: BinaryIO, size: int, start: int = 0, *, resumed: bool = False) -> Iterator[Segment]:
    """Segments from SOI to the first SOS or EOI; `resumed` goes on behind a scan, looking for its end.

    A segment that the file cuts is yielded last. Bytes between segments that are no marker are skipped.
    """
    position = start
    if not resumed:
        stream.seek(position)
        if stream.read(2) != b"\xff\xd8":
            return
        yield Segment(SOI, position, 0, b"")
        position += 2
    for _ in range(MOST_SEGMENTS):
        found = _next_marker(stream, position, size)
        if found is None:
            return
        position, marker = found
        if marker == EOI:
            yield Segment(EOI, position, 0, b"")
            return
        if marker in (SOI, 0x01):
            position += 2
            continue
        stream.seek(position + 2)
        head = stream.read(2)
        if len(head) < 2:
            yield Segment(marker, position, 2, b"")
            return
        length = max(int.from_bytes(head, "big") - 2, 0)
        segment = Segment(marker, position, length, stream.read(length))
        yield segment
        position += 4 + length
        if segment.is_cut or marker == SOS:
            return


def frame_size(stream: BinaryIO, size: int, start: int = 0) -> tuple[int, int, Segment] | None:
    """Width, height and the frame header that states them; None where the walk meets none."""
    for segment in segments(stream, size, start):
        if segment.marker in FRAMES and len(segment.payload) >= 5:
            height, width = struct.unpack_from(">HH", segment.payload, 1)
            return width, height, segment
    return None


# a marker that is neither a stuffed zero, nor a restart, nor a fill byte
_MARKER = re.compile(rb"\xff[\x01-\xcf\xd8-\xfe]")


def _next_marker(stream: BinaryIO, position: int, size: int) -> tuple[int, int] | None:
    """Offset and code of the next marker at or after `position`."""
    stream.seek(position)
    piece = stream.read(2)
    step = 1 << 12
    while len(piece) > 1:
        found = _MARKER.search(piece)
        if found is not None:
            return position + found.start(), piece[found.start() + 1]
        position += len(piece) - 1
        stream.seek(position)
        piece = stream.read(step)
        step = min(step * 4, _PIECE)
    return None


def end_of_image(stream: BinaryIO, position: int, size: int) -> int | None:
    """Offset of the first EOI at or after `position`; entropy-coded data cannot contain one."""
    stream.seek(position)
    while len(piece := stream.read(_PIECE)) > 1:
        at = piece.find(b"\xff\xd9")
        if at >= 0:
            return position + at
        position += len(piece) - 1
        stream.seek(position)
    return None
