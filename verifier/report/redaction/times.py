"""Times to the minute, and days where only years may be told, found by their numbers in every calendar and order.

A secret time is its day in the Gregorian, Solar Hijri, lunar Hijri and Buddhist calendar and in weeks, by the clock
that it is written with, in UTC and in Iran. Names of months are read as numbers. Midnight and the last minute of a day
are what a coarse time is written with, so they are not searched for.
"""

from __future__ import annotations

import contextlib
import re
from collections.abc import Iterable, Iterator
from datetime import UTC, date, datetime, timedelta

import numpy as np

from verifier.calendars import BUDDHIST_AHEAD, GREGORIAN_MONTHS, JALALI_MONTHS, gregorian_to_jalali
from verifier.geo.words_of_time import lunar
from verifier.instants import shifted
from verifier.report.redaction.figures import Figures
from verifier.report.redaction.letters import folded

YEARS = range(1900, 2200)  # that a device can have meant: others are searched for as they are written
IRAN = timedelta(minutes=210)
WITHIN, BETWEEN = 8, 28  # letters between the numbers of a date; between it and its time
CLOCK = np.array([ord(mark) for mark in ":.h時%'"], np.int32)  # between hours and minutes
COARSE = {0, 23 * 60 + 59}
COMPACT = re.compile(r"(?<!\d)((?:19|20|13|14|25)\d\d)(\d\d)(\d\d)(?:[t _-]{0,2}(\d\d)(\d\d)(\d\d)?)?(?!\d)")
LUNAR_MONTHS = (
    ("muharram", "محرم"), ("safar", "صفر"), ("rabi al-awwal", "ربیع الاول"), ("rabi al-thani", "ربیع الثانی"),
    ("jumada al-ula", "جمادی الاول"), ("jumada al-akhira", "جمادی الثانی"), ("rajab", "رجب"), ("shaban", "شعبان"),
    ("ramadan", "رمضان"), ("shawwal", "شوال"), ("dhu al-qadah", "ذوالقعده", "ذیقعده"),
    ("dhu al-hijjah", "ذوالحجه", "ذیحجه"),
)  # fmt: skip
FURTHER_MONTHS = (  # German, French, Spanish, Turkish, Arabic, Kurdish, Russian
    ("januar", "janvier", "enero", "ocak", "كانون الثاني", "rebendan", "января"),
    ("februar", "fevrier", "febrero", "subat", "شباط", "فبراير", "febrero", "resemi", "февраля"),
    ("marz", "mars", "marzo", "mart", "اذار", "adar", "марта"),
    ("avril", "abril", "nisan", "نيسان", "ابريل", "апреля"),
    ("mai", "mayo", "mayis", "ايار", "مايو", "gulan", "мая"),
    ("juni", "juin", "junio", "haziran", "حزيران", "يونيو", "июня"),
    ("juli", "juillet", "julio", "temmuz", "تموز", "يوليو", "июля"),
    ("aout", "agosto", "agustos", "اغسطس", "августа"),
    ("septembre", "septiembre", "eylul", "ايلول", "سبتمبر", "сентября"),
    ("oktober", "octobre", "octubre", "ekim", "اكتوبر", "октября"),
    ("novembre", "noviembre", "kasim", "نوفمبر", "ноября"),
    ("dezember", "decembre", "diciembre", "aralik", "ديسمبر", "декабря"),
)  # fmt: skip
MONTHS = {
    folded(name): number
    for calendar in (LUNAR_MONTHS, FURTHER_MONTHS, JALALI_MONTHS, GREGORIAN_MONTHS)
    for number, names in enumerate(calendar, 1)
    for name in names
}
NAMES = re.compile(rf"\b({'|'.join(sorted(map(re.escape, MONTHS), key=len, reverse=True))})(?:\s?ماه)?\b\.?")
Key = tuple[int, int, int]
STAMP = re.compile(r"(?<![\d.])(?:\d{9,20}|\d{5,7}\.\d{4,})(?!\d)")
STAMP_DIGITS, FINER = (9, 10, 11), (0, 3, 6, 7, 9)  # of whole seconds, and further ones down to nanoseconds
ORDINAL = re.compile(r"(?<!\d)((?:19|20)\d\d)-(\d{3})(?!\d)")
AND_MINUTES = re.compile(r"(\d{1,2}) (?:و|and|ساعت و) (\d{1,2})(?= ?(?:دقیقه|min))")
POINTED = re.compile(r"(?<![\d.])(\d{1,4})\.(\d{1,2})\.(\d{1,4})(?!\.?\d)")


