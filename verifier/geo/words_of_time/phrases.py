"""The way in: a phrase, and what it means, or one sentence why it has no reading that uses every word."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime

from verifier.geo.words_of_time.context import Context
from verifier.geo.words_of_time.errors import TimeNotUnderstood
from verifier.geo.words_of_time.items import Sequence, sequences
from verifier.geo.words_of_time.lexicon import Phrase
from verifier.geo.words_of_time.moments import Ungrammatical, structure
from verifier.geo.words_of_time.reading import Reading, resolve

MOST_LETTERS = 200
SAME_COST = 1e-6
WITHIN = 3.5  # how much dearer a sequence may be where the cheapest one names a date that does not exist
EXAMPLES = "write one like 2026-01-08, 8 January 2026, 18 Dey 1404 or ۱۸ دی ۱۴۰۴, with a part of the day if it is known"


@dataclass(frozen=True, slots=True, kw_only=True)
class Understood:
    """The whole stretch, the readings it holds, and the words that were not used."""

    earliest: datetime | None
    latest: datetime | None
    readings: tuple[Reading, ...]
    unread: tuple[str, ...]


def understand(text: str, at: Context) -> Understood:
    """What a phrase means. Raises TimeNotUnderstood with one sentence."""
    if len(text) > MOST_LETTERS:
        raise TimeNotUnderstood(f"a time is told in at most {MOST_LETTERS} letters, this text has {len(text)}")
    phrase = Phrase(text)
    if not len(phrase):
        raise TimeNotUnderstood("a time is written like 2026-01-08 20:30, 18 Dey 1404, ۱۸ دی ۱۴۰۴ or evening of 18 Dey")
    found: list[tuple[list[Reading], list[str]]] = []
    best: float | None = None
    first_error: tuple[float, TimeNotUnderstood] | None = None
    for way in sequences(phrase):
        if best is not None and way.cost > best + SAME_COST:
            break
        if first_error is not None and way.cost > first_error[0] + WITHIN:
            break
        try:
            said = structure(way.items)
            found.append((resolve(said, at), said.unread))
            best = way.cost
        except Ungrammatical:
            continue
        except TimeNotUnderstood as error:
            first_error = first_error or (way.cost, error)
    if found:
        return _together(found)
    if first_error is not None:
        raise TimeNotUnderstood(f"{text!r}: {first_error[1]}")
    raise TimeNotUnderstood(_why(text, sequences(phrase, with_left=True)))


def _together(found: list[tuple[list[Reading], list[str]]]) -> Understood:
    readings = list(dict.fromkeys(reading for group, _ in found for reading in group))
    starts, ends = [one.earliest for one in readings], [one.latest for one in readings]
    unread = tuple(dict.fromkeys(word for _, words in found for word in words))
    return Understood(
        earliest=None if None in starts else min(start for start in starts if start is not None),
        latest=None if None in ends else max(end for end in ends if end is not None),
        readings=tuple(replace(reading) for reading in readings),
        unread=unread,
    )


def _why(text: str, ways: list[Sequence]) -> str:
    for way in ways:
        used = {item.kind for item in way.items} - {"noise", "unknown", "left", "join"}
        left = [str(item.value) for item in way.left]
        if left and used & {"date", "weekday", "ago"}:
            return f"{text!r} was not understood in full: {', '.join(left[:6])} would be left out; {EXAMPLES}"
    return f"{text!r} is not a date; {EXAMPLES}"
