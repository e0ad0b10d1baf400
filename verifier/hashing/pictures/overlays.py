"""Overlays that many pictures share, learnt from the pairs that have nothing else in common.

Where a picture agrees with two others that are no copies of it, nor of each other, there lies a banner, a logo, a
phone's screen. A pair that agrees only there is no pair: it is judged again on what is left.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import replace
from itertools import combinations

import cv2
import numpy as np

from verifier.hashing.pictures.judgement import Box
from verifier.hashing.pictures.measures.body import body_of
from verifier.hashing.pictures.measures.pixels import faint_agreement
from verifier.hashing.pictures.measures.regions import core_of
from verifier.hashing.pictures.pair import Key, Pair, partners_of
from verifier.hashing.pictures.verify import GRID, CoarseMask, Prepared, Verified, fine, lay, unpacked

MOST_WITNESSES = 16  # groups of pictures heard about one overlay
LEAST_PIECE = 3  # cells of the coarse mask, across and down: what two witnesses share by chance is smaller
LEFT_AGREEMENT = 0.7  # of what is no overlay
LEFT_EXTENT = 0.07  # of the common area
PAGE_EXTENT = 0.015  # the same of pages whose words were read and are the same: one line of a short post
MOST_AGAINST = 0.02  # of the common area: textured and different, beside the overlay
LEAST_FAINT, FAINT_ALIKE = 0.3, 0.8  # of what is no overlay: faint structure, and how much of it must agree
WINDOW = 0.4  # intersection over union of blocks that lie at one place


class Overlays:
    """The overlay of each picture, as far as other pictures bear witness to it. `known`: pairs joined before."""

    def __init__(self, pairs: Iterable[Pair], known: Iterable[Key] = ()) -> None:
        self._joined = partners_of(known)
        self._strangers: dict[str, int] = {}  # groups of pictures that agree with one and are no copies of it
        shown: dict[str, list[tuple[str, CoarseMask]]] = defaultdict(list)
        self._holes: dict[str, dict[str, Box]] = defaultdict(dict)
        for pair in pairs:
            for found in pair.found:
                if found.judgement.hole is not None:
                    self._holes[pair.left][pair.right] = self._holes[pair.right][pair.left] = found.judgement.hole
            if pair.joins:
                self._joined[pair.left].add(pair.right)
                self._joined[pair.right].add(pair.left)
                continue
            for found in pair.found:
                if found.agreed_left:
                    shown[pair.left].append((pair.right, unpacked(found.agreed_left)))
                    shown[pair.right].append((pair.left, unpacked(found.agreed_right)))
        self.masks = {name: mask for name, seen in shown.items() if (mask := self._learn(name, seen)) is not None}

    def _learn(self, name: str, seen: list[tuple[str, CoarseMask]]) -> CoarseMask | None:
        """Where two groups of other pictures agree with this one in the same connected piece."""
        groups: list[tuple[set[str], CoarseMask]] = []
        mine = self._joined[name]
        for other, mask in sorted(seen, key=lambda one: one[0]):
            near = self._joined[other] | {other}
            if near & mine:
                continue  # a copy of a copy: no independent witness
            for members, together in groups:
                if members & near:
                    members |= near
                    together |= mask
                    break
            else:
                groups.append((set(near), mask.copy()))
        self._strangers[name] = len(groups)
        learnt = np.zeros((GRID, GRID), bool)
        for (_, first), (_, second) in combinations(groups[:MOST_WITNESSES], 2):
            learnt |= _opened(np.asarray(first & second))
        return learnt if learnt.any() else None

    def reconsidered(self, pair: Pair, left: Prepared, right: Prepared) -> Pair:
        """The pair with every alignment that agrees on overlays only called what it is."""
        if pair.left not in self.masks and pair.right not in self.masks and not self._is_window(pair):
            return pair
        found = tuple(
            self._called(one)
            if one.judgement.joins
            and not one.judgement.measures.toned  # laid as it lies, its tones would speak against it
            and ((one.judgement.hole and self._is_window(pair)) or self._is_overlay_only(pair, left, right, one))
            else one
            for one in pair.found
        )
        return replace(pair, found=found)

    def _copies_outnumber_strangers(self, pair: Pair) -> bool:
        sides = (pair.left, pair.right)
        return all(len(self._joined[name]) > self._strangers.get(name, 0) for name in sides if name in self.masks)

    def _is_window(self, pair: Pair) -> bool:
        """Whether a third picture shows something else yet in the very block in which these two differ."""
        hole = self._holes[pair.left].get(pair.right) if pair.left in self._holes else None
        if hole is None:
            return False
        mine, others = self._holes[pair.left], self._holes[pair.right]
        thirds = (mine.keys() & others.keys()) - {pair.left, pair.right}
        return any(_common(hole, mine[third]) >= WINDOW and _common(hole, others[third]) >= WINDOW for third in thirds)

    def _is_overlay_only(self, pair: Pair, left: Prepared, right: Prepared, found: Verified) -> bool:
        laid = lay(left, right, found.alignment)
        if laid is None:
            return False
        kept = np.ones(laid.common.shape, bool)
        sides = (
            (self.masks.get(pair.left), left, laid.left_to_work, found.alignment.mirrored),
            (self.masks.get(pair.right), right, laid.right_to_work, False),
        )
        for mask, picture, to_work, mirrored in sides:
            if mask is not None:
                kept &= ~fine(mask, to_work, picture.size, mirrored, laid.common.shape)
        if found.judgement.solid:
            body = body_of(laid)
            kept &= body.hull if body is not None else False
        elif found.judgement.core is not None:
            kept &= core_of(laid)
        agreement = laid.share(laid.agrees, laid.textured & kept)
        extent = laid.share(laid.agrees & kept)
        least = LEFT_EXTENT if found.judgement.measures.writing is None else PAGE_EXTENT
        if agreement >= LEFT_AGREEMENT and extent >= least:
            return False
        # a smooth picture's few textured places can all be taken for an overlay, by its own copies under stickers: then
        # its shading must tell; but a screen has more strangers around it than copies, and shows a part that differs
        against = laid.share((laid.differs | laid.conflicts) & kept)
        if found.judgement.blocks or against > MOST_AGAINST or not self._copies_outnumber_strangers(pair):
            return True
        faint, alike = faint_agreement(laid, kept)
        return faint < LEAST_FAINT or alike < FAINT_ALIKE

    def _called(self, found: Verified) -> Verified:
        judgement = found.judgement.decided(replace(found.judgement.measures, seen_elsewhere=True))
        return replace(found, judgement=judgement)


def _opened(mask: CoarseMask) -> CoarseMask:
    square = np.ones((LEAST_PIECE, LEAST_PIECE), np.uint8)
    return np.asarray(cv2.morphologyEx(mask.astype(np.uint8), cv2.MORPH_OPEN, square) > 0)


def _common(one: Box, other: Box) -> float:
    """Intersection over union."""
    across = min(one[2], other[2]) - max(one[0], other[0])
    down = min(one[3], other[3]) - max(one[1], other[1])
    if across <= 0 or down <= 0:
        return 0.0
    areas = [(box[2] - box[0]) * (box[3] - box[1]) for box in (one, other)]
    return across * down / (sum(areas) - across * down)
