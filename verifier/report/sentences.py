"""Findings as sentences: the code chooses the sentence in a language file, the values fill its places.

A finding that stands in the store with a text of its own (made before its code had a sentence) is shown with that text.
"""

from __future__ import annotations

import re
from collections.abc import Callable

from verifier.lengths import distance
from verifier.records import Finding, Scalar
from verifier.report.blocks import Cell, Exact, Inline, Ref, Shown, Soft, Word, english, exact
from verifier.report.language import Language
from verifier.report.phrases import digits, interval_cell, length, local_interval, local_time, parsed
from verifier.visible import visible

PLACEHOLDER = re.compile(r"\{(\w+)(?:\|(\w+))?\}")  # {value}, or {value|section} for the word of a code
OPTIONAL = re.compile(r"\[([^\[\]]*)\]")  # left out where a value is missing, or its first is 0
SPANS = re.compile(r"\d+\.\d+–\d+\.\d+ s(, \d+\.\d+–\d+\.\d+ s)*")  # stretches of a recording
STATEMENT_CHARACTERS = 600


def statement(finding: Finding, words: Language) -> Cell:
    """A finding's sentence in the report's language, or in English where there is none for its code."""
    return _told("statement", finding, words) or english(finding.statement or finding.code, STATEMENT_CHARACTERS)


def brief_statement(finding: Finding, words: Language) -> Cell:
    """A finding in one short sentence without ids and tags, times in Iran first; nothing where its code has none."""
    return _told("brief", finding, words)


def matter(subject: str, words: Language) -> str:
    """What an issue is about; of a rule from outside, its question."""
    return words.word("issue" if subject in words.words["issue"] else "question", subject)


def _told(section: str, finding: Finding, words: Language) -> Cell:
    """The first sentence for a code of which every place can be filled; nothing where there is none.

    A code has one sentence, several of which the first that fits is taken, or a table of them by outcome.
    """
    known = words.words.get(section, {}).get(finding.code)
    if isinstance(known, dict):
        known = known.get(finding.outcome.value)
    for pattern in [known] if isinstance(known, str) else known or ():
        parts = _sentence(pattern, finding, words)
        if parts is not None:
            return parts
    return ()


def _sentence(pattern: str, finding: Finding, words: Language) -> Cell | None:
    """A sentence with its optional parts, filled; None where a value of what is not optional is missing."""
    parts: list[Inline] = []
    for index, piece in enumerate(OPTIONAL.split(pattern)):
        optional = index % 2 == 1  # every second piece stood between brackets
        if optional and _counts_nothing(piece, finding):
            continue
        filled = _piece(piece, finding, words)
        if filled is not None:
            parts += filled
        elif not optional:
            return None
    return tuple(part for part in parts if part != Word(""))


def _counts_nothing(piece: str, finding: Finding) -> bool:
    """Whether the first value of an optional part is zero: "of 0 others, 0" need not be said."""
    first = PLACEHOLDER.search(piece)
    return first is not None and finding.values.get(first.group(1)) == 0


def _piece(pattern: str, finding: Finding, words: Language) -> list[Inline] | None:
    parts: list[Inline] = []
    position = 0
    for place in PLACEHOLDER.finditer(pattern):
        name, section = place.groups()
        code = finding.values.get(name)
        if section == "when":
            filled = () if code is None else local_time(code, words)
        else:
            filled = _filled(name, finding, words) if section is None else _coded(section, code, words)
        if not filled:
            return None
        parts += [Word(pattern[position : place.start()]), *filled]
        position = place.end()
    return [*parts, Word(pattern[position:])]


def _coded(section: str, code: Scalar, words: Language) -> Cell:
    """The word for a code that a finding carries; nothing where the language has none."""
    known = words.words.get(section, {}).get(str(code))
    return (Word(known),) if isinstance(known, str) else ()


def _filled(name: str, finding: Finding, words: Language) -> Cell:
    """One place of a sentence; what belongs together (two coordinates, two bounds) is one isolated value."""
    values = finding.values
    if name == "position":
        both = (values.get("latitude"), values.get("longitude"))
        return (Exact(f"{both[0]:.5f}, {both[1]:.5f}"),) if all(isinstance(v, int | float) for v in both) else ()
    if name == "claimed":
        bounds = interval_cell(values.get("earliest"), values.get("latest"), words)
        return tuple(part for part in bounds if not isinstance(part, Soft))
    if name == "claimed_when":
        earliest, latest = values.get("earliest"), values.get("latest")
        return local_interval(earliest, latest, words) if earliest or latest else ()
    if name == "side":  # of a difference whose sign says which came first
        apart = values.get("seconds")
        if not isinstance(apart, int | float):
            return ()
        return (Word(words.word("side", "after" if apart > 0 else "before")),)
    value = values.get(name)
    return () if value is None else _value(name, value, words)


def caveat(finding: Finding, words: Language) -> Cell:
    """What may be wrong with a finding."""
    told = _told("caveat", finding, words)
    return told or (english(finding.caveat, STATEMENT_CHARACTERS) if finding.caveat else ())


def _value(name: str, value: Scalar, words: Language) -> Cell:
    """A value inside a sentence, isolated."""
    if isinstance(value, bool) or value is None:
        return (Word(str(value)),)
    if name.startswith("metres") and isinstance(value, int | float):
        amount, unit = distance(value)
        return (Shown(f"{digits(amount.removesuffix('.0'), words)} {words.word('unit', unit)}"),)
    if name.startswith("seconds") and isinstance(value, int | float):
        return (Shown(length(abs(value), words)),)
    if name.endswith("_minutes") and isinstance(value, int):
        hours, minutes = divmod(abs(value), 60)
        return (Exact(f"UTC{'-' if value < 0 else '+'}{hours:02d}:{minutes:02d}"),)
    if isinstance(value, int | float):
        text = str(value) if isinstance(value, int) else f"{value:.5f}".rstrip("0").rstrip(".")
        return (Exact(digits(text.replace("-", "−") if words.code == "fa" else text, words)),)
    instant = parsed(value)
    if instant is not None:
        return (Exact(f"{instant:%Y-%m-%d %H:%M:%S} UTC" if value[-6] in "+-Z" or value[-1] == "Z" else value),)
    if SPANS.fullmatch(value):
        return (Shown(_spans(value, words)),)
    if re.fullmatch(r"[0-9a-f]{64}", value):
        return (Exact(value[:12], mono=True),)
    return (Shown(visible(value, 200)),) if not re.fullmatch(r"[\w.:+-]+", value, re.ASCII) else exact(value)


def _spans(text: str, words: Language) -> str:
    """ "0.0–2.9 s, 4.0–5.5 s" with the digits, the unit and the order of the language."""
    spans = []
    for span in text.split(", "):
        first, last = span.removesuffix(" s").split("–")
        bounds = {"first": digits(first, words), "last": digits(last, words)}
        spans.append(words.word("text", "span_seconds", **bounds))
    return ("، " if words.direction == "rtl" else ", ").join(spans)


def plain(cell: Cell, name: Callable[[str], str] | None = None) -> str:
    """A cell as one line of text, for JSON, tables and the terminal; exhibits by `name`, else by ids."""
    parts = []
    for part in cell:
        if isinstance(part, Soft):
            parts.append(" " + plain(part.parts, name))
        elif isinstance(part, Ref):
            parts.append(part.id[:12] if name is None else name(part.id))
        elif isinstance(part, Word | Shown | Exact):
            parts.append(part.text)
    return "".join(parts).strip()
