"""Clips alike: who is compared with whom, and what the evidence of pictures and sound together amounts to.

Pure: features in, matches out. Candidates come from hashes of frames, from sound and from local features; every
candidate pair is compared by its own content alone (`clip_evidence`), whoever was asked and whatever else is known, so
that a link depends neither on the order nor on the grouping in which exhibits come.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import partial

import numpy as np
from numpy.typing import NDArray

from verifier.guarded import SEARCH_SECONDS, UNGUARDED, Guard
from verifier.hashing.clips.evidence import Side, compared
from verifier.hashing.clips.features import ClipFeatures
from verifier.hashing.clips.index import LEAST_HITS, FrameIndex, LocalIndex, LocalVote, keys_for
from verifier.hashing.clips.pair import MIRRORED, UPRIGHT
from verifier.hashing.local_features import LocalFeatures
from verifier.hashing.sound.landmarks import Landmarks
from verifier.hashing.sound.match import SoundIndex, SoundSegment
from verifier.hashing.sound.speed import at_any_speed
from verifier.records import Match

MOST_BY_HASH, MOST_BY_SOUND, MOST_BY_POINTS = 64, 32, 8  # clips that one clip is compared with, by each kind of lead
LEAD_POINT_SCORE = 5.0  # less than a pair needs by itself: buckets weigh less the more clips share them

Content = Mapping[str, Landmarks]


@dataclass
class ClipIndex:
    """Clips by id, ready to be asked. `sound` holds the landmarks of those that have any, and of sound recordings.

    A clip that cannot be indexed, and a pair that cannot be compared, are faults of those (`guard`) and left out.
    """

    clips: Mapping[str, ClipFeatures]
    sound: Content = field(default_factory=dict)
    guard: Guard = UNGUARDED
    _ids: list[str] = field(default_factory=list)
    _frames: FrameIndex = field(default_factory=FrameIndex)
    _points: LocalIndex = field(default_factory=LocalIndex)
    _described: int = 0  # clips whose points are indexed

    def __post_init__(self) -> None:
        for name in sorted(self.clips):
            self.guard.attempt((name,), partial(self._take, name), None)
        self._sounds = SoundIndex(self.sound)

    def _take(self, name: str) -> None:
        self.add(name, self.clips[name])

    def add(self, name: str, clip: ClipFeatures) -> None:
        """Index one clip's pictures; the caller sees to it that `clips` will hold it."""
        self._frames.add(len(self._ids), clip.frames)
        self._ids.append(name)

    def by_hash(self, clip: ClipFeatures) -> list[str]:
        """Clips that share the look of at least two frames, those with most first."""
        hits = self._frames.hits(clip.frames, (UPRIGHT, MIRRORED))
        good = sorted((-count, place) for place, count in hits.items() if count >= LEAST_HITS)
        return [self._ids[place] for _, place in good[: MOST_BY_HASH + 1]]

    def by_sound(self, landmarks: Landmarks | None) -> list[str]:
        """Recordings of which some landmarks line up with these, however few; most first."""
        if landmarks is None or landmarks.is_silent:
            return []
        hashes, when = landmarks.hashes()
        return self._sounds.leads(hashes, when.astype(np.int64), MOST_BY_SOUND + 1)

    def by_sound_at_speeds(self, name: str, landmarks: Landmarks | None) -> dict[str, list[SoundSegment]]:
        """Stretches of sound in common at other speeds, usual ones, by recording."""
        found: dict[str, list[SoundSegment]] = {}
        for segment in at_any_speed(landmarks, self.sound, self._sounds, name) if landmarks is not None else ():
            found.setdefault(segment.known, []).append(segment)
        return found

    def by_points(self, clip: ClipFeatures) -> dict[str, list[LocalVote]]:
        """Clips whose pictures' points resemble this clip's, most first."""
        if clip.sift is None:
            return {}
        return self.by_points_of([clip.sift.picture(number) for number in range(len(clip.sift))])

    def by_rows(self, rows: NDArray[np.uint8], within: int) -> list[str]:
        """Clips with a frame within so many bits of one of some hashes (PDQ or coarse bits), in any of eight turns."""
        return [self._ids[place] for place in self._frames.near(rows, within)]

    def by_points_of(self, pictures: list[LocalFeatures]) -> dict[str, list[LocalVote]]:
        """Clips whose pictures' points resemble those of some pictures, most first."""
        while self._described < len(self._ids):  # points are many, and read only when they are asked for
            self.guard.attempt((self._ids[self._described],), partial(self._describe, self._described), None)
            self._described += 1
        votes = self._points.votes(pictures)
        score = {place: sum(vote.score for vote in some[:4]) for place, some in votes.items()}
        best = sorted(score, key=lambda place: -score[place])
        return {self._ids[place]: votes[place] for place in best if score[place] >= LEAD_POINT_SCORE}

    def _describe(self, place: int) -> None:
        keys = keys_for(self.clips[self._ids[place]])
        if keys is not None:
            self._points.add(place, keys)


