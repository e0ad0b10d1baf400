"""Two clips: every stretch of one that is the other's, and what the evidence for it is.

Hashes propose lines in time; the changes within the pictures dispose. A line along which nothing moves, or on which
what moves does not agree, shows at most one scene twice: its time is not determined.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise

import numpy as np

from verifier.hashing.clips.align import BACKWARDS, LEAST_FRAMES, OTHER_SPEED, Floats, Line, Votes, lines
from verifier.hashing.clips.features import FRAME_SECONDS, ClipFeatures
from verifier.hashing.clips.frames.laying import Box, of_boxes
from verifier.hashing.clips.motion import Agreement, Laying, Overlay
from verifier.hashing.clips.tracks import Track, distinct, tracks
from verifier.hashing.clips.votes import VARIANTS, FrameVotes, frame_votes
from verifier.hashing.pdq import Turn

WHOLE: Box = (0.0, 0.0, 1.0, 1.0)
UPRIGHT = Turn(False, 0)
MIRRORED = Turn(True, 0)
# What moves must agree so well: residual, difference, steady. Measured on people who come and go before one camera.
VERY_SURE, SURE, FAIR = (0.94, 0.91, 0.91), (0.85, 0.76, 0.82), (0.8, 0.7, 0.77)
LEAST_BUSY, LEAST_LONG = 6, 8  # frames in motion, and in all; fewer may agree by chance
BUSY_ENOUGH, BUSY_ENOUGH_FIXED = 9, 16  # frames in motion; with fewer only what is very sure counts
BACKED_BUSY, LEAST_BACKED = 3, 6  # the same, of a very sure stretch beside a certain one of the same clips
FAINT, LEAST_FAINT, FAINT_PEAKINESS = (0.8, 0.7, 0.5), 12, 2.5  # to be looked at: dark, noisy or little in motion
PEAKINESS = 1.15  # the residual here, to the best at another time
MOST_CANDIDATES, MOST_VIEWS = 24, 3  # lines under one laying
EXPLAINED = 0.9  # of both clips' time, by certain stretches: no more is sought
OVERLAY_GAIN = 0.45  # of what agreement lacks: a logo or banner explains 75 % and more of it, a bar's edge 40 %
WITHOUT_OVERLAY, OVERLAY_WORTH = 1.94, 0.05  # residual and difference: less may be an overlay; what leaving it out adds
PERFECT = 0.98  # residual of a line that is not looked at in pieces
PIECE_SECONDS, PIECE_RESIDUAL = 2.5, 0.6
LEAD_SECONDS, TAIL_SECONDS = 0.07, 0.18  # a cut lies between two frames; people cut at round times more often than not
SAME_LINE_SECONDS, SAME_LINE_LESS = 0.3, 0.03
TAKEN = 0.5  # of a claim's time
NEARLY_UNIT, UNIT_WORTH = 0.06, 0.015  # a speed so near to 1 must agree by so much better (residual and difference)
_REFINEMENT, _BETWEEN = (-0.5, -0.25, 0.25, 0.5), (-0.375, -0.125, 0.125, 0.375)
BETWEEN_SECONDS = 0.2
_FINE = (-0.125, -0.0625, 0.0625, 0.125)


@dataclass(frozen=True, slots=True, kw_only=True)
class Stretch:
    """A stretch of the query on a stretch of the known clip, with its evidence. `wide`: median PDQ distance, bits."""

    line: Line
    laying: Laying
    turn: Turn
    agreement: Agreement
    wide: float
    method: str
    lead: float = 0.0  # seconds before the first frame on the line that belong to it
    tail: float = FRAME_SECONDS
    is_backed: bool = False  # whether a certain stretch of the same two clips stands beside it
    is_path: bool = True  # whether its frames are the best path's; else it is one view at most

    @property
    def is_same_footage(self) -> bool:
        """What moves agrees, here and nowhere else."""
        return self.grade > 0

    @property
    def grade(self) -> int:
        """2: certain; 1: likely; 0: one view perhaps, its time not determined."""
        found = self.agreement
        if not self.is_path or not found.is_moving or found.residual < PEAKINESS * found.elsewhere:
            return 0
        if self.is_backed and found.reaches(VERY_SURE) and found.busy >= BACKED_BUSY and found.frames >= LEAST_BACKED:
            return max(1, replace(self, is_backed=False).grade)
        if found.busy < LEAST_BUSY or found.frames < LEAST_LONG:
            return 0
        if found.busy < (BUSY_ENOUGH_FIXED if found.is_fixed_view else BUSY_ENOUGH):
            if found.is_fixed_view and self.line.speed < 0:  # to come and to go look alike backwards, for everybody
                return 0
            return 2 * int(found.reaches(VERY_SURE)) if found.is_fixed_view else int(found.reaches(SURE))
        if found.reaches(SURE):
            return 2
        return int(not found.overlaid and found.reaches(FAIR))

    @property
    def is_faint(self) -> bool:
        """What moves agrees fairly, and far better than at any other time: to be looked at, if not surer."""
        found = self.agreement
        if not self.is_path or not found.is_moving or found.frames < LEAST_FAINT or found.busy < LEAST_BUSY:
            return False
        return found.reaches(FAINT) and found.residual >= FAINT_PEAKINESS * max(found.elsewhere, 0.1)

    @property
    def query_range(self) -> tuple[float, float]:
        """Seconds."""
        return self.line.begin - self.lead, self.line.end + self.tail

    @property
    def known_range(self) -> tuple[float, float]:
        """Seconds; the end is the smaller where it is played backwards."""
        begin, end = self.query_range
        whole = FRAME_SECONDS if self.line.speed < 0 else 0.0  # a frame stands for the time that follows it
        return self.line.speed * begin + self.line.shift + whole, self.line.speed * end + self.line.shift + whole

    def flipped(self) -> Stretch:
        """The same as it is seen from the known clip."""
        line = self.line
        begin, end = sorted(self.known_range)
        shift = -line.shift / line.speed
        if line.speed < 0:
            shift += FRAME_SECONDS * (1 / abs(line.speed) - 1)
        laying = Laying(homography=np.asarray(np.linalg.inv(self.laying.homography), np.float64))
        return replace(
            self,
            line=replace(line, speed=1 / line.speed, shift=shift, begin=begin, end=end - FRAME_SECONDS),
            laying=laying,
            turn=self.turn if self.turn.mirrored else Turn(False, -self.turn.rotation_degrees % 360),
            lead=0.0,
            tail=FRAME_SECONDS,
        )


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
            laid = Laid(overlay=overlay, laying=laying, turn=turn)
            for stretch in along(laid, seen.votes, times, known_times, "hash"):
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


@dataclass(frozen=True, slots=True, kw_only=True)
class Laid:
    """Two clips laid on one another in one way."""

    overlay: Overlay
    laying: Laying
    turn: Turn


def along(
    laid: Laid, votes: Votes, times: Floats, known_times: Floats, method: str, also: Sequence[Line] = ()
) -> list[Stretch]:
    """Stretches under one laying. Lines are proposed by votes of hashes or points and by changes, forwards, and
    backwards where forwards explains little; the best path over them is sought on either clip's time."""
    moved = laid.overlay.votes(times, known_times)
    proposed = [*also]
    for some in (votes, moved):
        proposed += lines(some, times, known_times)
        proposed += lines(some, times, known_times, speeds=(1.0,))
    candidates = _candidates(laid.overlay, proposed, times, known_times)
    found = [_judged(laid, track, times, known_times, method) for track in tracks(candidates, times, known_times)]
    if not _explains(found, times, known_times):
        proposed = [*lines(votes, times, known_times, speeds=BACKWARDS)]
        proposed += lines(laid.overlay.votes(times, known_times, backwards=True), times, known_times, speeds=BACKWARDS)
        backwards = _candidates(laid.overlay, proposed, times, known_times)
        if backwards:
            candidates += backwards
            found = [
                _judged(laid, track, times, known_times, method) for track in tracks(candidates, times, known_times)
            ]
    if not any(one.is_same_footage for one in found) and candidates:
        found += _views(laid, candidates, times, known_times, method)
    return found


