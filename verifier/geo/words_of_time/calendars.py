"""Days, months and years of four calendars as stretches of Gregorian days; which calendar a year belongs to.

Solar Hijri (Jalali) 1200-1499, whose months the Kurdish (+1321) and the imperial (+1180) years share; Gregorian
1800-2199; lunar Hijri 1200-1500, whose day is only known to two or three: months begin where the crescent is seen.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date, timedelta

from verifier.calendars import (
    GREGORIAN_MONTHS,
    GREGORIAN_YEARS,
    JALALI_MONTHS,
    JALALI_YEARS,
    gregorian_to_jalali,
    jalali_month_days,
    jalali_to_gregorian,
)
from verifier.geo.words_of_time import lunar
from verifier.geo.words_of_time.errors import TimeNotUnderstood

LUNAR_YEARS = range(1200, 1501)
IMPERIAL_OFFSET, KURDISH_OFFSET = 1180, 1321
IMPERIAL_YEARS = range(2480, 2680)
KURDISH_YEARS = range(2680, 2821)


@dataclass(frozen=True, slots=True)
class Days:
    """A stretch of days: the first, the day after the last, what was written, in which calendar, what was assumed."""

    first: date
    after: date
    precision: str  # day | month | year | range
    calendar: str  # gregorian | jalali | lunar
    notes: tuple[str, ...] = ()
    night: bool = False  # two days that follow one another, joined as "8-9": their night is the one between
    part: str | None = None  # a part of the day that the word itself names: tonight, Yalda
    counted: bool = False  # from the day on which the words were said

    def noted(self, *notes: str) -> Days:
        return replace(self, notes=(*self.notes, *notes))


def years_meant(year: int) -> Iterator[tuple[str, int]]:
    """(calendar, year in it) for a year of four figures."""
    if year in JALALI_YEARS:
        yield "jalali", year
    if year in LUNAR_YEARS:
        yield "lunar", year
    if year in GREGORIAN_YEARS:
        yield "gregorian", year
    if year in IMPERIAL_YEARS:
        yield "jalali", year - IMPERIAL_OFFSET
    if year in KURDISH_YEARS:
        yield "jalali", year - KURDISH_OFFSET


def days_of(calendar: str, year: int, month: int | None = None, day: int | None = None) -> Days:
    """A day, a whole month or a whole year. Raises TimeNotUnderstood with a sentence for one that does not exist."""
    if day is not None and not 1 <= day <= 31:
        raise TimeNotUnderstood(f"a day of a month lies between 1 and 31, not {day}")
    try:
        first, after = _BOUNDS[calendar](year, month, day)
    except TimeNotUnderstood:
        raise
    except (ValueError, OverflowError) as error:
        raise TimeNotUnderstood(str(error)) from error
    if not (GREGORIAN_YEARS.start <= first.year and after.year <= GREGORIAN_YEARS.stop):
        raise TimeNotUnderstood(f"a year lies between 1800 and 2199, not {first.year}")
    return Days(first, after, "day" if day else "month" if month else "year", calendar)


def _jalali(year: int, month: int | None, day: int | None) -> tuple[date, date]:
    if month is None:
        return jalali_to_gregorian(year, 1, 1), jalali_to_gregorian(year, 12, 29) + timedelta(
            days=jalali_month_days(year, 12) - 28
        )
    first = jalali_to_gregorian(year, month, day or 1)
    return first, first + timedelta(days=1 if day else jalali_month_days(year, month))


def _gregorian(year: int, month: int | None, day: int | None) -> tuple[date, date]:
    if year not in GREGORIAN_YEARS:
        raise TimeNotUnderstood(f"{year} is a year of neither calendar; write 2026, or 1404 for a Jalali date")
    if month is None:
        return date(year, 1, 1), date(year + 1, 1, 1)
    try:
        first = date(year, month, day or 1)
    except ValueError as error:
        raise TimeNotUnderstood(f"{year}-{month:02d}-{day or 1:02d} is no day of the Gregorian calendar") from error
    return first, first + timedelta(days=1) if day else date(year + month // 12, month % 12 + 1, 1)


def _lunar(year: int, month: int | None, day: int | None) -> tuple[date, date]:
    if year not in LUNAR_YEARS:
        raise TimeNotUnderstood(f"a lunar Hijri year lies between 1200 and 1500, not {year}")
    if not 1 <= (month or 1) <= 12 or not 1 <= (day or 1) <= 30:
        raise TimeNotUnderstood(f"{year}-{month}-{day} is no day of the lunar Hijri calendar")
    earliest, latest = lunar.month_begins(year, month or 1)
    if day:
        return earliest + timedelta(days=day - 1), latest + timedelta(days=day)
    if month:
        return earliest, latest + timedelta(days=30)
    return earliest, lunar.month_begins(year, 12)[1] + timedelta(days=30)


_BOUNDS = {"jalali": _jalali, "gregorian": _gregorian, "lunar": _lunar}


def year_of(calendar: str, day: date) -> int:
    """The calendar's year that a day lies in; the lunar one to a year or so."""
    if calendar == "jalali":
        return gregorian_to_jalali(day)[0]
    if calendar == "lunar":
        return lunar.year_of(day)
    return day.year


def month_name(calendar: str, month: int) -> str:
    if calendar == "jalali":
        return JALALI_MONTHS[month - 1][0]
    return GREGORIAN_MONTHS[month - 1][0] if calendar == "gregorian" else f"lunar month {month}"


def last_before(calendar: str, month: int, day: int | None, today: date) -> Days:
    """The last such day or month that began by a day. Raises TimeNotUnderstood where five years have none."""
    year = year_of(calendar, today) + (calendar == "lunar")
    for candidate in range(year, year - 6, -1):
        try:
            found = days_of(calendar, candidate, month, day)
        except TimeNotUnderstood:
            if candidate <= year - 4:
                raise
            continue
        if found.first <= today:
            note = f"no year was given: {candidate} is the last one before {today.isoformat()}"
            return replace(found.noted(note), counted=True)
    raise TimeNotUnderstood("no year was given, and none of the last five fits")


def first_from(calendar: str, month: int, day: int | None, begin: date) -> Days:
    """The first such day or month that begins on a day or after it."""
    year = year_of(calendar, begin) - (calendar == "lunar")
    for candidate in range(year, year + 6):
        try:
            found = days_of(calendar, candidate, month, day)
        except TimeNotUnderstood:
            continue
        if found.first >= begin:
            return found
    raise TimeNotUnderstood("no year was given, and none of the next five fits")
