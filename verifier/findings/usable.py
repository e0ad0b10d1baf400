"""Whether a time that stands in a file can be a time of capture at all; the one rule that every check and fact asks.

A year of another calendar, a counter that was never set, a year before cameras wrote dates or after their clocks end is
no time: it becomes no fact, bounds nothing, and is compared with nothing. `findings/withheld` tells the reader of it.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from verifier.calendars import calendar_of_year, in_other_calendar
from verifier.dossier import ExhibitDossier
from verifier.findings.codes import AFTER_CLOCKS, BEFORE_CAMERAS, UNSET
from verifier.geo.timezone import EASTMOST, instant_of
from verifier.instants import shifted
from verifier.records import Moment, Value

FIRST_YEAR, LAST_YEAR = 1990, 2099  # cameras wrote no dates before, and their clocks end
# Days that counters stand at when they were never set, with the day before for zones west of Greenwich.
UNSET_DAYS = frozenset(
    {"0001-01-01", "1899-12-30", "1899-12-31", "1900-01-01", "1903-12-31", "1904-01-01", "1969-12-31", "1970-01-01",
     "1979-12-31", "1980-01-01", "1980-01-06"}
)  # fmt: skip
MARGIN = timedelta(hours=24)  # our clock's zone, and a platform's, may be mistaken
WEEK = timedelta(days=7)
ROLLOVER = 1024 * WEEK  # receivers count weeks in ten bits
_WRITTEN = re.compile(
    r"\s*(\d{4})[:\-/. ](\d{1,2})[:\-/. ](\d{1,2})(?:[T ]+(\d{1,2})[:.](\d{1,2})(?:[:.](\d{1,2}))?.*)?\s*", re.DOTALL
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Written:
    """A date as its digits stand, possible or not; the time of day where one is written."""

    year: int
    month: int
    day: int
    hour: int | None = None
    minute: int = 0
    second: int = 0

    @property
    def clock(self) -> str:
        """ "T10:11:12", or nothing."""
        return "" if self.hour is None else f"T{self.hour:02d}:{self.minute:02d}:{self.second:02d}"


def written(value: Value) -> Written | None:
    """The digits of a date; None where the text is no date."""
    text = value.wall if isinstance(value, Moment) else value
    found = _WRITTEN.fullmatch(text) if isinstance(text, str) and len(text) <= 64 else None
    if found is None:
        return None
    year, month, day, hour, minute, second = (None if part is None else int(part) for part in found.groups())
    return Written(year=year or 0, month=month or 0, day=day or 0, hour=hour, minute=minute or 0, second=second or 0)


def reason_against(moment: Moment) -> str | None:
    """A code for why it is no time of capture: another calendar's, or why not; None for a time that can be meant."""
    year = int(moment.wall[:4])
    calendar = calendar_of_year(year)
    if calendar is not None:
        return calendar
    if moment.wall[:10] in UNSET_DAYS:
        return UNSET
    if year < FIRST_YEAR:
        return BEFORE_CAMERAS
    return AFTER_CLOCKS if year > LAST_YEAR else None


def usable(value: Value) -> bool:
    """Whether it is a time that can be meant."""
    return isinstance(value, Moment) and reason_against(value) is None


def in_gregorian(value: Value) -> str | None:
    """What a date of another calendar is in the Gregorian one, `2023-05-04T10:11:12`; None for every other."""
    said = written(value)
    day = in_other_calendar(said.year, said.month, said.day) if said else None
    return f"{day.isoformat()}{said.clock}" if said and day else None


def weeks_apart(seconds: float) -> bool:
    """Whether two clocks are so far apart as a receiver is whose week counter ran over, any zone left aside."""
    rest = min(abs(abs(seconds) - count * ROLLOVER.total_seconds()) for count in (1, 2))
    return rest <= timedelta(hours=15).total_seconds()


def is_after(moment: Moment, handed_over: datetime | None) -> bool:
    """Whether even the earliest instant that it can mean lies more than a day after the hand-over."""
    if handed_over is None:
        return False
    earliest = moment.instant or shifted(datetime.fromisoformat(moment.wall[:19]).replace(tzinfo=UTC), -EASTMOST)
    return earliest > shifted(handed_over, MARGIN)


def handed_over(dossier: ExhibitDossier) -> datetime | None:
    """The first time it was taken in."""
    taken = [instant for item in dossier.acquisitions for instant in [instant_of(item.acquired_at)] if instant]
    return min(taken, default=None)
