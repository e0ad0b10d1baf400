"""The largest JPEG a camera put inside its raw file. The sensor's own data is not developed: that is a person's choice.

Raw files are TIFFs in disguise (CR2, NEF, ARW, DNG, ORF, RW2, PEF), a Fujifilm header (RAF) or ISO boxes (CR3).
"""

from __future__ import annotations

import io
import struct
from collections.abc import Iterator
from typing import BinaryIO

from verifier.errors import Corrupt, Unsupported
from verifier.media.structure.boxes import walk

MOST_PREVIEW_BYTES = 64 << 20
_MOST_DIRECTORIES = 64
_MOST_ENTRIES = 512
_SIZES = {1: 1, 2: 1, 3: 2, 4: 4, 7: 1, 13: 4}

Span = tuple[int, int]  # offset and length, bytes


def embedded_jpeg(stream: BinaryIO, size: int, media_type: str) -> io.BytesIO:
    """The preview's bytes. Raises Unsupported where there is none."""
    if media_type == "image/x-fuji-raf":
        stream.seek(84)
        spans = [struct.unpack(">II", _exactly(stream, 8))]
    elif media_type == "image/x-canon-cr3":
        spans = list(_in_boxes(stream))
    else:
        spans = list(_in_directories(stream, size))
    for offset, length in sorted(spans, key=lambda span: -span[1]):
        if 128 <= length <= MOST_PREVIEW_BYTES and offset + length <= size:
            stream.seek(offset)
            data = stream.read(length)
            if data.startswith(b"\xff\xd8\xff") and not _is_lossless(data):
                return io.BytesIO(data)
    raise Unsupported("the raw file holds no preview that this version reads")


def _exactly(stream: BinaryIO, count: int) -> bytes:
    data = stream.read(count)
    if len(data) < count:
        raise Corrupt("the raw file breaks off")
    return data


def _is_lossless(data: bytes) -> bool:
    """Whether the frame header is SOF3: sensor data in JPEG's lossless coding, which is no picture."""
    at = 2
    while at + 4 <= len(data) and data[at] == 0xFF:
        marker, (length,) = data[at + 1], struct.unpack_from(">H", data, at + 2)
        if 0xC0 <= marker <= 0xCF and marker not in (0xC4, 0xC8, 0xCC):
            return marker == 0xC3
        at += 2 + length
    return False


def _in_directories(stream: BinaryIO, size: int) -> Iterator[Span]:
    stream.seek(0)
    start = _exactly(stream, 8)
    order = "<" if start[:2] == b"II" else ">"
    (first,) = struct.unpack(order + "I", start[4:])
    waiting: list[int] = [first]
    seen: set[int] = set()
    while waiting and len(seen) < _MOST_DIRECTORIES:
        offset = waiting.pop()
        if offset in seen or not 8 <= offset <= size - 2:
            continue
        seen.add(offset)
        tags, following = _directory(stream, offset, order)
        waiting += [*following, *tags.get(0x014A, ()), *tags.get(0x8769, ())]
        for where, length in ((0x0201, 0x0202), (0x0111, 0x0117)):
            if len(tags.get(where, ())) == 1 and len(tags.get(length, ())) == 1:
                yield tags[where][0], tags[length][0]
        if 0x002E in tags:  # Panasonic: the JPEG is the value itself
            yield tags[0x002E][0], tags[0x002E][1]


def _directory(stream: BinaryIO, offset: int, order: str) -> tuple[dict[int, tuple[int, ...]], list[int]]:
    stream.seek(offset)
    (count,) = struct.unpack(order + "H", _exactly(stream, 2))
    count = min(count, _MOST_ENTRIES)
    body = stream.read(count * 12 + 4)
    tags: dict[int, tuple[int, ...]] = {}
    for index in range(min(count, len(body) // 12)):
        tag, form, number, place = struct.unpack_from(order + "HHII", body, index * 12)
        if tag == 0x002E:
            tags[tag] = (place, number)
        if form not in (3, 4, 13) or not 1 <= number <= 32:
            continue
        letter = "H" if form == 3 else "I"
        if number * _SIZES[form] <= 4:
            tags[tag] = struct.unpack_from(f"{order}{number}{letter}", body, index * 12 + 8)
        else:
            here = stream.tell()
            stream.seek(place)
            data = stream.read(number * _SIZES[form])
            stream.seek(here)
            if len(data) == number * _SIZES[form]:
                tags[tag] = struct.unpack(f"{order}{number}{letter}", data)
    following = struct.unpack_from(order + "I", body, count * 12) if len(body) >= count * 12 + 4 else ()
    return tags, list(following)


def _in_boxes(stream: BinaryIO) -> Iterator[Span]:
    """CR3: the full-size JPEG is the first track's only sample; the PRVW box holds a smaller one."""
    stream.seek(0)
    head = stream.read(1 << 18)
    for name, start, end in walk(head, 0, len(head)):
        if name == b"uuid":
            at = head.find(b"PRVW", start, end)
            if at > 0 and at + 24 <= len(head):
                (length,) = struct.unpack_from(">I", head, at + 16)
                yield at + 20, length
        elif name == b"moov":
            at, chunk = head.find(b"stsz", start, end), head.find(b"co64", start, end)
            if at > 0 and chunk > 0 and chunk + 20 <= len(head):
                (length,) = struct.unpack_from(">I", head, at + 8)
                (offset,) = struct.unpack_from(">Q", head, chunk + 12)
                yield offset, length
