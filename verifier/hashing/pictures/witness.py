"""Further copies as witnesses: what a pair leaves open, two other copies that each join both pictures may settle.

A copy under a wide banner and a crop of the same photograph may have little in common to look at; yet both join a third
copy, and the way through it lays them on each other. Where several such ways agree with each other, or with the
alignment that the pair's own points gave, the pictures are one. A picture pasted into another lies on such a way at
most once, for two pictures in one collage are not each other's copies.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from itertools import chain

import cv2
import numpy as np
from numpy.typing import NDArray

from verifier.hashing.pictures.geometry import Alignment, Matrix
from verifier.hashing.pictures.judgement import Judgement
from verifier.hashing.pictures.pair import Key, Pair, partners_of
from verifier.hashing.pictures.verify import Prepared, Verified, closer, examine, lay, verify
from verifier.records import Tier

WITNESSES = 2  # copies that join both; one suffices where it joins both for certain
MOST_WITNESSES = 8  # looked at for one pair
ASTRAY = 0.05  # of the right picture's diagonal, between two ways to lay the left one on it
COMMON_PART = 0.5  # of what was matched of a witness: the smaller of both parts lies in the other
LEAST_AGREEMENT, LEAST_EXTENT = 0.3, 0.03
COMPOSED_AGREEMENT, COMPOSED_EXTENT = 0.6, 0.15  # where the pair has no alignment by its own points
LEAST_DETERMINANT = 1e-9  # a matrix below it cannot be turned round


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class _Link:
    """A joined pair as seen from a witness: `matrix` takes it to the other picture, `points` are what was matched."""

    judgement: Judgement
    matrix: Matrix
    points: NDArray[np.float32]


class Witnesses:
    """Joined pairs, ready to be asked about others. `prepared` gives a picture by its name.

    `known`: pairs that an earlier comparison joined; how they lie is found out anew where it is asked for.
    """

    def __init__(self, pairs: Mapping[Key, Pair], known: Iterable[Key], prepared: Callable[[str], Prepared]) -> None:
        self._pairs, self._prepared = dict(pairs), prepared
        self._partners = partners_of(chain(known, (key for key, pair in pairs.items() if pair.joins)))

    def borne_out(self, pair: Pair) -> Pair:
        """The pair, joined where enough witnesses say so; a pair that joins already is returned as it is."""
        between = sorted(self._partners[pair.left] & self._partners[pair.right])
        if pair.joins or not between:
            return pair
        ways = list(self._ways(pair, between[:MOST_WITNESSES]))
        sure = [way for way, is_certain in ways if is_certain]
        if len(ways) < WITNESSES and not sure:
            return pair
        found = self._own(pair, [way for way, _ in ways], 1 if sure else WITNESSES)
        if found is None:
            found = self._composed(pair, [way for way, _ in ways])
        if found is None:
            return pair
        left, right = self._prepared(pair.left), self._prepared(pair.right)
        laid = lay(left, right, found.alignment)
        if laid is None:
            return pair
        borne_out = found.judgement.decided(replace(found.judgement.measures, borne_out=True))
        judgement = closer(borne_out, left, right, found.alignment, laid, found.lie)
        if not judgement.joins:
            return pair
        thinned = found.alignment.thinned()
        settled = replace(found, judgement=judgement, alignment=thinned, agreed_left=b"", agreed_right=b"")
        return replace(pair, found=(*pair.found, settled))

    def _ways(self, pair: Pair, between: list[str]) -> Iterator[tuple[Matrix, bool]]:
        """Matrices from the left picture to the right one through a witness, and whether both links are certain."""
        for third in between:
            first, second = self._link(third, pair.left), self._link(third, pair.right)
            if first is None or second is None or (first.judgement.inset and second.judgement.inset):
                continue
            if abs(np.linalg.det(first.matrix)) < LEAST_DETERMINANT or not _overlap(first.points, second.points):
                continue
            certain = first.judgement.tier is Tier.CERTAIN and second.judgement.tier is Tier.CERTAIN
            yield np.asarray(second.matrix @ np.linalg.inv(first.matrix), np.float64), certain

    def _link(self, third: str, other: str) -> _Link | None:
        """How a joined pair lies; None where a pair that was known is not found again."""
        left, right = sorted((third, other))
        if (left, right) not in self._pairs:
            found = tuple(verify(self._prepared(left), self._prepared(right)))
            self._pairs[left, right] = Pair(left, right, found)
        best = self._pairs[left, right].best
        if best is None or not best.judgement.joins:
            return None
        alignment, size = best.alignment, self._prepared(third).size
        matrix = _unmirrored(alignment, self._prepared(left).size[0])
        points = alignment.left_points if third == left else alignment.right_points
        if third != left:
            if abs(np.linalg.det(matrix)) < LEAST_DETERMINANT:
                return None
            matrix = np.asarray(np.linalg.inv(matrix), np.float64)
        return _Link(judgement=best.judgement, matrix=matrix, points=points if alignment.inliers else _grid(size))

    def _own(self, pair: Pair, ways: list[Matrix], needed: int) -> Verified | None:
        """The alignment by the pair's own points that enough ways agree with, and the pixels do not speak against."""
        left, right = self._prepared(pair.left), self._prepared(pair.right)
        for found in sorted(pair.found, key=lambda one: -one.alignment.inliers):
            if not _is_seen(found, LEAST_AGREEMENT, LEAST_EXTENT):
                continue
            own = _unmirrored(found.alignment, left.size[0])
            points = found.alignment.left_points if found.alignment.inliers else _grid(left.size)
            if sum(_apart(own, way, points, right.size) <= ASTRAY for way in ways) >= needed:
                return found
        return None

    def _composed(self, pair: Pair, ways: list[Matrix]) -> Verified | None:
        """An alignment made of ways that agree with each other, if the pixels bear it out."""
        left, right = self._prepared(pair.left), self._prepared(pair.right)
        grid = _grid(left.size)
        for way in ways:
            if sum(_apart(way, other, grid, right.size) <= ASTRAY for other in ways) >= WITNESSES:
                found = examine(left, right, _alignment(way, left.size), inliers=0)
                return found if found is not None and _is_seen(found, COMPOSED_AGREEMENT, COMPOSED_EXTENT) else None
        return None


