"""Making `Moment`s from what containers and names write: counts of seconds, and dates in the forms of the field."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta

from verifier.metadata.dates import offset_minutes
from verifier.records import Moment, Zone

MAC_EPOCH_SECONDS = 2_082_844_800  # from 1904-01-01 to 1970-01-01
_EARLIEST, _LATEST = datetime(1900, 1, 1, tzinfo=UTC), datetime(2200, 1, 1, tzinfo=UTC)
_UNIX = datetime(1970, 1, 1, tzinfo=UTC)

_DATE = re.compile(
    r"\s*(\d{4})[-:/.](\d{1,2})[-:/.](\d{1,2})"
    r"[T ]{1,2}(\d{1,2}):(\d\d)(?::(\d\d)(?:[.,](\d{1,9}))?)?"
    r"\s*(Z|UTC|GMT|[+-]\d\d:?\d\d)?\s*",
    re.IGNORECASE,
)


def from_unix(seconds: float, text: str | None = None, *, fraction_digits: int = 0) -> Moment | None:
    """UTC from seconds since 1970; None outside the years 1900 to 2199."""
    try:
        when = _UNIX + timedelta(seconds=seconds)
    except (OverflowError, ValueError):
        return None
    if not _EARLIEST <= when < _LATEST:
        return None
    wall = when.strftime("%Y-%m-%dT%H:%M:%S")
    if fraction_digits:
        wall += f".{when.microsecond:06d}"[: fraction_digits + 1]
    return Moment(text=text if text is not None else str(seconds), wall=wall, zone=Zone.UTC)


def from_mac(seconds: int) -> tuple[Moment | None, bool]:
    """(UTC from seconds since 1904, whether they were read as seconds since 1970 because 1904 gave a date before it).

    Some writers count from 1970 against ISO 14496-12; ExifTool reads them in the same way.
    """
    unix_count = seconds < MAC_EPOCH_SECONDS
    epoch = 1970 if unix_count else 1904
    moment = from_unix(seconds if unix_count else seconds - MAC_EPOCH_SECONDS, f"{seconds} seconds since {epoch}")
    return moment, unix_count


def from_text(text: str, *, assume: Zone = Zone.LOCAL) -> Moment | None:
    """A date with a time in ISO 8601 or Exif form; without a stated zone it has the zone `assume`. Else None."""
    found = _DATE.fullmatch(text)
    if found is None:
        return None
    year, month, day, hour, minute, second, fraction, zone = found.groups()
    wall = f"{year}-{month:0>2}-{day:0>2}T{hour:0>2}:{minute}:{second or '00'}"
    return build(text.strip(), wall + (f".{fraction}" if fraction else ""), zone, assume=assume)


def build(text: str, wall: str, zone: str | None, *, assume: Zone = Zone.LOCAL) -> Moment | None:
    """A Moment from a clock reading and a zone such as `Z` or `+0200`; None where it is no possible date."""
    try:
        if zone is None:
            return Moment(text=text, wall=wall, zone=assume)
        if zone.upper() in ("Z", "UTC", "GMT"):
            return Moment(text=text, wall=wall, zone=Zone.UTC)
        minutes = offset_minutes(zone)
        if minutes is None:  # no zone on Earth
            return None
        return Moment(text=text, wall=wall, zone=Zone.OFFSET, offset_minutes=minutes)
    except ValueError:
        return None
