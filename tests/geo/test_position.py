"""Points, precision, geodesics."""

from __future__ import annotations

import pytest

from verifier.geo.position import Position, View, bearing_between, circle, cone, metres_between, precision_word

AZADI = Position(latitude_degrees=35.6997, longitude_degrees=51.338)


@pytest.mark.parametrize(
    ("fields", "says"),
    [
        ({"latitude_degrees": 95.0, "longitude_degrees": 0.0}, "latitude"),
        ({"latitude_degrees": float("nan"), "longitude_degrees": 0.0}, "latitude"),
        ({"latitude_degrees": 0.0, "longitude_degrees": 200.0}, "longitude"),
        ({"latitude_degrees": 0.0, "longitude_degrees": 0.0, "altitude_metres": 1e9}, "altitude"),
        ({"latitude_degrees": 0.0, "longitude_degrees": 0.0, "radius_metres": -1.0}, "radius"),
    ],
)
def test_absurd_points_are_refused(fields: dict[str, float], says: str) -> None:
    with pytest.raises(ValueError, match=says):
        Position(**fields)  # type: ignore[arg-type]


def test_views_are_checked() -> None:
    with pytest.raises(ValueError, match="direction"):
        View(direction_degrees=400.0)
    with pytest.raises(ValueError, match="field of view"):
        View(direction_degrees=10.0, field_degrees=0.0)


def test_geodesic_agrees_with_the_published_pair() -> None:
    """A pair in Tehran measured with PROJ's geodesics."""
    east = Position(latitude_degrees=35.70, longitude_degrees=51.40)
    assert metres_between(AZADI, east) == pytest.approx(5611.353, abs=0.01)
    assert bearing_between(AZADI, east) == pytest.approx(89.642, abs=0.001)


def test_circles_and_cones_keep_their_distance() -> None:
    for longitude, latitude in circle(AZADI, 500.0):
        rim = Position(latitude_degrees=latitude, longitude_degrees=longitude)
        assert metres_between(AZADI, rim) == pytest.approx(500.0, abs=0.01)
    assert cone(AZADI, 100.0) is None
    looking = Position(
        latitude_degrees=35.6997, longitude_degrees=51.338, view=View(direction_degrees=90.0, field_degrees=60.0)
    )
    ring = cone(looking, 100.0)
    assert ring is not None
    assert ring[0] == ring[-1] == (51.338, 35.6997)
    assert all(longitude > 51.338 for longitude, _ in ring[1:-1])


def test_a_circle_across_the_date_line_stays_whole() -> None:
    ring = circle(Position(latitude_degrees=10.0, longitude_degrees=179.999), 1_000.0)
    longitudes = [longitude for longitude, _ in ring]
    assert max(longitudes) - min(longitudes) < 0.1


@pytest.mark.parametrize(
    ("metres", "word"),
    [
        (None, "unknown"),
        (5, "exact"),
        (80, "vicinity"),
        (900, "locality"),
        (9_000, "city"),
        (2e5, "province"),
        (1e6, "country"),
    ],
)
def test_precision_words(metres: float | None, word: str) -> None:
    assert precision_word(metres) == word
