"""Which frames of one clip run along which line in time: the best path over candidate lines, cut where they fail.

A Hough line says that many frames lie on it, not which. Along each candidate line every frame is scored: likeness of
what its clip changes (residual) and of changes over half a second, each weighing as much as there is change; a frame
whose whole picture differs counts against. The path of highest sum over all frames, where beginning, leaving or
changing a line costs (Viterbi), gives the stretches. A line through two pieces of speed 1 loses to the two pieces, a
freeze and a cut end a stretch, and a speed other than 1 must earn its own cost.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from verifier.hashing.clips.align import Line
from verifier.hashing.clips.frames.levels import at_times, row_likeness, usual_frame, usual_level, without_mean
from verifier.hashing.clips.motion import BUSY, STIR, Overlay

LEAST_RESIDUAL, LEAST_CHANGE = 0.55, 0.4  # likeness that speaks neither for nor against, at the least
BELOW_USUAL = 0.15  # of a line's usual likeness: what is less speaks against
ENTRY, CHANGE = 0.8, 1.2  # cost of a line's begin or end, and of going from one line to another, in frames that agree
OTHER_SPEED_ENTRY = 2.0  # more, where the speed is not 1 or -1
AGAINST = -0.6  # of a frame whose whole picture differs
CONTESTED = 0.25  # by so much another line must agree better
FLAT = 3.0  # spread of a frame's levels below which it looks like nothing: black, or a dark night
MOTION_ALONE = 0.85  # usual residual of a line along which whole frames need not look alike
STILL, STILL_FRAMES = -0.05, 4  # of a frame in a freeze (so many equal frames) of one clip while the other goes on
REST = 0.02  # of a frame in which nothing moves and that looks alike
SAME_LINE_SECONDS, SAME_LINE_SPEED = 0.15, 0.02
LEAST_FRAMES = 3
_OUT = -1e6

Floats = NDArray[np.float32]


@dataclass(frozen=True, slots=True, kw_only=True)
class Track:
    """A candidate line with the overlay that it is compared under."""

    line: Line
    overlay: Overlay


def tracks(candidates: Sequence[Track], times: Floats, known_times: Floats) -> list[Track]:
    """The stretches of the best path over the query's frames and of that over the known clip's: what one shows once the
    other may show twice. A stretch ends where, for the other clip's frames, another line agrees better."""
    if not candidates or min(len(times), len(known_times)) < LEAST_FRAMES:
        return []
    here = _path(candidates, times, known_times)
    there = _path([turned(one) for one in candidates], known_times, times)
    found = []
    for state, part in here.parts():
        one = candidates[state - 1]
        part = _uncontested(part, state, one.line.at(times[part]), here, there)
        if len(part) >= LEAST_FRAMES:
            found.append(_cut_to(one, times, part))
    for state, part in there.parts():
        one = turned(candidates[state - 1])
        part = _uncontested(part, state, one.line.at(known_times[part]), there, here)
        if len(part) >= LEAST_FRAMES:
            found.append(turned(_cut_to(one, known_times, part)))
    return found


def _cut_to(track: Track, times: Floats, part: NDArray[np.intp]) -> Track:
    begin, end = float(times[part[0]]), float(times[part[-1]])
    return replace(track, line=replace(track.line, begin=begin, end=end, frames=len(part)))


def turned(track: Track) -> Track:
    """The track as it is seen from the other clip."""
    line = track.line
    begin, end = sorted((line.speed * line.begin + line.shift, line.speed * line.end + line.shift))
    other = replace(line, speed=1 / line.speed, shift=-line.shift / line.speed, begin=begin, end=end)
    return Track(line=other, overlay=track.overlay.turned())


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class _Path:
    """State of each frame of one clip (0 for none, else 1 + number of the line), and scores (lines, frames)."""

    times: Floats
    states: NDArray[np.intp]
    scores: Floats

    def parts(self) -> Iterator[tuple[int, NDArray[np.intp]]]:
        """(state, frames) of each stretch on a line, without frames at either end that speak against."""
        edges = np.flatnonzero(np.diff(self.states)) + 1
        for part in np.split(np.arange(len(self.states)), edges):
            state = int(self.states[part[0]])
            if not state:
                continue
            good = np.flatnonzero(self.scores[state - 1][part] >= 0)
            if len(good):
                yield state, part[good[0] : good[-1] + 1]


