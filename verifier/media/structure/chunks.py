"""The pieces of PNG, RIFF (WebP), GIF, Photoshop and JPEG XL files, walked by their own lengths.

Each walk yields (name, offset of the payload, length of the payload) and reads only headers; the position only grows
and the number of pieces is bounded. A piece that reaches beyond the file is yielded with its stated length.
"""

from __future__ import annotations

import struct
from collections.abc import Iterator
from typing import BinaryIO, TypeAlias

Piece: TypeAlias = tuple[bytes, int, int]
MOST_PIECES = 20_000

PNG_SIGNATURE = b"\x89PNG\r\n\x1a\n"


def png_chunks(stream: BinaryIO) -> Iterator[Piece]:
    """Chunks of a PNG (W3C PNG, 5.3), to IEND or the end of the file."""
    position = 8
    for _ in range(MOST_PIECES):
        stream.seek(position)
        head = stream.read(8)
        if len(head) < 8:
            return
        length, name = struct.unpack(">I4s", head)
        yield name, position + 8, length
        position += 12 + length
        if name == b"IEND":
            return


def riff_chunks(stream: BinaryIO, start: int = 12) -> Iterator[Piece]:
    """Chunks of a RIFF form at one level; chunks are padded to even lengths."""
    position = start
    for _ in range(MOST_PIECES):
        stream.seek(position)
        head = stream.read(8)
        if len(head) < 8:
            return
        name, length = struct.unpack("<4sI", head)
        yield name, position + 8, length
        position += 8 + length + (length & 1)


def iso_boxes(stream: BinaryIO, size: int, start: int = 0) -> Iterator[Piece]:
    """Boxes of ISO base media at one level between `start` and `size`; a size of 0 reaches to the end."""
    position = start
    for _ in range(MOST_PIECES):
        stream.seek(position)
        head = stream.read(16)
        if len(head) < 8 or position + 8 > size:
            return
        length, name = struct.unpack_from(">I4s", head)
        header = 8
        if length == 1 and len(head) == 16:
            (length,) = struct.unpack_from(">Q", head, 8)
            header = 16
        elif length == 0:
            length = size - position
        if length < header:
            return
        yield name, position + header, min(length, size - position) - header
        position += length


def gif_blocks(stream: BinaryIO) -> Iterator[Piece]:
    """Blocks of a GIF: `comment`, `app:<identifier>`, `image`, `control`, `text`; payloads as they lie."""
    stream.seek(10)
    flags = stream.read(1)
    if not flags:
        return
    position = 13 + (3 << ((flags[0] & 7) + 1) if flags[0] & 0x80 else 0)
    for _ in range(MOST_PIECES):
        stream.seek(position)
        head = stream.read(14)
        if len(head) < 2 or head[0] == 0x3B:
            return
        if head[0] == 0x2C:
            if len(head) < 10:
                return
            body = position + 11 + (3 << ((head[9] & 7) + 1) if head[9] & 0x80 else 0)
            name = b"image"
        elif head[0] == 0x21:
            name = {0xFE: b"comment", 0xF9: b"control", 0x01: b"text"}.get(head[1], b"unknown")
            body = position + 2
            if head[1] == 0xFF and len(head) == 14 and head[2] == 11:
                name, body = b"app:" + head[3:14], position + 14
        else:
            return
        end = _sub_blocks_end(stream, body)
        yield name, body, end - body
        if end <= body:
            return
        position = end


def _sub_blocks_end(stream: BinaryIO, position: int) -> int:
    """Offset after the terminating empty sub-block, or the file's end."""
    stream.seek(position)
    while piece := stream.read(1 << 16):
        at = 0
        while at < len(piece):
            if piece[at] == 0:
                return position + at + 1
            at += piece[at] + 1
        position += at
        stream.seek(position)
    return position


def sub_blocks(data: bytes) -> bytes:
    """The content of a GIF's sub-blocks, without their length bytes."""
    content, at = [], 0
    while at < len(data) and data[at]:
        content.append(data[at + 1 : at + 1 + data[at]])
        at += data[at] + 1
    return b"".join(content)


def photoshop_resources(data: bytes) -> Iterator[tuple[int, int, bytes]]:
    """(number, offset in `data`, content) of each image resource (Adobe Photoshop file format, image resources)."""
    at = 0
    for _ in range(MOST_PIECES):
        if data[at : at + 4] not in (b"8BIM", b"MeSa", b"PHUT", b"AgHg", b"DCSR") or at + 12 > len(data):
            return
        (number,) = struct.unpack_from(">H", data, at + 4)
        name_length = data[at + 6] + 1
        size_at = at + 6 + name_length + (name_length & 1)
        if size_at + 4 > len(data):
            return
        (size,) = struct.unpack_from(">I", data, size_at)
        yield number, size_at + 4, data[size_at + 4 : size_at + 4 + size]
        at = size_at + 4 + size + (size & 1)
