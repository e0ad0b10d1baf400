"""What is too smooth to be textured can still be one and the same, and slopes alone never are."""

from __future__ import annotations

import cv2
import numpy as np
from numpy.typing import NDArray

from verifier.hashing.pictures.measures.pixels import Overlap, faint_agreement, overlap

WHOLE = np.eye(3)
NEAR = np.array([100.0, 100.0])


def smooth(seed: int, strength: float, size: int = 240) -> NDArray[np.uint8]:
    """A slope from left to right, with shading of a few grey levels on it."""
    shading = np.random.default_rng(seed).normal(0, 1, (size, size)).astype(np.float32)
    shading = cv2.GaussianBlur(shading, (0, 0), 3.0)
    shading *= strength / shading.std()
    slope = np.linspace(80, 170, size, dtype=np.float32)[None, :]
    return np.clip(slope + shading, 0, 255).astype(np.uint8)


def laid(left: NDArray[np.uint8], right: NDArray[np.uint8]) -> Overlap:
    found = overlap(left, right, WHOLE, NEAR)
    assert found is not None
    return found


def recompressed(picture: NDArray[np.uint8], quality: int = 60) -> NDArray[np.uint8]:
    _, content = cv2.imencode(".jpg", picture, [cv2.IMWRITE_JPEG_QUALITY, quality])
    return np.asarray(cv2.imdecode(content, cv2.IMREAD_GRAYSCALE), np.uint8)


def test_a_copy_of_a_smooth_picture_agrees_faintly() -> None:
    one = smooth(1, 3.0)
    both = laid(one, recompressed(one))
    share, alike = faint_agreement(both, both.common)
    assert share > 0.5 and alike > 0.9


def test_two_smooth_pictures_of_one_slope_do_not() -> None:
    both = laid(smooth(1, 3.0), smooth(2, 3.0))
    share, alike = faint_agreement(both, both.common)
    assert share > 0.5 and alike < 0.3


def test_bare_slopes_have_nothing_to_tell() -> None:
    both = laid(smooth(1, 0.01), smooth(2, 0.01))
    assert faint_agreement(both, both.common)[0] < 0.1
