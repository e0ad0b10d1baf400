"""The shape of what two aligned pictures share: a whole picture, a picture with a strip over it, an inset, a frame.

Two screenshots of one phone agree nearly everywhere, and yet show different photographs: what differs is a block inside
what agrees, and *both* pictures are cut along its outline. A banner over a copy, or a crop pasted into a screen, is cut
in *one* picture only: in the other the photograph goes on. So the seams decide, not the amount of agreement.
"""

from __future__ import annotations

from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from verifier.hashing.pictures.measures.pixels import Field, Mask, Overlap

LEAST_BLOCK = 0.015  # of the common area; smaller differences are no blocks
EDGE_FACTOR, LEAST_EDGE = 2.5, 8.0  # an edge is that many times the usual gradient, and so many grey levels
ALONG = 0.8  # cosine between an edge's gradient and the outline's normal
CORE = 0.6  # share of the textured surroundings that must agree
SECTORS = 12


@dataclass(frozen=True, slots=True)
class Seam:
    """How much of a block's outline inside the common area is an edge: in either picture, and at one line in both.

    How far it stands out from the edges around it, 0..1; 0 where no outline lies inside.
    """

    left: float
    right: float
    both: float


@dataclass(frozen=True, slots=True)
class Block:
    """A connected part of the common area and its box in pixels of the work frame; `Outlines` keeps its mask."""

    number: int
    left: int
    top: int
    right: int
    bottom: int
    area: float  # of the common area
    inside: tuple[bool, bool, bool, bool]  # whether its top, bottom, left, right lie inside the common area

    @property
    def is_framed(self) -> bool:
        """Whether it has surroundings on opposite sides: it lies in a frame, not at an edge."""
        top, bottom, left, right = self.inside
        return (top and bottom) or (left and right)


def _gradient(picture: Field) -> tuple[Field, Field]:
    smooth = cv2.GaussianBlur(picture, (0, 0), 0.8)
    across = cv2.Sobel(smooth, cv2.CV_32F, 1, 0, ksize=1)
    down = cv2.Sobel(smooth, cv2.CV_32F, 0, 1, ksize=1)
    return np.asarray(across, np.float32), np.asarray(down, np.float32)


