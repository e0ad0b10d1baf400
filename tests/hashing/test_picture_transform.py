"""Scale, coverages, turn and mirror are those of the exhibits, not of the small grey pictures they are compared by."""

from __future__ import annotations

import cv2
import numpy as np
import pytest
from skimage import data

from benchmarks import attacks_pictures as attacks
from benchmarks.pictures_set import features
from verifier.hashing.pictures.features import upright_width
from verifier.hashing.pictures.match import match_all
from verifier.records import Transform


def large() -> np.ndarray:
    return cv2.resize(data.coffee(), (1500, 1000), interpolation=cv2.INTER_CUBIC)


def transform(right: np.ndarray) -> Transform:
    (match,) = match_all({"a": features(large()), "b": features(right)})
    assert match.transform is not None
    return match.transform


@pytest.mark.parametrize("longest", [1200, 750, 300])
def test_a_smaller_copy_says_how_much_smaller_it_is(longest: int) -> None:
    found = transform(attacks.jpeg(attacks.fit(large(), longest), 80))
    assert found.scale == pytest.approx(longest / 1500, rel=0.01)
    assert found.coverage_left == pytest.approx(1, abs=0.01)
    assert found.coverage_right == pytest.approx(1, abs=0.01)


def test_a_crop_covers_all_of_itself_and_its_share_of_the_original() -> None:
    cut = large()[200:800, 300:1350]
    found = transform(attacks.jpeg(cut, 80))
    assert found.scale == pytest.approx(1, rel=0.01)
    assert found.coverage_left == pytest.approx(600 * 1050 / (1500 * 1000), abs=0.01)
    assert found.coverage_right == pytest.approx(1, abs=0.01)


def test_a_mirrored_and_reduced_copy() -> None:
    found = transform(attacks.jpeg(attacks.fit(attacks.mirror(large()), 600), 80))
    assert found.mirrored
    assert found.scale == pytest.approx(0.4, rel=0.01)


def test_a_turned_and_reduced_copy() -> None:
    found = transform(attacks.jpeg(attacks.fit(attacks.turned(large(), 1), 900), 80))
    assert (found.mirrored, found.rotation_degrees) == (False, 90)
    assert found.scale == pytest.approx(0.6, rel=0.01)


def test_bars_leave_a_share_of_the_copy_uncovered() -> None:
    barred = np.zeros((1500, 1500, 3), np.uint8)
    barred[250:1250] = large()
    found = transform(barred)
    assert found.scale == pytest.approx(1, rel=0.01)
    assert found.coverage_right == pytest.approx(2 / 3, abs=0.01)


@pytest.mark.parametrize(
    ("stored", "shown", "width"),
    [((4000, 3000), (640, 480), 4000), ((4000, 3000), (480, 640), 3000), ((900, 900), (480, 480), 900),
     ((4000, 3000), (480, 480), None)],
)  # fmt: skip
def test_the_upright_width_is_read_from_the_shape(
    stored: tuple[int, int], shown: tuple[int, int], width: int | None
) -> None:
    assert upright_width(stored, shown) == width
