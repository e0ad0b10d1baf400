"""The stored size of a still, read from its header as each format states it, before any rotation.

A HEIF's turn (`irot`) is told apart as `photo:rotation_degrees`, clockwise. A raw file's size is that of its
full-resolution directory. No decoder runs.
"""

from __future__ import annotations

import struct
from collections.abc import Callable, Iterator
from io import BytesIO
from typing import BinaryIO, TypeAlias

from verifier.errors import Corrupt
from verifier.instruments import Analyser, Parameters, Source
from verifier.media.structure.blocks import TIFF_TYPES
from verifier.media.structure.heif import stored_geometry
from verifier.media.structure.heif_items import canon_blocks, meta_box
from verifier.media.structure.segments import frame_size
from verifier.media.structure.tiff import Entry, Tiff
from verifier.metadata.stills.codestream import jxl_size
from verifier.records import Exhibit, Kind, Reading, Record

Size: TypeAlias = tuple[int, int, str]  # width, height, where it stands

_CLOCKWISE = {1: 0, 2: 0, 3: 180, 4: 180, 5: 90, 6: 90, 7: 270, 8: 270}


def analyse(exhibit: Exhibit, source: Source, parameters: Parameters) -> Iterator[Record]:
    """`photo:width`, `photo:height` and, for HEIF, `photo:rotation_degrees`. Raises Corrupt where no size is stated."""
    if exhibit.media_type in ("image/heic", "image/heif", "image/avif"):
        with source.open() as stream:
            meta = meta_box(stream, source.size)
        geometry = stored_geometry(meta)
        if geometry is None:
            raise Corrupt("the picture's size is not stated")
        (width, height), orientation = geometry
        size: Size | None = (width, height, "meta/iprp/ipco/ispe")
        if b"irot" in meta:
            turn = _CLOCKWISE[orientation]
            yield Reading(key="photo:rotation_degrees", value=turn, location="meta/iprp/ipco/irot")
    else:
        with source.open() as stream:
            size = _size(exhibit.media_type, stream, source)
    if size is None or not size[0] or not size[1]:
        raise Corrupt("the picture's size is not stated")
    yield Reading(key="photo:width", value=size[0], location=size[2])
    yield Reading(key="photo:height", value=size[1], location=size[2])


def _size(media_type: str, stream: BinaryIO, source: Source) -> Size | None:
    if media_type in _HEADERS:
        try:
            return _HEADERS[media_type](source.head)
        except (struct.error, IndexError):
            raise Corrupt("the header is cut off") from None
    if media_type == "image/jpeg":
        return jpeg_size(stream, source.size)
    if media_type == "image/x-canon-cr3":
        return _canon(stream, source.size)
    if media_type == "image/x-fuji-raf":
        return _raf(stream, source.size)
    return _tiff(stream, source.size, raw=media_type != "image/tiff") if media_type in TIFF_TYPES else None


def jpeg_size(stream: BinaryIO, size: int, start: int = 0) -> Size | None:
    """Of the first frame header."""
    found = frame_size(stream, size, start)
    return None if found is None else (found[0], found[1], f"{found[2].name} at byte {found[2].offset}")


def _png(head: bytes) -> Size | None:
    return (*struct.unpack_from(">II", head, 16), "IHDR") if head[12:16] == b"IHDR" else None


def _gif(head: bytes) -> Size:
    return (*struct.unpack_from("<HH", head, 6), "logical screen descriptor")


def _psd(head: bytes) -> Size:
    height, width = struct.unpack_from(">II", head, 14)
    return width, height, "file header"


def _x3f(head: bytes) -> Size:
    return (*struct.unpack_from("<II", head, 28), "file header")


def _mrw(head: bytes) -> Size | None:
    """Minolta's `PRD` block comes first: sensor height and width, then the picture's."""
    if head[8:12] != b"\x00PRD":
        return None
    height, width = struct.unpack_from(">HH", head, 28)
    return width, height, "PRD block"


def _bmp(head: bytes) -> Size:
    (length,) = struct.unpack_from("<I", head, 14)
    if length == 12:
        return (*struct.unpack_from("<HH", head, 18), "core header")
    width, height = struct.unpack_from("<ii", head, 18)
    return abs(width), abs(height), "information header"


