"""Positions in every notation, in and out."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from verifier.geo.coordinates import (
    decimal,
    geo_uri,
    geohash,
    geohash_box,
    grid_reference,
    iso_6709,
    plus_code,
    read_position,
    sexagesimal,
)
from verifier.geo.position import Position, metres_between

AZADI = Position(latitude_degrees=35.6997, longitude_degrees=51.338)

latitudes = st.floats(-79.9, 83.9, allow_nan=False)
longitudes = st.floats(-179.9, 179.9, allow_nan=False)


@pytest.mark.parametrize(
    ("text", "latitude", "longitude"),
    [
        ("35.6997,51.338", 35.6997, 51.338),
        ("35.6997 51.338", 35.6997, 51.338),
        ("(35.6997, 51.338)", 35.6997, 51.338),
        ("۳۵٫۶۹۹۷،۵۱٫۳۳۸".replace("،", ","), 35.6997, 51.338),
        ("35.6997°N, 51.338°E", 35.6997, 51.338),
        ("35.6997S 51.338W", -35.6997, -51.338),
        ("35°41'58.92\"N 51°20'16.8\"E", 35.6997, 51.338),
        ("51°20'16.8\"E 35°41'58.92\"N", 35.6997, 51.338),
        ("35 deg 41' 58.92\" N, 51 deg 20' 16.80\" E", 35.6997, 51.338),
        ("+35.6997+051.3380/", 35.6997, 51.338),
        ("+354158.92+0512016.80+1190.0/", 35.6997, 51.338),
        ("+3541.982+05120.280/", 35.6997, 51.338),
        ("-3541.982-05120.280CRSWGS_84/", -35.6997, -51.338),
        ("geo:35.6997,51.338;u=20", 35.6997, 51.338),
        ("39SWV3057850694", 35.6997, 51.338),
        ("8H7HM8XQ+V6", 35.6997, 51.338),
        ("geohash:tnke0y2mn", None, None),
    ],
)
def test_reads_every_notation(text: str, latitude: float | None, longitude: float | None) -> None:
    read = read_position(text)
    if latitude is None or longitude is None:
        assert read.radius_metres is not None
        return
    assert metres_between(read, Position(latitude_degrees=latitude, longitude_degrees=longitude)) < 15


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("95,51", "a latitude lies between -90 and 90"),
        ("35,181", "a longitude lies between -180 and 180"),
        ("+9500.0+05120.0/", "a latitude lies between"),
        ("35°61'00\"N 51°20'00\"E", "below 60"),
        ("-35.7S,51.3E", "not both"),
        ("35°41'N 51°20'N", "one latitude"),
        ("", "a position is written like"),
        ("somewhere", "is not a position"),
        ("39SWV305785069", "as many digits east as north"),
        ("geo:35.7,51.3;crs=mars", "only WGS 84"),
        ("1" * 500, "a position is written like"),
    ],
)
def test_absurd_positions_get_a_sentence(text: str, says: str) -> None:
    with pytest.raises(ValueError, match=says):
        read_position(text)


def test_the_radius_is_what_the_writing_leaves_open() -> None:
    coarse, fine = read_position("35.7,51.3").radius_metres, read_position("35.69970,51.33800").radius_metres
    assert coarse is not None
    assert fine is not None
    assert coarse > 5_000 > 2 > fine
    assert read_position("geo:35.7,51.3;u=20").radius_metres == 20
    assert read_position("35°41'58\"N 51°20'16\"E").radius_metres is None


def test_writes_the_published_forms() -> None:
    assert decimal(AZADI) == "35.699700,51.338000"
    assert sexagesimal(AZADI) == "35°41'58.92\"N 51°20'16.80\"E"
    assert iso_6709(AZADI) == "+35.699700+051.338000/"
    assert grid_reference(AZADI) == "39SWV3057850694"
    assert plus_code(AZADI) == "8H7HM8XQ+V6"
    assert geo_uri(AZADI.with_radius(20)) == "geo:35.699700,51.338000;u=20"
    assert geohash(57.64911, 10.40744, 11) == "u4pruydqqvj"  # the example of geohash.org


def test_sexagesimal_never_writes_sixty_seconds() -> None:
    assert sexagesimal(Position(latitude_degrees=-9.9999999, longitude_degrees=0.0)) == "10°00'00.00\"S 0°00'00.00\"E"


def test_mgrs_ends_before_the_poles() -> None:
    with pytest.raises(ValueError, match="between 80"):
        grid_reference(Position(latitude_degrees=89.0, longitude_degrees=0.0))


@pytest.mark.parametrize("latitude", [-1.3e-11, -4.4e-6, -4.6e-6, -5.1e-6, -1e-5, 0.0, 1e-6])
def test_mgrs_is_read_back_beside_the_equator(latitude: float) -> None:
    point = Position(latitude_degrees=latitude, longitude_degrees=0.0)
    assert metres_between(read_position(grid_reference(point)), point) < 2.0


@given(latitudes, longitudes)
def test_round_trips(latitude: float, longitude: float) -> None:
    point = Position(latitude_degrees=latitude, longitude_degrees=longitude)
    for write, metres in (
        (decimal, 0.2),
        (sexagesimal, 0.5),
        (iso_6709, 0.2),
        (grid_reference, 2.0),
        (plus_code, 12.0),
    ):
        assert metres_between(read_position(write(point)), point) < metres, write
    south, north, west, east = geohash_box(geohash(latitude, longitude))
    assert south <= latitude <= north
    assert west <= longitude <= east


@given(st.text(max_size=60))
def test_any_text_is_read_or_refused(text: str) -> None:
    try:
        read = read_position(text)
    except ValueError as error:
        sentence = str(error)
    else:
        sentence = "read"
        assert -90 <= read.latitude_degrees <= 90
    assert sentence
