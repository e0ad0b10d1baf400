"""From evidence to a match: which relation, how sure, from when to when, and why."""

from __future__ import annotations

from dataclasses import dataclass, field
from itertools import pairwise

import numpy as np

from verifier.hashing.clips.channel import (
    PICTURES_NOT_FOUND,
    SAME_INSTANT_SECONDS,
    SOUND_ONLY,
    UNIT_SPEED,
    VIEW_AT_SOUND,
    channel,
    rounded,
    sound_segment,
    told,
)
from verifier.hashing.clips.features import ClipFeatures
from verifier.hashing.clips.local import Pairing
from verifier.hashing.clips.pair import Stretch, covered_share
from verifier.hashing.clips.rules import LIMITS, Measures, Verdict, decided
from verifier.hashing.clips.transform import has_other_picture, transform_of
from verifier.hashing.sound.landmarks import Landmarks
from verifier.hashing.sound.match import SoundSegment
from verifier.records import Match, Medium, Relation, Scalar, Segment, Transform

METHOD = "clips/3"
SOUND_METHOD = "landmarks/2"
JOINED_SECONDS, MISSING_SECONDS = 0.75, 0.9  # what follows at once; what is long enough to be told
FOOTAGE = frozenset({Relation.CLIP, Relation.SAME_PICTURE, Relation.ALTERED_PICTURE})
CONFIRMED = (0.6, 0.5, 0.45)  # residual, difference, steady, where sound says the same offset


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

    @property
    def faint(self) -> list[Stretch]:
        """What may be the same footage, where nothing is for sure."""
        if self.strong:
            return []
        return sorted((one for one in self.stretches if one.is_faint), key=lambda one: one.query_range)

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
    pair = _Pair(name, other, clip, known, landmarks, known_landmarks)
    measures = _measures(pair, found)
    verdict = decided(measures)
    if verdict is None:
        return None
    if (found.strong or found.faint) and clip is not None and known is not None and verdict.relation in FOOTAGE:
        match = _footage(pair, clip, known, found, measures, verdict)
    elif found.heard and verdict.relation in (Relation.CLIP, Relation.SAME_AUDIO):
        match = _sound(pair, found, measures, verdict)
    else:
        match = _to_look_at(pair, found, measures, verdict)
    return swapped(match) if name > other else match


@dataclass(frozen=True, slots=True)
class _Pair:
    """Names and features of the two."""

    name: str
    other: str
    clip: ClipFeatures | None
    known: ClipFeatures | None
    sound: Landmarks | None
    known_sound: Landmarks | None


def _measures(pair: _Pair, found: Evidence) -> Measures:
    """Everything that the table of rules looks at."""
    strong, clip, known = found.strong or found.faint, pair.clip, pair.known
    if strong and clip is not None and known is not None:
        shares, best = covered_share(strong, clip, known), _best(strong)
        laid = transform_of(best, known)
        is_whole = min(laid.coverage_left or 0.0, laid.coverage_right or 0.0) >= LIMITS.ident_coverage
        return Measures(
            grade=max(1, best.grade) if found.strong else 0,
            is_faint=not found.strong,
            share_left=shares[0],
            share_right=shares[1],
            is_altered=best.agreement.overlaid >= LIMITS.overlaid_share or has_other_picture(best, clip, known),
            is_shared_opening=is_whole and _is_shared(found, clip, known, of_begin=True),
            is_shared_ending=is_whole and _is_shared(found, clip, known, of_begin=False),
        )
    views = [one for one in found.stretches if _is_view(one)]
    longest = max(views, key=lambda one: one.agreement.frames, default=None)
    wide = [one.inliers for one in found.pairings if one.likeness >= LIMITS.view_likeness]
    is_wide = any(
        one.spread >= LIMITS.scene_spread
        and one.inliers >= LIMITS.scene_inliers
        and one.likeness >= LIMITS.view_likeness
        for one in found.pairings
    )
    small = [
        one.inliers
        for one in found.pairings
        if one.inliers >= LIMITS.overlay_inliers and one.spread < LIMITS.scene_spread
    ]
    return Measures(
        sound_significance=max((one.significance for one in found.heard), default=None),
        sound_moments=sum(one.moments for one in found.heard),
        is_view_at_sound=_view_at(found) is not None,
        view_frames=longest.agreement.frames if longest is not None else 0,
        is_view_moving=longest is not None and longest.agreement.is_moving,
        wide_inliers=max(wide) if is_wide else 0,
        small_inliers=max(small, default=0),
        small_pairings=len(small),
    )


def _best(strong: list[Stretch]) -> Stretch:
    return max(strong, key=lambda one: (one.grade, one.agreement.frames))


