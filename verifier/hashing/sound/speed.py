"""Sound at another speed: landmarks of one recording stretched in time, and in pitch, and laid on another's.

Faster playing either keeps the pitch (time-stretched) or raises it by as much (resampled). At a speed that is known
roughly, the query's peaks are moved to where they would be at the known clip's speed; pairs of peaks that then agree
within a bin and a frame are counted along lines in time, whose exact slope is found beside. More pairs agree by chance
than at equal speeds, so more must.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from verifier.hashing.sound.landmarks import FRAME_SECONDS, HIGHEST_BIN, LOWEST_BIN, Landmarks
from verifier.hashing.sound.match import LEAST_HASHES, SoundIndex, SoundSegment

SPEEDS = (0.5, 0.75, 0.8, 0.9, 1.1, 1.25, 1.5, 2.0)  # that are tried where nothing suggests one
FAN_OUT, LONGEST_PAIR = 12, 70  # pairs of a peak; frames of the known clip between the two
SLOPES = np.arange(-0.02, 0.0201, 0.0025)  # tried around a suggested speed, shares of it
LEAST_ALIGNED, LEAST_RATIO, LEAST_SHARE = 40, 3.5, 0.012
INDEX_FAN_OUT, INDEX_LONGEST, MOST_LEADS = 8, 61, 4
_NEAR_FRAMES = 3
_MOST_PAIRS, _COMMON = 600_000, 200  # pairs that agree; a hash found more often is hum
_GAP_SECONDS = 2.5

Floats = NDArray[np.float64]
Numbers = NDArray[np.int64]


def at_speed(query: Landmarks, known: Landmarks, name: str, speed: float, *, is_pitched: bool) -> list[SoundSegment]:
    """Stretches of the query that are the known clip's, played so many times faster (known seconds a query second).

    `is_pitched`: whether its pitch is higher by as much.
    """
    if query.is_silent or known.is_silent or min(len(query.frame), len(known.frame)) < LEAST_HASHES:
        return []
    frame, place = _moved(query, speed, is_pitched=is_pitched)
    mine = _pairs(frame, place, round(FAN_OUT * max(1.0, 1 / speed)))
    theirs = _pairs(known.frame.astype(np.float64), known.bin.astype(np.int64), round(FAN_OUT * max(1.0, speed)))
    here, there = _agreeing(*mine, *theirs, is_pitched=is_pitched)
    if len(here) < LEAST_ALIGNED:
        return []
    line = _best_line(here, there)
    if line.votes < LEAST_ALIGNED or line.ratio < LEAST_RATIO:
        return []
    near = np.abs(there - line.slope * here - line.offset) <= _NEAR_FRAMES + 0.5
    line = _fitted(line, here[near], there[near])
    return list(_segments(query, known, name, line, mine[1], here[near], _Hypothesis(speed, is_pitched)))


@dataclass(frozen=True, slots=True)
class _Hypothesis:
    """How the query may have been changed."""

    speed: float
    is_pitched: bool


def at_any_speed(query: Landmarks, known: Mapping[str, Landmarks], index: SoundIndex, name: str) -> list[SoundSegment]:
    """As `at_speed`, at the usual speeds, of those known clips whose hashes line up at all with the moved query's."""
    found: dict[str, list[SoundSegment]] = {}
    if query.is_silent or len(query.frame) < LEAST_HASHES:
        return []
    for speed in SPEEDS:
        for is_pitched in (False, True):
            frame, place = _moved(query, speed, is_pitched=is_pitched)
            hashes, when = _pairs(frame, place, round(INDEX_FAN_OUT * max(1.0, 1 / speed)), INDEX_LONGEST)
            asked = np.concatenate([hashes - 1, hashes, hashes + 1])
            compact = (asked >> 16 << 14) | ((asked >> 8 & 255) << 6) | (asked & 63)  # as landmarks write them
            for other in index.leads(compact.astype(np.uint32), np.rint(np.tile(when, 3)).astype(np.int64), MOST_LEADS):
                if other != name and other not in found:
                    segments = at_speed(query, known[other], other, speed, is_pitched=is_pitched)
                    if segments:
                        found[other] = segments
    return [segment for segments in found.values() for segment in segments]


def _moved(query: Landmarks, speed: float, *, is_pitched: bool) -> tuple[Floats, Numbers]:
    """Peaks where they would be at the known clip's speed: frames (not whole), and bins."""
    place = query.bin.astype(np.float64) / (speed if is_pitched else 1.0)
    within = (place >= LOWEST_BIN) & (place < HIGHEST_BIN)
    return query.frame[within].astype(np.float64) * speed, np.rint(place[within]).astype(np.int64)


