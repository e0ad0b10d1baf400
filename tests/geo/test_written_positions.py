"""A position written in any notation reads back to itself or is refused; nothing is read in part."""

from __future__ import annotations

import mgrs
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from verifier.geo.coordinates import read_position
from verifier.geo.place import read_place
from verifier.geo.position import Position, metres_between
from verifier.geo.written.grids import utm_degrees
from verifier.geo.written.plus_codes import decoded, encoded, recovered_code

latitudes = st.floats(-79.9, 83.9, allow_nan=False).map(lambda value: round(value, 5))
longitudes = st.floats(-179.9, 179.9, allow_nan=False).map(lambda value: round(value, 5))
PERSIAN = str.maketrans("0123456789.", "۰۱۲۳۴۵۶۷۸۹٫")
ARABIC = str.maketrans("0123456789.", "٠١٢٣٤٥٦٧٨٩٫")


def dms(degrees: float) -> tuple[int, int, float]:
    hundredths = round(abs(degrees) * 360_000)
    return hundredths // 360_000, hundredths % 360_000 // 6_000, hundredths % 6_000 / 100


def spellings(latitude: float, longitude: float) -> dict[str, str]:
    """One point in every notation."""
    north, east = ("S" if latitude < 0 else "N"), ("W" if longitude < 0 else "E")
    word_north, word_east = ("جنوبی" if latitude < 0 else "شمالی"), ("غربی" if longitude < 0 else "شرقی")
    a, b = abs(latitude), abs(longitude)
    (d1, m1, s1), (d2, m2, s2) = dms(latitude), dms(longitude)
    up, right = f"{d1} درجه {m1} دقیقه {s1:.2f} ثانیه", f"{d2} درجه {m2} دقیقه {s2:.2f} ثانیه"
    return {
        "plain": f"{latitude:.5f},{longitude:.5f}",
        "spaces": f"{latitude:.5f} {longitude:.5f}",
        "brackets": f"({latitude:.5f}, {longitude:.5f})",
        "persian": f"{latitude:.5f}، {longitude:.5f}".translate(PERSIAN),
        "persian comma alone": f"{latitude:.5f}،{longitude:.5f}".translate(str.maketrans("0123456789", "۰۱۲۳۴۵۶۷۸۹")),
        "arabic": f"{latitude:.5f}، {longitude:.5f}".translate(ARABIC),
        "decimal comma": f"{latitude:.5f} {longitude:.5f}".replace(".", ","),
        "decimal slash": f"{latitude:.5f} ، {longitude:.5f}".replace(".", "/"),
        "minus sign": f"{latitude:.5f}, {longitude:.5f}".replace("-", "−"),
        "letters after": f"{a:.5f}{north} {b:.5f}{east}",
        "letters before": f"{north}{a:.5f} {east}{b:.5f}",
        "letters apart": f"{north} {a:.5f}, {east} {b:.5f}",
        "degrees": f"{a:.5f}° {north}, {b:.5f}° {east}",
        "longitude first": f"{b:.5f}° {east}, {a:.5f}° {north}",
        "words": f"lat: {latitude:.5f}, lng: {longitude:.5f}",
        "persian words": f"طول جغرافیایی {longitude:.5f} عرض جغرافیایی {latitude:.5f}",
        "persian hemispheres": f"{a:.5f} {word_north} {b:.5f} {word_east}".translate(PERSIAN),
        "dms": f"{d1}°{m1}'{s1:.2f}\"{north} {d2}°{m2}'{s2:.2f}\"{east}",
        "dms primes": f"{d1}°{m1}′{s1:.2f}″{north}، {d2}°{m2}′{s2:.2f}″{east}",
        "dms spaces": f"{d1} {m1} {s1:.2f} {north} {d2} {m2} {s2:.2f} {east}",
        "dms hyphens": f"{d1}-{m1}-{s1:.2f}{north} {d2}-{m2}-{s2:.2f}{east}",
        "dms colons": f"{d1}:{m1}:{s1:.2f}{north} {d2}:{m2}:{s2:.2f}{east}",
        "dms decimal comma": f"{d1}°{m1}'{s1:.2f}\"{north} {d2}°{m2}'{s2:.2f}\"{east}".replace(".", ","),
        "packed": f"{d1:02d}{m1:02d}{s1:05.2f}{north} {d2:03d}{m2:02d}{s2:05.2f}{east}",
        "persian dms": f"{up} {word_north} {right} {word_east}",
        "well-known text": f"POINT({longitude:.5f} {latitude:.5f})",
        "geojson": f'{{"type":"Point","coordinates":[{longitude:.5f},{latitude:.5f}]}}',
        "geo": f"geo:{latitude:.5f},{longitude:.5f}",
        "geo query": f"geo:0,0?q={latitude:.5f},{longitude:.5f}(here)",
        "google": f"https://maps.google.com/?q={latitude:.5f},{longitude:.5f}",
        "google view": f"https://www.google.com/maps/@{latitude:.5f},{longitude:.5f},19z",
        "google pin": f"https://www.google.com/maps/place/X/@1.5,2.5,17z/data=!8m2!3d{latitude:.5f}!4d{longitude:.5f}",
        "yandex": f"https://yandex.com/maps/?ll=1.5%2C2.5&pt={longitude:.5f},{latitude:.5f}&z=16",
        "osm": f"https://www.openstreetmap.org/?mlat={latitude:.5f}&mlon={longitude:.5f}#map=17/1.5/2.5",
        "osm view": f"https://www.openstreetmap.org/#map=19/{latitude:.5f}/{longitude:.5f}",
        "balad": f"https://balad.ir/#19/{latitude:.5f}/{longitude:.5f}",
        "neshan": f"https://neshan.org/maps/@{latitude:.5f},{longitude:.5f},19z",
        "apple": f"https://maps.apple.com/?ll={latitude:.5f},{longitude:.5f}&q=x",
        "waze": f"https://waze.com/ul?ll={latitude:.5f},{longitude:.5f}",
        "suncalc": f"https://www.suncalc.org/#/{latitude:.5f},{longitude:.5f},17/2026.01.08/12:00/1.75/3",
        "plus code": encoded(latitude, longitude, 11),
    }  # fmt: skip


