"""One secret, and what of it is searched for: itself or its stretches, every name, number, address and link inside."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from enum import StrEnum

LONGEST = 100_000  # letters of a text in which names and numbers are looked for
PIECE, STEP = 24, 12  # of a longer text, each stretch of so many letters is searched for on its own
LEAST_OF_A_STRETCH = 10  # that are no digits: a time that may be told stands in many sentences
PHONE = re.compile(r"(?<![\w.])(?:\+|00)?[\d۰-۹٠-٩][\d۰-۹٠-٩\s().-]{7,18}[\d۰-۹٠-٩](?![\w.])")
ADDRESS = re.compile(r"[\w.+-]{2,}@[\w.-]{3,}")
LINK = re.compile(r"(?:https?://|www\.|t\.me/)[^\s\"'<>]{4,}", re.IGNORECASE)
HANDLE = re.compile(r"(?<!\w)@\w{4,}")
DIGEST = re.compile(r"[0-9a-f]{32,128}")
DATE = re.compile(r"(?:19|20)\d\d(?:0[1-9]|1[0-2])(?:0[1-9]|[12]\d|3[01])")
PEOPLE = frozenset({"analyst", "operator", "claimant", "relay"})
NAME_PART = re.compile(r"[^\W\d_]{3,}")
LIKE_A_NAME = re.compile(r"\b[^\W\d_a-z][^\W\d_]{2,}(?: [^\W\d_a-z][^\W\d_]{2,}){1,3}\b")
LEAST_OF_A_NAME = 5  # letters of a part of what only looks like a name


class Form(StrEnum):
    """How a secret is meant: as a text, or as a point or time that its text names."""

    TEXT = "text"
    POINT = "point"  # "35.712345 51.398765"
    TOLD_POINT = "told point"  # may be told
    MOMENT = "moment"  # "2026-01-08T18:04:11 210": a clock reading and the minutes of its zone, if known
    DAY = "day"


@dataclass(frozen=True, slots=True)
class Secret:
    """A value that must not be found. `identity` is of a person, device or file: searched for even when short.

    `where` is the exhibit and field it is of, which a refusal names.
    """

    kind: str
    text: str
    identity: bool = False
    form: Form = Form.TEXT
    where: str = field(default="", compare=False)


def pieces_of(kind: str, text: str, identity: bool = False) -> Iterator[Secret]:
    """A text as what is searched for: itself or pieces of it, and every name, number, address and link inside."""
    text = text.strip()
    if "\ufffd" in text:  # bytes that are no text: what was put for them stands wherever bytes are none
        for part in filter(None, text.split("\ufffd")):
            yield from pieces_of(kind, part, identity)
        return
    if kind in PEOPLE and not DIGEST.fullmatch(text):  # a first or a last name alone, whatever stands between
        yield from (Secret(kind, part, True) for part in NAME_PART.findall(text.replace("\u200c", " ")))
    for found in LIKE_A_NAME.finditer(text[:LONGEST]) if kind not in PEOPLE else ():
        yield Secret(kind, found[0], True)
        yield from (Secret(kind, part, True) for part in found[0].split() if len(part) >= LEAST_OF_A_NAME)
    if len(text) <= 2 * PIECE:
        yield Secret(kind, text, identity)
    else:
        last = len(text) - PIECE
        stretches = (text[at : at + PIECE] for at in (*range(0, last, STEP), last))
        yield from (Secret(kind, one) for one in stretches if sum(map(str.isalpha, one)) >= LEAST_OF_A_STRETCH)
    for pattern, what in ((PHONE, "telephone number"), (ADDRESS, "address"), (LINK, "link"), (HANDLE, "handle")):
        for match in pattern.finditer(text[:LONGEST]):
            piece = match.group(0)
            if what != "telephone number" or (not kind.startswith("position") and _can_be_called(piece)):
                yield Secret(what, piece if len(piece) <= 2 * PIECE else piece[: 2 * PIECE])
            yield from (Secret(what, part, True) for part in _without_frame(what, piece))


def _without_frame(what: str, piece: str) -> Iterator[str]:
    """The name in an address or handle, and a link without its scheme."""
    if what in ("address", "handle"):
        yield piece.lstrip("@").partition("@")[0]
    elif what == "link":
        yield re.sub(r"^https?://(?:www\.)?", "", piece, flags=re.IGNORECASE)[: 2 * PIECE]


def _can_be_called(piece: str) -> bool:
    """Whether digits can be a telephone number: enough, not all alike, and not a date with an hour behind it.

    Numbers have 15 digits at most (E.164), 17 with `00` before them; a file's time in nanoseconds has 19, and the nine
    zeros that one of whole seconds ends with stand in the list of offsets of every PDF.
    """
    digits = "".join(character for character in piece if character.isdigit())
    return 9 <= len(digits) <= 17 and len(set(digits)) >= 4 and not DATE.match(digits)
