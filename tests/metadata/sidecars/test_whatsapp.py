from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.metadata.reading import read, values
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


def test_another_calendar_is_not_taken_for_ours() -> None:
    found = values(chat("۱۴۰۲/۱/۲۵،‏ ۱۰:۱۴ - سارا: IMG-20230414-WA0002.jpg (فایل پیوست شد)"))
    assert found["whatsapp:date"] == "1402/1/25، 10:14"


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
