"""Levels of small frames: sampled at points, between frames, and freed of what exposure does to them.

Stacks are float32 (frames, points), or (frames, rows, columns) where they are whole frames.
"""

from __future__ import annotations

import cv2
import numpy as np
from numpy.typing import NDArray

FITTED_SHARE = 0.6  # of the points, those nearest to the line, that the next line is fitted to
RESTLESS = 2.0  # grey levels: a point whose median deviation over time is more is seldom at rest

Small = NDArray[np.float32]  # (frames, rows, columns)
Floats = NDArray[np.float32]


def usual_frame(stack: Floats) -> Floats:
    """Median of each point over the frames, float32 (points,). Sorting contiguous rows of float32 is four times as fast
    as a selection (`np.median`), for it is vectorised."""
    return _middle_of_rows(np.ascontiguousarray(stack.T)) if len(stack) else np.zeros(stack.shape[1], np.float32)


def usual_level(stack: Floats) -> Floats:
    """Median of each frame over its points, float32 (frames,)."""
    return _middle_of_rows(stack)


def _middle_of_rows(rows: Floats) -> Floats:
    ordered = np.sort(rows, axis=1)
    half, is_odd = divmod(rows.shape[1], 2)
    return ordered[:, half] if is_odd else (ordered[:, half - 1] + ordered[:, half]) * np.float32(0.5)


def restless_share(stack: Floats) -> float:
    """Share of the points (frames, points) that are seldom at rest: their median deviation over time is large.

    Before a camera that stands, a point rests at the wall or at somebody's coat most of the time, however many come and
    go; before one that moves it rests nowhere.
    """
    return float((usual_frame(np.abs(stack - usual_frame(stack))) > RESTLESS).mean())


def fitted(known: Floats, query: Floats) -> tuple[float, float]:
    """Gain and offset that take most of the known points' levels to the query's."""
    known, query = known.astype(np.float64), query.astype(np.float64)
    x, y = known, query
    gain, offset = 1.0, 0.0
    for _ in range(6):
        if np.ptp(x) < 4:
            return gain, offset
        middle = float(x.mean()), float(y.mean())
        centred = x - middle[0]
        gain = float(centred @ (y - middle[1])) / float(centred @ centred)
        offset = middle[1] - gain * middle[0]
        apart = np.abs(query - gain * known - offset)
        good = apart <= _share_below(apart, FITTED_SHARE)
        x, y = known[good], query[good]
    return (gain, offset) if 0.2 < gain < 5 else (1.0, float(np.median(query - known)))


def _share_below(values: NDArray[np.float64], share: float) -> float:
    """The level that so great a share of the values lies below, between two of them."""
    place, part = divmod(share * (len(values) - 1), 1)
    first = int(place)
    after = min(first + 1, len(values) - 1)
    two = np.partition(values, (first, after))
    return float(two[first] + (two[after] - two[first]) * part)


def correlation(left: Floats, right: Floats) -> float:
    weight = float(np.sqrt(float(np.vdot(left, left)) * float(np.vdot(right, right))))
    return float(np.vdot(left, right)) / weight if weight > 1e-6 else 0.0


def row_likeness(left: Floats, right: Floats) -> Floats:
    weight = np.sqrt(_row_products(left, left) * _row_products(right, right))
    return np.asarray(_row_products(left, right) / np.maximum(weight, 1e-6), np.float32)


def _row_products(left: Floats, right: Floats) -> Floats:
    return np.asarray(np.einsum("ij,ij->i", left, right), np.float32)


def without_mean(stack: Floats) -> Floats:
    """Each frame less its own mean: exposure is no motion."""
    return np.asarray(stack - stack.mean(axis=1, keepdims=True), np.float32)


def levelled(stack: Floats) -> Floats:
    """Each frame less the median by which it differs from the usual: a dark coat does not brighten the walls."""
    return stack - usual_level(stack - usual_frame(stack))[:, None]


def at_times(stack: Floats, times: Floats, wanted: Floats) -> Floats:
    """Frames at times between the kept ones, mixed of their two neighbours."""
    after = np.clip(np.searchsorted(times, wanted), 1, max(1, len(times) - 1))
    if len(times) == 1:
        return np.repeat(stack, len(wanted), axis=0)
    gap = np.maximum(times[after] - times[after - 1], 1e-3)
    share = np.clip((wanted - times[after - 1]) / gap, 0, 1)[:, None]
    return np.asarray(stack[after - 1] * (1 - share) + stack[after] * share, np.float32)


def laid_points(homography: NDArray[np.float64], points: NDArray[np.float64]) -> NDArray[np.float64]:
    laid = np.concatenate([points, np.ones((len(points), 1))], axis=1) @ homography.T
    depth = np.where(np.abs(laid[:, 2:]) < 1e-9, 1e-9, laid[:, 2:])
    return np.asarray(laid[:, :2] / depth)


def pixel_ratio(
    homography: NDArray[np.float64], points: NDArray[np.float64], query: tuple[int, ...], known: tuple[int, ...]
) -> float:
    """Known pixels per query pixel, along a side: above 1 where the query shows the known picture smaller."""
    step = 0.02
    moved = laid_points(homography, points + np.array([step, step])) - laid_points(homography, points)
    area = np.abs(np.median(moved[:, 0] * query[1])) * np.abs(np.median(moved[:, 1] * query[0]))
    return float(np.clip(np.sqrt(step * step * known[0] * known[1] / max(area, 1e-6)), 1 / 8, 8))


def softened(small: Small, ratio: float) -> Small:
    """Blurred to the sharpness of a picture that many times smaller."""
    if ratio < 1.3:
        return small
    return np.stack([cv2.GaussianBlur(frame, (0, 0), 0.5 * ratio) for frame in small])


def sampled(small: Small, points: NDArray[np.float64]) -> Floats:
    """Grey levels (frames, points) between pixels; points are shares of the frame."""
    rows, columns = small.shape[1:]
    x = np.clip(points[:, 0] * columns - 0.5, 0, columns - 1.001)
    y = np.clip(points[:, 1] * rows - 0.5, 0, rows - 1.001)
    left, top = x.astype(int), y.astype(int)
    right, below = np.minimum(left + 1, columns - 1), np.minimum(top + 1, rows - 1)
    a, b = (x - left)[None, :], (y - top)[None, :]
    upper = small[:, top, left] * (1 - a) + small[:, top, right] * a
    lower = small[:, below, left] * (1 - a) + small[:, below, right] * a
    return np.asarray(upper * (1 - b) + lower * b, np.float32)
