"""A, B is a B inside A; a far B is words; what lies apart never anchors."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.geo.dossiers import ONE, PUNAK, case, claim, dossier, position
from tools.gazetteer.pack import TARGET, build, loose_keys, name_keys
from verifier.findings.judge import judge
from verifier.findings.place import claimed_place
from verifier.geo.gazetteer import built_in, read_own_places
from verifier.geo.packed_places import packed
from verifier.geo.place import metres_from_place, read_place
from verifier.geo.position import metres_between
from verifier.geo.told_place import told_place

TOWNS = [place for place in built_in().of_level("city") if place.country == "IR" and place.people >= 300_000]
FAR = [place for place in built_in().of_level("city") if place.country == "IR" and 5_000 < place.people < 300_000]
KINDS = ("خیابان {}", "میدان {}", "دروازه {}", "بلوار {}", "{} Street", "{} Square", "Meydan-e {}")


@settings(max_examples=80, deadline=None)
@given(st.sampled_from(TOWNS), st.sampled_from(FAR), st.sampled_from(KINDS), st.booleans())
def test_a_street_that_bears_a_far_town_is_never_that_town(town, far, kind, town_first) -> None:
    street = kind.format(far.persian if "{}" in kind and kind[0] not in "{M" and far.persian else far.name)
    name = town.persian if street[0] > "\u0600" else town.name
    text = f"{name}، {street}" if town_first else f"{street}، {name}"
    read = read_place(text)
    reach = town.radius_metres + 60_000.0
    near = [metres_between(candidate.place.position, town.position) <= reach for candidate in read.candidates]
    assert any(near), text
    if metres_between(town.position, far.position) > reach:
        assert all(candidate.place.name != far.name or candidate.place.level == "district"
                   or candidate.place.name == town.name for candidate in read.candidates), text  # fmt: skip


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("تهران، خیابان شیراز", "Shiraz"),
        ("مشهد، میدان فلسطین", "Palestine Square"),
        ("شیراز، دروازه اصفهان", "Darvazeh Isfahan"),
        ("رشت، خیابان تهران", "Rasht"),
        ("Karaj, Baharestan", "Baharestan"),
        ("Golestan, Ahvaz", "Golestan"),
        ("اهواز، گلستان", "Golestan"),
        ("سنندج، میدان آزادی", "Azadi Square"),
        ("Mashhad, Ferdowsi Blvd", "Ferdowsi Boulevard"),
    ],
)
def test_the_inner_place_wins(text: str, name: str) -> None:
    best = read_place(text).candidates[0].place
    assert best.name.startswith(name)
    assert best.level == "district" or best.name == "Rasht"


@pytest.mark.parametrize("text", ["Tehran and Shiraz", "تهران یا مشهد", "Qom/Kashan", "سراوان گیلان"])
def test_two_places_apart_stand_both_and_never_anchor(text: str) -> None:
    read = read_place(text)
    assert len(read.candidates) > 1
    assert all(candidate.anchor is None for candidate in read.candidates)


def test_words_are_all_used_or_kept() -> None:
    read = read_place("شیراز، خیابان ناشناخته، کوچه ۵")
    assert read.candidates[0].place.name == "Shiraz"
    assert "ناشناخته" in " ".join(read.unplaced)
    assert read_place("not Tehran").candidates == ()
    near, plain = read_place("near Rasht").candidates[0], read_place("Rasht").candidates[0]
    assert near.radius_metres > plain.radius_metres
    assert read_place("۲۰ کیلومتری شیراز").candidates[0].radius_metres > 20_000


def test_a_loose_spelling_is_held_at_home_or_inside_a_named_place_only() -> None:
    assert all(one.place.country == "IR" for one in read_place("Karim Khan").candidates)
    assert read_place("Tehran, Saadeqieh").candidates[0].place.name == "Sadeqiyeh"
    assert not any(one.place.country == "DE" for one in read_place("Tehran, Moein").candidates)


def test_an_ambiguous_name_gives_every_place_with_its_county() -> None:
    told = [told_place(one.place) for one in read_place("Nurabad").candidates]
    assert any("Delfan county, Lorestan" in name for name in told)
    assert any("Mamasani county, Fars" in name for name in told)


def test_the_packed_file_is_what_the_tables_say() -> None:
    places = build()
    assert packed([(place, name_keys(place), loose_keys(place)) for place in places]) == TARGET.read_bytes()
    assert {place.source for place in places} <= {"own", "geonames", "geonames+own"}


def test_each_own_spelling_finds_its_place() -> None:
    shelf = built_in()
    for place in [*shelf.of_level("county"), *TOWNS]:
        for name in (place.name, place.persian, *place.others):
            assert place in shelf.named(name), name


def told(text: str) -> set[str]:
    found = judge(case(dossier(position(PUNAK), [claim(text)])), [claimed_place.CHECK])[ONE]
    return {finding.code for finding in found}


def test_what_a_claim_leaves_open_is_told() -> None:
    assert told("51.3306, 35.7617") == {claimed_place.ORDER}
    assert told("Tehran and Shiraz") == {claimed_place.APART}
    assert told("Shiraz (35.7617, 51.3306)") == {claimed_place.OFF}
    assert told("Nurabad") == {claimed_place.SEVERAL}
    assert told("رشت، خیابان تهران") == {claimed_place.KEPT}


def test_a_plain_claim_leaves_nothing_open() -> None:
    for text in ("Tehran, Punak", "35.7617,51.3306", "Rasht", "پونک (۳۵٫۷۶۱۷، ۵۱٫۳۳۰۶)"):
        assert told(text) == set(), text


def test_a_table_with_a_bare_return_gets_a_sentence() -> None:
    with pytest.raises(ValueError, match="gazetteer"):
        read_own_places("na\rme,latitude,longitude\nx,35,51\n")


CITY_PAIRS = [("تهران", "قم"), ("Tehran", "Qom"), ("Qom", "Kashan"), ("خرم آباد", "اندیمشک"), ("Mashhad", "Nishapur"),
              ("تهران", "فیروزکوه"), ("سنندج", "مریوان"), ("Karaj", "Qazvin")]  # fmt: skip
ROADS = ("اتوبان {} {}", "آزادراه {} به {}", "جاده {} - {}", "محور {}-{}", "بین {} و {}", "{}-{} highway",
         "{} - {} freeway", "road from {} to {}", "highway between {} and {}", "{} {} road")  # fmt: skip


@pytest.mark.parametrize("ends", CITY_PAIRS)
@pytest.mark.parametrize("form", ROADS)
def test_a_road_reaches_from_one_end_to_the_other_and_contradicts_nothing(form: str, ends: tuple[str, str]) -> None:
    read = read_place(form.format(*ends))
    towns = [next(place for place in built_in().named(end) if place.level == "city") for end in ends]
    assert read.candidates, read
    for town in towns:
        assert min(metres_from_place(one.place, town.position, one.radius_metres) for one in read.candidates) == 0.0
    assert all(one.anchor is None for one in read.candidates)


@pytest.mark.parametrize("form", ["{}, Iran", "Iran, {}", "{} - Iran", "{}، ایران", "ایران، {}", "{} ایران"])
def test_the_country_beside_a_town_is_no_street_of_its_name(form: str) -> None:
    towns = [place for place in built_in().of_level("city") if place.country == "IR" and place.people >= 300_000]
    assert len(towns) > 20
    for town in towns:
        for name in (town.name, town.persian):
            read = read_place(form.format(name))
            assert {one.place.level for one in read.candidates} <= {"city", "province", "county"}, (form, name)
            apart = [metres_between(one.place.position, town.position) for one in read.candidates]
            assert min(apart) < 10_000.0, (form, name)


@pytest.mark.parametrize("text", ["خیابان ایران", "تهران، خیابان ایران", "Iran Street, Tehran"])
def test_a_street_of_the_countrys_name_is_still_found(text: str) -> None:
    assert [one.place.name for one in read_place(text).candidates] == ["Iran Street"]


@pytest.mark.parametrize("text", ["Vanak/Vali-e Asr", "ونک یا ولیعصر", "Vanak or Tajrish", "تجریش یا ونک"])
def test_each_of_two_listed_quarters_stands(text: str) -> None:
    names = {(one.place.name, one.place.city) for one in read_place(text).candidates}
    assert ("Vanak", "Tehran") in names
    assert any(name.startswith(("Vali", "Tajrish")) for name, _ in names)


@pytest.mark.parametrize("text", ["between Enqelab and Azadi squares", "بین میدان انقلاب و آزادی"])
def test_two_squares_are_those_of_one_town(text: str) -> None:
    read = read_place(text)
    assert {one.place.city for one in read.candidates} >= {"Tehran", "Isfahan"}
    assert max(one.radius_metres for one in read.candidates) < 10_000.0


@pytest.mark.parametrize(
    "text",
    [
        "سه کیلومتری مهاباد",
        "three km from Mahabad",
        "چند کیلومتری مهاباد",
        "3 km Mahabad",
        "twenty-five km Mahabad",
        "بیست و پنج کیلومتری مهاباد",
        "سێ کیلۆمەتری مهاباد",
    ],
)
def test_a_distance_in_words_widens_as_one_in_figures(text: str) -> None:
    bare, wide = read_place("مهاباد").candidates[0], read_place(text).candidates[0]
    assert wide.radius_metres - bare.radius_metres >= 3_000.0


@pytest.mark.parametrize("text", ["دانشگاه", "بیمارستان", "خیابان", "university", "میدان"])
def test_a_lone_class_word_is_no_place(text: str) -> None:
    assert not read_place(text).candidates


@pytest.mark.parametrize("text", ["Baharestan or Kahrizak", "آزادی یا Kermanshah", "گلشهر/بندرعباس", "Tehran or Karaj"])
def test_of_one_place_or_another_none_contradicts(text: str) -> None:
    read = read_place(text)
    assert read.candidates
    assert all(one.anchor is None for one in read.candidates)


@pytest.mark.parametrize(("text", "quarter"), [("قاسم‌آباد", "Mashhad"), ("خانه", "Isfahan")])
def test_a_former_name_of_a_small_town_hides_no_quarter(text: str, quarter: str) -> None:
    for written in (text, f"{text}, ایران", f"Iran, {text}"):
        assert {one.place.city for one in read_place(written).candidates} >= {quarter, ""}, written
    assert {one.place.level for one in read_place("اصفهان").candidates}.isdisjoint({"district"})