def _webp(head: bytes) -> Size | None:
    form = head[12:16]
    if form == b"VP8X":
        width, height = (int.from_bytes(head[at : at + 3], "little") + 1 for at in (24, 27))
        return width, height, "VP8X"
    if form == b"VP8L":
        (bits,) = struct.unpack_from("<I", head, 21)
        return (bits & 0x3FFF) + 1, (bits >> 14 & 0x3FFF) + 1, "VP8L"
    if form == b"VP8 ":
        width, height = struct.unpack_from("<HH", head, 26)
        return width & 0x3FFF, height & 0x3FFF, "VP8"
    return None


def _j2k(head: bytes) -> Size | None:
    """Of the codestream's SIZ marker: the reference grid less its offset (ISO 15444-1, A.5.1)."""
    at = head.find(b"\xff\x4f\xff\x51")
    if at < 0:
        return None
    right, bottom, left, top = struct.unpack_from(">4I", head, at + 8)
    return max(0, right - left), max(0, bottom - top), f"SIZ at byte {at + 2}"


def _icon(head: bytes) -> Size | None:
    """Of the largest picture in the directory; a side of 0 stands for 256."""
    entries = [head[6 + 16 * index : 22 + 16 * index] for index in range(int.from_bytes(head[4:6], "little"))]
    sizes = [(entry[0] or 256, entry[1] or 256) for entry in entries if len(entry) == 16]
    width, height = max(sizes, key=lambda size: size[0] * size[1], default=(0, 0))
    return width, height, "icon directory"


_HEADERS: dict[str, Callable[[bytes], Size | None]] = {
    "image/png": _png,
    "image/gif": _gif,
    "image/bmp": _bmp,
    "image/webp": _webp,
    "image/vnd.adobe.photoshop": _psd,
    "image/x-sigma-x3f": _x3f,
    "image/x-minolta-mrw": _mrw,
    "image/jxl": jxl_size,
    "image/jp2": _j2k,
    "image/j2c": _j2k,
    "image/x-icon": _icon,
}

_WIDTH, _HEIGHT, _SUBFILE = 0x0100, 0x0101, 0x00FE


def _tiff(stream: BinaryIO, size: int, *, raw: bool) -> Size | None:
    """The first page of a TIFF; the largest full-resolution directory of a raw file; the sensor's borders of an RW2."""
    structure = Tiff(stream, 0, size)
    found: dict[str, dict[int, Entry]] = {}
    for entry in structure.directories().entries:
        if entry.tag in (_WIDTH, _HEIGHT, _SUBFILE, 0x0004, 0x0005, 0x0006, 0x0007):
            found.setdefault(entry.directory, {})[entry.tag] = entry

    def number(directory: str, tag: int) -> int:
        entry = found[directory].get(tag)
        values = structure.numbers(entry) if entry is not None else []
        return values[0] if values and isinstance(values[0], int) else 0

    raw = raw or bool(found.get("IFD0") and number("IFD0", _SUBFILE) & 1)  # a raw file of a type we do not know
    if raw and {4, 5, 6, 7} <= set(found.get("IFD0", {})):
        top, left, bottom, right = (number("IFD0", tag) for tag in (4, 5, 6, 7))
        if bottom > top and right > left:
            return right - left, bottom - top, "IFD0 sensor borders"
    sizes = [
        (number(name, _WIDTH), number(name, _HEIGHT), f"{name} 0x0100")
        for name in found
        if not raw or number(name, _SUBFILE) == 0
    ]
    sizes = [one for one in sizes if one[0] and one[1] and not one[2].startswith(("GPS", "Exif", "Interop"))]
    if not sizes and "IFD0" in found:
        sizes = [(number("IFD0", _WIDTH), number("IFD0", _HEIGHT), "IFD0 0x0100")]
    if not sizes:
        return None
    return max(sizes, key=lambda one: one[0] * one[1]) if raw else sizes[0]


def _canon(stream: BinaryIO, size: int) -> Size | None:
    for name, _, content in canon_blocks(stream, size):
        if name == b"CMT1":
            return _tiff(BytesIO(content), len(content), raw=False)
    return None


def _raf(stream: BinaryIO, size: int) -> Size | None:
    """Of the JPEG inside, as other readers do: the raw size differs by the margin that no program shows."""
    stream.seek(84)
    start = int.from_bytes(stream.read(4), "big")
    return jpeg_size(stream, size, start) if 0 < start < size else None


ANALYSER = Analyser(name="dimensions", version=1, accepts=frozenset({Kind.PHOTO}), analyse=analyse)
