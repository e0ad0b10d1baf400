"""Times in people's words: phrases with what is right, phrases that are refused, and composed ones of known meaning."""

from __future__ import annotations

import random
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from benchmarks.words_of_time import covers, verdict
from benchmarks.words_of_time_phrases import composed
from verifier.geo.position import Position
from verifier.geo.spoken_time import Interval, TimeNotUnderstood, read_time
from verifier.geo.timezone import TEHRAN, zone
from verifier.geo.words_of_time.lexicon import lexicon

MONDAY = datetime(2026, 1, 12, 12, tzinfo=UTC)
HERE = (Position(latitude_degrees=35.7, longitude_degrees=51.4),)
COMPOSED = 600


def local(text: str | None) -> datetime | None:
    return datetime.fromisoformat(text).replace(tzinfo=zone(TEHRAN)).astimezone(UTC) if text else None


def read(text: str, said: datetime = MONDAY) -> Interval:
    return read_time(text, TEHRAN, said, HERE)


def read_or_sentence(text: str, zone_name: str | None = TEHRAN, said: datetime = MONDAY) -> Interval | str:
    try:
        return read_time(text, zone_name, said, HERE)
    except TimeNotUnderstood as error:
        return str(error)


@pytest.mark.parametrize(
    ("text", "earliest", "latest"),
    [
        # numerals, glued and spaced forms, calendars
        ("هجدهم دی‌ماه", "2026-01-08", "2026-01-09"),
        ("18دی1404", "2026-01-08", "2026-01-09"),
        ("هجدهم دی ماه هزار و چهارصد و چهار", "2026-01-08", "2026-01-09"),
        ("بیست و پنجم آبان نود و هشت", "2019-11-16", "2019-11-17"),
        ("twenty-fifth of January twenty twenty-five", "2025-01-25", "2025-01-26"),
        ("۱۸ جدی ۱۴۰۴", "2026-01-08", "2026-01-09"),
        ("18 Dey 2584", "2026-01-08", "2026-01-09"),
        ("١٨ی بەفرانباری ٢٧٢٥", "2026-01-08", "2026-01-09"),
        ("on sekiz Ocak 2026", "2026-01-18", "2026-01-19"),
        ("الخميس 8 كانون الثاني 2026", "2026-01-08", "2026-01-09"),
        ("Thu Jan 8 20:30:00 2026", "2026-01-08T20:30:00", "2026-01-08T20:30:01"),
        ("20260108", "2026-01-08", "2026-01-09"),
        ("18 10 1404", "2026-01-08", "2026-01-09"),
        ("98/8/25", "2019-11-16", "2019-11-17"),
        ("پاییز ۱۴۰۱", "2022-09-23", "2022-12-22"),
        # figures without marks between them, points, as files are named and as people write
        ("20260108_203000", "2026-01-08T20:30:00", "2026-01-08T20:30:01"),
        ("20260108T2030", "2026-01-08T20:30:00", "2026-01-08T20:31:00"),
        ("9.1.2026, 21.30", "2026-01-09T21:30:00", "2026-01-09T21:31:00"),
        ("early morning hours of 9 January 2026", "2026-01-09", "2026-01-09T08:00:00"),
        ("۱۸ دیماه ۱۴۰۴", "2026-01-08", "2026-01-09"),
        ("نیمه‌ی دوم دی ۱۴۰۴", "2026-01-05", "2026-01-21"),
        ("هفته ی اول دی ۱۴۰۴", "2025-12-22", "2026-01-01"),
        # one or the other count of days; a Jalali year beside a lunar feast
        ("دو سه روز پیش", "2026-01-09", "2026-01-11"),
        ("two or three days ago", "2026-01-09", "2026-01-11"),
        ("2-3 days ago", "2026-01-09", "2026-01-11"),
        ("عاشورای ۱۴۰۴", "2025-07-05", "2025-07-07"),
        ("Ashura 1447", "2025-07-05", "2025-07-07"),
        ("یلدای ۱۴۰۴", "2025-12-21T16:00:00", "2025-12-22T07:00:00"),
        # ranges and lists
        ("January 8, 9 and 10, 2026", "2026-01-08", "2026-01-11"),
        ("از هجدهم تا بیستم دی ماه ۱۴۰۴", "2026-01-08", "2026-01-11"),
        ("29 December to 2 January 2026", "2025-12-29", "2026-01-03"),
        ("1404/10/18-20", "2026-01-08", "2026-01-11"),
        ("January/February 2026", "2026-01-01", "2026-03-01"),
        ("شب ۱۸ تا صبح ۱۹ دی", "2026-01-08T16:00", "2026-01-09T12:30"),
        ("night between 8 and 9 January 2026", "2026-01-08T16:00", "2026-01-09T07:00"),
        ("شب‌های ۱۸ و ۱۹ دی", "2026-01-08T16:00", "2026-01-10T07:00"),
        ("20:00 8 January 2026 to 02:00 9 January 2026", "2026-01-08T20:00", "2026-01-09T02:01"),
        ("after 8 January and before 10 January 2026", "2026-01-09", "2026-01-10"),
        # hours
        ("ساعت ۲ ظهر ۱۸ دی ۱۴۰۴", "2026-01-08T14:00", "2026-01-08T15:00"),
        ("۵ غروب ۱۸ دی ۱۴۰۴", "2026-01-08T17:00", "2026-01-08T18:00"),
        ("ربع به نه شب ۱۸ دی ۱۴۰۴", "2026-01-08T20:45", "2026-01-08T20:46"),
        ("half past eight in the evening on 8 January 2026", "2026-01-08T20:30", "2026-01-08T20:31"),
        ("8 January 2026 8:30 p.m.", "2026-01-08T20:30", "2026-01-08T20:31"),
        ("ساعت ۸ ۱۸ دی ۱۴۰۴", "2026-01-08T08:00", "2026-01-08T21:00"),  # of the morning or of the evening
        ("8 January 2026 08:30", "2026-01-08T08:30", "2026-01-08T08:31"),
        ("از ۵ تا ۷ عصر ۱۸ دی ۱۴۰۴", "2026-01-08T17:00", "2026-01-08T19:01"),
        ("8 JAN 2026 1700Z", "2026-01-08T20:30", "2026-01-08T20:31"),
        # counted from Monday 12 January 2026
        ("دیشب", "2026-01-11T16:00", "2026-01-12T07:00"),
        ("پریشب ساعت ۹", "2026-01-10T21:00", "2026-01-10T22:00"),
        ("Thursday and Friday", "2026-01-08", "2026-01-10"),
        ("پنجشنبه شب گذشته", "2026-01-08T16:00", "2026-01-09T07:00"),
        ("شب جمعه", "2026-01-08T16:00", "2026-01-10T07:00"),  # the night before, or its own
        ("جمعه شب", "2026-01-09T16:00", "2026-01-10T07:00"),
        ("چهار روز پیش", "2026-01-08", "2026-01-09"),
        ("this morning around 7", "2026-01-12T06:00", "2026-01-12T09:00"),
        ("the day after 8 January 2026", "2026-01-09", "2026-01-10"),
        # open ends
        ("before 20:30 on 8 January 2026", None, "2026-01-08T20:30"),
        ("تا ۱۸ دی ۱۴۰۴", None, "2026-01-09"),
        ("از ۱۸ دی به بعد", "2026-01-08", None),
        ("after the protests of 18 Dey 1404", "2026-01-08", None),
        ("از ۱۸ دی تا پایان اعتراضات", "2026-01-08", None),
        # zones
        ("18:00 CEST 8 July 2025", "2025-07-08T19:30", "2025-07-08T19:31"),
        ("18:00 CET 8 July 2025", "2025-07-08T19:30", "2025-07-08T20:31"),  # the name, or Berlin's clocks in summer
        ("۱۸ دی ساعت ۱۸ به وقت برلین", "2026-01-08T20:30", "2026-01-08T21:30"),
        ("8 Jan 2026 20:30 UTC-5", "2026-01-09T05:00", "2026-01-09T05:01"),
        # feasts and calls to prayer
        ("Yalda night 2025", "2025-12-21T16:00", "2025-12-22T07:00"),
        ("Chaharshanbe Suri 2026", "2026-03-17T15:00", "2026-03-18T02:00"),
        ("۱۴۴۷/۷/۱۸ قمری", "2026-01-07", "2026-01-09"),
    ],
)  # fmt: skip
def test_reads(text: str, earliest: str | None, latest: str | None) -> None:
    found = read(text)
    assert (found.earliest, found.latest) == (local(earliest), local(latest))


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("not 8 January 2026", "not would be left out"),
        ("every Thursday", "every would be left out"),
        ("8 January 2026 ± 2 days", "would be left out"),
        ("18 Dey 1404 at 20:30 and 5 injured", "5 would be left out"),
        ("میدان ۷ تیر", "in the name of a place"),
        ("ساعت ۹ شب", "no day"),
        ("حدود ۸ شب", "no day"),
        ("30 Esfand 1404", "Esfand 1404 has 29 days"),
        ("از ۵ تا ۷ عصر ۱۸ 9999-12-31T23:59:59", "18 would be left out"),
        ("99999999 days ago", "is not a date"),
        ("4000 years ago", "no calendar reaches"),
        ("20:30 on 8 January 2026 +99:00", "would be left out"),
        ("unknown", "is not a date"),
        ("two hours after sunset on 8 January 2026", "two, hours would be left out"),
        ("دو ساعت بعد از غروب ۱۸ دی ۱۴۰۴", "would be left out"),
    ],
)
def test_refuses_what_it_would_half_read(text: str, says: str) -> None:
    with pytest.raises(TimeNotUnderstood, match=says):
        read(text)


