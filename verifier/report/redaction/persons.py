"""Names of persons across scripts: a name as its consonants, in which Persian, Arabic and Latin writings meet.

Vowels, *v*/*w*/و and a last *h* are dropped, doubled consonants are one, letters that transliterations exchange are one
class (s sh ş س ص ث ش; j zh ch c ج ژ چ; x kh خ; q gh ق غ). A name is searched for by all its parts, one after another in
either order, and by a single part of five consonants and more.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from functools import lru_cache

WORD = re.compile(r"[^\W\d_]+")
LEAST_CONSONANTS = 5
DOUBLE = (("sch", "s"), ("tch", "j"), ("sh", "s"), ("ch", "j"), ("zh", "j"), ("kh", "x"), ("gh", "q"), ("ph", "f"),
          ("ck", "k"), ("dj", "j"))  # fmt: skip
SINGLE = str.maketrans({
    **dict.fromkeys("aeiouyvw'", None), **dict.fromkeys("اآوعیءئ", None), "c": "j",
    **dict.fromkeys("سصث", "s"), "ش": "s", **dict.fromkeys("ذزضظ", "z"), **dict.fromkeys("تط", "t"),
    **dict.fromkeys("جچژ", "j"), **dict.fromkeys("حه", "h"), **dict.fromkeys("قغ", "q"),
    "ب": "b", "پ": "p", "خ": "x", "د": "d", "ر": "r", "ڕ": "r", "ف": "f", "ڤ": None,
    "ک": "k", "گ": "g", "ل": "l", "ڵ": "l",
    "م": "m", "ن": "n", "ۆ": None, "ە": None,
})  # fmt: skip
REPEATED = re.compile(r"(.)\1+")
ARTICLE = re.compile(r"^ال(?=\w{3})")


@lru_cache(maxsize=200_000)
def consonants(word: str) -> str:
    """The skeleton of a folded word; empty where it has none of ours."""
    if not word.isascii():
        word = ARTICLE.sub("", word)
    for pair, one in DOUBLE:
        word = word.replace(pair, one)
    plain = word.translate(SINGLE)
    plain = plain[:-1] if plain.endswith("h") and len(plain) > 1 else plain
    return REPEATED.sub(r"\1", plain) if plain.isascii() else ""


class Persons:
    """Finds whole names, in either order and another script. Keys are folded names; values are handed back."""

    def __init__(self, names: Iterable[str]) -> None:
        self._whole: dict[str, str] = {}
        self._parts: dict[str, str] = {}
        for name in names:
            parts = [part for part in map(consonants, WORD.findall(name)) if part]
            for part in parts:
                if len(part) >= LEAST_CONSONANTS:
                    self._parts.setdefault(part, name)
            if len(parts) > 1 and sum(map(len, parts)) >= LEAST_CONSONANTS:
                for order in (parts, parts[::-1], [*parts[1:], parts[0]]):
                    self._whole.setdefault("".join(order), name)
        self._starts = {whole[:length] for whole in self._whole for length in range(1, len(whole) + 1)}

    def without(self, names: frozenset[str]) -> Persons:
        """The same without some names."""
        return Persons({*self._whole.values(), *self._parts.values()} - names)

    def found(self, text: str) -> Iterator[str]:
        """The names that stand in a folded text."""
        if not self._whole and not self._parts:
            return
        words = [consonants(word) for word in WORD.findall(text)]
        yield from {self._parts[word] for word in self._parts.keys() & set(words)}
        for at, word in enumerate(words):
            if len(word) > 1 and word in self._starts:
                yield from self._from(words, at)

    def _from(self, words: list[str], at: int) -> Iterator[str]:
        whole = ""
        for word in words[at : at + 5]:
            whole += word
            if whole not in self._starts:
                return
            if whole in self._whole:
                yield self._whole[whole]
