"""Numbers, times and measures in the language of a report.

A date or range printed bare inside Persian text is reordered by every renderer (`2026-01-08` becomes `08-01-2026`), so
each is an isolated value. In Persian the civil calendar stands beside the Gregorian one.
"""

from __future__ import annotations

import math
import re
from datetime import UTC, datetime

from verifier.calendars import GREGORIAN_MONTHS, JALALI_MONTHS, gregorian_to_jalali
from verifier.geo.timezone import TEHRAN, zone
from verifier.instants import in_zone
from verifier.lengths import time_length
from verifier.records import Moment, Zone
from verifier.report.blocks import DASH, Cell, Exact, Inline, Shown, Soft, Word, joined, shown
from verifier.report.language import Language

PERSIAN = str.maketrans("0123456789,.", "۰۱۲۳۴۵۶۷۸۹٬٫")
DATE = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?(Z|[+-]\d\d:\d\d)?")


def digits(text: str, words: Language) -> str:
    """The digits of the language; only for our own numbers, never for what is copied and compared."""
    return text.translate(PERSIAN) if words.code == "fa" else text


def number(value: float, words: Language, decimals: int = 0) -> str:
    """A count or measure with thousands apart."""
    return digits(f"{value:,.{decimals}f}", words)


def clock(seconds: float, words: Language) -> str:
    """A time within an exhibit, m:ss.s or h:mm:ss."""
    if not math.isfinite(seconds * 10):
        return "–"
    tenths = round(seconds * 10)
    minutes, rest = divmod(tenths, 600)
    hours, minutes = divmod(minutes, 60)
    text = f"{hours}:{minutes:02d}:{rest // 10:02d}" if hours else f"{minutes}:{rest / 10:04.1f}"
    return digits(text, words)


def span(start: float | None, end: float | None, words: Language) -> str:
    """A range within an exhibit."""
    if start is None:
        return "–"
    return clock(start, words) if end is None or end == start else f"{clock(start, words)}–{clock(end, words)}"


def size(count: int, words: Language) -> str:
    """Bytes, short and exact."""
    for unit, step in (("GB", 10**9), ("MB", 10**6), ("kB", 10**3)):
        if count >= step:
            return f"{number(count / step, words, 1)} {words.word('unit', unit)}"
    return f"{number(count, words)} {words.word('unit', 'B')}"


def day(moment: datetime, words: Language) -> str:
    """ "8 January 2026" in the language, never digits that could be read in another order."""
    if words.code == "fa":
        return digits(f"{moment.day} {GREGORIAN_MONTHS[moment.month - 1][2]} {moment.year:04d}", words)
    return f"{moment.day} {GREGORIAN_MONTHS[moment.month - 1][0]} {moment.year:04d}"


def jalali_day(moment: datetime, words: Language) -> str:
    """ "18 Dey 1404" in the language."""
    try:
        year, month, number_of_day = gregorian_to_jalali(moment.date())
    except ValueError:  # before its first year
        return day(moment, words)
    name = JALALI_MONTHS[month - 1][1 if words.code == "fa" else 0]
    return digits(f"{number_of_day} {name} {year}", words)


def parsed(text: object) -> datetime | None:
    """An instant from RFC 3339 text, or None where it is none."""
    if not isinstance(text, str) or not DATE.fullmatch(text):
        return None
    try:
        instant = datetime.fromisoformat(text)
    except ValueError:
        return None
    return instant.replace(tzinfo=UTC) if instant.tzinfo is None else in_zone(instant, UTC)


def instant_cell(text: object, words: Language) -> Cell:
    """An instant: exact UTC, and what clocks and calendars in Iran showed."""
    instant = parsed(text)
    if instant is None:
        return shown(text)
    exactly = Exact(f"{instant:%Y-%m-%d %H:%M:%S} UTC")
    local = in_zone(instant, zone(TEHRAN))
    shows = f"{digits(f'{local:%H:%M}', words)}"
    return (
        exactly,
        Soft((Shown(f"{jalali_day(local, words)} · {day(local, words)}"), Word(f" {words.word('text', 'at')} "),
              Exact(shows), Word(f" {words.word('text', 'iran_clock')}"))),
    )  # fmt: skip


def local_time(text: object, words: Language) -> Cell:
    """An instant on one line: the day and hour in Iran first, UTC second; a clock of unknown zone says so."""
    instant = parsed(text)
    if instant is None or not isinstance(text, str):
        return shown(text)
    if text[-1] not in "Zz" and not re.search(r"[+-]\d\d:\d\d$", text):
        return (*_local_day(instant, words), *_hours(f"{instant:%H:%M}", words),
                Word(f" {words.word('text', 'clock_unzoned')}"))  # fmt: skip
    local = in_zone(instant, zone(TEHRAN))
    return (*_local_day(local, words), *_hours(f"{local:%H:%M}", words), Word(f" {words.word('text', 'iran_time')} "),
            Exact(f"({_utc(instant, local, words)} UTC)"))  # fmt: skip


