"""ISO 6709, in its three spellings."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from verifier.metadata.iso6709 import parse_iso6709


@given(st.floats(-90, 90), st.floats(-180, 180), st.floats(-500, 9000))
def test_decimal_degrees_survive(latitude: float, longitude: float, altitude: float) -> None:
    point = parse_iso6709(f"{latitude:+010.6f}{longitude:+011.6f}{altitude:+.3f}/")
    if round(latitude, 6) == 0 and round(longitude, 6) == 0:
        assert point is None
        return
    assert point is not None
    assert point[:2] == pytest.approx((latitude, longitude), abs=1e-6)
    assert point[2] == pytest.approx(altitude, abs=1e-3)


def test_minutes_and_seconds() -> None:
    assert parse_iso6709("+3541.5+05125.2/") == pytest.approx((35 + 41.5 / 60, 51 + 25.2 / 60, None), abs=1e-9)
    point = parse_iso6709("-354130-0512512/")
    assert point is not None
    assert point[:2] == pytest.approx((-(35 + 41 / 60 + 30 / 3600), -(51 + 25 / 60 + 12 / 3600)))


@pytest.mark.parametrize("text", ["", "+00.0000+000.0000/", "+95.0+010.0/", "+10.0+190.0/", "35.0, 51.0", "+35.0"])
def test_what_is_no_place(text: str) -> None:
    assert parse_iso6709(text) is None


def test_an_absurd_altitude_is_left_out() -> None:
    assert parse_iso6709("+35.0+051.0+999999/") == (35.0, 51.0, None)
