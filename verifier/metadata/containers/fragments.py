"""How long a fragmented movie is: `moof` boxes and the index `sidx` (ISO 14496-12, 8.8 and 8.16.3)."""

from __future__ import annotations

import struct

from verifier.metadata.containers.isobmff import Bytes, Tree
from verifier.metadata.containers.movie import LONGEST_SECONDS, Track

MOST_RUN_BYTES = 1 << 16


def duration(tree: Tree, data: Bytes, tracks: list[Track]) -> float | None:
    """Seconds of the longest track, from its first fragment to its last; None where no fragment says."""
    scales = {track.number: track.timescale for track in tracks}
    defaults = _defaults(tree, data)
    starts: dict[int, int] = {}
    ends: dict[int, int] = {}
    number = base = default = 0
    for box in tree.boxes:
        if not box.path.startswith("moof["):
            continue
        if box.name == b"tfhd":
            number, default = _header(data.payload(box, 64), defaults)
            base = ends.get(number, 0)
        elif box.name == b"tfdt":
            body = data.payload(box, 16)
            base = int.from_bytes(body[4:12] if body[:1] == b"\x01" else body[4:8], "big")
        elif box.name == b"trun":
            starts.setdefault(number, base)
            base += _run(data.payload(box, MOST_RUN_BYTES), default)
            ends[number] = max(base, ends.get(number, 0))
    lengths = [(end - starts[number]) / scales[number] for number, end in ends.items() if scales.get(number)]
    longest = max(lengths, default=None)
    return longest if longest is not None and 0 < longest < LONGEST_SECONDS else None


def _defaults(tree: Tree, data: Bytes) -> dict[int, int]:
    """Default sample duration of each track, from `trex`."""
    found = {}
    for box in tree.boxes:
        if box.name == b"trex":
            body = data.payload(box, 24)
            if len(body) >= 16:
                found[int.from_bytes(body[4:8], "big")] = int.from_bytes(body[12:16], "big")
    return found


def _header(body: bytes, defaults: dict[int, int]) -> tuple[int, int]:
    """(track id, default sample duration) of a `tfhd`."""
    if len(body) < 8:
        return 0, 0
    flags, number = struct.unpack_from(">II", body)
    at = 8 + (8 if flags & 1 else 0) + (4 if flags & 2 else 0)
    if flags & 8 and len(body) >= at + 4:
        return number, int.from_bytes(body[at : at + 4], "big")
    return number, defaults.get(number, 0)


def _run(body: bytes, default: int) -> int:
    """Ticks of one `trun`."""
    if len(body) < 8:
        return 0
    flags, samples = struct.unpack_from(">II", body)
    if not flags & 0x100:
        return samples * default if samples < 1 << 24 else 0
    at = 8 + (4 if flags & 1 else 0) + (4 if flags & 4 else 0)
    size = 4 * bin(flags & 0xF00).count("1")
    samples = min(samples, (len(body) - at) // size)
    return sum(int.from_bytes(body[at + index * size : at + index * size + 4], "big") for index in range(samples))
