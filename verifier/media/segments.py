"""The marker segments of a JPEG file (ITU-T T.81 annex B), walked by their own lengths up to the picture's end.

The walk reads headers and seeks over the rest; inside the entropy-coded data it looks for the next marker in large
pieces. `most_segments` bounds hostile files; the position only ever grows, so the walk ends.
"""

from __future__ import annotations

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


def segments(stream: BinaryIO, size: int, start: int = 0, *, through_scans: bool = False) -> Iterator[Segment]:
    """Segments from SOI on. Without `through_scans` the walk ends at the first SOS; with it, at EOI or the file's end.

    Every segment is yielded, a cut one last. Bytes between segments that are no marker are skipped.
    """
    position = start
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
        if marker == SOI or marker == 0x01:
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
        if segment.is_cut or (marker == SOS and not through_scans):
            return


def _next_marker(stream: BinaryIO, position: int, size: int) -> tuple[int, int] | None:
    """Offset and code of the next marker at or after `position`; stuffed zeros, restarts and fill bytes are none."""
    stream.seek(position)
    head = stream.read(2)
    if len(head) == 2 and head[0] == 0xFF and 0x01 < head[1] < 0xFF and not 0xD0 <= head[1] <= 0xD7:
        return position, head[1]
    while position < size:
        stream.seek(position)
        piece = stream.read(_PIECE)
        at = piece.find(b"\xff")
        while 0 <= at < len(piece) - 1:
            code = piece[at + 1]
            if 0x01 < code < 0xFF and not 0xD0 <= code <= 0xD7:
                return position + at, code
            at = piece.find(b"\xff", at + 1 if code == 0xFF else at + 2)
        if len(piece) < _PIECE:
            return None
        position += len(piece) - 1
    return None