def _is_seen(found: Verified, agreement: float, extent: float) -> bool:
    """Whether the pixels agree well enough, over enough of the common area."""
    return found.judgement.agreement >= agreement and found.judgement.extent >= extent


def _overlap(one: NDArray[np.float32], other: NDArray[np.float32]) -> bool:
    """Whether what was matched of a witness is the same part of it for both: a collage's cells are not."""
    first, second = (cv2.convexHull(points.astype(np.float32)) for points in (one, other))
    least = min(cv2.contourArea(first), cv2.contourArea(second))
    if least <= 0:
        return False
    common, _ = cv2.intersectConvexConvex(first, second)
    return bool(common >= COMMON_PART * least)


def _flip(width: int) -> Matrix:
    return np.array([[-1, 0, width - 1], [0, 1, 0], [0, 0, 1]], np.float64)


def _unmirrored(alignment: Alignment, width: int) -> Matrix:
    return np.asarray(alignment.matrix @ _flip(width) if alignment.mirrored else alignment.matrix, np.float64)


def _alignment(way: Matrix, size: tuple[int, int]) -> Alignment:
    """A way as an alignment without points."""
    middle = np.array([[[size[0] / 2, size[1] / 2]]]) + np.array([[[0.0, 0.0], [1.0, 0.0], [0.0, 1.0]]])
    at = cv2.perspectiveTransform(middle, way)[0]
    across, down = at[1] - at[0], at[2] - at[0]
    mirrored = bool(across[0] * down[1] - across[1] * down[0] < 0)
    none = np.zeros((0, 2), np.float32)
    matrix = np.asarray(way @ _flip(size[0]) if mirrored else way, np.float64)
    return Alignment(matrix=matrix, mirrored=mirrored, left_points=none, right_points=none, inliers=0)


def _grid(size: tuple[int, int]) -> NDArray[np.float32]:
    across, down = np.meshgrid(np.linspace(0.2, 0.8, 4) * size[0], np.linspace(0.2, 0.8, 4) * size[1])
    return np.column_stack([across.ravel(), down.ravel()]).astype(np.float32)


def _apart(one: Matrix, other: Matrix, points: NDArray[np.float32], size: tuple[int, int]) -> float:
    """The median distance between where two matrices take the points, as a share of the diagonal."""
    at = points[None].astype(np.float64)
    apart = np.linalg.norm(cv2.perspectiveTransform(at, one)[0] - cv2.perspectiveTransform(at, other)[0], axis=1)
    distance = float(np.median(apart)) / float(np.hypot(*size))
    return distance if np.isfinite(distance) else float("inf")
