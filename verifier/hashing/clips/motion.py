"""Same view is not same footage: whether what *moves* in one clip moves in the other, at the same time.

Hashes and local features of a fixed camera agree at every hour; so do title cards. What identifies footage is change.
Along a line in time both clips' small frames are laid on one another; what stays the same is taken away, and what is
left must agree. Where nothing changes, nothing is identified, and that is said.
"""

from __future__ import annotations

from collections.abc import Sequence
from copy import copy
from dataclasses import dataclass, replace

import cv2
import numpy as np
from numpy.typing import NDArray

from verifier.hashing.clips.align import Line, Votes, strongest
from verifier.hashing.clips.frames.levels import (
    Floats,
    Small,
    at_times,
    correlation,
    fitted,
    laid_points,
    levelled,
    pixel_ratio,
    restless_share,
    row_likeness,
    sampled,
    softened,
    usual_frame,
    without_mean,
)

GRID = 24  # points along each side of the region in common
LAG_SECONDS = 0.5  # over which differences are taken
STIR = 2.5  # grey levels: a point whose spread over time is more than this has something that moves
LEAST_STIRRED = 6  # points
FIXED_VIEW = 0.5  # share of restless points below which the camera is taken to stand
BUSY = 2.0  # grey levels: a frame in which the moving points change less is at rest
OVERLAID_LEVELS, OVERLAID_PERCENT = 14.0, 15  # an overlaid point differs by so much in all but so many frames
LEAST_OVERLAID, MOST_OVERLAID = 0.03, 0.7  # shares of the common region
_MOST_VOTES = 60_000
_EDGE = 2  # frames at either end of a line that are not judged


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Laying:
    """How the known clip's frame lies on the query's: a homography of shares of the frame (0..1), known to query.

    `region`: the part of the known frame that is compared: left, top, right, bottom, in shares.
    """

    homography: NDArray[np.float64]
    region: tuple[float, float, float, float] = (0.0, 0.0, 1.0, 1.0)


@dataclass(frozen=True, slots=True, kw_only=True)
class Agreement:
    """Correlations, -1..1, over the points where something moves.

    `residual`: of what is left of both clips when each point's mean is taken away; `difference`: of changes over half a
    second; `steady`: the same of each busy frame, and their mean; `elsewhere`: the best residual at another shift;
    `frame`: median of whole frames. `busy`: frames in motion; `stirred`: points where something moves in either clip;
    `stir`: their usual spread over time, grey levels; `coverage`: share of the known region that was compared.
    """

    residual: float
    difference: float
    steady: float
    busy: int
    elsewhere: float
    frame: float
    stirred: int
    stir: float
    frames: int
    coverage: float
    restless: float = 0.0  # share of the points that are seldom at rest, in the clip in which it is less
    overlaid: float = 0.0  # share of the common region that was left out as an overlay

    @property
    def is_moving(self) -> bool:
        """Whether anything moves that could identify footage."""
        return self.stirred >= LEAST_STIRRED and self.frames >= 5

    @property
    def is_fixed_view(self) -> bool:
        """Whether most of the picture rests most of the time: people come and go before a fixed camera much alike."""
        return self.restless < FIXED_VIEW

    def reaches(self, least: tuple[float, float, float]) -> bool:
        """Whether residual, difference and steady are all at least so much."""
        return self.residual >= least[0] and self.difference >= least[1] and self.steady >= least[2]


def common_region(laying: Laying) -> tuple[float, float, float, float]:
    """The part of the laying's region that lies on the query's frame, in shares of the known frame: its bounds."""
    left, top, right, bottom = laying.region
    steps = (np.arange(4 * GRID) + 0.5) / (4 * GRID)
    points = np.stack(np.meshgrid(left + steps * (right - left), top + steps * (bottom - top)), axis=-1).reshape(-1, 2)
    laid = laid_points(laying.homography, points)
    inside = points[((laid > 0.01) & (laid < 0.99)).all(axis=1)]
    if len(inside) < 30:
        return laying.region
    half_x, half_y = 0.5 * (right - left) / (4 * GRID), 0.5 * (bottom - top) / (4 * GRID)
    low, high = inside.min(axis=0), inside.max(axis=0)
    return float(low[0]) - half_x, float(low[1]) - half_y, float(high[0]) + half_x, float(high[1]) + half_y


