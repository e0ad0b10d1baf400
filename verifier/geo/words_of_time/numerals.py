"""Numbers and ordinals, in figures of any script and in words."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from verifier.geo.words_of_time.lexicon import Phrase

MOST_DIGITS = 8


@dataclass(frozen=True, slots=True)
class Number:
    """A number as it was written: `width` figures, 0 where it stands in words."""

    value: int
    width: int
    ordinal: bool = False


def figures(phrase: Phrase, start: int) -> Number | None:
    """The figures that stand at a place, without a suffix."""
    token = phrase.token(start)
    if token is None or token.kind != "number" or len(token.text) > MOST_DIGITS:
        return None
    return Number(int(token.text), len(token.text))


def numbers(phrase: Phrase, start: int) -> list[tuple[Number, int]]:
    """Every number that begins at a place, with its end: 18, 18th, 18ام, هجدهم, twenty-five, هزار و چهارصد و چهار."""
    return phrase.remembered("numbers", start, _numbers)


def _numbers(phrase: Phrase, start: int) -> Iterator[tuple[Number, int]]:
    written = figures(phrase, start)
    if written is not None:
        yield written, start + 1
        for end in _suffixes(phrase, start + 1):
            yield Number(written.value, written.width, True), end
        return
    yield from _in_words(phrase, start)


def _suffixes(phrase: Phrase, start: int) -> Iterator[int]:
    for _, end in phrase.at(start, "ordinal_suffix", "ezafe"):
        yield end
    if phrase.mark(start, "'-."):
        for _, end in phrase.at(start + 1, "ordinal_suffix", "ezafe"):
            if phrase.tokens[start + 1].glued:
                yield end


def _in_words(phrase: Phrase, start: int) -> Iterator[tuple[Number, int]]:
    """The longest number in words: thousands, hundreds, tens and units in falling order, joined by "and" or nothing."""
    total, limit, place, ordinal, found = 0, 10_000, start, False, False
    while True:
        step = _next_word(phrase, place if not found else _joined(phrase, place), limit, total)
        if step is None:
            break
        value, place, ordinal = step
        if value >= 1000 and total:
            total, limit = total * value, value
        elif value == 100 and 0 < total < 10:
            total, limit = total * 100, 100
        else:
            total, limit = total + value, _below(value)
        found = True
        if ordinal:
            break
    if not found:
        return
    yield Number(total, 0, ordinal), place
    if not ordinal:
        for end in _suffixes(phrase, place):
            yield Number(total, 0, True), end
    if 19 <= total <= 21 and not ordinal:  # "twenty twenty-six"
        for rest, end in _in_words(phrase, place) if phrase.has(place, "number") else ():
            if 10 <= rest.value <= 99:
                yield Number(total * 100 + rest.value, 0), end


def _joined(phrase: Phrase, place: int) -> int:
    for _, end in phrase.at(place, "and"):
        return end
    if phrase.mark(place, "-") and phrase.tokens[place].glued:
        return place + 1
    return place


def _next_word(phrase: Phrase, place: int, limit: int, total: int) -> tuple[int, int, bool] | None:
    best: tuple[int, int, bool] | None = None
    for kind in ("number", "ordinal"):
        for text, end in phrase.at(place, kind):
            value = int(text)
            fits = value < limit or (value == 1000 and 0 < total < 1000) or (value == 100 and 0 < total < 10)
            if fits and (best is None or end > best[1]):
                best = value, end, kind == "ordinal"
    return best


def _below(value: int) -> int:
    """What may follow: units after tens, anything below a hundred after hundreds."""
    if value >= 1000:
        return 1000
    if value >= 100:
        return 100
    return 10 if value >= 20 and value % 10 == 0 else 1
