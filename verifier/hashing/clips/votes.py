"""Pairs of frames of two clips that look alike by their hashes: the votes for an alignment.

Whole frames and content boxes are compared with one another, four ways; the nearest counts. Frames of low quality
(black, flat, blurred) vote for nothing.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from verifier.hashing.clips.align import Votes, strongest
from verifier.hashing.clips.features import ClipFrames
from verifier.hashing.clips.frames import bits as frame_bits
from verifier.hashing.pdq import LEAST_QUALITY, Turn

WIDE_WITHIN, LOW_WITHIN = 100, 18  # bits of 256 and of 64 at which a pair's weight becomes nothing
MOST_VOTES = 200_000
VARIANTS = ((False, False), (True, True), (True, False), (False, True))  # is the box taken: of the query, of the known


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class FrameVotes:
    """`votes` of frames; `variant` of each (a row of VARIANTS); `wide`: PDQ distance of each."""

    votes: Votes
    variant: NDArray[np.uint8]
    wide: NDArray[np.int16]


def frame_votes(query: ClipFrames, known: ClipFrames, turn: Turn, frames: NDArray[np.intp] | None = None) -> FrameVotes:
    """Votes of all pairs of frames, with the query laid as `turn` says."""
    best = np.zeros((len(query.wide), len(known.wide)), np.float32)
    variant = np.zeros(best.shape, np.uint8)
    wide_best = np.full(best.shape, 256, np.int16)
    for number, (query_box, known_box) in enumerate(VARIANTS):
        rows = _rows(query, is_box=query_box)
        others = _rows(known, is_box=known_box)
        wide = frame_bits.between(frame_bits.laid(rows[0], turn), others[0])
        low = frame_bits.between(frame_bits.laid(rows[1], turn), others[1])
        weight = np.maximum((LOW_WITHIN - low) / LOW_WITHIN, (WIDE_WITHIN - wide) / WIDE_WITHIN).astype(np.float32)
        weight[(rows[2] < LEAST_QUALITY), :] = 0
        weight[:, others[2] < LEAST_QUALITY] = 0
        better = weight > best + 0.03
        best[better], variant[better], wide_best[better] = weight[better], number, wide[better]
    return _spread(query, known, best, variant, wide_best)


def _rows(frames: ClipFrames, *, is_box: bool) -> tuple[NDArray[np.uint8], NDArray[np.uint8], NDArray[np.uint8]]:
    if is_box:
        return frames.wide_box, frames.low_box, frames.quality_box
    return frames.wide, frames.low, frames.quality


def _spread(
    query: ClipFrames,
    known: ClipFrames,
    best: NDArray[np.float32],
    variant: NDArray[np.uint8],
    wide: NDArray[np.int16],
) -> FrameVotes:
    """From runs to frames; the heaviest where there are too many."""
    alive = best[query.run][:, known.run]
    first, second = np.nonzero(alive > 0)
    weight = alive[first, second]
    votes = strongest(first, second, weight, MOST_VOTES)
    runs = query.run[votes.query], known.run[votes.known]
    return FrameVotes(votes=votes, variant=variant[runs], wide=wide[runs])
