"""The calls to prayer from the sun at a place, as intervals that hold every authority's rule.

Dawn: the sun 20° to 14° below the horizon (authorities use 15° to 19.5°). Noon: its transit. Afternoon: from the
transit to sunset. Evening: from sunset to the sun at 7.5° below (Tehran 4.5°). Night: from sunset on, for three hours.
"""

from __future__ import annotations

from datetime import date, datetime, timedelta

import numpy as np

from verifier.geo.position import Position
from verifier.geo.sky.sun import RISE_DEGREES, sun_position
from verifier.geo.words_of_time.context import Context
from verifier.geo.words_of_time.errors import TimeNotUnderstood
from verifier.geo.words_of_time.zones import bounds

IRAN = tuple(
    Position(latitude_degrees=latitude, longitude_degrees=longitude)
    for latitude, longitude in ((25.2, 61.5), (25.2, 54.0), (27.0, 63.3), (39.7, 44.4), (38.0, 57.5), (37.0, 61.0),
                                (31.0, 48.0), (31.0, 61.8))
)  # fmt: skip
MARGIN = timedelta(minutes=15)
_STEP_SECONDS = 60


def prayer_bounds(name: str, relation: str | None, day: date, at: Context) -> tuple[datetime, datetime]:
    """Between which instants (UTC) a call was heard on a day; with "after" or "before", that part of the day."""
    positions = at.positions or (IRAN if at.zone == "Asia/Tehran" else ())
    if not positions:
        raise TimeNotUnderstood("the call to prayer follows the sun: say at which place")
    spread = timedelta(hours=at.radius_metres / 1_300_000)  # the sun passes over 1,300 km an hour at 40° of latitude
    found = [_at(name, day, position, at.zone) for position in positions]
    earliest, latest = min(one[0] for one in found) - MARGIN - spread, max(one[1] for one in found) + MARGIN + spread
    if relation == "after":
        return earliest, latest + timedelta(hours=8)
    if relation == "before":
        return earliest - timedelta(hours=8), latest
    return earliest, latest


def _at(name: str, day: date, position: Position, zone: str | None) -> tuple[datetime, datetime]:
    midnight = bounds(datetime(day.year, day.month, day.day), zone or "+00:00")[0]  # noqa: DTZ001
    if zone is None:
        midnight -= timedelta(hours=position.longitude_degrees / 15)
    times = midnight.timestamp() + np.arange(0, 26 * 3600, _STEP_SECONDS)
    altitude, _ = sun_position(times, position.latitude_degrees, position.longitude_degrees, refraction=False)
    noon = int(np.argmax(altitude))

    def at(index: int) -> datetime:
        return midnight + timedelta(seconds=index * _STEP_SECONDS)

    def falling(degrees: float) -> datetime:
        return at(_first(altitude[noon:] < degrees, name) + noon)

    def rising(degrees: float) -> datetime:
        return at(_first(altitude[:noon] > degrees, name))

    if name == "fajr":
        return rising(-20.0), rising(-14.0)
    if name in ("dhuhr", "friday"):
        return at(noon), at(noon) + timedelta(minutes=15 if name == "dhuhr" else 150)
    sunset = falling(RISE_DEGREES)
    if name == "asr":
        return at(noon), sunset
    return sunset, falling(-7.5) if name == "maghrib" else sunset + timedelta(hours=3)


def _first(mask: np.ndarray, name: str) -> int:
    found = np.flatnonzero(mask)
    if not len(found) or found[0] == 0:
        raise TimeNotUnderstood(f"on that day the sun does not come where the call ({name}) is made")
    return int(found[0])
