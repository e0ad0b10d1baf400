"""Zones, offsets, and what two clocks imply."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from verifier.geo.position import Position
from verifier.geo.timezone import (
    TEHRAN,
    bounds_of_wall,
    implied_offset,
    instants_of,
    is_offset_on_earth,
    offset_at,
    rules_version,
    zone,
    zone_at,
    zones_at,
)

WINTER, SUMMER = timedelta(hours=3, minutes=30), timedelta(hours=4, minutes=30)


@pytest.mark.parametrize("year", range(2019, 2027))
def test_iran_kept_summer_time_until_2022_and_none_since(year: int) -> None:
    summer = SUMMER if year <= 2022 else WINTER
    assert offset_at(TEHRAN, datetime(year, 1, 8, 12, tzinfo=UTC)) == WINTER
    assert offset_at(TEHRAN, datetime(year, 7, 1, 12, tzinfo=UTC)) == summer
    assert offset_at(TEHRAN, datetime(year, 11, 15, 12, tzinfo=UTC)) == WINTER


def test_the_last_change_was_on_21_september_2022() -> None:
    assert offset_at(TEHRAN, datetime(2022, 9, 21, 19, 29, tzinfo=UTC)) == SUMMER
    assert offset_at(TEHRAN, datetime(2022, 9, 21, 19, 31, tzinfo=UTC)) == WINTER


def test_places_and_their_zones() -> None:
    for latitude, longitude, name in (
        (35.7, 51.4, TEHRAN),
        (29.5, 60.86, TEHRAN),
        (33.3, 44.4, "Asia/Baghdad"),
        (52.5, 13.4, "Europe/Berlin"),
    ):
        place = Position(latitude_degrees=latitude, longitude_degrees=longitude)
        assert zone_at(place) == name
        assert name in zones_at(place)


def test_a_clock_set_back_means_two_instants_and_a_skipped_hour_none() -> None:
    twice = datetime(2021, 9, 21, 23, 30)  # noqa: DTZ001 - a wall clock
    assert len(instants_of(twice, TEHRAN)) == 2
    skipped = datetime(2021, 3, 22, 0, 30)  # noqa: DTZ001 - a wall clock
    assert instants_of(skipped, TEHRAN) == ()
    earliest, latest = bounds_of_wall(skipped, TEHRAN)
    assert latest - earliest == timedelta(hours=1)
    first, second = bounds_of_wall(twice, TEHRAN)
    assert second - first == timedelta(hours=1)


def test_unknown_zones_get_a_sentence() -> None:
    for name in ("Asia/Nowhere", "../etc/passwd", "", "Asia"):
        with pytest.raises(ValueError, match="time zone"):
            zone(name)


def test_rules_are_of_the_pinned_package() -> None:
    assert int(rules_version().split(".")[0]) >= 2025


@given(st.integers(-48, 56), st.integers(-419, 419))
def test_implied_offset_separates_the_zone_from_clock_error(quarters: int, error_seconds: int) -> None:
    instant = datetime(2026, 1, 8, 17, 0, tzinfo=UTC)
    local = instant.replace(tzinfo=None) + timedelta(minutes=15 * quarters, seconds=error_seconds)
    offset, rest = implied_offset(local, instant)
    assert offset == timedelta(minutes=15 * quarters)
    assert rest == timedelta(seconds=error_seconds)
    assert is_offset_on_earth(offset)


def test_an_offset_beyond_the_earth_is_a_wrong_clock() -> None:
    offset, _ = implied_offset(datetime(2026, 1, 9, 16), datetime(2026, 1, 8, 0, tzinfo=UTC))  # noqa: DTZ001
    assert not is_offset_on_earth(offset)