def test_words_that_carry_no_time_are_told() -> None:
    found = read("۱۸ دی ۱۴۰۴ ساعت ۲۰:۳۰ و باران می‌بارید")
    assert found.earliest == local("2026-01-08T20:30")
    assert "باران" in found.unread and "می" in found.unread
    assert read("۱۸ دی ۱۴۰۴ ساعت ۲۰:۳۰").unread == ()


def test_a_zone_that_is_not_known_is_never_silently_that_of_the_place() -> None:
    for text in ("18:00 XYT 8 January 2026", "۱۸ دی ساعت ۱۸ به وقت مریخ"):
        found = read(text)
        assert found.zone_text and found.zone is None
        assert found.latest is not None and found.earliest is not None
        assert found.latest - found.earliest > timedelta(hours=26)
    assert read("18:00 8 January 2026").zone_text is None


def test_another_day_of_the_week_is_told_and_helps_where_two_days_stand() -> None:
    assert read("Friday 18 Dey 1404").weekday == "that day was a Thursday, not a Friday"
    assert read("پنجشنبه ۱۸ دی ۱۴۰۴").weekday is None


def test_without_a_year_the_day_is_counted_and_says_so() -> None:
    assert read("18 Dey", datetime(2025, 2, 1, 12, tzinfo=UTC)).earliest == local("2025-01-07")
    assert read("18 Dey").is_counted and not read("18 Dey 1404").is_counted
    with pytest.raises(TimeNotUnderstood, match="the year is missing"):
        read_time("18 Dey", TEHRAN)


