"""How one picture lies in another: homographies from local features, several to a pair.

Two pictures may have more than one thing in common, each laid differently: a phone's screen and, elsewhere on it, the
photograph; a banner and, mirrored, the picture behind it. So a pair yields several alignments, strongest first, each
made of the matches that the stronger ones leave over.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace

import cv2
import numpy as np
from numpy.typing import NDArray

from verifier.hashing.local_features import LocalFeatures

RATIO = 0.88  # a match's distance to that of the next best
LEAST_INLIERS = 8
MOST_ALIGNMENTS = 3
REACH_PIXELS = 4.0  # MAGSAC's upper bound of the error
BESIDE_PIXELS, BESIDE_SHARE = 6.0, 0.06  # from .. to: off by pixels of the coarser picture, by a share of its diagonal
LEAST_ASTRAY = 20  # matches; fewer are mismatches
MOST_SIDE_RATIO = 2.2
LEAST_AREA_FACTOR, MOST_AREA_FACTOR = 0.01, 100.0
_TURN_BINS, _SCALE_BINS = 24, 17
_FEW = 16

Matrix = NDArray[np.float64]


@dataclass(frozen=True, slots=True, eq=False)
class Alignment:
    """`matrix` (3, 3) takes a point of the left picture (mirrored first where `mirrored`) to the right one.

    `left_points` and `right_points`, float32 (count, 2), are the inliers, each in its own unmirrored picture.
    """

    matrix: Matrix
    mirrored: bool
    left_points: NDArray[np.float32]
    right_points: NDArray[np.float32]

    inliers: int
    astray: float = 0.0  # share of matches of the same turn that lie beside where the matrix takes them: parallax

    def thinned(self) -> Alignment:
        """The same with a few points only: enough to know where the pictures were matched."""
        step = max(1, len(self.left_points) // _FEW)
        return replace(self, left_points=self.left_points[::step], right_points=self.right_points[::step])


def mutual_matches(left: LocalFeatures, right: LocalFeatures) -> NDArray[np.intp]:
    """Indices (count, 2) of points that are each other's nearest, and clearly nearer than the next."""
    if len(left) < 2 or len(right) < 2:
        return np.zeros((0, 2), np.intp)
    a, b = left.descriptors.astype(np.float32), right.descriptors.astype(np.float32)
    apart = (a * a).sum(axis=1)[:, None] + (b * b).sum(axis=1)[None, :] - 2 * (a @ b.T)
    rows = np.arange(len(a))
    nearest = apart.argmin(axis=1)
    distance = apart[rows, nearest]
    back = apart.argmin(axis=0)
    apart[rows, nearest] = np.inf
    clear = (distance < RATIO * RATIO * apart.min(axis=1)) & (back[nearest] == rows)
    return np.stack([rows[clear], nearest[clear]], axis=1)


