"""Time phrases composed by a grammar of our own, each with the moments that it means: what a reading must cover.

A phrase is built from a day, perhaps hours of it, and the ways in which people write them; its meaning is computed from
the same draw with `jdatetime` and `zoneinfo` alone, never with the product's reader. Meanings are narrow: "evening" is
18:00 to 21:00, so that a reading which covers less is caught. `spread` is what a reading may add on either side.
"""

from __future__ import annotations

import random
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import jdatetime

TEHRAN = ZoneInfo("Asia/Tehran")
FIRST, LAST = date(2019, 3, 21), date(2026, 5, 1)
PERSIAN_DIGITS = str.maketrans("0123456789", "۰۱۲۳۴۵۶۷۸۹")
ARABIC_DIGITS = str.maketrans("0123456789", "٠١٢٣٤٥٦٧٨٩")

JALALI = ("فروردین", "اردیبهشت", "خرداد", "تیر", "مرداد", "شهریور", "مهر", "آبان", "آذر", "دی", "بهمن", "اسفند")
JALALI_LATIN = (
    "Farvardin",
    "Ordibehesht",
    "Khordad",
    "Tir",
    "Mordad",
    "Shahrivar",
    "Mehr",
    "Aban",
    "Azar",
    "Dey",
    "Bahman",
    "Esfand",
)
DARI = ("حمل", "ثور", "جوزا", "سرطان", "اسد", "سنبله", "میزان", "عقرب", "قوس", "جدی", "دلو", "حوت")
KURDISH = (
    "خاکەلێوە",
    "گوڵان",
    "جۆزەردان",
    "پووشپەڕ",
    "گەلاوێژ",
    "خەرمانان",
    "ڕەزبەر",
    "گەڵاڕێزان",
    "سەرماوەز",
    "بەفرانبار",
    "ڕێبەندان",
    "ڕەشەمە",
)
SORANI = (
    "کانوونی دووەم",
    "شوبات",
    "ئازار",
    "نیسان",
    "ئایار",
    "حوزەیران",
    "تەممووز",
    "ئاب",
    "ئەیلوول",
    "تشرینی یەکەم",
    "تشرینی دووەم",
    "کانوونی یەکەم",
)
ENGLISH = (
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
)
PERSIAN = ("ژانویه", "فوریه", "مارس", "آوریل", "مه", "ژوئن", "ژوئیه", "اوت", "سپتامبر", "اکتبر", "نوامبر", "دسامبر")
ARABIC = (
    "يناير",
    "فبراير",
    "مارس",
    "أبريل",
    "مايو",
    "يونيو",
    "يوليو",
    "أغسطس",
    "سبتمبر",
    "أكتوبر",
    "نوفمبر",
    "ديسمبر",
)
LEVANT = (
    "كانون الثاني",
    "شباط",
    "آذار",
    "نيسان",
    "أيار",
    "حزيران",
    "تموز",
    "آب",
    "أيلول",
    "تشرين الأول",
    "تشرين الثاني",
    "كانون الأول",
)
TURKISH = (
    "Ocak",
    "Şubat",
    "Mart",
    "Nisan",
    "Mayıs",
    "Haziran",
    "Temmuz",
    "Ağustos",
    "Eylül",
    "Ekim",
    "Kasım",
    "Aralık",
)
AZERI = (
    "yanvar",
    "fevral",
    "mart",
    "aprel",
    "may",
    "iyun",
    "iyul",
    "avqust",
    "sentyabr",
    "oktyabr",
    "noyabr",
    "dekabr",
)
GERMAN = (
    "Januar",
    "Februar",
    "März",
    "April",
    "Mai",
    "Juni",
    "Juli",
    "August",
    "September",
    "Oktober",
    "November",
    "Dezember",
)
WEEKDAYS_FA = ("دوشنبه", "سه‌شنبه", "چهارشنبه", "پنجشنبه", "جمعه", "شنبه", "یکشنبه")
WEEKDAYS_EN = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
UNITS_FA = (
    "",
    "یک",
    "دو",
    "سه",
    "چهار",
    "پنج",
    "شش",
    "هفت",
    "هشت",
    "نه",
    "ده",
    "یازده",
    "دوازده",
    "سیزده",
    "چهارده",
    "پانزده",
    "شانزده",
    "هفده",
    "هجده",
    "نوزده",
)
ORDINALS_FA = (
    "",
    "اول",
    "دوم",
    "سوم",
    "چهارم",
    "پنجم",
    "ششم",
    "هفتم",
    "هشتم",
    "نهم",
    "دهم",
    "یازدهم",
    "دوازدهم",
    "سیزدهم",
    "چهاردهم",
    "پانزدهم",
    "شانزدهم",
    "هفدهم",
    "هجدهم",
    "نوزدهم",
)

