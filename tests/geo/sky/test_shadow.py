"""The three questions of a shadow, with intervals."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from verifier.geo.position import Position
from verifier.geo.sky.shadow import (
    Shadow,
    Turn,
    agreement,
    altitude_interval,
    azimuth_interval,
    grid,
    places_of,
    times_of,
)
from verifier.geo.sky.shadow_local import places_of_wall
from verifier.geo.sky.sun import sun_position

TEHRAN = Position(latitude_degrees=35.7, longitude_degrees=51.4)
DAY = datetime(2026, 1, 7, 20, 30, tzinfo=UTC)
NEXT = DAY + timedelta(days=1)


def clock(instant: datetime) -> str:
    return (instant + timedelta(hours=3.5)).strftime("%H:%M")


def test_an_exact_measure_may_have_no_solution_and_says_how_near() -> None:
    exact = altitude_interval(
        height=1.75, height_error=0, length=2.6, length_error=0, slope_error_degrees=0, lean_error_degrees=0
    )
    assert exact[0] == exact[1] == pytest.approx(33.944, abs=0.001)
    found = times_of(TEHRAN, DAY, NEXT, Shadow(altitude_degrees=exact))
    assert found.intervals == ()
    assert found.nearest_miss_degrees == pytest.approx(1.84, abs=0.02)
    assert clock(found.nearest_miss_at) == "12:11"


def test_errors_make_intervals_and_a_direction_halves_them() -> None:
    measured = altitude_interval(height=1.75, height_error=0.0875, length=2.6, length_error=0.26)
    assert measured == pytest.approx((29.17, 39.14), abs=0.01)
    (alone,) = times_of(TEHRAN, DAY, NEXT, Shadow(altitude_degrees=measured)).intervals
    assert (clock(alone[0]), clock(alone[1])) == ("10:52", "13:31")
    both = Shadow(altitude_degrees=measured, azimuth_degrees=(0.0, 40.0))
    (half,) = times_of(TEHRAN, DAY, NEXT, both).intervals
    assert (clock(half[0]), clock(half[1])) == ("12:11", "13:31")


@given(
    st.floats(-55, 55),
    st.floats(-180, 180),
    st.integers(0, 365 * 86400),
    st.floats(0.02, 0.2),
    st.floats(-8, 8),
    st.floats(-5, 5),
)
def test_the_true_time_is_never_excluded(
    latitude: float, longitude: float, second: int, error: float, slope: float, lean: float
) -> None:
    """A leaning pole's shadow on a slope, by the true sun, measured with an error, admits its time."""
    at = datetime(2026, 1, 1, tzinfo=UTC) + timedelta(seconds=second)
    altitude, azimuth = (float(value) for value in sun_position(at.timestamp(), latitude, longitude))
    if not 8 + abs(slope) < altitude < 80:
        return
    sun, ground, pole = np.radians([altitude, slope, lean])
    # the tip is at (2 sin lean, 2 cos lean); its shadow meets the ground line y = x tan slope
    along = (2 * np.sin(pole) * np.tan(sun) + 2 * np.cos(pole)) / (np.tan(ground) + np.tan(sun))
    length = along / np.cos(ground)
    band = altitude_interval(
        height=2 * (1 + error / 2), height_error=2 * error, length=length * (1 - error / 2),
        length_error=length * error, slope_degrees=slope, lean_degrees=lean,
    )  # fmt: skip
    shadow = Shadow(altitude_degrees=band, azimuth_degrees=azimuth_interval((azimuth + 180) % 360, 5))
    place = Position(latitude_degrees=latitude, longitude_degrees=longitude)
    found = times_of(place, at - timedelta(hours=2), at + timedelta(hours=2), shadow)
    assert any(start <= at <= end for start, end in found.intervals)
    assert agreement(place, at, at, shadow).agrees


def test_places_of_an_instant_hold_the_true_place_and_exclude_another() -> None:
    at = datetime(2026, 1, 8, 10, tzinfo=UTC)
    altitude, azimuth = (float(value) for value in sun_position(at.timestamp(), 35.7, 51.4))
    shadow = Shadow(
        altitude_degrees=(altitude - 1, altitude + 1), azimuth_degrees=azimuth_interval((azimuth + 180) % 360, 3)
    )
    found = places_of(at, at, shadow, box=(24.0, 44.0, 40.0, 64.0), step_degrees=0.25)
    row, column = (
        int(np.argmin(abs(found.latitudes_degrees - 35.7))),
        int(np.argmin(abs(found.longitudes_degrees - 51.4))),
    )
    assert found.fits[row, column]
    assert not found.fits[int(np.argmin(abs(found.latitudes_degrees - 25.5))), column]
    assert found.nearest_miss_degrees == 0.0


def test_the_fast_band_equals_the_full_computation() -> None:
    at = datetime(2026, 1, 8, 10, tzinfo=UTC)
    band = (30.0, 35.0)
    fast = places_of(at, at, Shadow(altitude_degrees=band), step_degrees=1.0)
    latitudes, longitudes = grid((-66.0, -180.0, 72.0, 180.0), 1.0)
    altitude, _ = sun_position(at.timestamp(), latitudes[:, None], longitudes[None, :])
    assert np.array_equal(fast.fits, (altitude >= band[0]) & (altitude <= band[1]))


