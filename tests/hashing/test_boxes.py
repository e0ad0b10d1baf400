"""Content boxes: bars, a blurred fill, a phone's screen; and none where the picture fills its frame."""

from __future__ import annotations

import cv2
import numpy as np
import pytest
from skimage import data

from benchmarks import attacks_pictures as attacks
from verifier.hashing.boxes import Box, content_boxes

PICTURE = data.coffee()


def share(box: Box, true: tuple[int, int, int, int]) -> float:
    """Intersection over union."""
    left, top = max(box.left, true[0]), max(box.top, true[1])
    right, bottom = min(box.right, true[2]), min(box.bottom, true[3])
    both = max(0, right - left) * max(0, bottom - top)
    mine = (box.right - box.left) * (box.bottom - box.top)
    return both / (mine + (true[2] - true[0]) * (true[3] - true[1]) - both)


@pytest.mark.parametrize(("pad", "true"), [((90, 90, 0, 0), (0, 90, 600, 490)), ((0, 0, 120, 120), (120, 0, 720, 400))])
def test_bars(pad: tuple[int, int, int, int], true: tuple[int, int, int, int]) -> None:
    barred = cv2.copyMakeBorder(PICTURE, *pad, cv2.BORDER_CONSTANT, value=(0, 0, 0))
    assert max(share(box, true) for box in content_boxes(barred)) > 0.95


def test_blurred_fill() -> None:
    tall = attacks.upright(PICTURE)
    assert max(share(box, (0, 400, 720, 880)) for box in content_boxes(tall)) > 0.85


def test_a_phone_with_a_flat_ground() -> None:
    screen = attacks.phone(PICTURE, 0)
    assert any(
        0.15 < (b.right - b.left) * (b.bottom - b.top) / screen[..., 0].size < 0.75 for b in content_boxes(screen)
    )


def test_a_picture_that_fills_its_frame_has_no_box_that_cuts_much() -> None:
    boxes = content_boxes(data.astronaut())
    assert all((box.right - box.left) * (box.bottom - box.top) > 0.5 * 512 * 512 for box in boxes)


def test_flat_and_tiny_pictures_have_none() -> None:
    assert content_boxes(np.full((400, 300, 3), 10, np.uint8)) == []
    assert content_boxes(np.full((3, 5), 10, np.uint8)) == []


def test_a_box_cuts_what_it_says() -> None:
    assert Box(2, 1, 5, 3).cut(np.arange(60, dtype=np.uint8).reshape(6, 10)).tolist() == [[12, 13, 14], [22, 23, 24]]
