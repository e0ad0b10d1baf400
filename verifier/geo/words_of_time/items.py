"""A phrase as sequences of items (dates, clocks, zones, joints …) that account for every token, the cheapest first."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from verifier.geo.words_of_time.clocks import clocks, parts
from verifier.geo.words_of_time.dates import _counts as counts
from verifier.geo.words_of_time.dates import dates, singles
from verifier.geo.words_of_time.lexicon import WEEKDAYS, Phrase
from verifier.geo.words_of_time.numerals import numbers
from verifier.geo.words_of_time.specs import Named
from verifier.geo.words_of_time.zones import zones

KEPT = 40  # sequences kept at each token
ITEM, NOISE, DASH, WEAK_UNKNOWN, UNKNOWN, LEFT = 1.0, 0.2, 0.5, 12.0, 10.0, 1000.0
SILENT_MARKS = ",.;:()[]{}\"'!?…«»،؛؟|*_“”„•"
OPENERS = ("before", "after", "until", "since")


@dataclass(frozen=True, slots=True)
class Item:
    """One piece of a phrase: what it is, what it says, where it stands."""

    kind: str
    value: Any
    start: int
    end: int
    cost: float


@dataclass(frozen=True, slots=True)
class Sequence:
    """Items that cover the phrase from its beginning."""

    cost: float
    items: tuple[Item, ...]

    @property
    def left(self) -> list[Item]:
        return [item for item in self.items if item.kind == "left"]


def sequences(phrase: Phrase, *, with_left: bool = False) -> list[Sequence]:
    """The cheapest ways to account for every token; `with_left` allows for tokens that nothing explains."""
    reached: list[list[Sequence]] = [[] for _ in range(len(phrase) + 1)]
    reached[0] = [Sequence(0.0, ())]
    for place, _ in enumerate(phrase.tokens):
        here = sorted(reached[place], key=_cost)[:KEPT]
        if not here:
            continue
        items = phrase.remembered("items", place, lambda known, start: iter(_cheapest(_items(known, start))))
        is_word = phrase.tokens[place].kind == "word" and not phrase.is_known(place)
        if with_left and not is_word:
            items = [item for item in items if item.kind != "bare day"]
            items = [*items, Item("left", phrase.tokens[place].text, place, place + 1, LEFT)]
        for item in items:
            reached[item.end] += [Sequence(one.cost + item.cost, (*one.items, item)) for one in here]
    return sorted(reached[-1], key=_cost)[:KEPT]


def _cost(one: Sequence) -> float:
    return one.cost


def _cheapest(items: Iterator[Item]) -> list[Item]:
    """Each thing that can be said once, at its lowest cost."""
    found: dict[tuple[str, int, Any], Item] = {}
    for item in items:
        key = (item.kind, item.end, item.value)
        if key not in found or item.cost < found[key].cost:
            found[key] = item
    return list(found.values())


def _items(phrase: Phrase, start: int) -> Iterator[Item]:
    for kind, grammar in (("date", dates), ("clock", clocks), ("part", parts), ("zone", zones)):
        for value, end, cost in grammar(phrase, start):
            yield Item(kind, value, start, end, ITEM + cost)
    yield from _bare_days(phrase, start)
    yield from _prayers(phrase, start)
    yield from _weekdays(phrase, start)
    yield from _hours_ago(phrase, start)
    yield from _places(phrase, start)
    yield from _small_words(phrase, start)
    yield from _strangers(phrase, start)


def _prayers(phrase: Phrase, start: int) -> Iterator[Item]:
    for begin, relation in ((start, None), *((end, kind) for kind in ("after", "before")
                                             for _, end in phrase.at(start, kind))):  # fmt: skip
        for place in dict.fromkeys((begin, *(end for _, end in phrase.at(begin, "noise")))):
            for name, end in phrase.at(place, "prayer"):
                yield Item("prayer", (name, relation), start, end, ITEM)


def _bare_days(phrase: Phrase, start: int) -> Iterator[Item]:
    """ "the night of 18 to the morning of 19 Dey": a day whose month stands beyond the joint."""
    for number, end in numbers(phrase, start):
        if 1 <= number.value <= 31 and number.width <= 2:
            yield Item("bare day", number.value, start, end, ITEM + 1)


def _weekdays(phrase: Phrase, start: int) -> Iterator[Item]:
    which = [(start, None)] + [(end, kind) for kind in ("last", "next", "this") for _, end in phrase.at(start, kind)]
    for begin, before in which:
        for name, end in phrase.at(begin, "weekday"):
            number = WEEKDAYS.index(name)
            yield Item("weekday", (number, before, None), start, end, ITEM)
            for _, after in phrase.at(end, "last") if before is None else ():
                yield Item("weekday", (number, "last", None), start, after, ITEM)
            for part, place in phrase.at(end, "part"):
                for _, after in phrase.at(place, "last") if before is None else ():
                    yield Item("weekday", (number, "last", part), start, after, ITEM)  # «پنجشنبه شب گذشته»


def _hours_ago(phrase: Phrase, start: int) -> Iterator[Item]:
    for _, end in phrase.at(start, "now"):
        yield Item("ago", (0.0, 0.0), start, end, ITEM)
    for _, end in phrase.at(start, "half"):
        for begin in dict.fromkeys((end, *(after for _, after in phrase.at(end, "one")))):
            for unit, after in phrase.at(begin, "unit"):
                for _, last in phrase.at(after, "ago") if unit == "hour" else ():
                    yield Item("ago", (0.5, 0.5), start, last, ITEM)
    for (low, high), end in counts(phrase, start):
        for unit, after in phrase.at(end, "unit"):
            hours = {"hour": 1.0, "minute": 1 / 60}.get(unit, 0.0)
            for _, last in phrase.at(after, "ago") if hours else ():
                yield Item("ago", (low * hours, high * hours), start, last, ITEM)


def _places(phrase: Phrase, start: int) -> Iterator[Item]:
    """ "7 Tir square", «میدان ۷ تیر»: the name of a place that bears a date, which is then no date."""
    for spec, end, _ in singles(phrase, start):
        if _is_day_of_month(spec):
            for _, after in phrase.at(end, "place"):
                yield Item("place", phrase.words(start, after), start, after, ITEM + 1)
    for _, end in phrase.at(start, "place"):
        begin = max([end, *(after for _, after in phrase.at(end, "noise"))])
        for spec, after, _ in singles(phrase, begin):
            if _is_day_of_month(spec):
                yield Item("place", phrase.words(start, after), start, after, ITEM + 1)


def _is_day_of_month(spec: object) -> bool:
    return isinstance(spec, Named) and spec.day is not None and spec.year is None and spec.portion is None


def _small_words(phrase: Phrase, start: int) -> Iterator[Item]:
    for kind in ("about", "onward", "between", "from", "equal", "calendar", *OPENERS):
        for value, end in phrase.at(start, kind):
            said = kind if kind != "calendar" else value
            yield Item("opener" if kind in OPENERS else kind, said, start, end, ITEM)
    for kind in ("to", "and", "or"):
        for _, end in phrase.at(start, kind):
            yield Item("join", kind, start, end, ITEM)
            if kind == "and" and end < len(phrase) and not phrase.is_known(end) and phrase.tokens[end].kind == "word":
                yield Item("noise", None, start, end, NOISE)
    for _, end in phrase.at(start, "noise", "ezafe"):
        yield Item("noise", phrase.words(start, end), start, end, NOISE)
    for _, end in phrase.at(start, "place"):
        yield Item("unknown", phrase.words(start, end), start, end, UNKNOWN)
    if phrase.tokens[start].kind == "mark":
        yield from _marks(phrase, start)


def _marks(phrase: Phrase, start: int) -> Iterator[Item]:
    token = phrase.tokens[start]
    if token.text == "-":
        yield Item("join", "dash", start, start + 1, ITEM)
    if token.text in "-/":
        yield Item("noise", None, start, start + 1, DASH)
    if token.text == "=":
        yield Item("equal", None, start, start + 1, ITEM)
    if token.text in ",،;؛":
        yield Item("join", "comma", start, start + 1, ITEM)
    if token.text in SILENT_MARKS:
        following = phrase.token(start + 1)
        is_short_year = token.text == "'" and following is not None and following.kind == "number"
        yield Item("noise", None, start, start + 1, ITEM if is_short_year else 0.0)


def _strangers(phrase: Phrase, start: int) -> Iterator[Item]:
    token = phrase.tokens[start]
    if token.kind == "word" and not phrase.is_known(start):
        cost = UNKNOWN if not phrase.is_listed(start) else WEAK_UNKNOWN
        yield Item("unknown", token.text, start, start + 1, cost)
