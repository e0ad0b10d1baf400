"""Readings become facts: one best value a question, with the reading it comes from and every other that answers it.

The order of sources is stated here and nowhere else. A fact is chosen, never computed from several readings: what two
sources disagree about stays visible as `others`. `captured_at` comes only from what states the moment of capture.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from verifier.dossier import Said
from verifier.findings.usable import is_after, usable, weeks_apart
from verifier.metadata.iso6709 import parse_iso6709
from verifier.records import Exhibit, Fact, Kind, Moment, Sourced, Value, Zone

MOST_OTHERS = 20
LONGEST_SECONDS = 30 * 86_400.0
_COUNTERS_END = (2**31 - 1, 2**31, 2**32 - 1, 2**32)
_TIMESCALES = (1, 600, 1_000, 90_000, 1_000_000)  # units to a second

Convert = Callable[[Value], Value]


def _moment(value: Value) -> Value:
    return value if usable(value) else None


def _instant(value: Value) -> Value:
    return value if isinstance(value, Moment) and value.zone is not Zone.LOCAL and usable(value) else None


def _satellite(value: Value) -> Value:
    """A time, or a time of day without a date."""
    return _moment(value) if isinstance(value, Moment) else value if isinstance(value, str) else None


def _model(value: Value) -> Value:
    """The name of a model; a bare number is none."""
    text = _text(value)
    return None if text is None or is_number(str(text)) else text


def is_number(text: str) -> bool:
    """Whether a text is nothing but a number: no name that leads to a device."""
    return re.fullmatch(r"\s*[+-]?[\d.,/]+\s*", text) is not None


def _text(value: Value) -> Value:
    """Text without the blanks that pad it; None where nothing is left."""
    if value is None or isinstance(value, Moment | bool):
        return None
    text = re.sub(r"[\s\x00]+$", "", str(value))
    return text if text.strip() else None


def _positive(value: Value) -> Value:
    return value if isinstance(value, int) and not isinstance(value, bool) and value > 0 else None


def _number(value: Value) -> Value:
    return value if isinstance(value, int | float) and not isinstance(value, bool) else None


def _length(value: Value) -> Value:
    seconds = _number(value)
    return seconds if isinstance(seconds, int | float) and is_length(float(seconds)) else None


def is_length(seconds: float) -> bool:
    """Whether a recording can last so long: no counter at its end, in units that containers count in."""
    if not 0.0 <= seconds < LONGEST_SECONDS:
        return False
    return not any(abs(seconds * scale - end) <= 1.0 for scale in _TIMESCALES for end in _COUNTERS_END)


def _orientation(value: Value) -> Value:
    return value if isinstance(value, int) and 1 <= value <= 8 else None


def _turn(value: Value) -> Value:
    if not isinstance(value, int | float) or isinstance(value, bool):
        return None
    degrees = round(value) % 360
    return degrees if degrees in (0, 90, 180, 270) else None


@dataclass(frozen=True, slots=True, kw_only=True)
class _Question:
    """Which keys answer a question, best first, which are only heard beside them, and what makes a value an answer.

    A key in `also` never gives the best value: it restates, digests or guesses what the others say first hand.
    """

    keys: tuple[str, ...]
    convert: Convert
    also: tuple[str, ...] = ()
    kinds: frozenset[Kind] = field(default_factory=lambda: frozenset(Kind))


def _streams(name: str) -> tuple[str, ...]:
    """Keys of a stream's property: what the container itself writes before what FFmpeg makes of it."""
    return tuple(f"{room}:{name}" for room in ("mp4", "matroska", "avi", "asf", "container"))


_STILL = frozenset({Kind.PHOTO})
_MOVING = frozenset({Kind.VIDEO, Kind.AUDIO})

