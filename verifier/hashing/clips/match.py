"""Clips alike: who is compared with whom, and what the evidence of pictures and sound together amounts to.

Pure: features in, matches out. Candidates come from hashes of frames, from sound, and (for clips that nothing else
explains, or for all if `deep`) from local features; every candidate pair is judged by motion before it is a match.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from functools import partial

import numpy as np
from numpy.typing import NDArray

from verifier.guarded import SEARCH_SECONDS, UNGUARDED, Guard
from verifier.hashing.clips.channel import at_speeds_of
from verifier.hashing.clips.features import ClipFeatures
from verifier.hashing.clips.index import LEAST_HITS, FrameIndex, LocalIndex, LocalVote, keys_of
from verifier.hashing.clips.local import Pairing, local_stretches, pairings_of
from verifier.hashing.clips.pair import MIRRORED, UPRIGHT, Stretch, resolved
from verifier.hashing.clips.relations import Evidence, as_match
from verifier.hashing.clips.windows import long_stretches
from verifier.hashing.local_features import LocalFeatures
from verifier.hashing.sound.landmarks import Landmarks
from verifier.hashing.sound.match import SoundIndex, SoundSegment
from verifier.hashing.sound.speed import at_any_speed
from verifier.records import Match

MOST_BY_HASH, MOST_BY_SOUND, MOST_BY_POINTS = 64, 32, 8  # clips that one clip is compared with, by each kind of lead
LEAST_POINT_SCORE = 6.0
PAIRS_TRIED = 40  # pairs of pictures of two clips
EXPLAINED = 0.9  # of a clip's time: more is not looked at again with local features

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

    def by_sound(self, name: str, landmarks: Landmarks | None) -> dict[str, list[SoundSegment]]:
        """Stretches of sound in common, by clip, most first."""
        found: dict[str, list[SoundSegment]] = {}
        for segment in self._sounds.search(landmarks, name) if landmarks is not None else ():
            found.setdefault(segment.known, []).append(segment)
        best = sorted(found, key=lambda other: -sum(segment.aligned for segment in found[other]))
        return {other: found[other] for other in best}

    def by_sound_at_speeds(self, name: str, landmarks: Landmarks | None) -> dict[str, list[SoundSegment]]:
        """The same at other speeds, usual ones."""
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
        return {self._ids[place]: votes[place] for place in best if score[place] >= LEAST_POINT_SCORE}

    def _describe(self, place: int) -> None:
        known = self.clips[self._ids[place]]
        keys = known.keys()
        if keys is None and known.sift is not None:  # examined before keys were kept
            keys = keys_of(known.sift)
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
    heard: dict[str, list[SoundSegment]] = {}
    heard = guard.attempt((name,), lambda: _heard(name, landmarks, index, deep=deep), heard, seconds=SEARCH_SECONDS)
    evidence: dict[str, Evidence] = {}
    candidates = list(heard)
    if clip is not None:
        alike: list[str] = []
        alike = guard.attempt((name,), lambda: index.by_hash(clip), alike, seconds=SEARCH_SECONDS)
        candidates = [*alike, *list(heard)[:MOST_BY_SOUND]]
    for other in dict.fromkeys(candidates):
        if other == name or _pair(name, other) in done:
            continue
        found = guard.attempt(
            (name, other), partial(_compared, clip, index.clips, other, heard.get(other, [])), None
        )  # fmt: skip
        if found is not None:
            evidence[other] = found
    if clip is not None:
        _look_closer(name, clip, index, evidence, done, deep=deep)
    for other, found in sorted(evidence.items()):
        done.add(_pair(name, other))
        match = guard.attempt((name, other), partial(_told, name, other, clip, landmarks, index, found), None)
        if match is not None:
            yield match


def _heard(name: str, landmarks: Landmarks | None, index: ClipIndex, *, deep: bool) -> dict[str, list[SoundSegment]]:
    heard = index.by_sound(name, landmarks)
    return {**index.by_sound_at_speeds(name, landmarks), **heard} if deep else heard


def _told(
    name: str, other: str, clip: ClipFeatures | None, landmarks: Landmarks | None, index: ClipIndex, found: Evidence
) -> Match | None:
    if not found.heard:
        found = replace(found, heard=at_speeds_of(found.strong, landmarks, index.sound.get(other), other))
    return as_match(name, other, clip, index.clips.get(other), landmarks, index.sound.get(other), found)


def _pair(one: str, other: str) -> tuple[str, str]:
    return (one, other) if one < other else (other, one)


def _compared(
    clip: ClipFeatures | None, clips: Mapping[str, ClipFeatures], other: str, heard: list[SoundSegment]
) -> Evidence:
    known = clips.get(other)
    found = long_stretches(clip, known) if clip is not None and known is not None else []
    return Evidence(stretches=found, heard=heard)


def _look_closer(
    name: str,
    clip: ClipFeatures,
    index: ClipIndex,
    evidence: dict[str, Evidence],
    done: set[tuple[str, str]],
    *,
    deep: bool,
) -> None:
    """The second stage: leads that motion did not confirm, sound under other pictures, and time nothing explains."""
    guard = index.guard
    leads = [other for other, found in evidence.items() if not found.is_same_footage]
    looks_everywhere = deep or guard.attempt((name,), lambda: _explained(clip, evidence), 1.0) < EXPLAINED
    voted: dict[str, list[LocalVote]] = {}
    if leads or looks_everywhere:
        voted = guard.attempt((name,), lambda: index.by_points(clip), {}, seconds=SEARCH_SECONDS)
    if looks_everywhere:
        leads += list(voted)[: MOST_BY_POINTS * (4 if deep else 1)]
    for other in dict.fromkeys(leads):
        if other == name or other not in index.clips or _pair(name, other) in done:
            continue
        candidates = [(vote.mirrored, vote.query_picture, vote.known_picture) for vote in voted.get(other, [])]
        if not candidates:
            continue
        before = evidence.get(other, Evidence(stretches=[], heard=[]))
        closer = guard.attempt(
            (name, other), partial(_closer, clip, index.clips, other, candidates[:PAIRS_TRIED], before), None
        )  # fmt: skip
        if closer is not None:
            evidence[other] = closer


def _closer(
    clip: ClipFeatures,
    clips: Mapping[str, ClipFeatures],
    other: str,
    candidates: list[tuple[bool, int, int]],
    before: Evidence,
) -> Evidence:
    """The evidence with what local features add."""
    pairings = pairings_of(clip, clips[other], candidates)
    found = local_stretches(clip, clips[other], pairings)
    return Evidence(stretches=resolved([*before.stretches, *found]), heard=before.heard, pairings=pairings)


def _explained(clip: ClipFeatures, evidence: Mapping[str, Evidence]) -> float:
    """Share of the clip's time that is same footage with something known, across the whole frame."""
    ranges = sorted(
        stretch.query_range
        for found in evidence.values()
        for stretch in found.stretches
        if stretch.is_same_footage and not _is_partial(stretch)
    )
    covered, end = 0.0, 0.0
    for begin, stop in ranges:
        covered += max(0.0, stop - max(begin, end))
        end = max(end, stop)
    return covered / max(clip.frames.duration, 1e-3)


def _is_partial(stretch: Stretch) -> bool:
    """Whether much of the frame is something else."""
    return stretch.agreement.overlaid > 0.15


__all__ = ["ClipIndex", "Pairing", "match_all", "match_one"]
