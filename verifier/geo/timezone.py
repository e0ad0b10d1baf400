"""Clocks and the Earth: which zone a place keeps, which offset it had, and which offset two clocks imply.

Rules come from the pinned `tzdata` package, never from the operating system: an old system database is a silent error
of an hour (Iran kept daylight saving time until 21 September 2022 and has kept none since).
"""

from __future__ import annotations

import importlib.metadata
from datetime import UTC, datetime, timedelta
from functools import cache
from importlib import resources
from zoneinfo import ZoneInfo

import tzfpy

from verifier.geo.position import Position
from verifier.instants import in_zone, shifted

TEHRAN = "Asia/Tehran"
WESTMOST = timedelta(hours=-12)
EASTMOST = timedelta(hours=14)
QUARTER_MINUTES = 15


@cache
def zone(name: str) -> ZoneInfo:
    """The zone's rules from the pinned package. Raises ValueError with a sentence."""
    parts = name.split("/")
    if not name or any(not part.replace("_", "").replace("-", "").replace("+", "").isalnum() for part in parts):
        raise ValueError(f"{name!r} is not the name of a time zone; write one like Asia/Tehran or Europe/Berlin")
    entry = resources.files("tzdata").joinpath("zoneinfo", *parts)
    if not entry.is_file():
        raise ValueError(f"there is no time zone {name}; write one like Asia/Tehran or Europe/Berlin")
    with entry.open("rb") as stream:
        return ZoneInfo.from_file(stream, key=name)


def rules_version() -> str:
    """The edition of the rules, "2026.6"."""
    return importlib.metadata.version("tzdata")


def zone_at(position: Position) -> str | None:
    """Name of the zone kept at a place, None where the map has none (the open sea has nautical zones)."""
    name = str(tzfpy.get_tz(position.longitude_degrees, position.latitude_degrees))
    return name or None


def zones_at(position: Position) -> tuple[str, ...]:
    """Every zone kept at a place: disputed areas and border strips have several."""
    return tuple(sorted(str(name) for name in tzfpy.get_tzs(position.longitude_degrees, position.latitude_degrees)))


def offset_at(name: str, instant: datetime) -> timedelta:
    """The zone's offset from UTC at an instant."""
    offset = in_zone(instant, zone(name)).utcoffset()
    assert offset is not None  # noqa: S101 - a zone always has one
    return offset


def instants_of(wall: datetime, name: str) -> tuple[datetime, ...]:
    """The instants (UTC) at which clocks of the zone showed `wall`: one, two when set back, none when skipped."""
    rules = zone(name)
    found = set()
    for fold in (0, 1):
        instant = in_zone(wall.replace(tzinfo=rules, fold=fold), UTC)
        if in_zone(instant, rules).replace(tzinfo=None) == wall.replace(tzinfo=None):
            found.add(instant)
    return tuple(sorted(found))


def instant_of(text: str | None) -> datetime | None:
    """An RFC 3339 time as UTC; None where there is none, or none that is tied to UTC."""
    if not text:
        return None
    try:
        instant = datetime.fromisoformat(text)
    except ValueError:
        return None
    if instant.tzinfo is None:
        return None
    try:
        return instant.astimezone(UTC)
    except OverflowError:
        return None


def bounds_of_wall(wall: datetime, name: str | None) -> tuple[datetime, datetime]:
    """Earliest and latest instant (UTC) meant by a clock reading; without a zone, anywhere on Earth."""
    if name is None:
        naive = wall.replace(tzinfo=UTC)
        return shifted(naive, -EASTMOST), shifted(naive, -WESTMOST)
    instants = instants_of(wall, name)
    if not instants:  # a reading in the skipped hour: what clocks not yet set, and already set, would mean
        rules = zone(name)
        instants = tuple(sorted(in_zone(wall.replace(tzinfo=rules, fold=fold), UTC) for fold in (0, 1)))
    return instants[0], instants[-1]


def implied_offset(local: datetime, instant: datetime) -> tuple[timedelta, timedelta]:
    """The quarter-hour offset nearest to local minus UTC, and what remains: a remainder of minutes is clock error.

    `local` is a naive clock reading, `instant` is in UTC. Offsets on Earth lie between -12:00 and +14:00; one beyond
    that range is returned as it is and means that one of the clocks is wrong.
    """
    difference = local.replace(tzinfo=UTC) - instant
    quarters = round(difference / timedelta(minutes=QUARTER_MINUTES))
    offset = timedelta(minutes=QUARTER_MINUTES * quarters)
    return offset, difference - offset


def is_offset_on_earth(offset: timedelta) -> bool:
    """Whether some place keeps such an offset at all."""
    return WESTMOST <= offset <= EASTMOST
