"""What the name of a file says: which program gives such names, and what the time in it is (data/names.json).

A name belongs to an acquisition, not to the bytes, and anybody can change it; so a reading says how sure its rule is.
"""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from enum import StrEnum
from functools import cache
from pathlib import Path

from verifier.metadata.moments import build, from_unix
from verifier.records import Moment

RULES = Path(__file__).parent / "data" / "names.json"
LONGEST_NAME = 512  # characters
_COPY = re.compile(r"(?: \(\d{1,3}\)|~\d{1,2}|[ _-]+copy(?: \d{1,3})?| - Copy(?: \(\d{1,3}\))?)$", re.IGNORECASE)
_EXTENSION = re.compile(r"\.[A-Za-z0-9]{1,5}$")
_SPACES = str.maketrans({"\u202f": " ", "\u00a0": " ", "\u200e": None, "\u200f": None, "\u202a": None, "\u202c": None})
_DIGITS = str.maketrans("٠١٢٣٤٥٦٧٨٩۰۱۲۳۴۵۶۷۸۹", "01234567890123456789")
_TWITTER_EPOCH_MS = 1_288_834_974_657


class NameTime(StrEnum):
    """What the time in a name is."""

    CAPTURE = "capture"
    MESSAGE = "message"
    DOWNLOAD = "download"
    SAVE = "save"
    RECEIVED = "received"
    SCREEN = "screen"
    EXPORT = "export"
    UPLOAD = "upload"
    NONE = "none"


@dataclass(frozen=True, slots=True, kw_only=True)
class NameReading:
    """One name, read by one rule. `moment` is absent where the name has only a `day`, or no date at all."""

    name: str
    rule: str
    origin: str
    role: str  # camera | messenger | platform | downloader | screenshot | screen-recording | editor
    time: NameTime
    meaning: str
    confidence: str  # high | medium | low
    source: str
    is_copy: bool
    moment: Moment | None = None
    day: str | None = None  # YYYY-MM-DD
    identifier: str | None = None  # of the video or post at its source


@dataclass(frozen=True, slots=True)
class _Rule:
    pattern: re.Pattern[str]
    said: dict[str, str]


@cache
def rules() -> tuple[_Rule, ...]:
    """The table, in order."""
    table = json.loads(RULES.read_text(encoding="utf-8"))["rules"]
    return tuple(_Rule(re.compile(row["pattern"], re.IGNORECASE | re.ASCII), row) for row in table)


def shown(name: bytes) -> str:
    """A name as text; bytes that are not UTF-8 become escapes."""
    return name.decode("utf-8", "backslashreplace")


def read_name(name: bytes) -> NameReading | None:
    """What a base name says, or None where no rule knows it."""
    text = shown(name)
    if len(text) > LONGEST_NAME:
        return None
    stem = _EXTENSION.sub("", text.translate(_SPACES).translate(_DIGITS)).strip()
    bare = _COPY.sub("", stem)
    for rule in rules():
        found = rule.pattern.search(bare)
        if found is not None:
            return _reading(text, rule.said, found, is_copy=bare != stem)
    return None


def _reading(text: str, said: dict[str, str], found: re.Match[str], *, is_copy: bool) -> NameReading:
    parts = {name: value for name, value in found.groupdict().items() if value}
    moment = _moment(parts, said["zone"], found.group())
    return NameReading(
        name=text,
        rule=said["id"],
        origin=said["origin"],
        role=said["role"],
        time=NameTime(said["time"]),
        meaning=said["meaning"],
        confidence=said["confidence"],
        source=said["source"],
        is_copy=is_copy,
        moment=moment,
        day=_day(parts) if moment is None else None,
        identifier=next((parts[key] for key in ("video", "post", "tiktok", "snowflake") if key in parts), None),
    )


def _moment(parts: dict[str, str], zone: str, text: str) -> Moment | None:
    for key, shift, scale in (("unix", 0, 1.0), ("ms", 0, 1e3), ("snowflake", 22, 1e3), ("tiktok", 32, 1.0)):
        if key in parts:
            count = (int(parts[key]) >> shift) + (_TWITTER_EPOCH_MS if key == "snowflake" else 0)
            return from_unix(count / scale, text, fraction_digits=3 if scale > 1 else 0)
    if not {"y", "m", "d", "h", "i", "s"} <= parts.keys():
        return None
    hour = int(parts["h"])
    if "half" in parts:
        if not 1 <= hour <= 12:
            return None
        hour = hour % 12 + (12 if parts["half"].upper() == "PM" else 0)
    wall = f"{parts['y']}-{parts['m']}-{parts['d']}T{hour:02d}:{parts['i']}:{parts['s']}"
    if "f" in parts:
        wall += f".{parts['f']}"
    return build(text, wall, "Z" if zone == "utc" else None)


def _day(parts: dict[str, str]) -> str | None:
    if (
        not {"y", "m", "d"} <= parts.keys()
        or build("", f"{parts['y']}-{parts['m']}-{parts['d']}T00:00:00", None) is None
    ):
        return None
    return f"{parts['y']}-{parts['m']}-{parts['d']}"
