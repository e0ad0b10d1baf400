"""What a shadow says: at which times, at which places, and whether a claim of both agrees.

Answers are intervals, never a single minute: the ends of a shadow are measured with errors, ground slopes, objects
lean, and the width of the answer is the answer's honesty. Every combination of the errors is taken, without
linearisation. All angles in degrees, azimuths clockwise from true north, lengths in any one unit.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from itertools import product

import numpy as np
from numpy.typing import NDArray

from verifier.geo.position import Position
from verifier.geo.sky.sun import (
    Degrees,
    declination_and_hour_angle,
    horizontal,
    refraction_degrees,
    sampled,
    sun_position,
)

TIME_STEP_SECONDS = 60.0
MOST_CELLS = 4_000_000
MOST_INSTANTS = 1_500

Mask = NDArray[np.bool_]


@dataclass(frozen=True, slots=True, kw_only=True)
class Shadow:
    """What one shadow allows: an interval of sun altitudes, of shadow azimuths, or both; None where not measured."""

    altitude_degrees: tuple[float, float] | None = None
    azimuth_degrees: tuple[float, float] | None = None  # of the shadow, not the sun; clockwise from first to second

    def __post_init__(self) -> None:
        if self.altitude_degrees is None and self.azimuth_degrees is None:
            raise ValueError("a shadow needs a length ratio or a direction")

    def misses(self, altitude: Degrees, azimuth: Degrees) -> Degrees:
        """How many degrees the sun is outside what the shadow allows, 0 where it fits. Below the horizon counts too."""
        miss = np.maximum(0.0, -altitude)
        if self.altitude_degrees is not None:
            low, high = self.altitude_degrees
            miss = np.maximum(miss, np.maximum(low - altitude, altitude - high))
        if self.azimuth_degrees is not None:
            miss = np.maximum(miss, _outside_arc(azimuth + 180.0, self.azimuth_degrees))
        return np.maximum(miss, 0.0)


@dataclass(frozen=True, slots=True, kw_only=True)
class Turn:
    """A second shadow of the same scene: seen `gap_seconds` later, turned clockwise by an angle between two bounds.

    North need not be known: only how far the shadow has moved. `second` may bound the later shadow on its own.
    """

    gap_seconds: float
    degrees: tuple[float, float] | None = None
    second: Shadow | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Times:
    """Stretches of time that fit, and, where none does, the nearest miss."""

    intervals: tuple[tuple[datetime, datetime], ...]
    nearest_miss_degrees: float
    nearest_miss_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Places:
    """A mask over a grid of places: `fits[row, column]` for the cell centred on those degrees."""

    latitudes_degrees: Degrees
    longitudes_degrees: Degrees
    fits: Mask
    step_degrees: float
    nearest_miss_degrees: float

    @property
    def box(self) -> tuple[float, float, float, float]:
        """South, west, north, east of the grid."""
        return (
            float(self.latitudes_degrees[0]),
            float(self.longitudes_degrees[0]),
            float(self.latitudes_degrees[-1]),
            float(self.longitudes_degrees[-1]),
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Agreement:
    """Whether a claimed place and time fit a shadow, and by how many degrees they miss it at best."""

    agrees: bool
    miss_degrees: float
    sun_altitude_degrees: tuple[float, float]
    shadow_azimuth_degrees: float  # at the middle of the interval


def altitude_interval(
    *,
    height: float,
    height_error: float,
    length: float,
    length_error: float,
    slope_degrees: float = 0.0,
    slope_error_degrees: float = 1.0,
    lean_degrees: float = 0.0,
    lean_error_degrees: float = 1.0,
) -> tuple[float, float]:
    """Least and greatest sun altitude for an object and its shadow, over every combination of the errors.

    `length` is measured along the ground; `slope_degrees` is positive where the ground rises away from the object along
    its shadow; `lean_degrees` is positive where the object leans towards its shadow, and `height` is along the object.
    """
    _check_measure("height", height, height_error)
    _check_measure("shadow length", length, length_error)
    for name, degrees, error in (
        ("slope", slope_degrees, slope_error_degrees),
        ("lean", lean_degrees, lean_error_degrees),
    ):
        if error < 0 or abs(degrees) + error >= 80:
            raise ValueError(f"a {name} with its error stays below 80 degrees, not {degrees:g} ± {error:g}")
    angles = []
    heights = (max(height - height_error, 0.0), height + height_error)
    lengths = (max(length - length_error, 0.0), length + length_error)
    slopes = np.radians([slope_degrees - slope_error_degrees, slope_degrees, slope_degrees + slope_error_degrees])
    leans = np.radians([lean_degrees - lean_error_degrees, lean_degrees, lean_degrees + lean_error_degrees])
    for tall, long, slope, lean in product(heights, lengths, slopes, leans):
        up = tall * np.cos(lean) - long * np.sin(slope)
        along = long * np.cos(slope) - tall * np.sin(lean)
        angles.append(float(np.degrees(np.arctan2(up, along))))
    low, high = max(min(angles), 0.0), min(max(angles), 90.0)
    if low > high or high <= 0.0:
        raise ValueError("no sun above the horizon makes such a shadow: check the slope and the lengths")
    return low, high


def _check_measure(name: str, value: float, error: float) -> None:
    if not np.isfinite(value) or value <= 0:
        raise ValueError(f"a {name} is more than zero, not {value:g}")
    if not np.isfinite(error) or error < 0:
        raise ValueError(f"the error of a {name} is zero or more, not {error:g}")
    if error >= value:
        raise ValueError(f"a {name} of {value:g} with an error of {error:g} says nothing: measure it better")


def azimuth_interval(degrees: float, error_degrees: float) -> tuple[float, float]:
    """An arc around a direction, clockwise from its first to its second end. Raises ValueError."""
    if not 0 <= degrees <= 360:
        raise ValueError(f"an azimuth lies between 0 and 360 degrees clockwise from north, not {degrees:g}")
    if not 0 <= error_degrees < 180:
        raise ValueError(f"the error of an azimuth lies between 0 and 180 degrees, not {error_degrees:g}")
    return (degrees - error_degrees) % 360.0, (degrees + error_degrees) % 360.0


def times_of(
    position: Position, earliest: datetime, latest: datetime, shadow: Shadow, turn: Turn | None = None
) -> Times:
    """When, at a place and within an interval, the sun makes such a shadow. Ends are good to a minute of sampling."""
    times = sampled(earliest, latest, TIME_STEP_SECONDS)
    miss = _misses(times, position.latitude_degrees, position.longitude_degrees, shadow, turn)
    fits = miss <= 0.0
    edges = np.diff(np.concatenate(([0], fits.astype(np.int8), [0])))
    starts, ends = np.flatnonzero(edges == 1), np.flatnonzero(edges == -1) - 1
    # a stretch reaches up to the samples just outside it: widened, so that the truth is never cut off
    first, last = np.maximum(starts - 1, 0), np.minimum(ends + 1, len(times) - 1)
    best = int(np.argmin(miss))
    return Times(
        intervals=tuple((_instant(times[one]), _instant(times[other])) for one, other in zip(first, last, strict=True)),
        nearest_miss_degrees=float(miss[best]),
        nearest_miss_at=_instant(times[best]),
    )


def agreement(
    position: Position, earliest: datetime, latest: datetime, shadow: Shadow, turn: Turn | None = None
) -> Agreement:
    """How well a claimed place (with its radius) and time interval fit a shadow."""
    times = sampled(earliest, latest, TIME_STEP_SECONDS)
    altitude, azimuth = sun_position(times, position.latitude_degrees, position.longitude_degrees)
    miss = _misses(times, position.latitude_degrees, position.longitude_degrees, shadow, turn)
    allowance = (position.radius_metres or 0.0) / 111_195.0
    least = max(0.0, float(miss.min()) - allowance)
    middle = len(times) // 2
    return Agreement(
        agrees=least <= 0.0,
        miss_degrees=least,
        sun_altitude_degrees=(float(altitude.min()), float(altitude.max())),
        shadow_azimuth_degrees=float((azimuth[middle] + 180.0) % 360.0),
    )


def places_of(
    earliest: datetime,
    latest: datetime,
    shadow: Shadow,
    turn: Turn | None = None,
    box: tuple[float, float, float, float] = (-66.0, -180.0, 72.0, 180.0),
    step_degrees: float = 0.5,
) -> Places:
    """Where, within a box (south, west, north, east), some instant of the interval makes such a shadow."""
    latitudes, longitudes = grid(box, step_degrees)
    seconds = (latest - earliest).total_seconds()
    pace = max(TIME_STEP_SECONDS, seconds / MOST_INSTANTS)
    fits = np.zeros((len(latitudes), len(longitudes)), dtype=np.bool_)
    nearest = np.inf
    for instant in sampled(earliest, latest, pace):
        if shadow.azimuth_degrees is None and turn is None and shadow.altitude_degrees is not None:
            fits |= _altitude_band(float(instant), latitudes, longitudes, shadow.altitude_degrees)
            continue
        miss = _misses(instant, latitudes[:, None], longitudes[None, :], shadow, turn)
        nearest = min(nearest, float(miss.min()))
        fits |= miss <= 0.0
    if fits.any():
        nearest = 0.0
    elif not np.isfinite(nearest):
        miss = _misses(earliest.timestamp(), latitudes[:, None], longitudes[None, :], shadow, turn)
        nearest = float(miss.min())
    return Places(
        latitudes_degrees=latitudes,
        longitudes_degrees=longitudes,
        fits=fits,
        step_degrees=step_degrees,
        nearest_miss_degrees=nearest,
    )


def grid(box: tuple[float, float, float, float], step_degrees: float) -> tuple[Degrees, Degrees]:
    """Centres of the rows and columns of cells. Raises ValueError for a box that is none or a grid that is too fine."""
    south, west, north, east = box
    if 180 >= west > east >= -180:
        east += 360.0  # over the date line; longitudes beyond 180 are those of the west
    if not (-90 <= south < north <= 90 and -180 <= west < east <= west + 360):
        raise ValueError("a box is south, west, north, east in degrees, with south below north")
    if step_degrees <= 0 or (north - south) * (east - west) / step_degrees**2 > MOST_CELLS:
        raise ValueError(
            f"a step of {step_degrees:g} degrees makes more than {MOST_CELLS:,} cells here; choose a coarser"
        )
    return np.arange(south, north, step_degrees), np.arange(west, east, step_degrees)


def _altitude_band(unix_seconds: float, latitudes: Degrees, longitudes: Degrees, band: tuple[float, float]) -> Mask:
    """The fast path: at one instant the sine of altitude is a sum of products of row and column, compared as it is."""
    declination, greenwich = declination_and_hour_angle(unix_seconds)
    dec, lat = np.radians(declination), np.radians(latitudes)
    hour = np.radians(float(greenwich) + longitudes)
    sine = (np.sin(lat) * np.sin(dec))[:, None] + (np.cos(lat) * np.cos(dec))[:, None] * np.cos(hour)[None, :]
    low, high = (np.sin(np.radians(_true_altitude(max(degrees, 0.0)))) for degrees in band)
    if band[1] >= 90.0:
        high = 1.0
    fits: Mask = (sine >= low) & (sine <= high)
    return fits


def _true_altitude(apparent: float) -> float:
    """The geometric altitude that refraction and parallax show as `apparent` degrees; by fixed-point iteration."""
    true = apparent
    for _ in range(8):
        true = apparent - float(refraction_degrees(true - 0.00244)) + 0.00244 * float(np.cos(np.radians(true)))
    return true


def misses_at(unix_seconds: float, latitudes: Degrees, longitudes: Degrees, shadow: Shadow) -> Degrees:
    """How far the sun is from fitting a shadow at one instant, for each of many places; 0 where it fits."""
    return _misses(unix_seconds, latitudes, longitudes, shadow, None)


def _misses(unix_seconds: object, latitude: object, longitude: object, shadow: Shadow, turn: Turn | None) -> Degrees:
    times = np.asarray(unix_seconds, dtype=np.float64)
    altitude, azimuth = _sun(times, latitude, longitude)
    miss = shadow.misses(altitude, azimuth)
    if turn is None:
        return miss
    later_altitude, later_azimuth = _sun(times + turn.gap_seconds, latitude, longitude)
    miss = np.maximum(miss, np.maximum(0.0, -later_altitude))
    if turn.second is not None:
        miss = np.maximum(miss, turn.second.misses(later_altitude, later_azimuth))
    if turn.degrees is not None:
        miss = np.maximum(miss, _outside_arc(later_azimuth - azimuth, turn.degrees))
    return miss


def _sun(times: NDArray[np.float64], latitude: object, longitude: object) -> tuple[Degrees, Degrees]:
    """As `sun_position`, but the series of an instant is summed once for all places."""
    declination, greenwich = declination_and_hour_angle(times)
    altitude, azimuth = horizontal(
        declination, greenwich + np.asarray(longitude, dtype=np.float64), np.asarray(latitude, dtype=np.float64)
    )
    altitude = altitude - 0.00244 * np.cos(np.radians(altitude))
    return altitude + refraction_degrees(altitude), azimuth


def _outside_arc(azimuth: Degrees, arc: tuple[float, float]) -> Degrees:
    """Degrees from an azimuth to the nearer end of an arc, 0 inside."""
    first, second = arc
    width = (second - first) % 360.0
    along = (azimuth - first) % 360.0
    return np.where(along <= width, 0.0, np.minimum(along - width, 360.0 - along))


def _instant(unix_seconds: float) -> datetime:
    return datetime.fromtimestamp(float(unix_seconds), UTC)
