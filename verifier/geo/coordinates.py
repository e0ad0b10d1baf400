"""Positions as people and files write them.

Decimal degrees, degrees-minutes-seconds, ISO 6709, MGRS, Plus codes, geohash and geo: URIs, in and out. Every reader
raises ValueError with one sentence that says what is wrong and what would be right.
"""

from __future__ import annotations

import math
import re
from collections.abc import Callable

import mgrs
from openlocationcode import openlocationcode

from verifier.geo.letters import western_digits
from verifier.geo.position import Position, check_latitude, check_longitude

GEOHASH_LETTERS = "0123456789bcdefghjkmnpqrstuvwxyz"
_MOST_LETTERS = 200

_NUMBER = r"[+-]?\d{1,3}(?:\.\d{1,15})?"
_DECIMAL = re.compile(
    rf"\(?\s*({_NUMBER})\s*°?\s*([NSns])?\s*[,;\s]\s*({_NUMBER})\s*°?\s*([EWew])?\s*\)?",
)
_SEXAGESIMAL_PART = (
    r"([+-]?\d{1,3})\s*(?:°|º|deg|d|:)\s*(?:(\d{1,2}(?:\.\d{1,12})?)\s*(?:['′’:m]|min)?\s*)?"
    r"(?:(\d{1,2}(?:\.\d{1,12})?)\s*(?:\"|″|”|''|s|sec)?\s*)?([NSEWnsew])?"
)
_SEXAGESIMAL = re.compile(rf"{_SEXAGESIMAL_PART}\s*[,;\s]?\s*{_SEXAGESIMAL_PART}")
_ISO_6709 = re.compile(
    r"([+-])(\d{2}|\d{4}|\d{6})(\.\d{1,12})?([+-])(\d{3}|\d{5}|\d{7})(\.\d{1,12})?"
    r"(?:([+-]\d{1,6}(?:\.\d{1,6})?))?(?:CRS[\w:/.-]{1,40})?/?"
)
_GEO_URI = re.compile(
    rf"geo:({_NUMBER}),({_NUMBER})(?:,(-?\d{{1,6}}(?:\.\d+)?))?((?:;[\w-]+(?:=[^;\s]*)?)*)(?:\?.*)?", re.IGNORECASE
)
HALF_A_METRE_DEGREES = 5e-6  # of latitude, and a little more
_MGRS = re.compile(r"\d{1,2}[C-HJ-NP-X]\s?[A-HJ-NP-Z][A-HJ-NP-V]\s?(?:\d{1,5}\s?\d{1,5})?", re.IGNORECASE)
_PLUS = re.compile(r"[23456789CFGHJMPQRVWX]{8}\+[23456789CFGHJMPQRVWX]{2,7}", re.IGNORECASE)
_GEOHASH = re.compile(r"geohash:\s*([0-9b-hjkmnp-z]{1,12})", re.IGNORECASE)


def read_position(text: str, source: str = "text") -> Position:
    """The position a person wrote, in any of the notations. Raises ValueError with a sentence."""
    plain = western_digits(text).strip()
    if not plain or len(plain) > _MOST_LETTERS:
        raise ValueError("a position is written like 35.7000,51.3380 or 35°42'00\"N 51°20'17\"E or geo:35.7,51.338")
    for pattern, reader in _READERS:
        found = pattern.fullmatch(plain)
        if found:
            position = reader(found)
            return Position(
                latitude_degrees=position.latitude_degrees,
                longitude_degrees=position.longitude_degrees,
                altitude_metres=position.altitude_metres,
                radius_metres=position.radius_metres,
                source=source,
            )
    raise ValueError(
        f"{plain!r} is not a position; write decimal degrees (35.7000,51.3380), degrees-minutes-seconds, ISO 6709, "
        "MGRS, a full Plus code, geohash:… or geo:…"
    )


def _signed(value: str, hemisphere: str | None, negative: str) -> float:
    degrees = float(value)
    if hemisphere is None:
        return degrees
    if degrees < 0:
        raise ValueError(f"write either a minus sign or a letter, not both: {value}{hemisphere}")
    return -degrees if hemisphere.upper() == negative else degrees


def _read_decimal(found: re.Match[str]) -> Position:
    latitude, north, longitude, east = found.groups()
    return Position(
        latitude_degrees=_signed(latitude, north, "S"),
        longitude_degrees=_signed(longitude, east, "W"),
        radius_metres=_decimal_radius(latitude, longitude),
    )


