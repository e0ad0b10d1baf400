"""Positions as people and files write them.

Decimal degrees, degrees-minutes-seconds, ISO 6709, MGRS, Plus codes, geohash and geo: URIs, in and out. Every reader
raises ValueError with one sentence that says what is wrong and what would be right.
"""

from __future__ import annotations

from dataclasses import replace

import mgrs

from verifier.geo.letters import western_digits
from verifier.geo.position import Position
from verifier.geo.written.codes import geohash, geohash_box
from verifier.geo.written.plus_codes import encoded
from verifier.geo.written.text import written_in

__all__ = [
    "decimal", "geo_uri", "geohash", "geohash_box", "grid_reference", "iso_6709", "plus_code", "read_position",
    "sexagesimal", "utm",
]  # fmt: skip

_MOST_LETTERS = 600
HALF_A_METRE_DEGREES = 5e-6  # of latitude, and a little more


def read_position(text: str, source: str = "text") -> Position:
    """The position a person wrote, in any of the notations and nothing beside it. Raises ValueError with a sentence."""
    plain = western_digits(text).strip()
    if not plain or len(plain) > _MOST_LETTERS:
        raise ValueError("a position is written like 35.7000,51.3380 or 35°42'00\"N 51°20'17\"E or geo:35.7,51.338")
    written = written_in(plain)
    if written.words or len(written.positions) != 1:
        raise ValueError(
            f"{plain!r} is not a position; write decimal degrees (35.7000,51.3380), degrees-minutes-seconds, ISO 6709, "
            "MGRS, UTM, a full Plus code, geohash:…, geo:… or the link of a map"
        )
    return replace(written.positions[0], source=source)


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


def utm(position: Position) -> tuple[float, float]:
    """Easting and northing in metres, in the zone that the point lies in. Raises ValueError where UTM ends."""
    _, _, easting, northing = mgrs.MGRS().MGRSToUTM(grid_reference(position))
    return float(easting), float(northing)


def plus_code(position: Position) -> str:
    """Open Location Code of ten digits (about 14 m)."""
    return encoded(position.latitude_degrees, position.longitude_degrees)


def geo_uri(position: Position) -> str:
    """RFC 5870, with `u=` where the radius is known."""
    altitude = "" if position.altitude_metres is None else f",{position.altitude_metres:g}"
    radius = "" if position.radius_metres is None else f";u={position.radius_metres:g}"
    return f"geo:{decimal(position)}{altitude}{radius}"