class Overlay:
    """Small frames of two clips, sampled at common points."""

    def __init__(self, query: Small, known: Small, laying: Laying) -> None:
        left, top, right, bottom = common_region(laying)
        across = left + (np.arange(GRID) + 0.5) / GRID * (right - left)
        down = top + (np.arange(GRID) + 0.5) / GRID * (bottom - top)
        points = np.stack(np.meshgrid(across, down), axis=-1).reshape(-1, 2)
        laid = laid_points(laying.homography, points)
        inside = ((laid > 0.01) & (laid < 0.99)).all(axis=1)
        self._inside: NDArray[np.bool_] = np.asarray(inside, bool)
        self.overlaid = 0.0  # share of the common region that was left out as an overlay
        whole = laying.region
        share = (right - left) * (bottom - top) / ((whole[2] - whole[0]) * (whole[3] - whole[1]))
        self.coverage = float(inside.mean()) * share
        self.is_empty = int(inside.sum()) < 30
        if self.is_empty:
            return
        ratio = pixel_ratio(laying.homography, points[inside], query.shape[1:], known.shape[1:])
        self.query = sampled(softened(query, 1 / ratio), laid[inside])
        self.known = sampled(softened(known, ratio), points[inside])

    def votes(self, times: Floats, known_times: Floats, *, backwards: bool = False) -> Votes:
        """Pairs of frames whose changes over half a second agree; or are opposite, as in a clip played backwards."""
        lag = 2
        if len(times) <= lag or len(known_times) <= lag:
            empty = np.zeros(0, np.intp)
            return Votes(query=empty, known=empty, weight=np.zeros(0, np.float32))
        changes = [without_mean(stack[lag:] - stack[:-lag]) for stack in (self.query, self.known)]
        norms = [np.linalg.norm(change, axis=1) / np.sqrt(change.shape[1]) for change in changes]
        alike = (changes[0] @ changes[1].T) / (
            changes[0].shape[1] * np.maximum(norms[0][:, None] * norms[1][None, :], 1e-6)
        )
        if backwards:  # from a query frame two on, as from a known frame two back
            alike = -alike
        stirs = (norms[0][:, None] > 1.0) & (norms[1][None, :] > 1.0)
        query, known = np.nonzero((alike > 0.5) & stirs)
        weight = np.asarray((alike[query, known] - 0.4) / 0.6, np.float32)
        return strongest(query, known + lag if backwards else known, weight, _MOST_VOTES)

    def at_shifts(
        self, line: Line, moves: Sequence[float], times: Floats, known_times: Floats
    ) -> list[tuple[float, float]]:
        """(residual, difference) along the line moved by so many seconds of the known clip, for each move."""
        chosen = np.flatnonzero((times >= line.begin - 1e-3) & (times <= line.end + 1e-3))
        there = line.at(times[chosen])
        within = (there >= known_times[0] - 0.15) & (there <= known_times[-1] + 0.15)
        chosen, there = chosen[within], there[within]
        if len(chosen) < 3:
            return [(0.0, 0.0)] * len(moves)
        inner = slice(_EDGE, -_EDGE) if len(chosen) >= 6 * _EDGE else slice(None)
        chosen, there = chosen[inner], there[inner]
        low, high = float(there.min()) - 1.0, float(there.max()) + 1.0
        near = np.flatnonzero((known_times >= low) & (known_times <= high))
        query, known = levelled(self.query[chosen]), levelled(self.known[near])
        found = []
        for move in moves:
            moved = at_times(known, known_times[near], np.asarray(there + move, np.float32))
            values = _compared(query, moved, times[chosen], of_each=False)
            found.append((values.residual, values.difference))
        return found

    def agreement(self, line: Line, times: Floats, known_times: Floats) -> Agreement:
        """How well the clips agree along a line, and at other shifts."""
        chosen = np.flatnonzero((times >= line.begin - 1e-3) & (times <= line.end + 1e-3))
        there = line.at(times[chosen])
        within = (there >= known_times[0] - 0.15) & (there <= known_times[-1] + 0.15)
        chosen, there = chosen[within], there[within]
        if len(chosen) < 3:
            return Agreement(
                residual=0,
                difference=0,
                steady=0,
                busy=0,
                elsewhere=0,
                frame=0,
                stirred=0,
                stir=0,
                frames=len(chosen),
                coverage=0,
            )
        inner = slice(_EDGE, -_EDGE) if len(chosen) >= 6 * _EDGE else slice(None)  # fades belong to two shots
        chosen, there = chosen[inner], there[inner]
        query = levelled(self.query[chosen])
        known = levelled(at_times(self.known, known_times, there))
        found = _compared(query, known, times[chosen])
        elsewhere = self._elsewhere(chosen, there, times, known_times)
        return Agreement(
            residual=found.residual,
            difference=found.difference,
            steady=found.steady,
            busy=found.busy,
            elsewhere=elsewhere,
            frame=float(np.median(row_likeness(without_mean(query), without_mean(known)))),
            stirred=found.stirred,
            stir=found.stir,
            frames=len(chosen),
            coverage=self.coverage,
            restless=min(restless_share(query), restless_share(known)),
            overlaid=self.overlaid,
        )

    def without_overlay(self, line: Line, times: Floats, known_times: Floats) -> Overlay | None:
        """The same without points that differ in nearly every frame of the line: a banner, a logo, another picture
        within. None where there are too few such points, or too many. People who come and go differ at times only."""
        chosen = np.flatnonzero((times >= line.begin - 1e-3) & (times <= line.end + 1e-3))
        there = line.at(times[chosen])
        within = (there >= known_times[0] - 0.15) & (there <= known_times[-1] + 0.15)
        chosen, there = chosen[within], there[within]
        if len(chosen) < 6:
            return None
        query, known = self.query[chosen], at_times(self.known, known_times, there)
        gain, offset = fitted(usual_frame(known), usual_frame(query))
        apart = np.percentile(np.abs(query - gain * known - offset), OVERLAID_PERCENT, axis=0)
        grid = np.zeros(GRID * GRID, np.uint8)
        grid[self._inside] = apart > OVERLAID_LEVELS
        kernel = np.ones((3, 3), np.uint8)
        closed = cv2.morphologyEx(grid.reshape(GRID, GRID), cv2.MORPH_CLOSE, kernel)
        overlaid = (
            cv2.dilate(cv2.morphologyEx(closed, cv2.MORPH_OPEN, kernel[:2, :2]), kernel).ravel()[self._inside] > 0
        )
        share = float(overlaid.mean())
        if not LEAST_OVERLAID <= share <= MOST_OVERLAID or (~overlaid).sum() < 40:
            return None
        rest = copy(self)
        rest.query, rest.known = self.query[:, ~overlaid], self.known[:, ~overlaid]
        inside = np.zeros(GRID * GRID, bool)
        inside[np.flatnonzero(self._inside)[~overlaid]] = True
        rest._inside = inside
        rest.coverage = self.coverage * (1 - share)
        rest.overlaid = share
        return rest

    def widened(self, line: Line, times: Floats, known_times: Floats) -> Line:
        """The line as far both ways as whole frames go on to agree, and shortened where they do not."""
        there = line.at(times)
        inside = np.flatnonzero((there >= known_times[0] - 0.13) & (there <= known_times[-1] + 0.13))
        if len(inside) == 0:
            return line
        query = without_mean(self.query[inside])
        known = without_mean(at_times(self.known, known_times, there[inside]))
        alike = row_likeness(query, known)
        on = (times[inside] >= line.begin - 1e-3) & (times[inside] <= line.end + 1e-3)
        if not on.any():
            return line
        least = min(0.85, max(0.5, float(np.percentile(alike[on], 25)) - 0.12))
        good = alike >= least
        middle = int(np.flatnonzero(on)[len(np.flatnonzero(on)) // 2])
        first = _reach(good, middle, -1)
        last = _reach(good, middle, 1)
        return replace(line, begin=float(times[inside[first]]), end=float(times[inside[last]]))

    def turned(self) -> Overlay:
        """The same with the two clips exchanged."""
        other = copy(self)
        other.query, other.known = self.known, self.query
        return other

    def _elsewhere(self, chosen: NDArray[np.intp], there: Floats, times: Floats, known_times: Floats) -> float:
        best = 0.0
        query = levelled(self.query[chosen])
        for move in (-4.0, -3.0, -2.0, -1.25, 1.25, 2.0, 3.0, 4.0):
            moved = there + move
            within = (moved >= known_times[0]) & (moved <= known_times[-1])
            if within.sum() < max(5, len(chosen) // 2):
                continue
            known = levelled(at_times(self.known, known_times, moved[within]))
            best = max(best, _compared(query[within], known, times[chosen][within], of_each=False).residual)
        return best


def _reach(good: NDArray[np.bool_], place: int, step: int, most_missed: int = 3) -> int:
    """How far one comes from a place when at most three frames in a row may fail."""
    reached, missed = place, 0
    while 0 <= place + step < len(good) and missed <= most_missed:
        place += step
        if good[place]:
            reached, missed = place, 0
        else:
            missed += 1
    return reached


@dataclass(frozen=True, slots=True, kw_only=True)
class Compared:
    """Correlations over the points that move, their number and usual spread."""

    residual: float = 0.0
    difference: float = 0.0
    steady: float = 0.0
    busy: int = 0
    stirred: int = 0
    stir: float = 0.0


def _compared(query: Floats, known: Floats, times: Floats, *, of_each: bool = True) -> Compared:
    """`of_each`: whether frames are judged one by one too (`steady`, `busy`)."""
    left, right = query - query.mean(axis=0), known - known.mean(axis=0)
    spread = np.sqrt(np.maximum(*(np.einsum("ij,ij->j", side, side) for side in (left, right))) / len(left))
    moving = np.flatnonzero(spread > STIR)
    stirred = len(moving)
    if stirred < 2:
        return Compared(stirred=stirred, stir=float(spread.mean()))
    left, right = left[:, moving], right[:, moving]
    residual = correlation(left, right)
    step = float(np.median(np.diff(times))) if len(times) > 1 else 0.25
    lag = max(1, round(LAG_SECONDS / max(step, 0.05)))
    difference, steady, busy = 0.0, 0.0, 0
    if len(times) > lag:
        changes = [side[lag:] - side[:-lag] for side in (left, right)]
        difference = correlation(*changes)
        if of_each:
            steady, busy = _steady(*changes)
    return Compared(
        residual=residual,
        difference=difference,
        steady=steady,
        busy=busy,
        stirred=stirred,
        stir=float(spread[moving].mean()),
    )


def _steady(left: Floats, right: Floats) -> tuple[float, int]:
    """Mean agreement of the frames in which anything changes, and their number. Each weighs the same: coming into the
    view and leaving it is much alike for everybody, what happens between is not."""
    strength = np.sqrt(np.maximum(np.square(left).mean(axis=1), np.square(right).mean(axis=1)))
    busy = strength > BUSY
    if busy.sum() < 3:
        return 0.0, int(busy.sum())
    return float(row_likeness(left[busy], right[busy]).mean()), int(busy.sum())
