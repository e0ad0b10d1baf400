"""What machines say in fixed English phrases, in the language of a report.

A link, a group or a fault carries its reasons as English text, because the record outlives any language. A language
may know that text whole, or as a pattern with places, `{0}` or `{0!}`; what is not known stays as it is, isolated,
never guessed.
"""

from __future__ import annotations

import re
from functools import cache

from verifier.records import Scalar
from verifier.report.blocks import Cell, Exact, Inline, Shown, Word, english, exact, joined, shown
from verifier.report.language import Language, language
from verifier.report.phrases import digits, parsed
from verifier.visible import visible

PLACE = re.compile(r"\{(\d)!?\}")  # {0}: any text; {0!}: one without a space
GROUPS = {True: r"(\S+?)", False: "(.+?)"}
COUNTED = re.compile(r"(\d{1,9}) × ([a-z-]{1,40})")
PLAIN = re.compile(r"[\w.:+/()-]+", re.ASCII)
NUMBER = re.compile(r"\d{1,15}", re.ASCII)
LONGEST, MOST_PARTS, MOST_NESTED = 1000, 16, 3


def phrased(text: object, words: Language, longest: int = 300) -> Cell:
    """The language's words for a phrase, or the English text, isolated; a dash where there is none."""
    return known(str(text), words) or english(text, longest)


def known(text: str, words: Language, nested: int = 0) -> Cell:
    """The language's words for a phrase: whole, by a pattern, or each of its parts between semicolons; else nothing."""
    phrases = words.words.get("phrase", {})
    if text in phrases:
        return (Word(phrases[text]),)
    if not phrases or not text or len(text) > LONGEST or nested > MOST_NESTED:
        return ()
    for pattern, translation in _patterns(words.code):
        found = pattern.fullmatch(text)
        if found is not None and all(value.count("(") == value.count(")") for value in found.groups()):
            return _filled(translation, found.groups(), words, nested)
    parts = text.split("; ", MOST_PARTS)
    cells = [known(part, words, nested + 1) for part in parts] if len(parts) > 1 else []
    return joined(cells, "؛ " if words.direction == "rtl" else "; ") if cells and all(cells) else ()


@cache
def _patterns(code: str) -> tuple[tuple[re.Pattern[str], str], ...]:
    """The phrases with places, those with the most text of their own first."""
    phrases = {key: value for key, value in language(code).words["phrase"].items() if PLACE.search(key)}
    ordered = sorted(phrases, key=lambda key: -len(PLACE.sub("", key)))
    return tuple((re.compile(_expression(key)), phrases[key]) for key in ordered)


def _expression(phrase: str) -> str:
    pieces = re.split(r"(\{\d!?\})", phrase)
    return "".join(GROUPS["!" in piece] if PLACE.fullmatch(piece) else re.escape(piece) for piece in pieces)


def _filled(translation: str, values: tuple[str, ...], words: Language, nested: int) -> Cell:
    parts: list[Inline] = []
    for number, piece in enumerate(PLACE.split(translation)):
        if number % 2:
            value = values[int(piece)]
            parts += known(value, words, nested + 1) or _value(value, words)
        elif piece:
            parts.append(Word(piece))
    return tuple(parts)


def _value(text: str, words: Language) -> Cell:
    """What stood in a place of a phrase and is no phrase itself."""
    for section in ("relation", "tier"):
        if text in words.words[section]:
            return (Word(words.word(section, text)),)
    instant = parsed(text)
    if instant is not None:
        return (Exact(f"{instant:%Y-%m-%d %H:%M:%S} UTC"),)
    if NUMBER.fullmatch(text):
        return (Exact(digits(text, words)),)
    return exact(text) if PLAIN.fullmatch(text) else (Shown(visible(text, 200)),)


def reason(key: str, value: Scalar, words: Language) -> Cell:
    """One thing that a link says of itself: what, and how much or which."""
    rules = words.words.get("picture_rule", {})
    if key == "rule" and value in rules:
        return (Word(rules[str(value)]),)
    named = words.words.get("link", {}).get(key)
    if named is None:
        return exact(f"{key} {value}")
    if isinstance(value, bool):
        return (Word(f"{named}: "), Word(words.word("phrase", str(value))))
    if isinstance(value, str):
        return (Word(f"{named}: "), *(known(value, words) or _value(value, words)))
    return (Word(f"{named}: "), Exact(str(value)))


def counted_links(text: str, words: Language) -> Cell:
    """How many links of which relation joined a group: `2 × clip, 1 × verdict`."""
    counted = [COUNTED.fullmatch(part) for part in text.split(", ")]
    if "phrase" not in words.words or not all(counted):
        return shown(text)
    names = {**words.words["relation"], "verdict": words.word("phrase", "verdict")}
    return joined(
        [
            (Exact(digits(found.group(1), words)), Word(f" × {names.get(found.group(2), found.group(2))}"))
            for found in counted
            if found is not None
        ],
        "؛ " if words.direction == "rtl" else "; ",
    )
