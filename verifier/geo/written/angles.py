"""Latitude and longitude in degrees, minutes and seconds, as people write them in Persian, Arabic and Latin digits.

Grammar. An angle is [label] [letter] [sign] degrees [minutes] [seconds] [letter]; between its numbers stand °, ', ",
:, - or spaces, never a comma. Between two angles stand a comma, a semicolon, a slash, " - " or spaces. Comma and slash
are decimal marks only where the text is not two angles otherwise. Every token of the text belongs to one of the two
angles, or the text is refused.
"""

from __future__ import annotations

import math
import re
from collections.abc import Iterator
from dataclasses import dataclass

from verifier.geo.letters import western_digits
from verifier.geo.position import Position

METRES_PER_DEGREE = 111_320.0
MOST_TOKENS = 60
_WORDS = (
    (r"عرض\s*جغرافیایی|عرض\s*جغرافيايي|خط\s*العرض|دائره\s*العرض|عرض|latitude|enlem|lat\.?(?![a-z])", " ᴬ "),
    (r"طول\s*جغرافیایی|طول\s*جغرافيايي|خط\s*الطول|طول|longitude|boylam|(?:long|lon|lng)\.?(?![a-z])", " ᴼ "),
    (r"درجه|درجة|degrees?|deg(?![a-z])", "°"),
    (r"دقیقه|دقيقة|minutes?|min(?![a-z])", "'"),
    (r"ثانیه|ثانية|seconds?|sec(?![a-z])", '"'),
    (r"شمال(?:ی|ي|اً|ا)?(?![\u0600-\u06ff])|north(?![a-z])", " N "),
    (r"جنوب(?:ی|ي|اً|ا)?(?![\u0600-\u06ff])|south(?![a-z])", " S "),
    (r"شرق(?:ی|ي|اً|ا)?(?![\u0600-\u06ff])|east(?![a-z])", " E "),
    (r"غرب(?:ی|ي|اً|ا)?(?![\u0600-\u06ff])|west(?![a-z])", " W "),
)
_MARKS = str.maketrans(
    {
        **dict.fromkeys("−–—‐", "-"),
        **dict.fromkeys("º˚", "°"),
        **dict.fromkeys("′’‘ʹ´", "'"),
        **dict.fromkeys("″”“ʺ", '"'),
        **dict.fromkeys("،؛", ";"),
        "⁄": "/",
    }
)
_TOKEN = re.compile(r"""
    (?P<number>\d+(?:\.\d+)?) | (?P<mark>[°'":]) | (?P<letter>(?<![A-Za-z])[NSEWnsew](?![A-Za-z])) |
    (?P<unit>(?<=\d)[dms](?![A-Za-z])) |
    (?P<label>[ᴬᴼ]) | (?P<sign>[-+]) | (?P<part>[,;/|]) | (?P<space>\s+) | (?P<other>.)
""", re.VERBOSE | re.DOTALL)  # fmt: skip
_GLUED = (  # 35d45m42sN; "35 درجه و 45 دقیقه"
    (re.compile(r"(?<=\d)\s*d\s*(?=\d)"), "°"),
    (re.compile(r"(?<=\d)\s*m\s*(?=\d)"), "'"),
    (re.compile(r"(?<=\d)s(?=\s*[NSEW])"), '"'),
    (re.compile(r"(?<=[°'\"])\s*و\s*"), " "),
    (re.compile(r"&"), ";"),
)
_PACKED = re.compile(r"(?<![\d.])(\d{4,7})((?:\.\d+)?\s*)([NSEWnsew])(?![A-Za-z])")
_ALTITUDE = re.compile(r"[\s,;]+\d{1,5}(?:\.\d+)?\s*(?:m|metres?|meters?|متر)\s*$", re.IGNORECASE)
_BRACKETS = re.compile(r"[()\[\]{}⟨⟩=]")


@dataclass(frozen=True, slots=True)
class Token:
    """A piece of the text: its kind, its letters, and where it stands in the normalised text."""

    kind: str
    text: str
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Angle:
    """One angle: degrees, the letter or label that says which it is, and how finely it is written."""

    degrees: float
    axis: str  # N (a latitude), E (a longitude) or empty
    parts: int  # 1 degrees, 2 minutes, 3 seconds
    is_marked: bool  # by a letter, a label or a unit
    decimals: int
    negative_letter: bool = False


