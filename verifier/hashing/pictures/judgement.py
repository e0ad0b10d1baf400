"""From an overlap to a relation: the rules, and the constants they were measured with (docs/similarity.md)."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TypeAlias

import cv2
import numpy as np

from verifier.hashing.pictures.body import body_of, narrow_side
from verifier.hashing.pictures.changes import changed_places
from verifier.hashing.pictures.pixels import Mask, Overlap
from verifier.hashing.pictures.placement import Placement
from verifier.hashing.pictures.regions import Block, Outlines
from verifier.records import Relation, Tier

LEAST_COVERAGE = 0.3  # of one picture at least: less in common is an element, not the picture
THIN = 0.22  # a common area narrower than that share of both pictures is a strip
WHOLE_AGREEMENT = 0.72  # of the textured common area
CERTAIN_AGREEMENT, CERTAIN_DIFFERENCE = 0.80, 0.25
LEAST_EXTENT, CERTAIN_EXTENT = 0.15, 0.25  # of the common area that agrees with texture; less may be a label alone
LEAST_INNER, INNER_MARGIN = 0.04, 0.2  # agrees away from the edges: a camera's label alone lies along one
CERTAIN_INLIERS, LIKELY_INLIERS = 20, 12
PART_INLIERS, MIRRORED_INLIERS = 14, 25  # for a part only; patterns and letters mirror well
FRAMED = 0.07  # of the common area: differing blocks with surroundings
LEAST_FRAMED = 0.05  # smaller blocks are stickers, letters, a covered face
HOLE_CUT = 0.5  # share of an outline that is a seam at one line in both pictures
MARK, MARK_SPREAD = 0.09, 10.0  # a smaller block of one tone (grey levels) in one picture is a mark on it
SEEN_THROUGH = 0.42  # of a block: pixels that are equal all the same
BORDER, BORDER_CUT = 0.12, 0.45
HOLE = 0.15  # a flat block with surroundings
DIFFERS = 0.35  # share of an unshared block that truly differs
PURE = 0.85  # agreement within the core
COVERED_CORE, COVERED_AGREEMENT, COVERED_DIFFERENCE = 0.46, 0.5, 0.36
INSET_THICKNESS = 0.44  # of the shorter side of one picture at least
INSET_AGREEMENT, INSET_CORE, INSET_EDGE_CORE, INSET_COVERAGE = 0.38, 0.28, 0.42, 0.72
CONTAINED, CONTAINER, CONTAINED_CORE = 0.9, 0.45, 0.38
EQUAL = 0.97
SCENE_AGREEMENT = 0.3
SCRAP = 0.5  # a clean part smaller than that, and less agreement, is an element in common
BODY_INLIERS, MIRRORED_BODY_INLIERS = 10, 14
ONE_VIEW = 0.97  # coverage of both pictures
OTHER_MOMENT = "all but a small place agrees: altered there, or another moment of one fixed camera"
TEMPLATE = 0.9  # coverage of both pictures, whose frames coincide: as two copies of one template would lie


Box: TypeAlias = tuple[float, float, float, float]  # left, top, right, bottom


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Judgement:
    """What one alignment means. `blocks` differ; `core` agrees; `inset`: the shared part is pasted into one picture."""

    relation: Relation
    tier: Tier
    reason: str
    agreement: float
    extent: float
    blocks: tuple[Block, ...] = ()
    core: Block | None = None
    inset: bool = False
    solid: bool = False  # one solid part agrees; the rest is covered, or lies around an inset
    witness: bool = False  # what agrees is an overlay: it may bear witness to other pairs
    hole: Box | None = None  # the largest block with surroundings, as shares of the common area
    frame: tuple[int, int, int, int] | None = None  # left, top, right, bottom of the common area in the work frame

    @property
    def joins(self) -> bool:
        """Whether it says, without a person's help, that the pictures or a part of one are one."""
        return self.relation in (Relation.SAME_PICTURE, Relation.ALTERED_PICTURE) and self.tier is not Tier.REVIEW

    @property
    def rank(self) -> tuple[int, int, float]:
        """Which of several judgements of one pair tells most."""
        relations = (Relation.SHARED_OVERLAY, Relation.SAME_SCENE, Relation.ALTERED_PICTURE, Relation.SAME_PICTURE)
        told = relations.index(self.relation)
        sure = (Tier.REVIEW, Tier.LIKELY, Tier.CERTAIN).index(self.tier)
        return (sure if told >= 2 else 0, told, self.agreement)


