"""A photo within a video, and a video's frame that became a photo: screenshots, stills, slides.

Photos and frames live in one space of hashes and local features. A photo lies on a frame by a homography; that it is
this frame, and not the same view at another time, is told by what the clip changes: the photo must differ from the
clip's usual picture as the frame does. A photo has no range; the clip's range is where the frame stands.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from verifier.hashing import frame_bits
from verifier.hashing.clip_features import FRAME_SECONDS, SMALL_SIDE, ClipFeatures
from verifier.hashing.clip_index import LocalVote
from verifier.hashing.clip_laying import turning
from verifier.hashing.clip_local import Pairing, geometry, instant_of
from verifier.hashing.clip_match import ClipIndex
from verifier.hashing.clip_motion import (
    FIXED_VIEW,
    OVERLAID_LEVELS,
    STIR,
    Laying,
    Overlay,
    fitted,
    levelled,
    restless_share,
)
from verifier.hashing.clip_relations import METHOD, swapped
from verifier.hashing.local_features import LocalFeatures
from verifier.hashing.luma import reduced
from verifier.hashing.pdq import TURNS
from verifier.hashing.picture_features import PictureFeatures
from verifier.records import Match, Medium, Relation, Scalar, Segment, Tier, Transform

HASH_WITHIN = 48  # bits of 256
MOST_CLIPS = 12  # that one photo is compared with
MOST_POINTS = 400
LEAST_SHOWN = 0.5  # of the common region, when the rest is taken for a banner
PAIRS_TRIED = 24
SURE, FAIR = 0.88, 0.78  # residual
STILL_LIKENESS, STILL_BITS = 0.97, 24  # of a clip in which nothing moves
SCENE_INLIERS, SCENE_LIKENESS = 18, 0.5
PEAKINESS = 1.08
AROUND_SECONDS = 2.5


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Photo:
    """What is compared of a photo: rows of PDQ, points, and its small grey self, float32 (rows, columns)."""

    wide: NDArray[np.uint8]
    local: LocalFeatures
    small: NDArray[np.float32]


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Standing:
    """A photo on a clip's frame. `residual`: likeness of what sets both apart from the clip's usual picture."""

    pairing: Pairing
    seconds: tuple[float, float]
    likeness: float
    residual: float
    elsewhere: float
    stirred: int
    moving_share: float  # of the shot's content that is seldom at rest
    bits: int | None = None
    is_overlaid: bool = False  # compared without what a banner covers

    @property
    def is_like_the_frame(self) -> bool:
        """Whether the photo differs from the clip's usual picture as this frame does."""
        return self.stirred >= 20 and self.residual >= FAIR and self.likeness >= 0.7

    @property
    def grade(self) -> int:
        """2: certain; 1: likely; 0: to be looked at."""
        if not self.is_like_the_frame or self.residual < PEAKINESS * self.elsewhere:
            return 0
        if self.moving_share < FIXED_VIEW:  # of one frame before a fixed camera nobody can tell the time
            return 0
        return 2 if self.residual >= SURE and not self.is_overlaid else 1


def photo_of(features: PictureFeatures) -> Photo:
    """Raises Corrupt where the grey picture cannot be read."""
    rows = [np.frombuffer(one.bits, np.uint8) for one in features.worthy]
    strongest = features.local.only(np.arange(min(len(features.local), MOST_POINTS)))
    return Photo(
        wide=np.stack(rows) if rows else np.zeros((0, frame_bits.WIDE_BYTES), np.uint8),
        local=strongest,
        small=reduced(features.grey(), SMALL_SIDE).astype(np.float32),
    )


def match_photos(photos: Mapping[str, PictureFeatures], index: ClipIndex) -> Iterator[Match]:
    """Every photo with every clip of the index."""
    for name in sorted(photos):
        yield from match_photo(name, photos[name], index)


def match_photo(name: str, features: PictureFeatures, index: ClipIndex) -> list[Match]:
    """One photo against the clips of the index."""
    photo = photo_of(features)
    voted = index.by_points_of([photo.local])
    near = index.by_rows(photo.wide, HASH_WITHIN)
    found = []
    for other in dict.fromkeys([*list(near)[:MOST_CLIPS], *list(voted)[:MOST_CLIPS]]):
        standing = best_standing(photo, index.clips[other], voted.get(other, []))
        match = _as_match(name, other, standing) if standing is not None else None
        if match is not None:
            found.append(match)
    return found


