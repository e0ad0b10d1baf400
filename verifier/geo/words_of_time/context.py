"""What a phrase is read against: the day it was said, the clocks and calendars of its place, where the sun is asked."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta

from verifier.calendars import GREGORIAN_YEARS
from verifier.geo.position import Position
from verifier.geo.timezone import EASTMOST, TEHRAN, WESTMOST, zone
from verifier.geo.words_of_time.errors import TimeNotUnderstood

REFERENCE_YEARS = range(GREGORIAN_YEARS.start + 10, GREGORIAN_YEARS.stop - 1)
JALALI_ZONES = (TEHRAN, "Asia/Kabul")  # where the Solar Hijri calendar is the civil one


@dataclass(frozen=True, slots=True, kw_only=True)
class Context:
    """`reference` is the instant from which yearless and relative words are counted."""

    reference: datetime | None = None
    zone: str | None = None
    positions: tuple[Position, ...] = ()
    radius_metres: float = 0.0
    calendar: str | None = None  # the one that the phrase itself names

    @property
    def is_iran(self) -> bool:
        """Whether dates are written in the Iranian order and week unless they say otherwise."""
        return self.zone is None or self.zone in JALALI_ZONES

    @property
    def today(self) -> date | None:
        """The latest day that it can have been where the words were said."""
        if self.reference is None or self.reference.year not in REFERENCE_YEARS:
            return None
        return self.days[1]

    @property
    def days(self) -> tuple[date, date]:
        """The first and last day that it can have been. Raises TimeNotUnderstood without a reference."""
        if self.reference is None:
            raise TimeNotUnderstood("it is counted from a day that is not known: say when the claim was made")
        if self.reference.year not in REFERENCE_YEARS:
            raise TimeNotUnderstood(f"it is counted from the year {self.reference.year}, which is no year of a claim")
        if self.zone is not None:
            day = self.reference.astimezone(zone(self.zone)).date()
            return day, day
        wall = self.reference.astimezone(UTC).replace(tzinfo=None)
        return (wall + WESTMOST).date(), (wall + EASTMOST).date()


def shifted(day: date, count: int) -> date:
    """The day some days later. Raises TimeNotUnderstood beyond the calendar."""
    try:
        return day + timedelta(days=count)
    except OverflowError as error:
        raise TimeNotUnderstood("no calendar reaches that far") from error