QUESTIONS: Mapping[str, _Question] = {
    "captured_at": _Question(
        keys=(
            "exif:DateTimeOriginal", "quicktime:com.apple.quicktime.creationdate", "quicktime:creationdate",
            "sony:CreationDate", "nikon:DateTimeOriginal", "quicktime:©day", "quicktime:date", "avi:IDIT",
            "avi:strd.DateTimeOriginal", "h264:MDPM.DateTimeOriginal", "xmp:exif:DateTimeOriginal",
            "exif:DateTimeDigitized", "iptc:DateTimeCreated",
        ),
        also=(
            "exif:ExifIFD.DateTimeOriginal", "exif:ExifIFD.DateTimeDigitized", "xmp:photoshop:DateCreated",
            "xmp:exif:DateTimeDigitized", "iptc:DateTimeDigitized", "dji:first_time",
        ),
        convert=_moment,
    ),
    "created_at": _Question(
        keys=("mp4:mvhd.creation_time", "matroska:DateUTC", "asf:CreationDate"), convert=_instant, kinds=_MOVING
    ),
    "gps_time": _Question(
        keys=(
            "exif:GPSDateTime", "gpmf:first_fix_utc", "camm:first_fix_utc", "novatek:first_fix_utc",
            "exif:GPSTimeOfDay",
        ),
        also=("xmp:exif:GPSTimeStamp",),
        convert=_satellite,
    ),
    "make": _Question(
        keys=(
            "exif:Make", "quicktime:com.apple.quicktime.make", "quicktime:com.android.manufacturer", "quicktime:©mak",
            "quicktime:make", "sony:manufacturer", "nikon:Make",
        ),
        also=("avi:strd.make", "h264:MDPM.make", "xmp:tiff:Make"),
        convert=_text,
    ),
    "model": _Question(
        keys=(
            "exif:Model", "quicktime:com.apple.quicktime.model", "quicktime:com.android.model", "quicktime:©mod",
            "quicktime:model", "sony:modelName", "nikon:Model", "gpmf:model",
        ),
        also=("avi:strd.model", "h264:MDPM.model", "xmp:tiff:Model"),
        convert=_model,
    ),
    "software": _Question(
        keys=("exif:Software", "quicktime:com.apple.quicktime.software", "quicktime:©swr", "quicktime:software"),
        also=(
            "xmp:CreatorTool", "quicktime:©too", "avi:ISFT", "matroska:WritingApp", "png:tEXt.Software",
            "png:iTXt.Software", "png:zTXt.Software", "iptc:OriginatingProgram",
        ),
        convert=_text,
    ),
    "serial": _Question(
        keys=(
            "exif:BodySerialNumber", "exif:CameraSerialNumber", "exif:SerialNumber", "sony:serialNo",
            "nikon:SerialNumber", "gpmf:serial",
        ),
        also=("xmp:aux:SerialNumber", "xmp:exifEX:BodySerialNumber"),
        convert=_text,
    ),
    "lens": _Question(
        keys=("exif:LensModel", "quicktime:com.apple.quicktime.lens-model", "sony:lens", "nikon:LensModel"),
        also=("xmp:exifEX:LensModel", "xmp:aux:Lens"),
        convert=_text,
    ),
    "width": _Question(keys=("photo:width", *_streams("width")), convert=_positive),
    "height": _Question(keys=("photo:height", *_streams("height")), convert=_positive),
    "orientation": _Question(
        keys=("exif:Orientation",), also=("xmp:tiff:Orientation",), convert=_orientation, kinds=_STILL
    ),
    "rotation_degrees": _Question(
        keys=("photo:rotation_degrees", "mp4:rotation_degrees", "container:rotation_degrees"), convert=_turn
    ),
    "duration_s": _Question(
        keys=("container:measured_duration_s", *_streams("duration_s")), convert=_length, kinds=_MOVING
    ),
    "video_codec": _Question(
        keys=_streams("video_codec"), convert=_text, kinds=frozenset({Kind.VIDEO})
    ),
    "audio_codec": _Question(keys=_streams("audio_codec"), convert=_text, kinds=_MOVING),
    "frame_rate": _Question(
        keys=_streams("frame_rate"), convert=_number, kinds=frozenset({Kind.VIDEO})
    ),
}  # fmt: skip

