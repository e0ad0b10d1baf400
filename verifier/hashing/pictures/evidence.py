"""What a person looks at to weigh a link: pictures laid on one another, what differs, where they match, the cells.

Everything is grey and small. The pair is verified again from its features, which gives the same alignment as when the
link was found; so nothing but the two exhibits need be remembered.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import cv2
import numpy as np
from numpy.typing import NDArray

from verifier.hashing.pictures.features import PictureFeatures
from verifier.hashing.pictures.geometry import Alignment, Matrix
from verifier.hashing.pictures.measures.pixels import Field, Mask, Overlap
from verifier.hashing.pictures.verify import (
    Prepared,
    Verified,
    lay,
    negative_of,
    prepare,
    verify,
    verify_by_frames,
    verify_negative,
)
from verifier.media.encode import encode_png
from verifier.records import Derivative

MEDIA_TYPE = "image/png"
GAP = 6  # pixels between pictures side by side
MOST_OUTLINED = 24  # differing places, largest first
SHOWN = 320  # long side of a whole picture, pixels
AGREES, DIFFERS, FLAT, OUTSIDE = 230, 40, 130, 0  # greys of the cell map

Grey = NDArray[np.uint8]


@dataclass(frozen=True, slots=True, eq=False)
class LinkPictures:
    """Grey pictures, uint8 (rows, columns).

    `aligned`: the common area in the left and in the right picture, side by side. `difference`: where their tones are
    apart, black where equal. `outlined`: both whole pictures with the common area's outline (white) and, in black, the
    differing blocks (lines of other writing, too) or the part that is pasted. `cells`: light where they agree, dark
    where they differ, middle where both are flat.
    """

    aligned: Grey
    difference: Grey
    outlined: Grey
    cells: Grey

    def derivatives(self) -> Iterator[Derivative]:
        """The four as derivatives, recipes `link-aligned/1` … `link-cells/1`."""
        for name in ("aligned", "difference", "outlined", "cells"):
            content = encode_png(getattr(self, name))
            digest = hashlib.sha256(content).hexdigest()
            yield Derivative(id=digest, recipe=f"link-{name}/1", media_type=MEDIA_TYPE, content=content)


def link_pictures(left: PictureFeatures, right: PictureFeatures) -> LinkPictures | None:
    """Evidence for one link; `left` and `right` as in the match. None where the pair cannot be laid. Raises Corrupt."""
    one, other = prepare(left), prepare(right)
    found = list(verify(one, other))
    best = max(found, key=lambda each: each.judgement.rank, default=None)
    if best is None or not best.judgement.joins:
        framed = verify_by_frames(one, other)
        best = max((each for each in (best, framed) if each), key=lambda each: each.judgement.rank, default=None)
    turned_over = next(verify_negative(one, other), None) if best is None or not best.judgement.joins else None
    if turned_over is not None:
        one, best = negative_of(one), turned_over
    if best is None:
        return None
    laid = lay(one, other, best.alignment)
    return None if laid is None else _drawn(one, other, best, laid)


def _drawn(left: Prepared, right: Prepared, found: Verified, laid: Overlap) -> LinkPictures:
    return LinkPictures(
        aligned=_beside(_seen(laid.left, laid.common), _seen(laid.right, laid.common)),
        difference=_difference(laid),
        outlined=_beside(
            _outlined(left.grey, laid, laid.left_to_work, found, found.alignment),
            _outlined(right.grey, laid, laid.right_to_work, found, None),
        ),
        cells=_cells(laid, found),
    )


def _seen(field: Field, common: Mask) -> Grey:
    return np.where(common, np.clip(field, 0, 255), 0).astype(np.uint8)


def _beside(left: Grey, right: Grey) -> Grey:
    rows = max(left.shape[0], right.shape[0])
    sheet = np.full((rows, left.shape[1] + GAP + right.shape[1]), 255, np.uint8)
    sheet[: left.shape[0], : left.shape[1]] = left
    sheet[: right.shape[0], left.shape[1] + GAP :] = right
    return sheet


def _difference(laid: Overlap) -> Grey:
    ground = laid.agrees if laid.agrees.sum() > 200 else laid.common
    x, y = laid.left[ground], laid.right[ground]
    slope = float(((x - x.mean()) * (y - y.mean())).mean() / max(1.0, float(x.var()))) if len(x) else 1.0
    fitted = slope * (laid.left - (x.mean() if len(x) else 0)) + (y.mean() if len(y) else 0)
    return np.where(laid.common, np.clip(2 * np.abs(fitted - laid.right), 0, 255), 0).astype(np.uint8)


def _cells(laid: Overlap, found: Verified) -> Grey:
    shades = np.full(laid.common.shape, OUTSIDE, np.uint8)
    shades[laid.common] = FLAT
    shades[laid.agrees] = AGREES
    shades[laid.differs | laid.conflicts] = DIFFERS
    if found.judgement.measures.writing is not None:  # told apart finer than by these cells
        for block in found.judgement.blocks:
            shades[block.top : block.bottom, block.left : block.right] = DIFFERS
    return shades


def _outlined(grey: Grey, laid: Overlap, to_work: Matrix, found: Verified, mirror: Alignment | None) -> Grey:
    mirrored = mirror is not None and mirror.mirrored
    scale = min(1.0, SHOWN / max(grey.shape))
    size = max(1, round(grey.shape[1] * scale)), max(1, round(grey.shape[0] * scale))
    shown = np.asarray(cv2.resize(grey, size, interpolation=cv2.INTER_AREA), np.uint8)
    back = np.diag([scale, scale, 1.0]) @ np.linalg.inv(to_work)
    contours, _ = cv2.findContours(laid.common.astype(np.uint8), cv2.RETR_EXTERNAL, cv2.CHAIN_APPROX_SIMPLE)
    if contours:
        _draw(shown, cv2.convexHull(np.concatenate(contours)).reshape(-1, 2), back, mirrored, 255)
    judgement = found.judgement
    blocks = (judgement.core,) if judgement.inset and judgement.core else judgement.blocks[:MOST_OUTLINED]
    for block in blocks:
        box = [
            (block.left, block.top),
            (block.right, block.top),
            (block.right, block.bottom),
            (block.left, block.bottom),
        ]
        _draw(shown, np.array(box), back, mirrored, 0)
    return shown


def _draw(shown: Grey, outline: NDArray[Any], back: Matrix, mirrored: bool, shade: int) -> None:
    points = cv2.perspectiveTransform(outline.astype(np.float64)[None], back)[0]
    if mirrored:
        points[:, 0] = shown.shape[1] - 1 - points[:, 0]
    if np.isfinite(points).all() and np.abs(points).max() < 1e5:
        line = np.rint(points).astype(np.int32)
        cv2.polylines(shown, [line], True, 255 - shade, 3, cv2.LINE_AA)
        cv2.polylines(shown, [line], True, shade, 1, cv2.LINE_AA)