# (words, the hours that they mean at their narrowest, from midnight at the start of the day)
PARTS_FA = (
    ("بامداد", 1, 5),
    ("صبح", 7, 11),
    ("ظهر", 11.75, 13),
    ("بعد از ظهر", 13, 17),
    ("بعدازظهر", 13, 17),
    ("عصر", 15.5, 18),
    ("غروب", 17, 18.5),
    ("شب", 20, 24),
    ("نیمه‌شب", 23.75, 24.25),
    ("پیش از ظهر", 8, 11.5),
    ("سر شب", 19, 21),
    ("بعد از غروب", 19.5, 22),
    ("آخر شب", 22, 24),
)
PARTS_EN = (
    ("dawn", 4, 6),
    ("early morning", 3, 7),
    ("morning", 7, 11),
    ("noon", 11.75, 12.5),
    ("afternoon", 13, 17),
    ("evening", 18, 21),
    ("night", 20, 24),
    ("late evening", 21, 23),
    ("late afternoon", 16, 18),
)
HOURS_FA = (
    ("بامداد", range(1, 5)),
    ("صبح", range(5, 12)),
    ("ظهر", (12, 13, 14)),
    ("بعد از ظهر", range(13, 18)),
    ("عصر", range(15, 19)),
    ("غروب", (17, 18)),
    ("شب", range(19, 24)),
)
HOURS_EN = (
    ("in the morning", range(5, 12)),
    ("in the afternoon", range(13, 18)),
    ("in the evening", range(17, 22)),
    ("at night", range(20, 24)),
)
ZONES = (
    ("UTC", 0),
    ("GMT", 0),
    ("CET", 60),
    ("UTC+3:30", 210),
    ("GMT+1", 60),
    ("+03:30", 210),
    ("IRST", 210),
    ("MSK", 180),
    ("UTC-5", -300),
)
ASIDES = (" و باران می‌بارید", "، جلوی مدرسه", " (گفتهٔ شاهد)", ", as a witness said", ", outside the mosque")


@dataclass(frozen=True, slots=True)
class Composed:
    """A phrase, when it was said, and the stretch that it means (UTC); None is an open end."""

    text: str
    kind: str
    said: datetime
    earliest: datetime | None
    latest: datetime | None
    spread: timedelta
    aside: bool = False  # words stand in it that carry no time


@dataclass(slots=True)
class Draw:
    """One random day with its names, and how a phrase about it is dressed."""

    rng: random.Random
    day: date
    said: datetime

    @property
    def jalali(self) -> jdatetime.date:
        return jdatetime.date.fromgregorian(date=self.day)

    def digits(self, text: str) -> str:
        return text.translate(PERSIAN_DIGITS) if self.rng.random() < 0.8 else text


def composed(number: int, seed: int = 20260108) -> Composed:
    """The phrase of that number; the same number gives the same phrase."""
    rng = random.Random(seed * 1_000_003 + number)
    day = FIRST + timedelta(days=rng.randrange((LAST - FIRST).days))
    said = datetime.combine(day, time(rng.randrange(8, 20), rng.randrange(60)), TEHRAN).astimezone(UTC)
    said += timedelta(days=rng.choice((1, 2, 3, 3, 4, 5, 6, 9, 20, 40)))
    draw = Draw(rng, day, said)
    kind = rng.choice(KINDS)
    made = kind(draw)
    return replace(made, text=made.text + rng.choice(ASIDES), aside=True) if rng.random() < 0.08 else made


# ---------------------------------------------------------------- days


def ordinal_fa(number: int) -> str:
    if number < 20:
        return ORDINALS_FA[number]
    if number in (20, 30):
        return "بیستم" if number == 20 else "سی‌ام"
    return ("بیست و " if number < 30 else "سی و ") + ("یکم" if number % 10 == 1 else ORDINALS_FA[number % 10])


