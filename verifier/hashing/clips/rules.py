"""What the evidence of two recordings amounts to: one ordered table of rules over one record of measures.

The modules beside this one measure; here alone a relation and a tier are decided. The first rule that holds decides,
and its code says why. Thresholds stand in `ClipLimits`, each with the benchmark it comes from.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from verifier.records import Relation, Tier


@dataclass(frozen=True, slots=True, kw_only=True)
class ClipLimits:
    """Thresholds of the table, and where each was measured."""

    most_of_both: float = 0.75  # share of both clips in common: the same video, else a clip of it (contract of links)
    overlaid_share: float = 0.03  # of the frame that differs throughout: results/clips.md, logo and banner
    end_seconds: float = 0.6  # a common stretch that begins (or ends) so near both clips' ends is an ident's place
    ident_coverage: float = 0.7  # of both frames: an ident fills the frame, an inset does not
    rest_seconds: float = 1.5  # of either clip beside a shared ident: benchmarks/reported_clips.py, shared intro
    sound_certain: float = 12.0  # -log10 of what chance would give: results/clips-sound.md
    sound_likely: float = 6.0
    sound_review: float = 3.0
    sound_moments: int = 4  # half seconds that landmarks in common lie in, for more than review
    view_frames: int = 5  # frames of one view: results/clips.md, fixed camera at another time
    view_likeness: float = 0.6  # median correlation of whole small frames
    view_bits: int = 64  # median PDQ distance
    scene_inliers: int = 18  # of one pairing by local features: results/clips.md
    scene_spread: float = 0.2  # share of the known frame
    overlay_inliers: int = 12  # shared banner: results/clips.md
    overlay_pairings: int = 2


LIMITS = ClipLimits()


@dataclass(frozen=True, slots=True, kw_only=True)
class Measures:
    """What was measured of two recordings. Shares are of either's time."""

    grade: int = 0  # of the best stretch that motion confirms: 2 certain, 1 likely, 0 none
    is_faint: bool = False  # what moves agrees fairly, and far better than at any other time
    share_left: float = 0.0
    share_right: float = 0.0
    is_altered: bool = False  # a region differs throughout, or one is set into the other's frame
    is_shared_opening: bool = False  # the one common stretch opens both, and both go on otherwise
    is_shared_ending: bool = False
    sound_significance: float | None = None  # -log10 of chance; None where no sound is in common
    sound_moments: int = 0
    is_view_at_sound: bool = False  # one view at the offset that the sound says
    view_frames: int = 0  # of the longest stretch of one view
    is_view_moving: bool = False
    wide_inliers: int = 0  # of the best pairing over much of the frame, alike
    small_inliers: int = 0  # of the best pairing over a small part
    small_pairings: int = 0


@dataclass(frozen=True, slots=True)
class Verdict:
    """What a pair is: `code` is the rule that said so."""

    code: str
    relation: Relation
    tier: Tier


@dataclass(frozen=True, slots=True)
class Rule:
    """One row: holds of some measures, and what it then says."""

    code: str
    relation: Relation
    tier: Tier
    holds: Callable[[Measures], bool]


def _is_most(m: Measures) -> bool:
    return m.grade > 0 and _is_shared(m)


def _is_shared(m: Measures) -> bool:
    return min(m.share_left, m.share_right) >= LIMITS.most_of_both


def _is_heard(m: Measures, least: float, moments: int) -> bool:
    return m.sound_significance is not None and m.sound_significance >= least and m.sound_moments >= moments


