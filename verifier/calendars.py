"""The civil (Solar Hijri, "Jalali") calendar of Iran beside the Gregorian one: names of months, days in and out."""

from __future__ import annotations

from datetime import date, datetime
from functools import lru_cache

import jdatetime

JALALI_YEARS = range(1200, 1500)
GREGORIAN_YEARS = range(1800, 2200)

JALALI_MONTHS: tuple[tuple[str, ...], ...] = (
    ("Farvardin", "فروردین"),
    ("Ordibehesht", "اردیبهشت", "Urdibihisht", "Ordibehest"),
    ("Khordad", "خرداد", "Khurdad"),
    ("Tir", "تیر"),
    ("Mordad", "مرداد", "Amordad", "امرداد", "Murdad"),
    ("Shahrivar", "شهریور", "Shahrivvar", "Shahriwar"),
    ("Mehr", "مهر"),
    ("Aban", "آبان"),
    ("Azar", "آذر"),
    ("Dey", "دی", "Dei", "Day", "Daymah", "دیماه"),
    ("Bahman", "بهمن"),
    ("Esfand", "اسفند", "Isfand"),
)
GREGORIAN_MONTHS: tuple[tuple[str, ...], ...] = (
    ("January", "Jan", "ژانویه", "جنوری", "یناير"),
    ("February", "Feb", "فوریه"),
    ("March", "Mar", "مارس"),
    ("April", "Apr", "آوریل", "اپریل"),
    ("May", "مه", "می"),
    ("June", "Jun", "ژوئن"),
    ("July", "Jul", "ژوئیه", "جولای"),
    ("August", "Aug", "اوت", "آگوست"),
    ("September", "Sep", "Sept", "سپتامبر"),
    ("October", "Oct", "اکتبر"),
    ("November", "Nov", "نوامبر"),
    ("December", "Dec", "دسامبر"),
)


def jalali_to_gregorian(year: int, month: int, day: int) -> date:
    """The Gregorian date. Raises ValueError with a sentence for a date that the calendar does not have."""
    if year not in JALALI_YEARS:
        raise ValueError(f"a Jalali year lies between 1200 and 1499, not {year}")
    if not 1 <= month <= 12:
        raise ValueError(f"a Jalali month lies between 1 and 12, not {month}")
    most = jalali_month_days(year, month)
    if not 1 <= day <= most:
        name = JALALI_MONTHS[month - 1][0]
        raise ValueError(f"{name} {year} has {most} days, so there is no {day} {name} {year}")
    gregorian: date = jdatetime.date(year, month, day).togregorian()
    return gregorian


def jalali_month_days(year: int, month: int) -> int:
    """31 for the first six months, then 30, and 29 for Esfand of a common year."""
    if month <= 6:
        return 31
    if month <= 11:
        return 30
    return 30 if jdatetime.date(year, 1, 1).isleap() else 29


@lru_cache(maxsize=4096)
def gregorian_to_jalali(day: date) -> tuple[int, int, int]:
    """Year, month and day of the civil calendar of Iran."""
    jalali = jdatetime.date.fromgregorian(date=day)
    return jalali.year, jalali.month, jalali.day


def jalali_text(local: datetime) -> str:
    """ "18 Dey 1404, 20:45" of a local clock reading; the Gregorian day where that calendar has none."""
    try:
        year, month, day = gregorian_to_jalali(local.date())
    except ValueError:  # before its first year, or after what the library knows
        return f"{local.day} {GREGORIAN_MONTHS[local.month - 1][0]} {local.year}, {local:%H:%M}"
    return f"{day} {JALALI_MONTHS[month - 1][0]} {year}, {local:%H:%M}"


SOLAR_HIJRI, BUDDHIST = "solar_hijri", "buddhist"
SOLAR_HIJRI_YEARS = range(1300, 1500)  # that devices set to the calendar of Iran write where Gregorian ones belong
BUDDHIST_YEARS = range(2400, 2700)  # the same of Thailand's; 543 years ahead, months and days are the Gregorian ones
BUDDHIST_AHEAD = 543


def calendar_of_year(year: int) -> str | None:
    """The other calendar in which a year that no camera can have meant makes sense; None for any other year."""
    if year in SOLAR_HIJRI_YEARS:
        return SOLAR_HIJRI
    return BUDDHIST if year in BUDDHIST_YEARS else None


def in_other_calendar(year: int, month: int, day: int) -> date | None:
    """The Gregorian date, where the year is of another calendar and that calendar has the day."""
    calendar = calendar_of_year(year)
    try:
        if calendar == SOLAR_HIJRI:
            return jalali_to_gregorian(year, month, day)
        return date(year - BUDDHIST_AHEAD, month, day) if calendar == BUDDHIST else None
    except ValueError:
        return None
