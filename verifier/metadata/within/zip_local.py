"""Members of a ZIP whose directory is lost: read by the header that stands before each (APPNOTE 6.3, 4.3.7).

A download that broke off has no directory, and every member before the break is whole. A member counts only where its
length is there and its CRC fits; what comes after the first that is not, is not guessed.
"""

from __future__ import annotations

import struct
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from typing import BinaryIO

from verifier.metadata.within.zip_names import extra_fields, name_of

MOST_MEMBERS = 20_000
LARGEST_MEMBER = 64 << 20  # bytes, packed or unpacked
_HEADER = struct.Struct("<4sHHHHHIIIHH")
_STORED, _DEFLATED = 0, 8
_DESCRIBED = 1 << 3  # sizes and CRC stand behind the data
_UNKNOWN = 0xFFFFFFFF


@dataclass(frozen=True, slots=True, kw_only=True)
class Local:
    """One member. `content` is None where it is cut, damaged, encrypted or of a method that is not read."""

    path: bytes
    content: bytes | None
    packed: int
    encrypted: bool
    time: tuple[int, int]  # MS-DOS date and time


def local_members(stream: BinaryIO, size: int) -> Iterator[Local]:
    """Members from the front, in order, until one is cut or no header follows."""
    at = 0
    for _ in range(MOST_MEMBERS):
        stream.seek(at)
        head = stream.read(_HEADER.size)
        if len(head) < _HEADER.size or head[:4] != b"PK\x03\x04":
            return
        _, _, flags, method, time, day, check, packed, length, name_bytes, extra_bytes = _HEADER.unpack(head)
        name, extra = stream.read(name_bytes), stream.read(extra_bytes)
        if len(name) < name_bytes or len(extra) < extra_bytes:
            return
        begin = at + _HEADER.size + name_bytes + extra_bytes
        packed, length = _wide(extra, packed, length)
        path, encrypted = name_of(name, extra), bool(flags & 1)
        if flags & _DESCRIBED and not packed:
            content, packed = (None, 0) if encrypted or method != _DEFLATED else _described(stream, begin)
            end = begin + packed + _descriptor_length(stream, begin + packed)
        else:
            content = None if encrypted else _content(stream, (begin, packed), method, length, check)
            end = begin + packed
        yield Local(path=path, content=content, packed=packed, encrypted=encrypted, time=(day, time))
        if end > size or (end <= begin and not packed and flags & _DESCRIBED):
            return
        at = end


def _wide(extra: bytes, packed: int, length: int) -> tuple[int, int]:
    """Sizes by the ZIP64 field where the header has none."""
    if _UNKNOWN not in (packed, length):
        return packed, length
    body = next((body for identifier, body in extra_fields(extra) if identifier == 1), b"")
    if len(body) < 16:
        return packed, length
    wide_length, wide_packed = struct.unpack_from("<QQ", body)
    return wide_packed, wide_length


def _content(stream: BinaryIO, where: tuple[int, int], method: int, length: int, check: int) -> bytes | None:
    begin, packed = where
    if max(packed, length) > LARGEST_MEMBER or method not in (_STORED, _DEFLATED):
        return None
    stream.seek(begin)
    raw = stream.read(packed)
    if len(raw) < packed:
        return None
    if method == _DEFLATED:
        try:
            raw = zlib.decompressobj(-15).decompress(raw, length + 1)
        except zlib.error:
            return None
    return raw if len(raw) == length and zlib.crc32(raw) == check else None


def _described(stream: BinaryIO, begin: int) -> tuple[bytes | None, int]:
    """(content, packed length) of deflated data whose length only the data say; (None, 0) where they break off."""
    stream.seek(begin)
    unpacker, packed, unpacked = zlib.decompressobj(-15), 0, 0
    parts: list[bytes] = []
    while not unpacker.eof:
        piece = unpacker.unconsumed_tail or stream.read(1 << 16)
        packed += 0 if unpacker.unconsumed_tail else len(piece)
        if not piece or max(packed, unpacked) > LARGEST_MEMBER:
            return None, 0
        try:
            parts.append(unpacker.decompress(piece, 1 << 20))
        except zlib.error:
            return None, 0
        unpacked += len(parts[-1])
    packed -= len(unpacker.unused_data)
    content = b"".join(parts)
    stream.seek(begin + packed)
    behind = stream.read(8)
    check = behind[4:8] if behind[:4] == b"PK\x07\x08" else behind[:4]
    fits = len(check) == 4 and struct.unpack("<I", check)[0] == zlib.crc32(content)
    return (content if fits else None), packed


def _descriptor_length(stream: BinaryIO, at: int) -> int:
    """Bytes of a data descriptor, up to where the next header begins: with or without its mark, 32 or 64 bits wide."""
    stream.seek(at)
    behind = stream.read(28)
    for length in (16, 12, 24, 20):
        if behind[length : length + 2] == b"PK" or len(behind) == length:
            return length
    return 16