def _pairs(frame: Floats, place: Numbers, fan_out: int, longest: int = LONGEST_PAIR) -> tuple[Numbers, Floats]:
    """(hashes of two peaks, frame of the first) of each peak with those that follow it within about a second."""
    found, when = [np.zeros(0, np.int64)], [np.zeros(0, np.float64)]
    for ahead in range(1, min(fan_out, len(frame) - 1) + 1):
        between = np.rint(frame[ahead:] - frame[:-ahead]).astype(np.int64)
        near = (between >= 2) & (between <= longest)
        found.append(((place[:-ahead] << 16) | (place[ahead:] << 8) | between)[near])
        when.append(frame[:-ahead][near])
    return np.concatenate(found), np.concatenate(when)


def _agreeing(
    hashes: Numbers, when: Floats, known: Numbers, known_when: Floats, *, is_pitched: bool
) -> tuple[Floats, Floats]:
    """Frames of pairs that agree within a frame between the two peaks and, where the pitch was moved, within a bin."""
    order = np.argsort(known, kind="stable")
    ranked, ranked_when = known[order], known_when[order]
    here, there, total = [np.zeros(0)], [np.zeros(0)], 0
    moves = (-1, 0, 1) if is_pitched else (0,)
    for first in moves:
        for second in moves:
            for between in (-1, 0, 1):
                asked = hashes + (first << 16) + (second << 8) + between
                begin = np.searchsorted(ranked, asked, "left")
                count = np.searchsorted(ranked, asked, "right") - begin
                count[count > _COMMON] = 0
                rows = np.repeat(begin, count) + np.arange(count.sum()) - np.repeat(np.cumsum(count) - count, count)
                here.append(np.repeat(when, count))
                there.append(ranked_when[rows])
                total += len(rows)
                if total > _MOST_PAIRS:
                    return np.concatenate(here), np.concatenate(there)
    return np.concatenate(here), np.concatenate(there)


@dataclass(frozen=True, slots=True)
class _Line:
    """known frame = slope * moved query frame + offset; pairs on it, and how many times those of the next best."""

    slope: float
    offset: float
    votes: int
    ratio: float


def _best_line(here: Floats, there: Floats) -> _Line:
    best = _Line(1.0, 0.0, 0, 0.0)
    far = round(1.0 / FRAME_SECONDS)
    for slope in 1 + SLOPES:
        offsets = np.rint(there - slope * here).astype(np.int64)
        base = int(offsets.min()) - _NEAR_FRAMES
        votes = np.convolve(np.bincount(offsets - base + _NEAR_FRAMES), np.ones(2 * _NEAR_FRAMES + 1, int), "same")
        place = int(votes.argmax())
        if votes[place] > best.votes:
            rest = votes.copy()
            rest[max(0, place - far) : place + far + 1] = 0
            ratio = float(votes[place] / max(1, int(rest.max())))
            best = _Line(float(slope), float(place + base - _NEAR_FRAMES), int(votes[place]), ratio)
    return best


def _fitted(line: _Line, here: Floats, there: Floats) -> _Line:
    """The slope by least squares, where the pairs reach far enough to tell."""
    if np.ptp(here) * FRAME_SECONDS < 4.0:
        return line
    slope, offset = (float(part) for part in np.polyfit(here, there, 1))
    return replace(line, slope=slope, offset=offset) if abs(slope - line.slope) < 0.01 else line


def _segments(
    query: Landmarks,
    known: Landmarks,
    name: str,
    line: _Line,
    asked: Floats,
    here: Floats,
    supposed: _Hypothesis,
) -> Iterator[SoundSegment]:
    times, speed = np.unique(here), supposed.speed
    exact = speed * line.slope
    for part in np.split(times, np.flatnonzero(np.diff(times) * FRAME_SECONDS > _GAP_SECONDS * speed) + 1):
        aligned = int(((here >= part[0]) & (here <= part[-1])).sum()) if len(part) else 0
        if aligned < LEAST_ALIGNED:
            continue
        if aligned < LEAST_SHARE * int(((asked >= part[0]) & (asked <= part[-1])).sum()):
            continue
        begin, end = (float(frame) / speed * FRAME_SECONDS for frame in (part[0], part[-1] + 40 * speed))
        end = min(end, query.seconds)
        shift = line.offset * FRAME_SECONDS + known.start
        yield SoundSegment(
            known=name,
            query_range=(begin + query.start, end + query.start),
            known_range=(exact * begin + shift, exact * end + shift),
            aligned=aligned,
            ratio=line.ratio,
            speed=exact,
            is_pitched=supposed.is_pitched,
        )