def local_interval(earliest: object, latest: object, words: Language) -> Cell:
    """Two bounds of a time on one line: in Iran first, UTC second."""
    first, last = parsed(earliest), parsed(latest)
    if first is None or last is None:
        known = earliest if first is not None else latest
        if first is None and last is None:
            return joined([shown(text) for text in (earliest, latest) if text], " – ") or (DASH,)
        side = "not_before" if last is None else "not_after"
        return (Word(words.word("text", side) + " "), *local_time(known, words))
    begin, end = in_zone(first, zone(TEHRAN)), in_zone(last, zone(TEHRAN))
    if f"{begin:%F %H:%M}" == f"{end:%F %H:%M}":
        return local_time(earliest, words)
    iran = Word(f" {words.word('text', 'iran_time')} ")
    if begin.date() == end.date():
        both = f"{first:%H:%M}–{last:%H:%M}"
        utc = both if words.code != "fa" and first.date() == begin.date() else f"{first:%Y-%m-%d} {both}"
        hours = words.word("text", "hours", first=digits(f"{begin:%H:%M}", words), last=digits(f"{end:%H:%M}", words))
        return (*_local_day(begin, words), Word(words.word("text", "day_range")), Shown(hours), iran,
                Exact(f"({utc} UTC)"))  # fmt: skip
    return (
        *_local_day(begin, words), *_hours(f"{begin:%H:%M}", words), Word(f" {words.word('text', 'until')} "),
        *_local_day(end, words), *_hours(f"{end:%H:%M}", words), iran,
        Exact(f"({first:%Y-%m-%d %H:%M} – {last:%Y-%m-%d %H:%M} UTC)"),
    )  # fmt: skip


def _local_day(local: datetime, words: Language) -> Cell:
    return (Shown(jalali_day(local, words) if words.code == "fa" else day(local, words)),)


def _hours(text: str, words: Language) -> Cell:
    return (Word(words.word("text", "day_hour")), Exact(digits(text, words)))


def _utc(instant: datetime, local: datetime, words: Language) -> str:
    """The hour alone where the day that was just named is the same in UTC."""
    same = words.code != "fa" and instant.date() == local.date()
    return f"{instant:%H:%M}" if same else f"{instant:%Y-%m-%d %H:%M}"


def moment_cell(moment: Moment, words: Language) -> Cell:
    """A time as it was read: exact, with its zone, and the day in both calendars."""
    parts: list[Inline] = [Exact(moment.iso()), Soft((Word(words.word("zone", moment.zone.value)),))]
    if moment.zone is Zone.LOCAL:
        try:
            wall = datetime.fromisoformat(moment.wall[:19])
            parts.append(Soft((Shown(f"{jalali_day(wall, words)} · {day(wall, words)}"),)))
        except (ValueError, OverflowError):
            pass  # the day lies outside the calendars; the exact text stands
        return tuple(parts)
    instant = moment.instant
    if instant is not None and 1800 < instant.year < 2200:
        parts.extend(instant_cell(instant.isoformat(), words)[1:])
    return tuple(parts)


def interval_cell(earliest: object, latest: object, words: Language) -> Cell:
    """Two bounds of a time on one line, with what clocks and calendars in Iran showed below."""
    first, last = parsed(earliest), parsed(latest)
    if first is None and last is None:
        return joined([shown(text) for text in (earliest, latest) if text], " – ") or (DASH,)
    if first is None or last is None:
        bound = (first or last, "not_before" if last is None else "not_after")
        return (Word(words.word("text", bound[1]) + " "), *instant_cell(_iso(bound[0]), words))
    if first == last:
        return instant_cell(_iso(first), words)
    same_day = first.date() == last.date()
    end = f"{last:%H:%M:%S}" if same_day else f"{last:%Y-%m-%d %H:%M:%S}"
    local = (in_zone(first, zone(TEHRAN)), in_zone(last, zone(TEHRAN)))
    days = jalali_day(local[0], words)
    if local[0].date() != local[1].date():
        days += f" – {jalali_day(local[1], words)}"
    hours = digits(f"{local[0]:%H:%M}–{local[1]:%H:%M}", words)
    return (
        Exact(f"{first:%Y-%m-%d %H:%M:%S} – {end} UTC"),
        Soft((Shown(days), Word(f" {words.word('text', 'at')} "), Exact(hours),
              Word(f" {words.word('text', 'iran_clock')}"))),
    )  # fmt: skip


def _iso(moment: datetime | None) -> str | None:
    return None if moment is None else moment.isoformat()


def length(seconds: float, words: Language) -> str:
    amount, unit = time_length(seconds)
    amount = amount.removesuffix(".0")
    return f"{digits(amount, words)} {words.word('unit', unit)}"
