"""Sums at the ends of the calendar are its ends; everywhere else they are what they were."""

from __future__ import annotations

import math
from datetime import UTC, datetime, timedelta, timezone

import pytest

from tests.geo.dossiers import local
from verifier.findings.own import earliest, latest
from verifier.findings.time.existence import latest_of
from verifier.geo.timezone import bounds_of_wall
from verifier.instants import FIRST, LAST, in_zone, seconds_of, shifted

DAY = timedelta(days=1)


def test_sums_end_at_the_ends() -> None:
    assert shifted(FIRST, -DAY) == FIRST
    assert shifted(LAST, DAY) == LAST
    assert shifted(datetime(2026, 1, 1, tzinfo=UTC), DAY) == datetime(2026, 1, 2, tzinfo=UTC)


@pytest.mark.parametrize("hours", [-12, 0, 14])
@pytest.mark.parametrize("instant", [FIRST, LAST, datetime(2026, 1, 1, tzinfo=UTC)])
def test_every_instant_has_a_clock_in_every_zone(instant: datetime, hours: int) -> None:
    shown = in_zone(instant, timezone(timedelta(hours=hours)))
    assert abs((shown - instant).total_seconds()) <= 86400
    if instant.year == 2026:
        assert shown == instant


def test_lengths() -> None:
    assert seconds_of(1.5) == timedelta(seconds=1.5)
    assert (seconds_of(math.inf), seconds_of(-1e300)) == (timedelta.max, timedelta.min)
    assert seconds_of(math.nan) == timedelta()


@pytest.mark.parametrize("wall", ["0001-01-01T00:00:00", "9999-12-31T23:59:59"])
def test_the_first_and_the_last_day_have_bounds(wall: str) -> None:
    moment = local(wall)
    assert earliest(moment) <= latest(moment)
    for name in (None, "Asia/Tehran", "Pacific/Kiritimati", "America/Los_Angeles"):
        first, last = bounds_of_wall(datetime.fromisoformat(wall), name)
        assert first <= last


def test_a_day_at_the_end_of_the_calendar_ends_with_it() -> None:
    assert latest_of("9999-12-31") == LAST
