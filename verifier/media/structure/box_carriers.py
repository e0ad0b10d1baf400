"""Where HEIF, AVIF, CR3, JPEG XL, TIFF, raw files, movies and RIFF files carry metadata blocks."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import BinaryIO

from verifier.media.structure.block import (
    C2PA,
    EXIF,
    ICC,
    IPTC,
    MOST_BLOCK_BYTES,
    PHOTOSHOP,
    XMP,
    XMP_SIGN,
    Block,
    from_photoshop,
    tiff_start,
)
from verifier.media.structure.chunks import iso_boxes, riff_chunks
from verifier.media.structure.heif_items import C2PA_UUID, XMP_UUID, canon_blocks, metadata_items, uuid_box
from verifier.media.structure.segments import segments
from verifier.media.structure.tiff import Tiff

# ---------------------------------------------------------------- HEIF, AVIF, CR3, JPEG XL


def heif(stream: BinaryIO, size: int) -> Iterator[Block]:
    for item in metadata_items(stream, size):
        place = f"item at byte {item.offset}"
        if item.type == b"Exif":
            start = 4 + int.from_bytes(item.content[:4], "big")
            if item.content[start : start + 2] not in (b"II", b"MM"):  # the stated distance is often wrong
                found = re.search(rb"II\*\x00|MM\x00\*", item.content[:64])
                start = found.start() if found else start
            yield Block(EXIF, item.content[start:], place, item.offset + start)
        elif item.content_type == "application/rdf+xml" or b"<x:xmpmeta" in item.content[:256]:
            yield Block(XMP, item.content, place, item.offset)
    yield from _uuids(stream, size)


def _uuids(stream: BinaryIO, size: int) -> Iterator[Block]:
    for wanted, kind in ((XMP_UUID, XMP), (C2PA_UUID, C2PA)):
        box = uuid_box(stream, size, wanted)
        if box is not None:
            yield Block(kind, box[1] if kind == XMP else box[1][:64], f"uuid box at byte {box[0] - 24}", box[0])


def cr3(stream: BinaryIO, size: int) -> Iterator[Block]:
    names = {b"CMT1": "IFD0", b"CMT2": "ExifIFD", b"CMT3": "MakerNote", b"CMT4": "GPS"}
    for name, at, content in canon_blocks(stream, size):
        yield Block(EXIF, content, f"{name.decode()} at byte {at - 8}", at, directory=names[name])
    yield from _uuids(stream, size)


def jxl(stream: BinaryIO, size: int) -> Iterator[Block]:
    for name, at, length in iso_boxes(stream, size):
        if name not in (b"Exif", b"xml ", b"jumb"):
            continue
        stream.seek(at)
        content = stream.read(min(length, MOST_BLOCK_BYTES))
        place = f"{name.decode().strip()} box at byte {at - 8}"
        if name == b"Exif":
            start = 4 + int.from_bytes(content[:4], "big")
            yield Block(EXIF, content[start:], place, at + start)
        elif name == b"jumb":
            yield Block(C2PA, content[:64], place, at)
        else:
            yield Block(XMP, content, place, at)


# ---------------------------------------------------------------- TIFF and raw

_TIFF_BLOCKS = {0x02BC: XMP, 0x83BB: IPTC, 0x8649: PHOTOSHOP, 0x8773: ICC, 0xCD41: C2PA}


def tiff(stream: BinaryIO, size: int) -> Iterator[Block]:
    yield Block(EXIF, b"", "the file", 0, whole=True)
    structure = Tiff(stream, 0, size)
    for entry in structure.directories().entries:
        kind = _TIFF_BLOCKS.get(entry.tag)
        if entry.directory == "IFD0" and kind is not None:
            content = structure.raw(entry, MOST_BLOCK_BYTES)
            place = f"IFD0 0x{entry.tag:04X}"
            if kind == PHOTOSHOP:
                yield from from_photoshop(content, place, entry.offset)
            elif kind == IPTC and content[:1] != b"\x1c" and structure.order == "<" and entry.type == 4:
                yield Block(kind, _swapped(content), place)  # some writers swap it as 32-bit numbers
            else:
                yield Block(kind, content, place, entry.offset)
        elif entry.directory == "IFD0" and entry.tag == 0x002E:  # Panasonic's JpgFromRaw carries the camera's Exif
            yield from _inner_jpeg(stream, entry.offset, min(entry.length, size - entry.offset))


def _swapped(content: bytes) -> bytes:
    return b"".join(content[at : at + 4][::-1] for at in range(0, len(content), 4))


def _inner_jpeg(stream: BinaryIO, start: int, length: int) -> Iterator[Block]:
    for segment in segments(stream, start + max(length, 0), start):
        if segment.marker == 0xE1 and segment.payload[:4] == b"Exif":
            content = tiff_start(segment.payload)
            yield Block(EXIF, content, f"inner JPEG, APP1 at byte {segment.offset}", segment.offset + 10)
        elif segment.marker == 0xE1 and segment.payload.startswith(XMP_SIGN):
            yield Block(XMP, segment.payload[len(XMP_SIGN) :], f"inner JPEG, APP1 at byte {segment.offset}")


def mrw(stream: BinaryIO, size: int) -> Iterator[Block]:
    """Minolta's raw: blocks of four letters and a length; `TTW` is a TIFF structure of its own."""
    stream.seek(0)
    end = 8 + int.from_bytes(stream.read(8)[4:], "big")
    position = 8
    for _ in range(64):
        stream.seek(position)
        head = stream.read(8)
        if len(head) < 8 or position >= min(end, size):
            return
        length = int.from_bytes(head[4:], "big")
        if head[:4] == b"\x00TTW":
            content = stream.read(min(length, MOST_BLOCK_BYTES))
            yield Block(EXIF, content, f"TTW block at byte {position}", position + 8)
        position += 8 + length


def raf(stream: BinaryIO, size: int) -> Iterator[Block]:
    stream.seek(84)
    head = stream.read(8)
    start, length = int.from_bytes(head[:4], "big"), int.from_bytes(head[4:8], "big")
    if len(head) == 8 and 0 < start < size:
        yield from _inner_jpeg(stream, start, min(length, size - start))


# ---------------------------------------------------------------- videos and sounds


def movie(stream: BinaryIO, size: int) -> Iterator[Block]:
    """XMP and C2PA of MP4 and QuickTime: `uuid` boxes, and QuickTime's `XMP_` among the user data."""
    yield from _uuids(stream, size)
    for name, at, length in iso_boxes(stream, size):
        if name != b"moov":
            continue
        for inner, inner_at, inner_length in iso_boxes(stream, at + length, at):
            if inner != b"udta":
                continue
            for kind, start, count in iso_boxes(stream, inner_at + inner_length, inner_at):
                if kind == b"XMP_":
                    stream.seek(start)
                    content = stream.read(min(count, MOST_BLOCK_BYTES))
                    yield Block(XMP, content, f"moov/udta/XMP_ at byte {start}", start)


def riff(stream: BinaryIO, size: int) -> Iterator[Block]:
    """XMP (`_PMX`) and C2PA chunks of AVI and WAVE."""
    for name, at, length in riff_chunks(stream):
        kind = {b"_PMX": XMP, b"C2PA": C2PA}.get(name)
        if kind is not None:
            stream.seek(at)
            yield Block(kind, stream.read(min(length, MOST_BLOCK_BYTES)), f"{name.decode()} chunk at byte {at - 8}", at)
