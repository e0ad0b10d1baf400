"""Dates and times as people write them, read into an interval of UTC with what was assumed.

Jalali and Gregorian dates, in Persian or Latin letters and any digits. A claim is never a minute: "evening of 18 Dey"
is an interval, generous at both ends, and a day in Iran begins at 20:30 UTC of the day before (at +03:30). Without a
known zone an interval is widened to every zone on Earth.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, time, timedelta, timezone

from verifier.geo.calendar import (
    GREGORIAN_MONTHS,
    GREGORIAN_YEARS,
    JALALI_MONTHS,
    JALALI_YEARS,
    gregorian_to_jalali,
    jalali_month_days,
    jalali_to_gregorian,
)
from verifier.geo.letters import folded, western_digits
from verifier.geo.timezone import TEHRAN, bounds_of_wall

MOST_LETTERS = 200

WEEKDAYS: tuple[tuple[str, ...], ...] = (  # Monday first, as datetime.weekday counts
    ("Monday", "دوشنبه", "Mon"), ("Tuesday", "سه شنبه", "سشنبه", "Tue"), ("Wednesday", "چهارشنبه", "چهار شنبه", "Wed"),
    ("Thursday", "پنجشنبه", "پنج شنبه", "Thu"), ("Friday", "جمعه", "Fri"), ("Saturday", "شنبه", "Sat"),
    ("Sunday", "یکشنبه", "یک شنبه", "Sun"),
)  # fmt: skip
# Hours from midnight at the start of the named day; generous, since nobody means a minute by "evening".
DAY_PARTS: tuple[tuple[float, float, tuple[str, ...]], ...] = (
    (0.0, 8.0, ("early morning", "dawn", "before dawn", "bamdad", "sahar", "بامداد", "سحر", "سپیده دم")),
    (4.0, 12.5, ("morning", "sobh", "صبح", "am")),
    (10.0, 15.0, ("noon", "midday", "zohr", "ظهر")),
    (11.5, 20.0, ("afternoon", "بعد از ظهر", "بعدازظهر", "pm")),
    (14.0, 22.0, ("late afternoon", "asr", "عصر", "sunset", "dusk", "غروب")),
    (15.0, 26.0, ("evening", "سر شب", "سرشب")),
    (16.0, 31.0, ("night", "tonight", "shab", "شب", "شامگاه")),
    (22.0, 29.0, ("midnight", "نیمه شب", "نیمه‌شب", "نیمهشب")),
    (5.0, 20.0, ("daytime", "روز روشن")),
)


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


@dataclass(frozen=True, slots=True)
class _Day:
    """First day and day after the last, what was written, and in which calendar."""

    first: date
    after: date
    precision: str
    calendar: str
    notes: tuple[str, ...] = ()


def _month_table(months: tuple[tuple[str, ...], ...]) -> dict[str, int]:
    return {folded(name): number for number, names in enumerate(months, 1) for name in names}


_JALALI = _month_table(JALALI_MONTHS)
_GREGORIAN = _month_table(GREGORIAN_MONTHS)
_AMBIGUOUS_ALONE = {"day", "می", "مه", "may", "mar", "mehr", "tir"}
_MONTH = "|".join(sorted({*_JALALI, *_GREGORIAN}, key=len, reverse=True))
_DAY_MONTH = re.compile(
    rf"(?:\b(\d{{1,2}})(?:st|nd|rd|th|م|ام)? (?:of )?)?\b({_MONTH})\b(?: ?ماه)?"
    r"(?: (\d{1,2})(?:st|nd|rd|th)?\b)?(?: (?:سال )?(\d{4}))?"
)
_YEAR_FIRST = re.compile(rf"\b(\d{{4}}) ({_MONTH}) (\d{{1,2}})\b")
_NUMBERS = re.compile(r"\b(\d{4})[-/.](\d{1,2})(?:[-/.](\d{1,2}))?\b|\b(\d{1,2})[-/.](\d{1,2})[-/.](\d{4})\b")
_ISO = re.compile(
    r"(\d{4}-\d\d-\d\d)[T ](\d\d:\d\d(?::\d\d(?:\.\d{1,6})?)?)\s?(Z|UTC|GMT|[+-]\d\d:?\d\d)?", re.IGNORECASE
)
_HALVES = "am|pm|صبح|عصر|شب|بعد ?از ?ظهر|بامداد"
_CLOCK = re.compile(
    rf"\b(\d{{1,2}}):(\d\d)(?::(\d\d))?\s?({_HALVES})?|\b(\d{{1,2}})\s?(am|pm)\b"
    rf"|(?:ساعت|at) (\d{{1,2}})\b(?!:)(?: ({_HALVES}))?"
)
_HOURS = re.compile(
    rf"(?P<word>ساعت|\bat|\bhours?|\bfrom|\bbetween|بین|از)?\s*"
    rf"\b(?P<one>\d{{1,2}}(?::\d\d)?)\s?(?P<half>{_HALVES})?"
    rf"\s*(?:to|until|till|تا|الی|and|و|-|–)\s*(?:ساعت )?"
    rf"(?P<other>\d{{1,2}}(?::\d\d)?)\b(?![:/.-]?\d)\s?(?P<late>{_HALVES})?",
    re.IGNORECASE,
)
_ABOUT = re.compile(r"\b(about|around|circa|approximately|ca|حدود|حوالی|تقریبا)\b")
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
        if behind and ":" not in found["other"] and (behind[0] in _JALALI or behind[0] in _GREGORIAN):
            continue  # "14:00 – 19 Dey": the second number is a day
        clocks = ":" in found["one"] or ":" in found["other"] or found["half"] or found["late"]
        named = (found["word"] or "").strip().lower() in ("ساعت", "at", "hour", "hours")
        if clocks or named or (found["word"] and _names_a_day(plain[: found.start()] + " " + plain[found.end() :])):
            return found
    return None


def _names_a_day(rest: str) -> bool:
    try:
        return _read_day(rest, datetime(2100, 1, 1, tzinfo=UTC))[0].precision == "day"
    except ValueError:
        return False


def _read_hour_range(plain: str, found: re.Match[str], zone: str | None, reference: datetime | None) -> Interval:
    day = plain[: found.start()] + " " + plain[found.end() :]
    half = found["late"] or _part_word(folded(day)) or ""
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
    day, rest = _read_day(plain, reference)
    notes = list(day.notes)
    words = folded(rest)
    start, end, precision = _hours(rest, words, notes)
    if precision == "day":
        begin, finish = datetime.combine(day.first, time()), datetime.combine(day.after, time())
        precision = day.precision
    else:
        midnight = datetime.combine(day.first, time())
        begin, finish = midnight + timedelta(hours=start), midnight + timedelta(hours=end)
        if day.precision != "day":
            raise ValueError(f"{plain!r} names an hour but no day")
    _check_weekday(words, day, notes)
    if zone is None:
        notes.append("no zone is known: every zone on Earth is allowed for")
    return Interval(
        earliest=bounds_of_wall(begin, zone)[0],
        latest=bounds_of_wall(finish, zone)[1],
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
        earliest = latest = wall.replace(tzinfo=offset).astimezone(UTC)
    elif suffix:
        earliest = latest = wall.replace(tzinfo=UTC)
    else:
        earliest, latest = bounds_of_wall(wall, zone)
        if zone is None:
            notes = ("no zone is known: every zone on Earth is allowed for",)
    return Interval(
        earliest=earliest,
        latest=latest + span,
        precision="minute",
        calendar="gregorian",
        text=found.group(),
        zone=suffix or zone,
        notes=notes,
    )


def _read_day(plain: str, reference: datetime | None) -> tuple[_Day, str]:
    """The day, month or year that is named, and the text without it."""
    found = _NUMBERS.search(plain)
    if found:
        return _numeric_day(found), plain[: found.start()] + " " + plain[found.end() :]
    words = _folded_keeping_clocks(plain)
    year_first = _YEAR_FIRST.search(words)
    if year_first:
        year, month, number = year_first.groups()
        return _named_day(month, int(number), int(year), reference), words[: year_first.start()] + words[
            year_first.end() :
        ]
    for found in _DAY_MONTH.finditer(words):
        before, month, behind, year_text = found.groups()
        if month in _AMBIGUOUS_ALONE and not (before or behind or year_text):
            continue
        day_text = before or behind
        year_number = int(year_text) if year_text else None
        return (
            _named_day(month, int(day_text) if day_text else None, year_number, reference),
            words[: found.start()] + " " + words[found.end() :],
        )
    only_year = re.fullmatch(r"(?:سال )?(\d{4})", words)
    if only_year:
        return _whole_year(int(only_year.group(1))), ""
    raise ValueError(
        f"{plain!r} is not a date; write one like 2026-01-08, 8 January 2026, 18 Dey 1404 or ۱۸ دی ۱۴۰۴, "
        "with a part of the day if it is known"
    )


def _folded_keeping_clocks(plain: str) -> str:
    """Folded words, in which 20:30 keeps its colon."""
    kept = re.sub(r"(\d):(\d)", "\\1\ue000\\2", plain)
    return folded(kept).replace("\ue000", ":")


def _numeric_day(found: re.Match[str]) -> _Day:
    year_text, month_text, day_text, first, second, late_year = found.groups()
    if year_text:
        return _day_of(int(year_text), int(month_text), int(day_text) if day_text else None)
    year, one, other = int(late_year), int(first), int(second)
    if year in JALALI_YEARS or one > 12:
        return _day_of(year, other, one)
    if other > 12 or one == other:
        return _day_of(year, one, other)
    days = sorted((date(year, other, one), date(year, one, other)))
    note = f"{found.group()} may be day-month or month-day; both are allowed for"
    return _Day(days[0], days[1] + timedelta(days=1), "day" if days[0] == days[1] else "range", "gregorian", (note,))


def _named_day(month: str, day: int | None, year: int | None, reference: datetime | None) -> _Day:
    jalali = month in _JALALI and not (month in _GREGORIAN and year in GREGORIAN_YEARS)
    number = _JALALI[month] if jalali else _GREGORIAN[month]
    if year is None:
        if reference is None:
            raise ValueError(f"the year is missing: write {day or ''} {month} with its year".replace("  ", " "))
        return _last_before(reference, number, day, jalali)
    if jalali and year not in JALALI_YEARS:
        raise ValueError(
            f"{JALALI_MONTHS[number - 1][0]} is a month of the Jalali calendar, whose year is 1404, not {year}"
        )
    if not jalali and year in JALALI_YEARS:
        raise ValueError(f"{GREGORIAN_MONTHS[number - 1][0]} is a Gregorian month, whose year is 2026, not {year}")
    return _day_of(year, number, day)


def _last_before(reference: datetime, month: int, day: int | None, jalali: bool) -> _Day:
    """The last such date that began before the claim was made; a day's grace for zones."""
    local = (reference + timedelta(hours=14)).date()
    year = gregorian_to_jalali(local)[0] if jalali else local.year
    for candidate in (year, year - 1, year - 2, year - 3, year - 4):
        try:
            found = _day_of(candidate, month, day)
        except ValueError:
            if candidate == year - 4:
                raise
            continue
        if found.first <= local:
            note = f"no year was given: {candidate} is the last one before {reference:%Y-%m-%d}"
            return replace(found, notes=(note,))
    raise ValueError("the year is missing")


