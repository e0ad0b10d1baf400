"""The pictures that workers hand over, looked at before any library decodes them: one of three forms, and small.

A worker that hostile bytes have taken over chooses these bytes. So the form must be the one that is stated, in the
plain variant that our own encoders write (baseline JPEG, 8-bit PNG without interlace or further chunks, WebP of one
frame), and the size, read from the header, must be one that we make.
"""

from __future__ import annotations

import struct
from collections.abc import Iterator

from verifier.errors import Corrupt

MOST_BYTES = 16 << 20
MOST_PIXELS = 1 << 23
LONGEST_SIDE = 4096
JPEG, PNG, WEBP = "image/jpeg", "image/png", "image/webp"
_PNG_CHUNKS = frozenset({b"IHDR", b"IDAT", b"IEND", b"PLTE", b"pHYs"})
_PNG_COLOURS = frozenset({0, 2})
_JPEG_SCANS = 4  # a baseline picture has one a component at most


def size(content: bytes, media_type: str | None = None) -> tuple[int, int]:
    """Columns and rows of a picture that a worker made. Raises Corrupt for what no instrument of ours makes."""
    if len(content) > MOST_BYTES:
        raise Corrupt("the derivative is larger than any that is made")
    form = _form(content)
    if form is None or (media_type is not None and media_type != form):
        raise Corrupt("the derivative is not the kind of picture it should be")
    try:
        columns, rows = {JPEG: _jpeg, PNG: _png, WEBP: _webp}[form](content)
    except (struct.error, IndexError):
        raise Corrupt("the derivative ends in its header") from None
    if not (0 < columns <= LONGEST_SIDE and 0 < rows <= LONGEST_SIDE and columns * rows <= MOST_PIXELS):
        raise Corrupt("the derivative is of a size that is never made")
    return columns, rows


def _form(content: bytes) -> str | None:
    if content[:3] == b"\xff\xd8\xff":
        return JPEG
    if content[:8] == b"\x89PNG\r\n\x1a\n":
        return PNG
    return WEBP if content[:4] == b"RIFF" and content[8:12] == b"WEBP" else None


def _png(content: bytes) -> tuple[int, int]:
    chunks = list(_png_chunks(content))
    if not chunks or chunks[0][0] != b"IHDR" or chunks[0][1] != 13 or chunks[-1][0] != b"IEND":
        raise Corrupt("the derivative is no whole PNG")
    if not {name for name, _ in chunks} <= _PNG_CHUNKS or [name for name, _ in chunks].count(b"IHDR") != 1:
        raise Corrupt("the derivative is a PNG with parts that are never made")
    columns, rows, depth, colour, _, _, interlace = struct.unpack_from(">IIBBBBB", content, 16)
    if depth != 8 or colour not in _PNG_COLOURS or interlace:
        raise Corrupt("the derivative is a PNG of a variant that is never made")
    return columns, rows


def _png_chunks(content: bytes) -> Iterator[tuple[bytes, int]]:
    at = 8
    while at < len(content):
        length, name = struct.unpack_from(">I4s", content, at)
        at += 12 + length
        if at > len(content):
            raise Corrupt("the derivative is no whole PNG")
        yield name, length


def _jpeg(content: bytes) -> tuple[int, int]:
    """Segments up to the picture's frame; then scans are counted, which a decoder would go through one by one."""
    at = 2
    while True:
        start, marker = content[at], content[at + 1]
        if start != 0xFF or marker in (0x00, 0xFF) or 0xD0 <= marker <= 0xD9:
            raise Corrupt("the derivative is no plain JPEG")
        if marker == 0xDA:
            raise Corrupt("the derivative is a JPEG without a frame before its scan")
        (length,) = struct.unpack_from(">H", content, at + 2)
        if marker in (0xC0, 0xC1):
            precision, rows, columns, components = struct.unpack_from(">BHHB", content, at + 4)
            if precision != 8 or components not in (1, 3) or content.count(b"\xff\xda", at) > _JPEG_SCANS:
                raise Corrupt("the derivative is a JPEG of a variant that is never made")
            return columns, rows
        if 0xC2 <= marker <= 0xCF and marker not in (0xC4, 0xCC):
            raise Corrupt("the derivative is a JPEG of a variant that is never made")
        at += 2 + length


def _webp(content: bytes) -> tuple[int, int]:
    length, name, inner = struct.unpack_from("<I4x4sI", content, 4)
    if length + 8 != len(content) or inner + inner % 2 + 20 != len(content):
        raise Corrupt("the derivative is a WebP with parts that are never made")
    if name == b"VP8 " and content[23:26] == b"\x9d\x01\x2a":
        columns, rows = struct.unpack_from("<HH", content, 26)
        return columns & 0x3FFF, rows & 0x3FFF
    if name == b"VP8L" and content[20] == 0x2F:
        (bits,) = struct.unpack_from("<I", content, 21)
        return (bits & 0x3FFF) + 1, (bits >> 14 & 0x3FFF) + 1
    raise Corrupt("the derivative is a WebP of a variant that is never made")
