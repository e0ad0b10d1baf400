"""Streams without a container: H.264 and H.265 byte streams (annex B), MPEG video, and transport packets in step.

Security recorders export the bare stream, and a cut download of a broadcast begins inside a packet. A start code alone
proves nothing (three bytes occur by chance), so a stream is recognised by its parameter sets.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

MOST_UNITS = 400
LEAST_PACKETS = 5
SYNC = 0x47
_START = re.compile(rb"\x00\x00\x01(?=[\s\S])")
_ONLY_ZEROS_FIRST = re.compile(rb"\x00{2,64}\x01")

# NAL unit types: H.264 table 7-1, H.265 table 7-1.
_AVC_PARAMETERS, _AVC_SLICES = {7, 8}, {1, 2, 5}
_HEVC_PARAMETERS, _HEVC_SLICES = {33, 34}, {*range(10), *range(16, 22)}


def byte_stream(head: bytes) -> str | None:
    """`video/h264` or `video/h265` where the bytes begin with a start code and both parameter sets follow."""
    if not _ONLY_ZEROS_FIRST.match(head):
        return None
    units = [head[at : at + 2] for at in _units(head)]
    firsts = [unit[0] for unit in units if unit]
    avc = {byte & 0x1F for byte in firsts if not byte & 0x80}
    if avc >= _AVC_PARAMETERS and avc & _AVC_SLICES and firsts[0] & 0x1F in (6, 7, 9):
        return "video/h264"
    pairs = [unit for unit in units if len(unit) == 2 and not unit[0] & 0x80 and unit[1] == 1]
    hevc = {unit[0] >> 1 & 0x3F for unit in pairs}
    return "video/h265" if hevc >= _HEVC_PARAMETERS and hevc & _HEVC_SLICES else None


def _units(head: bytes) -> Iterator[int]:
    for number, found in enumerate(_START.finditer(head)):
        if number >= MOST_UNITS:
            return
        yield found.end()


def in_step(head: bytes) -> tuple[int, int, int] | None:
    """(bytes a packet, offset of the sync byte in it, where the first whole packet begins) of a transport stream.

    188 bytes (ISO 13818-1), 192 with a time stamp of four bytes before it (M2TS), 204 with Reed-Solomon bytes behind.
    The first packet may be cut: the sync byte is looked for at each place of the first packet, and must then stand at
    its distance throughout.
    """
    for packet, offset in ((188, 0), (192, 4), (204, 0)):
        for start in range(packet):
            places = range(start + offset, len(head), packet)
            if head[start + offset : start + offset + 1] != b"G" or len(places) < (2 if not start else LEAST_PACKETS):
                continue
            if all(head[at] == SYNC for at in places[:64]):
                return packet, offset, start
    return None
