"""Positions as phones write them into videos: ISO 6709 annex H, `+32.0929+034.8620+028.516/`."""

from __future__ import annotations

import re

from verifier.metadata.gps import HIGHEST_METRES, LOWEST_METRES

_TEXT = re.compile(
    r"\s*([+-]\d{2,6}(?:\.\d{1,12})?)([+-]\d{3,7}(?:\.\d{1,12})?)([+-]\d{1,6}(?:\.\d{1,9})?)?(?:CRS\S*?)?/?\s*"
)


def parse_iso6709(text: str) -> tuple[float, float, float | None] | None:
    """Latitude and longitude in degrees, altitude in metres or None; None where it is no place or 0,0."""
    found = _TEXT.fullmatch(text)
    if found is None:
        return None
    latitude, longitude = _degrees(found.group(1), 2), _degrees(found.group(2), 3)
    if abs(latitude) > 90.0 or abs(longitude) > 180.0 or (latitude == 0.0 and longitude == 0.0):
        return None
    altitude = float(found.group(3)) if found.group(3) else None
    if altitude is not None and not LOWEST_METRES <= altitude <= HIGHEST_METRES:
        altitude = None
    return latitude, longitude, altitude


def _degrees(text: str, width: int) -> float:
    """Of `±DD.D`, `±DDMM.M` or `±DDMMSS.S` (three digits of degrees for a longitude)."""
    sign = -1.0 if text[0] == "-" else 1.0
    whole, _, fraction = text[1:].partition(".")
    degrees, rest = whole[:width], whole[width:]
    if not rest:
        return sign * float(f"{degrees}.{fraction or 0}")
    if len(rest) <= 2:
        return sign * (int(degrees) + float(f"{rest}.{fraction or 0}") / 60)
    return sign * (int(degrees) + int(rest[:2]) / 60 + float(f"{rest[2:]}.{fraction or 0}") / 3600)
