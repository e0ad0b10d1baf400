"""Dates as they are written, and as they must not be read."""

from __future__ import annotations

from datetime import datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from verifier.metadata.dates import exif_moment, is_blank, iso_moment, offset_minutes


@given(st.datetimes(), st.integers(0, 999_999_999), st.integers(-14 * 60, 14 * 60))
def test_what_was_written_is_read_back(when: datetime, fraction: int, minutes: int) -> None:
    sign, size = ("-" if minutes < 0 else "+"), abs(minutes)
    offset = f"{sign}{size // 60:02d}:{size % 60:02d}"
    wall = when.replace(microsecond=0).isoformat()
    text = wall.replace("-", ":").replace("T", " ")
    moment = exif_moment(text, subseconds=f"{fraction:09d}", offset=offset)
    assert moment is not None
    assert moment.wall == f"{wall}.{fraction:09d}"
    assert moment.offset_minutes == minutes
    again = iso_moment(f"{moment.wall}{offset}")
    assert again is not None
    assert (again.wall, again.offset_minutes) == (moment.wall, minutes)


@pytest.mark.parametrize(
    ("text", "wall"),
    [
        ("2024-05-06 07:08:09", "2024-05-06T07:08:09"),
        ("2024/5/6 7:08:09", "2024-05-06T07:08:09"),
        ("2024:05:06T07:08:09.25", "2024-05-06T07:08:09.25"),
        (" 2024:05:06 07:08:09 ", "2024-05-06T07:08:09"),
    ],
)
def test_separators_vary(text: str, wall: str) -> None:
    moment = exif_moment(text)
    assert moment is not None
    assert moment.wall == wall
    assert moment.text == text


@pytest.mark.parametrize(
    "text",
    ["", "2024:05:06", "2024:13:06 07:08:09", "2024:02:30 07:08:09", "0000:00:00 00:00:00", "2024:05:06 24:00:00"],
)
def test_no_date_is_made_up(text: str) -> None:
    assert exif_moment(text) is None


@pytest.mark.parametrize("text", ["2024-05", "2024-05-06T07:08", "2024-05-06", "now"])
def test_no_second_is_made_up(text: str) -> None:
    assert iso_moment(text) is None


def test_a_fraction_of_blanks_is_none_and_an_impossible_offset_is_no_offset() -> None:
    moment = exif_moment("2024:05:06 07:08:09", subseconds="   ", offset="+99:00")
    assert moment is not None
    assert moment.iso() == "2024-05-06T07:08:09"


@pytest.mark.parametrize(("text", "minutes"), [("Z", 0), ("+03:30", 210), ("-0800", -480), ("+2", 120), ("x", None),
                                               ("+00:75", None)])  # fmt: skip
def test_offsets(text: str, minutes: int | None) -> None:
    assert offset_minutes(text) == minutes


def test_blank_dates() -> None:
    assert is_blank("    :  :     :  :  ")
    assert is_blank("0000:00:00 00:00:00")
    assert not is_blank("2024:05:06 07:08:09")
