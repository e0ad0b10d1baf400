"""Where one recording's sound is another's: landmarks with the same distances, lined up in time.

Hashes of two peaks are looked up in sorted arrays; those of one pair of clips vote for the time between the clips. A
vote counts only where it stands far above the votes for every other time: music that repeats itself, hum and a common
beat vote for many.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from verifier.hashing.sound.chance import coincidence
from verifier.hashing.sound.landmarks import FRAME_SECONDS, Landmarks

LEAST_ALIGNED = 8
LEAST_RATIO = 4.0
LEAST_SHARE, MANY_ALIGNED = 0.045, 60  # of the stretch's hashes; so many need no share: rhythm alone aligns few
LEAST_HASHES = 20  # of a clip: with fewer there is nothing to recognise
MOST_OFFSETS = 6
_NEAR_FRAMES = 2  # hashes within ±32 ms of an offset are aligned
_GAP_SECONDS = 2.5
_COMMON = 400  # a hash found more often in the index is hum or a test tone: not looked up


@dataclass(frozen=True, slots=True, kw_only=True)
class SoundSegment:
    """A stretch of the query's sound in the known clip's: seconds from each clip's first picture."""

    known: str
    query_range: tuple[float, float]
    known_range: tuple[float, float]
    aligned: int  # hashes
    ratio: float  # to the best other time
    speed: float = 1.0  # seconds of the known clip per second of the query
    is_pitched: bool = False  # whether the query's pitch is higher by as much
    significance: float = 0.0  # -log10 of what chance would give in that much sound (`sound_chance`)
    moments: int = 0  # half seconds in which something is in common

    @property
    def offset(self) -> float:
        """Seconds to add to the query's time."""
        return self.known_range[0] - self.query_range[0]

    def flipped(self, known: str) -> SoundSegment:
        """The same as it is heard from the known clip; `known`: name of the other."""
        return replace(
            self, known=known, query_range=self.known_range, known_range=self.query_range, speed=1 / self.speed
        )


class SoundIndex:
    """Landmark hashes of many clips in one sorted array."""

    def __init__(self, known: Mapping[str, Landmarks]) -> None:
        self._names = [name for name, one in known.items() if not one.is_silent]
        self._landmarks = [known[name] for name in self._names]
        hashes, owners, frames = [np.zeros(0, np.uint32)], [np.zeros(0, np.int32)], [np.zeros(0, np.uint32)]
        for number, landmarks in enumerate(self._landmarks):
            found, when = landmarks.hashes()
            if len(found) >= LEAST_HASHES:
                hashes.append(found)
                owners.append(np.full(len(found), number, np.int32))
                frames.append(when)
        every = np.concatenate(hashes)
        order = np.argsort(every, kind="stable")
        self._hashes = every[order]
        self._owners, self._frames = np.concatenate(owners)[order], np.concatenate(frames)[order]

    def leads(self, hashes: NDArray[np.uint32], when: NDArray[np.int64], most: int) -> list[str]:
        """Clips whose hashes line up with some, however few; those with most first."""
        if len(hashes) == 0 or len(self._hashes) == 0:
            return []
        rows, asked = self._looked_up(hashes, when)
        owner, shift = self._owners[rows].astype(np.int64), self._frames[rows].astype(np.int64) - asked
        pair = (owner << 32) + (shift - shift.min(initial=0)) // (2 * _NEAR_FRAMES + 1)
        pairs, votes = np.unique(pair, return_counts=True)
        good = votes >= LEAST_ALIGNED // 2
        best = np.argsort(-votes[good], kind="stable")
        return list(dict.fromkeys(self._names[number] for number in (pairs[good][best] >> 32)))[:most]

    def _looked_up(
        self, hashes: NDArray[np.uint32], when: NDArray[np.int64]
    ) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
        """Places in the index of equal hashes, and the asked frame of each."""
        first = np.searchsorted(self._hashes, hashes, "left")
        count = np.searchsorted(self._hashes, hashes, "right") - first
        count[count > _COMMON] = 0
        rows = np.repeat(first, count) + np.arange(count.sum()) - np.repeat(np.cumsum(count) - count, count)
        return rows, np.repeat(when, count).astype(np.int64)

    def search(self, query: Landmarks, exclude: str | None = None) -> Iterator[SoundSegment]:
        """Every stretch of the query's sound that is a known clip's."""
        hashes, when = query.hashes()
        if query.is_silent or len(hashes) < LEAST_HASHES or len(self._hashes) == 0:
            return
        rows, asked = self._looked_up(hashes, when.astype(np.int64))
        if len(rows) == 0:
            return
        owner, frame = self._owners[rows], self._frames[rows].astype(np.int64)
        order = np.argsort(owner, kind="stable")
        owners, starts = np.unique(owner[order], return_index=True)
        for number, some in zip(owners, np.split(order, starts[1:]), strict=True):
            name = self._names[number]
            if name != exclude and len(some) >= LEAST_ALIGNED:
                yield from _aligned(query, self._landmarks[number], name, asked[some], frame[some])


