"""Tags in words: QuickTime user data, `keys` with their values, iTunes items, 3GPP location (TS 26.244, 8.10)."""

from __future__ import annotations

import struct
from collections.abc import Iterator

from verifier.metadata.containers.isobmff import Box, Bytes, Tree, label
from verifier.metadata.moments import from_text
from verifier.records import Reading, Value

MOST_KEYS = 512
LONGEST_TEXT = 4096  # characters
_DATES = ("creationdate", "©day", "CreationDate", "creation_time")
_3GPP_TEXT = frozenset({b"titl", b"auth", b"dscp", b"cprt", b"perf", b"albm", b"gnre"})
_GOPRO_TEXT = frozenset({b"FIRM", b"LENS"})
_GOPRO_BINARY = frozenset({b"CAME", b"MUID", b"GUMI"})


def user_tags(tree: Tree, data: Bytes) -> Iterator[Reading]:
    """Every tag of `moov`, its tracks and movie fragments' heads."""
    keys: dict[str, list[str]] = {}
    free: list[str] = []  # of an iTunes item `----`: its namespace and name come before its value
    for box in tree.boxes:
        parent, _, _ = box.path.rpartition("/")
        if box.name == b"keys" and parent.endswith("meta"):
            keys[parent] = _keys(data.payload(box))
        elif parent.endswith("udta"):
            yield from _user_data(box, data)
        elif box.name == b"----":
            free = []
        elif box.name in (b"mean", b"name") and parent.endswith("/ilst/----") and len(free) < 2:
            free.append(_text(data.payload(box, 256)[4:]))
        elif box.name == b"data" and "/ilst/" in box.path:
            yield from _item(box, data, keys, free)


def _text(raw: bytes, encoding: str = "utf-8") -> str:
    return raw.decode(encoding, "backslashreplace").strip("\x00 ")[:LONGEST_TEXT]


def _dated(key: str, text: str) -> Value:
    return (from_text(text) or text) if key.endswith(_DATES) else text


def _keys(body: bytes) -> list[str]:
    found, at = [], 8
    for _ in range(min(int.from_bytes(body[4:8], "big"), MOST_KEYS)):
        size = int.from_bytes(body[at : at + 4], "big")
        if size < 8 or at + size > len(body):
            break
        found.append(_text(body[at + 8 : at + size]))
        at += size
    return found


def _item(box: Box, data: Bytes, keys: dict[str, list[str]], free: list[str]) -> Iterator[Reading]:
    """One `data` box: its name is the four letters of its parent, or a number into `keys`."""
    body = data.payload(box, LONGEST_TEXT * 2)
    if len(body) < 8:
        return
    item, _, _ = box.path.rpartition("/")
    holder, _, name = item.rpartition("/")
    names = keys.get(holder.removesuffix("/ilst"), [])
    if name.startswith("0x"):
        number = int(name[2:], 16)
        if not 1 <= number <= len(names):
            return
        name = names[number - 1]
    elif name == "----":
        name = ":".join(["----", *free])
    value = _value(int.from_bytes(body[:4], "big") & 0xFFFFFF, body[8:])
    if value is not None:
        key = f"quicktime:{name}"
        yield Reading(key=key, value=_dated(key, value) if isinstance(value, str) else value, location=box.path)


def _value(kind: int, raw: bytes) -> str | int | float | None:
    """A value of QuickTime's well-known types; None for pictures and other bytes."""
    if kind == 1:
        return _text(raw) or None
    if kind == 2:
        return _text(raw, "utf-16-be") or None
    if kind in (21, 22) and 1 <= len(raw) <= 8:
        return int.from_bytes(raw, "big", signed=kind == 21)
    if kind == 23 and len(raw) == 4:
        return _finite(struct.unpack(">f", raw)[0])
    if kind == 24 and len(raw) == 8:
        return _finite(struct.unpack(">d", raw)[0])
    if kind in (65, 66, 67) and len(raw) <= 8:
        return int.from_bytes(raw, "big", signed=True)
    return None


def _finite(number: float) -> float | None:
    return number if abs(number) < 1e300 else None


def _user_data(box: Box, data: Bytes) -> Iterator[Reading]:
    name = label(box.name)
    if box.name[:1] == b"\xa9":
        text = _international(data.payload(box, LONGEST_TEXT * 2))
        if text:
            yield Reading(key=f"quicktime:{name}", value=_dated(name, text), location=box.path)
    elif box.name == b"loci":
        yield from _location(data.payload(box, 4096), box.path)
    elif box.name in _3GPP_TEXT:
        body = data.payload(box, LONGEST_TEXT)[6:]
        text = _text(body, "utf-16") if body[:2] in (b"\xfe\xff", b"\xff\xfe") else _text(body)
        if text:
            yield Reading(key=f"mp4:{name}", value=text, location=box.path)
    elif box.name in _GOPRO_TEXT:
        yield Reading(key=f"gopro:{name}", value=_text(data.payload(box, 256).split(b"\x00")[0]), location=box.path)
    elif box.name in _GOPRO_BINARY:
        yield Reading(key=f"gopro:{name}", value=data.payload(box, 64).hex(), location=box.path)
    elif box.name not in (b"meta", b"free"):
        yield Reading(key=f"mp4:udta.{name}", value=box.length, location=box.path)


def _international(body: bytes) -> str:
    """The first text of a QuickTime international text list; languages below 0x400 are Macintosh scripts."""
    if len(body) < 4:
        return ""
    size, language = struct.unpack_from(">HH", body)
    if 0 < size <= len(body) - 4:
        return _text(body[4 : 4 + size], "mac_roman" if language < 0x400 and _not_utf8(body[4 : 4 + size]) else "utf-8")
    return _text(body) if body.isascii() else ""  # some writers put bare text here


def _not_utf8(raw: bytes) -> bool:
    try:
        raw.decode("utf-8")
    except UnicodeDecodeError:
        return True
    return False


def _location(body: bytes, path: str) -> Iterator[Reading]:
    """3GPP `loci`: name, role, then longitude, latitude and altitude as 16.16 fixed point."""
    start = 6
    if body[start : start + 2] in (b"\xfe\xff", b"\xff\xfe"):
        stop = start
        while stop + 1 < len(body) and body[stop : stop + 2] != b"\x00\x00":
            stop += 2
        name, at = _text(body[start:stop], "utf-16"), stop + 2
    else:
        stop = body.find(b"\x00", start)
        if stop < 0:
            return
        name, at = _text(body[start:stop]), stop + 1
    if len(body) < at + 13:
        return
    longitude, latitude, altitude = (value / 65536 for value in struct.unpack_from(">3i", body, at + 1))
    if name:
        yield Reading(key="mp4:loci.name", value=name, location=path)
    yield Reading(key="mp4:loci.role", value=body[at], location=path)
    yield Reading(key="mp4:loci.latitude", value=round(latitude, 6), location=path)
    yield Reading(key="mp4:loci.longitude", value=round(longitude, 6), location=path)
    yield Reading(key="mp4:loci.altitude_m", value=round(altitude, 3), location=path)
    planet = _text(body[at + 13 :].split(b"\x00")[0])
    if planet:
        yield Reading(key="mp4:loci.body", value=planet, location=path)
