"""The region of a case: against it a swapped order of coordinates is suspected."""

from __future__ import annotations

from dataclasses import replace

import pytest

from tests.report.sample_case import case
from verifier.findings.claims import COUNTRY, bounds_of, region_of
from verifier.geo.position import Position
from verifier.geo.region import HOME, Region
from verifier.records import Claim

KABUL = Position(latitude_degrees=34.53, longitude_degrees=69.17)
TEHRAN = Position(latitude_degrees=35.70, longitude_degrees=51.39)


def test_a_region_holds_its_country() -> None:
    assert HOME.holds(TEHRAN) and not HOME.holds(KABUL)
    assert Region(country="AF").holds(KABUL) and not Region(country="AF").holds(TEHRAN)
    assert not Region(country="QQ").holds(TEHRAN)  # an outline that is not known holds nothing


@pytest.mark.parametrize(("country", "words", "is_suspected"), [
    (None, "51.39, 35.70", True), (None, "69.17, 34.53", False), ("AF", "69.17, 34.53", True),
    ("AF", "34.53, 69.17", False), ("QQ", "69.17, 34.53", False),
])  # fmt: skip
def test_a_swapped_order_is_suspected_against_the_region_of_the_case(
    country: str | None, words: str, is_suspected: bool
) -> None:
    known = case(2)
    known = replace(known, settings={**known.settings, **({COUNTRY: country} if country else {})})
    assert region_of(known).country == (country or "IR")
    read = bounds_of(Claim(id="c", exhibit=None, batch="b", by="K", place=words), known)
    assert read.place is not None
    assert ("order_suspected" in read.place.notes) is is_suspected
