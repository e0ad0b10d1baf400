"""Verification of one pair of pictures: every way they can be laid on each other is judged on the pixels."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace

import cv2
import numpy as np
from numpy.typing import NDArray

from verifier.hashing.bits import hamming
from verifier.hashing.pdq import CERTAIN_WITHIN, LIKELY_WITHIN, TURNS, Turn, turned_bits
from verifier.hashing.pictures.closer import looked_closer
from verifier.hashing.pictures.features import PictureFeatures
from verifier.hashing.pictures.geometry import Alignment, Matrix, alignments
from verifier.hashing.pictures.judgement import Judgement, judge
from verifier.hashing.pictures.measures.insets import is_pasted
from verifier.hashing.pictures.measures.pixels import Grey, Mask, Overlap, overlap
from verifier.hashing.pictures.measures.placement import Placement, placement
from verifier.hashing.pictures.measures.tones import is_seen_through_marks, turned_tones
from verifier.hashing.pictures.rules import LIMITS, may_join

GRID = 48  # rows and columns of the coarse masks that overlays are learned on
PARTLY = 0.9  # coverage of a picture that has room for other content around what is common

CoarseMask = NDArray[np.bool_]


@dataclass(frozen=True, slots=True, eq=False)
class Prepared:
    """A picture ready to be compared many times."""

    features: PictureFeatures
    grey: Grey

    @property
    def size(self) -> tuple[int, int]:
        """Width and height of the grey picture."""
        return self.grey.shape[1], self.grey.shape[0]


def prepare(features: PictureFeatures) -> Prepared:
    """Decode the grey picture once. Raises Corrupt."""
    return Prepared(features, features.grey())


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Verified:
    """One alignment of a pair and what it means.

    `agreed_left`, `agreed_right`: of an overlay, where the pictures agree, as packed coarse masks (`unpacked`).
    """

    judgement: Judgement
    alignment: Alignment
    lie: Placement
    agreed_left: bytes = b""
    agreed_right: bytes = b""


def lay(left: Prepared, right: Prepared, alignment: Alignment) -> Overlap | None:
    """The overlap that an alignment makes."""
    grey = _mirrored(left.grey) if alignment.mirrored else left.grey
    return overlap(grey, right.grey, alignment.matrix, _near(left, alignment))


def _mirrored(grey: Grey) -> Grey:
    return np.ascontiguousarray(grey[:, ::-1])


def _near(left: Prepared, alignment: Alignment) -> NDArray[np.float64]:
    if not alignment.inliers:
        return np.array(left.size, np.float64) / 2
    point = np.median(alignment.left_points, axis=0).astype(np.float64)
    return np.array([left.size[0] - 1 - point[0], point[1]]) if alignment.mirrored else point


def by_hash(left: Prepared, right: Prepared, turn: Turn) -> Alignment:
    """The alignment that a hit of two whole hashes implies: frame on frame, laid as `turn` says."""
    width, height = left.size
    source = np.array([[0, 0], [width, 0], [width, height], [0, height]], np.float32)
    target = np.array([[0, 0], [1, 0], [1, 1], [0, 1]], np.float32)
    target = np.roll(target, -(turn.rotation_degrees // 90), axis=0) * np.array(right.size, np.float32)
    matrix = np.asarray(cv2.getPerspectiveTransform(source, target.astype(np.float32)), np.float64)
    none = np.zeros((0, 2), np.float32)
    return Alignment(matrix=matrix, mirrored=turn.mirrored, left_points=none, right_points=none, inliers=0)


def verify(left: Prepared, right: Prepared, mirrored_first: bool = False) -> Iterator[Verified]:
    """Every alignment by local features, judged; stops with the first that joins the pictures."""
    for mirrored in (mirrored_first, not mirrored_first):
        for alignment in alignments(left.features.local, right.features.local, mirrored):
            found = examine(left, right, alignment)
            if found is None:
                continue
            yield found
            if found.judgement.joins:
                return


def negative_of(picture: Prepared) -> Prepared:
    """The picture with its tones turned over."""
    features = replace(picture.features, local=picture.features.local.negative())
    return Prepared(features, np.asarray(255 - picture.grey, np.uint8))


def verify_negative(left: Prepared, right: Prepared) -> Iterator[Verified]:
    """Every alignment of the left picture's negative that joins it with the right one."""
    for found in verify(negative_of(left), right):
        if found.judgement.joins:
            measures = replace(found.judgement.measures, toned=True)
            yield replace(found, judgement=found.judgement.decided(measures))


def verify_by_hash(left: Prepared, right: Prepared, turn: Turn, distance: int, certain_within: int) -> Verified | None:
    """For pictures with too few points: frame on frame. The hash's nearness stands in for the points."""
    return examine(left, right, by_hash(left, right, turn), inliers=20 if distance <= certain_within else 10)


def verify_by_frames(left: Prepared, right: Prepared) -> Verified | None:
    """Frame on frame in the turn that their whole hashes are nearest in, where these lie within the radius."""
    sides = [[one.bits for one in side.features.worthy if one.variant == "full"] for side in (left, right)]
    if not sides[0] or not sides[1]:
        return None
    apart = [(hamming(turned_bits(sides[0][0], turn), sides[1][0]), turn) for turn in TURNS]
    distance, turn = min(apart, key=lambda one: one[0])
    return verify_by_hash(left, right, turn, distance, CERTAIN_WITHIN) if distance <= LIKELY_WITHIN else None


