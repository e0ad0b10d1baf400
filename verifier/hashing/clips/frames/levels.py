"""Levels of small frames: sampled at points, between frames, and freed of what exposure does to them.

Stacks are float32 (frames, points), or (frames, rows, columns) where they are whole frames.
"""

from __future__ import annotations

import cv2
import numpy as np
from numpy.typing import NDArray

RESTLESS = 2.0  # grey levels: a point whose median deviation over time is more is seldom at rest

Small = NDArray[np.float32]  # (frames, rows, columns)
Floats = NDArray[np.float32]


def restless_share(stack: Floats) -> float:
    """Share of the points (frames, points) that are seldom at rest: their median deviation over time is large.

    Before a camera that stands, a point rests at the wall or at somebody's coat most of the time, however many come and
    go; before one that moves it rests nowhere.
    """
    usual = np.median(stack, axis=0)
    return float((np.median(np.abs(stack - usual), axis=0) > RESTLESS).mean())


def fitted(known: Floats, query: Floats) -> tuple[float, float]:
    """Gain and offset that take most of the known points' levels to the query's."""
    good = np.ones(len(known), bool)
    gain, offset = 1.0, 0.0
    for _ in range(6):
        if np.ptp(known[good]) < 4:
            return gain, offset
        gain, offset = (float(part) for part in np.polyfit(known[good], query[good], 1))
        apart = np.abs(query - gain * known - offset)
        good = apart <= np.percentile(apart, 60)
    return (gain, offset) if 0.2 < gain < 5 else (1.0, float(np.median(query - known)))


def correlation(left: Floats, right: Floats) -> float:
    weight = float(np.sqrt(np.square(left).sum() * np.square(right).sum()))
    return float((left * right).sum()) / weight if weight > 1e-6 else 0.0


def row_likeness(left: Floats, right: Floats) -> Floats:
    weight = np.sqrt(np.square(left).sum(axis=1) * np.square(right).sum(axis=1))
    return np.asarray((left * right).sum(axis=1) / np.maximum(weight, 1e-6), np.float32)


def without_mean(stack: Floats) -> Floats:
    """Each frame less its own mean: exposure is no motion."""
    return np.asarray(stack - stack.mean(axis=1, keepdims=True), np.float32)


def levelled(stack: Floats) -> Floats:
    """Each frame less the median by which it differs from the usual: a dark coat does not brighten the walls."""
    usual = np.median(stack, axis=0)
    return np.asarray(stack - np.median(stack - usual, axis=1)[:, None], np.float32)


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
