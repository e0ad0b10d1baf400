"""UTM coordinates (zone, easting, northing), to degrees by Krüger's series to the sixth order (Karney 2011).

The letter after the zone is a latitude band where the northing lies in that band, else a hemisphere: "39S 529885
3957568" is in band S (32° to 40° north).
"""

from __future__ import annotations

import math
import re

from verifier.geo.position import Position

SEMI_MAJOR_METRES = 6_378_137.0
FLATTENING = 1 / 298.257223563
SCALE = 0.9996
FALSE_EASTING, FALSE_NORTHING = 500_000.0, 10_000_000.0
BANDS = "CDEFGHJKLMNPQRSTUVWX"
_NUMBER = r"\d{6,8}(?:\.\d{1,3})?"
UTM = re.compile(
    rf"""(?:utm|wgs\s?84)?[\s:,]*(?:zone|زون|منطقه|ناحیه)?\s*(?P<zone>[1-6]?\d)\s?(?P<letter>[C-HJ-NP-X]|north|south)?
    [\s,;:]+(?:e|easting|x)?[\s:=]*(?P<east>{_NUMBER})\s*(?:m?\s?e|m)?[\s,;]+(?:n|northing|y)?[\s:=]*
    (?P<north>{_NUMBER})\s*(?:m?\s?n|m)?""",
    re.IGNORECASE | re.VERBOSE,
)


def read_utm(found: re.Match[str]) -> Position:
    """The position of a match of UTM. Raises ValueError with a sentence."""
    zone, letter = int(found["zone"]), (found["letter"] or "").upper()
    easting, northing = float(found["east"]), float(found["north"])
    if not 1 <= zone <= 60:
        raise ValueError(f"UTM zones are 1 to 60, not {zone}")
    if not 100_000 <= easting <= 900_000 or northing > FALSE_NORTHING:
        raise ValueError("a UTM easting lies between 100,000 and 900,000 metres, a northing below 10,000,000")
    if not letter:
        raise ValueError("UTM needs the letter of its band or hemisphere after the zone, like 39S or 39N")
    south = _is_south(letter, zone, easting, northing)
    latitude, longitude = utm_degrees(zone, easting, northing, south=south)
    return Position(latitude_degrees=latitude, longitude_degrees=longitude, radius_metres=1.0)


def _is_south(letter: str, zone: int, easting: float, northing: float) -> bool:
    if letter in ("NORTH", "SOUTH"):
        return letter == "SOUTH"
    south = letter < "N"
    latitude, _ = utm_degrees(zone, easting, northing, south=south)
    low = -80.0 + 8.0 * BANDS.index(letter)
    if low - 0.1 <= latitude <= low + (12.1 if letter == "X" else 8.1):
        return south
    if letter in "NS":  # no such band here: the letter is the hemisphere
        return letter == "S"
    raise ValueError(f"a northing of {northing:.0f} metres does not lie in band {letter}")


def utm_degrees(zone: int, easting: float, northing: float, *, south: bool) -> tuple[float, float]:
    """Latitude and longitude of a UTM point, degrees."""
    n = FLATTENING / (2 - FLATTENING)
    rectifying = SEMI_MAJOR_METRES / (1 + n) * (1 + n**2 / 4 + n**4 / 64 + n**6 / 256)
    beta = (
        n / 2 - 2 * n**2 / 3 + 37 * n**3 / 96 - n**4 / 360,
        n**2 / 48 + n**3 / 15 - 437 * n**4 / 1440,
        17 * n**3 / 480 - 37 * n**4 / 840,
        4397 * n**4 / 161280,
    )
    xi = (northing - (FALSE_NORTHING if south else 0.0)) / (SCALE * rectifying)
    eta = (easting - FALSE_EASTING) / (SCALE * rectifying)
    xi_plain = xi - sum(b * math.sin(2 * j * xi) * math.cosh(2 * j * eta) for j, b in enumerate(beta, 1))
    eta_plain = eta - sum(b * math.cos(2 * j * xi) * math.sinh(2 * j * eta) for j, b in enumerate(beta, 1))
    tau_conformal = math.sin(xi_plain) / math.hypot(math.sinh(eta_plain), math.cos(xi_plain))
    longitude = math.degrees(math.atan2(math.sinh(eta_plain), math.cos(xi_plain))) + zone * 6 - 183
    return math.degrees(math.atan(_geographic(tau_conformal))), (longitude + 180.0) % 360.0 - 180.0


def _geographic(conformal: float) -> float:
    """The tangent of the latitude whose conformal latitude has that tangent, by Newton's method."""
    e = math.sqrt(FLATTENING * (2 - FLATTENING))
    tau = conformal
    for _ in range(6):
        sigma = math.sinh(e * math.atanh(e * tau / math.hypot(1, tau)))
        guess = tau * math.hypot(1, sigma) - sigma * math.hypot(1, tau)
        slope = (1 - e**2) * math.hypot(1, guess) * math.hypot(1, tau) / (1 + (1 - e**2) * tau**2)
        tau += (conformal - guess) / slope
    return tau
