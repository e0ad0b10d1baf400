"""Where the sun stands, when it rises and sets, and what light that makes.

Positions after Meeus, *Astronomical Algorithms* (2nd ed.), chapter 25, low-precision series, with nutation,
aberration, parallax, and the refraction formula of the NREL Solar Position Algorithm (Reda & Andreas 2004) at 1013.25
hPa and 12 °C. Tested against pvlib's SPA: within 0.05 degree above 1 degree of altitude. Near the horizon refraction
itself varies by a few tenths of a degree from day to day, and no model knows it.

Altitudes and azimuths in degrees; azimuths clockwise from true north; times are Unix seconds, UTC.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime

import numpy as np
from numpy.typing import ArrayLike, NDArray

from verifier.geo.position import Position

Degrees = NDArray[np.float64]

RISE_DEGREES = -0.8333  # upper limb on the horizon with 34' of refraction, as almanacs count
CIVIL_DEGREES, NAUTICAL_DEGREES, ASTRONOMICAL_DEGREES = -6.0, -12.0, -18.0
STEP_SECONDS = 300.0
MOST_DAYS = 400
_R = np.pi / 180.0
_DELTA_T_SECONDS = 69.2  # TT - UT1 in the 2020s; a minute of error moves the sun by 0.0007 degree
_PRESSURE_AND_TEMPERATURE = 1013.25 / 1010.0 * 283.0 / (273.0 + 12.0)


@dataclass(frozen=True, slots=True, kw_only=True)
class SunEvent:
    """A crossing of an altitude: "sunrise", "sunset", "civil dawn" …, `rising` or not, and when."""

    name: str
    rising: bool
    at: datetime


def declination_and_hour_angle(unix_seconds: ArrayLike) -> tuple[Degrees, Degrees]:
    """The sun's declination and its hour angle at Greenwich, degrees."""
    julian = np.asarray(unix_seconds, dtype=np.float64) / 86400.0 + 2440587.5
    century = (julian + _DELTA_T_SECONDS / 86400.0 - 2451545.0) / 36525.0
    mean_longitude = 280.46646 + century * (36000.76983 + 0.0003032 * century)
    anomaly = (357.52911 + century * (35999.05029 - 0.0001537 * century)) * _R
    centre = (
        (1.914602 - century * (0.004817 + 1.4e-5 * century)) * np.sin(anomaly)
        + (0.019993 - 0.000101 * century) * np.sin(2 * anomaly)
        + 0.000289 * np.sin(3 * anomaly)
    )
    node = (125.04 - 1934.136 * century) * _R
    longitude = (mean_longitude + centre + _perturbations(century) - 0.00569 - 0.00478 * np.sin(node)) * _R
    obliquity = (
        23.0 + (26.0 + (21.448 - century * (46.815 + century * (0.00059 - 0.001813 * century))) / 60.0) / 60.0
        + 0.00256 * np.cos(node)
    ) * _R  # fmt: skip
    right_ascension = np.arctan2(np.cos(obliquity) * np.sin(longitude), np.cos(longitude))
    declination = np.arcsin(np.sin(obliquity) * np.sin(longitude))
    sidereal = sidereal_degrees(julian) - 17.2 * np.sin(node) / 3600.0 * np.cos(obliquity)
    return declination / _R, (sidereal - right_ascension / _R) % 360.0


def _perturbations(century: Degrees) -> Degrees:
    """What Venus, Jupiter and the Moon add to the longitude, degrees (Meeus, *Astronomical Formulae*, chapter 18)."""
    since_1900 = century + 1.0
    return (
        0.00134 * np.cos((153.23 + 22518.7541 * since_1900) * _R)
        + 0.00154 * np.cos((216.57 + 45037.5082 * since_1900) * _R)
        + 0.00200 * np.cos((312.69 + 32964.3577 * since_1900) * _R)
        + 0.00179 * np.sin((350.74 + 445267.1142 * since_1900) * _R)
        + 0.00178 * np.sin((231.19 + 20.20 * since_1900) * _R)
    )


def sidereal_degrees(julian_day: ArrayLike) -> Degrees:
    """Mean sidereal time at Greenwich, degrees (Meeus 12.4)."""
    days = np.asarray(julian_day, dtype=np.float64) - 2451545.0
    degrees: Degrees = 280.46061837 + 360.98564736629 * days + 0.000387933 * (days / 36525.0) ** 2
    return degrees


def horizontal(declination: ArrayLike, hour_angle: ArrayLike, latitude: ArrayLike) -> tuple[Degrees, Degrees]:
    """Geometric altitude and azimuth of a body from its local hour angle; everything in degrees, broadcasting."""
    dec = np.asarray(declination, dtype=np.float64) * _R
    hour = np.asarray(hour_angle, dtype=np.float64) * _R
    lat = np.asarray(latitude, dtype=np.float64) * _R
    sine = np.sin(lat) * np.sin(dec) + np.cos(lat) * np.cos(dec) * np.cos(hour)
    altitude = np.arcsin(np.clip(sine, -1.0, 1.0)) / _R
    azimuth = np.arctan2(np.sin(hour), np.cos(hour) * np.sin(lat) - np.tan(dec) * np.cos(lat)) / _R + 180.0
    return altitude, azimuth % 360.0