@settings(max_examples=60, deadline=None)
@given(latitudes, longitudes)
def test_every_notation_reads_back_to_its_point(latitude: float, longitude: float) -> None:
    true = Position(latitude_degrees=latitude, longitude_degrees=longitude)
    for name, text in spellings(latitude, longitude).items():
        candidates = read_place(text).candidates
        assert candidates, (name, text)
        assert metres_between(candidates[0].place.position, true) < 5.0, (name, text)


@settings(max_examples=60, deadline=None)
@given(latitudes, longitudes)
def test_a_name_beside_a_position_does_not_move_it(latitude: float, longitude: float) -> None:
    true = Position(latitude_degrees=latitude, longitude_degrees=longitude)
    for text in (f"Xyzzyplugh ({latitude:.5f}, {longitude:.5f})", f"📍 {latitude:.5f}, {longitude:.5f}"):
        assert metres_between(read_place(text).candidates[0].place.position, true) < 5.0


@settings(max_examples=100, deadline=None)
@given(st.text(alphabet="0123456789.,/ -°'\"NSEW۳۵٫،abcی", max_size=30))
def test_any_text_of_figures_is_read_whole_or_refused(text: str) -> None:
    try:
        candidates = read_place(text).candidates
    except ValueError:
        candidates = ()
    for candidate in candidates:
        assert -90 <= candidate.place.latitude_degrees <= 90


@settings(max_examples=100, deadline=None)
@given(st.floats(-79.0, 83.0).filter(lambda degrees: abs(degrees) > 0.001), st.floats(-179.0, 179.0))
def test_utm_agrees_with_the_published_library(latitude: float, longitude: float) -> None:
    zone, hemisphere, easting, northing = mgrs.MGRS().MGRSToUTM(mgrs.MGRS().toMGRS(latitude, longitude))
    north, east = utm_degrees(int(zone), easting, northing, south=hemisphere == "S")
    there = Position(latitude_degrees=north, longitude_degrees=east)
    if abs(easting - 500_000) < 400_000:
        assert metres_between(there, Position(latitude_degrees=latitude, longitude_degrees=longitude)) < 3.0


@pytest.mark.parametrize(
    "text",
    ["39S 529885 3957568", "39N 529885 3957568", "Zone 39S E529885 N3957568", "UTM 39 north 529885 3957568",
     "39S 529885mE 3957568mN", "39S WV 29885 57568"],
)  # fmt: skip
def test_grids_in_their_spellings(text: str) -> None:
    true = Position(latitude_degrees=35.7617, longitude_degrees=51.3306)
    assert metres_between(read_position(text), true) < 15.0


def test_a_southern_zone_is_read_as_the_south_where_no_band_fits() -> None:
    assert read_position("36S 343021 6252345").latitude_degrees < -30
    with pytest.raises(ValueError, match="band"):
        read_position("39Q 529885 3957568")


DECODING = """7FG49Q00+,20.35,2.75,20.4,2.8
7FG49QCJ+2V,20.37,2.782125,20.370125,2.78225
7FG49QCJ+2VX,20.3701,2.78221875,20.370125,2.78225
7FG49QCJ+2VXGJ,20.370113,2.782234375,20.370114,2.78223632813
8FVC2222+22,47.0,8.0,47.000125,8.000125
4VCPPQGP+Q9,-41.273125,174.785875,-41.273,174.786
62G20000+,0.0,-180.0,1,-179
22220000+,-90,-180,-89,-179
7FG40000+,20.0,2.0,21.0,3.0
22222222+22,-90.0,-180.0,-89.999875,-179.999875
6VGX0000+,0,179,1,180
6FH32222+222,1,1,1.000025,1.00003125
CFX3X2X2+X2,89.9998750,1,90,1.0001250
84000000+,30,-140,50,-120
849VGJQF+VX7QR3J,37.5396691200,-122.3750698242,37.5396691600,-122.3750697021
849VGJQF+VX7QR3J7QR3J,37.5396691200,-122.3750698242,37.5396691600,-122.3750697021"""
SHORT = """9C3W9QCJ+2VX,51.3701125,-1.217765625,+2VX
9C3W9QCJ+2VX,51.3708675,-1.217765625,CJ+2VX
9C3W9QCJ+2VX,51.3852125,-1.217765625,9QCJ+2VX
8FJFW222+,42.899,9.012,22+
796RXG22+,14.95125,-23.5001,22+
8FRCXGRF+PM,47.00,8.55,XGRF+PM
CFX22222+22,89.6,0.0,2222+22
2CXXXXXX+XX,-81.0,0.0,XXXXXX+XX"""


