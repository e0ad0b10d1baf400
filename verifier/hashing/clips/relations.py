"""From evidence to a match: which relation, how sure, from when to when, and why."""

from __future__ import annotations

from dataclasses import dataclass, field
from itertools import pairwise

import numpy as np

from verifier.hashing.clips.channel import SAME_INSTANT_SECONDS, UNIT_SPEED, channel, rounded, sound_segment, told
from verifier.hashing.clips.features import ClipFeatures
from verifier.hashing.clips.local import Pairing
from verifier.hashing.clips.pair import Stretch
from verifier.hashing.clips.transform import has_other_picture, transform_of
from verifier.hashing.sound.landmarks import Landmarks
from verifier.hashing.sound.match import SoundSegment
from verifier.records import Match, Medium, Relation, Scalar, Segment, Tier, Transform

METHOD = "clips/1"
MOST_OF_BOTH = 0.75  # of both clips in common: the same video, else a clip of it (CONTRACT)
JOINED_SECONDS, MISSING_SECONDS = 0.75, 0.9  # what follows at once; what is long enough to be told
CONFIRMED = (0.6, 0.5, 0.45)  # residual, difference, steady, where sound says the same offset
OVERLAY_SHARE = 0.03  # of the frame that differs throughout
SURE_ALIGNED, SURE_RATIO = 30, 6.0  # landmarks
SCENE_FRAMES, SCENE_LIKENESS, SCENE_BITS = 5, 0.6, 64
SCENE_INLIERS, SCENE_SPREAD = 18, 0.2  # of one pairing by local features
OVERLAY_INLIERS = 12


@dataclass(frozen=True, slots=True, kw_only=True)
class Evidence:
    """What was found of two clips: stretches (judged by motion), sound in common, frames that lie on one another."""

    stretches: list[Stretch]
    heard: list[SoundSegment]
    pairings: list[Pairing] = field(default_factory=list)

    @property
    def strong(self) -> list[Stretch]:
        """Same footage, in order of the query's time."""
        chosen = (one for one in self.stretches if one.is_same_footage or self.is_confirmed(one))
        return sorted(chosen, key=lambda one: one.query_range)

    def is_confirmed(self, stretch: Stretch) -> bool:
        """Whether sound, which knows nothing of the pictures, says the same offset as motion that agrees fairly."""
        found = stretch.agreement
        if not found.is_moving or not found.reaches(CONFIRMED) or found.residual < found.elsewhere:
            return False
        offset = stretch.known_range[0] - stretch.query_range[0]
        return abs(stretch.line.speed - 1) < UNIT_SPEED and any(
            one.speed == 1 and abs(one.offset - offset) <= SAME_INSTANT_SECONDS for one in self.heard
        )

    @property
    def is_same_footage(self) -> bool:
        """Whether motion confirmed anything."""
        return bool(self.strong)


def as_match(
    name: str,
    other: str,
    clip: ClipFeatures | None,
    known: ClipFeatures | None,
    landmarks: Landmarks | None,
    known_landmarks: Landmarks | None,
    found: Evidence,
) -> Match | None:
    """The match of two exhibits, or None. The pair has one form: `left` is the lesser id."""
    match: Match | None
    if found.strong and clip is not None and known is not None:
        match = _footage(name, other, clip, known, landmarks, known_landmarks, found)
    elif found.heard:
        match = _sound(name, other, clip, known, landmarks, known_landmarks, found)
    else:
        match = _scene(name, other, found)
    if match is not None and name > other:
        return swapped(match)
    return match


