"""Positions of Exif's GPS directory: by their literal meaning, or withheld with a code."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from verifier.media.structure.tiff import Number
from verifier.metadata.gps import Gps, read_gps

SANTIAGO = (-(33 + 26 / 60 + 12 / 3600), -(70 + 38 / 60 + 5 / 3600))


def gps(latitude: list[Number], longitude: list[Number], references: tuple[str, str] = ("N", "E"), **texts: str) -> Gps:
    numbers = {"GPSLatitude": latitude, "GPSLongitude": longitude}
    named = {"GPSLatitude": "as written", "GPSLatitudeRef": references[0], "GPSLongitudeRef": references[1]}
    return read_gps(numbers, named | texts)


def test_a_minus_before_degrees_south_says_south_once() -> None:
    read = gps([(-33, 1), (26, 1), (12, 1)], [(-70, 1), (38, 1), (5, 1)], ("S", "W"))
    assert (read.latitude, read.longitude) == (pytest.approx(SANTIAGO[0]), pytest.approx(SANTIAGO[1]))
    assert read.withheld is None


EAST: list[Number] = [(51, 1), (25, 1), (0, 1)]
NORTH: list[Number] = [(35, 1), (41, 1), (30, 1)]


@pytest.mark.parametrize(
    ("latitude", "longitude", "references", "texts", "code"),
    [
        ([(-35, 1), (41, 1), (30, 1)], EAST, ("N", "E"), {}, "sign_and_reference"),
        (NORTH, [(-51, 1), (25, 1), (0, 1)], ("N", "E"), {}, "sign_and_reference"),
        (NORTH, [(51, 1), (4294967271, 1000000), (0, 1)], ("N", "E"), {}, "parts_out_of_range"),
        ([(35, 1), (-41, 1), (30, 1)], EAST, ("S", "E"), {}, "parts_out_of_range"),
        ([(35, 1), (41, 1), (60, 1)], EAST, ("N", "E"), {}, "parts_out_of_range"),
        ([(4294967263, 1), (41, 1), (30, 1)], EAST, ("N", "E"), {}, "no_place"),
        ([(90, 1), (0, 1), (1, 1)], EAST, ("N", "E"), {}, "no_place"),
        (NORTH, EAST, ("E", "N"), {}, "reference_wrong"),
        (NORTH, EAST, ("", "E"), {}, "reference_missing"),
        ([(35, 0), (41, 1), (30, 1)], EAST, ("N", "E"), {}, "zero_denominator"),
        ([(0, 1)], [(0, 1)], ("N", "E"), {}, "placeholder"),
        (NORTH, EAST, ("N", "E"), {"GPSStatus": "V"}, "no_fix"),
        (NORTH, EAST, ("N", "E"), {"GPSProcessingMethod": "CELLID"}, "network"),
        (NORTH, EAST, ("N", "E"), {"GPSProcessingMethod": "network"}, "network"),
        (NORTH, [], ("N", "E"), {}, "incomplete"),
    ],
)
def test_a_position_with_a_known_problem_is_withheld(
    latitude: list[Number], longitude: list[Number], references: tuple[str, str], texts: dict[str, str], code: str
) -> None:
    read = gps(latitude, longitude, references, **texts)
    assert (read.latitude, read.longitude, read.withheld) == (None, None, code)


@pytest.mark.parametrize("texts", [{}, {"GPSStatus": "A"}, {"GPSProcessingMethod": "GPS"}])
def test_a_sound_position_is_kept(texts: dict[str, str]) -> None:
    read = gps(NORTH, EAST, **texts)
    assert (read.latitude, read.withheld) == (pytest.approx(35 + 41 / 60 + 30 / 3600), None)


def test_a_void_receivers_time_is_withheld() -> None:
    stamps: dict[str, list[Number]] = {"GPSTimeStamp": [(8, 1), (0, 1), (0, 1)]}
    texts = {"GPSDateStamp": "2023:05:04"}
    assert read_gps(stamps, texts).moment is not None
    void = read_gps(stamps, texts | {"GPSStatus": "V"})
    assert (void.moment, void.moment_withheld) == (None, "no_fix")


parts = st.tuples(st.integers(-200, 4294967295), st.sampled_from([0, 1, -1, 10, 1000000]))
small = st.tuples(st.integers(-90, 180), st.just(1))
triples = st.lists(st.one_of(small, parts), min_size=1, max_size=3)
letters = st.sampled_from(["N", "S", "E", "W", "", "n", "X", "North", "\x00"])


@given(triples, triples, letters, letters)
def test_a_position_is_its_literal_meaning_or_withheld(
    latitude: list[Number], longitude: list[Number], north: str, east: str
) -> None:
    read = gps(latitude, longitude, (north, east))
    if read.latitude is None or read.longitude is None:
        assert read.withheld is not None
        return
    assert read.withheld is None
    for degrees, rationals, reference, most in (
        (read.latitude, latitude, north, 90.0), (read.longitude, longitude, east, 180.0),
    ):  # fmt: skip
        values = [n / d if d else 0.0 for n, d in rationals]  # type: ignore[misc]
        assert all(0.0 <= value < 60.0 for value in values[1:])
        literal = abs(values[0]) + sum(v / s for v, s in zip(values[1:], (60.0, 3600.0), strict=False))
        assert abs(degrees) == pytest.approx(literal)
        assert literal <= most
        is_south = reference[:1].upper() in ("S", "W")
        assert degrees <= 0 if is_south else degrees >= 0
        assert values[0] >= 0 or is_south