def _decimal_radius(latitude: str, longitude: str) -> float:
    """Half a unit of the last written place, as a radius: 35.70,51.34 is within about 800 m of what was meant."""
    halves = [0.5 * 10.0 ** -len(part.partition(".")[2]) * 111_320.0 for part in (latitude, longitude)]
    return math.hypot(*halves)


def _read_sexagesimal(found: re.Match[str]) -> Position:
    first, second = found.groups()[:4], found.groups()[4:]
    parts = [_sexagesimal_degrees(part) for part in (first, second)]
    letters = [(part[3] or "").upper() for part in (first, second)]
    if letters[0] in ("E", "W"):
        parts.reverse()
        letters.reverse()
    if letters[0] not in ("", "N", "S") or letters[1] not in ("", "E", "W"):
        raise ValueError("a position has one latitude (N or S) and one longitude (E or W)")
    return Position(
        latitude_degrees=-parts[0] if letters[0] == "S" else parts[0],
        longitude_degrees=-parts[1] if letters[1] == "W" else parts[1],
    )


def _sexagesimal_degrees(part: tuple[str | None, ...]) -> float:
    degrees, minutes, seconds = (float(part[0] or 0), float(part[1] or 0), float(part[2] or 0))
    if minutes >= 60 or seconds >= 60:
        raise ValueError(f"minutes and seconds are below 60, not {minutes:g} and {seconds:g}")
    value = abs(degrees) + minutes / 60 + seconds / 3600
    return -value if (part[0] or "").startswith("-") else value


def _read_iso_6709(found: re.Match[str]) -> Position:
    north, latitude, latitude_rest, east, longitude, longitude_rest, altitude = found.groups()
    degrees_north = _packed(latitude, latitude_rest or "", 2)
    degrees_east = _packed(longitude, longitude_rest or "", 3)
    return Position(
        latitude_degrees=-degrees_north if north == "-" else degrees_north,
        longitude_degrees=-degrees_east if east == "-" else degrees_east,
        altitude_metres=float(altitude) if altitude else None,
    )


def _packed(digits: str, rest: str, width: int) -> float:
    """DD.D, DDMM.M or DDMMSS.S of ISO 6709 (three degree digits for a longitude) as degrees."""
    parts = [digits[:width], *(digits[at : at + 2] for at in range(width, len(digits), 2))]
    parts[-1] += rest
    values = [float(part) for part in parts]
    if any(value >= 60 for value in values[1:]):
        raise ValueError(f"minutes and seconds are below 60 in ISO 6709, not {digits}{rest}")
    return sum((value / 60.0**power for power, value in enumerate(values)), 0.0)


def _read_geo_uri(found: re.Match[str]) -> Position:
    latitude, longitude, altitude, parameters = found.groups()
    radius = None
    for parameter in (parameters or "").lower().split(";"):
        name, _, value = parameter.partition("=")
        if name == "u":
            radius = float(value)
        if name == "crs" and value != "wgs84":
            raise ValueError(f"only WGS 84 is read, not the coordinate system {value}")
    return Position(
        latitude_degrees=float(latitude),
        longitude_degrees=float(longitude),
        altitude_metres=float(altitude) if altitude else None,
        radius_metres=radius,
    )