def cardinal_fa(number: int) -> str:
    if number < 20:
        return UNITS_FA[number]
    tens = "بیست" if number < 30 else "سی" if number < 40 else "چهل" if number < 50 else "پنجاه"
    return tens if number % 10 == 0 else f"{tens} و {UNITS_FA[number % 10]}"


def ordinal_en(number: int) -> str:
    ending = "th" if 10 < number < 20 else {1: "st", 2: "nd", 3: "rd"}.get(number % 10, "th")
    return f"{number}{ending}"


def day_words(draw: Draw) -> tuple[str, bool]:
    """A day written out, and whether Persian surrounds it."""
    rng, day, j = draw.rng, draw.day, draw.jalali
    month = JALALI[j.month - 1]
    persian = [
        draw.digits(f"{j.day} {month} {j.year}"),
        draw.digits(f"{j.day} {month} ماه {j.year}"),
        draw.digits(f"{j.day} {month}‌ماه سال {j.year}"),
        draw.digits(f"{j.day}{month} {j.year}"),
        draw.digits(f"{j.year}/{j.month:02d}/{j.day:02d}"),
        draw.digits(f"{j.year}/{j.month}/{j.day}"),
        draw.digits(f"{j.year % 100:02d}/{j.month:02d}/{j.day:02d}") if j.year < 1400 or j.day > 12 else "",
        f"{ordinal_fa(j.day)} {month} " + draw.digits(str(j.year)),
        f"{cardinal_fa(j.day)} {month} " + draw.digits(str(j.year)),
        draw.digits(f"{j.day} {DARI[j.month - 1]} {j.year}"),
        draw.digits(f"{j.day} {month} {j.year + 1180}"),
        f"{j.day}ی {KURDISH[j.month - 1]}ی {j.year + 1321}".translate(ARABIC_DIGITS),
        draw.digits(f"{day.day} {PERSIAN[day.month - 1]} {day.year}"),
        draw.digits(f"{j.day} {month}") if (draw.said.date() - day).days < 300 else "",
        f"{ordinal_fa(j.day)} {month}",
        f"{day.day}ی {SORANI[day.month - 1]}ی {day.year}".translate(ARABIC_DIGITS),
        f"{day.day} {ARABIC[day.month - 1]} {day.year}".translate(ARABIC_DIGITS),
        f"{day.day} {LEVANT[day.month - 1]} {day.year}",
    ]
    if j.year < 1400:
        persian.append(draw.digits(f"{j.day} {month} {j.year % 100}"))
    english = [
        f"{j.day} {JALALI_LATIN[j.month - 1]} {j.year}",
        f"{JALALI_LATIN[j.month - 1]} {j.day}, {j.year}",
        f"{day.day} {ENGLISH[day.month - 1]} {day.year}",
        f"{ENGLISH[day.month - 1]} {day.day}, {day.year}",
        f"{ordinal_en(day.day)} of {ENGLISH[day.month - 1]}, {day.year}",
        f"{ENGLISH[day.month - 1][:3]} {ordinal_en(day.day)} {day.year}",
        f"{day.day} {ENGLISH[day.month - 1][:3]} '{day.year % 100}",
        f"{day.day}-{ENGLISH[day.month - 1][:3]}-{day.year}",
        day.isoformat(),
        f"{day:%Y%m%d}",
        f"{day:%d.%m.%Y}",
        f"{day:%d/%m/%Y}",
        f"{day.month}/{day.day}/{day.year}",
        f"{day.day}. {GERMAN[day.month - 1]} {day.year}",
        f"{day.day} {TURKISH[day.month - 1]} {day.year}",
        f"{day.day} {AZERI[day.month - 1]} {day.year}",
        f"{j.day} {JALALI_LATIN[j.month - 1]}",
    ]
    is_persian = rng.random() < 0.55
    return rng.choice([text for text in (persian if is_persian else english) if text]), is_persian


def at(day: date, hours: float) -> datetime:
    """Hours from midnight of a day on the wall's clock in Tehran, in UTC."""
    wall = datetime.combine(day, time()) + timedelta(hours=hours)
    return wall.replace(tzinfo=TEHRAN).astimezone(UTC)


