"""Dates and times as people write them."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from verifier.geo.spoken_time import Interval, read_time
from verifier.geo.timezone import TEHRAN

FEBRUARY = datetime(2026, 2, 1, tzinfo=UTC)


def utc(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


@pytest.mark.parametrize(
    ("text", "earliest", "latest"),
    [
        ("18 Dey 1404", "2026-01-07T20:30", "2026-01-08T20:30"),
        ("۱۸ دی ۱۴۰۴", "2026-01-07T20:30", "2026-01-08T20:30"),
        ("18 دي 1404", "2026-01-07T20:30", "2026-01-08T20:30"),
        ("Thursday 18 Dey 1404", "2026-01-07T20:30", "2026-01-08T20:30"),
        ("1404/10/18", "2026-01-07T20:30", "2026-01-08T20:30"),
        ("18-10-1404", "2026-01-07T20:30", "2026-01-08T20:30"),
        ("Dey 18, 1404", "2026-01-07T20:30", "2026-01-08T20:30"),
        ("8 January 2026", "2026-01-07T20:30", "2026-01-08T20:30"),
        ("Jan 8th, 2026", "2026-01-07T20:30", "2026-01-08T20:30"),
        ("8 ژانویه ۲۰۲۶", "2026-01-07T20:30", "2026-01-08T20:30"),
        ("2026-01-08", "2026-01-07T20:30", "2026-01-08T20:30"),
        ("18 Dey", "2026-01-07T20:30", "2026-01-08T20:30"),
        ("evening of 18 Dey", "2026-01-08T11:30", "2026-01-08T22:30"),
        ("شب ۱۸ دی ۱۴۰۴", "2026-01-08T12:30", "2026-01-09T03:30"),
        ("بامداد ۱۹ دی ۱۴۰۴", "2026-01-08T20:30", "2026-01-09T04:30"),
        ("18 دی 1404 بعد از ظهر", "2026-01-08T08:00", "2026-01-08T16:30"),
        ("پنجشنبه ۱۸ دی ۱۴۰۴ ساعت ۲۰:۳۰", "2026-01-08T17:00", "2026-01-08T17:01"),
        ("ساعت ۸ شب ۱۸ دی ۱۴۰۴", "2026-01-08T16:30", "2026-01-08T17:30"),
        ("18 Dey 1404 at 8 pm", "2026-01-08T16:30", "2026-01-08T17:30"),
        ("about 8 pm 18 Dey 1404", "2026-01-08T15:30", "2026-01-08T18:30"),
        ("2026-01-08T20:30:00+03:30", "2026-01-08T17:00:00", "2026-01-08T17:00:01"),
        ("2026-01-08 17:00Z", "2026-01-08T17:00", "2026-01-08T17:01"),
        ("2026-01-08 20:30", "2026-01-08T17:00", "2026-01-08T17:01"),
        ("18 Dey 1404 17:00 UTC", "2026-01-08T17:00", "2026-01-08T17:01"),
        ("Dey 1404", "2025-12-21T20:30", "2026-01-20T20:30"),
        ("1404", "2025-03-20T20:30", "2026-03-20T20:30"),
        ("January 2026", "2025-12-31T20:30", "2026-01-31T20:30"),
        ("18 to 20 Dey 1404", "2026-01-07T20:30", "2026-01-10T20:30"),
        ("۱۸ تا ۲۰ دی ۱۴۰۴", "2026-01-07T20:30", "2026-01-10T20:30"),
        ("between 8 January 2026 and 9 January 2026", "2026-01-07T20:30", "2026-01-09T20:30"),
        ("2026-01-08/2026-01-10", "2026-01-07T20:30", "2026-01-10T20:30"),
        ("8/1/2026", "2026-01-07T20:30", "2026-01-08T20:30"),  # 1 August lies after the claim
        ("noon 1 July 2022", "2022-07-01T05:30", "2022-07-01T10:30"),  # Iran was at +04:30
    ],
)
def test_reads(text: str, earliest: str, latest: str) -> None:
    read = read_time(text, TEHRAN, FEBRUARY)
    assert (read.earliest, read.latest) == (utc(earliest), utc(latest))


def test_open_ends() -> None:
    before = read_time("before 18 Dey 1404", TEHRAN)
    assert (before.earliest, before.latest) == (None, utc("2026-01-07T20:30"))
    after = read_time("after 2026-01-08", TEHRAN)
    assert (after.earliest, after.latest) == (utc("2026-01-08T20:30"), None)
    until = read_time("until 2026-01-08", TEHRAN)
    assert (until.earliest, until.latest) == (None, utc("2026-01-08T20:30"))
    since = read_time("since 2026-01-08", TEHRAN)
    assert (since.earliest, since.latest) == (utc("2026-01-07T20:30"), None)


def test_without_a_zone_every_zone_is_allowed_for() -> None:
    read = read_time("2026-01-08 20:30")
    assert read.earliest == utc("2026-01-08T06:30")
    assert read.latest == utc("2026-01-09T08:31")
    assert any("zone" in note for note in read.notes)


def test_a_jalali_date_without_a_zone_is_of_iran_or_afghanistan() -> None:
    read = read_time("18 Dey 1404")
    assert (read.earliest, read.latest) == (utc("2026-01-07T19:30"), utc("2026-01-08T20:30"))
    assert any("Afghanistan" in note for note in read.notes)


def test_a_wrong_weekday_is_told_and_a_right_one_is_not() -> None:
    assert any("Thursday, not a Friday" in note for note in read_time("Friday 18 Dey 1404", TEHRAN).notes)
    assert read_time("پنجشنبه ۱۸ دی ۱۴۰۴", TEHRAN).notes == ()


def test_a_date_without_a_year_is_the_last_one_before_the_claim() -> None:
    assert read_time("29 Esfand", TEHRAN, FEBRUARY).latest == utc("2025-03-19T20:30")
    with pytest.raises(ValueError, match="the year is missing"):
        read_time("18 Dey", TEHRAN)


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("30 Esfand 1404", "Esfand 1404 has 29 days"),
        ("31 Dey 1404", "Dey 1404 has 30 days"),
        ("1404-13-01", "month lies between 1 and 12"),
        ("2026-02-30", "no day of the Gregorian calendar"),
        ("2026-02-30T10:00Z", "no day of the Gregorian calendar"),
        ("18 Dey 2026", "a month of the Jalali calendar"),
        ("8 January 1404", "a Gregorian month"),
        ("25:00 18 Dey 1404", "an hour lies between 0 and 24"),
        ("yesterday", "say when the claim was made"),
        ("during the internet shutdown", "is not a date"),
        ("9999-12-31T23:59:59", "a year of neither calendar"),
        ("18 Dey 1404, 3 people", "3 would be left out"),
        ("", "a time is written like"),
        ("9" * 300, "at most 200 letters"),
        ("20 Dey 1404 to 18 Dey 1404", "ends before it begins"),
        ("0999-01-01", "a year of neither calendar"),
    ],
)
def test_impossible_dates_get_a_sentence(text: str, says: str) -> None:
    with pytest.raises(ValueError, match=says):
        read_time(text, TEHRAN)


@given(st.text(max_size=60))
def test_any_text_is_read_or_refused(text: str) -> None:
    try:
        read = read_time(text, TEHRAN, FEBRUARY)
    except ValueError as error:
        sentence = str(error)
    else:
        sentence = "read"
        assert isinstance(read, Interval)
    assert sentence


@given(st.datetimes(datetime(1995, 1, 1), datetime(2035, 1, 1)))  # noqa: DTZ001 - wall clocks
def test_a_written_clock_reading_holds_its_own_instant(wall: datetime) -> None:
    read = read_time(wall.strftime("%Y-%m-%d %H:%M:%S"), "UTC")
    instant = wall.replace(tzinfo=UTC, microsecond=0)
    assert read.earliest is not None
    assert read.latest is not None
    assert read.earliest <= instant < read.latest
    assert read.latest - read.earliest == timedelta(seconds=1)