def _path(candidates: Sequence[Track], times: Floats, known_times: Floats) -> _Path:
    scores = np.stack([frame_scores(one, times, known_times) for one in candidates])
    entry = np.array([_entry(one.line) for one in candidates], np.float32)
    return _Path(times=times, states=best_path(scores, entry), scores=scores)


def _uncontested(part: NDArray[np.intp], state: int, there: Floats, own: _Path, other: _Path) -> NDArray[np.intp]:
    """Without frames at either end whose place in the other clip another line explains better."""
    place = np.clip(np.searchsorted(other.times, there - 0.125), 0, len(other.times) - 1)
    winner = other.states[place]
    rival = np.where(winner > 0, other.scores[np.maximum(winner, 1) - 1, place], 0.0)
    bad = (winner != state) & (winner > 0) & (rival > own.scores[state - 1][part] + CONTESTED)
    good = np.flatnonzero(~bad)
    return part[good[0] : good[-1] + 1] if len(good) else part[:0]


def _entry(line: Line) -> float:
    return ENTRY + (0.0 if abs(abs(line.speed) - 1) < SAME_LINE_SPEED else OTHER_SPEED_ENTRY)


def distinct(candidates: Sequence[Line]) -> list[Line]:
    """Without lines that another runs along."""
    kept: list[Line] = []
    for line in sorted(candidates, key=lambda one: -one.score):
        if not any(_runs_along(line, other) for other in kept):
            kept.append(line)
    return kept


def _runs_along(line: Line, other: Line) -> bool:
    if abs(line.speed - other.speed) > SAME_LINE_SPEED or line.begin < other.begin - 1 or line.end > other.end + 1:
        return False
    middle = (line.begin + line.end) / 2
    return abs((line.speed - other.speed) * middle + line.shift - other.shift) <= SAME_LINE_SECONDS


def frame_scores(track: Track, times: Floats, known_times: Floats) -> Floats:
    """What each query frame says for the line, -2..2; float32 (frames,)."""
    line, overlay = track.line, track.overlay
    scores = np.full(len(times), _OUT, np.float32)
    there = line.at(times)
    within = np.flatnonzero((there >= known_times[0] - 0.15) & (there <= known_times[-1] + 0.15))
    on = (times[within] >= line.begin - 1e-3) & (times[within] <= line.end + 1e-3)
    if len(within) < LEAST_FRAMES or on.sum() < LEAST_FRAMES:
        return scores
    query, known = overlay.query[within], at_times(overlay.known, known_times, there[within])
    left, right = _unusual(query, on), _unusual(known, on)
    moving = np.maximum(left[on].std(axis=0), right[on].std(axis=0)) > STIR
    alike = row_likeness(without_mean(query), without_mean(known))
    tells = np.minimum(query.std(axis=1), known.std(axis=1)) >= FLAT
    usual = float(np.percentile(alike[on], 25)) - 0.12
    least = min(0.85, max(0.5, usual))
    total = np.full(len(within), REST, np.float32)
    if moving.sum() >= 2:
        left, right = left[:, moving], right[:, moving]
        residual = row_likeness(left, right)
        if float(np.median(residual[on])) >= MOTION_ALONE:  # night, or much of the frame is covered
            least = min(least, usual)
        total += _weighed(residual, _power(left, right), on, LEAST_RESIDUAL)
        total += _weighed(*_changes(left, right), on, LEAST_CHANGE)
    total = np.where(_frozen(query) != _frozen(known), np.minimum(total, STILL), total)
    scores[within] = np.where((alike < least) & tells, np.minimum(total, AGAINST), total)
    return scores


