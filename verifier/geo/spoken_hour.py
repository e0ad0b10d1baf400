"""The hours that a text names: a clock reading, or a part of the day, which is generous since nobody means a minute."""

from __future__ import annotations

import re

from verifier.geo.letters import folded

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
HALVES = "am|pm|صبح|عصر|شب|بعد ?از ?ظهر|بامداد"
_CLOCK = re.compile(
    rf"\b(\d{{1,2}}):(\d\d)(?::(\d\d))?\s?({HALVES})?|\b(\d{{1,2}})\s?(am|pm)\b"
    rf"|(?:ساعت|at) (\d{{1,2}})\b(?!:)(?: ({HALVES}))?"
)
_ABOUT = re.compile(r"\b(about|around|circa|approximately|ca|حدود|حوالی|تقریبا)\b")


def hours_of(rest: str, words: str, notes: list[str]) -> tuple[float, float, str]:
    """Hours from midnight at the day's start: of a clock reading, of a part of the day, or the whole day."""
    clock = _CLOCK.search(rest)
    margin = 1.0 if _ABOUT.search(words) else 0.0
    if clock:
        hour, minute, _, half, bare, bare_half, at_hour, at_half = clock.groups()
        number = float(hour or bare or at_hour) + float(minute or 0) / 60
        number = _on_24_hours(number, half or bare_half or at_half or part_word(words))
        width = 1 / 60 if minute else 1.0
        return number - margin, number + width + margin, "minute" if minute and not margin else "hours"
    for start, end, names in sorted(DAY_PARTS, key=lambda part: -max(len(name) for name in part[2])):
        for name in names:
            if name not in ("am", "pm") and re.search(rf"(?<!\w){re.escape(folded(name))}(?!\w)", words):
                notes.append(f"{name!r} is taken as {_clock_text(start)} to {_clock_text(end)}")
                return start - margin, end + margin, "hours"
    return 0.0, 24.0, "day"


def part_word(words: str) -> str | None:
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
