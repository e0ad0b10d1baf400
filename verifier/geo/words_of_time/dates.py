"""The grammar of dates: every date, range and list of dates that begins at a token, with its end and its cost.

A cost above nought marks a reading that is taken only where no cheaper one uses every word (a year of two figures).
"""

from __future__ import annotations

from collections.abc import Iterator

from verifier.geo.words_of_time.feasts import Feast, Season
from verifier.geo.words_of_time.lexicon import Phrase
from verifier.geo.words_of_time.months import (
    MOST_LISTED,
    day_lists,
    gap,
    is_clock_or_joined,
    joints,
    months_at,
    of_days,
    years_at,
)
from verifier.geo.words_of_time.numerals import Number, figures, numbers
from verifier.geo.words_of_time.relative import Relative, RelativeSpan, Shifted
from verifier.geo.words_of_time.specs import Figures, Named, Several, Spec, Year

Found = tuple[Spec, int, float]
BARE_YEAR, BARE_MONTH, BARE_PAIR = 2.0, 1.0, 4.0


def dates(phrase: Phrase, start: int) -> list[Found]:
    """Single dates, and chains of them joined by "to", "and", "or", a dash or a comma."""
    return phrase.remembered("dates", start, _dates)


def singles(phrase: Phrase, start: int) -> list[Found]:
    """Dates that are not joined to others, but for day numbers of one month."""
    return phrase.remembered("singles", start, _singles)


def _dates(phrase: Phrase, start: int) -> Iterator[Found]:
    firsts = singles(phrase, start)
    yield from firsts
    chains = [([spec], end, cost, "") for spec, end, cost in firsts]
    for _ in range(MOST_LISTED):
        longer = []
        for specs, end, cost, joiner in chains[:40]:
            for kind, after in joints(phrase, end):
                if joiner and kind != joiner and "to" in (joiner, kind):
                    continue
                for spec, last, more in singles(phrase, after):
                    if not _is_month_behind_day(specs[0], spec):
                        longer.append(([*specs, spec], last, cost + more, kind if kind != "and" else joiner or "and"))
        if not longer:
            return
        for specs, end, cost, joiner in longer:
            yield Several(tuple(specs), joiner), end, cost
        chains = longer


def _is_month_behind_day(first: Spec, spec: Spec) -> bool:
    """ "18 Dey and Bahman": no list of like things."""
    return isinstance(spec, Named) and spec.day is None and isinstance(first, Named) and first.day is not None


def _singles(phrase: Phrase, start: int) -> Iterator[Found]:
    if start >= len(phrase):
        return
    yield from _figures(phrase, start)
    yield from _day_month(phrase, start)
    yield from _month_first(phrase, start)
    yield from _portions(phrase, start)
    yield from _whole_year(phrase, start)
    yield from _seasons(phrase, start)
    yield from _feasts(phrase, start)
    yield from _relative(phrase, start)
    yield from _counted(phrase, start)


# ---------------------------------------------------------------- figures


def _figures(phrase: Phrase, start: int) -> Iterator[Found]:
    one = figures(phrase, start)
    if one is None:
        return
    if one.width == 8:
        yield from _compact(phrase, start)
        return
    separator = phrase.token(start + 1)
    yield from _spaced(phrase, start, one)
    other = figures(phrase, start + 2)
    if separator is None or separator.kind != "mark" or separator.text not in "-/." or other is None:
        return
    is_tight = phrase.tokens[start + 1].glued and phrase.tokens[start + 2].glued
    third = figures(phrase, start + 4)
    if third is not None and phrase.mark(start + 3, separator.text) and _is_date(one, other, third):
        tight = is_tight and phrase.tokens[start + 3].glued and phrase.tokens[start + 4].glued
        if tight or separator.text == "/" or 4 in (one.width, third.width):
            triple = Figures((one, other, third), phrase.words(start, start + 5).replace(" ", ""))
            yield triple, start + 5, 0.0
            yield from _days_after(phrase, triple, start + 5)
    elif is_tight and separator.text in "-/." and (one.width == 4) != (other.width == 4):
        short = min(one, other, key=lambda number: number.width)
        if short.value <= 12 and max(one.width, other.width) == 4:
            yield Figures((one, other), phrase.words(start, start + 3).replace(" ", "")), start + 3, 0.0
    elif is_tight and separator.text == "/" and 0 < one.value <= 31 and 0 < other.value <= 31:
        yield Figures((one, other), phrase.words(start, start + 3).replace(" ", "")), start + 3, BARE_PAIR


def _spaced(phrase: Phrase, start: int, one: Number) -> Iterator[Found]:
    """ "18 10 1404"."""
    other, third = figures(phrase, start + 1), figures(phrase, start + 2)
    if other is None or third is None or sorted((one.width == 4, third.width == 4)) != [False, True]:
        return
    if other.width <= 2 and min(one.width, third.width) <= 2 and min(other.value, one.value, third.value) <= 12:
        yield Figures((one, other, third), phrase.words(start, start + 3)), start + 3, 1.0


