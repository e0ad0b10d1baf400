"""What an Exif value says, in one scalar: verbatim text, numbers, `n/d` rationals, never a value made of nothing."""

from __future__ import annotations

import math

from verifier.media.structure.tiff import Entry, Number, Tiff
from verifier.records import Scalar

MOST_TEXT = 2000
MOST_NUMBERS = 32
_CODED_TEXT = {("ExifIFD", 0x9286), ("IFD0", 0x9286), ("GPS", 0x1B), ("GPS", 0x1C)}
_WINDOWS_TEXT = frozenset({0x9C9B, 0x9C9C, 0x9C9D, 0x9C9E, 0x9C9F})
_MAKER_NOTE = 0x927C


def scalar(structure: Tiff, entry: Entry) -> Scalar:
    """The value of an entry; None where the block ends before it does. Binary values are told by their length."""
    if entry.tag == _MAKER_NOTE:
        return entry.length
    if entry.tag in _WINDOWS_TEXT:
        return _until_nul(structure.raw(entry, 2 * MOST_TEXT).decode("utf-16-le", "replace"))
    if structure.is_textual(entry):
        data = structure.raw(entry, MOST_TEXT)
        if len(data) < min(entry.length, MOST_TEXT):
            return None
        if entry.type != 7:
            return as_text(data)
        return coded_text(data) if (entry.directory, entry.tag) in _CODED_TEXT else _undefined(data, entry.length)
    if entry.type == 1 and entry.count > 16:
        return f"binary, {entry.length} bytes"
    values = structure.numbers(entry, MOST_NUMBERS)
    if not values:
        return None
    if len(values) == 1 and entry.count == 1:
        return _number(values[0])
    more = f" … ({entry.count} values)" if entry.count > MOST_NUMBERS else ""
    return " ".join(str(_number(value)) for value in values) + more


def _number(value: Number) -> int | float | str:
    if isinstance(value, tuple):
        return f"{value[0]}/{value[1]}"
    if isinstance(value, float) and not math.isfinite(value):
        return str(value)
    return value


def as_text(data: bytes) -> str:
    """Text up to its first NUL: UTF-8, else Latin-1, which gives every byte a character."""
    data = data.partition(b"\x00")[0]
    try:
        return data.decode("utf-8")
    except UnicodeDecodeError:
        return data.decode("latin-1")


def _until_nul(text: str) -> str:
    return text.partition("\x00")[0]


def coded_text(data: bytes) -> str:
    """Text behind the eight bytes that name its code (Exif 2.32, UserComment)."""
    code, body = data[:8].rstrip(b"\x00 ").upper(), data[8:]
    if code == b"UNICODE":
        order = "utf-16-be" if body[:1] == b"\x00" else "utf-16-le"
        if body[:2] in (b"\xff\xfe", b"\xfe\xff"):
            order = "utf-16"
        return _until_nul(body[: len(body) & ~1].decode(order, "replace"))
    if code == b"JIS":
        return _until_nul(body.decode("iso2022_jp", "replace"))
    return as_text(body) if code in (b"ASCII", b"") else as_text(data)


def _undefined(data: bytes, length: int) -> Scalar:
    if length == 1:
        return data[0]
    text = data.rstrip(b"\x00")
    if text and all(32 <= byte < 127 for byte in text):
        return text.decode("ascii")
    return data.hex() if length <= 16 else f"binary, {length} bytes"