DAY_SPREAD = timedelta(days=330)  # day and month may change places
HOURS_SPREAD = DAY_SPREAD + timedelta(hours=14)


def whole_day(draw: Draw) -> Composed:
    words, is_persian = day_words(draw)
    rng, named = draw.rng, draw.day.weekday()
    if rng.random() < 0.3:
        weekday = WEEKDAYS_FA[named] if is_persian else WEEKDAYS_EN[named]
        words = rng.choice(
            (
                f"{weekday} {words}",
                f"{weekday}، {words}" if is_persian else f"{weekday}, {words}",
                f"{words} {weekday}",
                f"روز {weekday} {words}" if is_persian else f"on {weekday} {words}",
            )
        )
    return Composed(words, "day", draw.said, at(draw.day, 0), at(draw.day, 24), DAY_SPREAD)


def part_of_day(draw: Draw) -> Composed:
    words, is_persian = day_words(draw)
    name, start, end = draw.rng.choice(PARTS_FA if is_persian else PARTS_EN)
    if is_persian:
        text = draw.rng.choice((f"{name} {words}", f"{words} {name}", f"{name} روز {words}", f"{words}، {name}"))
    else:
        text = draw.rng.choice((f"{name} of {words}", f"{words}, {name}", f"{name} on {words}", f"{words} {name}"))
    return Composed(text, "part", draw.said, at(draw.day, start), at(draw.day, end), HOURS_SPREAD)


def clock(draw: Draw) -> Composed:
    """A time of day: 24 hours, or 12 with a part of the day; perhaps in a zone, perhaps "about"."""
    rng = draw.rng
    words, is_persian = day_words(draw)
    hour, minute = rng.randrange(24), rng.randrange(60)
    begin, end = at(draw.day, hour + minute / 60), at(draw.day, hour + (minute + 1) / 60)
    shown = f"{hour:02d}:{minute:02d}"
    if is_persian:
        shown = draw.digits(shown)
        text = rng.choice(
            (
                f"{words} ساعت {shown}",
                f"ساعت {shown} {words}",
                f"{words}، {shown}",
                f"{shown} {words}",
                f"{words} - {shown}",
                f"{words} در ساعت {shown}",
            )
        )
    else:
        half = rng.choice(("AM", "am", "a.m.") if hour < 12 else ("PM", "pm", "p.m."))
        twelve = f"{(hour - 1) % 12 + 1}:{minute:02d} {half}"
        shown = rng.choice((shown, shown, twelve, f"{hour:02d}h{minute:02d}", f"{hour:02d}{minute:02d} hrs"))
        text = rng.choice(
            (
                f"{words} {shown}",
                f"{words} at {shown}",
                f"{shown}, {words}",
                f"at {shown} on {words}",
                f"{words}, {shown}",
            )
        )
        if rng.random() < 0.3:
            name, minutes = rng.choice(ZONES)
            wall = datetime.combine(draw.day, time(hour, minute), UTC) - timedelta(minutes=minutes)
            attached = f"{words} {shown} {name}"
            return Composed(attached, "zone", draw.said, wall, wall + timedelta(minutes=1), HOURS_SPREAD)
    return Composed(text, "clock", draw.said, begin, end, HOURS_SPREAD)


def spoken_hour(draw: Draw) -> Composed:
    """ "۸ شب", "هشت و نیم شب", "at 5 in the afternoon"."""
    rng = draw.rng
    words, is_persian = day_words(draw)
    name, hours = rng.choice(HOURS_FA if is_persian else HOURS_EN)
    hour = rng.choice(tuple(hours))
    shown, width, begin = (hour - 1) % 12 + 1, 1.0, float(hour)
    if is_persian:
        number = rng.choice((draw.digits(str(shown)), cardinal_fa(shown)))
        ending = rng.choice(("", "", " و نیم", " و ربع"))
        if ending:
            begin, width = begin + (0.5 if ending == " و نیم" else 0.25), 1 / 60
        about = rng.choice(("", "", "حدود ", "حوالی "))
        text = rng.choice(
            (
                f"{about}ساعت {number}{ending} {name} {words}",
                f"{about}{number}{ending} {name} {words}",
                f"{words} {about}ساعت {number}{ending} {name}",
            )
        )
    else:
        about = rng.choice(("", "", "about ", "around "))
        text = rng.choice(
            (
                f"{about}{shown} {name} on {words}",
                f"{words}, {about}{shown} {name}",
                f"at {about}{shown} {name}, {words}",
            )
        )
    return Composed(text, "spoken hour", draw.said, at(draw.day, begin), at(draw.day, begin + width), HOURS_SPREAD)


