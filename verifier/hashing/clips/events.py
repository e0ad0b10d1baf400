"""What a clip's own pictures tell of cutting: shots that begin, stretches that stand frozen, stretches shown twice.

Events to look at, not accusations: a cut is what every film has, and a camera that faces a wall looks frozen.
"""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
from numpy.typing import NDArray

from verifier.hashing.clips.align import lines
from verifier.hashing.clips.features import FRAME_SECONDS
from verifier.hashing.clips.frames.shots import is_cut, likeness
from verifier.hashing.clips.motion import Laying, Overlay
from verifier.records import Event

MOST_CUTS = 2000
FROZEN_SECONDS = 1.0
FROZEN_LEVELS = 0.35  # mean difference of grey levels between frames a quarter of a second apart: less than any noise
MOVING_LEVELS = 1.2  # of the clip's usual frames: where everything is at rest, nothing is frozen
REPEAT_APART_SECONDS, REPEAT_LEAST_SECONDS = 3.0, 2.0
REPEAT_LIKENESS = 0.97
MOST_COMPARED = 1600  # frames: a longer clip is not searched for repetition

Small = NDArray[np.uint8]
Floats = NDArray[np.float32]


def cuts(times: Floats, small: Small) -> Iterator[Event]:
    """Events "cut": two consecutive frames that show different things. `score`: how different, 0..1."""
    found = 0
    for number in range(1, len(small)):
        if is_cut(small[number - 1], small[number]):
            found += 1
            if found > MOST_CUTS:
                return
            when = float(times[number])
            alike = likeness(small[number - 1], small[number])
            yield Event(
                kind="cut",
                start_seconds=round(float(times[number - 1]), 3),
                end_seconds=round(when, 3),
                score=round(float(np.clip(1 - alike, 0, 1)), 3),
            )


def frozen(times: Floats, small: Small) -> Iterator[Event]:
    """Events "frozen": a second or more without even noise, in a clip whose frames otherwise change."""
    if len(small) < 8:
        return
    apart = np.abs(np.diff(small.astype(np.int16), axis=0)).mean(axis=(1, 2))
    if float(np.median(apart)) < MOVING_LEVELS:
        return
    still = np.concatenate([[False], apart < FROZEN_LEVELS, [False]])
    edges = np.flatnonzero(np.diff(still.astype(np.int8)))
    for first, last in zip(edges[::2], edges[1::2], strict=True):
        begin, end = float(times[first]), float(times[min(last, len(times) - 1)])
        if end - begin >= FROZEN_SECONDS:
            yield Event(
                kind="frozen",
                start_seconds=round(begin, 3),
                end_seconds=round(end, 3),
                measures={"usual_change_levels": round(float(np.median(apart)), 2)},
            )


def repeated(times: Floats, small: Small) -> Iterator[Event]:
    """Events "repeated": a stretch that was shown before, at least three seconds earlier; motion must agree."""
    if not 2 * REPEAT_LEAST_SECONDS / FRAME_SECONDS <= len(small) <= MOST_COMPARED:
        return
    overlay = Overlay(small.astype(np.float32), small.astype(np.float32), Laying(homography=np.eye(3)))
    votes = overlay.votes(times, times)
    apart = times[votes.query] - times[votes.known]
    later = votes.only(apart >= REPEAT_APART_SECONDS)
    for line in lines(later, times, times):
        line = overlay.widened(line, times, times)
        found = overlay.agreement(line, times, times)
        is_same = found.reaches((REPEAT_LIKENESS,) * 3) and found.residual > found.elsewhere + 0.1
        if not is_same or line.end - line.begin < REPEAT_LEAST_SECONDS or found.busy < 6:
            continue
        yield Event(
            kind="repeated",
            start_seconds=round(line.begin, 3),
            end_seconds=round(line.end + FRAME_SECONDS, 3),
            score=round(found.residual, 3),
            measures={"first_shown_s": round(line.speed * line.begin + line.shift, 2), "speed": round(line.speed, 3)},
        )