def _peaks(offsets: NDArray[np.int64]) -> list[tuple[int, int]]:
    """(offset, votes) of the best offsets, best first, each half a second from the others."""
    base = int(offsets.min()) - _NEAR_FRAMES
    votes = np.bincount(offsets - base, minlength=int(offsets.max()) - base + _NEAR_FRAMES + 1)
    votes = np.convolve(votes, np.ones(2 * _NEAR_FRAMES + 1, int), "same")
    found = []
    near = round(0.5 / FRAME_SECONDS)
    for _ in range(MOST_OFFSETS + 1):
        best = int(votes.argmax())
        if votes[best] < 1:
            break
        found.append((best + base, int(votes[best])))
        votes[max(0, best - near) : best + near + 1] = 0
    return found


def _aligned(
    query: Landmarks, known: Landmarks, name: str, asked: NDArray[np.int64], frame: NDArray[np.int64]
) -> Iterator[SoundSegment]:
    offsets = frame - asked
    found = _peaks(offsets)
    hashed = query.hashes()[1]
    kept = 0
    ratio = 0.0
    for number in range(1, len(found) + 1):  # the last number of offsets that stand out of all others
        votes = found[number - 1][1]
        following = found[number][1] if number < len(found) else 1
        if votes < LEAST_ALIGNED:
            break
        if votes >= LEAST_RATIO * following and number <= MOST_OFFSETS:
            kept, ratio = number, votes / following
    for offset, _ in found[:kept]:
        near = np.abs(offsets - offset) <= _NEAR_FRAMES
        times = np.unique(asked[near])
        cuts = np.flatnonzero(np.diff(times) * FRAME_SECONDS > _GAP_SECONDS)
        exact = float(offsets[near].mean()) * FRAME_SECONDS + known.start - query.start
        for part in np.split(times, cuts + 1):
            aligned = int(((asked >= part[0]) & (asked <= part[-1]) & near).sum())
            there = int(((hashed >= part[0]) & (hashed <= part[-1])).sum())
            if aligned < LEAST_ALIGNED or (aligned < LEAST_SHARE * there and aligned < MANY_ALIGNED):
                continue
            begin = float(part[0]) * FRAME_SECONDS + query.start
            end = float(part[-1] + 40) * FRAME_SECONDS + query.start  # a pair reaches on from its first peak
            end = min(end, query.start + query.seconds)
            by_chance = coincidence(query, known, (begin, end), exact)
            yield SoundSegment(
                known=name,
                query_range=(begin, end),
                known_range=(begin + exact, end + exact),
                aligned=aligned,
                ratio=ratio,
                significance=by_chance.significance if by_chance is not None else 0.0,
                moments=by_chance.moments if by_chance is not None else 0,
            )
