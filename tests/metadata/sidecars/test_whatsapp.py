from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.metadata.reading import read, values
from verifier.calendars import gregorian_to_jalali
from verifier.metadata.sidecars.whatsapp import ANALYSER, date_order
from verifier.records import Kind, Moment, Reading, Record


def chat(*lines: str) -> list[Record]:
    content = "\n".join(lines).encode()
    records, refusal = read(ANALYSER, content, kind=Kind.SIDECAR, media_type="text/plain")
    assert not refusal
    return records


def iso(records: list[Record]) -> str:
    when = values(records)["whatsapp:date"]
    assert isinstance(when, Moment), when
    return when.iso()


def test_ios() -> None:
    records = chat(
        "[28/02/2025, 09:00:00] Reza: hello",
        "\u200e[05/03/2025, 10:14:33] Reza: \u200e<attached: 00000012-PHOTO-2025-03-05-10-14-33.jpg>",
        "a second line",
        "[05/03/2025, 10:15:00] Sara: ok",
    )
    assert iso(records) == "2025-03-05T10:14:33"
    assert {record.subject for record in records if isinstance(record, Reading)} == {
        "00000012-PHOTO-2025-03-05-10-14-33.jpg"
    }
    found = values(records)
    assert (found["whatsapp:from"], found["whatsapp:text"]) == ("Reza", "a second line")
    assert found["whatsapp:precision"] == "second"


def test_android_with_twelve_hours_and_month_first() -> None:
    records = chat(
        "2/28/25, 9:00\u202fAM - Reza: hello", "3/5/25, 1:14\u202fPM - Reza: IMG-20250305-WA0002.jpg (file attached)"
    )
    assert iso(records) == "2025-03-05T13:14:00"
    assert values(records)["whatsapp:precision"] == "minute"
    assert values(records)["whatsapp:date_order"] == "mdy"


def test_finnish_words_and_dots() -> None:
    records = chat(
        "[28.2.2022 klo 9.08.18] Aino: moi",
        "[12.3.2022 klo 14.08.18] Aino: <liite: 00000003-PHOTO-2022-03-12-14-08-18.jpg>",
    )
    assert iso(records) == "2022-03-12T14:08:18"


def test_arabic_digits_and_marks() -> None:
    records = chat(
        "\u200f[٢٨‏/٢‏/٢٠٢٢، ٩:٠٨:١٨ ص] سارة: مرحبا",
        "\u200f[١٢‏/٣‏/٢٠٢٢، ٢:٠٨:١٨ م] سارة: \u200e<مرفق: 00000003-PHOTO-2022-03-12-14-08-18.jpg>",
    )
    assert iso(records) == "2022-03-12T14:08:18"


def test_year_first() -> None:
    assert iso(chat("2022-03-12, 14:08 - Sara: VID-20220312-WA0001.mp4 (Datei angehängt)")) == "2022-03-12T14:08:00"


def test_a_chat_that_does_not_settle_the_order_stays_ambiguous() -> None:
    found = values(chat("05/03/25, 10:14 - Reza: IMG-20250305-WA0002.jpg (file attached)"))
    assert found["whatsapp:date"] == "05/03/25, 10:14"
    assert str(found["whatsapp:date_order"]).startswith("ambiguous")


@pytest.mark.parametrize(
    ("written", "wall", "calendar"),
    [
        ("۱۴۰۲/۱/۲۵،‏ ۱۰:۱۴ - سارا", "2023-04-14T10:14:00", "solar hijri"),
        ("۱۴۰۲/۱۲/۲۹، ۲۳:۵۹ - سارا", "2024-03-19T23:59:00", "solar hijri"),
        ("14/2/1402, 10:14 - Sara", "2023-05-04T10:14:00", "solar hijri"),
        ("۱۴ اردیبهشت ۱۴۰۲، ۱۰:۱۴ - سارا", "2023-05-04T10:14:00", "solar hijri"),
        ("14/5/2566, 10:14 - Somchai", "2023-05-14T10:14:00", "buddhist"),
        ("4 May 2023, 10:14 - Sara", "2023-05-04T10:14:00", None),
        ("٤ مايو ٢٠٢٣، ١٠:١٤ - سارة", "2023-05-04T10:14:00", None),
    ],
)
def test_calendars(written: str, wall: str, calendar: str | None) -> None:
    records = chat(f"{written}: IMG-20230414-WA0002.jpg (فایل پیوست شد)")
    assert iso(records) == wall
    assert values(records).get("whatsapp:calendar") == calendar


@pytest.mark.parametrize(
    "written",
    [
        "1444/10/14, 10:14",  # lunar Hijri, or Solar Hijri 2065
        "1402/7/31, 10:14",  # Mehr has 30 days
        "1380/1/25, 10:14",  # before WhatsApp
        "2650/2/30, 10:14",
        "۰۲/۱/۱۴، ۱۰:۱۴",  # of two digits: 1402-01-14, or 2014-01-02
    ],
)
def test_what_no_calendar_tells_stays_text(written: str) -> None:
    found = values(chat(f"{written} - Sara: IMG-20230414-WA0002.jpg (file attached)"))
    assert isinstance(found["whatsapp:date"], str)
    assert "whatsapp:calendar" not in found


@given(st.dates(min_value=date(2009, 3, 21), max_value=date(2040, 1, 1)))
def test_a_day_comes_back_from_its_solar_date(day: date) -> None:
    year, month, number = gregorian_to_jalali(day)
    assert iso(chat(f"{year}/{month}/{number}, 10:14 - S: IMG-1.jpg (x y)")) == f"{day}T10:14:00"


@pytest.mark.parametrize(
    ("days", "order"),
    [
        ([(5, 3, 25)], None),
        ([(13, 3, 25)], "dmy"),
        ([(3, 13, 25)], "mdy"),
        ([(13, 3, 25), (3, 13, 25)], None),
        ([(2025, 3, 5)], "ymd"),
        ([(30, 1, 25), (1, 2, 25)], "dmy"),
        ([(5, 3, 25), (6, 3, 25), (1, 4, 25)], "dmy"),
        ([(3, 5, 25), (3, 6, 25), (4, 1, 25)], "mdy"),
    ],
)
def test_how_the_order_is_inferred(days: list[tuple[int, int, int]], order: str | None) -> None:
    assert date_order(days) == order


def test_other_text_is_not_a_chat() -> None:
    assert chat("Dear Sir,", "IMG-20250305-WA0002.jpg (file attached)") == []


def test_messages_without_a_file_say_nothing() -> None:
    assert chat("[28/02/2025, 09:00:00] Reza: see you at 10:00 (really)") == []


@settings(max_examples=200, deadline=None)
@given(st.text(max_size=200))
def test_any_text(text: str) -> None:
    chat(f"[28/02/2025, 09:00:00] Reza: {text}", text)


def test_long_lines_cost_no_more_than_their_length() -> None:
    chat("[28/02/2025, 09:00:00] Reza: " + "a.b " * 200_000 + "(", "a" * 1_000_000)
