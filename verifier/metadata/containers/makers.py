"""What makers of cameras write into boxes of their own: Sony, Nikon, Novatek's dash cameras, DJI's subtitles.

Layouts are those that ExifTool documents (Nikon.pm, QuickTimeStream.pl). A layout that is not known is told
as present and not understood, never guessed: several dash cameras scramble their positions.
"""

from __future__ import annotations

import math
import re
import struct
from collections.abc import Iterator

from verifier.instruments import Analyser, Limits, Parameters, Source
from verifier.metadata.containers import movie, sony_meta
from verifier.metadata.containers.isobmff import Bytes, Tree, walk
from verifier.metadata.containers.samples import samples
from verifier.metadata.containers.tracks import Fix, is_possible, told
from verifier.metadata.moments import from_text
from verifier.records import Exhibit, Kind, Moment, Reading, Record, Zone

MOST_BLOCKS = 36_000
MOST_SUBTITLES = 36_000
MOST_TAGS = 1000
KNOTS_TO_METRES_PER_SECOND = 1852 / 3600

_SIZES = (0, 1, 1, 2, 4, 8, 1, 1, 2, 4, 8, 4, 8, 4)  # bytes of Exif's formats 1 to 13
_NIKON = {
    0x01: "Make", 0x02: "Model", 0x03: "Software", 0x11: "CreateDate", 0x12: "DateTimeOriginal",
    0x110A431: "SerialNumber", 0x110A434: "LensModel",
}  # fmt: skip
_NORTH_LETTER, _NORTH, _EAST_LETTER, _EAST = 0x1200001, 0x1200002, 0x1200003, 0x1200004

_TAGS = re.compile(rb"(?:[A-Z]{5,8} )+(?:DIGITAL CAMERA|DIGITAL|DigitalCam)|Kodak|KODAK DigitalCam|Ricoh")
_DJI = re.compile(r"GPS\s*\(\s*([+-]?\d{1,3}\.\d+)\s*,\s*([+-]?\d{1,3}\.\d+)\s*,\s*([+-]?\d+(?:\.\d+)?)")
_DJI_WORDS = re.compile(
    r"\[?\s*latitude\s*:\s*([+-]?\d{1,3}\.\d+)\]?[\s\S]{0,40}?\[?\s*long(?:i|ti)tude\s*:\s*([+-]?\d{1,3}\.\d+)",
    re.IGNORECASE,
)
_DJI_HEIGHT = re.compile(r"(?:abs_alt|altitude)\s*:\s*([+-]?\d+(?:\.\d+)?)", re.IGNORECASE)
_DJI_DATE = re.compile(r"(20\d\d-\d\d-\d\d \d\d:\d\d:\d\d)(?:[.,](\d{3}))?")


def analyse(exhibit: Exhibit, source: Source, parameters: Parameters) -> Iterator[Record]:
    """Readings `sony:*`, `nikon:*`, `tags:*`, `novatek:*` and `dji:*`. Silent on a movie without such boxes."""
    with source.open() as stream:
        data = Bytes(stream, source.size)
        tree = walk(data)
        yield from _sony(tree, data)
        yield from _nikon(tree, data)
        yield from _tags(tree, data)
        yield from _novatek(tree, data)
        yield from _dji(tree, data)


def _sony(tree: Tree, data: Bytes) -> Iterator[Record]:
    for box in tree.boxes:
        if box.name == b"xml ":
            yield from sony_meta.readings(data.payload(box, sony_meta.LARGEST)[4:], box.path)  # after version and flags
        elif box.name == b"uuid" and "/" not in box.path:
            content = data.payload(box, sony_meta.LARGEST)
            at = content.find(b"<?xml", 16)
            if at >= 0 and sony_meta.ROOT in content:
                yield from sony_meta.readings(content[at:], box.path)


# ---------------------------------------------------------------- Nikon


def _nikon(tree: Tree, data: Bytes) -> Iterator[Record]:
    """`NCTG` in `moov/udta/NCDT`: tag (4 bytes), Exif format (2), count (2), value; big-endian, one after another."""
    for box in tree.boxes:
        if box.name != b"NCDT":
            continue
        content = data.payload(box)
        at = content.find(b"NCTG", 4)
        if at < 4:
            continue
        length = int.from_bytes(content[at - 4 : at], "big")
        body = content[at + 4 : at - 4 + length]
        yield from _nikon_tags(dict(_nikon_entries(body)), f"{box.path}/NCTG")