# Exif gives these tags one directory each; found in another, they are heard, but not as the best value.
_AT_HOME = {
    "exif:Make": "IFD0", "exif:Model": "IFD0", "exif:Software": "IFD0", "exif:DateTimeDigitized": "ExifIFD",
    "exif:Orientation": "IFD0", "exif:LensModel": "ExifIFD", "exif:BodySerialNumber": "ExifIFD",
}  # fmt: skip

# Positions: three readings of one source, or one ISO 6709 text.
_POSITIONS: tuple[tuple[str, str, str, str], ...] = (
    ("exif:GPSPosition", ".latitude", ".longitude", ".altitude_m"),
    ("mp4:loci", ".latitude", ".longitude", ".altitude_m"),
    ("xmp:GPSPosition", ".latitude", ".longitude", ".altitude_m"),
    ("gpmf:first_fix", "_latitude", "_longitude", "_altitude_m"),
    ("camm:first_fix", "_latitude", "_longitude", "_altitude_m"),
    ("quicktime:timed:first_fix", "_latitude", "_longitude", "_altitude_m"),
    ("sony:GPSPosition", ".latitude", ".longitude", ".altitude_m"),
    ("nikon:GPSPosition", ".latitude", ".longitude", ".altitude_m"),
    ("novatek:first_fix", "_latitude", "_longitude", "_altitude_m"),
    ("dji:first_fix", "_latitude", "_longitude", "_altitude_m"),
    ("xmp:drone-dji:position", ".latitude", ".longitude", ".altitude_m"),
    ("h264:MDPM", ".latitude", ".longitude", ".altitude_m"),
)
ISO6709 = (
    "quicktime:com.apple.quicktime.location.ISO6709", "quicktime:location.ISO6709", "quicktime:©xyz",
)  # fmt: skip
# What FFmpeg makes of the same boxes, rounded and without the altitude: answers only where no reader of ours did.
ECHOES = (
    "container:tag.location", "container:tag.location-eng", "container:tag.com.apple.quicktime.location.ISO6709",
)  # fmt: skip
_RANKS = {
    "exif:GPSPosition": 0,
    "mp4:loci": 2,
    "xmp:GPSPosition": 3,
    "gpmf:first_fix": 4,
    "camm:first_fix": 4,
    "quicktime:timed:first_fix": 4,
    "sony:GPSPosition": 2,
    "nikon:GPSPosition": 2,
    "novatek:first_fix": 4,
    "dji:first_fix": 4,
    "xmp:drone-dji:position": 3,
    "h264:MDPM": 5,
}
_TEXT_RANK, _ECHO_RANK = 1, 9
ECHO_DEGREES = 0.001  # FFmpeg writes four decimals


def establish(readings: Sequence[Said], exhibit: Exhibit, handed_over: datetime | None = None) -> dict[str, Fact]:
    """The facts of one exhibit from its readings. Readings of a sidecar about it are no facts of its bytes.

    A time more than a day after it was handed over is no fact either.
    """
    own = [said for said in readings if said.exhibit == exhibit.id and said.reading.subject is None]
    by_key: dict[str, list[Said]] = {}
    for said in own:
        by_key.setdefault(said.reading.key, []).append(said)
    facts = {}
    for question, rule in QUESTIONS.items():
        if exhibit.kind in rule.kinds:
            fact = _fact(question, *_answers(rule, by_key, handed_over))
            if fact is not None:
                facts[question] = fact
    if rollover(facts):
        del facts["gps_time"]
    return facts | _position(by_key)


def rollover(facts: Mapping[str, Fact]) -> bool:
    """Whether the satellite time lies 1,024 weeks (or twice that) from the device's: its week counter ran over."""
    satellite, device = (facts[name].best.value if name in facts else None for name in ("gps_time", "captured_at"))
    if not isinstance(satellite, Moment) or not isinstance(device, Moment):
        return False
    apart = datetime.fromisoformat(device.wall[:19]) - datetime.fromisoformat(satellite.wall[:19])
    return weeks_apart(apart.total_seconds())