# ---------------------------------------------------------------- several days


def range_of_days(draw: Draw) -> Composed:
    """Two days of one month, or of two."""
    rng, j = draw.rng, draw.jalali
    length = rng.randrange(1, 6)
    last = draw.day + timedelta(days=length)
    other = jdatetime.date.fromgregorian(date=last)
    said = max(draw.said, at(last, 30))
    mark = rng.choice(("-", "–", " تا ", " الی ", " و ", " یا "))
    mark_en = rng.choice(("-", "–", " to ", " and ", " or ", " & ", " until "))
    month = JALALI[j.month - 1]
    if j.month == other.month:
        fa = draw.digits(
            rng.choice(
                (
                    f"{j.day}{mark}{other.day} {month} {j.year}",
                    f"از {j.day} تا {other.day} {month} {j.year}",
                    f"{j.day}{mark}{other.day} {month}",
                    f"بین {j.day} و {other.day} {month} {j.year}",
                )
            )
        )
        en = f"{j.day}{mark_en}{other.day} {JALALI_LATIN[j.month - 1]} {j.year}"
    else:
        fa = draw.digits(f"{j.day} {month} تا {other.day} {JALALI[other.month - 1]} {other.year}")
        en = f"{j.day} {JALALI_LATIN[j.month - 1]} to {other.day} {JALALI_LATIN[other.month - 1]} {other.year}"
    names = ENGLISH[draw.day.month - 1], ENGLISH[last.month - 1]
    if draw.day.month == last.month:
        gregorian = rng.choice(
            (
                f"{draw.day.day}{mark_en}{last.day} {names[0]} {last.year}",
                f"{names[0]} {draw.day.day}{mark_en}{last.day}, {last.year}",
                f"from {draw.day.day} to {last.day} {names[0]} {last.year}",
            )
        )
    else:
        gregorian = rng.choice(
            (
                f"{draw.day.day} {names[0]} to {last.day} {names[1]} {last.year}",
                f"{names[0]} {draw.day.day} – {names[1]} {last.day}, {last.year}",
                f"between {draw.day.day} {names[0]} and {last.day} {names[1]} {last.year}",
            )
        )
    iso = f"{draw.day.isoformat()}{rng.choice((' to ', '/', ' – '))}{last.isoformat()}"
    text = rng.choice((fa, en, gregorian, iso))
    return Composed(text, "range", said, at(draw.day, 0), at(last, 24), timedelta(0))


def night_between(draw: Draw) -> Composed:
    """ "شب ۱۸ به ۱۹ دی", "night of 8-9 January": from dusk to dawn."""
    rng, j = draw.rng, draw.jalali
    last = draw.day + timedelta(days=1)
    other = jdatetime.date.fromgregorian(date=last)
    texts = []
    if j.month == other.month:
        month = JALALI[j.month - 1]
        texts += [
            draw.digits(f"شب {j.day} به {other.day} {month} {j.year}"),
            draw.digits(f"شب {j.day}-{other.day} {month} {j.year}"),
            f"night of {j.day}-{other.day} {JALALI_LATIN[j.month - 1]} {j.year}",
        ]
    else:
        texts.append(
            draw.digits(f"شب {j.day} {JALALI[j.month - 1]} به {other.day} {JALALI[other.month - 1]} {other.year}")
        )
    names = ENGLISH[draw.day.month - 1], ENGLISH[last.month - 1]
    if draw.day.month == last.month:
        texts += [
            f"night of {draw.day.day}–{last.day} {names[0]} {last.year}",
            f"the night of {draw.day.day} to {last.day} {names[0]} {last.year}",
            f"night of {names[0]} {draw.day.day}/{last.day}, {last.year}",
        ]
    else:
        texts.append(f"night of {draw.day.day} {names[0]} to {last.day} {names[1]} {last.year}")
    said = max(draw.said, at(last, 30))
    return Composed(rng.choice(texts), "night between", said, at(draw.day, 19), at(last, 5), timedelta(hours=6))