def _nikon_entries(body: bytes) -> Iterator[tuple[int, bytes]]:
    at = 0
    for _ in range(MOST_TAGS):
        if at + 8 > len(body):
            return
        tag, form, count = struct.unpack_from(">IHH", body, at)
        if not 1 <= form < len(_SIZES):
            return
        size = count * _SIZES[form]
        yield tag, body[at + 8 : at + 8 + size]
        at += 8 + size


def _nikon_tags(found: dict[int, bytes], where: str) -> Iterator[Reading]:
    for tag, name in _NIKON.items():
        text = found.get(tag, b"").split(b"\x00")[0].decode("ascii", "replace").strip()
        if text:
            value = (from_text(text) or text) if name in ("CreateDate", "DateTimeOriginal") else text
            yield Reading(key=f"nikon:{name}", value=value, location=where)
    north = _triplet(found.get(_NORTH, b""), found.get(_NORTH_LETTER, b""), b"NS", 90.0)
    east = _triplet(found.get(_EAST, b""), found.get(_EAST_LETTER, b""), b"EW", 180.0)
    if north is not None and east is not None and (north or east):
        yield Reading(key="nikon:GPSPosition.latitude", value=north, location=where)
        yield Reading(key="nikon:GPSPosition.longitude", value=east, location=where)


def _triplet(raw: bytes, reference: bytes, letters: bytes, most: float) -> float | None:
    """Degrees of three unsigned rationals and a letter."""
    if len(raw) != 24 or reference[:1] not in (letters[:1], letters[1:]):
        return None
    numbers = struct.unpack(">6I", raw)
    if not all(numbers[1::2]):
        return None
    degrees, minutes, seconds = (a / b for a, b in zip(numbers[::2], numbers[1::2], strict=True))
    value: float = degrees + minutes / 60 + seconds / 3600
    if minutes >= 60 or seconds >= 60 or value > most:
        return None
    return round(-value if reference[:1] == letters[1:] else value, 7)


def _tags(tree: Tree, data: Bytes) -> Iterator[Record]:
    """`TAGS` of compact cameras (Kodak, Nikon, Olympus, Pentax, Samsung …) begins with the maker's name."""
    for box in tree.boxes:
        if box.name == b"TAGS":
            found = _TAGS.match(data.payload(box, 64))
            if found is not None:
                yield Reading(key="tags:maker", value=found.group(0).decode().strip(), location=box.path)


# ---------------------------------------------------------------- Novatek


def _novatek(tree: Tree, data: Bytes) -> Iterator[Record]:
    """`moov/gps `: version (4), count (4), then offset and size of each `freeGPS ` block."""
    index = tree.first("moov/gps ")
    if index is None:
        return
    body = data.payload(index, 8 + 8 * MOST_BLOCKS)
    fixes: list[Fix] = []
    blocks = unread = 0
    for number, at in enumerate(range(8, len(body) - 7, 8)):
        offset, size = struct.unpack_from(">II", body, at)
        block = data.at(offset, min(size, 4096))
        if block[4:12] != b"freeGPS ":
            continue
        blocks += 1
        fix = novatek_fix(block, float(number))
        if isinstance(fix, Fix):
            fixes.append(fix)
        else:
            unread += fix
    if blocks:
        yield Reading(key="novatek:blocks", value=blocks, location=index.path)
    if unread:
        yield Reading(key="novatek:blocks_not_understood", value=unread, location=index.path)
    yield from told("novatek", fixes, index.path)


