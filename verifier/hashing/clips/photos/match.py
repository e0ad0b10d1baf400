"""A photo within a video, and a video's frame that became a photo: screenshots, stills, slides.

Photos and frames live in one space of hashes and local features. A photo lies on a frame by a homography
(`clip_photo_layings`); whether it is this frame is told by the pixels (`clip_photo_standing`). A photo has no range;
the clip's range is where the frame stands.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from functools import partial

import numpy as np

from verifier.hashing.clips.features import ClipFeatures
from verifier.hashing.clips.index import LocalVote
from verifier.hashing.clips.match import ClipIndex
from verifier.hashing.clips.photos.layings import HASH_WITHIN, LOW_WITHIN, Photo, by_look, by_points, photo_of
from verifier.hashing.clips.photos.standing import STILL_LIKENESS, MovingShares, Standing, sharpened, standing
from verifier.hashing.clips.relations import METHOD, swapped
from verifier.hashing.clips.rules import PhotoMeasures, decided_photo
from verifier.hashing.pictures.features import PictureFeatures
from verifier.records import Match, Medium, Relation, Scalar, Segment, Transform

MOST_CLIPS = 12  # that one photo is compared with, by each kind of lead
SHARPENED = 3  # layings of one clip that are followed from frame to frame
STILL_BITS = 48
VIEW_INLIERS = 12  # of a view whose pixels agree as well
SCENE_INLIERS, PHOTO_SCENE_LIKENESS, SCENE_SPREAD = 18, 0.5, 0.2


def match_photos(photos: Mapping[str, PictureFeatures], index: ClipIndex) -> Iterator[Match]:
    """Every photo with every clip of the index."""
    for name in sorted(photos):
        yield from match_photo(name, photos[name], index)


def match_photo(name: str, features: PictureFeatures, index: ClipIndex) -> list[Match]:
    """One photo against the clips of the index. A pair that cannot be compared is a fault of both, and no match."""
    photo = photo_of(features)
    voted = index.by_points_of([photo.local])
    near = index.by_rows(photo.wide, HASH_WITHIN)
    coarse = index.by_rows(photo.low, LOW_WITHIN)
    found = []
    for other in dict.fromkeys([*near[:MOST_CLIPS], *list(voted)[:MOST_CLIPS], *coarse[:MOST_CLIPS]]):
        match = index.guard.attempt(
            (name, other), partial(_compared, name, other, photo, index.clips, voted.get(other, [])), None
        )  # fmt: skip
        if match is not None:
            found.append(match)
    return found


def _compared(
    name: str, other: str, photo: Photo, clips: Mapping[str, ClipFeatures], votes: list[LocalVote]
) -> Match | None:
    best = best_standing(photo, clips[other], votes)
    return _as_match(name, other, best) if best is not None else None


def best_standing(photo: Photo, clip: ClipFeatures, votes: list[LocalVote]) -> Standing | None:
    """The frame that the photo most likely is."""
    proposed = [*((pairing, None) for pairing in by_points(photo, clip, votes)), *by_look(photo, clip)]
    moving: MovingShares = {}
    found = [one for pairing, bits in proposed if (one := standing(photo, clip, pairing, bits, moving)) is not None]
    found.sort(key=lambda one: one.worth, reverse=True)
    found[:SHARPENED] = [sharpened(photo, clip, one, moving) for one in found[:SHARPENED]]
    return max(found, key=lambda one: one.worth, default=None)


def _measures(found: Standing) -> PhotoMeasures:
    inliers, spread = found.pairing.inliers, found.pairing.spread
    looks = found.likeness >= STILL_LIKENESS and (
        (found.bits is not None and found.bits <= STILL_BITS) or inliers >= VIEW_INLIERS
    )
    is_scene = (inliers >= SCENE_INLIERS and spread >= SCENE_SPREAD) or found.is_like_the_frame
    is_scene = is_scene or (found.bits is not None and found.likeness >= 0.9)
    return PhotoMeasures(
        grade=found.grade,
        is_like_the_frame=found.is_like_the_frame and not (found.is_faint and not looks),
        is_another_moment=found.is_another_moment,
        is_same_view=looks,
        is_scene=is_scene and found.likeness >= PHOTO_SCENE_LIKENESS,
    )


def _as_match(name: str, other: str, found: Standing) -> Match | None:
    verdict = decided_photo(_measures(found))
    if verdict is None:
        return None
    relation, tier = verdict.relation, verdict.tier
    why: dict[str, Scalar] = {"why": verdict.code}
    if relation is Relation.SAME_SCENE:
        why["time"] = "not_determined"
    because: dict[str, Scalar] = {
        "inliers": found.pairing.inliers,
        "likeness": round(found.likeness, 3),
        "residual": round(found.residual, 3),
        "elsewhere": round(found.elsewhere, 3),
        "pdq_bits": found.bits,
        "seconds": round(found.seconds[0], 2),
        **why,
    }
    where = round(found.seconds[0], 2), round(found.seconds[1], 2)
    segment = Segment(left=None, right=where, speed=1.0, medium=Medium.VIDEO)
    match = Match(
        left=name,
        right=other,
        relation=relation,
        medium=Medium.VIDEO,
        method=METHOD,
        score=round(float(np.clip(found.residual if found.grade else found.likeness, 0, 1)), 3),
        tier=tier,
        transform=Transform(
            mirrored=found.pairing.mirrored,
            coverage_left=round(found.shares[0], 3),
            coverage_right=round(found.shares[1], 3),
        ),
        segments=() if relation is Relation.SAME_SCENE else (segment,),
        because=because,
    )
    return match if name < other else swapped(match)


__all__ = ["Photo", "best_standing", "match_photo", "match_photos", "photo_of"]
