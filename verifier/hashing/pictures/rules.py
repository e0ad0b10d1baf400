"""What the measures of one alignment mean: ONE ordered table decides code, relation and tier of a pair of pictures.

Everything else measures: shape, pixels, writing, view, seams, further pictures, moments of capture. The first row
whose condition holds decides. Rows that take a copy back (other writing, another view, another moment) stand before
the rows that call it one.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from verifier.records import Relation, Tier


@dataclass(frozen=True, slots=True, kw_only=True)
class PictureLimits:
    """Every threshold of the table.

    Where nothing else is said: set on the tuning half of `benchmarks/pictures.py`; shares are of the common area.
    """

    least_coverage: float = 0.3  # of one picture at least: less in common is an element, not the picture
    thin: float = 0.22  # a common area narrower than that share of both pictures is a strip
    whole_agreement: float = 0.72  # of the textured common area
    equal_agreement: float = 0.97
    searched_agreement: float = 0.85  # where a search for small changes found none
    certain_agreement: float = 0.80
    certain_difference: float = 0.25
    least_extent: float = 0.15  # agrees with texture; less may be a label alone
    certain_extent: float = 0.25
    least_inner: float = 0.04  # agrees away from the edges: a camera's label alone lies along one
    certain_inliers: int = 20
    likely_inliers: int = 12
    part_inliers: int = 14  # for a part only
    mirrored_inliers: int = 25  # patterns and letters mirror well
    body_inliers: int = 10
    mirrored_body_inliers: int = 14
    framed: float = 0.07  # differing blocks with surroundings
    border_cut: float = 0.45  # of a block's outline: a seam at one line in both pictures
    hole_cut: float = 0.5
    pure: float = 0.85  # agreement within the core
    covered_core: float = 0.46
    covered_agreement: float = 0.5
    covered_difference: float = 0.36
    inset_thickness: float = 0.44  # of the shorter side of one picture at least
    inset_agreement: float = 0.38
    inset_core: float = 0.28
    inset_edge_core: float = 0.42
    inset_coverage: float = 0.72
    contained: float = 0.9
    container: float = 0.45
    contained_core: float = 0.38
    scene_agreement: float = 0.3
    scrap: float = 0.5  # a clean part smaller than that, and less agreement, is an element in common
    template: float = 0.9  # coverage of both pictures, whose frames coincide: as two copies of one template lie
    same_writing: float = 0.955  # of windows with writing: copies .97 and more, others .925 and less
    changed_writing: float = 0.80  # one place of other writing among at least so much of the same
    another_moment_seconds: float = 1.0
    same_sitting_seconds: float = 3600.0
    moved: float = 0.25  # of matched points; copies .05 and less, a stereo pair .44 (benchmarks/alterations.py)
    behind_core: float = 0.24  # a thick, pure part of a picture behind a window


LIMITS = PictureLimits()


@dataclass(frozen=True, slots=True, kw_only=True)
class Measures:
    """What was measured of one alignment. Shares are of the common area; None where it was not measured.

    `left`, `right`: coverage of each picture. `narrow`: the wider of both pictures' shares of the shorter side.
    `alike`: the frames coincide as a template would lay them. `holes`: differing blocks in a frame, by area.
    """

    left: float
    right: float
    narrow: float
    alike: bool
    mirrored: bool
    inliers: int
    agreement: float
    extent: float
    inner: float = 0.0
    difference: float = 0.0
    blocks: int = 0
    holes: float = 0.0
    border_cut: float = 0.0  # strongest seam in both, of a large differing block
    empty_cut: float = 0.0  # the same of a framed block that does not agree
    core: float = 0.0
    core_framed: bool = False
    core_purity: float = 0.0
    core_thickness: float = 0.0  # of the shorter side of the picture that it is most of
    body_area: float | None = None  # a solid part (picture_body); None: none
    through_marks: bool = False  # seen through marks all over (picture_marks)
    toned: bool = False  # agrees once tones are turned over (picture_tones)
    pasted: bool = False
    cut_one_sided: bool = False  # what differs is cut out of one picture only
    changes: int | None = None  # small changed places; None: not searched
    smallest_change: float | None = None  # the smallest share that the search would have found
    writing: float | None = None  # share of the writing that is the same; None: no writing on flat ground
    writing_places: int = 0
    moved: float | None = None  # share of matched points that lie beside where the alignment takes them
    seen_elsewhere: bool = False
    borne_out: bool = False
    seconds_apart: float | None = None


Condition = Callable[[Measures, PictureLimits], bool]


@dataclass(frozen=True, slots=True, kw_only=True)
class Rule:
    """One row. `inset`: one picture lies in the other; `solid`: a solid part agrees; `witness`: it shows an overlay."""

    code: str
    relation: Relation
    tier: Tier
    when: Condition
    inset: bool = False
    solid: bool = False
    witness: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Decision:
    """What the table says of one alignment."""

    code: str
    relation: Relation
    tier: Tier
    inset: bool = False
    solid: bool = False
    witness: bool = False


def _is_small(m: Measures, by: PictureLimits) -> bool:
    return max(m.left, m.right) < by.least_coverage or m.narrow < by.thin


def _agrees(m: Measures, by: PictureLimits) -> bool:
    """Nearly all that can be compared agrees."""
    return m.agreement >= by.whole_agreement


def _is_framed(m: Measures, by: PictureLimits) -> bool:
    return m.holes >= by.framed


def _is_thin_evidence(m: Measures, by: PictureLimits) -> bool:
    return m.extent < by.least_extent or m.inner < by.least_inner


def _is_equal(m: Measures, by: PictureLimits) -> bool:
    """Nothing differs; where clipped tones leave less to agree, the search for changes must have found none."""
    if m.blocks:
        return False
    is_searched = m.changes == 0 and m.smallest_change is not None
    return m.agreement >= (by.searched_agreement if is_searched else by.equal_agreement)


def _is_whole(m: Measures, by: PictureLimits) -> bool:
    return (
        _agrees(m, by) and not _is_framed(m, by) and m.border_cut < by.border_cut and not _is_thin_evidence(m, by)
        and m.empty_cut < by.hole_cut and m.inliers >= by.likely_inliers
    )  # fmt: skip


def _is_sure(m: Measures, by: PictureLimits) -> bool:
    return (
        _is_whole(m, by) and m.inliers >= by.certain_inliers and m.agreement >= by.certain_agreement
        and m.extent >= by.certain_extent and m.difference < by.certain_difference
        and not (m.changes and m.blocks == 0)
        and (m.seconds_apart is None or m.seconds_apart < by.another_moment_seconds)
    )  # fmt: skip


def _has_pure_core(m: Measures, by: PictureLimits) -> bool:
    enough = by.mirrored_inliers if m.mirrored else by.part_inliers
    return not _agrees(m, by) and not _is_framed(m, by) and m.inliers >= enough and m.core_purity >= by.pure


def _is_strip_covered(m: Measures, by: PictureLimits) -> bool:
    return (
        _has_pure_core(m, by) and m.core >= by.covered_core and m.holes == 0
        and m.agreement >= by.covered_agreement and m.difference <= by.covered_difference
    )  # fmt: skip


def _is_part_pasted(m: Measures, by: PictureLimits) -> bool:
    if not _has_pure_core(m, by) or m.agreement < by.inset_agreement or m.core_thickness < by.inset_thickness:
        return False  # a strip that is common is a banner
    if m.alike:
        low, high = sorted((m.left, m.right))
        return high >= by.contained and low <= by.container and m.core >= by.contained_core
    if min(m.left, m.right) > by.inset_coverage:
        return False
    return m.core >= (by.inset_core if m.core_framed else by.inset_edge_core)


def _is_solid(m: Measures, by: PictureLimits) -> bool:
    return m.body_area is not None and m.inliers >= (by.mirrored_body_inliers if m.mirrored else by.body_inliers)


def is_copy(m: Measures, by: PictureLimits = LIMITS) -> bool:
    """Whether the pixels alone call it a copy, certain or likely: what the searching measures are then made for."""
    if _is_small(m, by) or m.seen_elsewhere:
        return m.borne_out
    return m.borne_out or m.through_marks or any(
        test(m, by) for test in (_is_whole, _is_strip_covered, _is_part_pasted, _is_solid)
    )  # fmt: skip


def _is_other_moment(m: Measures, by: PictureLimits) -> bool:
    apart = m.seconds_apart
    within = apart is not None and by.another_moment_seconds <= apart <= by.same_sitting_seconds
    return within and m.alike and not m.mirrored and not m.pasted and not _is_part_pasted(m, by)


def _may_be_behind(m: Measures, by: PictureLimits) -> bool:
    return _has_pure_core(m, by) and m.core >= by.behind_core and m.core_thickness >= by.inset_thickness


def may_join(m: Measures, by: PictureLimits = LIMITS) -> bool:
    """Whether the pixels call it a copy, or what may be one behind a window."""
    return is_copy(m, by) or _may_be_behind(m, by)


def _is_writing_changed(m: Measures, by: PictureLimits) -> bool:
    """One place with other letters, where the rest is the same: altered, or a template with one other field."""
    return m.writing is not None and m.writing >= by.changed_writing and m.writing_places == 1


def _is_other_writing(m: Measures, by: PictureLimits) -> bool:
    """Other letters somewhere; where none is sure to differ, it is compression that took them."""
    if m.writing is None or m.writing >= by.same_writing:
        return False
    return m.writing_places > 0 or m.writing < by.changed_writing


OVERLAY, SCENE = Relation.SHARED_OVERLAY, Relation.SAME_SCENE
ALTERED, SAME = Relation.ALTERED_PICTURE, Relation.SAME_PICTURE
CERTAIN, LIKELY, REVIEW = Tier.CERTAIN, Tier.LIKELY, Tier.REVIEW


def _rule(code: str, relation: Relation, tier: Tier, when: Condition, **marks: bool) -> Rule:
    return Rule(code=code, relation=relation, tier=tier, when=when, **marks)


RULES: tuple[Rule, ...] = (
    # what takes a copy back
    _rule("overlay_seen_elsewhere", OVERLAY, LIKELY, lambda m, by: m.seen_elsewhere),
    _rule("writing_changed", ALTERED, REVIEW, lambda m, by: may_join(m, by) and _is_writing_changed(m, by)),
    _rule("other_writing", OVERLAY, LIKELY,
          lambda m, by: may_join(m, by) and _is_other_writing(m, by), witness=True),
    _rule("other_view", SCENE, REVIEW, lambda m, by: is_copy(m, by) and m.moved is not None and m.moved >= by.moved),
    _rule("other_moment", SCENE, LIKELY, lambda m, by: is_copy(m, by) and _is_other_moment(m, by)),
    # copies
    _rule("copies_bear_it_out", ALTERED, LIKELY, lambda m, by: m.borne_out),
    _rule("small_part", OVERLAY, REVIEW, _is_small),
    _rule("seen_through_marks", ALTERED, LIKELY, lambda m, by: m.through_marks),
    _rule("tones_turned", ALTERED, LIKELY, lambda m, by: is_copy(m, by) and m.toned),
    _rule("pasted", ALTERED, CERTAIN, lambda m, by: _is_sure(m, by) and m.pasted, inset=True),
    _rule("pasted", ALTERED, LIKELY, lambda m, by: is_copy(m, by) and m.pasted, inset=True),
    _rule("small_change", ALTERED, LIKELY, lambda m, by: _is_whole(m, by) and _is_equal(m, by) and bool(m.changes)),
    _rule("agrees", SAME, CERTAIN,
          lambda m, by: _is_sure(m, by) and _is_equal(m, by) and m.smallest_change is not None),
    _rule("agrees", SAME, LIKELY, lambda m, by: _is_whole(m, by) and _is_equal(m, by)),
    _rule("all_but_part", ALTERED, CERTAIN, _is_sure),
    _rule("all_but_part", ALTERED, LIKELY, _is_whole),
    _rule("strip_covered", ALTERED, LIKELY, _is_strip_covered),
    _rule("part_pasted", ALTERED, LIKELY, _is_part_pasted, inset=True),
    _rule("solid_part", ALTERED, LIKELY, _is_solid, solid=True),
    # nearly all agrees, but something speaks against a copy
    _rule("block_differs", OVERLAY, REVIEW, lambda m, by: _agrees(m, by) and _is_framed(m, by), witness=True),
    _rule("both_cut", ALTERED, REVIEW, lambda m, by: _agrees(m, by) and m.border_cut >= by.border_cut),
    _rule("other_moment", SCENE, REVIEW, lambda m, by: _agrees(m, by) and _is_other_moment(m, by)),
    _rule("little_texture", SAME, REVIEW,
          lambda m, by: _agrees(m, by) and _is_thin_evidence(m, by) and _is_equal(m, by)),
    _rule("little_texture", ALTERED, REVIEW, lambda m, by: _agrees(m, by) and _is_thin_evidence(m, by)),
    _rule("empty_block", SAME, REVIEW,
          lambda m, by: _agrees(m, by) and m.empty_cut >= by.hole_cut and _is_equal(m, by)),
    _rule("empty_block", ALTERED, REVIEW, lambda m, by: _agrees(m, by) and m.empty_cut >= by.hole_cut),
    _rule("few_points", SAME, REVIEW, lambda m, by: _agrees(m, by) and _is_equal(m, by)),
    _rule("few_points", ALTERED, REVIEW, _agrees),
    # a part agrees
    _rule("frames_other_pictures", OVERLAY, LIKELY, _is_framed, witness=True),
    _rule("behind_window", ALTERED, LIKELY, lambda m, by: _may_be_behind(m, by) and m.cut_one_sided),
    _rule("behind_window", ALTERED, REVIEW, lambda m, by: _may_be_behind(m, by)),
    _rule("much_differs", SCENE, REVIEW, lambda m, by: not _has_pure_core(m, by) and m.agreement >= by.scene_agreement),
    _rule("little_agrees", OVERLAY, REVIEW, lambda m, by: not _has_pure_core(m, by)),
    _rule("covers_other_pictures", OVERLAY, LIKELY,
          lambda m, by: m.alike and m.agreement < by.covered_agreement, witness=True),
    _rule("part_in_common", OVERLAY, REVIEW, lambda m, by: m.core < by.scrap and m.agreement < by.scrap),
    _rule("part_agrees", SCENE, REVIEW, lambda m, by: m.agreement >= by.scene_agreement),
)  # fmt: skip
OTHERWISE = _rule("part_in_common", OVERLAY, REVIEW, lambda m, by: True)
CODES = tuple(dict.fromkeys(rule.code for rule in RULES))


def decide(measures: Measures, limits: PictureLimits = LIMITS, rules: tuple[Rule, ...] = RULES) -> Decision:
    """The first row whose condition holds."""
    rule = next((one for one in rules if one.when(measures, limits)), OTHERWISE)
    return Decision(
        code=rule.code, relation=rule.relation, tier=rule.tier,
        inset=rule.inset, solid=rule.solid, witness=rule.witness,
    )  # fmt: skip
