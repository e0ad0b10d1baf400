"""Pictures whose tones were turned over: solarised, negative, posterised. And pictures under marks all over them.

Correlation forgives a straight line of tones and no more. Where the tones of one picture are a function of those of the
other, whatever its shape, the function is applied and the pixels are judged again. Marks that lie all over a picture
make it lighter (or darker) where they lie and leave it as it is between them; of two different pictures neither holds.
"""

from __future__ import annotations

from itertools import pairwise

import cv2
import numpy as np
from numpy.typing import NDArray

from verifier.hashing.pictures.measures.pixels import MOST_EQUAL, Field, Overlap, toned

STEPS, LEAST_IN_STEP, LEAST_STEPS = 32, 24, 4
LEAST_PIXELS, LEAST_SPREAD = 1000, 4.0  # of the common area; grey levels
LEAST_EXPLAINED, LEAST_GAIN = 0.6, 0.15  # share of variance that the function explains; more than a rising line does
MOST_MARKED, LEAST_MARKED = 0.5, 0.05  # of the common area: pixels that marks change
ONE_SIGN = 0.8  # of the marked pixels: lighter, or else darker
CELLS, LEAST_SEEN, LEAST_IN_CELL = 3, 0.4, 0.01  # in each of 3 x 3 cells: unmarked pixels, and marked ones
SEEN_WINDOW, LEAST_SEEN_TEXTURE = 25, 3.0  # pixels; grey levels of standard deviation between the marks
SEEN_CORRELATION, LEAST_SEEN_ALIKE, LEAST_SEEN_WINDOWS = 0.6, 0.8, 0.1


def turned_tones(laid: Overlap) -> tuple[NDArray[np.uint8], bool] | None:
    """A table that brings one picture's tones to the other's, and whether it is the left picture's.

    None where no function does, or a rising line does as well. A solarised picture's tones are a function of the
    original's and not the other way round, so both ways are tried.
    """
    sides = laid.left[laid.common], laid.right[laid.common]
    for of_left, (source, target) in ((True, sides), (False, sides[::-1])):
        table = _function(source, target)
        if table is not None:
            return table, of_left
    return None


def _function(source: Field, target: Field) -> NDArray[np.uint8] | None:
    if len(source) < LEAST_PIXELS or target.std() < LEAST_SPREAD:
        return None
    steps = (source / (256 / STEPS)).astype(int).clip(0, STEPS - 1)
    counts = np.bincount(steps, minlength=STEPS)
    known = np.flatnonzero(counts >= LEAST_IN_STEP)
    if len(known) < LEAST_STEPS:
        return None
    middles = np.array([float(np.median(target[steps == step])) for step in known])
    table = np.asarray(np.interp(np.arange(256), (known + 0.5) * (256 / STEPS), middles), np.float64)
    around = float(target.var())
    by_function = 1 - float(np.mean((target - np.interp(source, np.arange(256), table)) ** 2)) / around
    slope = float(((source - source.mean()) * (target - target.mean())).mean()) / max(1.0, float(source.var()))
    by_line = max(0.0, slope) ** 2 * float(source.var()) / around
    if by_function < LEAST_EXPLAINED or by_function - by_line < LEAST_GAIN:
        return None
    return np.asarray(np.clip(np.rint(table), 0, 255), np.uint8)


def is_seen_through_marks(laid: Overlap) -> bool:
    """Whether one picture is the other under marks that lie all over it."""
    fitted = toned(laid.left, laid.right, laid.agrees, laid.common)
    apart = laid.right - fitted
    marked = laid.common & (np.abs(apart) > MOST_EQUAL)
    share = laid.share(marked)
    if not LEAST_MARKED <= share <= MOST_MARKED:
        return False
    lighter = float((apart[marked] > 0).mean())
    if max(lighter, 1 - lighter) < ONE_SIGN or not _all_over(laid, marked):
        return False
    seen = laid.common & (cv2.dilate(marked.astype(np.uint8), np.ones((3, 3), np.uint8)) == 0)
    return _agrees_between(fitted, laid.right, seen, laid)


def _all_over(laid: Overlap, marked: NDArray[np.bool_]) -> bool:
    rows, columns = np.nonzero(laid.common)
    down = np.linspace(rows.min(), rows.max() + 1, CELLS + 1).astype(int)
    across = np.linspace(columns.min(), columns.max() + 1, CELLS + 1).astype(int)
    for top, bottom in pairwise(down):
        for left, right in pairwise(across):
            ground = laid.common[top:bottom, left:right]
            share = float(marked[top:bottom, left:right].sum()) / max(1, int(ground.sum()))
            if not LEAST_IN_CELL <= share <= 1 - LEAST_SEEN:
                return False
    return True


def _agrees_between(left: Field, right: Field, seen: NDArray[np.bool_], laid: Overlap) -> bool:
    """Whether what is seen between the marks correlates wherever it has texture."""
    weight = seen.astype(np.float32)
    size = (SEEN_WINDOW, SEEN_WINDOW)
    total = np.maximum(cv2.blur(weight, size), 1e-3)
    mean_left, mean_right = cv2.blur(left * weight, size) / total, cv2.blur(right * weight, size) / total
    spread_left = np.maximum(cv2.blur(left * left * weight, size) / total - mean_left**2, 0)
    spread_right = np.maximum(cv2.blur(right * right * weight, size) / total - mean_right**2, 0)
    together = cv2.blur(left * right * weight, size) / total - mean_left * mean_right
    correlation = together / np.sqrt(np.maximum(spread_left * spread_right, 1e-2))
    told = laid.common & (total > 0.3) & (np.maximum(spread_left, spread_right) > LEAST_SEEN_TEXTURE**2)
    if laid.share(np.asarray(told)) < LEAST_SEEN_WINDOWS:
        return False
    return laid.share(np.asarray(correlation >= SEEN_CORRELATION), np.asarray(told)) >= LEAST_SEEN_ALIKE