def _frozen(stack: Floats) -> NDArray[np.bool_]:
    """Which frames lie in a run of equal ones: not even noise changes."""
    equal = np.concatenate([[False], np.abs(np.diff(stack, axis=0)).max(axis=1) < 0.5, [False]])
    found = np.zeros(len(stack), bool)
    edges = np.flatnonzero(np.diff(equal.astype(np.int8)))
    for first, last in zip(edges[::2], edges[1::2], strict=True):
        if last - first >= STILL_FRAMES:
            found[first : last + 1] = True
    return found


def _unusual(stack: Floats, on: NDArray[np.bool_]) -> Floats:
    """Each frame less its usual picture along the line, and less what exposure adds."""
    level = stack - usual_level(stack - usual_frame(stack[on]))[:, None]
    return np.asarray(level - level[on].mean(axis=0), np.float32)


def _power(left: Floats, right: Floats) -> Floats:
    """Root mean square over points of the side that moves more, grey levels; float32 (frames,)."""
    return np.asarray(np.sqrt(np.maximum(np.square(left).mean(axis=1), np.square(right).mean(axis=1))), np.float32)


def _changes(left: Floats, right: Floats) -> tuple[Floats, Floats]:
    """(likeness, power) of each frame's changes over half a second: around it, up to it or from it on, whichever agrees
    best, for at a cut only one of them lies on the line."""
    place = np.arange(len(left))
    last = len(left) - 1
    alike, power = np.full(len(left), -1.0, np.float32), np.zeros(len(left), np.float32)
    for before, after in ((-1, 1), (-2, 0), (0, 2)):
        first, second = np.clip(place + before, 0, last), np.clip(place + after, 0, last)
        mine, theirs = left[second] - left[first], right[second] - right[first]
        found, strength = row_likeness(mine, theirs), _power(mine, theirs)
        better = found * np.minimum(strength, BUSY) > alike * np.minimum(power, BUSY)
        alike, power = np.where(better, found, alike), np.where(better, strength, power)
    return alike, power


def _weighed(alike: Floats, power: Floats, on: NDArray[np.bool_], least: float) -> Floats:
    """Likeness over the least, as a share of what is possible, weighed by how much there is to compare."""
    weight = np.clip((power - BUSY) / (2 * BUSY), 0, 1)
    telling = alike[on & (weight > 0.5)]
    if len(telling) >= LEAST_FRAMES:
        least = max(least, float(np.median(telling)) - BELOW_USUAL)
    return np.asarray(np.maximum((alike - least) / (1 - least), -1.5) * 0.5 * weight, np.float32)


def best_path(scores: Floats, entry: Floats) -> NDArray[np.intp]:
    """State of each frame on the path of highest sum: 0 for none, else 1 + number of the line."""
    lines, frames = scores.shape
    total = np.concatenate([[0.0], scores[:, 0] - entry])
    came = np.zeros((frames, lines + 1), np.intp)
    for frame in range(1, frames):
        best_line = int(total[1:].argmax()) + 1
        stay = total.copy()
        fresh = np.concatenate([[total[best_line] - ENTRY], np.full(lines, total[0]) - entry])
        origin = np.concatenate([[best_line], np.zeros(lines, np.intp)])
        changed = np.concatenate([[-np.inf], total[best_line] - (CHANGE - ENTRY) - entry])
        origin = np.where(changed > fresh, best_line, origin)
        fresh = np.maximum(fresh, changed)
        came[frame] = np.where(stay >= fresh, np.arange(lines + 1), origin)
        total = np.maximum(stay, fresh) + np.concatenate([[0.0], scores[:, frame]])
    path = np.zeros(frames, np.intp)
    path[-1] = int(total.argmax())
    for frame in range(frames - 1, 0, -1):
        path[frame - 1] = came[frame, path[frame]]
    return path
