"""The mentions of places in a text: every word is part of a name, a word around one, or kept as not understood.

"خیابان شیراز" is one mention, a street; "near Punak, Tehran" two, the first of them widened. A word that is no name in
any spelling is held loosely (transliteration, homophones) only inside a place that the text names, or inside the
country of the case.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace

from verifier.geo.gazetteer import Gazetteer
from verifier.geo.letters import folded
from verifier.geo.named.containment import is_around
from verifier.geo.named.words import KINDS, LEVELS, MOST_WORDS, prefixes, word_classes
from verifier.geo.place_record import Place
from verifier.geo.words_of_time.lexicon import Phrase
from verifier.geo.words_of_time.numerals import numbers

LONGEST_NAME_WORDS = 5
AROUND = ("near", "outside", "road", "list", "either", "not")
DIRECTIONS = frozenset(f"{name}{end}" for name in ("north", "south", "east", "west") for end in ("", "ern"))
_PARTS = re.compile(r"[,،;؛|\n()«»\[\]]+|\s[-–—]\s|[.!?]\s")
_EITHER = re.compile(r"\s*[/／]\s*")  # "Tehran/Karaj": one of the two
_DISTANCE = re.compile(
    r"(?:(?<![\d.])(\d{1,4}(?:[.]\d{1,3})?)|(?<!\w))[\s\u200c-]*"
    r"(km|kms|kilomet(?:er|re)s?|[کك][یي]لومترا?[یي]?|کیلۆمەتری?|miles?|مایل(?:ی)?)\b",
    re.IGNORECASE,
)
FEW = 10.0  # "a few kilometres", at most
MOST_WORDS_OF_A_COUNT = 4
_METRES = {"m": 1609.344, "k": 1000.0, "ک": 1000.0, "ك": 1000.0, "م": 1609.344}


@dataclass(frozen=True, slots=True, kw_only=True)
class Mention:
    """One name in a text: its words, the places that bear it, and what the words around it say.

    `kind` is street, square … or a level (city, county, …), empty for a bare name; `around` is near, outside, road,
    list or not. `is_loose`: found only by a loose spelling. `is_qualified`: a word that is neither kind nor place
    stands right before the name and may make it another one's ("South Georgia", "Northern Ireland"). `is_either`: "or"
    stands before it.
    """

    words: str
    places: tuple[Place, ...]
    kind: str = ""
    around: str = ""
    is_loose: bool = False
    is_qualified: bool = False
    is_either: bool = False

    @property
    def told(self) -> str:
        """The words as they are kept where no place bears them."""
        return self.words


@dataclass(frozen=True, slots=True, kw_only=True)
class Mentions:
    """All that a text says of places; `left` are words that no gazetteer held, `metres` a distance that it names."""

    known: tuple[Mention, ...]
    left: tuple[str, ...]
    metres: float = 0.0


def mentions_of(text: str, shelf: Gazetteer, home: str = "IR") -> Mentions:
    """Read a text; `home` is the country within which a loose spelling is enough."""
    metres, text = _distance(_EITHER.sub(" یا ", text))
    parts = []
    for part in _PARTS.split(text):
        words = folded(part).split()
        known: list[Mention] = []
        runs: list[tuple[str, ...]] = []
        _read_part(words, shelf, known, runs)
        parts.append((words, known, runs))
    for number, (words, known, runs) in enumerate(parts):
        others = [place for other, (_, named, _) in enumerate(parts) if other != number
                  for mention in named for place in mention.places]  # fmt: skip
        whole = _whole_part(words, others, shelf) if runs and known and others else None
        if whole is not None:
            parts[number] = (words, [whole], [])
    everything = [mention for _, known, _ in parts for mention in known]
    loose, left = _loosely([run for _, _, runs in parts for run in runs], everything, shelf, home)
    return Mentions(known=(*everything, *loose), left=tuple(left), metres=metres)


def _whole_part(words: list[str], others: list[Place], shelf: Gazetteer) -> Mention | None:
    """A part of the text as one loosely spelled name inside the places of the others, rather than a name and rests."""
    kind, core = _kind_of_run(words)
    places = _loose_places(" ".join(core), others, shelf, "") if core else ()
    return Mention(words=" ".join(words), places=places, kind=kind, is_loose=True) if places else None


def _distance(text: str) -> tuple[float, str]:
    """A distance in the text, metres, and the text without it; counted in figures or in words («سه کیلومتری»)."""
    plain = text.translate(str.maketrans("۰۱۲۳۴۵۶۷۸۹٠١٢٣٤٥٦٧٨٩٫", "01234567890123456789."))
    found = _DISTANCE.search(plain)
    if found is None:
        return 0.0, text
    before, behind, unit = plain[: found.start()], plain[found.end() :], _METRES[found[2][0].lower()]
    if found[1]:
        return float(found[1]) * unit, f"{before} {behind}"
    counted = _count_at_end(before)
    if counted is None:
        return 0.0, text
    count, words = counted
    return count * unit, f"{words} {behind}"


def _count_at_end(text: str) -> tuple[float, str] | None:
    """The number that a text ends with, in the words of any language of times, and the text before it."""
    phrase = Phrase(text)
    for start in range(max(0, len(phrase) - MOST_WORDS_OF_A_COUNT), len(phrase)):
        values = [float(number.value) for number, end in numbers(phrase, start) if end == len(phrase)]
        if any(end == len(phrase) for _, end in phrase.at(start, "few")):
            values.append(FEW)
        if values:
            return max(values), phrase.words(0, start)
    return None


def _read_part(words: list[str], shelf: Gazetteer, known: list[Mention], runs: list[tuple[str, ...]]) -> None:
    """The mentions of one part of the text, between commas; words that are no names are appended to `runs`."""
    is_lone_name = len(words) == 1 and _class_at(words)[0] not in KINDS
    kind, around, kind_words, is_either = "", "", "", False
    run: list[str] = []
    plain_from = 0  # behind the last word of a known class or name
    adjacent = False  # the word before ended a mention of this part
    start = 0
    while start < len(words):
        found, length = _named(words[start:], shelf, is_name=kind in LEVELS or is_lone_name)
        if found:
            name = " ".join(words[start : start + length])
            _close(run, runs)
            words_said = f"{kind_words} {name}".strip()
            known.append(
                Mention(
                    words=words_said, places=found, kind=kind, around=around, is_qualified=start > plain_from,
                    is_either=is_either,
                )
            )  # fmt: skip
            is_either = False
            plain_from = start + length
            kind, around, kind_words, adjacent = "", "", "", True
            start += length
            continue
        said, length = _class_at(words[start:])
        if said in KINDS or said in LEVELS or said in AROUND or (said == "ignored" and words[start] not in DIRECTIONS):
            plain_from = start + length
        group = " ".join(words[start : start + length])
        start += max(length, 1)
        is_either = is_either or said == "either"
        if said in KINDS or said in LEVELS:
            if adjacent and not known[-1].kind and group not in prefixes():
                known[-1] = replace(known[-1], kind=said, words=f"{known[-1].words} {group}")
            elif run and group not in prefixes():
                run.append(group)
            else:
                _close(run, runs)
                kind, kind_words = said, group
        elif said in AROUND:
            _close(run, runs)
            if adjacent and said in ("near", "outside", "road") and group not in prefixes() and not around:
                known[-1] = replace(known[-1], around=said)  # "Tehran area", "Karaj road"
            else:
                around = "list" if said == "either" else said
        elif said != "ignored":
            if kind_words and not run:
                run.append(kind_words)
            kind, kind_words = "", ""
            run.append(words[start - 1])
        adjacent = False
    if kind_words and not run:
        run.append(kind_words)
    _close(run, runs)


def _close(run: list[str], runs: list[tuple[str, ...]]) -> None:
    if run:
        runs.append(tuple(run))
        run.clear()


def _named(words: list[str], shelf: Gazetteer, *, is_name: bool) -> tuple[tuple[Place, ...], int]:
    """The longest name at the beginning; a word of the list alone only where it must be one: "مرکزی", "استان مرکزی"."""
    for length in range(min(len(words), LONGEST_NAME_WORDS), 0, -1):
        name = " ".join(words[:length])
        if name.isdigit() or (name in word_classes() and not is_name):
            continue
        found = shelf.named(name)
        if found:
            return found, length
    return (), 0


def _class_at(words: list[str]) -> tuple[str, int]:
    for length in range(min(MOST_WORDS, len(words)), 0, -1):
        found = word_classes().get(" ".join(words[:length]))
        if found is not None:
            return found, length
    return "", 0


def _loosely(
    runs: list[tuple[str, ...]], known: list[Mention], shelf: Gazetteer, home: str
) -> tuple[list[Mention], list[str]]:
    """Mentions by a loose spelling among the words that are no names; and the words that remain."""
    found, left = [], []
    inside = [place for mention in known for place in mention.places]
    for run in runs:
        words = [word for group in run for word in group.split()]
        kind, core = _kind_of_run(words)
        places = _loose_places(" ".join(core), inside, shelf, home) if core else ()
        if places:
            found.append(Mention(words=" ".join(words), places=places, kind=kind, is_loose=True))
        else:
            left.append(" ".join(words))
    return found, left


def _kind_of_run(words: list[str]) -> tuple[str, list[str]]:
    said, length = _class_at(words)
    if said in KINDS or said in LEVELS:
        return said, words[length:]
    last = word_classes().get(words[-1], "")
    if len(words) > 1 and (last in KINDS or last in LEVELS):
        return last, words[:-1]
    return "", words


def _loose_places(name: str, inside: list[Place], shelf: Gazetteer, home: str) -> tuple[Place, ...]:
    held = shelf.named_loosely(name)
    if not inside:
        return tuple(place for place in held if place.country == home)
    return tuple(place for place in held if any(_holds(large, place) for large in inside))


def _holds(large: Place, small: Place) -> bool:
    return large.level != "district" and is_around(large, small)
