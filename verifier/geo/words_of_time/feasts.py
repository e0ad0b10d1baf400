"""Feasts and memorial days: Yalda, Nowruz, Ashura … as days of their calendar, widened to what bears the name."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date, timedelta

from verifier.geo.words_of_time.calendars import Days, days_of, year_of, years_meant
from verifier.geo.words_of_time.context import Context, shifted
from verifier.geo.words_of_time.errors import TimeNotUnderstood
from verifier.geo.words_of_time.numerals import Number
from verifier.geo.words_of_time.specs import nearest_claim, two_digit_years

TUESDAY = 1
FIXED: dict[str, tuple[str, int, int, int, int, str | None]] = {
    # calendar, month, day, days before and after that bear the name, the part of the day
    "yalda": ("jalali", 9, 30, 0, 0, "night"),
    "nowruz": ("jalali", 1, 1, 1, 12, None),  # the holidays last until the 13th
    "new_year": ("jalali", 1, 1, 1, 0, None),  # the equinox may fall on the eve
    "sizdah_bedar": ("jalali", 1, 13, 0, 0, None),
    "ashura": ("lunar", 1, 10, 0, 0, None),
    "tasua": ("lunar", 1, 9, 0, 0, None),
    "arbaeen": ("lunar", 2, 20, 0, 0, None),
    "fitr": ("lunar", 10, 1, 0, 2, None),
    "qurban": ("lunar", 12, 10, 0, 1, None),
    "ghadir": ("lunar", 12, 18, 0, 0, None),
    "christmas": ("gregorian", 12, 25, 1, 1, None),
}


@dataclass(frozen=True, slots=True)
class Feast:
    """A feast of a year of its own calendar or of any other; without a year, the last one before the claim."""

    name: str
    year: Number | None = None

    @property
    def has_year(self) -> bool:
        return self.year is not None

    def days(self, at: Context, begin: date | None = None, before: date | None = None) -> list[Days]:
        if self.year is None:
            today = before or at.today
            if today is None:
                raise TimeNotUnderstood("the year of the feast is missing")
            own = year_of(_calendar(self.name), today) + 1
            past = [days for year in range(own - 3, own + 1) if (days := self._of(year)).first <= today]
            note = f"no year was given: the last one before {today.isoformat()} is taken"
            return [replace(past[-1].noted(note), counted=True)]
        found = list(dict.fromkeys(self._of_written(self.year.value)))
        if not found:
            raise TimeNotUnderstood(f"the year {self.year.value} of the feast is not understood")
        past = [days for days in found if at.today is None or days.first <= at.today]
        return nearest_claim(past or found, at.today, str(self.year.value))

    def _of_written(self, year: int) -> Iterator[Days]:
        """A lunar feast of a year like 1404 may be in the Jalali or in the lunar year: in 2025 or in 1983."""
        own = _calendar(self.name)
        meant = list(years_meant(year))
        if own != "lunar":
            meant = [one for one in meant if one[0] == own] or meant
        for calendar, value in meant:
            if calendar == own:
                yield self._of(value)
                continue
            whole = days_of(calendar, value)
            first = year_of(own, whole.first) - 1
            for candidate in range(first, first + 4):
                days = self._of(candidate)
                if days.after > whole.first and days.first < whole.after:
                    yield days

    def _of(self, year: int) -> Days:
        """The feast of its own calendar's year."""
        if self.name == "chaharshanbe_suri":  # the eve of the last Wednesday
            after = days_of("jalali", year).after
            back = (after.weekday() - 1 - TUESDAY) % 7 + 1
            tuesday = shifted(after, -back)
            if back == 1:  # the year ends on a Tuesday: its last Wednesday, and the eve, are a week older
                tuesday = shifted(tuesday, -7)
            return Days(tuesday, shifted(tuesday, 1), "day", "jalali", part="evening")
        calendar, month, day, before, after_days, part = FIXED[self.name]
        days = days_of(calendar, year, month, day)
        return replace(
            days,
            first=days.first - timedelta(days=before),
            after=days.after + timedelta(days=after_days),
            precision="range" if before or after_days else days.precision,
            part=part,
        )


@dataclass(frozen=True, slots=True)
class Season:
    """A season: three months of the Jalali year, or four of the Gregorian one, so that every usage is held."""

    number: int  # spring is 1
    year: Number | None = None

    @property
    def has_year(self) -> bool:
        return self.year is not None

    def days(self, at: Context, begin: date | None = None, before: date | None = None) -> list[Days]:
        if self.year is None:
            today = before or at.today
            if today is None:
                raise TimeNotUnderstood("the year of the season is missing")
            own = year_of("jalali", today)
            past = [days for year in (own - 1, own) if (days := self._of("jalali", year)).first <= today]
            note = f"no year was given: the last one before {today.isoformat()} is taken"
            return [replace(past[-1].noted(note), counted=True)]
        if self.year.value < 100:
            meant = [one for one in two_digit_years(self.year.value, at) if one[0] == "jalali"]
        else:
            meant = [one for one in years_meant(self.year.value) if one[0] != "lunar"]
        if not meant:
            raise TimeNotUnderstood(f"the year {self.year.value} of the season is not understood")
        years = [(kind, year) for kind, year in meant]
        if self.number == 4:  # the winter of 2026 is that before it or that after it
            years += [(kind, year - 1) for kind, year in meant if kind == "gregorian"]
        return [self._of(kind, year) for kind, year in years]

    def _of(self, calendar: str, year: int) -> Days:
        if calendar == "jalali":
            first = days_of("jalali", year, 3 * self.number - 2, 1)
            last = days_of("jalali", year, 3 * self.number)
        else:
            first = days_of("gregorian", year, 3 * self.number, 1)
            last = days_of("gregorian", year + (self.number == 4), 3 if self.number == 4 else 3 * self.number + 3)
        return Days(first.first, last.after, "range", calendar)


def _calendar(name: str) -> str:
    return FIXED[name][0] if name in FIXED else "jalali"
