"""A phrase as tokens: numbers, words, marks; digits parted from letters, abbreviations closed up."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from functools import lru_cache

from verifier.geo.letters import folded, western_digits

JOINER = "\u200c"  # zero-width non-joiner: parts one word
KURDISH_E, _KEPT_E = "ێ", "ٮ"
_ABBREVIATION = re.compile(r"(?<!\w)((?:[^\W\d_]\.)+[^\W\d_])(?!\w)\.?")
_EZAFE = re.compile("(?<=[\u0620-\u06ff]ه)[\u200c ]ی(?=[\\s\u200c]|$)")  # «هفته‌ی اول» is «هفتهٔ اول»
_PIECE = re.compile(r"\d+|[^\W\d_]+|_|[^\w\s]")
_MARKS = str.maketrans(dict.fromkeys("‐‑‒–—―−", "-") | dict.fromkeys("’‘ʼ`´′", "'") | {"⁄": "/", "∕": "/", "ـ": ""})


@dataclass(frozen=True, slots=True)
class Token:
    """A run of digits, a run of letters, or one mark; `key` is its folded spelling."""

    text: str
    key: str
    kind: str  # number | word | mark
    glued: bool  # no space before it
    group: int  # words parted only by a zero-width joiner share one


@lru_cache(maxsize=8192)
def word_key(word: str) -> str:
    """The folded spelling of one word; dotless i counts as an i; سێ (3) is kept apart from سی (30)."""
    return folded(word.replace(KURDISH_E, _KEPT_E)).replace("ı", "i")


def tokens_of(text: str) -> list[Token]:
    """The tokens of a text, in order. Vowel marks are dropped, every kind of dash is "-"."""
    plain = unicodedata.normalize("NFC", western_digits(text)).translate(_MARKS)
    plain = "".join(letter for letter in plain if not unicodedata.combining(letter))
    plain = _EZAFE.sub("", plain)
    plain = _ABBREVIATION.sub(lambda found: found.group(1).replace(".", ""), plain)
    found: list[Token] = []
    end, group = -1, 0
    for piece in _PIECE.finditer(plain):
        between = plain[end : piece.start()] if end >= 0 else " "
        group += JOINER not in between or bool(between.strip(JOINER))
        word = piece.group()
        kind = "number" if word[0].isdecimal() else "word" if word[0].isalpha() else "mark"
        key = word_key(word) if kind == "word" else word
        end = piece.end()
        if word == JOINER or (kind == "word" and not key):
            continue
        found.append(Token(word, key, kind, between == "", group))
    return found