def _day_of(year: int, month: int, day: int | None) -> _Day:
    """A day or a whole month; the year says which calendar."""
    if year in JALALI_YEARS:
        if day is not None:
            first = jalali_to_gregorian(year, month, day)
            return _Day(first, first + timedelta(days=1), "day", "jalali")
        first = jalali_to_gregorian(year, month, 1)
        return _Day(first, first + timedelta(days=jalali_month_days(year, month)), "month", "jalali")
    if year not in GREGORIAN_YEARS:
        raise ValueError(f"{year} is a year of neither calendar; write 2026, or 1404 for a Jalali date")
    try:
        first = date(year, month, day or 1)
    except ValueError as error:
        raise ValueError(f"{year}-{month:02d}-{day or 1:02d} is no day of the Gregorian calendar") from error
    if day is not None:
        return _Day(first, first + timedelta(days=1), "day", "gregorian")
    return _Day(first, date(year + month // 12, month % 12 + 1, 1), "month", "gregorian")


def _whole_year(year: int) -> _Day:
    if year in JALALI_YEARS:
        return _Day(jalali_to_gregorian(year, 1, 1), jalali_to_gregorian(year + 1, 1, 1), "year", "jalali")
    if year in GREGORIAN_YEARS:
        return _Day(date(year, 1, 1), date(year + 1, 1, 1), "year", "gregorian")
    raise ValueError(f"{year} is a year of neither calendar; write 2026, or 1404 for a Jalali year")


def _hours(rest: str, words: str, notes: list[str]) -> tuple[float, float, str]:
    """Hours from midnight at the day's start: of a clock reading, of a part of the day, or the whole day."""
    clock = _CLOCK.search(rest)
    margin = 1.0 if _ABOUT.search(words) else 0.0
    if clock:
        hour, minute, _, half, bare, bare_half, at_hour, at_half = clock.groups()
        number = float(hour or bare or at_hour) + float(minute or 0) / 60
        number = _on_24_hours(number, half or bare_half or at_half or _part_word(words))
        width = 1 / 60 if minute else 1.0
        return number - margin, number + width + margin, "minute" if minute and not margin else "hours"
    for start, end, names in sorted(DAY_PARTS, key=lambda part: -max(len(name) for name in part[2])):
        for name in names:
            if name not in ("am", "pm") and re.search(rf"(?<!\w){re.escape(folded(name))}(?!\w)", words):
                notes.append(f"{name!r} is taken as {_clock_text(start)} to {_clock_text(end)}")
                return start - margin, end + margin, "hours"
    return 0.0, 24.0, "day"


def _part_word(words: str) -> str | None:
    for word in ("بعد از ظهر", "بعدازظهر", "عصر", "شب", "صبح", "بامداد", "evening", "afternoon", "night", "morning"):
        if word in words:
            return word
    return None


def _on_24_hours(hour: float, half: str | None) -> float:
    if hour > 24:
        raise ValueError(f"an hour lies between 0 and 24, not {hour:g}")
    if half is None:
        return hour
    late = half.replace(" ", "") in ("pm", "عصر", "بعدازظهر", "evening", "afternoon")
    if hour > 12:
        return hour
    if late:
        return hour % 12 + 12
    if half in ("شب", "night"):  # eight at night is 20:00; two at night is the small hours of the next day
        return hour + 12 if 5 <= hour < 12 else 24 + hour % 12
    return hour % 12


def _clock_text(hours: float) -> str:
    day = " of the next day" if hours >= 24 else ""
    return f"{int(hours % 24):02d}:{round(hours % 1 * 60):02d}{day}"


def _check_weekday(words: str, day: _Day, notes: list[str]) -> None:
    if day.precision != "day":
        return
    for number, names in enumerate(WEEKDAYS):
        if any(re.search(rf"(?<!\w){re.escape(folded(name))}(?!\w)", words) for name in names[:3]):
            longer = any(folded(names[1]) != folded(other[1]) and folded(names[1]) in folded(other[1]) and
                         folded(other[1]) in words for other in WEEKDAYS)  # fmt: skip
            if number != day.first.weekday() and not longer:
                notes.append(f"that day was a {WEEKDAYS[day.first.weekday()][0]}, not a {names[0]}")
            return
