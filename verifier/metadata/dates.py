"""Dates as cameras and programs write them, turned into Moments without inventing a part that was not written."""

from __future__ import annotations

import re

from verifier.records import Moment, Zone

_EXIF = re.compile(
    r"\s*(\d{4})[:\-/. ](\d{1,2})[:\-/. ](\d{1,2})[T ]+(\d{1,2})[:.](\d{1,2})[:.](\d{1,2})(?:[.,](\d{1,9})\d*)?"
    r"\s*(Z|[+-]\d{2}:?\d{2})?\s*"
)
_ISO = re.compile(
    r"\s*(\d{4})-(\d\d)-(\d\d)[T ](\d\d):(\d\d):(\d\d)(?:[.,](\d{1,9})\d*)?\s*(Z|[+-]\d\d(?::?\d\d)?)?\s*"
)
_OFFSET = re.compile(r"\s*([+-])\s*(\d{1,2}):?(\d\d)?\s*")
_DIGITS = re.compile(r"\s*(\d{1,9})")
FARTHEST_MINUTES = 14 * 60  # from UTC, of all zones on Earth
BLANK = re.compile(r"[\s:\-/.0\x00Z+]*")


def exif_moment(text: str, *, subseconds: str | None = None, offset: str | None = None) -> Moment | None:
    """An Exif date with its sub-second and offset tags; None where it is blank, cut or impossible.

    Writers vary the separators; some put fraction and zone into the text itself, which then wins.
    """
    found = _EXIF.fullmatch(text)
    if found is None:
        return None
    fraction = found.group(7)
    if fraction is None and subseconds is not None:
        digits = _DIGITS.match(subseconds)
        fraction = digits.group(1) if digits else None
    return _moment(text, found, fraction, found.group(8) or offset)


def iso_moment(text: str) -> Moment | None:
    """An ISO 8601 date and time to the second at least (XMP, QuickTime keys); None for everything else."""
    found = _ISO.fullmatch(text)
    return None if found is None else _moment(text, found, found.group(7), found.group(8))


def _moment(text: str, found: re.Match[str], fraction: str | None, zone: str | None) -> Moment | None:
    year, month, day, hour, minute, second = (int(found.group(index)) for index in range(1, 7))
    wall = f"{year:04d}-{month:02d}-{day:02d}T{hour:02d}:{minute:02d}:{second:02d}"
    wall += f".{fraction}" if fraction else ""
    minutes = offset_minutes(zone) if zone else None
    try:
        if zone == "Z":
            return Moment(text=text, wall=wall, zone=Zone.UTC)
        if minutes is not None:
            return Moment(text=text, wall=wall, zone=Zone.OFFSET, offset_minutes=minutes)
        return Moment(text=text, wall=wall, zone=Zone.LOCAL)
    except ValueError:  # 30 February, month 0, year 0, 24:00
        return None


def offset_minutes(text: str) -> int | None:
    """Minutes east of UTC of `+02:00`, `-0730`, `+2`; None where it is none or no place on Earth has it."""
    if text.strip() == "Z":
        return 0
    found = _OFFSET.fullmatch(text)
    if found is None:
        return None
    minutes = int(found.group(2)) * 60 + int(found.group(3) or 0)
    if minutes > FARTHEST_MINUTES or int(found.group(3) or 0) > 59:
        return None
    return -minutes if found.group(1) == "-" else minutes


def is_blank(text: str) -> bool:
    """Whether a date's text says nothing: spaces, zeros and separators only."""
    return BLANK.fullmatch(text) is not None