def _footage(
    name: str,
    other: str,
    clip: ClipFeatures,
    known: ClipFeatures,
    landmarks: Landmarks | None,
    known_landmarks: Landmarks | None,
    found: Evidence,
) -> Match:
    strong = found.strong
    shares = (
        _covered([one.query_range for one in strong]) / max(clip.frames.duration, 1e-3),
        _covered([one.known_range for one in strong]) / max(known.frames.duration, 1e-3),
    )
    best = max(strong, key=lambda one: (one.grade, one.agreement.frames))
    transform = transform_of(best, known)
    is_altered = best.agreement.overlaid >= OVERLAY_SHARE or has_other_picture(best, clip, known)
    relation = Relation.CLIP
    if min(shares) >= MOST_OF_BOTH:
        relation = Relation.ALTERED_PICTURE if is_altered else Relation.SAME_PICTURE
    said, sounds = channel(strong, landmarks, known_landmarks, found.heard)
    agreement = best.agreement
    because: dict[str, Scalar] = {
        "share_left": round(shares[0], 3),
        "share_right": round(shares[1], 3),
        "frames": sum(one.agreement.frames for one in strong),
        "median_pdq_bits": None if best.wide >= 256 else round(best.wide, 1),
        "motion_residual": round(agreement.residual, 3),
        "motion_difference": round(agreement.difference, 3),
        "motion_steady": round(agreement.steady, 3),
        "elsewhere": round(agreement.elsewhere, 3),
        "peakiness": round(agreement.residual / max(agreement.elsewhere, 0.05), 2),
        "overlaid": round(agreement.overlaid, 3),
        "found_by": best.method,
        "channels": said,
    }
    because.update({**told(found.heard), **_missing(strong)})
    score = float(np.clip(min(agreement.residual, (agreement.difference + agreement.steady) / 2), 0, 1))
    return Match(
        left=name,
        right=other,
        relation=relation,
        medium=Medium.VIDEO,
        method=METHOD,
        score=round(score, 3),
        tier=Tier.CERTAIN if best.grade == 2 else Tier.LIKELY,
        transform=transform,
        segments=tuple(_segment(one) for one in strong) + sounds,
        because=because,
    )


def _missing(strong: list[Stretch]) -> dict[str, Scalar]:
    """Ranges of one clip that the other leaves out between two stretches that follow at once upon each other."""
    missing: dict[str, list[str]] = {"missing_in_left": [], "missing_in_right": []}
    for before, after in pairwise(strong):
        here = after.query_range[0] - before.query_range[1]
        there = after.known_range[0] - before.known_range[1]
        if abs(here) <= JOINED_SECONDS and there >= MISSING_SECONDS:
            missing["missing_in_left"].append(f"{before.known_range[1]:.1f}-{after.known_range[0]:.1f}")
        elif abs(there) <= JOINED_SECONDS and here >= MISSING_SECONDS:
            missing["missing_in_right"].append(f"{before.query_range[1]:.1f}-{after.query_range[0]:.1f}")
    return {key: ", ".join(ranges) for key, ranges in missing.items() if ranges}


def _segment(stretch: Stretch) -> Segment:
    begin, end = stretch.known_range
    return Segment(
        left=rounded(stretch.query_range),
        right=rounded((max(0.0, begin), end)),
        speed=round(stretch.line.speed, 3),
        medium=Medium.VIDEO,
    )


def _covered(ranges: list[tuple[float, float]]) -> float:
    total, end = 0.0, 0.0
    for begin, stop in sorted(ranges):
        total += max(0.0, stop - max(begin, end))
        end = max(end, stop)
    return total


def _sound(
    name: str,
    other: str,
    clip: ClipFeatures | None,
    known: ClipFeatures | None,
    landmarks: Landmarks | None,
    known_landmarks: Landmarks | None,
    found: Evidence,
) -> Match:
    """Sound in common. Pictures of one view at the same offset, though nothing moves, make it a clip to look at."""
    aligned = sum(segment.aligned for segment in found.heard)
    ratio = max(segment.ratio for segment in found.heard)
    view = _view_at(found)
    because: dict[str, Scalar] = {
        "landmarks_aligned": aligned,
        "ratio": round(ratio, 1),
        "channels": "sound matches, pictures differ" if clip is not None and known is not None else "sound only",
    }
    because.update(told(found.heard))
    if view is not None:
        because["channels"] = "sound matches; pictures show one view, in which too little moves to tell its time"
    is_sure = aligned >= SURE_ALIGNED and ratio >= SURE_RATIO
    return Match(
        left=name,
        right=other,
        relation=Relation.SAME_AUDIO if view is None else Relation.CLIP,
        medium=Medium.AUDIO if view is None else Medium.VIDEO,
        method="landmarks/1",
        score=round(float(np.clip(aligned / 100, 0.1, 1)), 3),
        tier=Tier.REVIEW if view is not None else (Tier.CERTAIN if is_sure else Tier.LIKELY),
        segments=(() if view is None else (_segment(view),)) + tuple(sound_segment(one) for one in found.heard),
        because=because,
    )


