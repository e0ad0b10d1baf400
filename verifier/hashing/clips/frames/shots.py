"""Cuts between shots, and frozen or repeated stretches, seen in small grey frames four times a second."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

CUT_LEVELS = 18.0  # mean difference of grey levels between two frames a quarter of a second apart
CUT_LIKENESS = 0.55  # correlation below which two frames show different things


def likeness(left: NDArray[np.generic], right: NDArray[np.generic]) -> float:
    """Correlation of two frames, -1..1; flat frames are alike where both are flat."""
    one, two = left.astype(np.float32).ravel(), right.astype(np.float32).ravel()
    one, two = one - one.mean(), two - two.mean()
    weight = float(np.sqrt((one @ one) * (two @ two)))
    flat = 4.0 * len(one)  # two grey levels of spread
    if weight < flat:
        return 1.0 if max(float(one @ one), float(two @ two)) < 2 * flat else 0.0
    return float(one @ two) / weight


def is_cut(before: NDArray[np.uint8], after: NDArray[np.uint8]) -> bool:
    """Whether a new shot begins between two consecutive small frames."""
    apart = float(np.abs(before.astype(np.int16) - after.astype(np.int16)).mean())
    return apart > CUT_LEVELS and likeness(before, after) < CUT_LIKENESS
