"""Whether one picture is pasted into another: a seam along its very edge, and other content around.

A crop and a collage look the same to geometry: the smaller picture lies inside the larger. In the picture that was
cropped nothing marks the crop's outline; in a collage, or on a phone's screen, the picture ends there.
"""

from __future__ import annotations

import cv2
import numpy as np
from numpy.typing import NDArray

from verifier.hashing.pictures.geometry import Matrix, corners

LONGEST = 320  # pixels of the containing picture
POINTS = 64  # on each side of the outline
NEAR, FAR = 2, (6, 9, 12)  # pixels from the outline: where the seam is, and where nothing should be
LEAST_STEP, STEP_FACTOR = 6.0, 1.5
INNER = 4  # pixels from the frame; an outline nearer to it is the frame itself
CUT = 0.26  # share of the outline that steps, beyond the share that steps elsewhere
FILL = 0.28  # fine detail around relative to inside; below it lie bars, or a blurred fill

Grey = NDArray[np.uint8]


def is_pasted(outside: Grey, matrix: Matrix, size: tuple[int, int]) -> bool:
    """Whether the picture of `size` (width, height) that `matrix` lays into `outside` is an inset there."""
    seam, detail = measure(outside, matrix, size)
    return seam >= CUT and detail >= FILL


def measure(outside: Grey, matrix: Matrix, size: tuple[int, int]) -> tuple[float, float]:
    """How far the outline stands out as a seam (0..1), and the fine detail around relative to that inside."""
    scale = min(1.0, LONGEST / max(outside.shape))
    columns, rows = max(16, round(outside.shape[1] * scale)), max(16, round(outside.shape[0] * scale))
    small = np.asarray(cv2.resize(outside, (columns, rows), interpolation=cv2.INTER_AREA), np.float32)
    to_small = np.diag([columns / outside.shape[1], rows / outside.shape[0], 1.0]) @ matrix
    quad = corners(np.asarray(to_small), *size)
    if not np.isfinite(quad).all() or np.abs(quad).max() > 1e5:
        return 0.0, 0.0
    return _seam(small, quad), _detail_around(small, quad)


def _seam(picture: NDArray[np.float32], quad: NDArray[np.float64]) -> float:
    steps = []
    for start, end in zip(quad, np.roll(quad, -1, axis=0), strict=True):
        along = (end - start) / max(1e-6, float(np.linalg.norm(end - start)))
        normal = np.array([along[1], -along[0]])
        points = start + (end - start) * np.linspace(0.06, 0.94, POINTS)[:, None]
        limits = np.array([picture.shape[1] - 1 - INNER, picture.shape[0] - 1 - INNER])
        points = points[((points > INNER) & (points < limits)).all(axis=1)]
        if len(points) >= POINTS // 4:
            steps.append(_steps(picture, points, normal))
    if not steps:
        return 0.0
    near, far = np.concatenate([one[0] for one in steps]), np.concatenate([one[1] for one in steps])
    limit = max(LEAST_STEP, STEP_FACTOR * float(np.median(far)))
    return float((near > limit).mean() - (far > limit).mean())


def _steps(
    picture: NDArray[np.float32], points: NDArray[np.float64], normal: NDArray[np.float64]
) -> tuple[NDArray[np.float32], NDArray[np.float32]]:
    """The largest step along the normal near the outline, and at places farther away on both sides."""
    reach = FAR[-1] + NEAR + 1
    offsets = np.arange(-reach, reach + 1)
    at = points[:, None, :] + offsets[None, :, None] * normal[None, None, :]
    lines = cv2.remap(
        picture, at[..., 0].astype(np.float32), at[..., 1].astype(np.float32), cv2.INTER_LINEAR,
        borderMode=cv2.BORDER_REFLECT,
    )  # fmt: skip
    change = np.abs(np.diff(lines, axis=1))

    def largest(centre: int) -> NDArray[np.float32]:
        middle = centre + reach
        return np.asarray(change[:, middle - NEAR : middle + NEAR].max(axis=1), np.float32)

    return largest(0), np.concatenate([largest(side * far) for far in FAR for side in (-1, 1)])


def _detail_around(picture: NDArray[np.float32], quad: NDArray[np.float64]) -> float:
    filled = cv2.fillConvexPoly(np.zeros(picture.shape, np.uint8), np.rint(quad).astype(np.int32), 1)
    outside = cv2.erode(1 - filled, np.ones((7, 7), np.uint8)) > 0
    inside = cv2.erode(filled, np.ones((5, 5), np.uint8)) > 0
    if inside.sum() < 64 or outside.sum() < 64:
        return 0.0
    fine = np.abs(picture - cv2.GaussianBlur(picture, (0, 0), 1.2))
    return float(fine[outside].mean() / max(1e-3, float(fine[inside].mean())))
