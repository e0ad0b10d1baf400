"""The stored size and turn of a HEIC picture, read from its item properties (ISO 23008-12, 6.5).

libheif hands a picture over already turned and does not say how it was stored, so the container is asked.
"""

from __future__ import annotations

import struct

from verifier.media.structure.boxes import walk

Geometry = tuple[tuple[int, int], int]

# quarter turns anticlockwise (and mirror axis) -> Exif orientation of the same display
_TURNED = {0: 1, 1: 8, 2: 3, 3: 6}
# imir follows irot; axis 0 exchanges top and bottom, axis 1 left and right (so libavif and libheif read it)
_MIRRORED = {
    (0, 0): 4, (0, 1): 5, (0, 2): 2, (0, 3): 7,
    (1, 0): 2, (1, 1): 7, (1, 2): 4, (1, 3): 5,
}  # fmt: skip


def stored_geometry(head: bytes) -> Geometry | None:
    """((width, height), Exif orientation that shows it upright) of the primary item, or None where it is not said."""
    meta = _child(head, 0, len(head), b"meta")
    if meta is None:
        return None
    start, end = meta[0] + 4, meta[1]
    primary, properties = _child(head, start, end, b"pitm"), _child(head, start, end, b"iprp")
    if primary is None or properties is None:
        return None
    try:
        return _resolve(head, _primary(head, primary[0]), properties)
    except (struct.error, IndexError):
        return None


def _child(data: bytes, start: int, end: int, name: bytes) -> tuple[int, int] | None:
    return next(((at, stop) for found, at, stop in walk(data, start, min(end, len(data))) if found == name), None)


def _primary(data: bytes, at: int) -> int:
    return int(struct.unpack_from(">H" if data[at] == 0 else ">I", data, at + 4)[0])


def _resolve(data: bytes, item: int, properties: tuple[int, int]) -> Geometry | None:
    container = _child(data, *properties, b"ipco")
    association = _child(data, *properties, b"ipma")
    if container is None or association is None:
        return None
    known = list(walk(data, *container))
    size, turns, mirror = None, 0, None
    for index in _associated(data, association[0], item):
        if not 1 <= index <= len(known):
            continue
        name, at, _ = known[index - 1]
        if name == b"ispe":
            width, height = struct.unpack_from(">II", data, at + 4)
            size = (int(width), int(height))
        elif name == b"irot":
            turns = data[at] & 3
        elif name == b"imir":
            mirror = data[at] & 1
    if size is None:
        return None
    return size, _TURNED[turns] if mirror is None else _MIRRORED[mirror, turns]


def _associated(data: bytes, at: int, item: int) -> list[int]:
    """Numbers (from 1) of the properties of an item."""
    version, wide = data[at], data[at + 3] & 1
    (entries,) = struct.unpack_from(">I", data, at + 4)
    at += 8
    for _ in range(min(entries, 4096)):
        (found,) = struct.unpack_from(">I" if version else ">H", data, at)
        at += 4 if version else 2
        count = data[at]
        at += 1
        if found == item:
            if wide:
                return [value & 0x7FFF for value in struct.unpack_from(f">{count}H", data, at)]
            return [value & 0x7F for value in data[at : at + count]]
        at += count * (2 if wide else 1)
    return []
