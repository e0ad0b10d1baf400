"""Whether two recordings sound alike at one offset by more than chance: peaks that coincide, against those elsewhere.

Of the query's spectral peaks in a stretch, those are counted that meet a peak of the known recording in the same band
within a frame. What chance gives in just that much sound is counted at offsets around: tones and beats coincide more
often than noise, and in clusters. With m met, λ expected and φ the variance of the counts over their mean (1 at least),
the chance is P(Poisson(λ/φ) ≥ m/φ), times the number of offsets that were free; its negative decimal logarithm is the
significance. A single note of a second in common is no recording in common, whatever number of landmarks it gives.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from verifier.hashing.sound.landmarks import FRAME_SECONDS, Landmarks

AROUND_SECONDS, APART_SECONDS, STEP_FRAMES = 4.0, 0.25, 3  # offsets that chance is counted at
MOST_PEAKS = 3000
MOMENT_SECONDS = 0.5
_ROOM = 1 << 24  # frames, more than any recording has

Numbers = NDArray[np.int64]


@dataclass(frozen=True, slots=True, kw_only=True)
class Coincidence:
    """`peaks` of the query in the stretch, `met` at the offset, `expected` by chance, `spread` of that (variance over
    mean); `moments`: half seconds in which some were met; `offsets`: how many were free."""

    peaks: int
    met: int
    expected: float
    spread: float
    moments: int
    offsets: int

    @property
    def share(self) -> float:
        """Of the peaks that were met beyond chance, 0..1."""
        return max(0.0, (self.met - self.expected) / max(1.0, self.peaks - self.expected))

    @property
    def significance(self) -> float:
        """Negative decimal logarithm of the chance."""
        if self.met <= self.expected:
            return 0.0
        from scipy.special import gammainc  # loads slowly, and most comparisons hear nothing in common

        chance = float(gammainc(max(1.0, self.met / self.spread), max(self.expected, 0.05) / self.spread))
        return max(0.0, float(-np.log10(max(chance, 1e-300)) - np.log10(max(1, self.offsets))))


def coincidence(
    query: Landmarks, known: Landmarks, span: tuple[float, float], offset: float, within: float = 0.0
) -> Coincidence | None:
    """Of the query's stretch `span` with the known recording `offset` seconds on, or as much as `within` beside.

    Times are seconds from each one's first picture. None where there is nothing to compare. With `within` only those
    offsets were free; without, every one of the two recordings.
    """
    frames = query.frame.astype(np.int64)
    times = frames * FRAME_SECONDS + query.start
    chosen = np.flatnonzero((times >= span[0]) & (times <= span[1]))
    chosen = chosen[:: max(1, -(-len(chosen) // MOST_PEAKS))]
    if len(chosen) == 0 or len(known.frame) == 0:
        return None
    keys = np.unique(known.bin.astype(np.int64) * _ROOM + known.frame.astype(np.int64))
    mine, bins = frames[chosen], query.bin.astype(np.int64)[chosen] * _ROOM
    middle = round((offset + query.start - known.start) / FRAME_SECONDS)
    free = round(within / FRAME_SECONDS)
    counts = {move: int(_met(keys, bins, mine + middle + move).sum()) for move in range(-free, free + 1)}
    best = max(counts, key=lambda move: (counts[move], -abs(move)))
    met = _met(keys, bins, mine + middle + best)
    apart = round((APART_SECONDS + within) / FRAME_SECONDS)
    around = np.arange(apart, apart + round(AROUND_SECONDS / FRAME_SECONDS), STEP_FRAMES)
    others = np.array([_met(keys, bins, mine + middle + move).sum() for move in (*around, *-around)], np.float64)
    expected = float(others.mean())
    ends = round((query.seconds + known.seconds) / FRAME_SECONDS)
    return Coincidence(
        peaks=len(chosen),
        met=int(met.sum()),
        expected=expected,
        spread=max(1.0, float(others.var()) / max(expected, 0.05)),
        moments=len(np.unique((times[chosen][met] / MOMENT_SECONDS).astype(np.int64))),
        offsets=2 * free + 1 if within else max(1, ends),
    )


def _met(keys: Numbers, bins: Numbers, frames: Numbers) -> NDArray[np.bool_]:
    """Which peaks have one of the keys within a frame."""
    asked = bins + np.maximum(frames, 1)
    first = np.searchsorted(keys, asked - 1, "left")
    return np.asarray((first < len(keys)) & (keys[np.minimum(first, len(keys) - 1)] <= asked + 1), np.bool_)