@dataclass(frozen=True, slots=True)
class Pair:
    """Two angles as a position; `is_ordered`: letters or labels say which is which."""

    position: Position
    is_ordered: bool
    is_plain: bool  # two bare whole numbers: only a whole text may be read so


def normalised(text: str) -> str:
    """One writing for all marks, hemispheres and labels; of the same meaning, not of the same length."""
    plain = western_digits(text).translate(_MARKS).replace("''", '"')
    for pattern, mark in _WORDS:
        plain = re.sub(pattern, mark, plain, flags=re.IGNORECASE)
    for glued, mark in _GLUED:
        plain = glued.sub(mark, plain)
    return _PACKED.sub(_unpacked, _BRACKETS.sub(" ", plain))


def _unpacked(found: re.Match[str]) -> str:
    """DDMM, DDMMSS (three digits of degrees for a longitude) before a letter, as degrees, minutes and seconds."""
    digits, rest, letter = found.groups()
    width = 3 if letter.upper() in "EW" else 2
    if len(digits) == width + 1 or (len(digits) - width) % 2:  # a longitude below 100° without its zero
        width -= 1
    parts = [digits[:width], *(digits[at : at + 2] for at in range(width, len(digits), 2))]
    return " ".join(parts) + rest + letter


def read_angles(text: str) -> Pair | None:
    """A text that is two angles and nothing else; None where it is not. Raises ValueError where an angle cannot be."""
    plain = _ALTITUDE.sub("", normalised(text)).strip(" ,;:")
    tokens = [
        Token(str(found.lastgroup), found.group(), found.start(), found.end()) for found in _TOKEN.finditer(plain)
    ]
    if not tokens or len(tokens) > MOST_TOKENS or any(token.kind == "other" for token in tokens):
        return None
    found: list[tuple[Angle, Angle]] = []
    for mark in ("", ",", "/"):
        variant = _merged(tokens, mark) if mark else tokens
        if variant is not None:
            found = list(dict.fromkeys(_pairs(variant)))
        if found:
            break
    if not found:
        return None
    return _pair(min(found, key=lambda pair: (pair[0].parts != pair[1].parts, -pair[0].parts)))


def _merged(tokens: list[Token], mark: str) -> list[Token] | None:
    """The tokens with a comma or slash between two whole numbers, glued to both, as a decimal mark."""
    kept: list[Token] = []
    merged = False
    index = 0
    while index < len(tokens):
        three = tokens[index : index + 3]
        whole = len(three) == 3 and all("." not in token.text for token in three)
        if whole and three[0].kind == three[2].kind == "number" and three[1].text == mark:
            kept.append(Token("number", f"{three[0].text}.{three[2].text}", three[0].start, three[2].end))
            index += 3
            merged = True
        else:
            kept.append(tokens[index])
            index += 1
    return kept if merged else None


def _pairs(tokens: list[Token]) -> Iterator[tuple[Angle, Angle]]:
    """Every way in which all tokens are two angles."""
    for first, after in _angles(tokens, 0):
        for start in _between(tokens, after):
            for second, end in _angles(tokens, start):
                if _skip_spaces(tokens, end) == len(tokens) and _go_together(first, second):
                    yield first, second


def _between(tokens: list[Token], at: int) -> Iterator[int]:
    """Where the second angle may begin: after a comma or the like, a spaced hyphen, spaces, or at once."""
    start = _skip_spaces(tokens, at)
    if start < len(tokens) and tokens[start].kind == "part":
        yield _skip_spaces(tokens, start + 1)
        return
    if start + 1 < len(tokens) and tokens[start].text == "-" and start > at and tokens[start + 1].kind == "space":
        yield start + 2
    yield start


def _go_together(first: Angle, second: Angle) -> bool:
    if first.axis and first.axis == second.axis:
        raise ValueError("a position has one latitude (N or S) and one longitude (E or W)")
    if first.parts != second.parts and not (first.is_marked and second.is_marked):
        return False
    # "35 45 51 19" may be anything: minutes without a mark or a fraction are not told from degrees
    return first.parts != 2 or first.is_marked or second.is_marked or bool(first.decimals and second.decimals)


