"""The words that carry time, by language, and where they stand in a phrase.

Word lists are data (`verifier/geo/data/words_of_time`). At a place in a phrase the longest entry is taken ("سه شنبه" is
Tuesday, never three and Saturday), but for a few kinds whose first word also begins other phrases ("last week of May").
"""

from __future__ import annotations

import tomllib
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from functools import cache
from importlib import resources
from typing import Any

from verifier.geo.words_of_time.tokens import KURDISH_E, Token, tokens_of

LANGUAGES = ("fa", "en", "ar", "ku", "tr", "de")
WEEKDAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
SPLITTABLE = frozenset(
    {"relative_span", "relative_day", "relative_part", "noise", "carries", "stretch", "local_zone", "place_zone"}
)
GREATEST_LENGTH = 7


Value = str | tuple[Any, ...]  # a name; (calendar, month); the names of zones


@dataclass(frozen=True, slots=True)
class Entry:
    """One meaning of one spelling."""

    kind: str
    value: Any
    length: int


@dataclass(slots=True)
class Lexicon:
    """Entries by their folded tokens; `weak` spellings may also be ordinary words."""

    entries: dict[tuple[str, ...], list[Entry]] = field(default_factory=dict)
    weak: set[tuple[str, ...]] = field(default_factory=set)

    def add(self, kind: str, value: Value, spelling: str) -> None:
        if KURDISH_E in spelling and kind != "number":  # as it is typed on other keyboards
            self.add(kind, value, spelling.replace(KURDISH_E, "ی"))
        keys = tuple(token.key for token in tokens_of(spelling))
        if keys:
            self._put(keys, Entry(kind, value, len(keys)))
        if len(keys) > 1 and all(key.isalpha() and not key.isascii() for key in keys):
            self._put(("".join(keys),), Entry(kind, value, 1))

    def _put(self, keys: tuple[str, ...], entry: Entry) -> None:
        known = self.entries.setdefault(keys, [])
        if entry not in known:
            known.append(entry)


def data(name: str) -> dict[str, Any]:
    """One file of the word lists."""
    path = resources.files("verifier.geo").joinpath("data", "words_of_time", f"{name}.toml")
    return tomllib.loads(path.read_text(encoding="utf-8"))


MONTH_GLUED = "ماه"  # «دیماه»


@cache
def lexicon() -> Lexicon:
    """All languages as one lexicon, built once."""
    known = Lexicon()
    for language in LANGUAGES:
        _add_language(known, data(language))
    for name, offsets in data("zones")["zones"].items():
        known.add("zone", tuple(offsets), name)
    for name, spellings in data("zones")["places"].items():
        for spelling in spellings:
            known.add("place_zone", (name,), spelling)
            known.weak.add(tuple(token.key for token in tokens_of(spelling)))
    return known


def _add_language(known: Lexicon, words: dict[str, Any]) -> None:
    for calendar, months in words.get("months", {}).items():
        for number, spellings in months.items():
            for spelling in spellings:
                known.add("month", (calendar, int(number)), spelling)
                if calendar == "jalali" and not spelling.isascii():
                    known.add("month", (calendar, int(number)), spelling + MONTH_GLUED)
                for ending in words.get("inflected", {}).get("months", ()):
                    known.add("month", (calendar, int(number)), spelling + ending)
    for name, kind in (
        ("weekdays", "weekday"), ("parts", "part"), ("plural_parts", "plural_part"), ("prayers", "prayer"),
        ("feasts", "feast"), ("relative_days", "relative_day"), ("relative_parts", "relative_part"),
        ("relative_spans", "relative_span"), ("units", "unit"), ("stretches", "stretch"), ("calendars", "calendar"),
        ("numbers", "number"), ("ordinals", "ordinal"), ("seasons", "season"),
    ):  # fmt: skip
        for value, spellings in words.get(name, {}).items():
            for spelling in spellings:
                known.add(kind, value, spelling)
    _add_compounds(known, words)
    for kind, spellings in words.get("words", {}).items():
        for spelling in spellings:
            known.add(kind, spelling, spelling)
    for spelling in words.get("weak", {}).get("words", ()):
        known.weak.add(tuple(token.key for token in tokens_of(spelling)))


