"""The words around the names of places: streets, squares, counties, "near", "between", and those that say nothing.

The list is data/place_words.csv, with the source and licence of each word. A class is a kind of quarter (street,
square, …), a level (city, county, …), or a way in which the words around a name change what it means: near, outside,
road (between two places), list (and, to), either (or), not, and ignored.
"""

from __future__ import annotations

import csv
import io
from functools import cache
from importlib import resources

from verifier.geo.letters import folded

KINDS = frozenset(
    ("street", "boulevard", "square", "crossroads", "highway", "bridge", "park", "gate", "bazaar", "landmark",
     "quarter", "hill")
)  # fmt: skip
LEVELS = frozenset(("city", "village", "county", "province", "country"))
MOST_WORDS = 4  # of one entry


@cache
def word_classes() -> dict[str, str]:
    """The class of every folded word or group of words of the list."""
    text = resources.files("verifier.geo").joinpath("data/place_words.csv").read_text(encoding="utf-8")
    return {folded(row["word"]): row["class"] for row in csv.DictReader(io.StringIO(text))}


@cache
def prefixes() -> frozenset[str]:
    """The words of the list that stand before a name, as Persian and Arabic have it, in either script."""
    text = resources.files("verifier.geo").joinpath("data/place_words.csv").read_text(encoding="utf-8")
    return frozenset(folded(row["word"]) for row in csv.DictReader(io.StringIO(text)) if row["language"] != "en")


def bare_name(name: str) -> str:
    """A quarter's name without "square", "street", … on either side; empty where it has none of them."""
    words = folded(name).split()
    start, end = 0, len(words)
    classes = word_classes()
    while start < end and _class(classes, words[start:end], from_start=True)[0] in KINDS:
        start += _class(classes, words[start:end], from_start=True)[1]
        while start < end and words[start] in ("e", "ye", "i", "of"):
            start += 1
    while end > start and _class(classes, words[start:end], from_start=False)[0] in KINDS:
        end -= _class(classes, words[start:end], from_start=False)[1]
    if (start, end) == (0, len(words)) or start >= end:
        return ""
    return " ".join(words[start:end])


def _class(classes: dict[str, str], words: list[str], *, from_start: bool) -> tuple[str, int]:
    for length in range(min(MOST_WORDS, len(words)), 0, -1):
        group = words[:length] if from_start else words[-length:]
        found = classes.get(" ".join(group))
        if found is not None:
            return found, length
    return "", 0
