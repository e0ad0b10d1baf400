"""When two recordings ran at one time: the offset between them by what both microphones heard.

Two cameras of one event write different sound: other filters, other noise, other distances. Of the loudest points of
their spectrograms only some are common, but those all lie the same time apart. Every pair of points in (nearly) the
same band votes for its offset; the vote must stand far out of what chance gives at the offsets around, and out of every
other offset: a beat, a melody that comes again or a siren votes for many offsets, and is refused.

An offset is evidence for one event, never for the same footage: a song or a broadcast that is played at two places
gives the same. It includes the sound's way: 10 ms are 3.4 metres.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

LEAST_HEIGHT, SURE_HEIGHT = 6.5, 9.0  # standard deviations over chance; 832 unrelated pairs reached 5.3
LEAST_RATIO, SURE_RATIO = 1.5, 2.0  # to the height of the best other offset
LEAST_COMMON, LEAST_SECONDS = 24, 5  # points in common; seconds of the overlap in which some lie
LEAST_OVERLAP_SECONDS = 5.0
LEAST_POINTS = 60
BAND_TOLERANCE, NEAR_FRAMES = 1, 1
APART_SECONDS = 0.15  # another offset
AROUND_SECONDS = 3.0  # offsets that chance is measured on
MOST_PAIRS = 3_000_000
LEAST_UNCERTAINTY_SECONDS = 0.02  # filters, codecs and frames of 16 ms

Floats = NDArray[np.float64]
Numbers = NDArray[np.int64]


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Points:
    """Loud points of one recording's spectrogram, in order of time: frame and band of each, from `start` seconds."""

    start: float
    frame: NDArray[np.uint32]
    band: NDArray[np.uint16]
    frame_seconds: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Offset:
    """`seconds` to add to the first recording's time to have the other's, plus or minus `uncertainty_seconds`."""

    seconds: float
    uncertainty_seconds: float
    common: int  # points that lie this far apart
    height: float  # standard deviations over chance
    ratio: float  # to the height of the best other offset
    first: tuple[float, float]  # the overlap, in the first recording's time

    @property
    def is_sure(self) -> bool:
        """Whether it stands out so far that chance and repetition are ruled out."""
        return self.height >= SURE_HEIGHT and self.ratio >= SURE_RATIO


def offset_between(one: Points, other: Points) -> Offset | None:
    """The offset of two recordings; None where there is too little to hear, or nothing stands out."""
    if min(len(one.frame), len(other.frame)) < LEAST_POINTS:
        return None
    asked, apart = _votes(one, other)
    if len(apart) < LEAST_COMMON:
        return None
    base = int(apart.min()) - NEAR_FRAMES
    counts = np.bincount(apart - base + NEAR_FRAMES).astype(np.float64)
    votes = np.convolve(counts, np.ones(2 * NEAR_FRAMES + 1), "same")
    heights = _heights(votes, round(AROUND_SECONDS / one.frame_seconds))
    best = int(heights.argmax())
    rest = heights.copy()
    near = round(APART_SECONDS / one.frame_seconds)
    rest[max(0, best - near) : best + near + 1] = 0
    ratio = float(heights[best] / max(1.0, rest.max()))
    if heights[best] < LEAST_HEIGHT or ratio < LEAST_RATIO or votes[best] < LEAST_COMMON:
        return None
    frames = best + base - NEAR_FRAMES
    on = np.abs(apart - frames) <= NEAR_FRAMES
    return _found(one, other, asked[on], apart[on], float(heights[best]), ratio)


def _votes(one: Points, other: Points) -> tuple[Numbers, Numbers]:
    """Of all pairs of points in nearly one band: the first's frame, and the frames between the two."""
    order = np.argsort(other.band, kind="stable")
    bands, frames = other.band[order].astype(np.int64), other.frame[order].astype(np.int64)
    asked, band = one.frame.astype(np.int64), one.band.astype(np.int64)
    first = np.searchsorted(bands, band - BAND_TOLERANCE, "left")
    count = np.searchsorted(bands, band + BAND_TOLERANCE, "right") - first
    every = -(-int(count.sum()) // MOST_PAIRS)
    if every > 1:  # of very long recordings, whole seconds by turns
        kept = (asked * one.frame_seconds).astype(np.int64) % every == 0
        asked, first, count = asked[kept], first[kept], count[kept]
    rows = np.repeat(first, count) + np.arange(count.sum()) - np.repeat(np.cumsum(count) - count, count)
    here = np.repeat(asked, count)
    return here, frames[rows] - here


def _heights(votes: Floats, around: int) -> Floats:
    """How far each offset's votes stand over the mean of those around, in standard deviations of counts by chance."""
    usual = _mean_around(votes, around)
    # Votes come in clusters (a tone has many points): their spread is wider than that of single counts.
    spread = _mean_around(np.square(votes - usual), around)
    cautious = np.sqrt(np.maximum(usual + 1, np.minimum(spread, 4 * (usual + 1))))
    return np.asarray((votes - usual) / cautious, np.float64)


def _mean_around(values: Floats, around: int) -> Floats:
    """Mean of the values at most `around` places away, of as many as there are: fewer at either end."""
    total = np.concatenate([[0.0], np.cumsum(values)])
    place = np.arange(len(values))
    first, end = np.maximum(0, place - around), np.minimum(len(values), place + around + 1)
    return np.asarray((total[end] - total[first]) / (end - first), np.float64)


def _found(one: Points, other: Points, asked: Numbers, apart: Numbers, height: float, ratio: float) -> Offset | None:
    seconds = float(apart.mean()) * one.frame_seconds + other.start - one.start
    ends = [points.start + float(points.frame[-1]) * points.frame_seconds for points in (one, other)]
    begin, end = max(one.start, other.start - seconds), min(ends[0], ends[1] - seconds)
    spread = np.unique((asked * one.frame_seconds).astype(np.int64))
    if end - begin < LEAST_OVERLAP_SECONDS or len(spread) < LEAST_SECONDS:
        return None
    uncertainty = float(apart.std()) * one.frame_seconds / np.sqrt(len(apart)) * 3
    return Offset(
        seconds=seconds,
        uncertainty_seconds=max(LEAST_UNCERTAINTY_SECONDS, uncertainty),
        common=len(apart),
        height=height,
        ratio=ratio,
        first=(begin, end),
    )