def _candidates(overlay: Overlay, proposed: Sequence[Line], times: Floats, known_times: Floats) -> list[Track]:
    """Lines moved to where motion agrees best. Where it does not agree, what lies over the picture (a banner, another
    picture) is left out and it is tried again."""
    found: list[Track] = []
    for line in distinct(proposed)[:MOST_CANDIDATES]:
        moved, found_at = _moved(overlay, line, times, known_times, _REFINEMENT, _BETWEEN)
        track = Track(line=moved, overlay=overlay)
        if sum(found_at) < WITHOUT_OVERLAY:
            rest = overlay.without_overlay(moved, times, known_times)
            if rest is not None:
                other, better = _moved(rest, line, times, known_times, _REFINEMENT, _BETWEEN)
                gain = sum(better) - sum(found_at)
                if gain > max(OVERLAY_WORTH, OVERLAY_GAIN * (2 - sum(found_at))):
                    track, found_at = Track(line=other, overlay=rest), better
        found.append(track)
        if line.speed != 1 or found_at[0] < PERFECT:
            found += _pieces(track, times, known_times)
    kept = distinct([track.line for track in found])
    return [next(track for track in found if track.line is line) for line in kept]


def _moved(
    overlay: Overlay,
    line: Line,
    times: Floats,
    known_times: Floats,
    moves: Sequence[float],
    between: Sequence[float] = (),
) -> tuple[Line, tuple[float, float]]:
    """The line moved to where motion agrees best; residual and difference there. Moves in `between` are tried only next
    to the best of `moves`."""
    found = dict(zip((0.0, *moves), overlay.at_shifts(line, (0.0, *moves), times, known_times), strict=True))

    def worth(move: float) -> float:
        return sum(found[move]) - (2e-3 if move else 0.0)

    best = max(found, key=worth)
    near = [move for move in between if abs(move - best) < BETWEEN_SECONDS]
    found.update(zip(near, overlay.at_shifts(line, near, times, known_times) if near else [], strict=True))
    best = max(found, key=worth)
    return replace(line, shift=line.shift + best), found[best]