def _of_one_turn(left: NDArray[np.float32], right: NDArray[np.float32]) -> NDArray[np.bool_]:
    """Which matches belong to the commonest turn and scale (+-0.5 rad, +-0.7 octave)."""
    turn = np.deg2rad(right[:, 3] - left[:, 3]) % (2 * np.pi)
    octave = np.log2(np.maximum(right[:, 2], 0.1) / np.maximum(left[:, 2], 0.1))
    turn_bin = (turn / (2 * np.pi) * _TURN_BINS).astype(int) % _TURN_BINS
    scale_bin = np.clip(np.rint(octave * 2) + _SCALE_BINS // 2, 0, _SCALE_BINS - 1).astype(int)
    votes = np.zeros((_TURN_BINS, _SCALE_BINS + 2))
    np.add.at(votes, (turn_bin, scale_bin + 1), 1)
    around = votes + np.roll(votes, 1, 0) + np.roll(votes, -1, 0)
    around[:, 1:-1] += around[:, :-2] * 0.5 + around[:, 2:] * 0.5
    peak_turn, peak_scale = np.unravel_index(int(around[:, 1:-1].argmax()), (_TURN_BINS, _SCALE_BINS))
    near = np.abs((turn_bin - peak_turn + _TURN_BINS // 2) % _TURN_BINS - _TURN_BINS // 2) <= 1
    near &= np.abs(scale_bin - peak_scale) <= 1
    middle_turn = np.angle(np.exp(1j * turn[near]).mean())
    middle_octave = float(octave[near].mean())
    away = np.abs(np.angle(np.exp(1j * (turn - middle_turn))))
    return np.asarray((away < 0.5) & (np.abs(octave - middle_octave) < 0.7))


def corners(matrix: Matrix, width: int, height: int) -> NDArray[np.float64]:
    """Where the corners of a picture come to lie, (4, 2), clockwise from the top left; may be infinite."""
    frame = np.array([[[0, 0], [width, 0], [width, height], [0, height]]], np.float64)
    return np.asarray(cv2.perspectiveTransform(frame, matrix)[0], np.float64)


def is_sane(matrix: Matrix, width: int, height: int) -> bool:
    """Whether a picture of that size stays a convex, unflipped quadrangle of sensible shape and size."""
    quad = corners(matrix, width, height)
    if not np.isfinite(quad).all():
        return False
    edge = np.roll(quad, -1, axis=0) - quad
    following = np.roll(edge, -1, axis=0)
    if (edge[:, 0] * following[:, 1] - edge[:, 1] * following[:, 0]).min() <= 0:
        return False
    length = np.linalg.norm(edge, axis=1)
    ratio = max(length[0] / length[2], length[2] / length[0], length[1] / length[3], length[3] / length[1])
    factor = cv2.contourArea(quad.astype(np.float32)) / (width * height)
    return bool(ratio <= MOST_SIDE_RATIO and LEAST_AREA_FACTOR <= factor <= MOST_AREA_FACTOR)


def alignments(left: LocalFeatures, right: LocalFeatures, mirrored: bool) -> Iterator[Alignment]:
    """Every way found to lay the left picture (mirrored or not) on the right one, at most MOST_ALIGNMENTS."""
    laid = left.mirrored() if mirrored else left
    matches = mutual_matches(laid, right)
    for _ in range(MOST_ALIGNMENTS + 2):
        if len(matches) < LEAST_INLIERS:
            return
        turned = _of_one_turn(laid.points[matches[:, 0]], right.points[matches[:, 1]])
        chosen = matches[turned]
        if len(chosen) < LEAST_INLIERS:
            return
        source, target = laid.points[chosen[:, 0], :2], right.points[chosen[:, 1], :2]
        found, flags = cv2.findHomography(
            source, target, cv2.USAC_MAGSAC, REACH_PIXELS, maxIters=2000, confidence=0.999
        )
        if found is None:
            return
        matrix = np.asarray(found, np.float64)
        agree = flags.ravel() > 0
        if agree.sum() < LEAST_INLIERS:
            return
        back = np.asarray(np.linalg.pinv(matrix), np.float64)
        if is_sane(matrix, laid.width, laid.height) or is_sane(back, right.width, right.height):
            yield Alignment(
                matrix=matrix,
                mirrored=mirrored,
                left_points=left.points[chosen[agree, 0], :2],
                right_points=right.points[chosen[agree, 1], :2],
                inliers=int(agree.sum()),
                astray=_astray(source, target, matrix, agree, (right.width, right.height)),
            )
        used = np.zeros(len(matches), bool)
        used[np.flatnonzero(turned)[agree]] = True
        matches = matches[~used]


def _astray(
    source: NDArray[np.float32],
    target: NDArray[np.float32],
    matrix: Matrix,
    agree: NDArray[np.bool_],
    size: tuple[int, int],
) -> float:
    """Share of matches that lie some way beside: of a copy nearly none, of another view whatever is nearer or farther.

    Wrong matches lie anywhere, and few of them near.
    """
    moved = cv2.perspectiveTransform(source[None].astype(np.float64), matrix)[0]
    scale = max(1.0, float(np.sqrt(abs(np.linalg.det(matrix[:2, :2])))))
    off = np.linalg.norm(moved - target, axis=1) / scale
    beside = ~agree & (off > BESIDE_PIXELS) & (off <= BESIDE_SHARE * float(np.hypot(*size)) / scale)
    count = int(beside.sum())
    return count / (count + int(agree.sum())) if count >= LEAST_ASTRAY else 0.0