def hours_between(draw: Draw) -> Composed:
    rng = draw.rng
    words, is_persian = day_words(draw)
    first = rng.randrange(13, 22)
    last = first + rng.randrange(1, 3)
    if is_persian:
        name = "عصر" if last <= 19 else "شب"
        a, b = draw.digits(str(first)), draw.digits(str(last))
        twelve = draw.digits(f"{first - 12}"), draw.digits(f"{last - 12}")
        good = name == "عصر" or first >= 18
        text = rng.choice(
            (
                f"از ساعت {a} تا {b} {words}",
                f"{words} ساعت {a}:۰۰ تا {b}:۰۰",
                f"{words} بین {twelve[0]} تا {twelve[1]} {name}" if good else f"ساعت {a} تا {b} {words}",
            )
        )
    else:
        text = rng.choice(
            (
                f"{words}, {first}:00-{last}:00",
                f"{first}:00 to {last}:00 on {words}",
                f"{words} between {first - 12} and {last - 12} pm",
                f"{first - 12}–{last - 12} pm, {words}",
            )
        )
    return Composed(text, "hours between", draw.said, at(draw.day, first), at(draw.day, last), HOURS_SPREAD)


def from_to(draw: Draw) -> Composed:
    """ "from the evening of … to the morning of …", with hours of their own."""
    rng, j = draw.rng, draw.jalali
    last = draw.day + timedelta(days=1)
    other = jdatetime.date.fromgregorian(date=last)
    said = max(draw.said, at(last, 30))
    fa = draw.digits(f"از شب {j.day} {JALALI[j.month - 1]} تا صبح {other.day} {JALALI[other.month - 1]} {other.year}")
    ends = f"{j.day} {JALALI[j.month - 1]} {j.year}", f"{other.day} {JALALI[other.month - 1]} {other.year}"
    fa_hours = draw.digits(f"از ساعت 20:30 {ends[0]} تا ساعت 02:00 {ends[1]}")
    en = (
        f"{draw.day.day} {ENGLISH[draw.day.month - 1]} {draw.day.year} 20:30 to "
        f"{last.day} {ENGLISH[last.month - 1]} {last.year} 02:00"
    )
    text, start, end = rng.choice(((fa, 20.0, 32.0), (fa_hours, 20.5, 26.0), (en, 20.5, 26.0)))
    return Composed(text, "from-to", said, at(draw.day, start), at(draw.day, end), timedelta(hours=6))


# ---------------------------------------------------------------- vague, open, relative


def vague(draw: Draw) -> Composed:
    rng, j = draw.rng, draw.jalali
    first = jdatetime.date(j.year, j.month, 1).togregorian()
    length = 31 if j.month <= 6 else 30 if j.month < 12 or j.isleap() else 29
    said = max(draw.said, at(first, 24 * 40))
    name, start, end = rng.choice(
        (
            ("اوایل", 0, 9),
            ("اواسط", 10, 19),
            ("اواخر", length - 9, length),
            ("", 0, length),
            ("early", 0, 9),
            ("mid", 10, 19),
            ("late", length - 9, length),
            ("end of", length - 6, length),
            ("هفته اول", 0, 7),
            ("هفته سوم", 14, 21),
            ("نیمه دوم", 15, length),
            ("دهه اول", 0, 10),
        )
    )
    is_english = name.isascii() and name != ""
    month = JALALI_LATIN[j.month - 1] if is_english else JALALI[j.month - 1]
    text = f"{name} {month} {j.year}".strip()
    text = text if is_english else draw.digits(text)
    return Composed(text, "vague", said, at(first, 24 * start), at(first, 24 * end), timedelta(days=10))


def month_short(draw: Draw) -> Composed:
    """ "آبان ۹۸"."""
    j = draw.jalali
    first = jdatetime.date(j.year, j.month, 1).togregorian()
    length = 31 if j.month <= 6 else 30 if j.month < 12 or j.isleap() else 29
    said = max(draw.said, at(first, 24 * 40))
    year = f"{j.year % 100:02d}" if j.year < 1400 else str(j.year)
    text = draw.digits(f"{JALALI[j.month - 1]} {year}")
    return Composed(text, "month", said, at(first, 0), at(first, 24 * length), timedelta(0))


