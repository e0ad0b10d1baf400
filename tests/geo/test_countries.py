"""What a country's name may contradict: never a territory of its, a border drawn otherwise, or a namesake."""

from __future__ import annotations

import pytest

from verifier.geo.countries import is_drawn, metres_from_country
from verifier.geo.gazetteer import built_in
from verifier.geo.outlines import outlines
from verifier.geo.place import metres_from_place, read_place
from verifier.geo.position import Position
from verifier.geo.region import Region


def at(latitude: float, longitude: float) -> Position:
    return Position(latitude_degrees=latitude, longitude_degrees=longitude)


@pytest.mark.parametrize(
    ("code", "where"),
    [
        ("UA", at(44.95, 34.10)),  # Simferopol
        ("UA", at(45.03, 35.38)),  # Feodosia
        ("SO", at(9.56, 44.06)),  # Hargeysa
        ("EH", at(27.15, -13.20)),  # Laayoune
        ("MA", at(27.15, -13.20)),
        ("CY", at(35.34, 33.32)),  # Kyrenia
        ("RS", at(42.66, 21.16)),  # Pristina
        ("US", at(18.45, -66.07)),  # San Juan
        ("DK", at(64.18, -51.72)),  # Nuuk
        ("CN", at(25.03, 121.56)),  # Taipei
        ("IR", at(25.87, 55.03)),  # Abu Musa
    ],
)
def test_a_border_that_is_drawn_otherwise_contradicts_nothing(code: str, where: Position) -> None:
    assert metres_from_country(code, where) == 0.0


@pytest.mark.parametrize(
    ("code", "where"),
    [("IR", at(25.20, 55.27)), ("IR", at(41.01, 28.98)), ("UA", at(55.75, 37.62)), ("US", at(46.81, -71.21))],
)
def test_a_place_far_outside_is_outside(code: str, where: Position) -> None:
    assert metres_from_country(code, where) > 0.0


def test_an_outline_that_leaves_its_own_country_out_is_not_relied_on() -> None:
    named = {place.country: place for place in built_in().places if place.level == "country"}
    assert not is_drawn(named["EH"]) and not is_drawn(named["PN"]) and not is_drawn(named["GF"])
    assert is_drawn(named["IR"]) and is_drawn(named["MC"])


def test_every_town_lies_in_its_country() -> None:
    for place in built_in().places:
        if place.country in outlines():
            assert metres_from_country(place.country, place.position) == 0.0, place


@pytest.mark.parametrize(
    "text",
    [
        "South Georgia and the South Sandwich Islands", "South Georgia", "New Mexico", "Northern Ireland",
        "Western Sahara", "Lebanon, Pennsylvania", "Georgia, USA", "Atlanta, Georgia", "British Columbia",
        "Baja California, Mexico", "Turks and Caicos Islands", "Pitcairn", "French Guiana", "Crimea, Ukraine",
    ],
)  # fmt: skip
def test_a_name_that_may_be_another_places_contradicts_nothing(text: str) -> None:
    assert [one.anchor for one in read_place(text).candidates if one.anchor is not None] == []


@pytest.mark.parametrize("text", ["Iraq", "in Turkey", "کشور عراق", "Iran", "a village, Iran", "New Zealand"])
def test_a_bare_country_still_contradicts_what_lies_elsewhere(text: str) -> None:
    anchors = [one.anchor for one in read_place(text).candidates if one.anchor is not None]
    assert anchors
    assert metres_from_place(anchors[0], at(48.85, 2.35)) > 1_000_000


@pytest.mark.parametrize("words", ["فلسطین", "Palestine", "آرژانتین", "Jordan", "عمان"])
def test_a_country_whose_name_a_place_of_the_region_bears_contradicts_nothing(words: str) -> None:
    assert all(one.anchor is None for one in read_place(words).candidates if one.place.level == "country")
    abroad = read_place(words, region=Region(country="DE"))
    assert any(one.anchor is not None for one in abroad.candidates if one.place.level == "country")