def test_several_readings_stand_together_and_are_counted() -> None:
    both = read_time("8/1/2026", TEHRAN, datetime(2026, 9, 1, tzinfo=UTC))
    assert (both.earliest, both.latest, both.readings) == (local("2026-01-08"), local("2026-08-02"), 2)
    assert read("8/1/2026").readings == 1  # the other lies after the claim


def test_the_calls_to_prayer_follow_the_sun_at_the_place() -> None:
    noon = read("اذان ظهر ۱۸ دی ۱۴۰۴")
    assert noon.earliest is not None and noon.latest is not None
    assert noon.earliest < local("2026-01-08T12:11") < noon.latest < local("2026-01-08T13:00")
    east = (Position(latitude_degrees=36.3, longitude_degrees=59.6),)
    mashhad = read_time("اذان ظهر ۱۸ دی ۱۴۰۴", TEHRAN, MONDAY, east)
    assert mashhad.latest is not None and noon.latest - mashhad.latest > timedelta(minutes=25)
    anywhere = read_time("اذان ظهر ۱۸ دی ۱۴۰۴", TEHRAN, MONDAY)
    assert anywhere.earliest <= mashhad.earliest and anywhere.latest >= noon.latest
    with pytest.raises(TimeNotUnderstood, match="at which place"):
        read_time("maghrib 8 January 2026", None, MONDAY)
    polar = (Position(latitude_degrees=78.0, longitude_degrees=15.0),)
    with pytest.raises(TimeNotUnderstood, match="the sun does not come"):
        read_time("maghrib 8 January 2026", "Europe/Oslo", MONDAY, polar)