def match_all(
    clips: Mapping[str, ClipFeatures],
    sound: Content | None = None,
    fresh: Iterator[str] | list[str] | None = None,
    *,
    deep: bool = False,
    step: Callable[[], None] = lambda: None,
    guard: Guard = UNGUARDED,
) -> Iterator[Match]:
    """Every pair of clips (and sound recordings) once. `fresh`: only pairs with at least one of these; `step` is called
    after each."""
    index = ClipIndex(clips, sound or {}, guard)
    names = sorted({*clips, *(sound or {})} if fresh is None else set(fresh) & {*clips, *(sound or {})})
    done: set[tuple[str, str]] = set()
    for name in names:
        yield from _of_one(name, guard.attempt((name,), partial(clips.get, name), None), (sound or {}).get(name), index,
                           done, deep=deep)  # fmt: skip
        step()


def match_one(
    name: str, clip: ClipFeatures | None, landmarks: Landmarks | None, index: ClipIndex, *, deep: bool = False
) -> list[Match]:
    """One clip or sound recording, in the index or not, against all that are."""
    return list(_of_one(name, clip, landmarks, index, set(), deep=deep))


def _of_one(
    name: str,
    clip: ClipFeatures | None,
    landmarks: Landmarks | None,
    index: ClipIndex,
    done: set[tuple[str, str]],
    *,
    deep: bool,
) -> Iterator[Match]:
    guard = index.guard
    sped: dict[str, list[SoundSegment]] = {}
    leads: list[str] = []
    if deep:
        sped = guard.attempt(
            (name,), partial(index.by_sound_at_speeds, name, landmarks), sped, seconds=SEARCH_SECONDS
        )  # fmt: skip
    leads = guard.attempt((name,), partial(_leads, clip, landmarks, index, deep=deep), leads, seconds=SEARCH_SECONDS)
    own = Side(name=name, clip=clip, sound=landmarks)
    for other in sorted({*leads, *sped} - {name}):
        pair = (name, other) if name < other else (other, name)
        if pair in done:
            continue
        done.add(pair)
        match = guard.attempt(pair, partial(_judged, own, other, index, sped.get(other)), None)
        if match is not None:
            yield match


def _leads(clip: ClipFeatures | None, landmarks: Landmarks | None, index: ClipIndex, *, deep: bool) -> list[str]:
    """Recordings to be compared with one, by its sound, its frames' hashes and its points."""
    leads = list(index.by_sound(landmarks))
    if clip is not None:
        most = MOST_BY_POINTS * (4 if deep else 1)
        leads += [*index.by_hash(clip), *list(index.by_points(clip))[: most + 1]]
    return leads


def _judged(own: Side, other: str, index: ClipIndex, sped: list[SoundSegment] | None) -> Match | None:
    return compared(own, Side(name=other, clip=index.clips.get(other), sound=index.sound.get(other)), sped)


__all__ = ["ClipIndex", "match_all", "match_one"]