class Outlines:
    """Finds blocks of one overlap, and measures their seams when asked."""

    def __init__(self, overlap: Overlap) -> None:
        self.overlap = overlap
        self._masks: list[Mask] = []
        self._gradients: tuple[tuple[Field, Field], ...] = ()
        self._limits: tuple[float, ...] = ()
        rows, columns = np.flatnonzero(overlap.common.any(axis=1)), np.flatnonzero(overlap.common.any(axis=0))
        self.top, self.bottom = (int(rows[0]), int(rows[-1]) + 1) if len(rows) else (0, 0)
        self.left, self.right = (int(columns[0]), int(columns[-1]) + 1) if len(columns) else (0, 0)
        self.area = max(1, int(overlap.common.sum()))
        self.margin = overlap.window // 2 + 3

    def _limit(self, across: Field, down: Field) -> float:
        strength = np.hypot(across, down)[self.overlap.common]
        return max(LEAST_EDGE, EDGE_FACTOR * float(np.median(strength))) if len(strength) else LEAST_EDGE

    @property
    def frame(self) -> tuple[int, int, int, int]:
        """Left, top, right, bottom of the common area."""
        return self.left, self.top, self.right, self.bottom

    def differing(self) -> list[Block]:
        """Blocks in which the pictures differ, largest first."""
        return self._blocks(self.overlap.differs | self.overlap.conflicts)

    def unshared(self) -> list[Block]:
        """Blocks that do not agree, whether they differ or are flat, largest first."""
        return self._blocks(self.overlap.common & ~self.overlap.agrees)

    def core(self) -> Block | None:
        """The largest block that agrees, flat places going with their surroundings."""
        window = (self.overlap.window, self.overlap.window)
        agreeing = cv2.blur(self.overlap.agrees.astype(np.float32), window)
        against = cv2.blur((self.overlap.differs | self.overlap.conflicts).astype(np.float32), window)
        field = (agreeing > 0.05) & (agreeing >= CORE * (agreeing + against)) & self.overlap.common
        blocks = self._blocks(np.asarray(field))
        return blocks[0] if blocks else None

    def inner_share(self, field: Mask, margin: float) -> float:
        """Share of the common area that the field covers away from the edges; `margin` is a share of each side."""
        across, down = round(margin * (self.right - self.left)), round(margin * (self.bottom - self.top))
        inner = np.zeros(field.shape, bool)
        inner[self.top + down : self.bottom - down, self.left + across : self.right - across] = True
        return self.overlap.share(np.asarray(field & inner))

    def mask(self, block: Block) -> Mask:
        """Where a block lies."""
        return self._masks[block.number]

    def both_cut(self, block: Block) -> float:
        """How far the outline of a differing block stands out as a seam in both pictures, sought inwards."""
        return self.seam(self.mask(block), outward=False).both

    def place(self, mask: Mask) -> Block:
        """A small place, found elsewhere, as a block."""
        rows, columns = np.flatnonzero(mask.any(axis=1)), np.flatnonzero(mask.any(axis=0))
        return self._block(int(columns[0]), int(rows[0]), int(columns[-1]) + 1, int(rows[-1]) + 1, mask)

    def _blocks(self, field: Mask) -> list[Block]:
        size = max(3, self.overlap.window // 2) | 1
        opened = cv2.morphologyEx(field.astype(np.uint8), cv2.MORPH_OPEN, np.ones((size, size), np.uint8))
        _, labels, stats, _ = cv2.connectedComponentsWithStats(opened, connectivity=4)
        found = []
        for number, (x, y, width, height, pixels) in enumerate(stats.tolist()):
            if number and pixels >= LEAST_BLOCK * self.area:
                mask = np.asarray(labels == number)
                found.append(self._block(x, y, x + width, y + height, mask))
        return sorted(found, key=lambda block: -block.area)

    def _block(self, left: int, top: int, right: int, bottom: int, mask: Mask) -> Block:
        inside = (
            top - self.top > self.margin, self.bottom - bottom > self.margin,
            left - self.left > self.margin, self.right - right > self.margin,
        )  # fmt: skip
        area = float(mask.sum() / self.area)
        self._masks.append(mask)
        return Block(len(self._masks) - 1, left, top, right, bottom, area, inside)

    def seam(self, mask: Mask, outward: bool) -> Seam:
        """Edges near the convex outline, along its normal, by sector and distance; the best distance of each sector."""
        contours, _ = cv2.findContours(mask.astype(np.uint8), cv2.RETR_EXTERNAL, cv2.CHAIN_APPROX_SIMPLE)
        hull = cv2.convexHull(np.concatenate(contours))
        filled = cv2.fillConvexPoly(np.zeros(mask.shape, np.uint8), hull, 1)
        outside = cv2.distanceTransform(1 - filled, cv2.DIST_L2, 5)
        within = cv2.distanceTransform(filled, cv2.DIST_L2, 5)
        distance = outside - within  # negative inside
        signed = distance if outward else -distance
        room = cv2.erode(self.overlap.common.astype(np.uint8), np.ones((7, 7), np.uint8), borderValue=0) > 0
        ring = (signed > -4) & (signed <= self.margin + 1) & room
        rows, columns = np.nonzero(ring)
        if len(rows) < 8:
            return Seam(0.0, 0.0, 0.0)
        edges = self._edges(distance, ring)
        middle = hull.reshape(-1, 2).mean(axis=0)
        angle = np.arctan2(rows - middle[1], columns - middle[0])
        sector = ((angle + np.pi) / (2 * np.pi) * SECTORS).astype(int) % SECTORS
        depth = np.rint(signed[rows, columns]).astype(int) + 4
        return _best_of_sectors(sector, depth, edges)

    def _edges(self, distance: Field, ring: Mask) -> tuple[NDArray[np.bool_], NDArray[np.bool_]]:
        if not self._gradients:
            self._gradients = (_gradient(self.overlap.left), _gradient(self.overlap.right))
            self._limits = tuple(self._limit(*gradient) for gradient in self._gradients)
        normal = _gradient(np.asarray(distance, np.float32))
        length = np.maximum(np.hypot(*normal), 1e-3)
        marks = []
        for (across, down), limit in zip(self._gradients, self._limits, strict=True):
            strength = np.hypot(across, down)
            along = np.abs(across * normal[0] + down * normal[1]) / length
            edge = (strength > limit) & (along > ALONG * strength)
            marks.append(cv2.dilate(edge.astype(np.uint8), np.ones((3, 3), np.uint8))[ring] > 0)
        return np.asarray(marks[0]), np.asarray(marks[1])


def _best_of_sectors(
    sector: NDArray[np.intp], depth: NDArray[np.intp], edges: tuple[NDArray[np.bool_], NDArray[np.bool_]]
) -> Seam:
    bins = int(depth.max()) + 1
    key = sector * bins + depth
    count = np.bincount(key, minlength=SECTORS * bins).reshape(SECTORS, bins)
    shares = [
        np.bincount(key, edge, minlength=SECTORS * bins).reshape(SECTORS, bins) / np.maximum(count, 1) for edge in edges
    ]
    shares = [np.where(count >= 3, share, 0) for share in shares]
    weight = count.max(axis=1)
    total = max(1, int(weight.sum()))
    # an edge-rich picture has edges at every distance; a seam stands out at one
    left, right, both = (_peak(share, count, weight, total) for share in (*shares, np.minimum(*shares)))
    return Seam(left, right, both)


def _peak(share: NDArray[np.float64], count: NDArray[np.intp], weight: NDArray[np.intp], total: int) -> float:
    peaks = [
        float(present.max() - np.median(present)) if len(present := row[seen >= 3]) else 0.0
        for row, seen in zip(share, count, strict=True)
    ]
    return float(np.dot(peaks, weight) / total)


def core_of(overlap: Overlap) -> Mask:
    """Where the largest agreeing block lies; nowhere where there is none."""
    outlines = Outlines(overlap)
    core = outlines.core()
    return np.zeros(overlap.common.shape, bool) if core is None else outlines.mask(core)