def test_an_interval_of_time_widens_the_band() -> None:
    at = datetime(2026, 1, 8, 10, tzinfo=UTC)
    shadow = Shadow(altitude_degrees=(30.0, 31.0))
    one = places_of(at, at, shadow, step_degrees=1.0)
    longer = places_of(at, at + timedelta(minutes=20), shadow, step_degrees=1.0)
    assert np.all(longer.fits[one.fits])
    assert longer.fits.sum() > one.fits.sum()


def test_no_place_is_told_with_the_nearest_miss() -> None:
    night = datetime(2026, 1, 8, 20, tzinfo=UTC)
    found = places_of(
        night, night, Shadow(altitude_degrees=(40.0, 50.0)), box=(30.0, 45.0, 40.0, 60.0), step_degrees=1.0
    )
    assert not found.fits.any()
    assert found.nearest_miss_degrees > 60


def test_two_shadows_of_one_scene_need_no_north() -> None:
    """Two lengths and the turn between them, at two known times (what users of ShadowFinder asked for)."""
    first = datetime(2026, 1, 8, 7, tzinfo=UTC)
    gap = 2 * 3600.0
    altitudes, azimuths = sun_position(np.array([first.timestamp(), first.timestamp() + gap]), 35.7, 51.4)
    turn_degrees = float(azimuths[1] - azimuths[0])
    shadow = Shadow(altitude_degrees=(float(altitudes[0]) - 1, float(altitudes[0]) + 1))
    later = Shadow(altitude_degrees=(float(altitudes[1]) - 1, float(altitudes[1]) + 1))
    turn = Turn(gap_seconds=gap, degrees=(turn_degrees - 1, turn_degrees + 1), second=later)
    box = (24.0, 44.0, 40.0, 64.0)
    alone = places_of(first, first, shadow, box=box, step_degrees=0.5)
    both = places_of(first, first, shadow, turn, box=box, step_degrees=0.5)
    row, column = (
        int(np.argmin(abs(both.latitudes_degrees - 35.7))),
        int(np.argmin(abs(both.longitudes_degrees - 51.4))),
    )
    assert both.fits[row, column]
    assert 0 < both.fits.sum() < alone.fits.sum() / 2
    assert any(start <= first <= end for start, end in times_of(TEHRAN, DAY, NEXT, shadow, turn).intervals)


def test_a_claim_that_does_not_fit_says_by_how_much() -> None:
    noon = datetime(2026, 1, 8, 8, 40, tzinfo=UTC)
    answer = agreement(TEHRAN, noon, noon, Shadow(altitude_degrees=(50.0, 60.0)))
    assert not answer.agrees
    assert 17 < answer.miss_degrees < 19
    assert agreement(TEHRAN.with_radius(3e6), noon, noon, Shadow(altitude_degrees=(50.0, 60.0))).agrees


@pytest.mark.parametrize(
    ("measures", "says"),
    [
        ({"height": -1.0, "height_error": 0.0, "length": 1.0, "length_error": 0.0}, "a height is more than zero"),
        (
            {"height": 1.0, "height_error": 0.0, "length": -1.0, "length_error": 0.0},
            "a shadow length is more than zero",
        ),
        ({"height": 1.0, "height_error": -0.1, "length": 1.0, "length_error": 0.0}, "zero or more"),
        ({"height": 1.0, "height_error": 2.0, "length": 1.0, "length_error": 0.0}, "says nothing"),
        ({"height": 1.0, "height_error": 0.1, "length": 1.0, "length_error": 0.1, "slope_degrees": 85.0}, "below 80"),
        ({"height": float("nan"), "height_error": 0.1, "length": 1.0, "length_error": 0.1}, "more than zero"),
    ],
)
def test_absurd_measures_get_a_sentence(measures: dict[str, float], says: str) -> None:
    with pytest.raises(ValueError, match=says):
        altitude_interval(**measures)


def test_absurd_questions_get_a_sentence() -> None:
    with pytest.raises(ValueError, match="a length ratio or a direction"):
        Shadow()
    with pytest.raises(ValueError, match="an azimuth lies between"):
        azimuth_interval(400.0, 1.0)
    with pytest.raises(ValueError, match="a box is"):
        grid((10.0, 0.0, 5.0, 10.0), 1.0)
    with pytest.raises(ValueError, match="cells"):
        grid((-90.0, -180.0, 90.0, 180.0), 0.01)


def test_a_local_clock_is_read_in_each_places_own_zone() -> None:
    """13:30 on the clocks of Tehran (10:00 UTC) and of Berlin (12:30 UTC) on one day."""
    wall = datetime(2026, 1, 8, 13, 30)  # noqa: DTZ001 - a wall clock
    for latitude, longitude, hour in ((35.5, 51.5, 10.0), (52.5, 13.5, 12.5)):
        at = datetime(2026, 1, 8, tzinfo=UTC) + timedelta(hours=hour)
        altitude = float(sun_position(at.timestamp(), latitude, longitude)[0])
        shadow = Shadow(altitude_degrees=(altitude - 0.3, altitude + 0.3))
        box = (latitude - 2, longitude - 2, latitude + 2, longitude + 2)
        found = places_of_wall(wall, shadow, box=box, step_degrees=0.5)
        assert found.fits[4, 4]
        assert not found.fits[0].any()
    with pytest.raises(ValueError, match="has no zone"):
        places_of_wall(wall.replace(tzinfo=UTC), shadow)