def _read_mgrs(found: re.Match[str]) -> Position:
    grid = found.group().replace(" ", "").upper()
    digits = len(re.sub(r"^\d{1,2}[A-Z]{3}", "", grid))
    if digits % 2:
        raise ValueError(f"an MGRS reference has as many digits east as north, {grid} has {digits}")
    try:
        latitude, longitude = mgrs.MGRS().toLatLon(grid)
    except mgrs.core.MGRSError as error:
        raise ValueError(f"{grid} is not a square of the MGRS grid") from error
    square = 10.0 ** (5 - digits // 2)
    return Position(latitude_degrees=latitude, longitude_degrees=longitude, radius_metres=square * 2**0.5)


def _read_plus(found: re.Match[str]) -> Position:
    area = openlocationcode.decode(found.group().upper())
    tall = (area.latitudeHi - area.latitudeLo) * 111_320.0
    return Position(
        latitude_degrees=area.latitudeCenter, longitude_degrees=area.longitudeCenter, radius_metres=tall / 2 * 2**0.5
    )


def _read_geohash(found: re.Match[str]) -> Position:
    south, north, west, east = geohash_box(found.group(1))
    return Position(
        latitude_degrees=(south + north) / 2,
        longitude_degrees=(west + east) / 2,
        radius_metres=min(((north - south) ** 2 + (east - west) ** 2) ** 0.5 / 2 * 111_320.0, 20_000_000.0),
    )


_READERS: tuple[tuple[re.Pattern[str], Callable[[re.Match[str]], Position]], ...] = (
    (_GEO_URI, _read_geo_uri),
    (_GEOHASH, _read_geohash),
    (_PLUS, _read_plus),
    (_MGRS, _read_mgrs),
    (_ISO_6709, _read_iso_6709),
    (_DECIMAL, _read_decimal),
    (_SEXAGESIMAL, _read_sexagesimal),
)


def geohash_box(text: str) -> tuple[float, float, float, float]:
    """South, north, west, east of a geohash cell (Niemeyer 2008). Raises ValueError."""
    box = [[-180.0, 180.0], [-90.0, 90.0]]
    turn = 0
    for letter in text.lower():
        value = GEOHASH_LETTERS.find(letter)
        if value < 0:
            raise ValueError(f"{letter!r} is not a letter of a geohash")
        for bit in (16, 8, 4, 2, 1):
            middle = sum(box[turn % 2]) / 2
            box[turn % 2][0 if value & bit else 1] = middle
            turn += 1
    return box[1][0], box[1][1], box[0][0], box[0][1]


def geohash(latitude_degrees: float, longitude_degrees: float, letters: int = 9) -> str:
    """The geohash cell of that many letters (9: about 5 m) that holds the point."""
    check_latitude(latitude_degrees)
    check_longitude(longitude_degrees)
    box = [[-180.0, 180.0], [-90.0, 90.0]]
    point = (longitude_degrees, latitude_degrees)
    written, turn = "", 0
    while len(written) < letters:
        value = 0
        for _ in range(5):
            middle = sum(box[turn % 2]) / 2
            high = point[turn % 2] >= middle
            box[turn % 2][0 if high else 1] = middle
            value = value * 2 + high
            turn += 1
        written += GEOHASH_LETTERS[value]
    return written


def decimal(position: Position, places: int = 6) -> str:
    """`35.699700,51.338000`"""
    return f"{position.latitude_degrees:.{places}f},{position.longitude_degrees:.{places}f}"


def sexagesimal(position: Position) -> str:
    """`35°41'58.92"N 51°20'16.80"E`"""
    return f"{_dms(position.latitude_degrees, 'N', 'S')} {_dms(position.longitude_degrees, 'E', 'W')}"


def _dms(degrees: float, plus: str, minus: str) -> str:
    hundredths = round(abs(degrees) * 360_000)
    whole, rest = divmod(hundredths, 360_000)
    minutes, seconds = divmod(rest, 6_000)
    return f"{whole}°{minutes:02d}'{seconds / 100:05.2f}\"{minus if degrees < 0 else plus}"


def iso_6709(position: Position) -> str:
    """`+35.699700+051.338000/`, with the altitude where it is known."""
    altitude = "" if position.altitude_metres is None else f"{position.altitude_metres:+.1f}"
    return f"{position.latitude_degrees:+010.6f}{position.longitude_degrees:+011.6f}{altitude}/"


def grid_reference(position: Position) -> str:
    """MGRS to one metre. Raises ValueError beyond 80° S and 84° N, where the grid ends."""
    if not -80.0 <= position.latitude_degrees <= 84.0:
        raise ValueError("MGRS is written between 80° south and 84° north")
    latitude = position.latitude_degrees
    if -HALF_A_METRE_DEGREES < latitude < 0:
        latitude = 0.0  # a northing rounded up to the equator is one that the southern bands do not have
    return str(mgrs.MGRS().toMGRS(latitude, position.longitude_degrees))


def plus_code(position: Position) -> str:
    """Open Location Code of ten digits (about 14 m)."""
    return str(openlocationcode.encode(position.latitude_degrees, position.longitude_degrees))


def geo_uri(position: Position) -> str:
    """RFC 5870, with `u=` where the radius is known."""
    altitude = "" if position.altitude_metres is None else f",{position.altitude_metres:g}"
    radius = "" if position.radius_metres is None else f";u={position.radius_metres:g}"
    return f"geo:{decimal(position)}{altitude}{radius}"
