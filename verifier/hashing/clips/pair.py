"""Two clips: every stretch of one that is the other's, and what the evidence for it is.

Hashes propose lines in time; the changes within the pictures dispose. A line along which nothing moves, or on which
what moves does not agree, shows at most one scene twice: its time is not determined.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace

import numpy as np

from verifier.hashing.clips.align import LEAST_FRAMES, Floats, Line, Votes, lines
from verifier.hashing.clips.features import FRAME_SECONDS, ClipFeatures
from verifier.hashing.clips.frames.laying import Box, of_boxes
from verifier.hashing.clips.motion import Agreement, Laying, Overlay
from verifier.hashing.clips.votes import VARIANTS, FrameVotes, frame_votes
from verifier.hashing.pdq import Turn

WHOLE: Box = (0.0, 0.0, 1.0, 1.0)
UPRIGHT = Turn(False, 0)
MIRRORED = Turn(True, 0)
# What moves must agree so well: residual, difference, steady. Measured on people who come and go before one camera.
VERY_SURE, SURE, FAIR = (0.95, 0.92, 0.92), (0.85, 0.76, 0.82), (0.8, 0.7, 0.77)
LEAST_BUSY, LEAST_LONG = 6, 8  # frames in motion, and in all; fewer may agree by chance
BUSY_ENOUGH, BUSY_ENOUGH_FIXED = 9, 16  # frames in motion; with fewer only what is very sure counts
PEAKINESS = 1.15  # the residual here, to the best at another time
_REFINEMENT = (-0.5, -0.375, -0.25, -0.125, 0.0, 0.125, 0.25, 0.375, 0.5)


@dataclass(frozen=True, slots=True, kw_only=True)
class Stretch:
    """A stretch of the query on a stretch of the known clip, with its evidence. `wide`: median PDQ distance, bits."""

    line: Line
    laying: Laying
    turn: Turn
    agreement: Agreement
    wide: float
    method: str

    @property
    def is_same_footage(self) -> bool:
        """What moves agrees, here and nowhere else."""
        return self.grade > 0

    @property
    def grade(self) -> int:
        """2: certain; 1: likely; 0: one view perhaps, its time not determined."""
        found = self.agreement
        if not found.is_moving or found.residual < PEAKINESS * found.elsewhere:
            return 0
        if found.busy < LEAST_BUSY or found.frames < LEAST_LONG:
            return 0
        if found.busy < (BUSY_ENOUGH_FIXED if found.is_fixed_view else BUSY_ENOUGH):
            return 2 * int(found.reaches(VERY_SURE)) if found.is_fixed_view else int(found.reaches(SURE))
        if found.reaches(SURE):
            return 2
        return int(not found.overlaid and found.reaches(FAIR))

    @property
    def query_range(self) -> tuple[float, float]:
        """Seconds."""
        return self.line.begin, self.line.end + FRAME_SECONDS

    @property
    def known_range(self) -> tuple[float, float]:
        """Seconds."""
        begin, end = self.query_range
        return self.line.speed * begin + self.line.shift, self.line.speed * end + self.line.shift


def stretches(query: ClipFeatures, known: ClipFeatures, turns: tuple[Turn, ...] = (UPRIGHT, MIRRORED)) -> list[Stretch]:
    """Every stretch that hashes propose, judged by motion; those of one view only are among them, of grade 0."""
    found: list[Stretch] = []
    for turn in turns:
        seen = frame_votes(query.frames, known.frames, turn)
        if len(np.unique(seen.votes.query)) >= LEAST_FRAMES:
            found += _of_turn(query, known, turn, seen)
    return resolved(found)


def _of_turn(query: ClipFeatures, known: ClipFeatures, turn: Turn, seen: FrameVotes) -> Iterator[Stretch]:
    times, known_times = query.frames.times, known.frames.times
    for variant in np.unique(seen.variant):
        chosen = seen.variant == variant
        if len(np.unique(seen.votes.query[chosen])) < LEAST_FRAMES:
            continue
        votes = seen.votes.only(chosen)
        for laying in _layings(query, known, turn, int(variant), votes):
            overlay = Overlay(query.small, known.small, laying)
            if overlay.is_empty:
                continue
            proposed = [
                *lines(seen.votes, times, known_times),
                *lines(overlay.votes(times, known_times), times, known_times),
            ]
            for line in proposed:
                stretch = judged(overlay, line, laying, turn, times, known_times, "hash")
                yield replace(stretch, wide=_median_distance(seen, stretch.line, times, known_times))


def _layings(query: ClipFeatures, known: ClipFeatures, turn: Turn, variant: int, votes: Votes) -> Iterator[Laying]:
    """One for every pair of shots whose boxes the votes compare; the whole frames are one pair."""
    query_box, known_box = VARIANTS[variant]
    some = slice(None, None, max(1, len(votes) // 500))
    pairs = {
        (_box(query, int(first), is_box=query_box), _box(known, int(second), is_box=known_box))
        for first, second in zip(votes.query[some], votes.known[some], strict=True)
    }
    for first, second in sorted(pairs)[:8]:
        yield of_boxes(first, second, turn)


def _box(clip: ClipFeatures, frame: int, *, is_box: bool) -> Box:
    if not is_box:
        return WHOLE
    left, top, right, bottom = (round(float(side), 4) for side in clip.frames.boxes[clip.frames.shot[frame]])
    return (left, top, right, bottom)


def judged(
    overlay: Overlay, line: Line, laying: Laying, turn: Turn, times: Floats, known_times: Floats, method: str
) -> Stretch:
    """The line moved to where motion agrees best, widened as far as it does, and what the agreement then is.

    Where that is not enough, what lies over the picture (a banner, another picture) is left out and it is tried again.
    """
    line = _moved(overlay, line, times, known_times)
    rest = overlay.without_overlay(line, times, known_times)
    stretch = _judged(overlay, line, laying, turn, times, known_times, method)
    if rest is not None and stretch.grade < 2:
        other = _judged(rest, _moved(rest, line, times, known_times), laying, turn, times, known_times, method)
        if other.grade > stretch.grade:
            return other
    return stretch


def _moved(overlay: Overlay, line: Line, times: Floats, known_times: Floats) -> Line:
    best, best_line = -2.0, line
    for move in _REFINEMENT:
        moved = replace(line, shift=line.shift + move)
        value = overlay.agreement(moved, times, known_times, alone=True).residual
        if value > best + 1e-3:
            best, best_line = value, moved
    return best_line


def _judged(
    overlay: Overlay, line: Line, laying: Laying, turn: Turn, times: Floats, known_times: Floats, method: str
) -> Stretch:
    line = overlay.widened(line, times, known_times)
    agreement = overlay.agreement(line, times, known_times)
    return Stretch(line=line, laying=laying, turn=turn, agreement=agreement, wide=256.0, method=method)


def _median_distance(seen: FrameVotes, line: Line, times: Floats, known_times: Floats) -> float:
    near = np.abs(known_times[seen.votes.known] - line.at(times[seen.votes.query])) <= 0.3
    near &= (times[seen.votes.query] >= line.begin) & (times[seen.votes.query] <= line.end)
    return float(np.median(seen.wide[near])) if near.any() else 256.0


def resolved(found: list[Stretch]) -> list[Stretch]:
    """The best claim on each time of the query: same footage before one view, then by how much agrees."""
    kept: list[Stretch] = []
    for stretch in sorted(found, key=_worth, reverse=True):
        if not any(_covers(other, stretch) for other in kept):
            kept.append(stretch)
    return kept


def _worth(stretch: Stretch) -> float:
    found = stretch.agreement
    return 1000 * min(stretch.grade, 1) + found.frames * max(found.residual, 0.05) * (found.coverage + 0.2)


def _covers(kept: Stretch, other: Stretch) -> bool:
    """Whether `other` claims mostly what `kept` has claimed."""
    (begin, end), (first, last) = kept.query_range, other.query_range
    shared = min(end, last) - max(begin, first)
    if shared <= 0.5 * (last - first):
        return False
    return kept.grade > 0 or other.grade == 0
