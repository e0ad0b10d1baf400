"""Measures of one overlap: what shape agrees, what differs and how. `picture_rules` says what they mean."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any, TypeAlias

import cv2
import numpy as np

from verifier.hashing.pictures.measures.body import body_of, narrow_side
from verifier.hashing.pictures.measures.pixels import Mask, Overlap
from verifier.hashing.pictures.measures.placement import Placement
from verifier.hashing.pictures.measures.regions import Block, Outlines
from verifier.hashing.pictures.rules import LIMITS, Decision, Measures, decide, is_copy
from verifier.records import Relation, Tier

LEAST_FRAMED = 0.05  # of the common area: smaller blocks are stickers, letters, a covered face
MARK, MARK_SPREAD = 0.09, 10.0  # a smaller block of one tone (grey levels) in one picture is a mark on it
SEEN_THROUGH = 0.42  # of a block: pixels that are equal all the same
BORDER, HOLE = 0.12, 0.15  # blocks large enough for their seams to tell: differing ones, and flat ones in a frame
DIFFERS = 0.35  # share of an unshared block that truly differs
INNER_MARGIN = 0.2
OTHER_WRITING = "other_writing"

Box: TypeAlias = tuple[float, float, float, float]  # left, top, right, bottom


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Judgement:
    """What one alignment means, and what it was measured by. `blocks` differ; `core` agrees.

    `hole`: the largest block with surroundings, as shares of the common area. `frame`: left, top, right, bottom of the
    common area in the work frame. `solid`: one solid part agrees. `witness`: what agrees is an overlay.
    """

    relation: Relation
    tier: Tier
    rule: str
    measures: Measures
    blocks: tuple[Block, ...] = ()
    core: Block | None = None
    inset: bool = False
    solid: bool = False
    witness: bool = False
    hole: Box | None = None
    frame: tuple[int, int, int, int] | None = None

    @property
    def agreement(self) -> float:
        """Share of the textured common area that agrees."""
        return self.measures.agreement

    @property
    def extent(self) -> float:
        """Share of the common area that agrees with texture."""
        return self.measures.extent

    @property
    def joins(self) -> bool:
        """Whether it says, without a person's help, that the pictures or a part of one are one."""
        return self.relation in (Relation.SAME_PICTURE, Relation.ALTERED_PICTURE) and self.tier is not Tier.REVIEW

    @property
    def rank(self) -> tuple[int, int, float]:
        """Which of several judgements of one pair tells most."""
        relations = (Relation.SHARED_OVERLAY, Relation.SAME_SCENE, Relation.ALTERED_PICTURE, Relation.SAME_PICTURE)
        # what was read outranks what may be covered
        told = relations.index(Relation.SAME_PICTURE if self.rule == OTHER_WRITING else self.relation)
        sure = (Tier.REVIEW, Tier.LIKELY, Tier.CERTAIN).index(self.tier)
        return (sure if told >= 2 and self.rule != OTHER_WRITING else 0, told, self.agreement)

    def decided(self, measures: Measures, blocks: tuple[Block, ...] | None = None) -> Judgement:
        """Decided again by further measures; `blocks` take the place of those that differ."""
        parts = _parts_of(decide(measures))
        return replace(self, measures=measures, blocks=self.blocks if blocks is None else blocks, **parts)


def _parts_of(told: Decision) -> dict[str, Any]:
    return {
        "relation": told.relation, "tier": told.tier, "rule": told.code,
        "inset": told.inset, "solid": told.solid, "witness": told.witness,
    }  # fmt: skip


def judge(overlap: Overlap, inliers: int, lie: Placement) -> Judgement:
    """What the pixels of the work frame bear out."""
    return _Measuring(overlap, inliers, lie).judgement()


class _Measuring:
    """Cheap measures first; the core and the solid part only where the cheaper ones leave it open."""

    def __init__(self, overlap: Overlap, inliers: int, lie: Placement) -> None:
        self._overlap, self._lie = overlap, lie
        self._outlines = Outlines(overlap)
        self._blocks: tuple[Block, ...] = ()
        self._core: Block | None = None
        self._measures = Measures(
            left=lie.left, right=lie.right, narrow=max(lie.left_narrow, lie.right_narrow),
            alike=lie.alike, mirrored=lie.mirrored, inliers=inliers,
            agreement=overlap.agreement, extent=overlap.share(overlap.agrees),
            difference=overlap.share(overlap.differs | overlap.conflicts),
        )  # fmt: skip

    def judgement(self) -> Judgement:
        """Measured as far as it matters, and decided."""
        measures = self._measures
        if max(measures.left, measures.right) >= LIMITS.least_coverage and measures.narrow >= LIMITS.thin:
            self._measures = self._shapes(measures)
        told = decide(self._measures)
        return Judgement(
            measures=self._measures, blocks=self._blocks, core=self._core, hole=self._hole(),
            frame=self._outlines.frame, **_parts_of(told),
        )  # fmt: skip

    def _shapes(self, measures: Measures) -> Measures:
        overlap, outlines = self._overlap, self._outlines
        self._blocks = tuple(outlines.differing())
        unshared = outlines.unshared()
        measures = replace(
            measures, blocks=len(self._blocks), holes=self._holes(unshared),
            inner=outlines.inner_share(overlap.agrees, INNER_MARGIN),
        )  # fmt: skip
        if measures.agreement >= LIMITS.whole_agreement:
            cuts = [outlines.both_cut(one) for one in self._blocks if one.area >= BORDER]
            empty = [outlines.both_cut(one) for one in unshared if one.is_framed and one.area >= HOLE]
            measures = replace(measures, border_cut=max(cuts, default=0.0), empty_cut=max(empty, default=0.0))
        elif measures.holes < LIMITS.framed:
            measures = self._with_core(measures)
        return measures if is_copy(measures) else replace(measures, body_area=self._body())

    def _with_core(self, measures: Measures) -> Measures:
        core = self._core = self._outlines.core()
        if core is None:
            return measures
        mask = self._outlines.mask(core)
        return replace(
            measures, core=core.area, core_framed=core.is_framed,
            core_purity=self._overlap.share(self._overlap.agrees, mask & self._overlap.textured),
            core_thickness=narrow_side(mask) / max(1.0, narrow_side(self._overlap.common)) * measures.narrow,
        )  # fmt: skip

    def _body(self) -> float | None:
        body = body_of(self._overlap)
        strictly = self._lie.alike and min(self._lie.left, self._lie.right) > LIMITS.template
        return body.area if body is not None and body.is_picture(strictly=strictly) else None

    def _holes(self, unshared: list[Block]) -> float:
        """How much of the common area frames different pictures; letters and marks over one are no holes."""
        differing = self._overlap.differs | self._overlap.conflicts
        wide = [one for one in unshared if self._overlap.share(differing, self._outlines.mask(one)) >= DIFFERS]
        return max(sum(one.area for one in blocks if self._is_hole(one)) for blocks in (wide, self._blocks))

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
