"""Items of HEIF and AVIF (ISO 23008-12): where Exif and XMP lie; and Canon's CR3, which is their cousin.

Only the tables `iinf` and `iloc` are read, within bounds; the pictures are not touched.
"""

from __future__ import annotations

import struct
from collections.abc import Iterator
from dataclasses import dataclass
from typing import BinaryIO

from verifier.media.structure.boxes import walk
from verifier.media.structure.chunks import iso_boxes

MOST_META_BYTES = 4 << 20
MOST_ITEM_BYTES = 16 << 20
MOST_ITEMS = 4096

CANON = bytes.fromhex("85c0b687820f11e08111f4ce462b6a48")
XMP_UUID = bytes.fromhex("be7acfcb97a942e89c71999491e3afac")
C2PA_UUID = bytes.fromhex("d8fec3d61b0e483c92975828877ec481")


@dataclass(frozen=True, slots=True)
class Item:
    """One metadata item: its type (`Exif`, `mime`), content type for `mime`, offset in the file, and content."""

    type: bytes
    content_type: str
    offset: int
    content: bytes


def metadata_items(stream: BinaryIO, size: int) -> Iterator[Item]:
    """The items of type `Exif` and `mime`, in the order of the table. Broken tables end the walk quietly."""
    for name, at, length in iso_boxes(stream, size):
        if name != b"meta":
            continue
        stream.seek(at)
        meta = stream.read(min(length, MOST_META_BYTES))
        try:
            yield from _items(stream, size, meta, at)
        except (struct.error, IndexError):
            return
        return


def meta_box(stream: BinaryIO, size: int) -> bytes:
    """The first top-level `meta` box with its header, at most 4 MiB; empty where there is none."""
    for name, at, length in iso_boxes(stream, size):
        if name == b"meta":
            stream.seek(at)
            content = stream.read(min(length, MOST_META_BYTES))
            return struct.pack(">I4s", len(content) + 8, b"meta") + content
    return b""


def _items(stream: BinaryIO, size: int, meta: bytes, base: int) -> Iterator[Item]:
    boxes = {name: (at, end) for name, at, end in walk(meta, 4, len(meta))}
    if b"iinf" not in boxes or b"iloc" not in boxes:
        return
    wanted = dict(_information(meta, *boxes[b"iinf"]))
    if not wanted:
        return
    local = base + boxes[b"idat"][0] if b"idat" in boxes else None
    for number, method, extents in _locations(meta, boxes[b"iloc"][0]):
        if number not in wanted or method > 1 or (method == 1 and local is None):
            continue
        shift = local or 0 if method == 1 else 0
        content = b""
        for offset, length in extents[:64]:
            start = offset + shift
            if not 0 <= start < size or len(content) >= MOST_ITEM_BYTES:
                break
            stream.seek(start)
            content += stream.read(min(length or size - start, MOST_ITEM_BYTES - len(content)))
        if content:
            kind, content_type = wanted[number]
            yield Item(kind, content_type, extents[0][0] + shift, content)


def _information(meta: bytes, at: int, end: int) -> Iterator[tuple[int, tuple[bytes, str]]]:
    """(number, (type, content type)) of the metadata items in `iinf`."""
    start = at + (6 if meta[at] == 0 else 8)
    for count, (name, entry, stop) in enumerate(walk(meta, start, end)):
        if count >= MOST_ITEMS:
            return
        version = meta[entry] if entry < len(meta) else 0
        if name != b"infe" or version < 2:
            continue
        (number,) = struct.unpack_from(">H" if version == 2 else ">I", meta, entry + 4)
        at = entry + (8 if version == 2 else 10)
        kind = meta[at : at + 4]
        if kind in (b"Exif", b"mime"):
            _, _, rest = meta[at + 4 : stop].partition(b"\0")
            yield number, (kind, rest.partition(b"\0")[0].decode("latin-1"))


def _locations(meta: bytes, at: int) -> Iterator[tuple[int, int, list[tuple[int, int]]]]:
    """(number, construction method, extents) of each row of `iloc`."""
    version = meta[at]
    sizes = meta[at + 4 : at + 6]
    offset_bytes, length_bytes, base_bytes = sizes[0] >> 4, sizes[0] & 15, sizes[1] >> 4
    index_bytes = sizes[1] & 15 if version else 0
    (count,) = struct.unpack_from(">H" if version < 2 else ">I", meta, at + 6)
    at += 8 if version < 2 else 10

    def take(width: int) -> int:
        nonlocal at
        if at + width > len(meta):
            raise IndexError
        value = int.from_bytes(meta[at : at + width], "big")
        at += width
        return value

    for _ in range(min(count, MOST_ITEMS)):
        number = take(2 if version < 2 else 4)
        method = take(2) & 15 if version else 0
        take(2)
        base = take(base_bytes)
        extents = []
        for _ in range(take(2)):
            take(index_bytes)
            extents.append((base + take(offset_bytes), take(length_bytes)))
        if extents:
            yield number, method, extents


def canon_blocks(stream: BinaryIO, size: int) -> Iterator[tuple[bytes, int, bytes]]:
    """(`CMT1` … `CMT4`, offset, content): the TIFF structures of a CR3 for IFD0, Exif, MakerNote and GPS."""
    for name, at, length in iso_boxes(stream, size):
        if name != b"moov":
            continue
        for inner, inner_at, inner_length in iso_boxes(stream, at + length, at):
            stream.seek(inner_at)
            if inner != b"uuid" or stream.read(16) != CANON:
                continue
            for part, part_at, part_length in iso_boxes(stream, inner_at + inner_length, inner_at + 16):
                if part in (b"CMT1", b"CMT2", b"CMT3", b"CMT4"):
                    stream.seek(part_at)
                    yield part, part_at, stream.read(min(part_length, MOST_ITEM_BYTES))


def uuid_box(stream: BinaryIO, size: int, wanted: bytes) -> tuple[int, bytes] | None:
    """Offset and content of the first top-level `uuid` box of that kind."""
    for name, at, length in iso_boxes(stream, size):
        if name == b"uuid" and length >= 16:
            stream.seek(at)
            if stream.read(16) == wanted:
                return at + 16, stream.read(min(length - 16, MOST_ITEM_BYTES))
    return None
