"""Pixel by pixel: where two aligned pictures agree, where they differ, and where there is nothing to compare.

Matching points cannot tell a shared picture from a shared banner, so every alignment is judged on the pixels. The finer
picture is brought to the coarser one's frame; agreement is the local normalised cross-correlation, which does not mind
brightness, contrast or colour. Flat places that both pictures leave empty say nothing, unless their tones contradict.
"""

from __future__ import annotations

from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from verifier.hashing.pictures.geometry import Matrix

LONGEST = 256  # pixels of the common area that are compared
LEAST_LONGEST = 24
TEXTURE = 5.0  # grey levels of standard deviation
AGREEING = 0.5  # correlation
FAINT = 0.6  # grey levels of standard deviation once slopes are out
FAINT_FINE, FAINT_COARSE = 1.2, 6.0  # pixels
LEAST_EQUAL, MOST_EQUAL = 8.0, 18.0  # grey levels between pixels that are called equal
TONE_CONFLICT = 36.0  # grey levels after the tones have been fitted

Grey = NDArray[np.uint8]
Field = NDArray[np.float32]
Mask = NDArray[np.bool_]


@dataclass(frozen=True, slots=True, eq=False)
class Overlap:
    """The common area of two pictures in one small frame; every field has the shape (rows, columns).

    `left_to_work` takes a point of the left picture (mirrored first where the alignment says so) into the frame,
    `right_to_work` one of the right. `window` is the side of the correlation window in pixels.
    """

    left: Field
    right: Field
    common: Mask
    textured: Mask
    agrees: Mask  # textured, and the pictures agree
    differs: Mask  # textured, and they do not
    conflicts: Mask  # flat in both, and of different tone
    equal: Mask  # the very pixel is alike once the tones are fitted
    left_to_work: Matrix
    right_to_work: Matrix
    window: int

    def share(self, field: Mask, within: Mask | None = None) -> float:
        """How much of `within` (else of the common area) the field covers."""
        ground = self.common if within is None else within
        total = int(ground.sum())
        return float((field & ground).sum() / total) if total else 0.0

    @property
    def agreement(self) -> float:
        """Share of the textured common area that agrees."""
        return self.share(self.agrees, self.textured)


def faint_agreement(laid: Overlap, within: Mask) -> tuple[float, float]:
    """Share of `within` that has faint structure in both pictures, and how much of that agrees.

    For what is left of a smooth picture when its few textured places are taken for an overlay: the shading of one and
    the same desert or sky still correlates. Slopes are taken out first (a difference of Gaussians), for the skies of
    two different pictures slope alike.
    """
    a, b = _without_slope(laid.left), _without_slope(laid.right)
    size = (laid.window, laid.window)
    mean_a, mean_b = cv2.blur(a, size), cv2.blur(b, size)
    spread_a = np.maximum(cv2.blur(a * a, size) - mean_a**2, 0)
    spread_b = np.maximum(cv2.blur(b * b, size) - mean_b**2, 0)
    correlation = (cv2.blur(a * b, size) - mean_a * mean_b) / np.sqrt(np.maximum(spread_a * spread_b, 1e-4))
    faint = laid.common & within & (np.minimum(spread_a, spread_b) > FAINT**2)
    return laid.share(faint, within & laid.common), laid.share(np.asarray(correlation >= AGREEING), faint)


def _without_slope(side: Field) -> Field:
    fine, coarse = cv2.GaussianBlur(side, (0, 0), FAINT_FINE), cv2.GaussianBlur(side, (0, 0), FAINT_COARSE)
    return np.asarray(fine - coarse, np.float32)


def _scaling(factor_across: float, factor_down: float) -> Matrix:
    half_across, half_down = 0.5 * factor_across - 0.5, 0.5 * factor_down - 0.5  # pixel centres stay centres
    return np.array([[factor_across, 0, half_across], [0, factor_down, half_down], [0, 0, 1]], np.float64)


def _brought(picture: Grey, matrix: Matrix, size: tuple[int, int], density: float) -> tuple[Field, Mask]:
    """The picture under `matrix` in a frame (columns, rows); reduced by area first where `density` times finer."""
    height, width = picture.shape
    shrunk = picture
    if density > 1.15:
        columns, rows = max(2, round(width / density)), max(2, round(height / density))
        shrunk = np.asarray(cv2.resize(picture, (columns, rows), interpolation=cv2.INTER_AREA), np.uint8)
        matrix = matrix @ np.linalg.inv(_scaling(columns / width, rows / height))
    values = cv2.warpPerspective(shrunk.astype(np.float32), matrix, size, flags=cv2.INTER_LINEAR)
    inside = cv2.warpPerspective(np.full(shrunk.shape, 255, np.uint8), matrix, size, flags=cv2.INTER_LINEAR)
    return np.asarray(values, np.float32), np.asarray(inside > 250)


def _linear_size(matrix: Matrix, at: NDArray[np.float64]) -> float:
    """How many pixels of the target one pixel of the source becomes, near a point."""
    steps = at[None, None] + np.array([[[0, 0], [1, 0], [0, 1]]], np.float64)
    moved = cv2.perspectiveTransform(steps, matrix)[0]
    across, down = moved[1] - moved[0], moved[2] - moved[0]
    return float(np.sqrt(abs(across[0] * down[1] - across[1] * down[0])))


@dataclass(frozen=True, slots=True, eq=False)
class Framed:
    """Two pictures in one frame, not yet compared; `common`: where both have pixels."""

    left: Field
    right: Field
    common: Mask
    left_to_work: Matrix
    right_to_work: Matrix


