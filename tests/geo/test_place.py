"""Place texts, the gazetteer, outlines."""

from __future__ import annotations

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from verifier.geo.gazetteer import built_in, gazetteer_of, read_own_places
from verifier.geo.letters import folded, loose, solid, western_digits
from verifier.geo.outlines import country_at, is_inside, metres_outside, outlines
from verifier.geo.place import describe, metres_from_place, read_place
from verifier.geo.position import Position


def at(latitude: float, longitude: float) -> Position:
    return Position(latitude_degrees=latitude, longitude_degrees=longitude)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("كرج", "کرج"),
        ("تهران‌پارس", "تهران پارس"),
        ("اصفهانِ", "اصفهان"),
        ("آمل", "امل"),
        ("Khoy", "KHOY"),
        ("Ābādān", "abadan"),
    ],
)
def test_spellings_fold_together(one: str, other: str) -> None:
    assert solid(one) == solid(other)


def test_loose_spelling_ignores_what_transliterations_disagree_about() -> None:
    assert loose("Sadeghieh") == loose("Sadeqiyeh")
    assert loose("Pounak") == loose("Punak")
    assert loose("Tehran") != loose("Tabriz")


def test_digits_of_persian_and_arabic() -> None:
    assert western_digits("۱۴۰۴٫۵ ٣") == "1404.5 3"


@given(st.text(max_size=40))
def test_folding_is_idempotent(text: str) -> None:
    assert folded(folded(text)) == folded(text)


@pytest.mark.parametrize(
    ("text", "name", "level"),
    [
        ("Tehran, Punak", "Punak", "district"),
        ("پونک، تهران", "Punak", "district"),
        ("near Azadi Square, Tehran", "Azadi Square", "district"),
        ("مشهد، وکیل‌آباد", "Vakilabad", "district"),
        ("Rasht", "Rasht", "city"),
        ("Esfahan", "Isfahan", "city"),
        ("كرج", "Karaj", "city"),
        ("استان فارس", "Fars", "province"),
        ("Abdanan, Ilam", "Abdanan", "city"),
        ("Kooh Dasht", "Kuhdasht", "city"),
        ("ایران", "Iran", "country"),
        ("Zahedan, Sistan and Baluchestan", "Zahedan", "city"),
        ("Berlin, Germany", "Berlin", "city"),
    ],
)
def test_place_texts_are_understood(text: str, name: str, level: str) -> None:
    best = read_place(text).candidates[0]
    assert (best.place.name, best.place.level) == (name, level)
    assert best.anchor is not None


def test_every_capital_of_a_province_is_found_in_both_scripts_within_its_province() -> None:
    provinces = [place for place in built_in().places if place.level == "province"]
    assert len(provinces) == 31
    for province in provinces:
        for name in (province.name, province.persian):
            assert any(found.place == province for found in read_place(name).candidates), name


def test_large_cities_are_where_they_are() -> None:
    for text, latitude, longitude in (
        ("تبریز", 38.08, 46.29), ("شیراز", 29.61, 52.53), ("رشت", 37.28, 49.58), ("سنندج", 35.31, 46.99),
        ("زاهدان", 29.5, 60.86), ("اهواز", 31.32, 48.68), ("کرمانشاه", 34.31, 47.07), ("ارومیه", 37.55, 45.08),
        ("ایلام", 33.64, 46.42), ("یزد", 31.9, 54.37), ("بندرعباس", 27.19, 56.28), ("قم", 34.64, 50.88),
    ):  # fmt: skip
        candidates = read_place(text).candidates
        assert any(metres_from_place(c.place, at(latitude, longitude)) == 0 for c in candidates[:1]), text


def test_a_bare_small_or_foreign_name_never_anchors() -> None:
    """Many places share such names and the gazetteer does not hold them all: they may not contradict."""
    for text in ("Paris", "Punak", "Golestan town of nowhere", "Hoseynabad"):
        for candidate in read_place(text).candidates:
            assert candidate.anchor is None or candidate.anchor.level in ("province", "city"), text
    assert read_place("Paris").candidates[0].anchor is None
    assert read_place("Punak").candidates[0].anchor is None


def test_words_that_no_gazetteer_holds_are_kept() -> None:
    read = read_place("Tehran, Xyzzyplugh")
    assert read.candidates[0].place.name == "Tehran"
    assert read.unplaced == ("xyzzyplugh",)
    assert read_place("Xyzzyplugh").candidates == ()


def test_positions_are_places_and_absurd_ones_are_refused() -> None:
    best = read_place("35.6997,51.3380").candidates[0]
    assert best.place.latitude_degrees == 35.6997
    with pytest.raises(ValueError, match="latitude"):
        read_place("95.0,51.3")
    with pytest.raises(ValueError, match="at most"):
        read_place("x" * 1000)


def test_a_county_is_wider_than_its_city() -> None:
    assert read_place("شهرستان مریوان").candidates[0].radius_metres >= 60_000


def test_outlines_hold_their_capitals() -> None:
    for code, point in (
        ("IR", at(35.7, 51.4)),
        ("DE", at(52.5, 13.4)),
        ("TR", at(39.9, 32.9)),
        ("US", at(38.9, -77.0)),
    ):
        assert is_inside(code, point)
        assert country_at(point) == code
    assert country_at(at(0.0, -30.0)) is None
    assert 100_000 < metres_outside("IR", at(33.3, 44.4)) < 140_000  # Baghdad
    assert metres_outside("IR", at(35.7, 51.4)) == 0.0
    assert len(outlines()) > 230


def test_distance_to_a_place_counts_both_circles() -> None:
    tehran = read_place("Tehran").candidates[0].place
    assert metres_from_place(tehran, at(35.7, 51.4)) == 0.0
    mashhad = at(36.2981, 59.6057)
    far = metres_from_place(tehran, mashhad)
    assert 680_000 < far < 760_000
    assert metres_from_place(tehran, mashhad.with_radius(1_000.0)) == pytest.approx(far - 1_000.0)


def test_nearest_named_place() -> None:
    sentence = describe(at(35.6997, 51.338))
    assert sentence is not None
    assert "Azadi Square" in sentence
    assert describe(at(0.0, -30.0)) is None
    names = [place.name for place, _ in built_in().nearest(at(35.762, 51.333), within_metres=3_000)]
    assert "Punak" in names


def test_a_gazetteer_of_ones_own() -> None:
    csv_text = "name,persian,latitude,longitude,radius_metres\nCheckpoint 7,ایست هفت,35.5,51.5,200\n"
    geojson = json.dumps(
        {
            "type": "FeatureCollection",
            "features": [
                {
                    "type": "Feature",
                    "properties": {"name": "Checkpoint 7", "persian": "ایست هفت"},
                    "geometry": {"type": "Point", "coordinates": [51.5, 35.5]},
                }
            ],
        }
    )
    for text in (csv_text, geojson):
        own = gazetteer_of(read_own_places(text), built_in())
        assert read_place("ایست هفت", own).candidates[0].place.latitude_degrees == 35.5


@pytest.mark.parametrize(
    "text",
    [
        "name,latitude\nx,1\n",
        "name,latitude,longitude\nx,95,0\n",
        "{}",
        '{"features": [{"geometry": null}]}',
        "name,latitude,longitude\n,1,1\n",
    ],
)
def test_a_bad_gazetteer_gets_a_sentence(text: str) -> None:
    with pytest.raises(ValueError, match="gazetteer"):
        read_own_places(text)