def _angles(tokens: list[Token], at: int) -> Iterator[tuple[Angle, int]]:
    """Every angle that begins here, with the index after it."""
    index = _skip_spaces(tokens, at)
    axis, is_marked, negative = "", False, False
    while index < len(tokens) and (tokens[index].kind == "label" or tokens[index].text == ":"):
        if tokens[index].kind == "label":
            axis, is_marked = ("N" if tokens[index].text == "ᴬ" else "E"), True
        index = _skip_spaces(tokens, index + 1)
    has_letter = index < len(tokens) and tokens[index].kind == "letter"
    if has_letter:
        axis, negative, is_marked = *_letter(tokens[index].text), True
        index = _skip_spaces(tokens, index + 1)
        if index < len(tokens) and tokens[index].text == ":":
            index = _skip_spaces(tokens, index + 1)
    sign = ""
    if index < len(tokens) and tokens[index].kind == "sign":
        if index and tokens[index - 1].kind in ("number", "mark", "letter") and not has_letter:
            return
        sign = tokens[index].text
        index += 1
    for values, marked, after in _numbers(tokens, index):
        for end_axis, end_negative, end in _letters_after(tokens, after, axis if has_letter else ""):
            if has_letter and end_axis:
                continue
            if sign == "-" and (has_letter or end_axis):
                raise ValueError(f"write either a minus sign or a letter, not both: {sign}{values[0]}")
            which = end_axis or axis
            if axis and end_axis and axis != end_axis:
                continue
            degrees = _degrees(values)
            minus = sign == "-" or negative or end_negative
            decimals = len(values[-1].partition(".")[2])
            yield Angle(-degrees if minus else degrees, which, len(values), is_marked or marked or bool(end_axis),
                        decimals, negative or end_negative), end  # fmt: skip


def _letter(letter: str) -> tuple[str, bool]:
    return ("N" if letter.upper() in "NS" else "E"), letter.upper() in "SW"


def _letters_after(tokens: list[Token], at: int, before: str) -> Iterator[tuple[str, bool, int]]:
    yield "", False, at
    index = _skip_spaces(tokens, at)
    if not before and index < len(tokens) and tokens[index].kind == "letter":
        yield *_letter(tokens[index].text), index + 1


def _numbers(tokens: list[Token], at: int) -> Iterator[tuple[list[str], bool, int]]:
    """One, two or three numbers with what parts them; degrees and minutes are whole where something follows."""
    values: list[str] = []
    marked = False
    index = at
    for units in (("°", ":", "d"), ("'", ":", "m"), ('"', "s", "'")):
        if index >= len(tokens) or tokens[index].kind != "number":
            return
        if values and float(tokens[index].text) >= 60.0:
            if marked:
                raise ValueError(f"minutes and seconds are below 60, not {tokens[index].text}")
            return
        values = [*values, tokens[index].text]
        index += 1
        spaced = _skip_spaces(tokens, index)
        if spaced < len(tokens) and tokens[spaced].text in units and tokens[spaced].kind in ("mark", "unit"):
            marked, index = True, spaced + 1
        yield values, marked, index
        if "." in values[-1]:
            return
        following = _skip_spaces(tokens, index)
        if following < len(tokens) and tokens[following].text == "-" and following == index:
            following += 1  # 35-45-42N
        index = following


def _degrees(values: list[str]) -> float:
    return sum(float(value) / 60.0**power for power, value in enumerate(values))


def _skip_spaces(tokens: list[Token], at: int) -> int:
    while at < len(tokens) and tokens[at].kind == "space":
        at += 1
    return at


def _pair(pair: tuple[Angle, Angle]) -> Pair:
    first, second = pair
    ordered = bool(first.axis or second.axis)
    if first.axis == "E" or second.axis == "N":
        first, second = second, first
    radius = None
    if first.parts == 1:
        radius = math.hypot(*(0.5 * 10.0**-angle.decimals * METRES_PER_DEGREE for angle in (first, second)))
    position = Position(latitude_degrees=first.degrees, longitude_degrees=second.degrees, radius_metres=radius)
    plain = first.parts == 1 and not first.is_marked and not (first.decimals >= 2 and second.decimals >= 2)
    return Pair(position, ordered, plain)


def swapped(position: Position) -> Position | None:
    """The point with latitude and longitude the other way round; None where that cannot be."""
    if abs(position.longitude_degrees) > 90.0:
        return None
    return Position(
        latitude_degrees=position.longitude_degrees,
        longitude_degrees=position.latitude_degrees,
        radius_metres=position.radius_metres,
        source=position.source,
    )