@pytest.mark.parametrize(
    ("text", "day"),
    [("1 Ramadan 1445", "2024-03-12"), ("1 Ramadan 1446", "2025-03-02"), ("10 Muharram 1447", "2025-07-06"),
     ("1 Shawwal 1446", "2025-03-31"), ("۱ رمضان ۱۴۴۴", "2023-03-23"), ("18 Rajab 1447", "2026-01-08")],
)  # fmt: skip
def test_lunar_days_hold_the_almanac_of_iran_and_are_few(text: str, day: str) -> None:
    found, meant = read(text), local(day)
    assert found.earliest is not None and found.latest is not None and meant is not None
    assert found.earliest <= meant and meant + timedelta(days=1) <= found.latest
    assert found.latest - found.earliest <= timedelta(days=3)


@pytest.mark.parametrize("half", [0, 1], ids=["tuned on", "held out"])
def test_composed_phrases_are_covered_and_understood(half: int) -> None:
    """No reading is narrower than the words, and nineteen of twenty phrases are understood in full."""
    phrases = [composed(number) for number in range(half, COMPOSED, 2)]
    results = [verdict(phrase)[0] for phrase in phrases]
    misread = [phrase.text for phrase, result in zip(phrases, results, strict=True) if result == "misread"]
    assert misread == []
    assert results.count("full") >= 0.95 * len(phrases)


@pytest.mark.parametrize("number", range(60))
def test_strange_words_never_narrow_a_reading(number: int) -> None:
    phrase = composed(number)
    if phrase.aside:
        return
    for text in (f"{phrase.text} zorblat", f"zorblat {phrase.text}"):
        try:
            found = read_time(text, TEHRAN, phrase.said)
        except TimeNotUnderstood:
            continue
        assert covers(found, phrase), text
        assert "zorblat" in found.unread


WORDS = sorted({" ".join(keys) for keys in lexicon().entries})


@given(st.integers(0, 2**32), st.integers(1, 9))
def test_any_heap_of_known_words_is_read_or_refused(seed: int, count: int) -> None:
    rng = random.Random(seed)
    pool = [*rng.sample(WORDS, 4), "18", "8", "1404", "2026", "9999", "0", "20:30", "-", "/", "و", "تا", "to", "before"]
    text = " ".join(rng.choice(pool) for _ in range(count))[:200]
    found = read_or_sentence(text)
    if isinstance(found, Interval):
        assert found.earliest is None or found.latest is None or found.earliest <= found.latest
    else:
        assert found


@given(st.text(max_size=80))
def test_any_text_raises_nothing_else(text: str) -> None:
    assert read_or_sentence(text)


@pytest.mark.parametrize("said", [datetime(1, 1, 1, tzinfo=UTC), datetime(9999, 12, 31, 23, tzinfo=UTC)])
@pytest.mark.parametrize(
    "text", ["دیشب", "18 Dey", "tomorrow", "3 hours ago", "last year", "Thursday", "8/1", "04/10/18"]
)
@pytest.mark.parametrize("zone_name", [TEHRAN, None, "Pacific/Kiritimati"])
def test_a_claim_made_at_the_ends_of_the_calendar(said: datetime, text: str, zone_name: str | None) -> None:
    assert read_or_sentence(text, zone_name, said)