def overlap(left: Grey, right: Grey, matrix: Matrix, near: NDArray[np.floating]) -> Overlap | None:
    """Compare two grey pictures; `matrix` takes left (already mirrored) to right; `near` is a matched point of left.

    None where less than a thumbnail of common area is left.
    """
    found = framed(left, right, matrix, near)
    if found is None:
        return None
    return _judged(found.left, found.right, found.common, found.left_to_work, found.right_to_work)


def framed(
    left: Grey, right: Grey, matrix: Matrix, near: NDArray[np.floating], longest: int = LONGEST
) -> Framed | None:
    """Both pictures in the frame of the coarser one, the common area's long side at most `longest` pixels."""
    point = np.asarray(near, np.float64)
    size_right_per_left = _linear_size(matrix, point)
    if not np.isfinite(size_right_per_left) or size_right_per_left <= 0:
        return None
    left_is_target = size_right_per_left >= 1
    target, source = (left, right) if left_is_target else (right, left)
    source_to_target: Matrix = np.asarray(np.linalg.inv(matrix) if left_is_target else matrix, np.float64)
    box = _bounds(source, target, source_to_target)
    if box is None:
        return None
    x0, y0, x1, y1 = box
    scale = min(1.0, longest / max(x1 - x0, y1 - y0))
    columns, rows = max(2, round((x1 - x0) * scale)), max(2, round((y1 - y0) * scale))
    to_work = _scaling(columns / (x1 - x0), rows / (y1 - y0)) @ np.array([[1, 0, -x0], [0, 1, -y0], [0, 0, 1]], float)
    source_to_work = to_work @ source_to_target
    at = point if not left_is_target else np.asarray(cv2.perspectiveTransform(point[None, None], matrix)[0, 0])
    density = 1 / max(1e-6, _linear_size(source_to_work, at))
    moved, inside = _brought(source, source_to_work, (columns, rows), density)
    kept, within = _brought(target, to_work, (columns, rows), 1 / scale)
    common = inside & within
    if common.sum() < LEAST_LONGEST**2:
        return None
    a, b = (kept, moved) if left_is_target else (moved, kept)
    left_to_work, right_to_work = (to_work, source_to_work) if left_is_target else (source_to_work, to_work)
    return Framed(a, b, common, left_to_work, right_to_work)


def _bounds(source: Grey, target: Grey, matrix: Matrix) -> tuple[int, int, int, int] | None:
    small = 8  # a coarse raster of the target: robust against quads that reach infinity
    rows, columns = -(-target.shape[0] // small), -(-target.shape[1] // small)
    inside = cv2.warpPerspective(
        np.full(source.shape, 255, np.uint8), _scaling(1 / small, 1 / small) @ matrix, (columns, rows)
    )
    ys, xs = np.nonzero(inside > 127)
    if len(ys) == 0:
        return None
    x0, y0 = max(0, int(xs.min()) * small), max(0, int(ys.min()) * small)
    x1 = min(target.shape[1], (int(xs.max()) + 1) * small)
    y1 = min(target.shape[0], (int(ys.max()) + 1) * small)
    return (x0, y0, x1, y1) if max(x1 - x0, y1 - y0) >= LEAST_LONGEST else None


def _smooth(field: Field) -> Field:
    return np.asarray(cv2.GaussianBlur(field, (0, 0), 1.0), np.float32)


def _judged(a: Field, b: Field, common: Mask, left_to_work: Matrix, right_to_work: Matrix) -> Overlap:
    ground: Field = common.astype(np.float32)
    # outside the common area both pictures are set to their mean, so that the windows there stay quiet
    a = np.where(common, a, a[common].mean()).astype(np.float32)
    b = np.where(common, b, b[common].mean()).astype(np.float32)
    smooth_a, smooth_b = _smooth(a), _smooth(b)
    window = max(7, round(max(a.shape) / 16)) | 1

    def mean(field: Field) -> Field:
        return np.asarray(cv2.blur(field, (window, window)), np.float32)

    mean_a, mean_b = mean(smooth_a), mean(smooth_b)
    spread_a = np.maximum(mean(smooth_a * smooth_a) - mean_a**2, 0)
    spread_b = np.maximum(mean(smooth_b * smooth_b) - mean_b**2, 0)
    together = mean(smooth_a * smooth_b) - mean_a * mean_b
    correlation = together / np.sqrt(np.maximum(spread_a * spread_b, 1e-2))
    judged = common & (mean(ground) > 0.9)
    textured = judged & (np.maximum(spread_a, spread_b) > TEXTURE**2)
    agrees = textured & (correlation >= AGREEING)
    conflicts = judged & ~textured & (np.abs(mean_b - toned(mean_a, mean_b, agrees, judged)) > TONE_CONFLICT)
    apart = np.abs(b - toned(a, b, agrees, judged))
    usual = float(np.median(apart[agrees])) if agrees.any() else 0.0
    equal = judged & (apart <= min(max(LEAST_EQUAL, 3 * usual), MOST_EQUAL))
    return Overlap(
        left=a, right=b, common=judged, textured=textured, agrees=agrees, differs=textured & ~agrees,
        conflicts=conflicts, equal=equal, left_to_work=left_to_work, right_to_work=right_to_work, window=window,
    )  # fmt: skip


def toned(a: Field, b: Field, agrees: Mask, judged: Mask) -> Field:
    """`a` in the tones of `b`: a line through the places that agree, or through all where too few do."""
    ground = agrees if agrees.sum() > 200 else judged
    x, y = a[ground], b[ground]
    if len(x) < 16 or x.std() < 1:
        return a
    slope = float(np.clip(((x - x.mean()) * (y - y.mean())).mean() / x.var(), 0.15, 4.0))
    return np.asarray(slope * (a - x.mean()) + y.mean(), np.float32)
