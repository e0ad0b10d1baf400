"""The pieces that dates are made of: months, years, day numbers and lists of them, and what joins two dates."""

from __future__ import annotations

from collections.abc import Iterator

from verifier.geo.words_of_time.lexicon import Phrase
from verifier.geo.words_of_time.numerals import Number, figures, numbers
from verifier.geo.words_of_time.specs import Named, Several, Spec

TWO_FIGURE_YEAR = 3.0
MOST_LISTED = 8
JOINERS = ("to", "and", "or")


def gap(phrase: Phrase, start: int, marks: str = ",.،()'") -> int:
    """The next token that is neither a small word nor one of these marks."""
    for _ in range(4):
        steps = [end for _, end in phrase.at(start, "noise", "ezafe")]
        if steps:
            start = max(steps)
        elif phrase.mark(start, marks):
            start += 1
        else:
            break
    return start


def joints(phrase: Phrase, start: int, slash: bool = False) -> Iterator[tuple[str, int]]:
    """What joins two dates: its kind ("to", "dash", "and", "or") and the token after it."""
    at = start + 1 if phrase.mark(start, ",،") else start
    for kind in JOINERS:
        for _, end in phrase.at(at, kind):
            yield kind, end
    if phrase.mark(start, "-"):
        yield "dash", start + 1
    is_slash = phrase.mark(start, "/")
    if is_slash and (slash or not phrase.tokens[start].glued or _is_pair(phrase, start)):
        yield "dash", start + 1
    if phrase.mark(start, ",،") and at == start + 1:
        yield "and", at


def _is_pair(phrase: Phrase, start: int) -> bool:
    """ "2026-01-08/2026-01-10", "January/February 2026"."""
    after = figures(phrase, start + 1)
    return phrase.has(start + 1, "month") or (after is not None and after.width == 4)


def months_at(phrase: Phrase, start: int) -> list[tuple[tuple[tuple[str, int], ...], int]]:
    """Every month whose name stands at a token, those of one spelling together; "ماه" before or after it."""
    return phrase.remembered("months", start, _months)


def _months(phrase: Phrase, start: int) -> Iterator[tuple[tuple[tuple[str, int], ...], int]]:
    begins = [start, *(end for value, end in phrase.at(start, "unit") if value == "month")]
    for begin in dict.fromkeys(begins):
        by_end: dict[int, list[tuple[str, int]]] = {}
        for month, end in phrase.at(begin, "month"):
            by_end.setdefault(end, []).append(month)
        for end, months in by_end.items():
            seen = tuple(dict.fromkeys(months))
            yield seen, end
            for value, after in phrase.at(end, "unit"):
                if value == "month":
                    yield seen, after
            if phrase.mark(end, "'"):
                for _, after in phrase.at(end + 1, "ordinal_suffix", "ezafe"):
                    yield seen, after


def years_at(phrase: Phrase, start: int) -> list[tuple[Number, int, float]]:
    """A year: four figures, two, or in words; with or without the word for it."""
    return phrase.remembered("years", start, _years)


def _years(phrase: Phrase, start: int) -> Iterator[tuple[Number, int, float]]:
    for begin in dict.fromkeys((start, *(end for value, end in phrase.at(start, "unit") if value == "year"),
                                *(end for _, end in phrase.at(start, "year")))):  # fmt: skip
        named = begin != start
        if phrase.mark(begin, "'"):
            begin, named = begin + 1, True
        for number, end in numbers(phrase, begin):
            if number.ordinal and not (phrase.has(end - 1, "ezafe", "year")):
                continue
            if is_clock_or_joined(phrase, begin, end):
                continue
            if number.width == 4 or (number.width == 0 and 1000 <= number.value <= 2999):
                yield number, end, 0.0
            elif number.width == 2 or (number.width == 0 and 32 <= number.value <= 99):
                following = phrase.token(end)
                if not named and following is not None and following.kind == "word" and not phrase.is_known(end):
                    continue  # "8 January 20 people"
                yield number, end, 0.0 if named or number.value > 31 else TWO_FIGURE_YEAR
            else:
                continue
            for _, after in phrase.at(end, "year"):
                yield number, after, 0.0


def is_clock_or_joined(phrase: Phrase, start: int, end: int) -> bool:
    """Whether figures belong to a clock or to another date ("8 January 2026-01-09" is no date)."""
    token = phrase.token(end)
    if token is None or figures(phrase, start) is None:
        return False
    return (token.glued and token.text in (":", "h")) or phrase.has(end, "hour_after")


def _day_numbers(phrase: Phrase, start: int) -> Iterator[tuple[Number, int]]:
    for number, end in numbers(phrase, start):
        if 1 <= number.value <= 31 and number.width <= 2:
            yield number, end


def day_lists(phrase: Phrase, start: int) -> Iterator[tuple[tuple[int, ...], str, int]]:
    """One day number, or several that are joined: values, joiner, end."""
    chains: list[tuple[tuple[int, ...], str, int]] = [
        ((number.value,), "", end) for number, end in _day_numbers(phrase, start)
    ]
    yield from chains
    for _ in range(MOST_LISTED):
        longer = []
        for values, joiner, end in chains[:20]:
            for kind, after in joints(phrase, end, slash=True):
                if joiner and "to" in (joiner, kind) and joiner != kind:
                    continue
                joined = kind if kind != "and" else joiner or "and"
                for number, last in _day_numbers(phrase, gap(phrase, after, "")):
                    longer.append(((*values, number.value), joined, last))
        if not longer:
            return
        yield from longer
        chains = longer


Months = tuple[tuple[str, int], ...]


def of_days(months: Months, values: tuple[int, ...], joiner: str, year: Number | None) -> Spec:
    specs: tuple[Spec, ...] = tuple(Named(months, value, year) for value in values)
    return specs[0] if len(specs) == 1 else Several(specs, joiner)