def _view_at(found: Evidence) -> Stretch | None:
    """A stretch of one view whose offset the sound confirms."""
    for stretch in found.stretches:
        if not _is_view(stretch):
            continue
        offset = stretch.known_range[0] - stretch.query_range[0]
        if any(one.speed == 1 and abs(one.offset - offset) <= SAME_INSTANT_SECONDS for one in found.heard):
            return stretch
    return None


def _is_view(stretch: Stretch) -> bool:
    found = stretch.agreement
    return found.frames >= SCENE_FRAMES and found.frame >= SCENE_LIKENESS and stretch.wide <= SCENE_BITS


def _scene(name: str, other: str, found: Evidence) -> Match | None:
    """One view, its time not determined; or an overlay in common; or nothing."""
    views = [one for one in found.stretches if _is_view(one)]
    if views:
        best = max(views, key=lambda one: one.agreement.frames)
        still = not best.agreement.is_moving
        return _to_look_at(
            name,
            other,
            Relation.SAME_SCENE,
            best.agreement.frame,
            {
                "time": "not determined",
                "why": "nothing moves" if still else "what moves does not agree",
                "frames": best.agreement.frames,
                "median_pdq_bits": round(best.wide, 1),
                "motion_residual": round(best.agreement.residual, 3),
            },
        )
    wide = [one for one in found.pairings if one.inliers >= SCENE_INLIERS and one.likeness >= SCENE_LIKENESS]
    if any(one.spread >= SCENE_SPREAD for one in wide):
        best_pair = max(wide, key=lambda one: one.inliers)
        return _to_look_at(
            name,
            other,
            Relation.SAME_SCENE,
            best_pair.likeness,
            {"time": "not determined", "why": "local features only", "inliers": best_pair.inliers},
        )
    small = [one for one in found.pairings if one.inliers >= OVERLAY_INLIERS and one.spread < SCENE_SPREAD]
    if len(small) >= 2:
        most = max(one.inliers for one in small)
        return _to_look_at(
            name, other, Relation.SHARED_OVERLAY, 0.5, {"inliers": most, "spread": round(small[0].spread, 3)}
        )
    return None


def _to_look_at(name: str, other: str, relation: Relation, score: float, because: dict[str, Scalar]) -> Match:
    return Match(
        left=name,
        right=other,
        relation=relation,
        medium=Medium.VIDEO,
        method=METHOD,
        score=round(float(np.clip(score, 0, 1)), 3),
        tier=Tier.REVIEW,
        because=because,
    )


def swapped(match: Match) -> Match:
    """The same match seen from the other side."""
    transform = match.transform
    if transform is not None:
        degrees = transform.rotation_degrees if transform.mirrored else -transform.rotation_degrees
        transform = Transform(
            mirrored=transform.mirrored,
            rotation_degrees=round(degrees % 360, 1) % 360,
            scale=None if not transform.scale else round(1 / transform.scale, 3),
            coverage_left=transform.coverage_right,
            coverage_right=transform.coverage_left,
        )
    segments = tuple(
        Segment(left=one.right, right=one.left, speed=round(1 / one.speed, 3), medium=one.medium)
        for one in match.segments
    )
    because = dict(match.because)
    if because.get("sound_speed"):
        because["sound_speed"] = round(1 / float(because["sound_speed"] or 1), 3)
    for key in ("share", "missing_in"):
        sides = {f"{key}_right": because.pop(f"{key}_left", None), f"{key}_left": because.pop(f"{key}_right", None)}
        because.update({name: value for name, value in sides.items() if value is not None})
    return Match(
        left=match.right,
        right=match.left,
        relation=match.relation,
        medium=match.medium,
        method=match.method,
        score=match.score,
        tier=match.tier,
        transform=transform,
        segments=segments,
        because=because,
    )
