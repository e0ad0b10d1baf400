"""Months of the lunar Hijri calendar: each begins one to three days after the astronomical new moon.

Rule: with the conjunction at C, the month's first day is the day of C + 1 or + 2, and + 3 where C falls after noon UTC:
Umm al-Qura counts from the conjunction and moonset at Mecca, Iran and others from a crescent that somebody saw. The
conjunction is Meeus, *Astronomical Algorithms* (2nd ed.), chapter 49, with the terms above 0.003 days.
"""

from __future__ import annotations

import math
from datetime import date, datetime, timedelta
from functools import lru_cache

ISLAMIC_EPOCH = 1948440 - 1721425  # 1 Muharram 1 (civil, 16 July 622 Julian) as a proleptic Gregorian ordinal
_YEAR_2000 = datetime(2000, 1, 1, 12)  # noqa: DTZ001 - JD 2451545.0; dynamical time, a minute from UTC
_NOON, _EVENING = 12, 18
_UNIFORM_SINCE = 1424  # before, almanacs counted by other rules, some from the day of the conjunction itself


def tabular(year: int, month: int, day: int) -> date:
    """The arithmetical calendar: 30 years of 10,631 days, odd months of 30 days, even ones of 29."""
    ordinal = (11 * year + 3) // 30 + 354 * year + 30 * month - (month - 1) // 2 + day + ISLAMIC_EPOCH - 385
    return date.fromordinal(ordinal)


def year_of(day: date) -> int:
    """The lunar year that a day lies in, to one either way."""
    return int((day.toordinal() - ISLAMIC_EPOCH) / 354.367) + 1


@lru_cache(maxsize=512)
def month_begins(year: int, month: int) -> tuple[date, date]:
    """The earliest and the latest day on which a month can have begun."""
    about = tabular(year, month, 1)
    lunation = round((about.toordinal() - date(2000, 1, 6).toordinal()) / 29.530588861)
    new_moon = conjunction(lunation)
    day = new_moon.date()
    if year < _UNIFORM_SINCE:
        return day, day + timedelta(days=3)
    if new_moon.hour < _NOON:
        return day + timedelta(days=1), day + timedelta(days=2)
    first = 1 if new_moon.hour < _EVENING else 2
    return day + timedelta(days=first), day + timedelta(days=3)


def conjunction(lunation: int) -> datetime:
    """The new moon of a lunation (0 is 6 January 2000) in UTC, to a few minutes."""
    century = lunation / 1236.85
    days = 5.09766 + 29.530588861 * lunation + 0.00015437 * century**2  # after 2000-01-01 12:00
    sun = math.radians((2.5534 + 29.10535670 * lunation) % 360)
    moon = math.radians((201.5643 + 385.81693528 * lunation) % 360)
    latitude = math.radians((160.7108 + 390.67050284 * lunation) % 360)
    days += (
        -0.40720 * math.sin(moon)
        + 0.17241 * math.sin(sun)
        + 0.01608 * math.sin(2 * moon)
        + 0.01039 * math.sin(2 * latitude)
        + 0.00739 * math.sin(moon - sun)
        - 0.00514 * math.sin(moon + sun)
    )
    return _YEAR_2000 + timedelta(days=days)