def examine(left: Prepared, right: Prepared, alignment: Alignment, inliers: int | None = None) -> Verified | None:
    """Judge one alignment. None where nothing is common."""
    laid = lay(left, right, alignment)
    if laid is None:
        return None
    lie = placement(laid, alignment.matrix, left.size, right.size, alignment.mirrored)
    judgement = judge(laid, alignment.inliers if inliers is None else inliers, lie)
    if not judgement.joins and alignment.inliers >= LIMITS.certain_inliers:
        judgement = _under_marks_or_turned(judgement, left, right, alignment, laid, lie)
    if may_join(judgement.measures):
        judgement = closer(judgement, left, right, alignment, laid, lie)
    if judgement.joins:
        return Verified(judgement=judgement, alignment=alignment.thinned(), lie=lie)
    if not judgement.witness:
        return Verified(judgement=judgement, alignment=alignment, lie=lie)
    agrees = _without(laid.agrees, judgement)
    return Verified(
        judgement=judgement, alignment=alignment, lie=lie,
        agreed_left=_packed(agrees, laid.left_to_work, left.size, alignment.mirrored),
        agreed_right=_packed(agrees, laid.right_to_work, right.size, False),
    )  # fmt: skip


def _without(agrees: Mask, judgement: Judgement) -> Mask:
    """Where the pictures agree, without the places where their writing does not."""
    kept = agrees.copy()
    if judgement.measures.writing is not None:
        for block in judgement.blocks:
            kept[block.top : block.bottom, block.left : block.right] = False
    return kept


def _packed(field: Mask, to_work: Matrix, size: tuple[int, int], mirrored: bool) -> bytes:
    """A field of the work frame in a picture's own frame, GRID x GRID."""
    scale = np.diag([GRID / size[0], GRID / size[1], 1.0]) @ np.linalg.inv(to_work)
    laid = cv2.warpPerspective(field.astype(np.float32), scale, (GRID, GRID), flags=cv2.INTER_AREA) >= 0.5
    return np.packbits(laid[:, ::-1] if mirrored else laid).tobytes()


def unpacked(mask: bytes) -> CoarseMask:
    """A packed mask as (GRID, GRID)."""
    return np.unpackbits(np.frombuffer(mask, np.uint8)).reshape(GRID, GRID).astype(bool)


def fine(mask: CoarseMask, to_work: Matrix, size: tuple[int, int], mirrored: bool, shape: tuple[int, int]) -> Mask:
    """A coarse mask of a picture in the work frame."""
    laid = mask[:, ::-1] if mirrored else mask
    matrix = to_work @ np.diag([size[0] / GRID, size[1] / GRID, 1.0])
    return np.asarray(
        cv2.warpPerspective(laid.astype(np.float32), matrix, (shape[1], shape[0]), flags=cv2.INTER_LINEAR) >= 0.5
    )


def _under_marks_or_turned(
    judgement: Judgement, left: Prepared, right: Prepared, alignment: Alignment, laid: Overlap, lie: Placement
) -> Judgement:
    """What is measured where many points agree and the pixels do not: marks all over, or tones turned over."""
    found = turned_tones(laid)
    if found is not None:
        table, of_left = found
        one, other = (Prepared(side.features, table[side.grey]) for side in (left, right))
        toned = lay(one, right, alignment) if of_left else lay(left, other, alignment)
        if toned is not None:
            judged = judge(toned, alignment.inliers, lie)
            judged = judged.decided(replace(judged.measures, toned=True))
            if judged.joins:
                return judged
    if min(lie.left_narrow, lie.right_narrow) >= LIMITS.thin and is_seen_through_marks(laid):
        return judgement.decided(replace(judgement.measures, through_marks=True))
    return judgement


def closer(
    judgement: Judgement, left: Prepared, right: Prepared, alignment: Alignment, laid: Overlap, lie: Placement
) -> Judgement:
    """What is measured of a copy only: whether it is pasted, its writing, small changes, another view."""
    mine = _mirrored(left.grey) if alignment.mirrored else left.grey
    if not judgement.inset:
        pasted = _is_pasted(mine, left, right, alignment, lie)
        judgement = judgement.decided(replace(judgement.measures, pasted=pasted))
    return looked_closer(judgement, laid, mine, right.grey, alignment, _near(left, alignment))


def _is_pasted(mine: Grey, left: Prepared, right: Prepared, alignment: Alignment, lie: Placement) -> bool:
    """Whether one picture lies inside the other, cut along its edge and with other content around.

    A collage or a phone's screen must not merge the groups of what it shows, so an inset is an altered picture.
    """
    if lie.right < PARTLY and is_pasted(right.grey, alignment.matrix, left.size):
        return True
    back = np.asarray(np.linalg.inv(alignment.matrix), np.float64)
    return lie.left < PARTLY and is_pasted(mine, back, right.size)
