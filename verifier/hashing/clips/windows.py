"""Long clips, a window at a time: tables of all frames against all of hours of footage do not fit in a memory.

A window of one is compared with a window of the other where some frames look alike; stretches that go on across the
edge of two windows are joined again. Times are of the whole clips throughout.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

import numpy as np

from verifier.hashing.clips.align import LEAST_FRAMES
from verifier.hashing.clips.features import ClipFeatures, ClipFrames
from verifier.hashing.clips.frames import bits as frame_bits
from verifier.hashing.clips.pair import MIRRORED, UPRIGHT, Stretch, resolved, stretches
from verifier.hashing.pdq import LEAST_QUALITY

MOST_CELLS = 6_000_000  # frames of one times frames of the other that are compared at once
WINDOW, SHARED = 2000, 160  # frames of a window, and frames that it has in common with the next
ALIKE_WITHIN = 96  # bits of PDQ: a window pair with fewer such frames than a line needs is not looked at
SAME_SHIFT_SECONDS, SAME_SPEED = 0.4, 0.02


def long_stretches(query: ClipFeatures, known: ClipFeatures) -> list[Stretch]:
    """As `clip_pair.stretches`, of clips of any length."""
    if len(query) * len(known) <= MOST_CELLS:
        return stretches(query, known)
    found: list[Stretch] = []
    others = [known.part(*span) for span in windows(len(known))]
    for span in windows(len(query)):
        own = query.part(*span)
        for other in others:
            if _share_a_look(own.frames, other.frames):
                found += stretches(own, other)
    return resolved(joined(found))


def windows(count: int) -> Iterator[tuple[int, int]]:
    """First frame and the one after the last of each window."""
    for first in range(0, max(1, count - SHARED), WINDOW - SHARED):
        yield first, min(count, first + WINDOW)


def _share_a_look(query: ClipFrames, known: ClipFrames) -> bool:
    good, others = query.quality >= LEAST_QUALITY, known.quality >= LEAST_QUALITY
    for turn in (UPRIGHT, MIRRORED):
        for mine, theirs in ((query.wide, known.wide), (query.wide_box, known.wide_box)):
            apart = frame_bits.between(frame_bits.laid(mine[good], turn), theirs[others])
            if (apart <= ALIKE_WITHIN).any(axis=1).sum() >= LEAST_FRAMES:
                return True
    return False


def joined(found: list[Stretch]) -> list[Stretch]:
    """Stretches that go on from one window to the next as one; each with the evidence of the longer."""
    kept: list[Stretch] = []
    for stretch in sorted(found, key=lambda one: (one.turn.mirrored, one.query_range)):
        before = next((place for place, one in enumerate(kept) if _goes_on(one, stretch)), None)
        if before is None:
            kept.append(stretch)
            continue
        one = kept[before]
        longer = max(one, stretch, key=lambda part: part.agreement.frames)
        begin, end = min(one.line.begin, stretch.line.begin), max(one.line.end, stretch.line.end)
        shared = max(0.0, min(one.line.end, stretch.line.end) - max(one.line.begin, stretch.line.begin))
        frames = one.agreement.frames + stretch.agreement.frames - round(4 * shared)
        kept[before] = replace(
            longer,
            line=replace(longer.line, begin=begin, end=end),
            agreement=replace(longer.agreement, frames=max(frames, longer.agreement.frames)),
        )
    return kept


def _goes_on(one: Stretch, other: Stretch) -> bool:
    """Whether both are of one line, certain, and touch."""
    if (
        min(one.grade, other.grade) == 0
        or one.turn != other.turn
        or abs(one.line.speed - other.line.speed) > SAME_SPEED
    ):
        return False
    middle = np.float32(min(one.line.end, other.line.begin))
    apart = abs(one.line.speed * middle + one.line.shift - other.line.speed * middle - other.line.shift)
    touches = other.line.begin <= one.line.end + 0.6 and one.line.begin <= other.line.end + 0.6
    return touches and float(apart) <= SAME_SHIFT_SECONDS


def around(clip: ClipFeatures, seconds: float) -> ClipFeatures:
    """The window of a clip about a time; the clip itself where it is no longer than that."""
    if len(clip) <= WINDOW:
        return clip
    middle = int(np.abs(clip.frames.times - seconds).argmin())
    first = int(np.clip(middle - WINDOW // 2, 0, len(clip) - WINDOW))
    return clip.part(first, first + WINDOW)