RULES: tuple[Rule, ...] = (
    Rule("shared_opening", Relation.CLIP, Tier.REVIEW, lambda m: m.grade > 0 and m.is_shared_opening),
    Rule("shared_ending", Relation.CLIP, Tier.REVIEW, lambda m: m.grade > 0 and m.is_shared_ending),
    Rule("altered", Relation.ALTERED_PICTURE, Tier.CERTAIN, lambda m: _is_most(m) and m.is_altered and m.grade == 2),
    Rule("altered_faint", Relation.ALTERED_PICTURE, Tier.LIKELY, lambda m: _is_most(m) and m.is_altered),
    Rule("whole", Relation.SAME_PICTURE, Tier.CERTAIN, lambda m: _is_most(m) and m.grade == 2),
    Rule("whole_faint", Relation.SAME_PICTURE, Tier.LIKELY, _is_most),
    Rule("part", Relation.CLIP, Tier.CERTAIN, lambda m: m.grade == 2),
    Rule("part_faint", Relation.CLIP, Tier.LIKELY, lambda m: m.grade > 0),
    Rule("dim_altered", Relation.ALTERED_PICTURE, Tier.REVIEW, lambda m: m.is_faint and _is_shared(m) and m.is_altered),
    Rule("dim_whole", Relation.SAME_PICTURE, Tier.REVIEW, lambda m: m.is_faint and _is_shared(m)),
    Rule("dim_part", Relation.CLIP, Tier.REVIEW, lambda m: m.is_faint),
    Rule("view_at_sound", Relation.CLIP, Tier.REVIEW, lambda m: m.is_view_at_sound),
    Rule(
        "sound",
        Relation.SAME_AUDIO,
        Tier.CERTAIN,
        lambda m: _is_heard(m, LIMITS.sound_certain, LIMITS.sound_moments),
    ),
    Rule(
        "sound_faint",
        Relation.SAME_AUDIO,
        Tier.LIKELY,
        lambda m: _is_heard(m, LIMITS.sound_likely, LIMITS.sound_moments),
    ),
    Rule("view_moving", Relation.SAME_SCENE, Tier.REVIEW, lambda m: m.view_frames > 0 and m.is_view_moving),
    Rule("view_still", Relation.SAME_SCENE, Tier.REVIEW, lambda m: m.view_frames > 0),
    Rule("points", Relation.SAME_SCENE, Tier.REVIEW, lambda m: m.wide_inliers >= LIMITS.scene_inliers),
    Rule(
        "overlay",
        Relation.SHARED_OVERLAY,
        Tier.REVIEW,
        lambda m: m.small_inliers >= LIMITS.overlay_inliers and m.small_pairings >= LIMITS.overlay_pairings,
    ),
    Rule("sound_chance", Relation.SAME_AUDIO, Tier.REVIEW, lambda m: _is_heard(m, LIMITS.sound_review, 1)),
)


def decided(measures: Measures, rules: tuple[Rule, ...] = RULES) -> Verdict | None:
    """The first rule that holds; None where none does."""
    for rule in rules:
        if rule.holds(measures):
            return Verdict(rule.code, rule.relation, rule.tier)
    return None


@dataclass(frozen=True, slots=True, kw_only=True)
class PhotoMeasures:
    """What was measured of a photo and the frame that it fits best."""

    grade: int = 0  # 2 certain, 1 likely that the photo is this very frame
    is_like_the_frame: bool = False  # it differs from the clip's usual picture as this frame does
    is_another_moment: bool = False  # it shows something that no frame of the clip shows
    is_same_view: bool = False
    is_scene: bool = False


@dataclass(frozen=True, slots=True)
class PhotoRule:
    """One row, as `Rule`."""

    code: str
    relation: Relation
    tier: Tier
    holds: Callable[[PhotoMeasures], bool]


PHOTO_RULES: tuple[PhotoRule, ...] = (
    PhotoRule("frame", Relation.CLIP, Tier.CERTAIN, lambda m: m.grade == 2),
    PhotoRule("frame_faint", Relation.CLIP, Tier.LIKELY, lambda m: m.grade > 0),
    PhotoRule("another_moment", Relation.SAME_SCENE, Tier.REVIEW, lambda m: m.is_another_moment and m.is_scene),
    PhotoRule("stands_alike", Relation.CLIP, Tier.REVIEW, lambda m: m.is_like_the_frame),
    PhotoRule("view_only", Relation.CLIP, Tier.REVIEW, lambda m: m.is_same_view),
    PhotoRule("scene", Relation.SAME_SCENE, Tier.REVIEW, lambda m: m.is_scene),
)


def decided_photo(measures: PhotoMeasures, rules: tuple[PhotoRule, ...] = PHOTO_RULES) -> Verdict | None:
    """The first rule that holds; None where none does."""
    for rule in rules:
        if rule.holds(measures):
            return Verdict(rule.code, rule.relation, rule.tier)
    return None
