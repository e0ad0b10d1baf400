"""Arithmetic on instants that ends at the ends of the calendar instead of overflowing.

`datetime` knows the years 1 to 9999 only. Files say years 1 and 9999 (`0001:01:01 00:00:00` is what an unset clock
writes), and a zone's offset or a margin carries them over the end: OverflowError. An instant beyond the end is taken as
the end, which is right for every comparison: nothing lies between the two.
"""

from __future__ import annotations

from datetime import UTC, datetime, timedelta, tzinfo

FIRST = datetime.min.replace(tzinfo=UTC)
LAST = datetime.max.replace(tzinfo=UTC)
_DAY = timedelta(days=1)


def shifted(instant: datetime, by: timedelta) -> datetime:
    """`instant + by`; the first or last instant of the calendar where the sum lies beyond it."""
    try:
        return instant + by
    except OverflowError:
        end = FIRST if by < timedelta() else LAST
        return end.replace(tzinfo=instant.tzinfo)


def seconds_of(seconds: float) -> timedelta:
    """So many seconds; the longest or shortest length of time where they are more. Not a number is none."""
    if seconds != seconds:
        return timedelta()
    try:
        return timedelta(seconds=seconds)
    except OverflowError:
        return timedelta.max if seconds > 0 else timedelta.min


def in_zone(instant: datetime, zone: tzinfo) -> datetime:
    """`instant.astimezone(zone)`; within a day of the calendar's ends, what clocks show a day nearer to its middle."""
    try:
        return instant.astimezone(zone)
    except (OverflowError, ValueError):
        return shifted(instant, _DAY if instant.year < 5000 else -_DAY).astimezone(zone)
