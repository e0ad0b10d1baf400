"""The sun and the moon against published values and NREL's algorithm."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import numpy as np
import pandas as pd
import pvlib
import pytest

from verifier.geo.position import Position
from verifier.geo.sky.moon import _ecliptic, moon_at
from verifier.geo.sky.sun import altitude_range, light, sampled, sun_events, sun_position

TEHRAN = Position(latitude_degrees=35.7, longitude_degrees=51.4)


def test_the_published_case_of_the_solar_position_algorithm() -> None:
    """Reda & Andreas (2004), table A4.1: zenith 50.11162, azimuth 194.34024 (there at 820 mbar and 11 °C)."""
    at = datetime(2003, 10, 17, 19, 30, 30, tzinfo=UTC).timestamp()
    altitude, azimuth = sun_position(at, 39.742476, -105.1786)
    assert 90 - float(altitude) == pytest.approx(50.11162, abs=0.01)
    assert float(azimuth) == pytest.approx(194.34024, abs=0.01)


def test_agrees_with_pvlib_at_random_times_and_places() -> None:
    rng = np.random.default_rng(20260108)
    times = rng.uniform(946_684_800, 2_000_000_000, 300)
    latitudes, longitudes = rng.uniform(-66, 72, 300), rng.uniform(-180, 180, 300)
    altitude, azimuth = sun_position(times, latitudes, longitudes)
    for index, unix in enumerate(times):
        index_of_time = pd.DatetimeIndex([pd.Timestamp(unix, unit="s", tz="UTC")])
        truth = pvlib.solarposition.spa_python(index_of_time, latitudes[index], longitudes[index]).iloc[0]
        if truth.apparent_elevation > 1:
            assert altitude[index] == pytest.approx(truth.apparent_elevation, abs=0.02)
            turn = (azimuth[index] - truth.azimuth + 180) % 360 - 180
            assert abs(turn) * np.cos(np.radians(altitude[index])) < 0.02


def test_rise_and_set_in_tehran() -> None:
    """Almanac for Tehran, 8 January 2026: sunrise 07:14, sunset 17:08, to the minute or so."""
    day = datetime(2026, 1, 7, 20, 30, tzinfo=UTC)
    events = {event.name: event.at for event in sun_events(TEHRAN, day, day + timedelta(days=1))}
    assert abs(events["sunrise"] - datetime(2026, 1, 8, 3, 44, tzinfo=UTC)) < timedelta(minutes=2)
    assert abs(events["sunset"] - datetime(2026, 1, 8, 13, 38, tzinfo=UTC)) < timedelta(minutes=2)
    names = list(events)
    assert names[:4] == ["astronomical dawn", "nautical dawn", "civil dawn", "sunrise"]
    assert names[4:] == ["sunset", "civil dusk", "nautical dusk", "astronomical dusk"]


def test_a_polar_night_has_no_sunrise() -> None:
    north = Position(latitude_degrees=78.2, longitude_degrees=15.6)
    day = datetime(2026, 12, 21, tzinfo=UTC)
    assert not [event for event in sun_events(north, day, day + timedelta(days=1)) if event.name == "sunrise"]


def test_altitude_range_holds_every_altitude_within_its_radius() -> None:
    start = datetime(2026, 1, 8, 6, tzinfo=UTC)
    low, high = altitude_range(TEHRAN, start, start + timedelta(hours=3), radius_metres=50_000)
    rng = np.random.default_rng(1)
    times = start.timestamp() + rng.uniform(0, 3 * 3600, 500)
    altitude, _ = sun_position(times, 35.7 + rng.uniform(-0.3, 0.3, 500), 51.4 + rng.uniform(-0.3, 0.3, 500))
    assert low <= altitude.min()
    assert altitude.max() <= high


def test_absurd_intervals_get_a_sentence() -> None:
    now = datetime(2026, 1, 1, tzinfo=UTC)
    with pytest.raises(ValueError, match="ends before it begins"):
        sampled(now, now - timedelta(days=1))
    with pytest.raises(ValueError, match="at most 400 days"):
        sampled(now, now + timedelta(days=500))


def test_words_for_light() -> None:
    assert [light(degrees) for degrees in (30, 2, -3, -8, -15, -30)] == [
        "day", "low sun", "civil twilight", "nautical twilight", "astronomical twilight", "night",
    ]  # fmt: skip


def test_moon_of_meeus_example_47a() -> None:
    """1992 April 12, 0h TD: longitude 133.162655, latitude -3.229126, distance 368409.7 km."""
    longitude, latitude, kilometres = _ecliptic((2448724.5 - 2451545) / 36525)
    assert np.degrees(longitude) == pytest.approx(133.162655, abs=0.01)
    assert np.degrees(latitude) == pytest.approx(-3.229126, abs=0.01)
    assert kilometres == pytest.approx(368409.7, abs=100)


@pytest.mark.parametrize(
    ("at", "phase"),
    [
        ("2026-01-03T10:03", "full"),
        ("2026-01-18T19:52", "new"),
        ("2026-01-10T15:48", "half"),
        ("2026-01-26T04:47", "half"),
    ],
)
def test_phases_of_january_2026(at: str, phase: str) -> None:
    moon = moon_at(TEHRAN, datetime.fromisoformat(at).replace(tzinfo=UTC))
    assert moon.phase == phase
    assert moon.is_waxing is (at in ("2026-01-03T10:03", "2026-01-26T04:47"))


def test_a_full_moon_stands_opposite_the_sun() -> None:
    at = datetime(2026, 1, 3, 20, 30, tzinfo=UTC)
    sun_altitude, _ = sun_position(at.timestamp(), 35.7, 51.4, refraction=False)
    assert moon_at(TEHRAN, at).altitude_degrees == pytest.approx(-float(sun_altitude), abs=8)
