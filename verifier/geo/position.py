"""A point on the Earth with what is known of its precision, and the errors that absurd points deserve.

WGS 84 throughout: degrees north and east, metres above the ellipsoid or sea level as the source meant it. A radius that
is not known is None, never zero: "no error stated" and "no error" are different facts.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, replace
from functools import lru_cache

from geographiclib.geodesic import Geodesic

EXACT_METRES = 10.0
VICINITY_METRES = 100.0
LOCALITY_METRES = 1_000.0
EARTH_RADIUS_METRES = 6_371_008.8  # mean radius, IUGG 1980
HALF_EARTH_METRES = 20_037_508.0


@dataclass(frozen=True, slots=True, kw_only=True)
class View:
    """Where a camera looks: degrees clockwise from north, and how wide.

    `reference` is "true", "magnetic" or "unknown"; `tolerance_degrees` is what the reference leaves open (magnetic
    without a declination model: 10 degrees). `field_degrees` is the horizontal field of view, None where unknown.
    """

    direction_degrees: float
    reference: str = "unknown"
    tolerance_degrees: float = 10.0
    field_degrees: float | None = None

    def __post_init__(self) -> None:
        if not 0.0 <= self.direction_degrees < 360.0:
            raise ValueError(f"a direction lies between 0 and 360 degrees from north, not {self.direction_degrees:g}")
        if self.field_degrees is not None and not 0.0 < self.field_degrees <= 360.0:
            raise ValueError(f"a field of view lies between 0 and 360 degrees, not {self.field_degrees:g}")


@dataclass(frozen=True, slots=True, kw_only=True)
class Position:
    """One point, where it comes from and how precise it says it is.

    `ambiguous` lists what the source left open ("no GPSLatitudeRef: north assumed"); such a point never contradicts.
    """

    latitude_degrees: float
    longitude_degrees: float
    altitude_metres: float | None = None
    radius_metres: float | None = None
    source: str = ""
    view: View | None = None
    ambiguous: str | None = None

    def __post_init__(self) -> None:
        check_latitude(self.latitude_degrees)
        check_longitude(self.longitude_degrees)
        if self.altitude_metres is not None and not -12_000.0 <= self.altitude_metres <= 100_000.0:
            raise ValueError(f"an altitude lies between -12,000 and 100,000 metres, not {self.altitude_metres:g}")
        if self.radius_metres is not None and not 0.0 <= self.radius_metres <= HALF_EARTH_METRES:
            raise ValueError(f"a radius lies between 0 and 20,000 km, not {self.radius_metres:g} metres")

    @property
    def is_null_island(self) -> bool:
        """Exactly 0, 0: what receivers write before they have a fix."""
        return self.latitude_degrees == 0.0 and self.longitude_degrees == 0.0

    def with_radius(self, metres: float | None) -> Position:
        """The same point with another precision."""
        return replace(self, radius_metres=metres)


def check_latitude(degrees: float) -> None:
    """Raises ValueError with a sentence for what is no latitude."""
    if not math.isfinite(degrees) or abs(degrees) > 90.0:
        raise ValueError(f"a latitude lies between -90 and 90 degrees, not {degrees:g}")


def check_longitude(degrees: float) -> None:
    """Raises ValueError with a sentence for what is no longitude."""
    if not math.isfinite(degrees) or abs(degrees) > 180.0:
        raise ValueError(f"a longitude lies between -180 and 180 degrees, not {degrees:g}")


def metres_between(one: Position, other: Position) -> float:
    """Length of the geodesic on WGS 84 (Karney 2013), metres."""
    return _geodesic_metres(
        one.latitude_degrees, one.longitude_degrees, other.latitude_degrees, other.longitude_degrees
    )


@lru_cache(maxsize=32_768)
def _geodesic_metres(latitude: float, longitude: float, other_latitude: float, other_longitude: float) -> float:
    line = Geodesic.WGS84.Inverse(latitude, longitude, other_latitude, other_longitude, Geodesic.DISTANCE)
    return float(line["s12"])


def bearing_between(one: Position, other: Position) -> float:
    """Direction at `one` of the geodesic to `other`, degrees clockwise from north, 0 <= x < 360."""
    line = Geodesic.WGS84.Inverse(
        one.latitude_degrees, one.longitude_degrees, other.latitude_degrees, other.longitude_degrees,
        Geodesic.AZIMUTH,
    )  # fmt: skip
    return float(line["azi1"]) % 360.0


def destination(start: Position, bearing_degrees: float, metres: float) -> tuple[float, float]:
    """Latitude and longitude reached after `metres` along the geodesic; longitude in -180..180."""
    end = Geodesic.WGS84.Direct(start.latitude_degrees, start.longitude_degrees, bearing_degrees, metres)
    return float(end["lat2"]), float(end["lon2"])


def circle(centre: Position, metres: float, corners: int = 48) -> list[tuple[float, float]]:
    """A closed ring of (longitude, latitude) around a point, as GeoJSON writes rings; longitudes are not wrapped."""
    ring = []
    for step in range(corners):
        latitude, longitude = destination(centre, 360.0 * step / corners, metres)
        if longitude - centre.longitude_degrees > 180.0:
            longitude -= 360.0
        elif longitude - centre.longitude_degrees < -180.0:
            longitude += 360.0
        ring.append((longitude, latitude))
    return [*ring, ring[0]]


def cone(centre: Position, metres: float, steps: int = 12) -> list[tuple[float, float]] | None:
    """A camera's view as a closed ring of (longitude, latitude), its field widened by the tolerance; None without."""
    view = centre.view
    if view is None:
        return None
    half = (view.field_degrees or 0.0) / 2 + view.tolerance_degrees
    if half >= 180.0:
        return circle(centre, metres)
    apex = (centre.longitude_degrees, centre.latitude_degrees)
    ring = [apex]
    for step in range(steps + 1):
        bearing = view.direction_degrees - half + 2 * half * step / steps
        latitude, longitude = destination(centre, bearing, metres)
        ring.append((longitude, latitude))
    return [*ring, apex]


def precision_word(radius_metres: float | None) -> str:
    """The field's word for a radius: exact, vicinity, locality, city, province, country, or unknown."""
    if radius_metres is None:
        return "unknown"
    for limit, word in (
        (EXACT_METRES, "exact"),
        (VICINITY_METRES, "vicinity"),
        (LOCALITY_METRES, "locality"),
        (30_000.0, "city"),
        (400_000.0, "province"),
    ):
        if radius_metres <= limit:
            return word
    return "country"
