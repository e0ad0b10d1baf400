"""Positions as one code: ISO 6709, MGRS and geohash."""

from __future__ import annotations

import re
import warnings

import mgrs

from verifier.geo.position import Position, check_latitude, check_longitude

GEOHASH_LETTERS = "0123456789bcdefghjkmnpqrstuvwxyz"
ISO_6709 = re.compile(
    r"([+-])(\d{2}|\d{4}|\d{6})(\.\d{1,12})?([+-])(\d{3}|\d{5}|\d{7})(\.\d{1,12})?"
    r"(?:([+-]\d{1,6}(?:\.\d{1,6})?))?(?:CRS[\w:/.-]{1,40})?/?"
)
MGRS = re.compile(r"\d{1,2}\s?[C-HJ-NP-X]\s?[A-HJ-NP-Z]\s?[A-HJ-NP-V]\s?(?:\d{1,5}\s?\d{1,5})?", re.IGNORECASE)
GEOHASH = re.compile(r"geohash:\s*([0-9b-hjkmnp-z]{1,12})", re.IGNORECASE)
GEOHASH_BARE = re.compile(r"(?=[a-z]*\d[a-z]*\d)(?=\d*[a-z]\d*[a-z])([0-9b-hjkmnp-z]{8,12})")


def read_iso_6709(found: re.Match[str]) -> Position:
    """The position of a match of ISO_6709."""
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


def read_mgrs(found: re.Match[str]) -> Position:
    """The position of a match of MGRS, with the diagonal of its square."""
    grid = found.group().replace(" ", "").upper()
    digits = len(re.sub(r"^\d{1,2}[A-Z]{3}", "", grid))
    if digits % 2:
        raise ValueError(f"an MGRS reference has as many digits east as north, {grid} has {digits}")
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("error", RuntimeWarning)  # it warns of a square that lies outside its own band
            latitude, longitude = mgrs.MGRS().toLatLon(grid)
    except (mgrs.core.MGRSError, RuntimeWarning) as error:
        raise ValueError(f"{grid} is not a square of the MGRS grid") from error
    square = 10.0 ** (5 - digits // 2)
    return Position(latitude_degrees=latitude, longitude_degrees=longitude, radius_metres=square * 2**0.5)


def read_geohash(found: re.Match[str]) -> Position:
    """The position of a match of GEOHASH."""
    south, north, west, east = geohash_box(found.group(1))
    return Position(
        latitude_degrees=(south + north) / 2,
        longitude_degrees=(west + east) / 2,
        radius_metres=min(((north - south) ** 2 + (east - west) ** 2) ** 0.5 / 2 * 111_320.0, 20_000_000.0),
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