class Times:
    """Finds times. `moments` are clock readings with the minutes of their zone or None; `days` are days."""

    def __init__(self, moments: Iterable[tuple[datetime, int | None]] = (), days: Iterable[date] = ()) -> None:
        self._moments: dict[int, datetime] = {}
        self._days: dict[int, date] = {}
        self._stamps: dict[str, datetime] = {}
        for wall, offset in moments:
            for reading in readings(wall, offset):
                minute = reading.hour * 60 + reading.minute
                if minute not in COARSE:
                    for key in _dates(reading.date(), short=True):
                        self._moments.setdefault(_coded(key) * 720 + minute % 720, wall)
            for stamp in stamps(wall, offset):
                self._stamps.setdefault(stamp, wall)
        for day in (day for day in days if day.year in YEARS):
            for key in _dates(day, short=False):
                self._days.setdefault(_coded(key), day)
        self._times = np.array(sorted(self._moments), np.int64)
        self._dates = np.array(sorted(self._days), np.int64)

    def found(self, numbers: Figures, text: str) -> Iterator[datetime | date]:
        """The secret times and days that stand in a folded text, whose numbers these are."""
        if not self._moments and not self._days:
            return
        for token in STAMP.findall(text):
            for stamp in (_to_four(token), *(token[:first] for first in STAMP_DIGITS if len(token) - first in FINER)):
                if stamp in self._stamps:
                    yield self._stamps[stamp]
        whole = np.where((numbers.decimals == 0) & (numbers.values < 10_000), numbers.values, -1).astype(np.int64)
        if len(whole) < 3:
            return
        gaps = numbers.gaps
        are_whole = (whole[:-2] >= 0) & (whole[1:-1] >= 0) & (whole[2:] >= 0)
        is_date = are_whole & (gaps[:-2] <= WITHIN) & (gaps[1:-1] <= WITHIN)
        dates = np.where(is_date, whole[:-2] * 10**8 + whole[1:-1] * 10**4 + whole[2:], -1)
        yield from (self._days[int(one)] for one in dates[np.isin(dates, self._dates)])
        yield from (self._moments[one] for one in self._timed(dates, numbers, whole))

    def _timed(self, dates: np.ndarray, numbers: Figures, whole: np.ndarray) -> Iterator[int]:
        """Dates with the time that stands behind or before them, with or without seconds between."""
        clocks = _clocks(numbers, whole)
        for step in (3, -2, -3, -1):
            at = np.flatnonzero(dates >= 0)
            at = at[(at + step >= 0) & (at + step < len(clocks))]
            between = numbers.gaps[at + 2] if step > 0 else numbers.gaps[at - 1]
            times = clocks[at + step]
            near = (between <= BETWEEN) & (times >= 0)
            if step == -3:  # hours, minutes, seconds
                near &= np.isin(numbers.after[at - 2], CLOCK) & (numbers.gaps[at - 2] <= 2)
            keys = dates[at[near]] * 720 + times[near] % 720
            yield from map(int, keys[np.isin(keys, self._times)])


