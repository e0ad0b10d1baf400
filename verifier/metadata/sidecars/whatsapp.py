"""Exported chats of WhatsApp (`_chat.txt` of iOS, `WhatsApp Chat with X.txt` of Android): the message of each file.

The order of day and month, the separators and the digits are those of the phone's language and nowhere stated. The
order is inferred from the whole chat: a number over twelve settles it; else the order in which dates never run
backwards; if both do, the dates stay as they are written and are said to be ambiguous. A month that is a word settles
it by itself.

So is the calendar nowhere stated. WhatsApp began in 2009, so 1388 to 1429 are years of the Solar Hijri calendar (2009
to 2050) and 2552 to 2699 Buddhist ones; from 1430 on a year may be of either Hijri calendar, and stays as it is written
unless its month is named. The zone is that of the phone, unknown.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date
from itertools import pairwise

from verifier.calendars import GREGORIAN_MONTHS, JALALI_MONTHS, jalali_to_gregorian
from verifier.instruments import Analyser, Parameters, Source
from verifier.metadata.moments import build
from verifier.metadata.sidecars.telling import LONGEST_TEXT, content, relative, told
from verifier.records import Exhibit, Kind, Moment, Record, Value

MOST_LINES = 2_000_000
FIRST_YEAR = 2009  # of WhatsApp
SOLAR_HIJRI_YEARS = range(1388, 1430)  # 1430 is 2009 in the lunar calendar
BUDDHIST_YEARS = range(2009 + 543, 2700)
_MARKS = dict.fromkeys((0x200E, 0x200F, 0x202A, 0x202B, 0x202C, 0x2066, 0x2067, 0x2068, 0x2069, 0xFEFF))
_CLEAN = _MARKS | {0x202F: " ", 0xA0: " "} | str.maketrans("٠١٢٣٤٥٦٧٨٩۰۱۲۳۴۵۶۷۸۹", "01234567890123456789")
_HEAD = re.compile(
    r"\[?(\d{1,4})(?:[./-] ?|\s)(\d{1,2}|[^\W\d_]{2,14}\.?)(?:[./-] ?|,?\s)(\d{1,4})\.?[,،]?\s(?:\w{1,6}\s)?"
    r"(\d{1,2})[:.](\d\d)(?:[:.](\d\d))?\s?([AaPp]\.?\s?[Mm]\.?|[صم]|ق\.ظ\.?|ب\.ظ\.?)?(?:\]|\s[-–])\s(.*)"
)
_IOS = re.compile(r"<[^<>:]{1,40}:\s*([^<>]{1,255}\.[A-Za-z0-9]{2,5})>")
_ANDROID = re.compile(r"([^\s:/\\][^:/\\]{0,250}?\.[A-Za-z0-9]{2,5}) \([^()]{3,60}\)$")
_NAMED = re.compile(r"(?:IMG|VID|AUD|PTT|DOC|STK)-\d{8}-WA\d{4,}\.[A-Za-z0-9]{2,5}")
_PERSIAN_DIGIT = re.compile("[۰-۹]")
GREGORIAN, SOLAR_HIJRI, BUDDHIST = "gregorian", "solar hijri", "buddhist"
_MORE_MONTHS = (
    ("يناير", "كانون الثاني", "ene", "janv", "jän", "янв"), ("فبراير", "شباط", "févr", "фев"),
    ("مارس", "آذار", "märz", "mars", "мар"), ("أبريل", "ابريل", "نيسان", "avr", "abr", "апр"),
    ("مايو", "أيار", "mai", "мая", "май"), ("يونيو", "حزيران", "juin", "июн"), ("يوليو", "تموز", "juil", "июл"),
    ("أغسطس", "اغسطس", "آب", "août", "ago", "авг"), ("سبتمبر", "أيلول", "сен"),
    ("أكتوبر", "اكتوبر", "okt", "окт"), ("نوفمبر", "ноя"), ("ديسمبر", "dez", "déc", "dic", "дек"),
)  # fmt: skip
MONTHS = {
    name.casefold(): (number, calendar)
    for calendar, table in ((GREGORIAN, GREGORIAN_MONTHS), (GREGORIAN, _MORE_MONTHS), (SOLAR_HIJRI, JALALI_MONTHS))
    for number, names in enumerate(table, 1)
    for name in names
}
_EVENING = re.compile(r"p|م|ب", re.IGNORECASE)


@dataclass(slots=True)
class Message:
    """One message as it stands: three numbers of a date in unknown order, the clock, the sender, the words.

    Where the month is a word, its number stands in the middle, and its calendar is known.
    """

    line: int
    numbers: tuple[int, int, int]
    calendar: str | None
    written: str
    hour: int
    minute: int
    second: int | None
    sender: str | None
    body: str
    more: list[str] = field(default_factory=list)


def messages(text: str) -> Iterator[Message]:
    """The messages in order; lines without a date belong to the message before them."""
    current: Message | None = None
    for number, line in enumerate(text.split("\n"), 1):
        if number > MOST_LINES:
            break
        clean = line.translate(_CLEAN).rstrip("\r")
        found = _HEAD.match(clean[:4096])
        if found is None:
            if current is not None and len(current.more) < 200:
                current.more.append(clean[:1024])
            continue
        if current is not None:
            yield current
        current = _message(number, found, clean)
    if current is not None:
        yield current


def _message(number: int, found: re.Match[str], clean: str) -> Message:
    first, middle, third, hour, minute, seconds, half, rest = found.groups()
    second, calendar = _month(middle)
    clock = int(hour)
    if half and 1 <= clock <= 12:
        clock = clock % 12 + (12 if _EVENING.match(half) else 0)
    sender, colon, body = rest.partition(": ")
    return Message(
        line=number,
        numbers=(int(first), second, int(third)),
        calendar=calendar,
        written=clean[: found.start(8)].strip(" []-–"),
        hour=clock,
        minute=int(minute),
        second=int(seconds) if seconds else None,
        sender=sender[:256] if colon else None,
        body=body if colon else rest,
    )


def _order(chat: list[Message], *, is_persian: bool) -> str | None:
    """The order of the whole chat. Persian writes the year first; one of two digits is not told from a day."""
    numbers = [message.numbers for message in chat if message.calendar is None]
    if is_persian and not any(max(some) > 31 for some in numbers):
        return None
    return date_order(numbers)


def _month(written: str) -> tuple[int, str | None]:
    """(number of a month, its calendar where it is a word); month 0 for a word that is none."""
    if written.isdigit():
        return int(written), None
    return MONTHS.get(written.rstrip(".").casefold(), (0, None))


def date_order(found: list[tuple[int, int, int]]) -> str | None:
    """`dmy`, `mdy` or `ymd` for the whole chat, or None where it cannot be told or no order fits."""
    if any(first > 31 for first, _, _ in found):
        return "ymd"
    possible = []
    for order in ("dmy", "mdy"):
        days = [_ordered(numbers, order) for numbers in found]
        if all(1 <= month <= 12 and 1 <= day <= 31 for _, month, day in days):
            possible.append((order, all(earlier <= later for earlier, later in pairwise(days))))
    if len(possible) == 1:
        return possible[0][0]
    forward = [order for order, runs_forward in possible if runs_forward]
    return forward[0] if len(forward) == 1 else None


def _ordered(numbers: tuple[int, int, int], order: str) -> tuple[int, int, int]:
    parts = dict(zip(order, numbers, strict=True))
    year = parts["y"] + 2000 if parts["y"] < 100 else parts["y"]
    return year, parts["m"], parts["d"]


def _when(message: Message, order: str | None) -> tuple[Moment | None, str | None]:
    """(the moment, its calendar where that is not ours); neither where the date cannot be told."""
    if message.calendar is not None:
        order = "ymd" if message.numbers[0] > 31 else "dmy"
    if order is None:
        return None, None
    day, calendar = _gregorian(*_ordered(message.numbers, order), message.calendar)
    if day is None:
        return None, None
    wall = f"{day.isoformat()}T{message.hour:02d}:{message.minute:02d}:{message.second or 0:02d}"
    return build(message.written, wall, None), calendar


def _gregorian(year: int, month: int, day: int, named: str | None) -> tuple[date | None, str | None]:
    """(the day, its calendar where that is not ours); no day where no calendar gives one since WhatsApp began."""
    try:
        if named == SOLAR_HIJRI or (named is None and year in SOLAR_HIJRI_YEARS):
            found, calendar = jalali_to_gregorian(year, month, day), SOLAR_HIJRI
        elif year in BUDDHIST_YEARS:
            found, calendar = date(year - 543, month, day), BUDDHIST
        else:
            found, calendar = date(year, month, day), None
    except ValueError:
        return None, None
    return (found, calendar) if FIRST_YEAR <= found.year < 2100 else (None, None)


def attachment(message: Message) -> str | None:
    """The name of the file that a message came with."""
    body = message.body.strip()
    found = _IOS.search(body) or _ANDROID.search(body)
    if found is not None:
        return found.group(1).strip()
    named = _NAMED.search(body)
    return named.group() if named else None


def analyse(exhibit: Exhibit, source: Source, parameters: Parameters) -> Iterator[Record]:
    """Readings `whatsapp:*` of every message that names a file."""
    if not any(_HEAD.match(line.translate(_CLEAN)) for line in source.head.decode("utf-8", "replace").split("\n")[:3]):
        return
    chat = list(messages(content(source).decode("utf-8", "replace")))
    order = _order(chat, is_persian=bool(_PERSIAN_DIGIT.search(source.head.decode("utf-8", "replace"))))
    for message in chat:
        name = attachment(message)
        if name is None:
            continue
        when, calendar = _when(message, order)
        values: dict[str, Value] = {
            "date": when or message.written,
            "calendar": calendar,
            "date_order": ("month named" if message.calendar else order)
            or "ambiguous: day and month cannot be told apart in this chat",
            "precision": "second" if message.second is not None else "minute",
            "from": message.sender,
            "text": "\n".join(message.more).strip()[:LONGEST_TEXT] or None,
        }
        yield from told("whatsapp", values, f"line {message.line}", relative(name))


ANALYSER = Analyser(
    name="sidecar-whatsapp",
    version=2,
    accepts=frozenset({Kind.SIDECAR}),
    media_types=frozenset({"text/plain", "text/csv", "application/json"}),
    analyse=analyse,
)