def _is_date(one: Number, other: Number, third: Number) -> bool:
    widths = (one.width, other.width, third.width)
    if widths[1] > 2 or 3 in widths or max(widths) > 4:
        return False
    if 4 in (widths[0], widths[2]):
        return widths[0] <= 2 or widths[2] <= 2
    return one.width == 2 or third.width == 2


def _days_after(phrase: Phrase, first: Figures, start: int) -> Iterator[Found]:
    """ "1404/10/18-20": the last number is a day of the same month."""
    for kind, after in joints(phrase, start):
        number = figures(phrase, after)
        following = phrase.token(after + 1)
        is_longer = following is not None and following.glued and following.text in "-/.:"
        is_range = kind in ("dash", "to") and first.parts[0].width == 4
        is_alone = not is_longer and not phrase.has(after + 1, "month")
        if is_range and number is not None and number.width <= 2 and is_alone:
            last = Figures((*first.parts[:2], number), first.text)
            yield Several((first, last), kind), after + 1, 0.0


def _compact(phrase: Phrase, start: int) -> Iterator[Found]:
    text = phrase.tokens[start].text
    for cuts in ((4, 6), (2, 4)):
        pieces = (text[: cuts[0]], text[cuts[0] : cuts[1]], text[cuts[1] :])
        year = int(pieces[0] if cuts[0] == 4 else pieces[2])
        if 1200 <= year < 2200 or 2480 <= year <= 2820:
            yield Figures(tuple(Number(int(piece), len(piece)) for piece in pieces), text), start + 1, 0.0


# ---------------------------------------------------------------- months


def _day_month(phrase: Phrase, start: int) -> Iterator[Found]:
    """18 Dey 1404, 18-20 Dey, the 18th of Dey, 8/Jan/2026."""
    for values, joiner, end in day_lists(phrase, start):
        for months, after in months_at(phrase, gap(phrase, end, ".-/,،")):
            yield of_days(months, values, joiner, None), after, 0.0
            for year, last, cost in years_at(phrase, gap(phrase, after, ".-/,،")):
                yield of_days(months, values, joiner, year), last, cost


def _month_first(phrase: Phrase, start: int) -> Iterator[Found]:
    """January 8-10, 2026; Dey 1404; دی ۱۸; a month alone. Also 2026 January 8."""
    for months, end in months_at(phrase, start):
        if phrase.is_known(start) or any(phrase.has(after, "month") for _, after in joints(phrase, end)):
            yield Named(months), end, BARE_MONTH
        for year, after, cost in years_at(phrase, gap(phrase, end, ".-/,،")):
            is_short = year.width == 2 and year.value < 10  # "دی ۰۴" may be the fourth or 1404
            yield Named(months, None, year), after, 0.0 if is_short else max(cost - 1, 0.0)
        for values, joiner, after in day_lists(phrase, gap(phrase, end, ".-/")):
            if not is_clock_or_joined(phrase, after - 1, after):
                yield of_days(months, values, joiner, None), after, 0.0
                for year, last, cost in years_at(phrase, gap(phrase, after, ".-/,،")):
                    yield of_days(months, values, joiner, year), last, cost
    for year, end, cost in years_at(phrase, start):
        for months, after in months_at(phrase, gap(phrase, end, ".-/,،")) if not cost else ():
            yield Named(months, None, year), after, 0.0
            for values, joiner, last in day_lists(phrase, gap(phrase, after, ".-/,،")):
                yield of_days(months, values, joiner, year), last, 0.0


def _month_with_year(phrase: Phrase, start: int) -> Iterator[tuple[Named, int, float]]:
    for months, end in months_at(phrase, start):
        yield Named(months), end, 0.0
        for year, after, cost in years_at(phrase, gap(phrase, end)):
            yield Named(months, None, year), after, cost


def _portions(phrase: Phrase, start: int) -> Iterator[Found]:
    """late January 2026, اوایل دی, third week of Dey, first half of 1404, the last day of Dey."""
    for portion, end in _portion_words(phrase, start):
        begin = gap(phrase, end, "-")
        for named, after, cost in _month_with_year(phrase, begin):
            yield Named(named.months, None, named.year, portion), after, cost
        if portion[0] in ("early", "middle", "late", "half"):
            for year, after, cost in years_at(phrase, begin):
                yield Year(year, portion), after, cost


Portion = tuple[tuple[str, int], int]


def _portion_words(phrase: Phrase, start: int) -> Iterator[Portion]:
    for value, end in phrase.at(start, "stretch"):
        yield from _stretch_first(phrase, value, end)
    for unit, end in phrase.at(start, "unit"):
        yield from _unit_first(phrase, unit, end)
    for number, end in numbers(phrase, gap(phrase, start)):
        yield from _ordinal_first(phrase, number, end)


def _stretch_first(phrase: Phrase, value: str, end: int) -> Iterator[Portion]:
    """late …, نیمه اول …, last week of …"""
    if value in ("early", "middle", "late"):
        yield (value, 0), end
    for number, after in numbers(phrase, end):
        if value in ("half", "third") and 1 <= number.value <= (2 if value == "half" else 3):
            yield (value, number.value), after
    for unit, after in phrase.at(end, "unit"):
        if value in ("last", "late") and unit in ("week", "day"):
            yield (f"last {unit}", 0), after


