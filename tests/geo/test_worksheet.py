"""Geolocation worksheets."""

from __future__ import annotations

import pytest

from tests.geo.dossiers import MASHHAD, ONE, PUNAK, case, claim, dossier, position
from verifier.findings.judge import judge
from verifier.findings.place.distance import CHECK
from verifier.geo.worksheet import claim_of, read_worksheet, worksheet_of
from verifier.report.maps.drawn import drawn_of

SHEET = """
camera = "35°45'42.1\\"N 51°19'50.2\\"E"
radius_metres = 8
direction = 350
field = 62
note = "the mountain line fits"

[[feature]]
description = "minaret with two balconies"
at = "35.76300,51.33010"
reference = "satellite picture of an archive"
reference_date = 2025-06-01
seconds = 3.2
x = 120
y = 80
by = "analyst 3"

[[feature]]
description = "round water tank"
at = "35.76350,51.33000"
reference = "street picture"

[[absent]]
what = "footbridge"
why = "the map of 2024 has one, the picture shows none: built later or hidden"

[[excluded]]
what = "Jannat Abad"
why = "no minaret of that shape"
"""


def test_a_worksheet_becomes_a_claim_and_comes_back() -> None:
    sheet = read_worksheet(SHEET)
    assert sheet.precision == "exact"
    assert [feature.number for feature in sheet.features] == [1, 2]
    assert sheet.features[0].reference_date == "2025-06-01"
    filed = claim_of(sheet, ONE, "analyst 3")
    assert worksheet_of(filed) == sheet
    assert worksheet_of(claim("Tehran")) is None


def test_it_is_held_against_recorded_positions_and_drawn() -> None:
    filed = claim_of(read_worksheet(SHEET), ONE, "analyst 3")
    fits = judge(case(dossier(position(PUNAK), [filed])), [CHECK])[ONE]
    assert "place.position_fits_claim" in {finding.code for finding in fits}
    far = judge(case(dossier(position(MASHHAD), [filed])), [CHECK])[ONE]
    assert "place.position_contradicts_claim" in {finding.code for finding in far}
    things = drawn_of(case(dossier(claims=[filed])))
    assert [thing.kind for thing in things] == ["matched"] * 3
    assert things[0].view is not None
    assert things[1].title == "1"


@pytest.mark.parametrize(
    ("change", "says"),
    [
        (("radius_metres = 8", "radius_metres = 0"), "more than 0"),
        (("radius_metres = 8", 'radius_metres = "8"'), "is a number"),
        (("direction = 350", "bearing = 350"), "'bearing' is not a part of a worksheet"),
        (("field = 62", "field = 400"), "field of view"),
        (("seconds = 3.2", "seconds = -1"), "0 or more"),
        (("x = 120", "x = -4"), "whole number of pixels"),
        (("by = ", "who = "), "'who' is not a part of a feature"),
        (('at = "35.76300,51.33010"', 'at = "95.0,51.0"'), "latitude lies between"),
        (('at = "35.76300,51.33010"', "at = 35"), "in quotes"),
        (('why = "no minaret of that shape"', ""), "exactly two keys"),
        (('camera = "', 'camera = "x'), "is not a position"),
        (("[[feature]]", "[[features]]"), "is not a part of a worksheet"),
    ],
)
def test_a_bad_worksheet_gets_a_sentence(change: tuple[str, str], says: str) -> None:
    with pytest.raises(ValueError, match=says):
        read_worksheet(SHEET.replace(*change))


def test_no_toml_and_no_feature() -> None:
    with pytest.raises(ValueError, match="not TOML"):
        read_worksheet("camera = ")
    with pytest.raises(ValueError, match="at least one"):
        read_worksheet('camera = "35.7,51.3"\nradius_metres = 5\n')