def judge(overlap: Overlap, inliers: int, lie: Placement) -> Judgement:
    """The relation that the pixels bear out."""
    return _Judge(overlap, inliers, lie).judgement()


class _Judge:
    def __init__(self, overlap: Overlap, inliers: int, lie: Placement) -> None:
        self._overlap, self._inliers, self._lie = overlap, inliers, lie
        self._agreement, self._extent = overlap.agreement, overlap.share(overlap.agrees)
        self._difference = overlap.share(overlap.differs | overlap.conflicts)
        self._outlines = Outlines(overlap)
        self._blocks: tuple[Block, ...] = ()
        self._core: Block | None = None

    def judgement(self) -> Judgement:
        """What the blocks say; where they leave it open, what the shape of the alike part says."""
        judged = self._by_blocks()
        if judged.joins or max(self._lie.left, self._lie.right) < LEAST_COVERAGE or not self._is_body():
            return judged
        return replace(
            judged, relation=Relation.ALTERED_PICTURE, tier=Tier.LIKELY, witness=False, solid=True,
            reason="one solid part of the picture agrees, the rest is covered or lies around it",
        )  # fmt: skip

    def _by_blocks(self) -> Judgement:
        lie = self._lie
        if max(lie.left, lie.right) < LEAST_COVERAGE or max(lie.left_narrow, lie.right_narrow) < THIN:
            return self._say(Relation.SHARED_OVERLAY, Tier.REVIEW, "only a small part of both is common")
        self._blocks = tuple(self._outlines.differing())
        unshared = self._outlines.unshared()
        framed = self._is_framed(unshared)
        if self._agreement >= WHOLE_AGREEMENT:
            return self._whole(framed, unshared)
        if framed:
            return self._say(
                Relation.SHARED_OVERLAY, Tier.LIKELY, "what is common frames different pictures", witness=True
            )
        return self._part()

    def _is_body(self) -> bool:
        lie = self._lie
        if self._inliers < (MIRRORED_BODY_INLIERS if lie.mirrored else BODY_INLIERS):
            return False
        if max(lie.left_narrow, lie.right_narrow) < THIN:
            return False
        body = body_of(self._overlap)
        return body is not None and body.is_picture(strictly=lie.alike and min(lie.left, lie.right) > TEMPLATE)

    def _is_framed(self, unshared: list[Block]) -> bool:
        """Whether what is common surrounds different pictures, and not letters or marks over one."""
        differing = self._overlap.differs | self._overlap.conflicts
        wide = [one for one in unshared if self._overlap.share(differing, self._outlines.mask(one)) >= DIFFERS]
        return max(sum(one.area for one in blocks if self._is_hole(one)) for blocks in (wide, self._blocks)) >= FRAMED

    def _is_hole(self, block: Block) -> bool:
        """Between letters, and around marks, the picture below is seen; through a hole it is not."""
        if not block.is_framed or block.area < LEAST_FRAMED:
            return False
        mask = self._outlines.mask(block)
        if self._overlap.share(self._overlap.equal, mask) >= SEEN_THROUGH:
            return False
        return block.area >= MARK or not self._is_mark(mask)

    def _is_mark(self, mask: Mask) -> bool:
        """Whether one picture is of one tone in the middle of the block: a disc, a black bar, not a photograph."""
        size = self._overlap.window // 2 | 1
        middle = cv2.erode(mask.astype(np.uint8), np.ones((size, size), np.uint8)) > 0
        if not middle.any():
            return False
        return min(float(side[middle].std()) for side in (self._overlap.left, self._overlap.right)) < MARK_SPREAD

    def _whole(self, framed: bool, unshared: list[Block]) -> Judgement:
        equal = self._agreement >= EQUAL and not self._blocks
        places = changed_places(self._overlap) if equal and self._is_one_view() else []
        if places:
            self._blocks, equal = tuple(self._outlines.place(place) for place in places), False
        reason = "the pictures agree" if equal else OTHER_MOMENT if places else "all but a part agrees"
        relation = Relation.SAME_PICTURE if equal else Relation.ALTERED_PICTURE
        if framed:
            return self._say(
                Relation.SHARED_OVERLAY, Tier.REVIEW, "a block differs inside what is common", witness=True
            )
        if any(one.area >= BORDER and self._outlines.both_cut(one) >= BORDER_CUT for one in self._blocks):
            return self._say(relation, Tier.REVIEW, "both pictures are cut where they begin to differ")
        if self._extent < LEAST_EXTENT or self._outlines.inner_share(self._overlap.agrees, INNER_MARGIN) < LEAST_INNER:
            return self._say(relation, Tier.REVIEW, "too little texture agrees")
        if any(one.is_framed and one.area >= HOLE and self._outlines.both_cut(one) >= HOLE_CUT for one in unshared):
            return self._say(relation, Tier.REVIEW, "what is common frames an empty block")
        if (
            self._inliers >= CERTAIN_INLIERS
            and self._agreement >= CERTAIN_AGREEMENT
            and self._extent >= CERTAIN_EXTENT
            and self._difference < CERTAIN_DIFFERENCE
            and not places
        ):
            return self._say(relation, Tier.CERTAIN, reason)
        return self._say(relation, Tier.LIKELY if self._inliers >= LIKELY_INLIERS else Tier.REVIEW, reason)

    def _is_one_view(self) -> bool:
        """Whether the whole frames coincide, as two moments of a fixed camera would."""
        lie = self._lie
        return lie.alike and not lie.mirrored and min(lie.left, lie.right) >= ONE_VIEW

    def _part(self) -> Judgement:
        """A picture whose edge is covered, or that is pasted into another one."""
        core = self._core = self._outlines.core()
        scene = Relation.SAME_SCENE if self._agreement >= SCENE_AGREEMENT else Relation.SHARED_OVERLAY
        if core is None or self._inliers < (MIRRORED_INLIERS if self._lie.mirrored else PART_INLIERS):
            return self._say(scene, Tier.REVIEW, "little agrees")
        core_mask = self._outlines.mask(core)
        pure = self._overlap.share(self._overlap.agrees, core_mask & self._overlap.textured)
        if pure < PURE:
            return self._say(scene, Tier.REVIEW, "much agrees and much differs")
        if (
            core.area >= COVERED_CORE
            and not any(self._is_hole(one) for one in self._blocks)
            and self._agreement >= COVERED_AGREEMENT
            and self._difference <= COVERED_DIFFERENCE
        ):
            return self._say(Relation.ALTERED_PICTURE, Tier.LIKELY, "a strip at the edge is covered")
        if self._agreement >= INSET_AGREEMENT and self._is_inset(core):
            return self._say(Relation.ALTERED_PICTURE, Tier.LIKELY, "a part is pasted into another picture", inset=True)
        if self._lie.alike and self._agreement < COVERED_AGREEMENT:
            return self._say(
                Relation.SHARED_OVERLAY, Tier.LIKELY, "what is common covers different pictures", witness=True
            )
        if core.area < SCRAP and self._agreement < SCRAP:
            return self._say(Relation.SHARED_OVERLAY, Tier.REVIEW, "a part agrees, the rest does not")
        return self._say(scene, Tier.REVIEW, "a part agrees, the rest does not")

    def _is_inset(self, core: Block) -> bool:
        thickness = narrow_side(self._outlines.mask(core)) / max(1.0, narrow_side(self._overlap.common))
        if thickness * max(self._lie.left_narrow, self._lie.right_narrow) < INSET_THICKNESS:
            return False  # a strip that is common is a banner
        if self._lie.alike:
            low, high = sorted((self._lie.left, self._lie.right))
            return high >= CONTAINED and low <= CONTAINER and core.area >= CONTAINED_CORE
        if min(self._lie.left, self._lie.right) > INSET_COVERAGE:
            return False
        return core.area >= (INSET_CORE if core.is_framed else INSET_EDGE_CORE)

    def _say(
        self, relation: Relation, tier: Tier, reason: str, inset: bool = False, witness: bool = False
    ) -> Judgement:
        return Judgement(
            relation=relation, tier=tier, reason=reason, agreement=self._agreement, extent=self._extent,
            blocks=self._blocks, core=self._core, inset=inset,
            witness=witness, hole=self._hole(), frame=self._outlines.frame,
        )  # fmt: skip

    def _hole(self) -> Box | None:
        for block in self._blocks:
            if self._lie.alike and not self._lie.mirrored and self._is_hole(block):
                left, top, right, bottom = self._outlines.frame
                across, down = max(1, right - left), max(1, bottom - top)
                return (
                    (block.left - left) / across, (block.top - top) / down,
                    (block.right - left) / across, (block.bottom - top) / down,
                )  # fmt: skip
        return None