@pytest.mark.parametrize("row", DECODING.splitlines())
def test_plus_codes_decode_as_published(row: str) -> None:
    """Vectors of github.com/google/open-location-code, test_data/decoding.csv (Apache-2.0)."""
    code, *bounds = row.split(",")
    cell = decoded(code)
    assert (cell.south, cell.west, cell.north, cell.east) == pytest.approx([float(bound) for bound in bounds], abs=1e-9)


@pytest.mark.parametrize("row", SHORT.splitlines())
def test_short_codes_are_recovered_as_published(row: str) -> None:
    """Vectors of test_data/shortCodeTests.csv (Apache-2.0)."""
    full, latitude, longitude, short = row.split(",")
    near = Position(latitude_degrees=float(latitude), longitude_degrees=float(longitude))
    assert recovered_code(short, near) == full


@given(latitudes, longitudes, st.sampled_from([10, 11, 12, 13, 15]))
def test_a_point_lies_in_its_own_cell(latitude: float, longitude: float, digits: int) -> None:
    cell = decoded(encoded(latitude, longitude, digits))
    assert cell.south - 1e-9 <= latitude <= cell.north + 1e-9
    assert cell.west - 1e-9 <= longitude <= cell.east + 1e-9


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("///filled.count.soap", "what3words"),
        ("///کتاب.درخت.آسمان", "what3words"),
        ("https://what3words.com/filled.count.soap", "what3words"),
        ("https://maps.app.goo.gl/abcdEFG", "shortened link"),
        ("https://example.org/about", "no position"),
        ("Q86J+M6", "name the town"),
        ("39 529885 3957568", "UTM needs the letter"),
    ],
)
def test_what_says_no_place_is_refused_with_a_sentence(text: str, says: str) -> None:
    with pytest.raises(ValueError, match=says):
        read_place(text)


def test_pin_and_view_are_two_points() -> None:
    link = "https://www.openstreetmap.org/?mlat=35.7617&mlon=51.3306#map=17/35.75/51.30"
    (pin,) = read_place(link).candidates
    assert pin.place.latitude_degrees == 35.7617
    view = read_place("https://www.openstreetmap.org/#map=17/35.75/51.30")
    assert view.notes == ("view_only",)
    assert view.candidates[0].radius_metres > 100


def test_a_swapped_order_is_suspected_only_where_it_helps() -> None:
    both = read_place("51.3306, 35.7617")
    assert both.notes == ("order_suspected",)
    assert [round(one.place.latitude_degrees) for one in both.candidates] == [51, 36]
    assert read_place("35.7617, 51.3306").notes == ()
    assert read_place("51.3306 N, 35.7617 E").notes == ()
    assert read_place("48.8566, 2.3522").notes == ()


def test_a_short_code_needs_its_town() -> None:
    for text in ("Q86J+M6 تهران", "Q86J+M6، تهران، استان تهران", "Q86J+M6 Tehran, Iran"):
        (one,) = read_place(text).candidates
        assert metres_between(
            one.place.position, Position(latitude_degrees=35.7617, longitude_degrees=51.3306)
        ) < 20, text  # fmt: skip


@settings(max_examples=200, deadline=None)
@given(latitudes, longitudes)
def test_every_square_of_the_grid_is_read_where_it_is(latitude: float, longitude: float) -> None:
    """Those of the letters G, P and S among them: "20GPS4348528036" bears no label."""
    there = Position(latitude_degrees=latitude, longitude_degrees=longitude)
    read = read_place(mgrs.MGRS().toMGRS(latitude, longitude))
    assert [metres_between(one.place.position, there) < 5.0 for one in read.candidates] == [True]


def test_a_square_with_the_letters_of_a_label_is_no_label() -> None:
    (read,) = read_place("20GPS4348528036").candidates
    assert abs(read.place.latitude_degrees + 43.98681) < 1e-4
    assert [len(read_place(text).candidates) for text in ("GPS 35.7, 51.4", "GPS35.7,51.4", "pin: 35.7 51.4")] == [
        1
    ] * 3


@pytest.mark.parametrize("text", ["39XWV3512350123", "31XAA0000000000"])
def test_a_square_outside_its_own_band_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match="not a square of the MGRS grid"):
        read_place(text)