def _clocks(numbers: Figures, whole: np.ndarray) -> np.ndarray:
    """At each number, the minute of the day that it and the next one are; 18.04 alone is one as well."""
    hours, minutes = whole[:-1], whole[1:]
    joint, two = numbers.after[:-1], (numbers.digits[:-1] == 2) & (numbers.digits[1:] == 2)
    joined = (np.isin(joint, CLOCK) | ((joint == ord(" ")) & two & (numbers.gaps[:-1] == 1))) & ~numbers.inside[:-1]
    good = (hours >= 0) & (hours < 24) & (minutes >= 0) & (minutes < 60) & (numbers.gaps[:-1] <= WITHIN) & joined
    clocks = np.full(len(whole), -1, np.int64)
    clocks[:-1] = np.where(good, hours * 60 + minutes, -1)
    pointed = (numbers.decimals == 2) & (numbers.values < 24)
    seconds = (numbers.decimals > 0) & (numbers.values < 60)
    clocks[pointed] = (numbers.values[pointed] // 1 * 60 + np.round(numbers.values[pointed] % 1 * 100)).astype(np.int64)
    clocks[clocks >= 1440] = -1
    after = np.roll(seconds, -1)
    both = (hours >= 0) & (hours < 24) & after[:-1] & (numbers.gaps[:-1] <= 1) & joined  # 18:04.183
    pointed_minutes = hours * 60 + np.minimum(numbers.values[1:], 99).astype(np.int64)
    clocks[:-1] = np.where(both & (clocks[:-1] < 0), pointed_minutes, clocks[:-1])
    return clocks


def readings(wall: datetime, offset: int | None) -> Iterator[datetime]:
    """The clock readings of one moment: as written, in UTC and in Iran."""
    yield wall
    universal = shifted(wall, -timedelta(minutes=offset) if offset is not None else -IRAN)
    yield universal
    yield shifted(universal, IRAN)
    if offset is None:
        yield shifted(wall, IRAN)  # if it was UTC


def stamps(wall: datetime, offset: int | None) -> Iterator[str]:
    """The moment as a count of seconds or days since an epoch, to its first digits."""
    if wall.year not in YEARS:
        return
    for plain in {wall, wall - timedelta(minutes=offset) if offset is not None else wall - IRAN}:
        seconds = (plain.replace(tzinfo=UTC) - datetime(1970, 1, 1, tzinfo=UTC)) // timedelta(seconds=1)
        yield from (str(count)[:11] for count in (seconds, seconds + 2_082_844_800, seconds - 978_307_200) if count > 0)
        yield str(seconds + 11_644_473_600)
        days = seconds / 86_400
        yield from (_to_four(f"{days + since:.6f}") for since in (25_569.0, 2_440_587.5, 40_587.0))


def _to_four(text: str) -> str:
    head, point, tail = text.partition(".")
    return f"{head}.{tail[:4]}" if point else "-"


def named_months(text: str) -> str:
    """Names of months as numbers, and dates without marks with their parts apart."""
    named = NAMES.sub(lambda found: f" {MONTHS[found[1]]} ", AND_MINUTES.sub(r"\1:\2", text))
    return COMPACT.sub(_apart, ORDINAL.sub(_of_year, POINTED.sub(r"\1 \2 \3", named)))


def _of_year(found: re.Match[str]) -> str:
    """A year and the number of its day as a date."""
    number = int(found[2])
    if not 1 <= number <= 366:
        return found[0]
    return f"{date(int(found[1]), 1, 1) + timedelta(days=number - 1)}"


def _apart(found: re.Match[str]) -> str:
    return " ".join(part for part in ("", *found.groups(), "") if part is not None)


def _dates(day: date, *, short: bool) -> Iterator[Key]:
    """Year, month and day in every calendar and order; `short`: also with years of two digits."""
    for year, month, number in _calendars(day):
        for one in (year, year % 100) if short and day.year in YEARS else (year,):
            yield from {(one, month, number), (number, month, one), (month, number, one), (one, number, month)}


def _calendars(day: date) -> Iterator[Key]:
    yield day.year, day.month, day.day
    if day.year not in YEARS:
        return
    yield day.year + BUDDHIST_AHEAD, day.month, day.day
    week = day.isocalendar()
    yield week.year, week.week, week.weekday
    with contextlib.suppress(ValueError):  # the library has no such year
        yield gregorian_to_jalali(day)
    yield from _lunar(day)


def _lunar(day: date) -> Iterator[Key]:
    """The one to three days of the lunar calendar that a day can be."""
    about = lunar.year_of(day)
    for year in (about - 1, about, about + 1):
        if year < 1:
            continue
        for month in range(1, 13):
            if abs((lunar.tabular(year, month, 15) - day).days) > 20:
                continue
            for begins in set(lunar.month_begins(year, month)):
                number = (day - begins).days + 1
                if 1 <= number <= 30:
                    yield year, month, number


def _coded(key: Key) -> int:
    return key[0] * 10**8 + key[1] * 10**4 + key[2]
