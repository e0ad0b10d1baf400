"""The hours that a moment means on its days, as stretches on the wall's clock: readings, parts of the day, nights."""

from __future__ import annotations

from datetime import datetime, time, timedelta

from verifier.geo.words_of_time.calendars import Days
from verifier.geo.words_of_time.clocks import (
    BOTH_HALVES,
    BOTH_NIGHTS,
    MINUTE,
    NIGHTS,
    ClockRange,
    Hours,
    Part,
    clock_spans,
    part_span,
)
from verifier.geo.words_of_time.errors import TimeNotUnderstood
from verifier.geo.words_of_time.moments import Moment

ABOUT_HOURS = timedelta(hours=1)
ABOUT_DAYS = {"day": 1, "month": 15, "year": 190, "range": 2}
NIGHTS_BETWEEN = {"night": (16.0, 31.0), "dark": (15.0, 31.0), "evening": (15.0, 31.0), "late_night": (20.0, 31.0),
                  "midnight": (20.0, 29.0)}  # fmt: skip
Wall = tuple[datetime, datetime, datetime, str, list[str]]


def walls(moment: Moment, days: Days) -> list[Wall]:
    """Start, end and "until" on the wall's clock, how precise, and what was assumed."""
    first = datetime.combine(days.first, time())
    last = datetime.combine(days.after, time()) - timedelta(days=1)
    clock, part = moment.value("clock"), _part_of(moment, days)
    if clock is None and not moment.parts and days.part is None:
        around = timedelta(days=ABOUT_DAYS[days.precision] if moment.about else 0)
        whole_end = last + timedelta(days=1) + around
        note = ["“about” is taken widely"] if moment.about else []
        return [(first - around, whole_end, whole_end, days.precision, note)]
    if days.precision in ("month", "year") or (days.after - days.first).days > 62:
        raise TimeNotUnderstood("it names an hour but no day")
    if days.night and (days.part or moment.parts) and not any(item.value.plural for item in moment.parts):
        return _night_between(moment, first, part)
    about = ABOUT_HOURS if moment.about else timedelta(0)
    spans, notes = _hours(moment, days, part)
    found = []
    for start, end in spans:
        begin, finish = first + timedelta(hours=start) - about, last + timedelta(hours=end) + about
        until = last + timedelta(hours=start) + timedelta(hours=MINUTE) + about if clock is not None else finish
        if isinstance(clock, ClockRange):
            until = finish
        begin, finish = _over_range(moment, days, first, last, begin, finish)
        sharp = clock is not None and not moment.about and end - start < 1
        found.append((begin, finish, max(until, begin), "minute" if sharp else "hours", notes))
    return found


def _part_of(moment: Moment, days: Days) -> str | None:
    return moment.parts[0].value.name if moment.parts else days.part


def _over_range(
    moment: Moment, days: Days, first: datetime, last: datetime, begin: datetime, finish: datetime
) -> tuple[datetime, datetime]:
    """Hours beside "8 to 10 January" may be those of its first day or of its last: both stand."""
    if (days.after - days.first).days < 2 or days.precision != "range" or not moment.dates:
        return begin, finish
    spec, place = moment.dates[0].value, moment.dates[0].start
    if getattr(spec, "joiner", "") not in ("to", "dash"):
        return begin, finish
    hours = moment.single.get("clock") or (moment.parts[0] if moment.parts else None)
    if hours is not None and hours.start < place:
        return begin, max(finish, last + timedelta(days=1))
    return min(begin, first), finish


def _night_between(moment: Moment, first: datetime, part: str | None) -> list[Wall]:
    """ "night of 8-9 January": the night between, and a clock reading in it."""
    note = "the night between the two days is taken"
    span = NIGHTS_BETWEEN.get(part or "night")
    if span is None:  # "the afternoon of 8-9 January": from the one to the other
        hours, note = part_span(moment.parts[0].value)
        span = hours[0], hours[1] + 24
    spans: list[Hours] = [span]
    clock = moment.value("clock")
    if clock is not None:
        shown = [(start + shift, end + shift) for shift in (0, 24) for start, end in clock_spans(clock, part)]
        spans = list(dict.fromkeys(one for one in shown if span[0] - 4 <= one[0] < span[1])) or spans
    about = ABOUT_HOURS if moment.about else timedelta(0)
    found = []
    for start, end in spans:
        begin, finish = first + timedelta(hours=start) - about, first + timedelta(hours=end) + about
        found.append((begin, finish, finish, "minute" if clock is not None and end - start < 1 else "hours", [note]))
    return found


def _hours(moment: Moment, days: Days, part: str | None) -> tuple[list[Hours], list[str]]:
    clock = moment.value("clock")
    if clock is not None:
        clock_item = moment.single["clock"]
        follows = bool(moment.dates) and moment.dates[0].start > clock_item.start
        spans = clock_spans(clock, part, day_follows=follows)
        if not isinstance(clock, ClockRange) and clock.part in ("dawn", "am", "morning") and part in NIGHTS:
            spans = [*spans, *((start + 24, end + 24) for start, end in spans)]
        notes = []
        if len(spans) > 1:
            notes = [BOTH_NIGHTS if spans[-1][0] - spans[0][0] >= 24 else BOTH_HALVES]
        return spans, notes
    if not moment.parts:
        hours, note = part_span(Part(days.part or "night"))
        return [hours], [note]
    told = [part_span(item.value) for item in moment.parts]
    start, end = min(hours[0] for hours, _ in told), max(hours[1] for hours, _ in told)
    notes = [note for _, note in told]
    weekday = moment.value("weekday")
    of_weekday = is_eve(moment) and (not moment.dates or weekday[0] == days.first.weekday())
    if of_weekday or (days.calendar == "lunar" and part in (*NIGHTS, "evening", "midnight")):
        start -= 24
        notes.append("it may be the night before that day or its own: both are allowed for")
    return [(start, end)], notes


def is_eve(moment: Moment) -> bool:
    """ "شب جمعه": a night named right before a weekday, in Persian."""
    weekday = moment.single.get("weekday")
    return weekday is not None and any(
        item.value.name == "night" and item.value.relation is None and item.end == weekday.start and item.value.eve
        for item in moment.parts
    )