def _unit_first(phrase: Phrase, unit: str, end: int) -> Iterator[Portion]:
    """هفته سوم …, week 3 of …, هفته آخر …"""
    if unit not in ("week", "day"):
        return
    for number, after in numbers(phrase, end) if unit == "week" else ():
        yield ("week", number.value), after
    for value, after in phrase.at(end, "stretch"):
        if value in ("late", "last"):
            yield (f"last {unit}", 0), after


def _ordinal_first(phrase: Phrase, number: Number, end: int) -> Iterator[Portion]:
    """third week of …, first half of …"""
    if not number.ordinal:
        return
    for unit, after in phrase.at(end, "unit"):
        if unit == "week":
            yield ("week", number.value), after
    for value, after in phrase.at(end, "stretch"):
        if value == "half" and number.value <= 2:
            yield ("half", number.value), after


def _whole_year(phrase: Phrase, start: int) -> Iterator[Found]:
    for year, end, cost in years_at(phrase, start):
        named = figures(phrase, start) is None
        if year.width == 4 or year.value > 99 or (named and cost == 0.0):
            yield Year(year), end, BARE_YEAR


def _seasons(phrase: Phrase, start: int) -> Iterator[Found]:
    for number, end in phrase.at(start, "season"):
        yield Season(int(number)), end, 0.0
        for year, after, _ in years_at(phrase, gap(phrase, end)):
            yield Season(int(number), year), after, 0.0


def _feasts(phrase: Phrase, start: int) -> Iterator[Found]:
    for name, end in phrase.at(start, "feast"):
        yield Feast(name), end, 0.0
        for year, after, _ in years_at(phrase, gap(phrase, end)):
            if year.value > 99:
                yield Feast(name, year), after, 0.0


# ---------------------------------------------------------------- counted from the day of the claim


def _relative(phrase: Phrase, start: int) -> Iterator[Found]:
    for offset, end in phrase.at(start, "relative_day"):
        yield Relative(int(offset), int(offset)), end, 0.0
    for text, end in phrase.at(start, "relative_part"):
        offset, part = text.split()
        yield Relative(int(offset), int(offset), part), end, 0.0
    for name, end in phrase.at(start, "relative_span"):
        yield RelativeSpan(name), end, 0.0


def _counted(phrase: Phrase, start: int) -> Iterator[Found]:
    """4 days ago, دو شب پیش, a few days ago; two days after 8 January."""
    for unit, end in phrase.at(start, "unit"):
        if unit == "day":
            yield from _shifted(phrase, end, 1, 0)
    for count, end in _counts(phrase, start):
        for unit, after in phrase.at(end, "unit"):
            if unit not in SPANS:
                continue
            low, high = count
            length, spread = SPANS[unit]
            part = "night" if unit == "night" else None
            for _, last in phrase.at(after, "ago"):
                wide = spread if low == high else 0
                yield Relative(-high * length - wide, -low * length + wide, part), last, 0.0
            if part is None:
                wide = spread if low == high else (high - low + 1) * length // 2 + spread
                yield from _shifted(phrase, after, (low + high) * length // 2, wide)


SPANS = {"day": (1, 0), "night": (1, 0), "week": (7, 3), "month": (30, 15), "year": (365, 190)}


def _counts(phrase: Phrase, start: int) -> Iterator[tuple[tuple[int, int], int]]:
    for number, end in numbers(phrase, start):
        if number.value <= 5000 and not number.ordinal:
            yield (number.value, number.value), end
            yield from _either_count(phrase, number, end)
    for _, end in phrase.at(start, "few"):
        yield (1, 14), end
    for _, end in phrase.at(start, "one"):
        yield (1, 1), end
        yield from _either_count(phrase, Number(1, 0), end)
        for _, after in phrase.at(end, "few"):
            yield (1, 14), after


def _either_count(phrase: Phrase, low: Number, end: int) -> Iterator[tuple[tuple[int, int], int]]:
    """ "two or three", «دو سه», "2-3": the second of two counts is larger; without a joint it is the next, in words."""
    for number, last in numbers(phrase, end):
        if number.width == low.width == 0 and not number.ordinal and low.value < number.value <= low.value + 2:
            yield (low.value, number.value), last
    for _, after in joints(phrase, end):
        for number, last in numbers(phrase, after):
            if not number.ordinal and low.value < number.value <= 5000:
                yield (low.value, number.value), last


def _shifted(phrase: Phrase, start: int, days: int, spread: int) -> Iterator[Found]:
    for kind, sign in (("after", 1), ("before", -1)):
        for _, end in phrase.at(start, kind):
            for build in (_figures, _day_month, _month_first, _feasts):
                for spec, after, cost in build(phrase, gap(phrase, end)):
                    yield Shifted(spec, sign * days, spread), after, cost
