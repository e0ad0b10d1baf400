"""Maps, GeoJSON and KML of one list of things."""

from __future__ import annotations

import json
import re
from datetime import UTC, datetime
from itertools import pairwise

import numpy as np
import pytest
from defusedxml import ElementTree

from tests.geo.dossiers import MASHHAD, PUNAK, case, claim, dossier, position, said
from verifier.geo.position import Position, View
from verifier.geo.sky.shadow import Shadow, places_of, times_of
from verifier.report.maps.drawn import Drawn, drawn_of
from verifier.report.maps.geojson import geojson, mask_geojson
from verifier.report.maps.kml import escaped, kml
from verifier.report.maps.map import frame_of, map_svg
from verifier.report.maps.shadow_picture import day_picture, places_picture

HOSTILE = '"><script>alert(1)</script>\x00\u202e & پونک'
THINGS = (
    Drawn(
        kind="recorded",
        title=HOSTILE,
        position=Position(
            latitude_degrees=35.7617,
            longitude_degrees=51.3306,
            radius_metres=120.0,
            altitude_metres=1460.0,
            view=View(direction_degrees=12.0, field_degrees=65.0),
        ),
        note="exif",
    ),
    Drawn(kind="claimed", title="Mashhad", position=Position(latitude_degrees=36.33, longitude_degrees=59.52)),
)


def test_a_map_is_whole_xml_without_script_or_reference() -> None:
    svg = map_svg(THINGS, HOSTILE)
    root = ElementTree.fromstring(svg)
    tags = {element.tag.rpartition("}")[2] for element in root.iter()}
    assert "script" not in tags
    assert "href" not in svg
    assert "url(" not in svg
    assert "Natural Earth" in svg
    assert "GeoNames" in svg
    assert re.search(r">\d+ km<", svg)  # the scale
    assert ">N<" in svg
    assert "°E" in svg


def test_everything_drawn_is_on_the_paper() -> None:
    frame = frame_of(THINGS)
    for thing in THINGS:
        for longitude, latitude in [
            (thing.position.longitude_degrees, thing.position.latitude_degrees),
            *(thing.ring or []),
        ]:
            x, y = frame.at(longitude, latitude)
            assert 0 < x < 720
            assert 0 < y < 480


def test_a_kilometre_is_as_long_eastward_as_northward() -> None:
    frame = frame_of(THINGS)
    middle = ((frame.west + frame.east) / 2, (frame.south + frame.north) / 2)
    x0, y0 = frame.at(*middle)
    x1, _ = frame.at(middle[0] + 1, middle[1])
    _, y1 = frame.at(middle[0], middle[1] + 1)
    assert (x1 - x0) / (y0 - y1) == pytest.approx(np.cos(np.radians(middle[1])), rel=0.01)


def test_an_empty_map_is_the_world_and_a_single_point_a_street() -> None:
    assert frame_of(()).east == 180.0
    one = frame_of(
        (Drawn(kind="recorded", title="x", position=Position(latitude_degrees=35.7, longitude_degrees=51.3)),)
    )
    assert one.north - one.south < 0.02
    assert len(map_svg((), "world")) < 600_000


def test_geojson_holds_points_circles_and_views() -> None:
    features = json.loads(geojson(THINGS))["features"]
    assert [(f["geometry"]["type"], f["properties"]["part"]) for f in features] == [
        ("Point", "point"), ("Polygon", "precision"), ("Polygon", "view"), ("Point", "point"),
    ]  # fmt: skip
    assert features[0]["geometry"]["coordinates"] == [51.3306, 35.7617, 1460.0]
    for feature in features:
        if feature["geometry"]["type"] == "Polygon":
            ring = feature["geometry"]["coordinates"][0]
            assert ring[0] == ring[-1]
            area = sum(a[0] * b[1] - b[0] * a[1] for a, b in pairwise(ring))
            assert area > 0  # counter-clockwise, RFC 7946


def test_kml_is_whole_xml() -> None:
    root = ElementTree.fromstring(kml(THINGS, HOSTILE))
    names = [element.text for element in root.iter() if element.tag.endswith("}name")]
    assert len(names) == 3
    assert "پونک" in str(names[1])
    assert "\ufffd" in escaped("\x00")


def test_a_mask_covers_exactly_its_cells() -> None:
    at = datetime(2026, 1, 8, 10, tzinfo=UTC)
    places = places_of(at, at, Shadow(altitude_degrees=(25.0, 30.0)), box=(24.0, 44.0, 40.0, 64.0), step_degrees=0.5)
    (feature,) = json.loads(mask_geojson(places, {"a": 1}))["features"]
    area = sum(
        (ring[0][1][0] - ring[0][0][0]) * (ring[0][2][1] - ring[0][1][1]) for ring in feature["geometry"]["coordinates"]
    )
    assert area == pytest.approx(places.fits.sum() * 0.25)
    assert ElementTree.fromstring(places_picture(places, "where")) is not None


def test_the_days_picture_shows_the_answer_or_the_nearest_miss() -> None:
    tehran = Position(latitude_degrees=35.7, longitude_degrees=51.4)
    start, end = datetime(2026, 1, 7, 20, 30, tzinfo=UTC), datetime(2026, 1, 8, 20, 30, tzinfo=UTC)
    for band, words in (((29.0, 39.0), ">fits<"), ((50.0, 60.0), "nearest miss 17")):
        shadow = Shadow(altitude_degrees=band)
        svg = day_picture(tehran, start, end, shadow, times_of(tehran, start, end, shadow), "Asia/Tehran")
        assert ElementTree.fromstring(svg) is not None
        assert words in svg
        assert "12:00" in svg


def test_what_is_drawn_of_a_case() -> None:
    readings = [*position(PUNAK), said("exif:GPSImgDirection.degrees", 12.0), said("exif:GPSImgDirectionRef", "M")]
    things = drawn_of(case(dossier(readings, [claim("مشهد")])))
    assert [thing.kind for thing in things][:2] == ["recorded", "claimed"]
    assert things[0].view is not None
    assert things[0].position.view is not None
    assert things[0].position.view.tolerance_degrees == 10.0  # magnetic north without a model
    assert abs(things[1].position.latitude_degrees - MASHHAD[0]) < 0.1
    assert drawn_of(case(dossier(readings)), only=frozenset()) == ()
