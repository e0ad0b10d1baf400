"""Two clocks of a device bear one another out only in a zone that is kept where it was, or somewhere at all."""

from __future__ import annotations

import zoneinfo
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from verifier.findings.time.device_clocks import KEPT_OFFSETS, Clock, agreeing_clocks, span_of
from verifier.records import Moment, Zone

SATELLITE = datetime(2023, 7, 5, 11, 30, tzinfo=UTC)


def clock(question: str, at: datetime, zone: Zone, zones: tuple[str, ...] = ()) -> Clock:
    wall = f"{at:%Y-%m-%dT%H:%M:%S}"
    moment = Moment(text=wall, wall=wall, zone=zone)
    span = span_of(moment, zones)
    assert span is not None
    return Clock(moment=moment, basis="b", location="l", question=question, earliest=span[0], latest=span[1])


def agree(minutes: float, zones: tuple[str, ...] = ()) -> bool:
    """Whether a local time that is so many minutes from the satellites' bears them out."""
    local = clock("captured_at", SATELLITE + timedelta(minutes=minutes), Zone.LOCAL, zones)
    return agreeing_clocks((clock("gps_time", SATELLITE, Zone.UTC), local)) is not None


@pytest.mark.parametrize(
    ("minutes", "zones", "expected"),
    [
        (210, ("Asia/Tehran",), True),
        (270, ("Asia/Tehran",), True),  # an hour of daylight saving that was not set back
        (150, ("Asia/Tehran",), True),
        (211.5, ("Asia/Tehran",), True),
        (585, ("Asia/Tehran",), False),  # by chance near a quarter of an hour
        (225, ("Asia/Tehran",), False),
        (180, ("Asia/Tehran",), False),
        (-690, ("America/Sao_Paulo",), False),
        (-180, ("America/Sao_Paulo",), True),
        (210, (), True),
        (345, (), True),
        (225, (), False),  # no zone keeps it
        (-690, (), False),
        (900, (), False),
    ],
)
def test_a_clock_agrees_in_a_zone_that_is_kept(minutes: float, zones: tuple[str, ...], expected: bool) -> None:
    assert agree(minutes, zones) is expected


@given(st.integers(-900, 900))
def test_where_a_position_is_known_no_far_offset_agrees(minutes: int) -> None:
    if agree(minutes, ("Asia/Tehran",)):
        assert abs(minutes - 210) <= 62


def test_every_offset_that_a_zone_keeps_is_known() -> None:
    kept = {
        datetime(year, month, 1, tzinfo=zoneinfo.ZoneInfo(name)).utcoffset()
        for name in zoneinfo.available_timezones()
        for year in range(1995, 2027)
        for month in (1, 7)
    }
    assert kept <= KEPT_OFFSETS
