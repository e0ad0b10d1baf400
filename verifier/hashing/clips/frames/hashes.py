"""PDQ of a reduced frame as if it had its native size.

PDQ's smoothing window is a whole number of native pixels, so the hash of a reduced frame differs by some twenty bits
from the published one. The shared decode hands on frames of at most 480 pixels. Both smoothing passes and the sampling
are linear, so for a native size they are one matrix each for rows and columns, which are made for the reduced size:
the hash then differs by a few bits only (docs/similarity.md), whatever the size a copy was reduced to.
"""

from __future__ import annotations

from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from verifier.hashing import pdq
from verifier.hashing.clips.frames.bits import low_bits

MOST_NATIVE = 4096  # pixels a side: a larger frame is hashed as if it had this size
_SAMPLES = 64

FrameHash = tuple[bytes, bytes, int]  # PDQ (32 bytes), low bits (8 bytes), quality


@lru_cache(maxsize=64)
def _weights(native: int, reduced: int) -> NDArray[np.float32]:
    """float32 (64, reduced): samples of twice smoothed native pixels, from reduced ones."""
    window = (native + 127) // 128
    after = (window + 2) // 2
    place = np.arange(native)
    first, last = np.maximum(0, place - (window - after)), np.minimum(native, place + after)
    rows = ((np.arange(_SAMPLES) + 0.5) * native / _SAMPLES).astype(int)
    inside = (place[None, :] >= first[rows, None]) & (place[None, :] < last[rows, None])
    once = inside / (last[rows] - first[rows])[:, None]
    spread = np.zeros((native + 1, _SAMPLES))
    shares = (once / (last - first)[None, :]).T
    np.add.at(spread, first, shares)
    np.add.at(spread, last, -shares)
    twice = np.cumsum(spread, axis=0)[:native]  # (native, 64)
    centre = np.clip((place + 0.5) * reduced / native - 0.5, 0, reduced - 1)
    left = np.floor(centre).astype(int)
    right, share = np.minimum(left + 1, reduced - 1), centre - left
    weights = np.zeros((reduced, _SAMPLES))
    np.add.at(weights, left, twice * (1 - share)[:, None])
    np.add.at(weights, right, twice * share[:, None])
    return np.ascontiguousarray(weights.T, np.float32)


def frame_hash(grey: NDArray[np.uint8], native_width: int, native_height: int) -> FrameHash:
    """Hashes of a grey uint8 frame (rows, columns) that was reduced from the native size. ValueError where empty."""
    if grey.size == 0:
        raise ValueError("a frame without pixels has no hash")
    height, width = grey.shape
    down = _weights(min(MOST_NATIVE, max(native_height, height)), height)
    across = _weights(min(MOST_NATIVE, max(native_width, width)), width)
    samples = np.asarray(down @ grey.astype(np.float32) @ across.T, np.float32)
    table = pdq.cosines()
    coefficients = (table @ samples @ table.T).astype(np.float32)
    return pdq.quantise(coefficients), low_bits(coefficients), pdq.quality(samples)
