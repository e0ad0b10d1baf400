"""Local features of a clip's frame: fewer and cheaper than a still's, and spread over the frame.

A clip has many frames, so a frame needs 150 points only; a motionless banner must not take them all.
"""

from __future__ import annotations

from functools import cache

import cv2
import numpy as np
from numpy.typing import NDArray

from verifier.hashing.local_features import CONTRAST, EDGE, LocalFeatures
from verifier.hashing.luma import reduced

SIDE = 400  # pixels: the long side at which points are found
MOST_POINTS = 150
_GRID, _FAIR_SHARE = 5, 8  # parts of a side; points that each part may keep before strength alone decides


@cache
def _detector() -> cv2.Feature2D:
    return cv2.SIFT_create(  # type: ignore[attr-defined, no-any-return]
        nfeatures=2 * MOST_POINTS, contrastThreshold=CONTRAST, edgeThreshold=EDGE
    )


def describe(grey: NDArray[np.uint8]) -> LocalFeatures:
    """At most 150 RootSIFT points, in pixels of the given frame; none in a flat one."""
    height, width = grey.shape
    smaller = reduced(grey, SIDE)
    keypoints, raw = _detector().detectAndCompute(smaller, None)
    if raw is None or len(keypoints) == 0:
        return LocalFeatures(width, height, np.zeros((0, 4), np.float32), np.zeros((0, 128), np.uint8))
    scale = width / smaller.shape[1]
    points = np.array([(*point.pt, point.size, point.angle) for point in keypoints], np.float32)
    points[:, :3] *= scale
    chosen = _chosen(points, np.array([point.response for point in keypoints], np.float32), width, height)
    return LocalFeatures(width, height, points[chosen], rooted(np.asarray(raw[chosen], np.float32)))


def rooted(raw: NDArray[np.float32]) -> NDArray[np.uint8]:
    """RootSIFT of SIFT descriptors (count, 128), as bytes."""
    root = np.sqrt(raw / (raw.sum(axis=1, keepdims=True) + 1e-9)) * 512
    return np.asarray(np.clip(root, 0, 255), np.uint8)


def _chosen(points: NDArray[np.float32], response: NDArray[np.float32], width: int, height: int) -> NDArray[np.intp]:
    order = np.lexsort((points[:, 1], points[:, 0], -response))
    cell = np.minimum(points[:, 0] * _GRID / width, _GRID - 1).astype(int) * _GRID
    cell += np.minimum(points[:, 1] * _GRID / height, _GRID - 1).astype(int)
    taken = np.zeros(_GRID * _GRID, int)
    fair = np.zeros(len(order), bool)
    for place, index in enumerate(order):
        fair[place] = taken[cell[index]] < _FAIR_SHARE
        taken[cell[index]] += 1
    return np.asarray(np.concatenate([order[fair], order[~fair]])[:MOST_POINTS], np.intp)
