"""How one frame lies on another, told in a match: turn, scale, coverage; and whether one is set into other pictures."""

from __future__ import annotations

import cv2
import numpy as np
from numpy.typing import NDArray

from verifier.hashing.clips.features import ClipFeatures
from verifier.hashing.clips.frames.seam import is_set_in
from verifier.hashing.clips.pair import Stretch
from verifier.records import Transform

GRID_WITHIN = 0.025  # of a side: how exactly a cell of a grid is met
WHOLE_FRAME, SEAM_FRAMES = 0.9, 24  # of a frame's area; frames looked at for a seam


def transform_of(stretch: Stretch, known: ClipFeatures) -> Transform:
    """From the homography (known to query): turn, scale, and how much of each frame is in the other."""
    there = corners(_inverse(stretch.laying.homography))
    here = corners(stretch.laying.homography)
    across = (there[1] - there[0]) * np.array([known.frames.width, known.frames.height], np.float32)
    mirrored = stretch.turn.mirrored
    if mirrored:
        across = -across
    degrees = float(np.degrees(np.arctan2(across[1], across[0])))
    area = abs(float(cv2.contourArea(there)))
    return Transform(
        mirrored=mirrored,
        rotation_degrees=round(degrees % 360, 1) % 360,
        scale=round(float(np.sqrt(area)), 3),
        coverage_left=round(covered_share(here), 3),
        coverage_right=round(covered_share(there), 3),
    )


def covered_share(quad: NDArray[np.float32]) -> float:
    """Share of the unit square that a quadrilateral covers."""
    frame = np.array([[0, 0], [1, 0], [1, 1], [0, 1]], np.float32)
    ordered = cv2.convexHull(quad.astype(np.float32))
    area, _ = cv2.intersectConvexConvex(ordered, frame)
    return float(np.clip(area, 0, 1))


def has_other_picture(stretch: Stretch, clip: ClipFeatures, known: ClipFeatures) -> bool:
    """Whether one of the two is set into something else: a picture within, a duet, a filmed screen."""
    here = corners(stretch.laying.homography)
    there = corners(_inverse(stretch.laying.homography))
    for quad, one, (begin, end) in ((here, clip, stretch.query_range), (there, known, stretch.known_range)):
        if covered_share(quad) >= WHOLE_FRAME:
            continue
        if is_grid_cell(quad):
            return True
        chosen = np.flatnonzero((one.frames.times >= begin) & (one.frames.times <= end))
        some = chosen[:: max(1, len(chosen) // SEAM_FRAMES)]
        if len(some) and is_set_in(one.small[some], quad):
            return True
    return False


def is_grid_cell(quad: NDArray[np.float32]) -> bool:
    """Whether a quadrilateral is a cell of a frame cut into two or three both ways: several clips in one frame. Nobody
    crops to just that by chance, and its seams may be too faint to be seen in small frames."""
    low, high = quad.min(axis=0), quad.max(axis=0)
    upright = np.abs(np.sort(quad, axis=0) - np.sort(np.array([low, low, high, high]), axis=0)).max() <= GRID_WITHIN
    for count in (2, 3):
        edges = np.concatenate([low, high]) * count
        sides = np.rint((high - low) * count)
        if upright and (np.abs(edges - np.rint(edges)) <= GRID_WITHIN * count).all() and (sides == 1).all():
            return True
    return False


def _inverse(homography: NDArray[np.float64]) -> NDArray[np.float64]:
    return np.asarray(np.linalg.inv(homography), np.float64)


def corners(homography: NDArray[np.float64]) -> NDArray[np.float32]:
    """Where the corners of the unit square come to lie, float32 (4, 2)."""
    square = np.array([[[0.0, 0]], [[1, 0]], [[1, 1]], [[0, 1]]])
    return np.asarray(cv2.perspectiveTransform(square, homography).reshape(4, 2), np.float32)
