"""The moon's altitude, azimuth and lit share: enough to say whether moonlight was possible, and which shape it had.

Meeus, *Astronomical Algorithms*, chapter 47, cut after the terms above 0.02 degree: good to about 0.1 degree in place
and 0.01 in lit share. Topocentric parallax (up to a degree) is applied; refraction is not.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

import numpy as np

from verifier.geo.position import Position
from verifier.geo.sky.sun import horizontal, sidereal_degrees

_R = np.pi / 180.0
# D, M, M', F, coefficient in 1e-6 degrees of longitude; the same with 1e-3 km of distance
_LONGITUDE = (
    (0, 0, 1, 0, 6288774, -20905355), (2, 0, -1, 0, 1274027, -3699111), (2, 0, 0, 0, 658314, -2955968),
    (0, 0, 2, 0, 213618, -569925), (0, 1, 0, 0, -185116, 48888), (0, 0, 0, 2, -114332, -3149),
    (2, 0, -2, 0, 58793, 246158), (2, -1, -1, 0, 57066, -152138), (2, 0, 1, 0, 53322, -170733),
    (2, -1, 0, 0, 45758, -204586), (0, 1, -1, 0, -40923, -129620), (1, 0, 0, 0, -34720, 108743),
    (0, 1, 1, 0, -30383, 104755), (2, 0, 0, -2, 15327, 10321), (0, 0, 1, 2, -12528, 0), (0, 0, 1, -2, 10980, 79661),
    (4, 0, -1, 0, 10675, -34782), (0, 0, 3, 0, 10034, -23210), (4, 0, -2, 0, 8548, -21636), (2, 1, -1, 0, -7888, 24208),
    (2, 1, 0, 0, -6766, 30824), (1, 0, -1, 0, -5163, -8379), (1, 1, 0, 0, 4987, -16675), (2, -1, 1, 0, 4036, -12831),
    (2, 0, 2, 0, 3994, -10445), (4, 0, 0, 0, 3861, -11650), (2, 0, -3, 0, 3665, 14403),
)  # fmt: skip
_LATITUDE = (
    (0, 0, 0, 1, 5128122), (0, 0, 1, 1, 280602), (0, 0, 1, -1, 277693), (2, 0, 0, -1, 173237), (2, 0, -1, 1, 55413),
    (2, 0, -1, -1, 46271), (2, 0, 0, 1, 32573), (0, 0, 2, 1, 17198), (2, 0, 1, -1, 9266), (0, 0, 2, -1, 8822),
    (2, -1, 0, -1, 8216), (2, 0, -2, -1, 4324), (2, 0, 1, 1, 4200), (2, 1, 0, -1, -3359), (2, -1, -1, 1, 2463),
)  # fmt: skip


@dataclass(frozen=True, slots=True, kw_only=True)
class Moon:
    """Where the moon stands and how much of it is lit (0 new, 1 full), and whether it is growing."""

    altitude_degrees: float
    azimuth_degrees: float
    lit_share: float
    is_waxing: bool

    @property
    def phase(self) -> str:
        """new, crescent, half, gibbous or full."""
        for limit, word in ((0.02, "new"), (0.40, "crescent"), (0.60, "half"), (0.98, "gibbous")):
            if self.lit_share < limit:
                return word
        return "full"


def moon_at(position: Position, instant: datetime) -> Moon:
    """The moon over a place at an instant."""
    julian = instant.timestamp() / 86400.0 + 2440587.5
    century = (julian + 69.2 / 86400.0 - 2451545.0) / 36525.0
    longitude, latitude, kilometres = _ecliptic(century)
    obliquity = (23.439291 - 0.0130042 * century) * _R
    right_ascension = np.arctan2(
        np.sin(longitude) * np.cos(obliquity) - np.tan(latitude) * np.sin(obliquity), np.cos(longitude)
    )
    declination = np.arcsin(
        np.sin(latitude) * np.cos(obliquity) + np.cos(latitude) * np.sin(obliquity) * np.sin(longitude)
    )
    hour = float(sidereal_degrees(julian)) + position.longitude_degrees - right_ascension / _R
    altitude, azimuth = horizontal(declination / _R, hour, position.latitude_degrees)
    parallax = np.arcsin(6378.14 / kilometres) / _R * np.cos(float(altitude) * _R)
    sun_longitude = _sun_longitude(century)
    apart = np.arccos(np.cos(latitude) * np.cos(longitude - sun_longitude))
    return Moon(
        altitude_degrees=float(altitude) - float(parallax),
        azimuth_degrees=float(azimuth),
        lit_share=float((1 - np.cos(apart)) / 2),
        is_waxing=bool(np.sin(longitude - sun_longitude) > 0),
    )


def _ecliptic(century: float) -> tuple[float, float, float]:
    """Longitude and latitude in radians, distance in km."""
    mean = 218.3164477 + 481267.88123421 * century - 0.0015786 * century**2
    elongation = 297.8501921 + 445267.1114034 * century - 0.0018819 * century**2
    sun_anomaly = 357.5291092 + 35999.0502909 * century
    anomaly = 134.9633964 + 477198.8675055 * century + 0.0087414 * century**2
    argument = 93.2720950 + 483202.0175233 * century - 0.0036539 * century**2
    eccentricity = 1 - 0.002516 * century - 0.0000074 * century**2
    arguments = np.array([elongation, sun_anomaly, anomaly, argument]) * _R
    table = np.array(_LONGITUDE, dtype=np.float64)
    angles = table[:, :4] @ arguments
    weight = eccentricity ** np.abs(table[:, 1])
    longitude = mean + float((table[:, 4] * weight * np.sin(angles)).sum()) / 1e6
    kilometres = 385000.56 + float((table[:, 5] * weight * np.cos(angles)).sum()) / 1e3
    across = np.array(_LATITUDE, dtype=np.float64)
    damped = eccentricity ** np.abs(across[:, 1])
    latitude = float((across[:, 4] * damped * np.sin(across[:, :4] @ arguments)).sum()) / 1e6
    return longitude % 360.0 * _R, latitude * _R, kilometres


def _sun_longitude(century: float) -> float:
    anomaly = (357.52911 + 35999.05029 * century) * _R
    degrees = 280.46646 + 36000.76983 * century + 1.914602 * np.sin(anomaly) + 0.019993 * np.sin(2 * anomaly)
    return float(degrees % 360.0 * _R)