def best_standing(photo: Photo, clip: ClipFeatures, votes: list[LocalVote]) -> Standing | None:
    """The frame that the photo most likely is."""
    found = [
        standing
        for pairing, bits in [*_by_points(photo, clip, votes), *_by_hash(photo, clip)]
        if (standing := _standing(photo, clip, pairing, bits)) is not None
    ]
    return max(found, key=lambda one: (one.grade, one.residual + one.likeness), default=None)


def _by_points(photo: Photo, clip: ClipFeatures, votes: list[LocalVote]) -> Iterator[tuple[Pairing, int | None]]:
    for vote in votes[:PAIRS_TRIED]:
        if clip.sift is None:
            return
        local = photo.local.mirrored() if vote.mirrored else photo.local
        laid = geometry(local, clip.sift.picture(vote.known_picture))
        if laid is None:
            continue
        homography, inliers, spread = laid
        if vote.mirrored:
            homography = np.array([[-1.0, 0, 1], [0, 1, 0], [0, 0, 1]]) @ homography
        when = float(clip.frames.times[int(clip.sift.frame[vote.known_picture])])
        yield (
            Pairing(
                mirrored=vote.mirrored,
                seconds=0.0,
                known_seconds=when,
                homography=homography,
                inliers=inliers,
                spread=spread,
            ),
            None,
        )


def _by_hash(photo: Photo, clip: ClipFeatures) -> Iterator[tuple[Pairing, int | None]]:
    """Whole frames only: where a photo's box lies is the local features' to tell."""
    if not len(photo.wide) or not len(clip.frames.wide):
        return
    best = (HASH_WITHIN + 1, 0, TURNS[0])
    for turn in TURNS:
        apart = frame_bits.between(frame_bits.laid(photo.wide[:1], turn), clip.frames.wide)[0]
        run = int(apart.argmin())
        if apart[run] < best[0]:
            best = (int(apart[run]), run, turn)
    bits, run, turn = best
    if bits <= HASH_WITHIN:
        frame = int(np.flatnonzero(clip.frames.run == run)[0])
        yield (
            Pairing(
                mirrored=turn.mirrored,
                seconds=0.0,
                known_seconds=float(clip.frames.times[frame]),
                homography=np.asarray(np.linalg.inv(turning(turn)), np.float64),
                inliers=0,
                spread=1.0,
            ),
            bits,
        )


def _standing(photo: Photo, clip: ClipFeatures, pairing: Pairing, bits: int | None) -> Standing | None:
    times = clip.frames.times
    near = _around(clip, pairing.known_seconds)
    pairing = instant_of(photo.small, clip.small[near], times[near], pairing)
    overlay = Overlay(photo.small[None], clip.small, Laying(homography=pairing.homography))
    if overlay.is_empty:
        return None
    here, frames = overlay.query[0], levelled(overlay.known)
    share = _moving_share(clip, int(near[_alike(here, frames[near]).argmax()]))
    found = _compared(here, frames, times, near, pairing, bits, share)
    if found.grade == 0 and found.likeness < STILL_LIKENESS:
        shown = _shown(here, frames[int(near[_alike(here, frames[near]).argmax()])])
        if shown is not None:
            found = _compared(here[shown], frames[:, shown], times, near, pairing, bits, share, is_overlaid=True)
    return found


def _around(clip: ClipFeatures, seconds: float) -> NDArray[np.intp]:
    """Frames that a described frame speaks for: from the one described before it to the one after, 2.5 s at least."""
    times = clip.frames.times
    first, last = seconds - AROUND_SECONDS, seconds + AROUND_SECONDS
    if clip.sift is not None and len(clip.sift):
        described = times[clip.sift.frame.astype(np.intp)]
        earlier, later = described[described < seconds - 1e-3], described[described > seconds + 1e-3]
        first = min(first, float(earlier[-1]) if len(earlier) else 0.0)
        last = max(last, float(later[0]) if len(later) else float(times[-1]))
    return np.flatnonzero((times >= first) & (times <= last))


def _moving_share(clip: ClipFeatures, frame: int) -> float:
    """How much of the frame's shot moves: a camera that stands shows one view at all times."""
    shot = clip.frames.shot
    of_shot = np.flatnonzero(shot == shot[frame])
    left, top, right, bottom = (float(side) for side in clip.frames.boxes[shot[frame]])
    rows, columns = clip.small.shape[1:]
    content = clip.small[of_shot, int(top * rows) : max(1, round(bottom * rows)), int(left * columns) :]
    content = content[:, :, : max(1, round((right - left) * columns))]
    return restless_share(levelled(content.reshape(len(content), -1)))


def _alike(here: NDArray[np.float32], frames: NDArray[np.float32]) -> NDArray[np.float32]:
    return _likeness(here[None] - here.mean(), frames - frames.mean(axis=1, keepdims=True))


