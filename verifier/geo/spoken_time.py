"""Dates and times as people write them, read into an interval of UTC with what was assumed.

Jalali and Gregorian dates, in Persian or Latin letters and any digits. A claim is never a minute: "evening of 18 Dey"
is an interval, generous at both ends, and a day in Iran begins at 20:30 UTC of the day before (at +03:30). Without a
known zone an interval is widened to every zone on Earth.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from datetime import UTC, datetime, time, timedelta, timezone

from verifier.calendars import JALALI_YEARS
from verifier.geo.letters import folded, western_digits
from verifier.geo.spoken_day import GREGORIAN_NUMBERS, JALALI_NUMBERS, Day, read_day
from verifier.geo.spoken_hour import HALVES, hours_of, part_word
from verifier.geo.timezone import TEHRAN, bounds_of_wall
from verifier.instants import in_zone, shifted

MOST_LETTERS = 200
JALALI_ZONES = (TEHRAN, "Asia/Kabul")  # where the Solar Hijri calendar is the civil one

WEEKDAYS: tuple[tuple[str, ...], ...] = (  # Monday first, as datetime.weekday counts
    ("Monday", "دوشنبه", "Mon"), ("Tuesday", "سه شنبه", "سشنبه", "Tue"), ("Wednesday", "چهارشنبه", "چهار شنبه", "Wed"),
    ("Thursday", "پنجشنبه", "پنج شنبه", "Thu"), ("Friday", "جمعه", "Fri"), ("Saturday", "شنبه", "Sat"),
    ("Sunday", "یکشنبه", "یک شنبه", "Sun"),
)  # fmt: skip


@dataclass(frozen=True, slots=True, kw_only=True)
class Interval:
    """A stretch of time in UTC, `earliest` <= t < `latest`; None is an open end. `notes` say what was assumed."""

    earliest: datetime | None
    latest: datetime | None
    precision: str  # minute | hours | day | month | year | range
    calendar: str  # gregorian | jalali
    text: str
    zone: str | None
    notes: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        if self.earliest is not None and self.latest is not None and self.earliest > self.latest:
            raise ValueError(f"{self.text!r} ends before it begins")


_ISO = re.compile(
    r"(\d{4}-\d\d-\d\d)[T ](\d\d:\d\d(?::\d\d(?:\.\d{1,6})?)?)\s?(Z|UTC|GMT|[+-]\d\d:?\d\d)?", re.IGNORECASE
)
_HOURS = re.compile(
    rf"(?P<word>ساعت|\bat|\bhours?|\bfrom|\bbetween|بین|از)?\s*"
    rf"\b(?P<one>\d{{1,2}}(?::\d\d)?)\s?(?P<half>{HALVES})?"
    rf"\s*(?:to|until|till|تا|الی|and|و|-|–)\s*(?:ساعت )?"
    rf"(?P<other>\d{{1,2}}(?::\d\d)?)\b(?![:/.-]?\d)\s?(?P<late>{HALVES})?",
    re.IGNORECASE,
)
_RANGE = re.compile(
    r"\s+(?:to|until|till|through|تا|الی|and|و)\s+|\s+[-–—]\s+|\s*[–—]\s*|(?<=\d)/(?=\d{4}-)", re.IGNORECASE
)
_BEFORE = re.compile(r"^(?:before|until|by|not after|قبل از|پیش از|تا)\s+(.*)$", re.IGNORECASE)
_AFTER = re.compile(r"^(?:after|since|from|not before|بعد از|پس از|از)\s+(.*)$", re.IGNORECASE)
_ZONES = (
    (re.compile(r"\b(?:utc|gmt|z)\b(?![+-]\d)", re.IGNORECASE), "UTC"),
    (re.compile(r"tehran time|iran time|irst|به وقت تهران|به وقت ایران|به وقت محلی ایران", re.IGNORECASE), TEHRAN),
)


def read_time(text: str, zone: str | None = None, reference: datetime | None = None) -> Interval:
    """The interval that a time text means. Raises ValueError with one sentence.

    `zone`: whose clocks and calendar days are meant, where the text does not say; None widens to every zone.
    `reference`: when the claim was made or received; a date without a year is the last such date before it.
    """
    if len(text) > MOST_LETTERS:
        raise ValueError(f"a time is told in at most {MOST_LETTERS} letters, this text has {len(text)}")
    plain = " ".join(western_digits(text).replace("\u200c", " ").replace("،", " ").split())
    if not plain:
        raise ValueError("a time is written like 2026-01-08 20:30, 18 Dey 1404, ۱۸ دی ۱۴۰۴ or evening of 18 Dey 1404")
    for pattern, name in _ZONES:
        if pattern.search(plain) and not _ISO.search(plain):
            plain, zone = " ".join(pattern.sub(" ", plain).split()), name
    return replace(_read_span(plain, zone, reference), text=text)


def _read_span(plain: str, zone: str | None, reference: datetime | None) -> Interval:
    for pattern, ends in ((_BEFORE, "before"), (_AFTER, "after")):
        found = pattern.match(plain)
        if found and not _RANGE.search(plain):
            part = _read_one(found.group(1), zone, reference)
            if ends == "before":
                return replace(part, earliest=None, precision="range")
            return replace(part, latest=None, precision="range")
    hours = _hour_range(plain)
    if hours is not None:
        return _read_hour_range(plain, hours, zone, reference)
    stripped = re.sub(r"^(?:from|between|از|بین)\s+", "", plain, flags=re.IGNORECASE)
    halves = [half for half in _RANGE.split(stripped) if half]
    if len(halves) == 2:
        return _joined(halves, zone, reference)
    return _read_one(plain, zone, reference)


def _hour_range(plain: str) -> re.Match[str] | None:
    """ "15 to 17 o'clock" is told from "18 to 20 Dey" by a colon, a half of the day, or the word for an hour."""
    for found in _HOURS.finditer(plain):
        behind = folded(plain[found.end() :]).split()[:1]
        if behind and ":" not in found["other"] and (behind[0] in JALALI_NUMBERS or behind[0] in GREGORIAN_NUMBERS):
            continue  # "14:00 – 19 Dey": the second number is a day
        clocks = ":" in found["one"] or ":" in found["other"] or found["half"] or found["late"]
        named = (found["word"] or "").strip().lower() in ("ساعت", "at", "hour", "hours")
        if clocks or named or (found["word"] and _names_a_day(plain[: found.start()] + " " + plain[found.end() :])):
            return found
    return None


def _names_a_day(rest: str) -> bool:
    try:
        return read_day(rest, datetime(2100, 1, 1, tzinfo=UTC))[0].precision == "day"
    except ValueError:
        return False


def _read_hour_range(plain: str, found: re.Match[str], zone: str | None, reference: datetime | None) -> Interval:
    day = plain[: found.start()] + " " + plain[found.end() :]
    half = found["late"] or part_word(folded(day)) or ""
    first = _read_one(f"{day} ساعت {found['one']} {found['half'] or half}", zone, reference)
    last = _read_one(f"{day} ساعت {found['other']} {half}", zone, reference)
    if first.earliest is None or last.earliest is None:
        raise ValueError(f"{plain!r} names hours but no day")
    end = last.earliest if last.earliest > first.earliest else last.earliest + timedelta(days=1)
    return replace(first, latest=end + timedelta(minutes=1), precision="range")


def _joined(halves: list[str], zone: str | None, reference: datetime | None) -> Interval:
    """ "18 to 20 Dey 1404": what the first half leaves out stands in the second."""
    second = _read_one(halves[1], zone, reference)
    try:
        first = _read_one(halves[0], zone, reference if second.earliest is None else second.latest)
    except ValueError:
        rest = re.sub(r"^\D*\d{1,2}(?:st|nd|rd|th)?", "", halves[1])
        first = _read_one(halves[0] + rest, zone, reference)
    return Interval(
        earliest=first.earliest,
        latest=second.latest,
        precision="range",
        calendar=second.calendar,
        text=" – ".join(halves),
        zone=second.zone,
        notes=tuple(dict.fromkeys((*first.notes, *second.notes))),
    )


def _read_one(plain: str, zone: str | None, reference: datetime | None) -> Interval:
    iso = _ISO.search(plain)
    if iso and int(plain[:4] if plain[:4].isdigit() else 0) not in JALALI_YEARS:
        return _read_iso(iso, zone)
    day, rest = read_day(plain, reference)
    notes = list(day.notes)
    words = folded(rest)
    start, end, precision = hours_of(rest, words, notes)
    if precision == "day":
        begin, finish = datetime.combine(day.first, time()), datetime.combine(day.after, time())
        precision = day.precision
    else:
        midnight = datetime.combine(day.first, time())
        begin, finish = midnight + timedelta(hours=start), midnight + timedelta(hours=end)
        if day.precision != "day":
            raise ValueError(f"{plain!r} names an hour but no day")
    _check_weekday(words, day, notes)
    zones: tuple[str | None, ...] = (zone,)
    if zone is None and day.calendar == "jalali":
        zones = JALALI_ZONES
        notes.append("no zone is stated: the calendar is kept in Iran and Afghanistan, whose clocks are allowed for")
    elif zone is None:
        notes.append("no zone is known: every zone on Earth is allowed for")
    return Interval(
        earliest=min(bounds_of_wall(begin, name)[0] for name in zones),
        latest=max(bounds_of_wall(finish, name)[1] for name in zones),
        precision=precision,
        calendar=day.calendar,
        text=plain,
        zone=zone,
        notes=tuple(notes),
    )


def _read_iso(found: re.Match[str], zone: str | None) -> Interval:
    day, clock, suffix = found.groups()
    try:
        wall = datetime.fromisoformat(f"{day}T{clock}")
    except ValueError as error:
        raise ValueError(f"{found.group()!r} is no possible date and time: {error}") from error
    span = timedelta(seconds=1) if clock.count(":") == 2 else timedelta(minutes=1)
    notes: tuple[str, ...] = ()
    if suffix and suffix.upper() not in ("Z", "UTC", "GMT"):
        digits = suffix.replace(":", "")
        minutes = int(digits[1:3]) * 60 + int(digits[3:5])
        if minutes > 14 * 60:
            raise ValueError(f"no place on Earth is {suffix} from UTC")
        offset = timezone(timedelta(minutes=-minutes if digits[0] == "-" else minutes))
        earliest = latest = in_zone(wall.replace(tzinfo=offset), UTC)
    elif suffix:
        earliest = latest = wall.replace(tzinfo=UTC)
    else:
        earliest, latest = bounds_of_wall(wall, zone)
        if zone is None:
            notes = ("no zone is known: every zone on Earth is allowed for",)
    return Interval(
        earliest=earliest,
        latest=shifted(latest, span),
        precision="minute",
        calendar="gregorian",
        text=found.group(),
        zone=suffix or zone,
        notes=notes,
    )


def _check_weekday(words: str, day: Day, notes: list[str]) -> None:
    if day.precision != "day":
        return
    for number, names in enumerate(WEEKDAYS):
        if any(re.search(rf"(?<!\w){re.escape(folded(name))}(?!\w)", words) for name in names[:3]):
            longer = any(folded(names[1]) != folded(other[1]) and folded(names[1]) in folded(other[1]) and
                         folded(other[1]) in words for other in WEEKDAYS)  # fmt: skip
            if number != day.first.weekday() and not longer:
                notes.append(f"that day was a {WEEKDAYS[day.first.weekday()][0]}, not a {names[0]}")
            return