def refraction_degrees(altitude: ArrayLike) -> Degrees:
    """How much the air lifts a body of that true altitude; 0 below -0.8333 degrees, where the sun is down anyway."""
    true = np.asarray(altitude, dtype=np.float64)
    shown = np.maximum(true, RISE_DEGREES)
    lift = _PRESSURE_AND_TEMPERATURE * 1.02 / (60.0 * np.tan((shown + 10.3 / (shown + 5.11)) * _R))
    return np.where(true >= RISE_DEGREES, lift, 0.0)


def sun_position(
    unix_seconds: ArrayLike, latitude: ArrayLike, longitude: ArrayLike, refraction: bool = True
) -> tuple[Degrees, Degrees]:
    """Altitude (apparent, unless `refraction` is False) and azimuth of the sun's centre; arguments broadcast."""
    declination, greenwich = declination_and_hour_angle(unix_seconds)
    altitude, azimuth = horizontal(declination, greenwich + np.asarray(longitude, dtype=np.float64), latitude)
    altitude = altitude - 0.00244 * np.cos(altitude * _R)  # parallax
    if refraction:
        altitude = altitude + refraction_degrees(altitude)
    return altitude, azimuth


def altitude_range(
    position: Position, earliest: datetime, latest: datetime, radius_metres: float = 0.0
) -> tuple[float, float]:
    """Least and greatest apparent altitude over an interval (at most 400 days) anywhere within a radius of a place."""
    times = sampled(earliest, latest)
    altitude, _ = sun_position(times, position.latitude_degrees, position.longitude_degrees)
    margin = radius_metres / 111_195.0 + 0.05  # a degree of distance moves the sun by at most a degree
    if len(times) > 1:
        margin += 0.0021 * min(float(times[1] - times[0]), 600.0)  # the sky turns by 15 degrees an hour
    return float(altitude.min()) - margin, float(altitude.max()) + margin


def sampled(earliest: datetime, latest: datetime, step_seconds: float = STEP_SECONDS) -> NDArray[np.float64]:
    """Unix seconds from one instant to another, both included, no more than a step apart. Raises ValueError."""
    seconds = (latest - earliest).total_seconds()
    if seconds < 0:
        raise ValueError("the interval ends before it begins")
    if seconds > MOST_DAYS * 86400:
        raise ValueError(f"the sun is followed over at most {MOST_DAYS} days; {seconds / 86400:.0f} are too many")
    count = int(np.ceil(seconds / step_seconds)) + 1
    return np.linspace(earliest.timestamp(), latest.timestamp(), max(count, 1))


_CROSSINGS = (
    ("sunrise", "sunset", RISE_DEGREES),
    ("civil dawn", "civil dusk", CIVIL_DEGREES),
    ("nautical dawn", "nautical dusk", NAUTICAL_DEGREES),
    ("astronomical dawn", "astronomical dusk", ASTRONOMICAL_DEGREES),
)


def sun_events(position: Position, earliest: datetime, latest: datetime) -> list[SunEvent]:
    """Sunrise, sunset and the three twilights within an interval, in order. A polar day has none, and that is true."""
    times = sampled(earliest, latest)
    altitude, _ = sun_position(times, position.latitude_degrees, position.longitude_degrees, refraction=False)
    events = []
    for up, down, degrees in _CROSSINGS:
        above = altitude > degrees
        for index in np.flatnonzero(above[1:] != above[:-1]):
            at = _crossing(position, float(times[index]), float(times[index + 1]), degrees)
            rising = bool(above[index + 1])
            events.append(SunEvent(name=up if rising else down, rising=rising, at=at))
    return sorted(events, key=lambda event: event.at)


def _crossing(position: Position, low: float, high: float, degrees: float) -> datetime:
    """Bisection to a tenth of a second."""
    start_above = _true_altitude(position, low) > degrees
    while high - low > 0.1:
        middle = (low + high) / 2
        if (_true_altitude(position, middle) > degrees) == start_above:
            low = middle
        else:
            high = middle
    return datetime.fromtimestamp((low + high) / 2, UTC)


def _true_altitude(position: Position, unix_seconds: float) -> float:
    altitude, _ = sun_position(unix_seconds, position.latitude_degrees, position.longitude_degrees, refraction=False)
    return float(altitude)


def light(altitude_degrees: float) -> str:
    """The word for the light at an altitude: day, low sun, civil / nautical / astronomical twilight, night."""
    for limit, word in (
        (6.0, "day"),
        (RISE_DEGREES, "low sun"),
        (CIVIL_DEGREES, "civil twilight"),
        (NAUTICAL_DEGREES, "nautical twilight"),
        (ASTRONOMICAL_DEGREES, "astronomical twilight"),
    ):
        if altitude_degrees > limit:
            return word
    return "night"
