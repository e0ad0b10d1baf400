"""The grammar of zones: names, offsets, "Tehran time"; a zone that is not understood is told, never replaced."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from verifier.geo.timezone import EASTMOST, WESTMOST, bounds_of_wall, zone
from verifier.geo.words_of_time.errors import TimeNotUnderstood
from verifier.geo.words_of_time.lexicon import Phrase
from verifier.geo.words_of_time.numerals import figures

_OFFSET = re.compile(r"([+-])(\d\d):(\d\d)")


@dataclass(frozen=True, slots=True)
class Zone:
    """Names of zones ("Asia/Tehran") and offsets ("+03:30") that the words may mean; empty where not understood."""

    names: tuple[str, ...]
    text: str
    is_local: bool = False  # "local time": the clocks of the claimed place
    is_place: bool = False  # a place is named, and nothing says that its clocks are meant


def bounds(wall: datetime, name: str | None) -> tuple[datetime, datetime]:
    """Earliest and latest instant meant by a clock reading in a zone, at an offset, or anywhere on Earth."""
    try:
        found = _OFFSET.fullmatch(name or "")
        if found is None:
            return bounds_of_wall(wall, name)
        offset = timedelta(hours=int(found[2]), minutes=int(found[3]))
        instant = wall.replace(tzinfo=UTC) - (offset if found[1] == "+" else -offset)
    except OverflowError as error:
        raise TimeNotUnderstood("no calendar reaches that far") from error
    return instant, instant


def zones(phrase: Phrase, start: int) -> Iterator[tuple[Zone, int, float]]:
    """Every zone that begins at a token."""
    yield from _offsets(phrase, start)
    for names, end in phrase.at(start, "zone"):
        yield Zone(names, phrase.words(start, end)), end, 0.0
        yield from _offsets(phrase, end, need_glue=False)
        for _, after in phrase.at(end, "zone_after"):
            yield Zone(names, phrase.words(start, after)), after, 0.0
    for _, end in phrase.at(start, "local_zone"):
        yield Zone((), phrase.words(start, end), is_local=True), end, 0.0
        for names, after in phrase.at(end, "place_zone"):
            yield Zone(names, phrase.words(start, after)), after, 0.0
    for names, end in phrase.at(start, "place_zone"):
        yield Zone(names, phrase.words(start, end), is_place=True), end, 0.0
        for _, after in phrase.at(end, "zone_after"):
            yield Zone(names, phrase.words(start, after)), after, 0.0
    for _, end in phrase.at(start, "zone_before"):
        yield from _named_after(phrase, start, end)
    yield from _by_rules_name(phrase, start)
    yield from _unknown_letters(phrase, start)


def _named_after(phrase: Phrase, start: int, end: int) -> Iterator[tuple[Zone, int, float]]:
    known = False
    for begin in dict.fromkeys((end, *(after for _, after in phrase.at(end, "noise", "local_zone")))):
        for names, after in phrase.at(begin, "place_zone", "zone"):
            known = True
            yield Zone(names, phrase.words(start, after)), after, 0.0
    token = phrase.token(end)
    if not known and token is not None and token.kind == "word":
        yield Zone((), phrase.words(start, end + 1)), end + 1, 1.0


def _offsets(phrase: Phrase, start: int, *, need_glue: bool = True) -> Iterator[tuple[Zone, int, float]]:
    """ "+03:30", "+0330", "UTC+3:30", "GMT-5"; without a zone's name only behind a clock reading."""
    token, hours = phrase.token(start), figures(phrase, start + 1)
    if token is None or token.text not in ("+", "-") or hours is None or not phrase.tokens[start + 1].glued:
        return
    if need_glue and not (start and (phrase.tokens[start - 1].kind == "number" or phrase.has(start - 1, "part"))):
        return
    minutes, end, hour = 0, start + 2, hours.value
    after = figures(phrase, start + 3)
    if hours.width == 4:
        hour, minutes = divmod(hours.value, 100)
    elif phrase.mark(start + 2, ":.") and after is not None and after.width == 2 and phrase.tokens[start + 3].glued:
        minutes, end = after.value, start + 4
        if phrase.mark(start + 2, "."):
            minutes = round(after.value * 60 / 100)
    elif need_glue and token.text == "-":
        return
    offset = timedelta(hours=hour, minutes=minutes) * (-1 if token.text == "-" else 1)
    text = phrase.words(start, end).replace(" ", "")
    if not WESTMOST <= offset <= EASTMOST or minutes > 59:
        return
    yield Zone((f"{token.text}{hour:02d}:{minutes:02d}",), text), end, 0.0


def _by_rules_name(phrase: Phrase, start: int) -> Iterator[tuple[Zone, int, float]]:
    """ "Europe/Berlin"."""
    token, other = phrase.token(start), phrase.token(start + 2)
    if token is None or other is None or not phrase.mark(start + 1, "/") or {token.kind, other.kind} != {"word"}:
        return
    end = start + 3
    name = f"{token.text}/{other.text}"
    last = phrase.token(end + 1)
    if phrase.mark(end, "_") and last is not None:
        name, end = f"{name}_{last.text}", end + 2
    try:
        zone(name)
    except ValueError:
        return
    yield Zone((name,), name), end, 0.0


def _unknown_letters(phrase: Phrase, start: int) -> Iterator[tuple[Zone, int, float]]:
    """Two to five capital letters behind a clock reading are a zone that we do not know: "18:00 XYT"."""
    token, before = phrase.token(start), phrase.token(start - 1) if start else None
    if token is None or before is None or phrase.has(start, "zone", "part", "month", "weekday", "hour_after"):
        return
    is_name = token.text.isascii() and token.text.isupper() and 2 <= len(token.text) <= 5 and token.kind == "word"
    is_clock = before.kind == "number" and start >= 3 and phrase.tokens[start - 2].text in (":", "h")
    if is_name and is_clock and not phrase.has(start, "noise", "and", "or", "to", "calendar"):
        yield Zone((), token.text), start + 1, 1.0