def _is_shared(found: Evidence, clip: ClipFeatures, known: ClipFeatures, *, of_begin: bool) -> bool:
    """Whether all that is in common is one stretch that opens (or ends) both, and both go on otherwise: an ident, an
    intro or an outro, which says nothing of the rest. Sound in common beyond it speaks against."""
    if len(found.strong) != 1 or found.strong[0].line.speed < 0:
        return False
    here, there = found.strong[0].query_range, found.strong[0].known_range
    rest = [clip.frames.duration - here[1], known.frames.duration - there[1]]
    ends = [here[0], there[0]]
    if not of_begin:
        rest, ends = ends, rest
    beyond = sum(
        max(0.0, here[0] - one.query_range[0]) + max(0.0, one.query_range[1] - here[1] - 1.0) for one in found.heard
    )
    return max(ends) <= LIMITS.end_seconds and min(rest) >= LIMITS.rest_seconds and beyond < LIMITS.rest_seconds


def _footage(
    pair: _Pair, clip: ClipFeatures, known: ClipFeatures, found: Evidence, measures: Measures, verdict: Verdict
) -> Match:
    strong = found.strong or found.faint
    best = _best(strong)
    said, sounds = channel(strong, pair.sound, pair.known_sound, found.heard)
    agreement = best.agreement
    because: dict[str, Scalar] = {
        "share_left": round(measures.share_left, 3),
        "share_right": round(measures.share_right, 3),
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
        "why": verdict.code,
    }
    because.update({**told(found.heard), **_missing(strong)})
    score = float(np.clip(min(agreement.residual, (agreement.difference + agreement.steady) / 2), 0, 1))
    return Match(
        left=pair.name,
        right=pair.other,
        relation=verdict.relation,
        medium=Medium.VIDEO,
        method=METHOD,
        score=round(score, 3),
        tier=verdict.tier,
        transform=transform_of(best, known),
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
        right=rounded((max(0.0, begin), max(0.0, end))),
        speed=round(stretch.line.speed, 3),
        medium=Medium.VIDEO,
    )


def _sound(pair: _Pair, found: Evidence, measures: Measures, verdict: Verdict) -> Match:
    """Sound in common. Pictures of one view at the same offset, though nothing moves, make it a clip to look at."""
    aligned = sum(segment.aligned for segment in found.heard)
    view = _view_at(found)
    channels = SOUND_ONLY if pair.clip is None or pair.known is None else PICTURES_NOT_FOUND
    because: dict[str, Scalar] = {
        "landmarks_aligned": aligned,
        "ratio": round(max(segment.ratio for segment in found.heard), 1),
        "significance": round(min(300.0, measures.sound_significance or 0.0), 1),
        "channels": channels if view is None else VIEW_AT_SOUND,
        "why": verdict.code,
    }
    because.update(told(found.heard))
    return Match(
        left=pair.name,
        right=pair.other,
        relation=verdict.relation,
        medium=Medium.AUDIO if view is None else Medium.VIDEO,
        method=SOUND_METHOD,
        score=round(float(np.clip(aligned / 100, 0.1, 1)), 3),
        tier=verdict.tier,
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
    return (
        found.frames >= LIMITS.view_frames and found.frame >= LIMITS.view_likeness and stretch.wide <= LIMITS.view_bits
    )


def _to_look_at(pair: _Pair, found: Evidence, measures: Measures, verdict: Verdict) -> Match:
    """One view, its time not determined; or an overlay in common."""
    because: dict[str, Scalar] = {"why": verdict.code}
    score = 0.5
    views = [one for one in found.stretches if _is_view(one)]
    if verdict.code in ("view_moving", "view_still"):
        best = max(views, key=lambda one: one.agreement.frames)
        score = best.agreement.frame
        because.update(
            time="not_determined",
            frames=best.agreement.frames,
            median_pdq_bits=round(best.wide, 1),
            motion_residual=round(best.agreement.residual, 3),
        )
    elif verdict.code == "points":
        because.update(time="not_determined", inliers=measures.wide_inliers)
    else:
        because.update(inliers=measures.small_inliers)
    return Match(
        left=pair.name,
        right=pair.other,
        relation=verdict.relation,
        medium=Medium.VIDEO,
        method=METHOD,
        score=round(float(np.clip(score, 0, 1)), 3),
        tier=verdict.tier,
        because=because,
    )


def _seen_from_right(segment: Segment) -> Segment:
    """A range's end is the smaller only on the right side, and only where it is played backwards."""
    left, right = segment.right, segment.left
    if left is not None and left[0] > left[1]:
        left, right = left[::-1], None if right is None else right[::-1]
    return Segment(left=left, right=right, speed=round(1 / segment.speed, 3), medium=segment.medium)


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
    segments = tuple(_seen_from_right(one) for one in match.segments)
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