def _answers(
    rule: _Question, by_key: Mapping[str, list[Said]], handed_over: datetime | None
) -> tuple[list[Sourced], list[Sourced]]:
    """Answers that may be the best, in order, and those that are only heard beside them."""
    first: list[Sourced] = []
    beside: list[Sourced] = []
    for key in (*rule.keys, *rule.also):
        for said in by_key.get(key, ()):
            value = rule.convert(said.reading.value)
            if value is None or (isinstance(value, Moment) and is_after(value, handed_over)):
                continue
            sourced = Sourced(value=value, basis=key, location=said.reading.location)
            at_home = said.reading.location.startswith(_AT_HOME.get(key, ""))
            (first if key not in rule.also and at_home else beside).append(sourced)
    return first, beside


def _fact(question: str, first: Sequence[Sourced], beside: Sequence[Sourced]) -> Fact | None:
    if not first:
        return None
    return Fact(question=question, best=first[0], others=(*first[1:], *beside)[:MOST_OTHERS])


def _position(by_key: Mapping[str, list[Said]]) -> dict[str, Fact]:
    """Latitude, longitude and altitude of the same source, so that no position is put together from two."""
    places = _without_echoes(sorted(_places(by_key), key=lambda place: place[0]))[: 1 + MOST_OTHERS]
    if not places:
        return {}
    columns: dict[str, list[Sourced]] = {}
    for _, bases, location, *values in places:
        for name, basis, value in zip(("latitude", "longitude", "altitude_m"), bases, values, strict=True):
            sourced = Sourced(value=value, basis=basis, location=location)
            columns.setdefault(f"position_{name}", []).append(sourced)
    if columns["position_altitude_m"][0].value is None:
        del columns["position_altitude_m"]
    return {name: Fact(question=name, best=column[0], others=tuple(column[1:])) for name, column in columns.items()}


_Place = tuple[int, tuple[str, ...], str, float, float, float | None]


def _without_echoes(places: list[_Place]) -> list[_Place]:
    """Without what FFmpeg says of a position that was read first hand: one atom counts once."""
    first_hand = [place for place in places if place[0] != _ECHO_RANK]
    return [
        place
        for place in places
        if place[0] != _ECHO_RANK or not any(is_echo(place[3:5], first[3:5]) for first in first_hand)
    ]


def is_echo(one: tuple[float, ...], other: tuple[float, ...]) -> bool:
    """Whether two positions are the same but for rounding."""
    return all(abs(mine - theirs) <= ECHO_DEGREES for mine, theirs in zip(one[:2], other[:2], strict=True))


def _places(
    by_key: Mapping[str, list[Said]],
) -> Iterator[_Place]:
    """(rank, the readings' keys, location, latitude, longitude, altitude) of every position that was read."""
    for stem, *ends in _POSITIONS:
        latitudes, longitudes, altitudes = (by_key.get(stem + end, []) for end in ends)
        heights = {_block(said.reading.location): said.reading.value for said in reversed(altitudes)}
        for first, second in zip(latitudes, longitudes, strict=False):
            latitude, longitude = first.reading.value, second.reading.value
            if not isinstance(latitude, float | int) or not isinstance(longitude, float | int):
                continue
            height = heights.get(_block(first.reading.location))
            metres = float(height) if isinstance(height, int | float) else None
            if latitude or longitude:
                keys = tuple(stem + end for end in ends)
                yield _RANKS[stem], keys, first.reading.location, float(latitude), float(longitude), metres
    for key in (*ISO6709, *ECHOES):
        for said in by_key.get(key, ()):
            point = parse_iso6709(said.reading.value) if isinstance(said.reading.value, str) else None
            if point is not None:
                yield _TEXT_RANK if key in ISO6709 else _ECHO_RANK, (key, key, key), said.reading.location, *point


def _block(location: str) -> str:
    """The part of an Exif location that names its block; other locations name nothing else."""
    return location.partition(", ")[2] if location.startswith("GPS 0x") else location
