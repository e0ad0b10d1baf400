"""The day, month or year that a text names, in the Jalali or the Gregorian calendar; the year says which."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta

from verifier.calendars import (
    GREGORIAN_MONTHS,
    GREGORIAN_YEARS,
    JALALI_MONTHS,
    JALALI_YEARS,
    gregorian_to_jalali,
    jalali_month_days,
    jalali_to_gregorian,
)
from verifier.geo.letters import folded
from verifier.instants import shifted


@dataclass(frozen=True, slots=True)
class Day:
    """First day and day after the last, what was written, and in which calendar."""

    first: date
    after: date
    precision: str
    calendar: str
    notes: tuple[str, ...] = ()


def _month_table(months: tuple[tuple[str, ...], ...]) -> dict[str, int]:
    return {folded(name): number for number, names in enumerate(months, 1) for name in names}


JALALI_NUMBERS = _month_table(JALALI_MONTHS)
GREGORIAN_NUMBERS = _month_table(GREGORIAN_MONTHS)
_AMBIGUOUS_ALONE = {"day", "می", "مه", "may", "mar", "mehr", "tir"}
_MONTH = "|".join(sorted({*JALALI_NUMBERS, *GREGORIAN_NUMBERS}, key=len, reverse=True))
_DAY_MONTH = re.compile(
    rf"(?:\b(\d{{1,2}})(?:st|nd|rd|th|م|ام)? (?:of )?)?\b({_MONTH})\b(?: ?ماه)?"
    r"(?: (\d{1,2})(?:st|nd|rd|th)?\b)?(?: (?:سال )?(\d{4}))?"
)
_YEAR_FIRST = re.compile(rf"\b(\d{{4}}) ({_MONTH}) (\d{{1,2}})\b")
_NUMBERS = re.compile(r"\b(\d{4})[-/.](\d{1,2})(?:[-/.](\d{1,2}))?\b|\b(\d{1,2})[-/.](\d{1,2})[-/.](\d{4})\b")


def read_day(plain: str, reference: datetime | None) -> tuple[Day, str]:
    """The day, month or year that is named, and the text without it."""
    found = _NUMBERS.search(plain)
    if found:
        return _numeric_day(found), plain[: found.start()] + " " + plain[found.end() :]
    words = _folded_keeping_clocks(plain)
    year_first = _YEAR_FIRST.search(words)
    if year_first:
        year, month, number = year_first.groups()
        return _named_day(month, int(number), int(year), reference), words[: year_first.start()] + words[
            year_first.end() :
        ]
    for found in _DAY_MONTH.finditer(words):
        before, month, behind, year_text = found.groups()
        if month in _AMBIGUOUS_ALONE and not (before or behind or year_text):
            continue
        day_text = before or behind
        year_number = int(year_text) if year_text else None
        return (
            _named_day(month, int(day_text) if day_text else None, year_number, reference),
            words[: found.start()] + " " + words[found.end() :],
        )
    only_year = re.fullmatch(r"(?:سال )?(\d{4})", words)
    if only_year:
        return _whole_year(int(only_year.group(1))), ""
    raise ValueError(
        f"{plain!r} is not a date; write one like 2026-01-08, 8 January 2026, 18 Dey 1404 or ۱۸ دی ۱۴۰۴, "
        "with a part of the day if it is known"
    )


def _folded_keeping_clocks(plain: str) -> str:
    """Folded words, in which 20:30 keeps its colon."""
    kept = re.sub(r"(\d):(\d)", "\\1\ue000\\2", plain)
    return folded(kept).replace("\ue000", ":")


def _numeric_day(found: re.Match[str]) -> Day:
    year_text, month_text, day_text, first, second, late_year = found.groups()
    if year_text:
        return _day_of(int(year_text), int(month_text), int(day_text) if day_text else None)
    year, one, other = int(late_year), int(first), int(second)
    if year in JALALI_YEARS or one > 12:
        return _day_of(year, other, one)
    if other > 12 or one == other:
        return _day_of(year, one, other)
    days = sorted((date(year, other, one), date(year, one, other)))
    note = f"{found.group()} may be day-month or month-day; both are allowed for"
    return Day(days[0], days[1] + timedelta(days=1), "day" if days[0] == days[1] else "range", "gregorian", (note,))


def _named_day(month: str, day: int | None, year: int | None, reference: datetime | None) -> Day:
    jalali = month in JALALI_NUMBERS and not (month in GREGORIAN_NUMBERS and year in GREGORIAN_YEARS)
    number = JALALI_NUMBERS[month] if jalali else GREGORIAN_NUMBERS[month]
    if year is None:
        if reference is None:
            raise ValueError(f"the year is missing: write {day or ''} {month} with its year".replace("  ", " "))
        return _last_before(reference, number, day, jalali)
    if jalali and year not in JALALI_YEARS:
        raise ValueError(
            f"{JALALI_MONTHS[number - 1][0]} is a month of the Jalali calendar, whose year is 1404, not {year}"
        )
    if not jalali and year in JALALI_YEARS:
        raise ValueError(f"{GREGORIAN_MONTHS[number - 1][0]} is a Gregorian month, whose year is 2026, not {year}")
    return _day_of(year, number, day)


def _last_before(reference: datetime, month: int, day: int | None, jalali: bool) -> Day:
    """The last such date that began before the claim was made; a day's grace for zones."""
    local = shifted(reference, timedelta(hours=14)).date()
    year = gregorian_to_jalali(local)[0] if jalali else local.year
    for candidate in (year, year - 1, year - 2, year - 3, year - 4):
        try:
            found = _day_of(candidate, month, day)
        except ValueError:
            if candidate == year - 4:
                raise
            continue
        if found.first <= local:
            note = f"no year was given: {candidate} is the last one before {reference:%Y-%m-%d}"
            return replace(found, notes=(note,))
    raise ValueError("the year is missing")


def _day_of(year: int, month: int, day: int | None) -> Day:
    """A day or a whole month; the year says which calendar."""
    if year in JALALI_YEARS:
        if day is not None:
            first = jalali_to_gregorian(year, month, day)
            return Day(first, first + timedelta(days=1), "day", "jalali")
        first = jalali_to_gregorian(year, month, 1)
        return Day(first, first + timedelta(days=jalali_month_days(year, month)), "month", "jalali")
    if year not in GREGORIAN_YEARS:
        raise ValueError(f"{year} is a year of neither calendar; write 2026, or 1404 for a Jalali date")
    try:
        first = date(year, month, day or 1)
    except ValueError as error:
        raise ValueError(f"{year}-{month:02d}-{day or 1:02d} is no day of the Gregorian calendar") from error
    if day is not None:
        return Day(first, first + timedelta(days=1), "day", "gregorian")
    return Day(first, date(year + month // 12, month % 12 + 1, 1), "month", "gregorian")


def _whole_year(year: int) -> Day:
    if year in JALALI_YEARS:
        return Day(jalali_to_gregorian(year, 1, 1), jalali_to_gregorian(year + 1, 1, 1), "year", "jalali")
    if year in GREGORIAN_YEARS:
        return Day(date(year, 1, 1), date(year + 1, 1, 1), "year", "gregorian")
    raise ValueError(f"{year} is a year of neither calendar; write 2026, or 1404 for a Jalali year")
