"""How much of each picture the common area covers, and whether a template would lay the two frames like that."""

from __future__ import annotations

from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from verifier.hashing.pictures.geometry import Matrix, corners
from verifier.hashing.pictures.measures.pixels import Overlap

LAID_ALIKE = 0.04  # of a side: frames that coincide so well were laid on one another by a template


@dataclass(frozen=True, slots=True, kw_only=True)
class Placement:
    """How the pictures lie on each other. Coverages 0..1 of area; `narrow`: of the shorter side.

    `left`, `right`: of what was compared, whose edges are left out. `laid_left`, `laid_right`: of one frame laid on
    the other, to the edge.

    `alike`: the frames coincide across or down, as a shared screen, banner or template would lay them.
    """

    left: float
    right: float
    left_narrow: float
    right_narrow: float
    alike: bool
    mirrored: bool = False
    laid_left: float = 0.0
    laid_right: float = 0.0


def placement(
    overlap: Overlap, matrix: Matrix, left: tuple[int, int], right: tuple[int, int], mirrored: bool = False
) -> Placement:
    """Coverages of both pictures, whose sizes are (width, height), and whether their frames coincide."""
    contours, _ = cv2.findContours(overlap.common.astype(np.uint8), cv2.RETR_EXTERNAL, cv2.CHAIN_APPROX_SIMPLE)
    if not contours:
        return Placement(left=0, right=0, left_narrow=0, right_narrow=0, alike=False)
    outline = cv2.convexHull(np.concatenate(contours)).astype(np.float64)
    shares: list[float] = []
    for to_work, (width, height) in ((overlap.left_to_work, left), (overlap.right_to_work, right)):
        quad = cv2.perspectiveTransform(outline, np.linalg.inv(to_work)).astype(np.float32)
        _, sides, _ = cv2.minAreaRect(quad)
        shares += [min(1.0, cv2.contourArea(quad) / (width * height)), min(sides) / min(width, height)]
    alike = _coincide(corners(matrix, *left), right) or _is_shift(overlap, left, right)
    return Placement(
        left=shares[0], right=shares[2], left_narrow=shares[1], right_narrow=shares[3], alike=alike, mirrored=mirrored,
        laid_left=_laid(np.asarray(np.linalg.inv(matrix), np.float64), right, left),
        laid_right=_laid(matrix, left, right),
    )  # fmt: skip


def _laid(matrix: Matrix, source: tuple[int, int], target: tuple[int, int]) -> float:
    """Share of the target's frame that the source's frame covers; 0 where the laying is no convex quadrangle."""
    quad = corners(matrix, *source).astype(np.float32)
    if not np.isfinite(quad).all() or np.abs(quad).max() > 1e6 or not cv2.isContourConvex(quad):
        return 0.0
    width, height = target
    frame = np.array([[0, 0], [width, 0], [width, height], [0, height]], np.float32)
    common, _ = cv2.intersectConvexConvex(quad, frame)
    return float(min(1.0, common / (width * height)))


def _coincide(quad: NDArray[np.float64], size: tuple[int, int]) -> bool:
    """Whether a quadrangle lies square in a frame and shares two opposite edges, or has the frame's very size."""
    if not np.isfinite(quad).all():
        return False
    extent = np.array(size, np.float64)
    low, high = quad.min(axis=0) / extent, quad.max(axis=0) / extent
    edge = (np.roll(quad, -1, axis=0) - quad) / extent
    square = bool((np.minimum(np.abs(edge[:, 0]), np.abs(edge[:, 1])) < LAID_ALIKE * 1.5).all())
    edges = (np.abs(low) < LAID_ALIKE) & (np.abs(high - 1) < LAID_ALIKE)
    return square and bool(edges.any())


def _is_shift(overlap: Overlap, left: tuple[int, int], right: tuple[int, int]) -> bool:
    """Whether two frames of one size are laid at one scale, however shifted, as parts of one screen would be."""
    if max(abs(a / b - 1) for a, b in zip(left, right, strict=True)) > LAID_ALIKE:
        return False
    rows, columns = np.nonzero(overlap.common)
    middle = np.array([[[columns.mean(), rows.mean()]]])
    points = middle + np.array([[[0.0, 0.0], [8.0, 0.0], [0.0, 8.0]]])
    spans = []
    for to_work in (overlap.left_to_work, overlap.right_to_work):
        at = cv2.perspectiveTransform(points, np.linalg.inv(to_work))[0]
        spans.append((at[1] - at[0], at[2] - at[0]))
    (across, down), (other_across, other_down) = spans
    scale = np.sqrt(abs(_cross(across, down) / _cross(other_across, other_down)))
    return bool(abs(np.log(scale)) < LAID_ALIKE)


def _cross(a: NDArray[np.float64], b: NDArray[np.float64]) -> float:
    return float(a[0] * b[1] - a[1] * b[0])
