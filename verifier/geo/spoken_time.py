"""Dates and times as people write them, read into an interval of UTC with what was assumed.

Rule: a reading uses every word of the phrase or none (`words_of_time`). Where several readings stand, the interval
holds them all and says so; where a word is left over that could carry time, the phrase is refused. A claim is never a
minute: "evening of 18 Dey" is an interval, generous at both ends, and a day in Iran begins at 20:30 UTC of the day
before (at +03:30). Without a known zone an interval is widened to every zone on Earth.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache

from verifier.geo.position import Position
from verifier.geo.words_of_time.context import Context
from verifier.geo.words_of_time.errors import TimeNotUnderstood
from verifier.geo.words_of_time.phrases import MOST_LETTERS, Understood, understand

__all__ = ["MOST_LETTERS", "Interval", "TimeNotUnderstood", "read_time"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Interval:
    """A stretch of time in UTC, `earliest` <= t < `latest`; None is an open end. `notes` say what was assumed.

    `unread` are words that carry no time and were not used; `weekday` and `zone_text` are told where the named day of
    the week is another, or a named zone is not known; `readings` counts the meanings that the interval holds;
    `is_counted` says that the words have no year of their own.
    """

    earliest: datetime | None
    latest: datetime | None
    precision: str  # minute | hours | day | month | year | range
    calendar: str  # gregorian | jalali | lunar
    text: str
    zone: str | None
    notes: tuple[str, ...] = ()
    unread: tuple[str, ...] = ()
    weekday: str | None = None  # "that day was a Thursday, not a Friday"
    weekday_of_date: str | None = None
    weekday_said: str | None = None
    zone_text: str | None = None
    readings: int = 1
    is_counted: bool = False  # from the day on which the words were said

    def __post_init__(self) -> None:
        if self.earliest is not None and self.latest is not None and self.earliest > self.latest:
            raise TimeNotUnderstood(f"{self.text!r} ends before it begins")


def read_time(
    text: str,
    zone: str | None = None,
    reference: datetime | None = None,
    positions: Sequence[Position] = (),
    radius_metres: float = 0.0,
) -> Interval:
    """The interval that a time text means. Raises TimeNotUnderstood, a ValueError, with one sentence, and nothing else.

    `zone`: whose clocks and calendar days are meant, where the text does not say; None widens to every zone.
    `reference`: when the words were said; a date without a year is the last such date before it.
    `positions` and `radius_metres`: where the sun is asked for the calls to prayer.
    """
    found = _read(text, zone, reference, tuple(positions), radius_metres)
    if isinstance(found, str):
        raise TimeNotUnderstood(found)
    return found


@lru_cache(maxsize=4096)
def _read(
    text: str, zone: str | None, reference: datetime | None, positions: tuple[Position, ...], radius_metres: float
) -> Interval | str:
    """The interval, or the sentence why there is none: a refusal costs as much as a reading, and is kept as well."""
    at = Context(reference=reference, zone=zone, positions=positions, radius_metres=radius_metres)
    try:
        return _interval(text, understand(text, at))
    except TimeNotUnderstood as error:
        return str(error)


def _interval(text: str, found: Understood) -> Interval:
    first = found.readings[0]
    told = [one for reading in found.readings for one in reading.told]
    bounds = {(reading.earliest, reading.latest) for reading in found.readings}
    notes = list(dict.fromkeys(note for reading in found.readings for note in reading.notes))
    weekday = next((value for code, value in told if code == "weekday"), None)
    if weekday is not None:
        notes.append(weekday)
    if len(bounds) > 1:
        notes.append(f"the words have {len(bounds)} readings: all of them are allowed for")
    if found.unread:
        notes.append(f"not used: {' '.join(found.unread)}")
    return Interval(
        earliest=found.earliest,
        latest=found.latest,
        precision=first.precision if len(bounds) == 1 else "range",
        calendar=first.calendar,
        text=text,
        zone=first.zone if len({reading.zone for reading in found.readings}) == 1 else None,
        notes=tuple(notes),
        unread=found.unread,
        weekday=weekday,
        weekday_of_date=weekday.split()[4].rstrip(",").lower() if weekday else None,
        weekday_said=weekday.split()[-1].lower() if weekday else None,
        zone_text=next((value for code, value in told if code == "zone"), None),
        readings=len(bounds),
        is_counted=any(code == "counted" for code, _ in told),
    )
