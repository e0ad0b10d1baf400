"""What is sought once the pixels call two pictures copies: other writing, small changes.

A copy is said only where a search for what would speak against it found nothing. Both pictures are laid together finer
than they are judged at first; the searches are made of copies only, so they cost nothing where nothing is alike.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

import cv2
import numpy as np
from numpy.typing import NDArray

from verifier.hashing.pictures.geometry import Alignment
from verifier.hashing.pictures.judgement import Judgement
from verifier.hashing.pictures.measures import detail as picture_detail
from verifier.hashing.pictures.measures import writing as picture_writing
from verifier.hashing.pictures.measures.changes import changed_places
from verifier.hashing.pictures.measures.detail import Detail
from verifier.hashing.pictures.measures.pixels import Grey, Mask, Overlap, framed
from verifier.hashing.pictures.measures.regions import Block, Outlines
from verifier.hashing.pictures.rules import LIMITS

WRITTEN, FINE = 640, 384  # pixels of the common area's long side: where writing, and where detail is compared
OUTLINE, HAS_OUTLINE = 7, 0.5  # pixels around a place of other tones; s of its detail there
LEAST_REPLACED = 0.2  # of differing writing: below it something was added to a picture, not other words written
MOSTLY = 0.5  # of a block: tones that ended
ONE_PLACE = 0.3  # of the smaller of two places: what they share where they are one


def looked_closer(
    judgement: Judgement, laid: Overlap, left: Grey, right: Grey, alignment: Alignment, near: NDArray[np.float64]
) -> Judgement:
    """The judgement decided again; `left` is mirrored already where the alignment says so."""
    outlines = Outlines(laid)
    fine = framed(left, right, alignment.matrix, near, WRITTEN) if picture_writing.may_be_page(laid) else None
    writing = None if fine is None else picture_writing.compared(fine)
    if writing is not None and (writing.same >= LIMITS.same_writing or writing.replaced >= LEAST_REPLACED):
        blocks = _blocks(outlines, laid, writing.places)
        measures = replace(
            judgement.measures, writing=writing.same, writing_places=len(writing.places),
            smallest_change=picture_writing.SMALLEST,
        )  # fmt: skip
        return judgement.decided(measures, blocks or judgement.blocks)
    if judgement.measures.toned:  # whose detail is compared in vain
        return judgement
    fine = framed(left, right, alignment.matrix, near, FINE)
    detail = None if fine is None else picture_detail.compared(fine)
    places = _changed(laid, detail)
    blocks = _blocks(outlines, laid, places, judgement.blocks)
    smallest = None if detail is None else detail.smallest
    measures = replace(judgement.measures, changes=len(blocks), smallest_change=smallest, moved=alignment.astray)
    ended = [_is_ended(laid, block) for block in judgement.blocks]
    known = [block for block, is_ended in zip(judgement.blocks, ended, strict=True) if not is_ended]
    last = [block for block, is_ended in zip(judgement.blocks, ended, strict=True) if is_ended]
    return judgement.decided(measures, (*known, *blocks, *last))


def _is_ended(laid: Overlap, block: Block) -> bool:
    """Whether a block differs because the tones of the whole picture end there: it is told after what was changed."""
    ended = picture_detail.clipped(laid.left, laid.right, laid.common)
    return bool(ended[block.top : block.bottom, block.left : block.right].mean() >= MOSTLY)


def _changed(laid: Overlap, detail: Detail | None) -> list[Mask]:
    """Places of other grey levels and of other detail. A change of tone without an outline is a filter's, no change."""
    greys = changed_places(laid)
    if detail is None:
        return greys
    rows, columns = laid.common.shape
    alike = cv2.resize(np.where(detail.judged, detail.alike, np.float32(1)), (columns, rows))
    square = np.ones((OUTLINE, OUTLINE), np.uint8)
    outlined = [place for place in greys if alike[cv2.dilate(place.astype(np.uint8), square) > 0].min() < HAS_OUTLINE]
    return [*outlined, *detail.places]


def _blocks(
    outlines: Outlines, laid: Overlap, places: Iterable[Mask], known: tuple[Block, ...] = ()
) -> tuple[Block, ...]:
    """The places as blocks of the work frame, largest first; what lies on another place or a known block once."""
    blocks: list[Block] = []
    for place in places:
        mask = place if place.shape == laid.common.shape else _resized(place, laid)
        if not mask.any():
            continue
        block = outlines.place(mask)
        if not any(_shared(block, other) >= ONE_PLACE for other in (*blocks, *known)):
            blocks.append(block)
    return tuple(sorted(blocks, key=lambda block: -block.area))


def _resized(place: Mask, laid: Overlap) -> Mask:
    rows, columns = laid.common.shape
    return np.asarray(cv2.resize(place.astype(np.float32), (columns, rows), interpolation=cv2.INTER_AREA) >= 0.25)


def _shared(one: Block, other: Block) -> float:
    """How much of the smaller box both share."""
    across = min(one.right, other.right) - max(one.left, other.left)
    down = min(one.bottom, other.bottom) - max(one.top, other.top)
    if across <= 0 or down <= 0:
        return 0.0
    areas = [(box.right - box.left) * (box.bottom - box.top) for box in (one, other)]
    return across * down / min(areas)
