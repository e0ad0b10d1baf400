"""Open Location Codes ("Plus codes"), by the published specification: encode, decode, and a short code near a point.

Specification and test vectors: github.com/google/open-location-code (Apache-2.0). Ten digits are five pairs of base 20,
latitude first, from 90° south and 180° west; each further digit divides a cell into 5 rows and 4 columns. Whole numbers
of the finest cell are counted (2.5e7 latitudes and 8.192e6 longitudes a degree), so that nothing is rounded twice.
"""

from __future__ import annotations

import math
import re
from dataclasses import dataclass

from verifier.geo.position import Position, check_latitude, check_longitude

DIGITS = "23456789CFGHJMPQRVWX"
SEPARATOR_AT = 8
PAIRS = 10
MOST_DIGITS = 15
ROWS, COLUMNS = 5, 4
LATITUDES_PER_DEGREE = 8000 * ROWS**5
LONGITUDES_PER_DEGREE = 8000 * COLUMNS**5
METRES_PER_DEGREE = 111_320.0
_LETTER = f"[{DIGITS}]"
FULL = re.compile(
    rf"(?:{_LETTER}{{8}}\+(?:{_LETTER}{{2,7}})?|{_LETTER}{{6}}00\+|{_LETTER}{{4}}0000\+|{_LETTER}{{2}}000000\+)",
    re.IGNORECASE,
)
SHORT = re.compile(rf"(?:{_LETTER}{{2}}|{_LETTER}{{4}}|{_LETTER}{{6}})\+{_LETTER}{{2,7}}", re.IGNORECASE)


@dataclass(frozen=True, slots=True, kw_only=True)
class Cell:
    """The area of a code, degrees."""

    south: float
    west: float
    north: float
    east: float

    @property
    def position(self) -> Position:
        """Its centre, with the distance to its corners as the radius."""
        latitude, longitude = (self.south + self.north) / 2, (self.west + self.east) / 2
        tall = (self.north - self.south) * METRES_PER_DEGREE
        wide = (self.east - self.west) * METRES_PER_DEGREE * math.cos(math.radians(latitude))
        return Position(
            latitude_degrees=min(latitude, 90.0), longitude_degrees=longitude, radius_metres=math.hypot(tall, wide) / 2
        )


def encoded(latitude_degrees: float, longitude_degrees: float, digits: int = PAIRS) -> str:
    """The code of a point with 10 to 15 digits."""
    check_latitude(latitude_degrees)
    check_longitude(longitude_degrees)
    north = math.floor(round((latitude_degrees + 90.0) * LATITUDES_PER_DEGREE, 6))
    east = math.floor(round((longitude_degrees + 180.0) * LONGITUDES_PER_DEGREE, 6))
    north = min(max(north, 0), 180 * LATITUDES_PER_DEGREE - 1)
    east %= 360 * LONGITUDES_PER_DEGREE
    fine = ""
    for _ in range(MOST_DIGITS - PAIRS):
        fine = DIGITS[north % ROWS * COLUMNS + east % COLUMNS] + fine
        north, east = north // ROWS, east // COLUMNS
    pairs = ""
    for _ in range(PAIRS // 2):
        pairs = DIGITS[north % 20] + DIGITS[east % 20] + pairs
        north, east = north // 20, east // 20
    code = pairs + fine
    return f"{code[:SEPARATOR_AT]}+{code[SEPARATOR_AT:digits]}"


def decoded(code: str) -> Cell:
    """The area of a full code; digits after the fifteenth are ignored. Raises ValueError."""
    plain = code.upper()
    if FULL.fullmatch(plain[: SEPARATOR_AT + 8]) is None:
        raise ValueError(f"{code} is no full Plus code")
    digits = plain.replace("+", "").rstrip("0")[:MOST_DIGITS]
    places = [DIGITS.index(digit) for digit in digits]
    north = east = 0
    tall, wide = 400 * LATITUDES_PER_DEGREE, 400 * LONGITUDES_PER_DEGREE
    for at in range(0, min(len(places), PAIRS), 2):
        tall, wide = tall // 20, wide // 20
        north, east = north + places[at] * tall, east + places[at + 1] * wide
    for place in places[PAIRS:]:
        tall, wide = tall // ROWS, wide // COLUMNS
        north, east = north + place // COLUMNS * tall, east + place % COLUMNS * wide
    south, west = north / LATITUDES_PER_DEGREE - 90.0, east / LONGITUDES_PER_DEGREE - 180.0
    if south >= 90.0 or west >= 180.0:
        raise ValueError(f"{code} lies outside the Earth")
    return Cell(
        south=south,
        west=west,
        north=min((north + tall) / LATITUDES_PER_DEGREE - 90.0, 90.0),
        east=min((east + wide) / LONGITUDES_PER_DEGREE - 180.0, 180.0),
    )


def recovered(short: str, near: Position) -> Position:
    """The full code's position nearest to a point, for a code whose first 2, 4 or 6 digits are left out."""
    full = recovered_code(short, near)
    return decoded(full).position


def recovered_code(short: str, near: Position) -> str:
    """The full code of a short one, nearest to a point (the specification's recoverNearest)."""
    plain = short.upper()
    left_out = SEPARATOR_AT - plain.index("+")
    span = 20.0 ** (2 - left_out / 2)  # degrees of the cell that the missing digits name
    latitude, longitude = near.latitude_degrees, near.longitude_degrees
    prefix = encoded(latitude, longitude).replace("+", "")[:left_out]
    code = prefix + plain
    cell = decoded(code)
    centre_north, centre_east = (cell.south + cell.north) / 2, (cell.west + cell.east) / 2
    if latitude + span / 2 < centre_north and centre_north - span >= -90.0:
        centre_north -= span
    elif latitude - span / 2 > centre_north and centre_north + span <= 90.0:
        centre_north += span
    if longitude + span / 2 < centre_east:
        centre_east -= span
    elif longitude - span / 2 > centre_east:
        centre_east += span
    return encoded(centre_north, (centre_east + 180.0) % 360.0 - 180.0, len(plain) - 1 + left_out)