def novatek_fix(block: bytes, seconds: float) -> Fix | bool:
    """A fix; False where the receiver had none; True where the layout is not known.

    Six numbers (hour, minute, second, year, month, day), `A` and two letters, then latitude and longitude as
    DDDMM.MMMM, speed in knots: at byte 48 (most) or 16 (Viofo). Times are taken as UTC, as the receiver gives them.
    """
    for at in (48, 16):
        if len(block) < at + 44:
            continue
        hour, minute, second, year, month, day, state, north, east = struct.unpack_from("<6I3c", block, at)
        if state not in (b"A", b"V") or north not in (b"N", b"S", b"\x00") or east not in (b"E", b"W", b"\x00"):
            continue
        if state == b"V" or b"\x00" in (north, east):
            return False
        latitude, longitude, speed = struct.unpack_from("<3f", block, at + 28)
        first, second_degrees = _of_minutes(latitude, north == b"S"), _of_minutes(longitude, east == b"W")
        if first is None or second_degrees is None:
            return True
        when = _utc(year if year >= 2000 else year + 2000, month, day, hour, minute, second)
        metres = speed * KNOTS_TO_METRES_PER_SECOND if math.isfinite(speed) and 0 <= speed < 1000 else None
        fix = Fix(seconds, first, second_degrees, None, metres, when, None)
        return fix if is_possible(fix) and (fix.latitude or fix.longitude) else True
    return True


def _of_minutes(value: float, is_negative: bool) -> float | None:
    """Degrees of DDDMM.MMMM; None where its minutes are none, as those of scrambled positions are."""
    if not math.isfinite(value) or not 0 <= value < 18_001:
        return None
    degrees, minutes = divmod(value, 100)
    if minutes >= 60:
        return None
    found = degrees + minutes / 60
    return round(-found if is_negative else found, 7)


def _utc(year: int, month: int, day: int, hour: int, minute: int, second: int) -> Moment | None:
    wall = f"{year:04d}-{month:02d}-{day:02d}T{hour:02d}:{minute:02d}:{second:02d}"
    try:
        return Moment(text=wall, wall=wall, zone=Zone.UTC)
    except ValueError:
        return None


# ---------------------------------------------------------------- DJI


def _dji(tree: Tree, data: Bytes) -> Iterator[Record]:
    """Subtitles that a DJI drone writes as a text track: one a second or a frame, with position and camera settings."""
    for track in movie.tracks(tree)[:64]:
        for _ in movie.track(track, data):
            pass  # fills in codec and timescale
        if track.codec not in (b"tx3g", b"text"):
            continue
        texts: list[tuple[float, str]] = []
        for number, sample in enumerate(samples(track, data)):
            if number >= MOST_SUBTITLES:
                break
            raw = data.at(sample.offset, min(sample.size, 4096))
            length = int.from_bytes(raw[:2], "big")
            texts.append((sample.start_seconds, raw[2 : 2 + length].decode("utf-8", "replace")))
        yield from subtitles(texts, track.path)


def subtitles(texts: list[tuple[float, str]], where: str) -> Iterator[Record]:
    """The track of positions in subtitles, and the first time that they state, by the drone's own clock."""
    fixes = [fix for seconds, text in texts for fix in _subtitle(seconds, text)]
    if not fixes:
        return
    yield from told("dji", fixes, where)
    for _, text in texts:
        date = _DJI_DATE.search(text)
        moment = from_text(date.group(0).replace(",", ".")) if date is not None else None
        if moment is not None:
            yield Reading(key="dji:first_time", value=moment, location=where)
            return


def _subtitle(seconds: float, text: str) -> Iterator[Fix]:
    """Older models write `GPS (longitude, latitude, satellites or height)`, newer ones name each value."""
    named = _DJI_WORDS.search(text)
    packed = None if named else _DJI.search(text)
    if named is not None:
        height = _DJI_HEIGHT.search(text)
        latitude, longitude = float(named.group(1)), float(named.group(2))
        metres = float(height.group(1)) if height else None
    elif packed is not None:
        longitude, latitude, metres = float(packed.group(1)), float(packed.group(2)), None
    else:
        return
    fix = Fix(seconds, latitude, longitude, metres, None, None, None)
    if is_possible(fix) and (latitude or longitude):
        yield fix


ANALYSER = Analyser(
    name="makers",
    version=1,
    accepts=frozenset({Kind.VIDEO}),
    media_types=frozenset({"video/mp4", "video/quicktime", "video/3gpp", "video/3gpp2"}),
    analyse=analyse,
    limits=Limits(seconds=20.0, seconds_per_megabyte=0.02, memory_bytes=512 << 20),
)
