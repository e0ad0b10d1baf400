from __future__ import annotations

from urllib.parse import unquote

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.metadata.reading import read, values
from verifier.metadata.sidecars.telegram_page import ANALYSER, date
from verifier.records import Moment, Reading, Record

HEAD = """<!DOCTYPE html><html><head><meta charset="utf-8"/><title>Exported Data</title></head><body>
<div class="page_wrap"><div class="page_header"><div class="content">
<div class="text bold">Street Channel</div></div></div>
<div class="page_body chat_page"><div class="history">
<div class="message service" id="message-1"><div class="body details">5 March 2023</div></div>"""
SENT = """<div class="message default clearfix" id="message12">
<div class="pull_left userpic_wrap"></div><div class="body">
<div class="pull_right date details" title="05.03.2023 10:11:12 UTC+03:30">10:11</div>
<div class="from_name">Sara</div><div class="media_wrap clearfix">
<a class="photo_wrap clearfix pull_left" href="photos/photo_1@05-03-2023_10-11-12.jpg">
<img class="photo" src="photos/photo_1@05-03-2023_10-11-12_thumb.jpg"/></a></div>
<div class="text">In the <strong>square</strong></div></div></div>"""
PASSED_ON = """<div class="message default clearfix joined" id="message13"><div class="body">
<div class="pull_right date details" title="05.03.2023 10:12:00">10:12</div><div class="forwarded body">
<div class="from_name">Other Channel</div><div class="media_wrap clearfix">
<a class="media clearfix pull_left block_link media_video" href="video_files/VID%20one.mp4"><div class="fill"></div></a>
</div></div></div></div>"""
PAGE = HEAD + SENT + PASSED_ON + "</div></div></div></body></html>"


def told(page: str) -> list[Record]:
    records, refusal = read(ANALYSER, page.encode())
    assert not refusal
    return records


def of(records: list[Record], subject: str) -> dict[str, object]:
    return dict(values([item for item in records if isinstance(item, Reading) and item.subject == subject]))


def test_a_message_with_a_photo() -> None:
    found = of(told(PAGE), "photos/photo_1@05-03-2023_10-11-12.jpg")
    assert found["telegram:from"] == "Sara"
    assert found["telegram:chat"] == "Street Channel"
    assert found["telegram:message_id"] == "12"
    assert found["telegram:text"] == "In the square"
    when = found["telegram:date"]
    assert isinstance(when, Moment)
    assert when.iso() == "2023-03-05T10:11:12+03:30"


def test_a_message_that_was_passed_on_and_joined_to_the_one_before() -> None:
    found = of(told(PAGE), "video_files/VID one.mp4")
    assert found["telegram:from"] == "Sara"
    assert found["telegram:forwarded_from"] == "Other Channel"
    local = found["telegram:date_local"]
    assert isinstance(local, Moment)
    assert local.iso() == "2023-03-05T10:12:00"
    assert "telegram:date" not in found


@pytest.mark.parametrize("path", ["chats/chat_01/photos/a.jpg", "../../chats/chat_1/files/a.pdf", "photos/a%20b.jpg"])
def test_paths_of_an_account_s_export(path: str) -> None:
    page = PAGE.replace("photos/photo_1@05-03-2023_10-11-12.jpg", path)
    assert of(told(page), unquote(path))["telegram:message_id"] == "12"


def test_other_pages_are_not_spoken_of() -> None:
    assert told("<!DOCTYPE html><html><body><a href='photos/a.jpg'>x</a></body></html>") == []


@pytest.mark.parametrize("text", ["", "5 March", "31.02.2023 10:00:00", "05.03.2023 10:11:12 UTC+99:00"])
def test_what_is_no_date_stays_text(text: str) -> None:
    assert not isinstance(date(text), Moment)


@settings(max_examples=100, deadline=None)
@given(st.integers(0, len(PAGE)), st.text(max_size=40))
def test_any_page(at: int, text: str) -> None:
    told(PAGE[:at] + text + PAGE[at:])
    told(PAGE[:at])


def test_a_page_of_nothing_but_opened_elements() -> None:
    told(HEAD + "<div>" * 200_000 + SENT)
