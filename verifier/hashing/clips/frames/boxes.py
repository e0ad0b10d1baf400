"""Where the moving picture lies within a clip's frame: bars, captions outside and blurred fill do not belong to it.

The estimate is made once a shot, from the mean fine detail (frame minus a blurred copy) of its first frames. Soft
footage is trimmed too far at times, which does no harm because the whole frame is always hashed as well.
"""

from __future__ import annotations

import cv2
import numpy as np
from numpy.typing import NDArray

from verifier.hashing.boxes import Box
from verifier.hashing.luma import reduced

ENOUGH_FRAMES = 8
_BLUR_SIGMA = 2.0  # pixels of a copy with a long side of 256
_SMOOTH = 5
_SHARE_OF_TYPICAL = 0.22
_MOST_KEPT, _LEAST_KEPT = 0.94, 0.2  # a box outside these shares of a side is not believed


def content_box(frames: list[NDArray[np.uint8]]) -> Box | None:
    """The box of some frames of one shot, in their pixels; None where the picture fills the frame."""
    height, width = frames[0].shape
    smaller = [reduced(grey, 256) for grey in frames]
    total = np.zeros(smaller[0].shape, np.float32)
    for grey in smaller:
        plain = grey.astype(np.float32)
        total += np.abs(plain - cv2.GaussianBlur(plain, (0, 0), _BLUR_SIGMA))
    rows, columns = smaller[0].shape
    top, bottom = _span(total.mean(axis=1))
    left, right = _span(total[top:bottom].mean(axis=0))
    if (bottom - top) > _MOST_KEPT * rows and (right - left) > _MOST_KEPT * columns:
        return None
    if (bottom - top) < _LEAST_KEPT * rows or (right - left) < _LEAST_KEPT * columns:
        return None
    return Box(left * width // columns, top * height // rows, right * width // columns, bottom * height // rows)


def _span(profile: NDArray[np.float32]) -> tuple[int, int]:
    """First and past-the-last place whose detail is a fair share of the usual."""
    padded = np.pad(profile, _SMOOTH // 2, mode="edge")
    smooth = np.convolve(padded, np.ones(_SMOOTH) / _SMOOTH, "valid")
    inside = np.flatnonzero(smooth > _SHARE_OF_TYPICAL * np.percentile(smooth, 80))
    if len(inside) == 0:
        return 0, len(profile)
    return int(inside[0]), int(inside[-1]) + 1
