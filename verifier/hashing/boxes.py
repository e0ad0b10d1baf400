"""Content boxes: where the picture proper lies inside bars, a blurred fill, or the flat parts of a phone's screen.

Three detectors, each from the picture alone: uniform borders; borders without fine detail (an enlarged, blurred copy
used as fill); and a dominating flat colour around one block. Constants were measured on a 256-pixel copy.
"""

from __future__ import annotations

from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from verifier.hashing.luma import reduced

MOST_BOXES = 3
LEAST_SIDE = 0.12  # of the picture's side
MOST_AREA = 0.97  # of the picture's area; more is the picture itself
SHAVE = 2  # pixels of the given picture: codec ringing along the edge


@dataclass(frozen=True, slots=True)
class Box:
    """A rectangle in pixels: left, top, right, bottom; right and bottom are excluded."""

    left: int
    top: int
    right: int
    bottom: int

    def cut(self, picture: NDArray[np.uint8]) -> NDArray[np.uint8]:
        """The part of the picture inside."""
        return np.ascontiguousarray(picture[self.top : self.bottom, self.left : self.right])


def _longest_run(flags: NDArray[np.bool_]) -> tuple[int, int]:
    edges = np.flatnonzero(np.diff(np.concatenate([[0], flags.astype(np.int8), [0]])))
    starts, ends = edges[::2], edges[1::2]
    if len(starts) == 0:
        return 0, 0
    longest = int(np.argmax(ends - starts))
    return int(starts[longest]), int(ends[longest])


def _uniform_borders(grey: NDArray[np.float32]) -> Box | None:
    top, bottom, left, right = 0, grey.shape[0], 0, grey.shape[1]
    for _ in range(2):
        rows = np.flatnonzero(grey[top:bottom, left:right].std(axis=1) > 8)
        if len(rows) == 0:
            return None
        top, bottom = top + int(rows[0]), top + int(rows[-1]) + 1
        columns = np.flatnonzero(grey[top:bottom, left:right].std(axis=0) > 8)
        if len(columns) == 0:
            return None
        left, right = left + int(columns[0]), left + int(columns[-1]) + 1
    return Box(left, top, right, bottom)


def _blurred_borders(grey: NDArray[np.float32]) -> list[Box]:
    fine = np.abs(grey - cv2.GaussianBlur(grey, (0, 0), 1.2))
    found = []
    for axis in (1, 0):
        profile = fine.mean(axis=axis)
        sharp = profile > 0.25 * np.percentile(profile, 75)
        sharp = np.convolve(sharp, np.ones(5))[2 : 2 + len(sharp)] >= 2  # "same" would lengthen fewer than five
        start, end = _longest_run(sharp)
        found.append(Box(0, start, grey.shape[1], end) if axis == 1 else Box(start, 0, end, grey.shape[0]))
    return found


def _inside_flat_colour(picture: NDArray[np.uint8]) -> Box | None:
    channels = picture if picture.ndim == 3 else picture[..., None]
    codes = np.zeros(channels.shape[:2], np.int32)
    for channel in range(channels.shape[2]):
        codes = codes * 16 + (channels[..., channel] >> 4)
    counts = np.bincount(codes.ravel())
    if counts.max() <= 0.12 * codes.size:
        return None
    colour = channels[codes == counts.argmax()].mean(axis=0)
    ground = (np.abs(channels.astype(np.float32) - colour).max(axis=2) < 10).astype(np.float32)
    top, bottom = _longest_run(ground.mean(axis=1) < 0.30)
    if bottom - top <= 6:
        return None
    left, right = _longest_run(ground[top:bottom].mean(axis=0) < 0.5)
    return Box(left, top, right, bottom)


def content_boxes(picture: NDArray[np.uint8]) -> list[Box]:
    """At most three boxes, in the given picture's pixels (grey or RGB); none where the picture fills its frame."""
    height, width = picture.shape[:2]
    small = reduced(picture, 256)
    rows, columns = small.shape[:2]
    scale = rows / height if height >= width else columns / width
    grey = (cv2.cvtColor(small, cv2.COLOR_RGB2GRAY) if small.ndim == 3 else small).astype(np.float32)
    found = [_uniform_borders(grey), *_blurred_borders(grey), _inside_flat_colour(small)]
    boxes: list[Box] = []
    for box in found:
        if box is None:
            continue
        across, down = box.right - box.left, box.bottom - box.top
        if across < LEAST_SIDE * columns or down < LEAST_SIDE * rows or across * down > MOST_AREA * rows * columns:
            continue
        whole = Box(
            int(box.left / scale) + SHAVE,
            int(box.top / scale) + SHAVE,
            min(width, int(np.ceil(box.right / scale))) - SHAVE,
            min(height, int(np.ceil(box.bottom / scale))) - SHAVE,
        )
        if whole not in boxes and whole.right - whole.left > 32 and whole.bottom - whole.top > 32:
            boxes.append(whole)
    return boxes[:MOST_BOXES]
