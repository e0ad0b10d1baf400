"""The grammar of clock readings and parts of the day, and the hours they mean from midnight at the day's start.

An hour up to 12 without a part of the day stands for both halves, unless it is written like a 24-hour clock (08:30).
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from functools import cache

from verifier.geo.words_of_time.errors import TimeNotUnderstood
from verifier.geo.words_of_time.lexicon import Phrase, data
from verifier.geo.words_of_time.numerals import figures, numbers

Hours = tuple[float, float]  # from midnight at the start of the named day; may be negative or beyond 24
MORNINGS, LATES = ("am", "dawn", "morning", "forenoon", "sunrise"), ("pm", "afternoon", "asr", "sunset", "evening")
NIGHTS = ("night", "late_night", "dark")
MINUTE = 1 / 60
BOTH_HALVES = "the hour may be before or after noon: both are allowed for"
BOTH_NIGHTS = "the small hours may be those at the day's start or at its end: both are allowed for"


@dataclass(frozen=True, slots=True)
class Clock:
    """A reading of a clock. `width` is how long it lasts, in hours; `part` the part of the day said with it."""

    hour: float  # with minutes and seconds
    width: float = 1.0
    part: str | None = None
    is_24: bool = False


@dataclass(frozen=True, slots=True)
class ClockRange:
    """From one reading to another."""

    first: Clock
    last: Clock


@dataclass(frozen=True, slots=True)
class Part:
    """A part of the day, or the time after or before a turn of it; with `last`, from one part to another."""

    name: str
    relation: str | None = None  # after | before
    plural: bool = False
    last: str | None = None
    eve: bool = False  # «شب», which before the name of a day may be the night before it


@cache
def part_hours() -> dict[str, dict[str, Hours]]:
    """Hours of parts: as they are, "after" and "before" them."""
    return {
        relation: {name: (float(ends[0]), float(ends[1])) for name, ends in table.items()}
        for relation, table in data("hours").items()
    }


# ---------------------------------------------------------------- grammar


def clocks(phrase: Phrase, start: int) -> Iterator[tuple[Clock | ClockRange, int, float]]:
    """Every clock reading or range of them that begins at a token."""
    for first, end, marked in _readings(phrase, start):
        if marked:
            yield first, end, 0.0
        for after, is_list in _range_joints(phrase, end):
            for last, finish, last_marked in _readings(phrase, after):
                is_stranger = is_list and first.width < 1 and not last_marked  # "at 20:30 and 5 injured"
                if (marked or last_marked) and not is_stranger:
                    yield ClockRange(first, last), finish, 0.0


def _range_joints(phrase: Phrase, start: int) -> Iterator[tuple[int, bool]]:
    """What may join two readings: the token after it, and whether it lists rather than spans."""
    for _, end in phrase.at(start, "to"):
        yield end, False
    for _, end in phrase.at(start, "and", "or"):
        yield end, True
    if phrase.mark(start, "-") and not _is_offset(phrase, start):
        yield start + 1, False


def _is_offset(phrase: Phrase, start: int) -> bool:
    """ "T20:30:00-05:00": behind an ISO time a dash is the sign of an offset."""
    if not phrase.tokens[start].glued:
        return False
    return any(token.text in ("T", "t") and token.glued for token in phrase.tokens[max(0, start - 8) : start])


def _readings(phrase: Phrase, start: int) -> Iterator[tuple[Clock, int, bool]]:
    """A reading, its end, and whether something marks it as one: a word, a colon, a part of the day."""
    for begin, marked in _openings(phrase, start):
        marked = marked or (begin > 0 and phrase.has(begin - 1, "about"))
        for clock, end, sure in _bare(phrase, begin):
            yield clock, end, sure or marked
            unit_ends = [after for _, after in phrase.at(end, "hour_after")]
            for after in unit_ends:
                if not phrase.has(after, "before", "after"):  # "two hours after sunset" is no reading of a clock
                    yield clock, after, True
            for place in dict.fromkeys((end, *unit_ends)):
                if phrase.has(place, "relative_part"):  # "8 last night": the part is the date's
                    yield clock, place, True
                for part, after in _own_part(phrase, place):
                    yield replace(clock, part=part), after, True


def _openings(phrase: Phrase, start: int) -> Iterator[tuple[int, bool]]:
    yield start, False
    for _, end in phrase.at(start, "at"):
        yield end, True
    token = phrase.token(start)
    if token is not None and token.key == "t" and token.glued:
        yield start + 1, True


def _own_part(phrase: Phrase, start: int) -> Iterator[tuple[str, int]]:
    """ "شب", "PM", "in the afternoon"; a part that other dates begin with ("8 شب ۱۸ دی") is the clock's as well."""
    for begin in dict.fromkeys((start, *(end for _, end in phrase.at(start, "noise")))):
        yield from phrase.at(begin, "part")