def _pieces(track: Track, times: Floats, known_times: Floats) -> Iterator[Track]:
    """Lines of speed 1 (-1) that fit parts of a line best: what may lie beside one another on one Hough line."""
    line, unit = track.line, 1.0 if track.line.speed > 0 else -1.0
    count = max(1, round((line.end - line.begin) / PIECE_SECONDS))
    if count == 1 and line.speed == unit:
        return
    edges = np.linspace(line.begin, line.end, count + 1)
    for begin, end in pairwise(edges):
        middle = float(begin + end) / 2
        shift = line.shift + (line.speed - unit) * middle
        part = replace(line, speed=unit, shift=shift, begin=float(begin), end=float(end), score=line.score / count)
        moved, (residual, _) = _moved(track.overlay, part, times, known_times, _REFINEMENT, _BETWEEN)
        if residual > PIECE_RESIDUAL:
            yield replace(track, line=moved)


def _explains(found: Sequence[Stretch], times: Floats, known_times: Floats) -> bool:
    """Whether certain stretches cover most of both clips' time."""
    sure = [one for one in found if one.grade == 2]
    return all(
        _covered([sorted(one.query_range if of_query else one.known_range) for one in sure])
        >= EXPLAINED * (float(clock[-1] - clock[0]) + FRAME_SECONDS)
        for of_query, clock in ((True, times), (False, known_times))
    )


def _covered(spans: Sequence[Sequence[float]]) -> float:
    total, end = 0.0, -1e9
    for begin, stop in sorted(map(tuple, spans)):
        total += max(0.0, stop - max(begin, end))
        end = max(end, stop)
    return total


def _views(
    laid: Laid, candidates: Sequence[Track], times: Floats, known_times: Floats, method: str
) -> Iterator[Stretch]:
    """What shows one view along a line, though motion confirms none: of grade 0."""
    for track in candidates[:MOST_VIEWS]:
        line = track.overlay.widened(track.line, times, known_times)
        agreement = track.overlay.agreement(line, times, known_times)
        yield Stretch(
            line=line, laying=laid.laying, turn=laid.turn, agreement=agreement, wide=256.0, method=method, is_path=False
        )


def _judged(laid: Laid, track: Track, times: Floats, known_times: Floats, method: str) -> Stretch:
    line, alone = _moved(track.overlay, track.line, times, known_times, _FINE)
    line = _at_unit_speed(track.overlay, line, alone, times, known_times)
    line = _on_frames(line, times, known_times)
    agreement = track.overlay.agreement(line, times, known_times)
    lead, tail = _margins(line, times, known_times)
    return Stretch(
        line=line,
        laying=laid.laying,
        turn=laid.turn,
        agreement=agreement,
        wide=256.0,
        method=method,
        lead=lead,
        tail=tail,
    )


def _at_unit_speed(
    overlay: Overlay, line: Line, found: tuple[float, float], times: Floats, known_times: Floats
) -> Line:
    """The line at speed 1 (or -1) where it agrees as well: a speed must be earned."""
    unit = 1.0 if line.speed > 0 else -1.0
    if line.speed == unit or abs(line.speed - unit) > NEARLY_UNIT:
        return line
    middle = (line.begin + line.end) / 2
    straight = replace(line, speed=unit, shift=line.shift + (line.speed - unit) * middle)
    straight, other = _moved(overlay, straight, times, known_times, _FINE)
    return straight if sum(other) >= sum(found) - UNIT_WORTH else line


def _on_frames(line: Line, times: Floats, known_times: Floats) -> Line:
    """The line from the first to the last frame of the query on it that the known clip has a frame for."""
    there = line.at(times)
    on = (times >= line.begin - 0.13) & (times <= line.end + 0.13)
    on &= (there >= known_times[0] - 0.13) & (there <= known_times[-1] + 0.13)
    if not on.any():
        return line
    return replace(line, begin=float(times[on][0]), end=float(times[on][-1]))


