"""A crop and a collage look the same to geometry; the seam tells them apart."""

from __future__ import annotations

import cv2
import numpy as np
import pytest
from skimage import data

from benchmarks import attacks_pictures as attacks
from verifier.hashing.pictures.measures.insets import is_pasted


def grey(picture: np.ndarray) -> np.ndarray:
    return cv2.cvtColor(picture, cv2.COLOR_RGB2GRAY)


def shift(x: float, y: float) -> np.ndarray:
    return np.array([[1, 0, x], [0, 1, y], [0, 0, 1]], np.float64)


@pytest.mark.parametrize("name", ["astronaut", "coffee", "chelsea", "rocket"])
def test_a_crop_is_not_pasted(name: str) -> None:
    picture = getattr(data, name)()
    height, width = picture.shape[:2]
    for left, top in ((0.1, 0.1), (0.3, 0.2), (0.05, 0.35)):
        matrix = shift(left * width, top * height)
        assert not is_pasted(grey(picture), matrix, (int(0.6 * width), int(0.6 * height)))


@pytest.mark.parametrize("name", ["astronaut", "coffee", "chelsea"])
def test_a_picture_in_a_collage_is_pasted(name: str) -> None:
    part = cv2.resize(getattr(data, name)(), (300, 240), interpolation=cv2.INTER_AREA)
    sheet = cv2.resize(data.rocket(), (640, 480))
    sheet[100:340, 200:500] = part
    assert is_pasted(grey(sheet), shift(200, 100), (300, 240))


def test_bars_and_a_blurred_fill_are_no_other_content() -> None:
    picture = data.coffee()
    assert not is_pasted(grey(attacks.bars(picture, True)), shift(0, 68), (600, 400))
    tall = attacks.upright(picture)
    matrix = np.diag([720 / 600, 720 / 600, 1.0])
    matrix[1, 2] = 400
    assert not is_pasted(grey(tall), matrix, (600, 400))


def test_an_impossible_matrix_is_no_inset() -> None:
    assert not is_pasted(grey(data.coffee()), np.zeros((3, 3)), (100, 100))
