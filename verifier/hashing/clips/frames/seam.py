"""Whether a part of a frame is a picture set into another, or a frame was merely cropped.

Geometry cannot tell: a crop lies within the frame it was cut from as a picture in picture lies within its ground. But
a set-in picture ends at a seam: levels jump there in every frame, and beyond it is other detail. Bars and blurred fill
have no detail of their own and are no other picture.
"""

from __future__ import annotations

import cv2
import numpy as np
from numpy.typing import NDArray

STEP = 1.5  # pixels of the small frames to either side of the seam
INWARD = 4.0  # pixels from the seam to where ordinary contrast is measured
LEAST_POINTS = 10
SEAM_RATIO = 1.7  # contrast across the seam to ordinary contrast
FILL_DETAIL = 0.3  # detail beyond the seam to detail within, below which it is bars or blurred fill

Small = NDArray[np.float32]


def is_set_in(small: Small, quad: NDArray[np.float32]) -> bool:
    """Whether what lies within the quadrilateral (4, 2; shares of the frame) is set into these small frames."""
    rows, columns = small.shape[1:]
    corners = quad * np.array([columns, rows], np.float32) - 0.5
    centre = corners.mean(axis=0)
    points, normals = [], []
    for begin, end in zip(corners, np.roll(corners, -1, axis=0), strict=True):
        along = end - begin
        length = float(np.linalg.norm(along))
        if length < 4:
            continue
        outward = np.array([along[1], -along[0]], np.float32) / length
        if float(outward @ (begin + along / 2 - centre)) < 0:
            outward = -outward
        for share in np.linspace(0.12, 0.88, max(3, int(length / 2))):
            points.append(begin + share * along)
            normals.append(outward)
    if not points:
        return False
    edge, outward = np.array(points, np.float32), np.array(normals, np.float32)
    beyond = edge + STEP * outward
    inside = ((beyond > 0.5) & (beyond < np.array([columns - 1.5, rows - 1.5]))).all(axis=1)
    edge, outward = edge[inside], outward[inside]
    if len(edge) < LEAST_POINTS:
        return False
    across = _contrast(small, edge - STEP * outward, edge + STEP * outward)
    usual = _contrast(small, edge - (INWARD + STEP) * outward, edge - (INWARD - STEP) * outward)
    if across < SEAM_RATIO * max(usual, 1.0):
        return False
    return _detail_beyond(small, corners) >= FILL_DETAIL


def _contrast(small: Small, first: NDArray[np.float32], second: NDArray[np.float32]) -> float:
    """Median over pairs of points of the mean difference of levels over time."""
    return float(np.median(np.abs(_levels(small, first) - _levels(small, second)).mean(axis=0)))


def _levels(small: Small, points: NDArray[np.float32]) -> NDArray[np.float32]:
    across = np.ascontiguousarray(points[None, :, 0], np.float32)
    down = np.ascontiguousarray(points[None, :, 1], np.float32)
    found = [cv2.remap(frame, across, down, cv2.INTER_LINEAR, borderMode=cv2.BORDER_REPLICATE)[0] for frame in small]
    return np.asarray(found, np.float32)


def _detail_beyond(small: Small, corners: NDArray[np.float32]) -> float:
    """Fine detail outside the quadrilateral, to that inside."""
    within = np.zeros(small.shape[1:], np.uint8)
    cv2.fillConvexPoly(within, np.rint(corners).astype(np.int32), 1)
    kernel = np.ones((3, 3), np.uint8)
    core, rest = cv2.erode(within, kernel) > 0, cv2.dilate(within, kernel) == 0
    if core.sum() < 10 or rest.sum() < 10:
        return 0.0
    detail = np.mean([np.abs(frame - cv2.GaussianBlur(frame, (0, 0), 1.0)) for frame in small], axis=0)
    return float(detail[rest].mean() / max(float(detail[core].mean()), 1e-3))