def _shown(here: NDArray[np.float32], frame: NDArray[np.float32]) -> NDArray[np.bool_] | None:
    """Points of the photo that no banner covers; None where there is none, or it covers too much."""
    gain, offset = fitted(frame, here)
    shown = np.abs(here - gain * frame - offset) <= OVERLAID_LEVELS
    return shown if LEAST_SHOWN <= float(shown.mean()) <= 0.97 else None


def _compared(
    here: NDArray[np.float32],
    frames: NDArray[np.float32],
    times: NDArray[np.float32],
    near: NDArray[np.intp],
    pairing: Pairing,
    bits: int | None,
    moving_share: float,
    *,
    is_overlaid: bool = False,
) -> Standing:
    """The frame near by that is most like the photo, and how much of that is more than the clip's usual picture."""
    alike = _alike(here, frames)
    frame = int(near[np.argmax(alike[near])])
    usual = np.median(frames, axis=0)
    moving = frames.std(axis=0) > STIR
    apart = np.zeros(len(frames), np.float32)
    if moving.sum() >= 2:
        gain, offset = fitted(here, frames[frame])
        own = (gain * here + offset - usual)[moving]
        apart = _likeness(own[None], (frames - usual)[:, moving])
    stand = _run(alike, frame)
    begin, end = float(times[stand[0]]), float(times[stand[1]]) + FRAME_SECONDS
    others = (times < begin - 1.5) | (times > end + 1.5)
    return Standing(
        pairing=pairing,
        seconds=(begin, end),
        likeness=float(alike[frame]),
        residual=float(apart[frame]),
        elsewhere=float(apart[others].max()) if others.any() else 0.0,
        stirred=int(moving.sum()),
        moving_share=moving_share,
        bits=bits,
        is_overlaid=is_overlaid,
    )


def _run(alike: NDArray[np.float32], frame: int) -> tuple[int, int]:
    """First and last frame around that is as much alike."""
    good = alike >= alike[frame] - 0.01
    first = last = frame
    while first > 0 and good[first - 1]:
        first -= 1
    while last < len(good) - 1 and good[last + 1]:
        last += 1
    return first, last


def _likeness(one: NDArray[np.float32], rows: NDArray[np.float32]) -> NDArray[np.float32]:
    weight = np.sqrt(np.square(one).sum() * np.square(rows).sum(axis=1))
    return np.asarray((rows * one).sum(axis=1) / np.maximum(weight, 1e-6), np.float32)


def _as_match(name: str, other: str, found: Standing) -> Match | None:
    because: dict[str, Scalar] = {
        "inliers": found.pairing.inliers,
        "likeness": round(found.likeness, 3),
        "residual": round(found.residual, 3),
        "elsewhere": round(found.elsewhere, 3),
        "pdq_bits": found.bits,
        "seconds": round(found.seconds[0], 2),
    }
    looks = found.likeness >= STILL_LIKENESS and (
        (found.bits is not None and found.bits <= STILL_BITS) or found.pairing.inliers >= 2 * SCENE_INLIERS
    )
    if found.grade:
        relation, tier = Relation.CLIP, Tier.CERTAIN if found.grade == 2 else Tier.LIKELY
    elif found.is_like_the_frame:
        relation, tier = Relation.CLIP, Tier.REVIEW
        because["why"] = "what stands in the view is alike, and could be so at another time"
    elif looks:
        relation, tier = Relation.CLIP, Tier.REVIEW
        because["why"] = "the view is the same, its time is not determined"
    elif (found.pairing.inliers >= SCENE_INLIERS and found.pairing.spread >= 0.2) or (
        found.bits is not None and found.likeness >= 0.9
    ):
        if found.likeness < SCENE_LIKENESS:
            return None
        relation, tier = Relation.SAME_SCENE, Tier.REVIEW
        because["time"] = "not determined"
    else:
        return None
    match = Match(
        left=name,
        right=other,
        relation=relation,
        medium=Medium.VIDEO,
        method=METHOD,
        score=round(float(np.clip(found.residual if found.grade else found.likeness, 0, 1)), 3),
        tier=tier,
        transform=Transform(mirrored=found.pairing.mirrored),
        segments=()
        if relation is Relation.SAME_SCENE
        else (
            Segment(
                left=None,
                right=(round(found.seconds[0], 2), round(found.seconds[1], 2)),
                speed=1.0,
                medium=Medium.VIDEO,
            ),
        ),
        because=because,
    )
    return match if name < other else swapped(match)