def _margins(line: Line, times: Floats, known_times: Floats) -> tuple[float, float]:
    """Seconds that a stretch reaches before its first and after its last frame.

    A frame stands for the quarter of a second that follows it. At either end of a clip the stretch ends with the clip;
    anywhere else the cut lies somewhere between two frames.
    """
    speed, last = abs(line.speed), float(known_times[-1]) + FRAME_SECONDS
    begin, end = (float(value) for value in line.at(np.array([line.begin, line.end], np.float32)))
    before, after = begin / speed, (last - end) / speed
    if line.speed < 0:
        before, after = (last - begin - FRAME_SECONDS) / speed, (end + FRAME_SECONDS) / speed
    lead = 0.0 if line.begin <= times[0] + 1e-3 else LEAD_SECONDS
    tail = FRAME_SECONDS if line.end >= times[-1] - 1e-3 else TAIL_SECONDS
    if before < FRAME_SECONDS:  # the known clip begins (or, backwards, ends) before the next frame
        lead = min(before, lead) if lead == 0 else before
    if after < 2 * FRAME_SECONDS:
        tail = min(after, FRAME_SECONDS)
    return lead, tail


def _median_distance(seen: FrameVotes, line: Line, times: Floats, known_times: Floats) -> float:
    near = np.abs(known_times[seen.votes.known] - line.at(times[seen.votes.query])) <= 0.3
    near &= (times[seen.votes.query] >= line.begin) & (times[seen.votes.query] <= line.end)
    return float(np.median(seen.wide[near])) if near.any() else 256.0


def resolved(found: Sequence[Stretch]) -> list[Stretch]:
    """The best claims: same footage before one view, then by how much agrees. A claim goes where better ones have taken
    most of its time in both clips; a mere view, where they have in either."""
    if any(one.grade == 2 for one in found):
        found = [replace(one, is_backed=True) for one in found]
    kept: list[Stretch] = []
    for stretch in sorted(found, key=_worth, reverse=True):
        if not _is_taken(kept, stretch):
            kept.append(stretch)
    return [_as_long_as(one, found) for one in kept]


def _as_long_as(stretch: Stretch, found: Sequence[Stretch]) -> Stretch:
    """A confirmed stretch is as long as the longest on its line that agrees well, though that one rests too much of its
    time to be confirmed by itself."""
    for other in found if stretch.grade > 0 else ():
        own, found_there = stretch.agreement, other.agreement
        if not other.is_path or other.turn != stretch.turn:
            continue
        less = max(own.residual - found_there.residual, own.difference - found_there.difference)
        if less > SAME_LINE_LESS:
            continue
        middle = (stretch.line.begin + stretch.line.end) / 2
        apart = (stretch.line.speed - other.line.speed) * middle + stretch.line.shift - other.line.shift
        around = other.line.begin <= stretch.line.begin + 0.3 and other.line.end >= stretch.line.end - 0.3
        longer = other.line.end - other.line.begin > stretch.line.end - stretch.line.begin
        if abs(apart) <= SAME_LINE_SECONDS and abs(stretch.line.speed - other.line.speed) < 0.02 and around and longer:
            line = replace(stretch.line, begin=other.line.begin, end=other.line.end, shift=other.line.shift)
            stretch = replace(stretch, line=line, lead=other.lead, tail=other.tail)
    return stretch


def _worth(stretch: Stretch) -> float:
    found = stretch.agreement
    worth = found.frames * max(found.residual, 0.05) * (found.coverage + 0.2)
    return 1000 * min(stretch.grade, 1) + worth * (1.0 if stretch.line.speed == 1 else OTHER_SPEED)


def _is_taken(kept: Sequence[Stretch], other: Stretch) -> bool:
    same = [one for one in kept if one.grade > 0 or other.grade == 0]
    taken = [
        _taken([_ordered(one.query_range) for one in same], _ordered(other.query_range)),
        _taken([_ordered(one.known_range) for one in same], _ordered(other.known_range)),
    ]
    return max(taken) > TAKEN if other.grade == 0 else min(taken) > TAKEN


def _ordered(span: tuple[float, float]) -> tuple[float, float]:
    return min(span), max(span)


def covered_share(found: Sequence[Stretch], query: ClipFeatures, known: ClipFeatures) -> tuple[float, float]:
    """Share of either clip's time that some stretches cover."""
    return (
        _covered([_ordered(one.query_range) for one in found]) / max(query.frames.duration, 1e-3),
        _covered([_ordered(one.known_range) for one in found]) / max(known.frames.duration, 1e-3),
    )


def _taken(spans: Sequence[tuple[float, float]], own: tuple[float, float]) -> float:
    """Share of a span that others cover."""
    common = [(max(begin, own[0]), min(end, own[1])) for begin, end in spans]
    return _covered([span for span in common if span[1] > span[0]]) / max(own[1] - own[0], 1e-3)
