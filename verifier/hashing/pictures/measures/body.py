"""The one solid part of two aligned pictures that is alike, flat places included.

A banner hides a strip of a picture, a phone's screen surrounds a crop of it: what is left is one convex piece, thick in
both directions, in which nothing speaks against. What only a banner or a screen have in common is a strip, a frame with
a hole, or has no texture away from its edges. So the shape of what agrees tells a covered picture from a shared cover.
"""

from __future__ import annotations

from dataclasses import dataclass

import cv2
import numpy as np

from verifier.hashing.pictures.measures.pixels import Mask, Overlap, faint_agreement

LEAST_AREA = 0.55  # of the common area
LEAST_SOLIDITY = 0.8  # of its convex hull
LEAST_NARROW = 0.65  # its shorter side, of the common area's
LEAST_TEXTURE = 0.1  # of the common area: agrees and lies away from the part's edges
SMOOTH_TEXTURE = 0.03  # suffices where the shading agrees, too: over LEAST_FAINT of the hull, FAINT_ALIKE of it
LEAST_FAINT, FAINT_ALIKE = 0.5, 0.8
STRICT_PURITY, STRICT_AGAINST = 0.82, 0.06  # frames that coincide may be one template: agreement within the hull
LOOSE_PURITY, LOOSE_AGAINST = 0.7, 0.12


@dataclass(frozen=True, slots=True, eq=False)
class Body:
    """The largest alike part. `hull`: its convex hull within the common area; shares are of the common area.

    `purity` is the share of the hull's texture that agrees, `against` what differs within the hull, of the hull.
    """

    laid: Overlap
    hull: Mask
    area: float
    solidity: float
    narrow: float
    texture: float
    purity: float
    against: float

    def is_picture(self, strictly: bool) -> bool:
        """Whether the part can only be a picture's own; `strictly` where a shared template would lie the same way."""
        purity, against = (STRICT_PURITY, STRICT_AGAINST) if strictly else (LOOSE_PURITY, LOOSE_AGAINST)
        return (
            self.area >= LEAST_AREA
            and self.solidity >= LEAST_SOLIDITY
            and self.narrow >= LEAST_NARROW
            and self.purity >= purity
            and self.against <= against
            and (self.texture >= LEAST_TEXTURE or (self.texture >= SMOOTH_TEXTURE and self._is_shaded_alike()))
        )

    def _is_shaded_alike(self) -> bool:
        """For a desert, a sky, the moon: little texture, but its shading is that of no other."""
        faint, alike = faint_agreement(self.laid, self.hull)
        return faint >= LEAST_FAINT and alike >= FAINT_ALIKE


def body_of(laid: Overlap) -> Body | None:
    """The largest connected part in which the pictures agree or are equally flat; None where it cannot be large."""
    alike = laid.common & (laid.agrees | (~laid.textured & laid.equal))
    if laid.share(alike) < LEAST_AREA:
        return None
    size = max(3, laid.window // 2) | 1
    opened = cv2.morphologyEx(alike.astype(np.uint8), cv2.MORPH_OPEN, np.ones((size, size), np.uint8))
    count, labels, stats, _ = cv2.connectedComponentsWithStats(opened, connectivity=4)
    if count < 2:
        return None
    part = np.asarray(labels == 1 + int(stats[1:, cv2.CC_STAT_AREA].argmax()))
    contours, _ = cv2.findContours(part.astype(np.uint8), cv2.RETR_EXTERNAL, cv2.CHAIN_APPROX_NONE)
    outline = cv2.convexHull(np.concatenate(contours))
    filled = cv2.fillConvexPoly(np.zeros(part.shape, np.uint8), outline, 1) > 0
    hull = np.asarray(filled & laid.common)
    inner = cv2.erode(part.astype(np.uint8), np.ones((laid.window, laid.window), np.uint8), borderValue=0) > 0
    return Body(
        laid=laid,
        hull=hull,
        area=laid.share(part),
        solidity=float(part.sum() / max(1.0, cv2.contourArea(outline))),
        narrow=narrow_side(part) / max(1.0, narrow_side(laid.common)),
        texture=laid.share(np.asarray(laid.agrees & inner)),
        purity=laid.share(laid.agrees, hull & laid.textured),
        against=laid.share(laid.differs | laid.conflicts, hull),
    )


def narrow_side(field: Mask) -> float:
    """The shorter side of the smallest rectangle around a field, in pixels."""
    rows, columns = np.nonzero(field)
    return float(min(cv2.minAreaRect(np.column_stack([columns, rows]).astype(np.float32))[1]))