def _bare(phrase: Phrase, start: int) -> Iterator[tuple[Clock, int, bool]]:
    yield from _colons(phrase, start)
    yield from _compact(phrase, start)
    yield from _spoken_minutes(phrase, start)
    one = figures(phrase, start)
    token = phrase.token(start + 1)
    is_zulu = token is not None and token.glued and token.key == "z"
    is_military = one is not None and one.width == 4 and one.value % 100 < 60
    if one is not None and is_military and is_zulu:
        yield Clock(one.value // 100 + one.value % 100 / 60, MINUTE, is_24=True), start + 1, True
        return
    if one is not None and is_military and phrase.has(start + 1, "hour_after"):
        yield Clock(one.value // 100 + one.value % 100 / 60, MINUTE, is_24=True), start + 1, True
        return
    for number, end in numbers(phrase, start):
        if number.width > 2 or number.value > 99 or (number.ordinal and number.width):
            continue
        is_24 = number.width == 2 and number.value < 10
        yield Clock(float(number.value), 1.0, is_24=is_24), end, False
        for _, after in phrase.at(end, "half_past"):
            yield Clock(number.value + 0.5, MINUTE), after, True
        for _, after in phrase.at(end, "quarter_past"):
            yield Clock(number.value + 0.25, MINUTE), after, True
        for _, after in phrase.at(end, "and"):
            for minutes, last in numbers(phrase, after):
                for _, finish in phrase.at(last, "minute"):
                    if minutes.value < 60:
                        yield Clock(number.value + minutes.value / 60, MINUTE), finish, True


def _colons(phrase: Phrase, start: int) -> Iterator[tuple[Clock, int, bool]]:
    """20:30, 20:30:15.5, 20h30, 20.30 Uhr."""
    one, separator, other = figures(phrase, start), phrase.token(start + 1), figures(phrase, start + 2)
    if one is None or separator is None or other is None or one.width > 2 or other.width != 2:
        return
    if not (separator.glued and phrase.tokens[start + 2].glued) or separator.key not in (":", "h", "."):
        return
    is_told = phrase.has(start + 3, "hour_after", "part") or other.value > 31 or _follows_year(phrase, start)
    if separator.key == "." and not is_told:
        return
    if phrase.mark(start + 3, "/-.") and separator.key == "." and figures(phrase, start + 4) is not None:
        return
    if other.value > 59:
        return
    is_24 = one.width == 2 and (one.value < 10 or one.value > 12)
    hour, width, end = one.value + other.value / 60, MINUTE, start + 3
    seconds = figures(phrase, start + 4)
    if separator.key == ":" and phrase.mark(end, ":") and seconds is not None and seconds.width == 2:
        hour, width, end, is_24 = hour + seconds.value / 3600, 1 / 3600, start + 5, True
        if figures(phrase, end + 1) is not None and phrase.mark(end, ".") and phrase.tokens[end + 1].glued:
            end += 2
    before = phrase.token(start - 1) if start else None
    is_24 = is_24 or (before is not None and before.key == "t" and phrase.tokens[start].glued)
    yield Clock(hour, width, is_24=is_24), end, True
    for _, after in phrase.at(end, "minute"):
        yield Clock(hour, width, is_24=is_24), after, True


def _follows_year(phrase: Phrase, start: int) -> bool:
    """ "9.1.2026 21.30", "9.1.2026, 21.30": a point behind a whole date is no date's."""
    before = start - 2 if start and phrase.mark(start - 1, ",،") else start - 1
    year = figures(phrase, before) if before >= 2 else None
    return year is not None and year.width == 4 and phrase.mark(before - 1, "-/.")


def _compact(phrase: Phrase, start: int) -> Iterator[tuple[Clock, int, bool]]:
    """20260108_203000, 20260108T203000Z: six or four figures behind eight."""
    one = figures(phrase, start)
    before = start - 1
    while before >= 0 and (phrase.mark(before, "_-") or phrase.tokens[before].key == "t"):
        before -= 1
    date = figures(phrase, before) if before >= 0 else None
    if one is None or date is None or date.width != 8 or one.width not in (4, 6):
        return
    text = f"{one.value:0{one.width}d}".ljust(6, "0")
    hour, minute, second = int(text[:2]), int(text[2:4]), int(text[4:])
    if hour < 24 and minute < 60 and second < 60:
        width = MINUTE if one.width == 4 else 1 / 3600
        yield Clock(hour + minute / 60 + second / 3600, width, is_24=True), start + 1, True


def _spoken_minutes(phrase: Phrase, start: int) -> Iterator[tuple[Clock, int, bool]]:
    """half past eight, quarter to nine, ten past eight, ربع به هشت, بیست دقیقه به نه."""
    shifts = [(0.5, end) for _, end in phrase.at(start, "past_half")]
    shifts += [(0.25, end) for _, end in phrase.at(start, "past_quarter")]
    shifts += [(-0.25, end) for _, end in phrase.at(start, "quarter_to")]
    for minutes, end in numbers(phrase, start):
        places = [end, *(after for _, after in phrase.at(end, "minute"))]
        if not 0 < minutes.value < 60:
            continue
        for place in places:
            shifts += [(minutes.value / 60, after) for _, after in phrase.at(place, "past") if minutes.value < 31]
            shifts += [(-minutes.value / 60, after) for _, after in phrase.at(place, "minutes_to")]
            if place != end:
                shifts += [(-minutes.value / 60, after) for _, after in phrase.at(place, "to")]
    for shift, begin in shifts:
        for hour, end in numbers(phrase, begin):
            if 1 <= hour.value <= 12 and hour.width <= 2 and not hour.ordinal:
                yield Clock(hour.value + shift, MINUTE), end, True


def parts(phrase: Phrase, start: int) -> Iterator[tuple[Part, int, float]]:
    """A part of the day, with "after" or "before" it, or from one to another."""
    for name, end in phrase.at(start, "part"):
        yield Part(name, eve=phrase.tokens[start].key == "شب"), end, 0.0
        for _, after in phrase.at(end, "to", "and", "or"):
            for other, last in phrase.at(after, "part"):
                if other != name:
                    yield Part(name, last=other), last, 0.0
    for name, end in phrase.at(start, "plural_part"):
        yield Part(name, plural=True), end, 0.0
    for relation in ("after", "before"):
        for _, end in phrase.at(start, relation):
            for name, after in phrase.at(end, "part"):
                if name in part_hours()[relation]:
                    yield Part(name, relation), after, 0.0


# ---------------------------------------------------------------- hours


def part_span(part: Part) -> tuple[Hours, str]:
    """The hours of a part of the day, and how they are told."""
    hours = part_hours()[part.relation or "parts"][part.name]
    if part.last is not None:
        other = part_hours()["parts"][part.last]
        hours = min(hours[0], other[0]), max(hours[1], other[1])
    name = " ".join(word for word in (part.relation, part.name, f"to {part.last}" if part.last else None) if word)
    return hours, f"{name!r} is taken as {clock_text(hours[0])} to {clock_text(hours[1])}"


def clock_spans(clock: Clock | ClockRange, part: str | None, *, day_follows: bool = False) -> list[Hours]:
    """Every stretch of hours that a reading may mean; a range ends a minute after its last reading."""
    if isinstance(clock, ClockRange):
        return _range_spans(clock, part, day_follows=day_follows)
    return [(hour, hour + clock.width) for hour in hours_on(clock, part)]


def _range_spans(clock: ClockRange, part: str | None, *, day_follows: bool) -> list[Hours]:
    last_part = clock.last.part or part
    firsts = hours_on(clock.first, clock.first.part or last_part)
    if clock.first.part is None and last_part is not None and not clock.first.is_24 and 1 <= clock.first.hour < 13:
        other = [clock.first.hour % 12, clock.first.hour % 12 + 12]
    else:
        other = []
    spans = []
    for end in hours_on(clock.last, last_part):
        begins = [hour for hour in firsts if hour < end] or [hour for hour in other if hour < end]
        if begins:
            spans.append((max(begins), end + MINUTE))
            continue
        spans += [(hour, end + 24 + MINUTE) for hour in firsts]
        if day_follows:  # "20 to 2 on 9 January": from the evening before, or into the night after
            spans += [(hour - 24, end + MINUTE) for hour in firsts if hour > end]
    inner = [span for span in spans if span[1] - span[0] < 24]
    return inner or spans


def hours_on(clock: Clock, part: str | None) -> list[float]:
    """The hours of the day at which a clock shows this: one, or more where the words leave it open."""
    hour, part = clock.hour, clock.part or part
    if hour > 24:
        raise TimeNotUnderstood(f"an hour lies between 0 and 24, not {hour:g}")
    half = hour % 12  # 12 counts as 0
    if part is None:
        return [hour] if clock.is_24 or hour < 1 or hour >= 13 else _both(half)
    if hour >= 13:
        return [hour]
    if part in MORNINGS:
        return [half, half + 12] if part in ("morning", "forenoon") and hour >= 12 else [half]
    if part in NIGHTS:
        return _at_night(half, hour)
    if part == "noon":
        return [half] if half >= 10 else [half + 12] if half < 5 else [half, half + 12]
    if part in LATES:
        return [half + 12] if hour < 12 or part in ("pm", "afternoon") else [12.0, 24.0]
    if part == "midnight":
        return [half, half + 24] if half < 6 else [half + 12]
    return [half, half + 12]


def _both(half: float) -> list[float]:
    return [half + 12, half + 24] if half < 1 else [half, half + 12]


def _at_night(half: float, hour: float) -> list[float]:
    """Eight at night is 20:00, twelve the midnight that ends the day; two is of either night."""
    if hour >= 12:
        return [half + 24]
    if half >= 6:
        return [half + 12]
    return [half, half + 24] if half < 5 else [half, half + 12, half + 24]


def clock_text(hours: float) -> str:
    day = " of the next day" if hours >= 24 else " of the day before" if hours < 0 else ""
    return f"{int(hours % 24):02d}:{round(hours % 1 * 60):02d}{day}"
