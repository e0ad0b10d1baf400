"""The numbers of a text in their order: what points and times are found by, whatever stands between their numbers."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

FAR = 1 << 20
NUMBER = re.compile(r"\d+(?:\.\d+)?")
POWER = re.compile(r"(\d\.\d+)e\+?(\d{1,2})(?!\d)")
NUMBERS_ALONE = bytes(code if chr(code) in "0123456789.,:/" else 32 for code in range(256))
TORN = re.compile(r"(?<=\d)\s+\.(?=\d)|(?<=\d)\.\s+(?=\d{4})")  # torn at its point
THOUSANDS = re.compile(r"(?<![\d.,])\d{1,3}(?:,\d{3})+(?![\d,])")
COMMA = re.compile(r"(?<=\d)[,/](?=\d{3,}(?!\d*[./]\d))")  # a decimal mark, as in 1,2345 and 1/2345
GROUPED = re.compile(r"(?<![\d.])\d{1,5}(?:[\s,.'_-]\d{1,6}){1,8}(?![\d.])")
INDIAN_OR_THREES = re.compile(r"\d{1,3}(?:,\d{2,3})+(?!\d)")
SINGLE = re.compile(r"(?<!\d)\d(?:[\s,;\"'\[\]._-]{1,4}\d(?!\d)){5,}")
WORDS = {word: str(digit) for digit, words in enumerate((
    ("zero", "oh", "null", "صفر", "sefr"), ("one", "یک", "واحد", "yek"), ("two", "دو", "اثنان"),
    ("three", "سه", "ثلاثه"),
    ("four", "چهار", "اربعه"), ("five", "پنج", "خمسه"), ("six", "شش", "سته"), ("seven", "هفت", "سبعه"),
    ("eight", "هشت", "ثمانیه"), ("nine", "نه", "تسعه"),
)) for word in words}  # fmt: skip
LEAST_WORDS = 3
SPELT = re.compile(rf"\b(?:{'|'.join(WORDS)})(?:[\s,-]+(?:{'|'.join(WORDS)})\b){{5,}}")


@dataclass(frozen=True, slots=True)
class Figures:
    """Numbers without sign: value, digits and decimals written, letters until the next one, and the first of them."""

    values: NDArray[np.float64]
    digits: NDArray[np.int32]
    decimals: NDArray[np.int32]
    gaps: NDArray[np.int32]
    after: NDArray[np.int32]
    inside: NDArray[np.bool_]  # whether a letter stands right before it


def figures(text: str) -> Figures:
    """Every number of a folded text."""
    found = list(NUMBER.finditer(text))
    starts = np.array([one.start() for one in found], np.int32)
    ends = np.array([one.end() for one in found], np.int32)
    written = [one[0] for one in found]
    digits = np.array([one.find(".") if "." in one else len(one) for one in written], np.int32)
    return Figures(
        values=np.array([float(one[:40]) for one in written], np.float64),
        digits=digits,
        decimals=np.maximum(ends - starts - digits - 1, 0),
        gaps=np.append(starts[1:] - ends[:-1], FAR).astype(np.int32)[: len(found)],
        inside=np.array([_is_inside(text, start) for start in starts], np.bool_),
        after=np.array([ord(text[end]) if end < len(text) else 0 for end in ends], np.int32),
    )


def _is_inside(text: str, start: int) -> bool:
    """Whether a number stands in a word; the T of 2026-01-08T18:04 is none."""
    before = text[max(start - 2, 0) : start]
    return before[-1:].isalpha() and not (before[-1] == "t" and before[0].isdigit())


def with_points(text: str) -> str | None:
    """The text with decimal commas and strokes as points; None where it has none."""
    changed = COMMA.sub(".", text)
    return None if changed == text else changed


def without_powers(text: str) -> str:
    """Powers of ten, thousands with commas and numbers torn at their point as plain numbers."""
    text = THOUSANDS.sub(lambda found: found[0].replace(",", ""), TORN.sub(".", text))
    return POWER.sub(lambda found: f"{float(found[1]) * 10 ** int(found[2]):.{max(len(found[1]) - 2, 1)}f}", text)


def signature(text: str) -> int:
    """What a text has for numbers: readings that differ in letters alone need not be looked through twice for them."""
    return hash(text.encode("ascii", "replace").translate(NUMBERS_ALONE))


def spelt(text: str) -> str:
    """Digits in words, six and more in a row, as digits."""
    if sum(word in text for word in WORDS) < LEAST_WORDS:
        return text
    return SPELT.sub(lambda run: "".join(WORDS[word] for word in re.findall(r"\w+", run[0])), text)


def joined(text: str) -> Iterator[str]:
    """Numbers of six digits and more, as one: alone, grouped by anything, or digit by digit; no zeros before them."""
    for found in re.finditer(r"\d{6,}", text):
        yield found[0].lstrip("0")
    for pattern in (GROUPED, INDIAN_OR_THREES, SINGLE):
        for found in pattern.finditer(text):
            yield re.sub(r"\D", "", found[0]).lstrip("0")
