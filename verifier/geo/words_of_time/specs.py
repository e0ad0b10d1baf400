"""What a date phrase says before its year and calendar are known: each spec gives every stretch that it may mean."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import date, timedelta
from functools import partial
from typing import Protocol

from verifier.geo.words_of_time.calendars import (
    Days,
    days_of,
    first_from,
    last_before,
    month_name,
    years_meant,
)
from verifier.geo.words_of_time.context import Context
from verifier.geo.words_of_time.errors import TimeNotUnderstood, few
from verifier.geo.words_of_time.numerals import Number

NEAR = timedelta(days=400)  # a date of three two-digit numbers: the reading within a year of the claim is the one meant


class Spec(Protocol):
    """A date phrase. `begin`: what it follows in a range; `before`: what it precedes."""

    @property
    def has_year(self) -> bool: ...

    def days(self, at: Context, begin: date | None = None, before: date | None = None) -> list[Days]: ...


def gathered(makers: Iterable[Callable[[], Days]]) -> list[Days]:
    """Those that exist; the first error where none does."""
    found, first = list[Days](), None
    for make in makers:
        try:
            found.append(make())
        except TimeNotUnderstood as error:
            first = first or error
    if not found:
        raise first or TimeNotUnderstood("that is no date")
    return found


@dataclass(frozen=True, slots=True)
class Named:
    """A day of a named month, the whole month, or a part of it; with or without its year."""

    months: tuple[tuple[str, int], ...]
    day: int | None = None
    year: Number | None = None
    portion: tuple[str, int] | None = None  # ("late", 0), ("week", 3), ("half", 2), ("third", 1), ("last day", 0)

    @property
    def has_year(self) -> bool:
        return self.year is not None

    def days(self, at: Context, begin: date | None = None, before: date | None = None) -> list[Days]:
        wanted = [month for month in self.months if at.calendar in (None, month[0])] or list(self.months)
        found = gathered(maker for month in wanted for maker in self._makers(month, at, begin, before))
        return [_portion(days, self.portion) for days in found]

    def _makers(
        self, month: tuple[str, int], at: Context, begin: date | None, before: date | None
    ) -> Iterator[Callable[[], Days]]:
        calendar, number = month
        if self.year is not None:
            for year in _years(self.year, calendar, number, self.months, at):
                yield partial(days_of, calendar, year, number, self.day)
        elif begin is not None:
            yield lambda: first_from(calendar, number, self.day, begin)
        elif before is not None or at.today is not None:
            today = before or at.today
            assert today is not None  # noqa: S101
            found = last_before(calendar, number, self.day, today)
            yield lambda: replace(found, notes=(), counted=False) if before else found
        else:
            name = f"{self.day or ''} {month_name(calendar, number)}".strip()
            raise TimeNotUnderstood(f"the year is missing: write {name} with its year")


def _years(year: Number, calendar: str, month: int, months: tuple[tuple[str, int], ...], at: Context) -> Iterator[int]:
    if year.width == 2 or (year.width == 0 and year.value < 100):
        yield from (meant for kind, meant in two_digit_years(year.value, at) if kind == calendar)
        return
    meant = [value for kind, value in years_meant(year.value) if kind == calendar]
    if meant:
        yield from meant
        return
    others = {kind for kind, _ in years_meant(year.value)} & {kind for kind, _ in months}
    if others:
        return  # the month's other calendar has that year
    name = month_name(calendar, month)
    if calendar == "jalali":
        raise TimeNotUnderstood(f"{name} is a month of the Jalali calendar, whose year is 1404, not {year.value}")
    if calendar == "gregorian":
        raise TimeNotUnderstood(f"{name} is a Gregorian month, whose year is 2026, not {year.value}")
    raise TimeNotUnderstood(f"a lunar Hijri year is one like 1447, not {year.value}")


def two_digit_years(value: int, at: Context) -> Iterator[tuple[str, int]]:
    """(calendar, year): the last such year that had begun when the words were said."""
    today = at.today
    if today is None:
        raise TimeNotUnderstood(f"the century of {value:02d} is not known: write the year with four figures")
    for calendar, centuries in (("jalali", (1400, 1300)), ("gregorian", (2000, 1900)), ("lunar", (1400, 1300))):
        for century in centuries:
            if days_of(calendar, century + value).first <= today:
                yield calendar, century + value
                break


def _portion(days: Days, portion: tuple[str, int] | None) -> Days:
    """A part of a month or year, generous where the word is vague."""
    if portion is None:
        return days
    name, number = portion
    length = (days.after - days.first).days

    def cut(first: float, last: float, note: str | None = None) -> Days:
        start, end = max(0, round(first)), min(length, round(last))
        if start >= end:
            raise TimeNotUnderstood(f"there is no {name} {number} in it")
        part = replace(
            days, first=days.first + timedelta(days=start), after=days.first + timedelta(days=end), precision="range"
        )
        return part.noted(note) if note else part

    if name in ("early", "middle", "late"):
        ends = {"early": (0.0, 0.5), "middle": (0.18, 0.82), "late": (0.5, 1.0)}[name]
        return cut(ends[0] * length, ends[1] * length, f"{name!r} is taken as a half of the month or year, or more")
    if name == "half":
        return cut((number - 1) * length / 2 - 1, number * length / 2 + 1)
    if name == "third":
        return cut((number - 1) * 10, length if number == 3 else number * 10)
    if name == "week":
        return _week(days, number, length)
    if name == "last week":
        return cut(length - 10, length, "the week is taken with three days on either side")
    if name == "last day":
        return replace(cut(length - 1, length), precision="day")
    raise AssertionError(name)


def _week(days: Days, number: int, length: int) -> Days:
    if not 1 <= number <= 5:
        raise TimeNotUnderstood(f"a month has no week {number}")
    first, last = max(0, 7 * (number - 1) - 3), 7 * number + 3
    return replace(
        days,
        first=days.first + timedelta(days=first),
        after=min(days.first + timedelta(days=last), days.after + timedelta(days=3)),
        precision="range",
    ).noted("weeks are counted from the 1st or from the week's first day: three days on either side are allowed for")


@dataclass(frozen=True, slots=True)
class Figures:
    """A date in figures, in the order in which it stands: 1404/10/18, 8.1.2026, 04/10/18, 2026-01, 18/10."""

    parts: tuple[Number, ...]
    text: str

    @property
    def has_year(self) -> bool:
        return len(self.parts) == 3 or any(part.width == 4 for part in self.parts)

    def days(self, at: Context, begin: date | None = None, before: date | None = None) -> list[Days]:
        if len(self.parts) == 3:
            return self._three(at)
        one, other = self.parts
        if one.width == 4 or other.width == 4:
            year, month = (one, other) if one.width == 4 else (other, one)
            return gathered(
                partial(days_of, calendar, meant, month.value) for calendar, meant in _written_years(year.value, at)
            )
        return self._yearless(at)

    def _yearless(self, at: Context) -> list[Days]:
        today = at.today
        if today is None:
            raise TimeNotUnderstood(f"the year is missing: write {self.text} with its year")
        one, other = (part.value for part in self.parts)
        orders = dict.fromkeys(((one, other), (other, one)))
        calendars = ("jalali", "gregorian") if at.is_iran else ("gregorian",)
        found = gathered(
            partial(last_before, calendar, month, day, today)
            for calendar in calendars
            for day, month in orders
            if month <= 12
        )
        return _told(found, self.text)

    def _three(self, at: Context) -> list[Days]:
        a, b, c = self.parts
        if a.width == 4:
            return self._four_figures(a.value, [(b.value, c.value)], at)
        if c.width == 4:
            return self._four_figures(c.value, [(b.value, a.value), (a.value, b.value)], at)
        return self._two_figures(at)

    def _four_figures(self, year: int, orders: list[tuple[int, int]], at: Context) -> list[Days]:
        """Year and (month, day) in one order or both; a year that is Jalali puts the day before the month."""
        calendars = _written_years(year, at)
        makers = []
        for calendar, known in calendars:
            for place, (month, day) in enumerate(orders):
                if place and calendar != "gregorian" and orders[0][0] <= 12:
                    continue  # 18/10/1404 and 7/8/1404: nobody writes the month first
                makers.append(partial(days_of, calendar, known, month, day))
        return _told(gathered(makers), self.text)

    def _two_figures(self, at: Context) -> list[Days]:
        """YY/MM/DD or DD/MM/YY: the reading within a year of the claim is the one meant, else all stand."""
        a, b, c = (part.value for part in self.parts)
        makers: list[Callable[[], Days]] = []
        for year, month, day in dict.fromkeys(((a, b, c), (c, b, a), (c, a, b))):
            for calendar, meant in two_digit_years(year, at) if month <= 12 else ():
                if calendar == "gregorian" and makers and (year, month, day) == (a, b, c):
                    continue  # in Iran YY/MM/DD is Jalali
                fits = calendar == "gregorian" or (calendar == "jalali" and at.is_iran) or at.calendar == calendar
                if not fits or (calendar == "jalali" and (year, month, day) == (c, a, b) != (c, b, a)):
                    continue
                makers.append(partial(days_of, calendar, meant, month, day))
        return _told(nearest_claim(gathered(makers), at.today, self.text), self.text)


def nearest_claim(found: list[Days], today: date | None, text: str) -> list[Days]:
    """Those of several readings that lie within NEAR before the claim, with a note of the others; else all."""
    near = [days for days in found if today is not None and timedelta(0) <= today - days.first <= NEAR]
    if not near or len(near) == len(found):
        return found
    others = " or ".join(sorted({days.first.isoformat() for days in found if days not in near}))
    return [days.noted(f"{text} could also be {others}, long before the claim") for days in near]


def _written_years(year: int, at: Context) -> list[tuple[str, int]]:
    """A year in figures is lunar only where the phrase says so, or where as a Jalali year it has not come yet."""
    meant = [(kind, value) for kind, value in years_meant(year) if at.calendar in (None, kind)]
    if at.calendar == "lunar":
        return meant
    today = at.today
    jalali = [value for kind, value in meant if kind == "jalali"]
    if not jalali or (today is not None and days_of("jalali", jalali[0]).first <= today) or today is None:
        meant = [one for one in meant if one[0] != "lunar"]
    if not meant:
        raise TimeNotUnderstood(f"{year} is a year of neither calendar; write 2026, or 1404 for a Jalali date")
    return meant


def _told(found: list[Days], text: str) -> list[Days]:
    if len({days.first for days in found}) < 2:
        return found[:1] if found else found
    return [days.noted(f"{text} may be day-month or month-day, or of two calendars: every such day is allowed for")
            for days in found]  # fmt: skip


@dataclass(frozen=True, slots=True)
class Year:
    """A whole year, or an early, middle or late part of it."""

    year: Number
    portion: tuple[str, int] | None = None
    has_year: bool = True

    def days(self, at: Context, begin: date | None = None, before: date | None = None) -> list[Days]:
        if self.year.width == 4 or self.year.value > 99:
            meant = _written_years(self.year.value, at)
        else:
            meant = [one for one in two_digit_years(self.year.value, at) if one[0] in (at.calendar or "jalali",)]
        return [_portion(days_of(calendar, year), self.portion) for calendar, year in meant]


@dataclass(frozen=True, slots=True)
class Several:
    """A range or list of dates, as the stretch from the first to the last. What one leaves out, the others say."""

    specs: tuple[Spec, ...]
    joiner: str  # to | dash | and | or

    @property
    def has_year(self) -> bool:
        return any(spec.has_year for spec in self.specs)

    def days(self, at: Context, begin: date | None = None, before: date | None = None) -> list[Days]:
        found = []
        for chain in self._chains(at, begin, before):
            first, last = min(days.first for days in chain), max(days.after for days in chain)
            if self.joiner in ("to", "dash") and chain[0].first > chain[-1].first:
                raise TimeNotUnderstood("it ends before it begins")
            days = [one for one in chain if one.precision == "day"]
            night = self.joiner in ("to", "dash") and len(chain) == 2 == len(days) == (last - first).days
            notes = tuple(dict.fromkeys(note for one in chain for note in one.notes))
            precision = "range" if (last - first).days > 1 else chain[0].precision
            part = chain[0].part if len({one.part for one in chain}) == 1 else None
            counted = any(one.counted for one in chain)
            found.append(Days(first, last, precision, chain[-1].calendar, notes, night, part, counted))
        return found

    def _chains(self, at: Context, begin: date | None, before: date | None) -> list[list[Days]]:
        """Dates without a year hang on one that has it; without any, on the day of the claim."""
        anchor = next((index for index in reversed(range(len(self.specs))) if self.specs[index].has_year), 0)
        chains = [[days] for days in few(self.specs[anchor].days(at, begin, before))]
        for spec in self.specs[anchor + 1 :]:
            chains = few([[*chain, days] for chain in chains for days in spec.days(at, begin=chain[-1].first)])
        for spec in reversed(self.specs[:anchor]):
            chains = few([[days, *chain] for chain in chains for days in spec.days(at, before=chain[0].first)])
        return chains
