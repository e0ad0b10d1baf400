"""Lines in time: which stretch of one clip runs along which stretch of another, at what speed.

Votes are pairs of frames that look alike. A Hough transform over speed and shift finds the lines most of them lie on;
each is then refined by least squares. Times are presentation times, so variable frame rates need no care.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

SPEEDS = (1.0, 1.1, 1 / 1.1, 1.25, 0.8, 4 / 3, 0.75, 1.5, 2 / 3, 2.0, 0.5)
BACKWARDS = (-1.0, -2.0, -0.5)  # played backwards
BIN_SECONDS = 0.5
OTHER_SPEED = 0.93  # what a vote is worth at a speed other than 1
GAP_SECONDS = 2.0  # a line without votes for longer is two segments
LEAST_FRAMES = 3
LEAST_SCORE = 1.0
MOST_LINES = 8
_NEAR = 0.75 * BIN_SECONDS + 0.02

Floats = NDArray[np.float32]
Numbers = NDArray[np.intp]


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Votes:
    """Pairs of frames: numbers in the query and in the known clip, and a weight above 0, at most 1."""

    query: Numbers
    known: Numbers
    weight: Floats

    def __len__(self) -> int:
        return len(self.query)

    def only(self, keep: NDArray[np.bool_]) -> Votes:
        """Some of the votes."""
        return Votes(query=self.query[keep], known=self.known[keep], weight=self.weight[keep])


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """known time = speed x query time + shift, between two query times. `frames`: query frames that lie on it."""

    speed: float
    shift: float
    begin: float  # seconds of the query: first and last frame on the line
    end: float
    frames: int
    score: float  # sum over these frames of the best weight

    def at(self, seconds: Floats) -> Floats:
        """Times in the known clip."""
        return np.asarray(self.speed * seconds + self.shift, np.float32)


def strongest(query: Numbers, known: Numbers, weight: Floats, most: int) -> Votes:
    """At most so many votes, the heaviest: what is static votes for everything and must not exhaust the memory."""
    if len(weight) > most:
        kept = np.argpartition(-weight, most)[:most]
        query, known, weight = query[kept], known[kept], weight[kept]
    return Votes(query=query, known=known, weight=weight)


def _best_bin(
    votes: Votes, times: Floats, known_times: Floats, alive: NDArray[np.bool_], speeds: Sequence[float]
) -> tuple[float, float, float]:
    """(score, speed, shift) of the fullest bin; one vote a query frame and bin, the heaviest."""
    query, known, weight = votes.query[alive], votes.known[alive], votes.weight[alive]
    best = (0.0, speeds[0], 0.0)
    for speed in speeds:
        shift = known_times[known] - speed * times[query]
        for phase in (0.0, 0.5):
            place = np.floor(shift / BIN_SECONDS + phase).astype(np.int64)
            place -= place.min()
            low = float(np.floor(shift.min() / BIN_SECONDS + phase))
            table = np.zeros((int(place.max()) + 1) * len(times), np.float32)
            np.maximum.at(table, place * len(times) + query, weight)
            score = table.reshape(-1, len(times)).sum(axis=1)
            fullest = int(score.argmax())
            worth = float(score[fullest]) * (1.0 if abs(speed) == 1.0 else OTHER_SPEED)
            if worth > best[0] * 1.0001:
                best = (worth, speed, (fullest + low + 0.5 - phase) * BIN_SECONDS)
    return best


def _refined(times: Floats, known: Floats, weight: Floats, speed: float, shift: float) -> tuple[float, float]:
    """Least squares over the votes of a line; the speed moves only where the line is long enough to tell."""
    if len(times) < LEAST_FRAMES:
        return speed, shift
    fitted_shift = float(np.average(known - speed * times, weights=weight))
    if np.ptp(times) < 4.0:
        return speed, fitted_shift
    slope, fitted = np.polyfit(times.astype(np.float64), known.astype(np.float64), 1, w=np.sqrt(weight))
    if abs(slope - speed) > 0.06 * abs(speed) or abs(slope - speed) * np.ptp(times) < 0.3:
        return speed, fitted_shift
    return float(slope), float(fitted)


def lines(
    votes: Votes,
    times: Floats,
    known_times: Floats,
    least_score: float = LEAST_SCORE,
    speeds: Sequence[float] = SPEEDS,
) -> Iterator[Line]:
    """Lines of these speeds, heaviest first; a query frame lies on one of them only."""
    alive = np.ones(len(votes), bool)
    for _ in range(MOST_LINES):
        if alive.sum() < LEAST_FRAMES:
            return
        score, speed, shift = _best_bin(votes, times, known_times, alive, speeds)
        if score < least_score:
            return
        for _ in range(2):
            apart = np.abs(known_times[votes.known] - speed * times[votes.query] - shift)
            on = alive & (apart <= _NEAR)
            if not on.any():
                break
            speed, shift = _refined(
                times[votes.query[on]], known_times[votes.known[on]], votes.weight[on], speed, shift
            )
        numbers = np.unique(votes.query[on])
        if len(numbers) == 0:
            return
        heaviest = np.zeros(len(times), np.float32)
        np.maximum.at(heaviest, votes.query[on], votes.weight[on])
        for part in np.split(numbers, np.flatnonzero(np.diff(times[numbers]) > GAP_SECONDS) + 1):
            total = float(heaviest[part].sum())
            if len(part) >= LEAST_FRAMES and total >= least_score:
                begin, end = float(times[part[0]]), float(times[part[-1]])
                yield Line(speed=speed, shift=shift, begin=begin, end=end, frames=len(part), score=total)
        alive &= ~np.isin(votes.query, numbers)
