"""Dates counted from the day of the claim, or from another date: yesterday, last week, Thursday, two days after."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date

from verifier.calendars import gregorian_to_jalali
from verifier.geo.timezone import TEHRAN
from verifier.geo.words_of_time.calendars import Days, days_of, last_before, year_of
from verifier.geo.words_of_time.context import Context, shifted
from verifier.geo.words_of_time.specs import Spec


@dataclass(frozen=True, slots=True)
class Relative:
    """Days counted from the day of the claim, from `first` to `last`, both included."""

    first: int
    last: int
    part: str | None = None
    has_year: bool = True

    def days(self, at: Context, begin: date | None = None, before: date | None = None) -> list[Days]:
        low, high = at.days
        first, after = shifted(low, self.first), shifted(high, self.last + 1)
        precision = "day" if (after - first).days == 1 else "range"
        note = f"counted from {high.isoformat()}, when it was said"
        return [Days(first, after, precision, _kept(at), (note,), part=self.part, counted=True)]


@dataclass(frozen=True, slots=True)
class RelativeSpan:
    """ "last week", "this month", "last year": whole ones, of either calendar, and the days just before."""

    name: str
    has_year: bool = True

    def days(self, at: Context, begin: date | None = None, before: date | None = None) -> list[Days]:
        low, high = at.days
        which, unit = self.name.rsplit("_", 1) if self.name != "year_before_last" else ("before_last", "year")
        note = f"counted from {high.isoformat()}, when it was said"
        if unit == "week":
            first, last = (-6, 6) if which == "this" else (-14, -1)
            found = [Days(shifted(low, first), shifted(high, last + 1), "range", _kept(at))]
        else:
            back = {"this": 0, "last": 1, "before_last": 2}[which]
            calendars = ("jalali", "gregorian") if at.is_iran else ("gregorian",)
            found = [self._whole(calendar, high, back, unit) for calendar in calendars]
            if which == "last":
                found.append(Days(shifted(low, -31 if unit == "month" else -366), low, "range", _kept(at)))
        return [replace(days.noted(note), counted=True) for days in found]

    def _whole(self, calendar: str, day: date, back: int, unit: str) -> Days:
        year = year_of(calendar, day) - (back if unit == "year" else 0)
        if unit == "year":
            return days_of(calendar, year)
        current = last_before(calendar, self._month(calendar, day), None, day)
        if back == 0:
            return replace(current, notes=())
        inside = shifted(current.first, -1)
        return replace(last_before(calendar, self._month(calendar, inside), None, inside), notes=())

    def _month(self, calendar: str, day: date) -> int:
        return gregorian_to_jalali(day)[1] if calendar == "jalali" else day.month


def _kept(at: Context) -> str:
    return "jalali" if at.zone == TEHRAN else "gregorian"


@dataclass(frozen=True, slots=True)
class WeekdaySpec:
    """The last such day of the week before the claim, or the next one."""

    number: int  # Monday is 0
    which: str | None = None  # last | next | this
    has_year: bool = True

    def days(self, at: Context, begin: date | None = None, before: date | None = None) -> list[Days]:
        if begin is not None:
            return [self._day(shifted(begin, (self.number - begin.weekday()) % 7), at)]
        low, high = at.days
        found = []
        for today in dict.fromkeys((low, high)):
            back = (today.weekday() - self.number) % 7
            if self.which == "next":
                found += [self._day(shifted(today, 7 - back), at)]
                continue
            found.append(self._day(shifted(today, -back), at) if back else self._day(shifted(today, -7), at))
            if back == 0 and self.which != "last":
                found.append(self._day(today, at))
            start = (today.weekday() - (5 if at.is_iran else 0)) % 7  # days since this week began
            if self.which == "last" and 0 < back <= start:
                found.append(self._day(shifted(today, -back - 7), at))
            if self.which == "this" and back:
                found.append(self._day(shifted(today, 7 - back), at))
        note = f"counted from {high.isoformat()}, when it was said"
        return [replace(days.noted(note), counted=True) for days in found]

    def _day(self, day: date, at: Context) -> Days:
        return Days(day, shifted(day, 1), "day", _kept(at))


@dataclass(frozen=True, slots=True)
class Shifted:
    """ "two days after 8 January": whole days before or after another date."""

    spec: Spec
    count: int
    spread: int = 0

    @property
    def has_year(self) -> bool:
        return self.spec.has_year

    def days(self, at: Context, begin: date | None = None, before: date | None = None) -> list[Days]:
        return [
            replace(
                days,
                first=shifted(days.first, self.count - self.spread),
                after=shifted(days.after, self.count + self.spread),
                precision="range" if self.spread else days.precision,
            )
            for days in self.spec.days(at)
        ]
