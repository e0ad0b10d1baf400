"""Persian, Arabic and Latin spellings folded to one form, so that a name is found however it was typed.

Arabic yeh and kaf stand for Persian ones on many keyboards, zero-width joiners come and go, vowels are rarely written,
and transliterations differ by scholar. Folding loses information on purpose; what was written is kept beside it.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable

_LETTERS = str.maketrans(
    {
        "ي": "ی", "ى": "ی", "ئ": "ی", "ێ": "ی", "ې": "ی", "ے": "ی",
        "ك": "ک", "ڪ": "ک", "ة": "ه", "ۀ": "ه", "ە": "ه", "ہ": "ه", "ھ": "ه", "ۂ": "ه",
        "أ": "ا", "إ": "ا", "ٱ": "ا", "آ": "ا", "ؤ": "و", "ۆ": "و", "ۇ": "و",
        "ء": "", "ـ": "", "\u200c": " ", "\u200d": "", "\u200e": "", "\u200f": "", "\u00a0": " ", "\u2011": "-",
    }
)  # fmt: skip
_DIGITS = str.maketrans("۰۱۲۳۴۵۶۷۸۹٠١٢٣٤٥٦٧٨٩", "01234567890123456789")
_APOSTROPHES = re.compile(r"[’‘ʻʼʿʾ`´'′]")
_SEPARATORS = re.compile(r"[\s\-_–—/،,.;:()\[\]«»\"]+")


class _Kept(dict[int, int | None]):
    """A translation that drops characters by a rule, which is asked once for each character."""

    def __init__(self, is_kept: Callable[[str], bool]) -> None:
        super().__init__()
        self._is_kept = is_kept

    def __missing__(self, code: int) -> int | None:
        self[code] = code if self._is_kept(chr(code)) else None
        return self[code]


_VISIBLE = _Kept(lambda letter: unicodedata.category(letter) != "Cf" or letter == "\u200c")
_BARE = _Kept(lambda letter: not unicodedata.combining(letter))


def western_digits(text: str) -> str:
    """Persian and Arabic-Indic digits as 0-9; decimal and thousands signs too; bidirectional marks dropped."""
    plain = text.translate(_DIGITS).replace("٫", ".").replace("٬", ",")
    return plain if plain.isascii() else plain.translate(_VISIBLE)


def folded(text: str) -> str:
    """One spelling for search: lower case, no diacritics, one yeh and kaf, single spaces, western digits."""
    plain = unicodedata.normalize("NFKD", western_digits(text).translate(_LETTERS))
    if not plain.isascii():
        plain = plain.translate(_BARE).translate(_LETTERS)
    plain = _APOSTROPHES.sub("", plain).casefold()
    return _SEPARATORS.sub(" ", plain).strip()


def solid(text: str) -> str:
    """The folded form without spaces: "Tehran Pars", "Tehranpars" and "تهران‌پارس" spelled as one word."""
    return folded(text).replace(" ", "")


def loose(text: str) -> str:
    """A Latin name with what transliterations disagree about removed: kh/x, gh/q, ou/u, ee/i, -e- of the ezafe."""
    plain = folded(text)
    plain = re.sub(r"\b(e|i|ye|yi|al|el|va|o)\b", " ", plain).replace(" ", "")
    plain = re.sub(r"[oa]w(?![aeiou])", "u", plain)
    for many, one in (("kh", "x"), ("gh", "q"), ("ch", "c"), ("sh", "s"), ("zh", "j"), ("ou", "u"), ("oo", "u"),
                      ("ee", "i"), ("iy", "i"), ("ey", "i"), ("ei", "i"), ("ay", "i"),
                      ("ai", "i"), ("aa", "a"), ("w", "v"), ("o", "u"), ("e", "i"), ("y", "i")):  # fmt: skip
        plain = plain.replace(many, one)
    plain = re.sub(r"(.)\1+", r"\1", plain)
    return re.sub(r"(?<=..)(a|i|ih|ah)$", "", plain) if len(plain) > 4 else plain


_SAME_SOUND = str.maketrans({"ط": "ت", "ص": "س", "ث": "س", "ذ": "ز", "ض": "ز", "ظ": "ز", "ح": "ه", "غ": "ق", "ع": "ا"})


def loose_persian(text: str) -> str:
    """A name in Arabic letters with what spelling disagrees about removed: homophones, doubled letters, final -e."""
    plain = solid(text).translate(_SAME_SOUND)
    plain = re.sub(r"(.)\1+", r"\1", plain)
    plain = re.sub(r"(?<=.)وو?(?=.)", "و", plain)
    return re.sub(r"(?<=...)[هیا]$", "", plain)