def _add_compounds(known: Lexicon, words: dict[str, Any]) -> None:
    """ "بیست‌وپنج" and "بیستوپنجم": tens and units with the conjunction glued to them; "on sekiz" without one."""
    numbers, ordinals = words.get("numbers", {}), words.get("ordinals", {})
    conjunction = "و" if words.get("words", {}).get("and", [""])[0] == "و" else ""
    for tens in (20, 30, 40, 50, 60, 70, 80, 90) if conjunction else ():
        for ten in numbers.get(str(tens), ()):
            for unit in range(1, 10):
                for kind, spellings in (("number", numbers), ("ordinal", ordinals)):
                    for one in spellings.get(str(unit), ()):
                        for spelling in (f"{ten} {conjunction}{one}", f"{ten}{conjunction} {one}"):
                            known.add(kind, str(tens + unit), spelling)
    for ten in words.get("teens", {}).get("before", ()):  # "on sekiz"; alone it is an English word
        for unit in range(1, 10):
            for one in numbers[str(unit)]:
                known.add("number", str(10 + unit), f"{ten} {one}")


class Phrase:
    """Tokens with the lexicon's entries at each of them."""

    def __init__(self, text: str) -> None:
        self.text = text
        self.tokens = tokens_of(text)
        self._lexicon = lexicon()
        self._found = [list(self._entries(start)) for start in range(len(self.tokens))]
        self._drop_broken_words()
        self._by_kind: list[dict[str, list[tuple[Any, int]]]] = []
        for start, entries in enumerate(self._found):
            kinds: dict[str, list[tuple[Any, int]]] = {}
            for entry in entries:
                kinds.setdefault(entry.kind, []).append((entry.value, start + entry.length))
            self._by_kind.append(kinds)
        self._memory: dict[tuple[str, int], list[Any]] = {}

    def remembered(self, name: str, start: int, grammar: Callable[[Phrase, int], Iterator[Any]]) -> list[Any]:
        """What a rule finds at a token, found once."""
        key = (name, start)
        if key not in self._memory:
            self._memory[key] = list(grammar(self, start))
        return self._memory[key]

    def __len__(self) -> int:
        return len(self.tokens)

    def _entries(self, start: int) -> Iterator[Entry]:
        longest: list[Entry] = []
        shorter: list[Entry] = []
        for length in range(min(GREATEST_LENGTH, len(self.tokens) - start), 0, -1):
            keys = tuple(token.key for token in self.tokens[start : start + length])
            entries = self._lexicon.entries.get(keys)
            if not entries:
                continue
            if not longest or all(entry.kind in SPLITTABLE for entry in longest + shorter):
                (shorter if longest else longest).extend(entries)
        yield from longest
        yield from shorter

    def _drop_broken_words(self) -> None:
        """ "می‌بارید" is one word that is not known, and no May."""
        groups: dict[int, list[int]] = {}
        for index, token in enumerate(self.tokens):
            groups.setdefault(token.group, []).append(index)
        for members in groups.values():
            if len(members) < 2:
                continue
            reached = {members[0]}
            for index in members:
                if index in reached:
                    reached |= {index + entry.length for entry in self._found[index]}
                    reached |= {index + 1} if self.tokens[index].kind != "word" else set()
            if members[-1] + 1 not in reached:
                for index in members:
                    if self.tokens[index].kind == "word":
                        self._found[index] = []

    def at(self, start: int, *kinds: str) -> list[tuple[Any, int]]:
        """(value, end) of each entry of these kinds that stands at `start`."""
        known = self._by_kind[start] if start < len(self._by_kind) else None
        if not known:
            return []
        if len(kinds) == 1:
            return known.get(kinds[0], [])
        return [one for kind in kinds if kind in known for one in known[kind]]

    def has(self, start: int, *kinds: str) -> bool:
        return bool(self.at(start, *kinds))

    def mark(self, start: int, marks: str) -> bool:
        """Whether one of these marks stands at `start`."""
        return start < len(self.tokens) and self.tokens[start].kind == "mark" and self.tokens[start].text in marks

    def is_known(self, start: int) -> bool:
        """Whether the token begins something that carries time and cannot be an ordinary word."""
        return any(
            tuple(token.key for token in self.tokens[start : start + entry.length]) not in self._lexicon.weak
            for entry in self._found[start]
        )

    def is_listed(self, start: int) -> bool:
        """Whether anything in the lexicon begins at the token."""
        return bool(self._found[start])

    def words(self, start: int, end: int) -> str:
        return " ".join(token.text for token in self.tokens[start:end])

    def token(self, start: int) -> Token | None:
        return self.tokens[start] if start < len(self.tokens) else None