def open_end(draw: Draw) -> Composed:
    words, is_persian = day_words(draw)
    options: tuple[tuple[str, int | None, int | None], ...] = (
        ("before", None, 0),
        ("after", 24, None),
        ("since", 0, None),
        ("until", None, 24),
        ("no later than", None, 24),
    )
    if is_persian:
        options = (
            ("قبل از", None, 0),
            ("پیش از", None, 0),
            ("بعد از", 24, None),
            ("پس از", 24, None),
            ("تا", None, 24),
        )
    word, start, end = draw.rng.choice(options)
    earliest = at(draw.day, start) if start is not None else None
    latest = at(draw.day, end) if end is not None else None
    return Composed(f"{word} {words}", "open", draw.said, earliest, latest, DAY_SPREAD)


def relative(draw: Draw) -> Composed:
    rng = draw.rng
    back = rng.randrange(1, 6)
    said = at(draw.day + timedelta(days=back), rng.randrange(9, 22))
    weekday_fa, weekday_en = WEEKDAYS_FA[draw.day.weekday()], WEEKDAYS_EN[draw.day.weekday()]
    options: list[tuple[str, float, float]] = [
        (weekday_en, 0, 24),
        (f"last {weekday_en}", 0, 24),
        (f"{weekday_en} night", 20, 24),
        (f"{weekday_fa}", 0, 24),
        (f"{weekday_fa} گذشته", 0, 24),
        (f"{weekday_fa} شب", 20, 24),
        (f"عصر {weekday_fa}", 15.5, 18),
        (f"{weekday_en} evening", 18, 21),
        (f"{weekday_en} at 20:30", 20.5, 20.51),
        (f"روز {weekday_fa} ساعت ۲۰:۳۰", 20.5, 20.51),
    ]
    if back == 1:
        options += [
            ("yesterday", 0, 24),
            ("دیروز", 0, 24),
            ("دیشب", 20, 29),
            ("last night", 20, 29),
            ("دیشب ساعت ۹", 21, 22),
            ("yesterday at 17:10", 17 + 1 / 6, 17.18),
            ("دیروز عصر", 15.5, 18),
            ("last night at 10 pm", 22, 23),
        ]
    elif back == 2:
        options += [("پریروز", 0, 24), ("پریشب", 20, 29), ("the day before yesterday", 0, 24), ("2 days ago", 0, 24)]
    else:
        options += [
            (f"{back} days ago", 0, 24),
            (draw.digits(f"{back} روز پیش"), 0, 24),
            (f"{cardinal_fa(back)} روز پیش", 0, 24),
            (draw.digits(f"{back} شب پیش"), 20, 29),
        ]
    text, start, end = rng.choice(options)
    return Composed(text, "relative", said, at(draw.day, start), at(draw.day, end), timedelta(days=8))


def square(draw: Draw) -> Composed:
    """The name of a square or street that bears a date beside a date."""
    rng = draw.rng
    words, is_persian = day_words(draw)
    if is_persian:
        place = rng.choice(("میدان ۷ تیر", "خیابان ۱۷ شهریور", "میدان هفت تیر", "خیابان ۱۲ بهمن", "پل ۱۵ خرداد"))
        text = rng.choice((f"{place}، {words}", f"{words}، {place}"))
    else:
        place = rng.choice(("7 Tir square", "17 Shahrivar street", "22 Bahman boulevard", "15 Khordad metro"))
        text = rng.choice((f"{place}, {words}", f"{words}, {place}"))
    return Composed(text, "square", draw.said, at(draw.day, 0), at(draw.day, 24), DAY_SPREAD, True)


KINDS: tuple[Callable[[Draw], Composed], ...] = (
    whole_day,
    whole_day,
    part_of_day,
    part_of_day,
    clock,
    clock,
    spoken_hour,
    spoken_hour,
    range_of_days,
    night_between,
    hours_between,
    from_to,
    vague,
    month_short,
    open_end,
    relative,
    relative,
    square,
)
