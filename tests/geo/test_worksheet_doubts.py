"""Features too far away or behind the camera are told; x and y follow one rule."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.geo.test_worksheet import SHEET
from verifier.errors import UsageError
from verifier.geo.frame_point import frame_coordinate
from verifier.geo.position import Position, destination
from verifier.geo.worksheet import read_worksheet
from verifier.geo.worksheet_doubts import doubts
from verifier.workflow.people.locate import read_feature

CAMERA = Position(latitude_degrees=35.7617, longitude_degrees=51.3306, radius_metres=8)


def at(bearing: float, metres: float) -> Position:
    latitude, longitude = destination(CAMERA, bearing, metres)
    return Position(latitude_degrees=latitude, longitude_degrees=longitude)


def test_a_sheet_without_doubts_is_silent() -> None:
    assert read_worksheet(SHEET).doubts == ()


def test_a_feature_with_its_longitude_first_is_told() -> None:
    swapped = SHEET.replace('at = "35.76300,51.33010"', 'at = "51.33010,35.76300"')
    (doubt,) = read_worksheet(swapped).doubts
    assert "2,129 km" in doubt
    assert "other order" in doubt


@given(st.floats(0, 360), st.floats(1, 120), st.floats(-180, 180))
def test_only_what_lies_outside_the_view_is_told(direction: float, field: float, off: float) -> None:
    found = doubts(CAMERA, direction % 360, field, [(1, at((direction + off) % 360, 900.0))])
    if abs(off) < field / 2:
        assert found == ()
    if abs(off) > field / 2 + 6:
        assert ("behind" in found[0]) == (abs(off) > 90) or abs(abs(off) - 90) < 1


@pytest.mark.parametrize("value", [0, 0.25, 1, 120, 640.0])
def test_a_share_or_pixels_are_one_rule_everywhere(value: float) -> None:
    assert frame_coordinate("x", value) == value
    assert read_feature(f"1|tower|map|||{value}|{value}|").x == value
    assert read_worksheet(SHEET.replace("x = 120", f"x = {value}")).features[0].x == value


@pytest.mark.parametrize("value", [-1, 1.5, 1e9])
def test_neither_share_nor_pixels_is_refused_everywhere(value: float) -> None:
    with pytest.raises(ValueError, match="share"):
        frame_coordinate("x", value)
    with pytest.raises(UsageError):
        read_feature(f"1|tower|map|||{value}|0|")
    with pytest.raises(ValueError, match="share"):
        read_worksheet(SHEET.replace("x = 120", f"x = {value}"))
