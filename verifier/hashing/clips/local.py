"""The second stage: crops, pictures in pictures, turns, filmed screens, by local features.

Points of scene-distinct frames say how one frame lies on another (a homography). The two frames were hardly taken at
the same instant, so the small frames around are searched for the instant, and the homography shifted to it; then motion
decides as it does for hashes. A logo that two clips share lays them on one another too, but nothing else agrees.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

import cv2
import numpy as np
from numpy.typing import NDArray

from verifier.hashing.clips.align import Line, Votes
from verifier.hashing.clips.features import ClipFeatures
from verifier.hashing.clips.motion import Laying, Overlay
from verifier.hashing.clips.pair import MIRRORED, UPRIGHT, Laid, Stretch, along, resolved
from verifier.hashing.clips.windows import around
from verifier.hashing.local_features import LocalFeatures

RATIO = 0.8  # of the nearest descriptor's distance to the second nearest's
LEAST_INLIERS = 9
LEAST_CELLS = 5  # parts (of 6 x 6) of the smaller picture that inliers must be spread over
REPROJECTION = 6.0  # pixels of the grey frames
MOST_PAIRS = 24  # of frames that are tried, best first
MOST_LAYINGS = 6
BARREN_LAYINGS = 3  # so many layings, the best by points, along none of which motion agrees a little: no more are tried
HINT_RESIDUAL = 0.4  # what motion must agree by, at the least, to be worth another laying, or the other side's view
AROUND_SECONDS = 1.75  # how far around the known frame the true instant is sought
_CELLS = 6

Matrix = NDArray[np.float64]
Points = NDArray[np.float32]  # (points, 2), pixels


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Pairing:
    """A query frame that lies on a known frame. `homography`: shares of the known frame to shares of the query's.

    `spread`: share of the known frame that the inliers' hull covers; `likeness`: correlation of the small frames.
    """

    mirrored: bool
    seconds: float  # of the query frame
    known_seconds: float
    homography: Matrix
    inliers: int
    spread: float
    likeness: float = 0.0

    def flipped(self) -> Pairing:
        """The same as it is seen from the known clip."""
        turned = np.linalg.inv(self.homography)
        quad = cv2.perspectiveTransform(np.array([[[0.0, 0]], [[1, 0]], [[1, 1]], [[0, 1]]]), self.homography)
        area = abs(float(cv2.contourArea(quad.astype(np.float32))))
        return replace(
            self,
            seconds=self.known_seconds,
            known_seconds=self.seconds,
            homography=turned / turned[2, 2],
            spread=min(1.0, self.spread * area),
        )


def geometry(query: LocalFeatures, known: LocalFeatures) -> tuple[Matrix, int, float] | None:
    """(homography of shares, known to query; inliers; share of the known frame within their hull), or None."""
    found = _points_in_common(query, known)
    return None if found is None else _fitted(*found, (query.width, query.height), (known.width, known.height))


def _points_in_common(query: LocalFeatures, known: LocalFeatures) -> tuple[Points, Points] | None:
    """Points of the known frame and of the query's that are each other's nearest."""
    if min(len(query), len(known)) < LEAST_INLIERS:
        return None
    here, there = _matched(query.descriptors, known.descriptors)
    return known.points[there, :2], query.points[here, :2]


def _fitted(
    source: Points, target: Points, size: tuple[int, int], known_size: tuple[int, int]
) -> tuple[Matrix, int, float] | None:
    if len(source) < LEAST_INLIERS:
        return None
    matrix, mask = cv2.findHomography(source, target, cv2.USAC_MAGSAC, REPROJECTION, maxIters=2000, confidence=0.995)
    if matrix is None or mask is None:
        return None
    good = mask.ravel().astype(bool)
    if good.sum() < LEAST_INLIERS or not _is_sound(np.asarray(matrix, np.float64), *known_size):
        return None
    if min(_cells(source[good], *known_size), _cells_of(target[good])) < LEAST_CELLS:
        return None
    hull = cv2.contourArea(cv2.convexHull(source[good])) / (known_size[0] * known_size[1])
    shares = np.linalg.inv(grid(*size)) @ matrix @ grid(*known_size)
    distinct = len(np.unique(np.rint(source[good] / REPROJECTION), axis=0))
    return np.asarray(shares / shares[2, 2], np.float64), distinct, float(hull)


def grid(width: int, height: int) -> Matrix:
    """From shares of a frame to numbers of pixels, whose centres are whole numbers."""
    return np.array([[width, 0, -0.5], [0, height, -0.5], [0, 0, 1.0]])


def _matched(left: NDArray[np.uint8], right: NDArray[np.uint8]) -> tuple[NDArray[np.intp], NDArray[np.intp]]:
    """Mutual nearest neighbours whose second nearest is clearly farther; squares of RootSIFT's length are constant."""
    here, there = left.astype(np.float32), right.astype(np.float32)
    lengths = np.einsum("ij,ij->i", here, here), np.einsum("ij,ij->i", there, there)
    apart = here @ there.T
    apart *= -2
    apart += lengths[0][:, None]
    apart += lengths[1][None, :]
    np.maximum(apart, 0, out=apart)
    nearest = apart.argmin(axis=1)
    rows = np.arange(len(left))
    least, is_mutual = apart[rows, nearest], apart.argmin(axis=0)[nearest] == rows
    apart[rows, nearest] = np.inf
    good = is_mutual & (least < RATIO**2 * apart.min(axis=1))
    return rows[good], nearest[good]


def _is_sound(matrix: Matrix, width: int, height: int) -> bool:
    """No fold, no mirror, no scale beyond eightfold, perspective within reason."""
    corners = np.array([[[0, 0]], [[width, 0]], [[width, height]], [[0, height]]], np.float64)
    laid = cv2.perspectiveTransform(corners, matrix).reshape(4, 2)
    if not np.isfinite(laid).all():
        return False
    sides = np.roll(laid, -1, axis=0) - laid
    crosses = sides[:, 0] * np.roll(sides, -1, axis=0)[:, 1] - sides[:, 1] * np.roll(sides, -1, axis=0)[:, 0]
    if not (crosses > 0).all():
        return False
    area = float(cv2.contourArea(laid.astype(np.float32))) / (width * height)
    lengths = np.linalg.norm(sides, axis=1)
    opposite = max(lengths[0] / lengths[2], lengths[2] / lengths[0], lengths[1] / lengths[3], lengths[3] / lengths[1])
    return 1 / 40 < area < 40 and float(opposite) < 2.5


def _cells(points: NDArray[np.float32], width: int, height: int) -> int:
    return len(np.unique((points * _CELLS / np.array([width, height], np.float32)).astype(int), axis=0))


def _cells_of(points: NDArray[np.float32]) -> int:
    """Cells of the points' own extent: a picture within a picture is small, but its points must not lie on one line."""
    low, high = points.min(axis=0), points.max(axis=0)
    return len(np.unique(((points - low) * _CELLS / np.maximum(high - low + 1e-3, 1)).astype(int), axis=0))


def local_stretches(query: ClipFeatures, known: ClipFeatures, pairings: list[Pairing]) -> list[Stretch]:
    """Stretches under the layings of some pairings, best first."""
    found: list[Stretch] = []
    for tried, pairing in enumerate(_distinct(pairings), 1):
        here, there = around(query, pairing.seconds), around(known, pairing.known_seconds)
        within = [one for one in pairings if _holds(here, one.seconds) and _holds(there, one.known_seconds)]
        found += _along(here, there, refined(here, there, pairing), within)
        if sum(1 for stretch in found if stretch.grade == 2) >= 2:
            break
        if tried >= BARREN_LAYINGS and not has_hint(found):
            break
    return resolved(found)


def has_hint(found: Sequence[Stretch]) -> bool:
    """Whether motion agrees a little along any stretch."""
    return any(one.agreement.residual >= HINT_RESIDUAL for one in found)


def _holds(clip: ClipFeatures, seconds: float) -> bool:
    return float(clip.frames.times[0]) - 0.01 <= seconds <= float(clip.frames.times[-1]) + 0.01


def pairings_of(query: ClipFeatures, known: ClipFeatures, candidates: list[tuple[bool, int, int]]) -> list[Pairing]:
    """Frames that lie on one another, at the instant that fits best; best first.

    `candidates`: (mirrored, query picture, known picture), to be tried in this order.
    """
    if query.sift is None or known.sift is None:
        return []
    found: list[Pairing] = []
    pooled: dict[bool, list[tuple[Points, Points, int, int]]] = {False: [], True: []}
    for mirrored, first, second in candidates:
        features = query.sift.picture(first)
        common = _points_in_common(features.mirrored() if mirrored else features, known.sift.picture(second))
        if common is None:
            continue
        pooled[mirrored].append((*common, first, second))
        laid = _fitted(*common, _size(query), _size(known))
        if laid is not None:
            found.append(_pairing(query, known, laid, (mirrored, first, second)))
    if not found:  # a small inset has few points in any one picture, but lies in the same place in all
        found = [
            one for mirrored in (False, True) if (one := _pooled(query, known, pooled[mirrored], mirrored=mirrored))
        ]
    found.sort(key=lambda pairing: -pairing.inliers)
    timed = [at_instant(query, known, pairing) for pairing in found[:MOST_PAIRS]]
    return sorted(timed, key=lambda pairing: -pairing.inliers * max(0.0, pairing.likeness))


def _size(clip: ClipFeatures) -> tuple[int, int]:
    return (clip.sift.width, clip.sift.height) if clip.sift is not None else (1, 1)


def _pairing(
    query: ClipFeatures, known: ClipFeatures, laid: tuple[Matrix, int, float], candidate: tuple[bool, int, int]
) -> Pairing:
    homography, inliers, spread = laid
    mirrored, first, second = candidate
    frames = [
        0 if clip.sift is None else int(clip.sift.frame[place]) for clip, place in ((query, first), (known, second))
    ]
    if mirrored:
        homography = np.array([[-1.0, 0, 1], [0, 1, 0], [0, 0, 1]]) @ homography
    return Pairing(
        mirrored=mirrored,
        seconds=float(query.frames.times[frames[0]]),
        known_seconds=float(known.frames.times[frames[1]]),
        homography=homography,
        inliers=inliers,
        spread=spread,
    )


def _pooled(
    query: ClipFeatures, known: ClipFeatures, some: list[tuple[Points, Points, int, int]], *, mirrored: bool
) -> Pairing | None:
    """One laying of all pairs of pictures together; at the pair that has most of its points."""
    if len(some) < 2:
        return None
    laid = _fitted(
        np.concatenate([source for source, *_ in some]),
        np.concatenate([target for _, target, *_ in some]),
        _size(query),
        _size(known),
    )
    if laid is None:
        return None
    pixels = grid(*_size(query)) @ laid[0] @ np.linalg.inv(grid(*_size(known)))

    def near(one: tuple[Points, Points, int, int]) -> int:
        if len(one[0]) == 0:
            return 0
        moved = cv2.perspectiveTransform(one[0][None].astype(np.float64), pixels)[0]
        return int((np.linalg.norm(moved - one[1], axis=1) <= REPROJECTION).sum())

    best = max(some, key=near)
    return _pairing(query, known, laid, (mirrored, best[2], best[3]))


def at_instant(query: ClipFeatures, known: ClipFeatures, pairing: Pairing) -> Pairing:
    """The pairing moved to the known frame near by that fits the query frame best, by correlation of small frames."""
    frame = int(np.abs(query.frames.times - pairing.seconds).argmin())
    near = np.flatnonzero(np.abs(known.frames.times - pairing.known_seconds) <= AROUND_SECONDS)
    return instant_of(query.small[frame], known.small[near], known.frames.times[near], pairing)


def instant_of(
    small: NDArray[np.float32], others: NDArray[np.float32], times: NDArray[np.float32], pairing: Pairing
) -> Pairing:
    """As `at_instant`, of one small frame among some others."""
    rows, columns = others.shape[1:]
    there = grid(columns, rows)
    pixels = grid(small.shape[1], small.shape[0]) @ pairing.homography @ np.linalg.inv(there)
    flags = cv2.INTER_LINEAR | cv2.WARP_INVERSE_MAP
    warped = cv2.warpPerspective(small, pixels, (columns, rows), flags=flags, borderMode=cv2.BORDER_REPLICATE)
    mask = cv2.warpPerspective(np.ones_like(small), pixels, (columns, rows), flags=flags)
    inside = np.argwhere(mask > 0.99)
    if len(inside) < 60:
        return pairing
    (top, left), (bottom, right) = inside.min(axis=0), inside.max(axis=0) + 1
    margin = max(1, min(6, (bottom - top) // 5, (right - left) // 5))
    template = np.ascontiguousarray(warped[top + margin : bottom - margin, left + margin : right - margin])
    if min(template.shape) < 6 or float(template.std()) < 4:
        return pairing
    best, best_place = (-1.0, 0), (0.0, 0.0)
    for number, other in enumerate(others):
        scores = cv2.matchTemplate(other[top:bottom, left:right], template, cv2.TM_CCOEFF_NORMED)
        _, value, _, place = cv2.minMaxLoc(scores)
        if value > best[0]:
            best, best_place = (float(value), number), _between_pixels(np.asarray(scores, np.float32), place)
    value, number = best
    right_by, down_by = best_place[0] - margin, best_place[1] - margin
    shifted = pairing.homography @ np.array([[1, 0, -right_by / columns], [0, 1, -down_by / rows], [0, 0, 1.0]])
    return replace(pairing, homography=shifted, known_seconds=float(times[number]), likeness=value)


def _between_pixels(scores: NDArray[np.float32], place: Sequence[int]) -> tuple[float, float]:
    """The top of the parabola through the best score and its neighbours."""
    exact = []
    for axis, at in ((1, place[0]), (0, place[1])):
        line = scores[place[1], :] if axis == 1 else scores[:, place[0]]
        moved = 0.0
        if 0 < at < len(line) - 1:
            before, middle, after = (float(value) for value in line[at - 1 : at + 2])
            bend = before - 2 * middle + after
            moved = 0.5 * (before - after) / bend if bend < -1e-6 else 0.0
        exact.append(at + max(-0.5, min(0.5, moved)))
    return exact[0], exact[1]


def refined(query: ClipFeatures, known: ClipFeatures, pairing: Pairing) -> Pairing:
    """The laying made as exact as small frames allow (enhanced correlation, Evangelidis and Psarakis 2008)."""
    small = query.small[int(np.abs(query.frames.times - pairing.seconds).argmin())]
    other = known.small[int(np.abs(known.frames.times - pairing.known_seconds).argmin())]
    rows, columns = other.shape
    there = grid(columns, rows)
    pixels = grid(small.shape[1], small.shape[0]) @ pairing.homography @ np.linalg.inv(there)
    flags = cv2.INTER_LINEAR | cv2.WARP_INVERSE_MAP
    warped = cv2.warpPerspective(small, pixels, (columns, rows), flags=flags, borderMode=cv2.BORDER_REPLICATE)
    mask = cv2.warpPerspective(np.full_like(small, 255), pixels, (columns, rows), flags=flags)
    inside = (mask > 250).astype(np.uint8)
    if inside.sum() < 100:
        return pairing
    start = np.eye(2, 3, dtype=np.float32)
    criteria = (cv2.TERM_CRITERIA_EPS | cv2.TERM_CRITERIA_COUNT, 40, 1e-4)
    try:
        value, moved = cv2.findTransformECC(other, warped, start, cv2.MOTION_AFFINE, criteria, inside, 3)
    except cv2.error:  # it does not converge where the two have nothing in common
        return pairing
    if value < pairing.likeness - 0.02 or np.abs(moved - np.eye(2, 3)).max(axis=0)[2] > 4:
        return pairing
    change = np.vstack([moved, [0, 0, 1]]).astype(np.float64)
    return replace(pairing, homography=pairing.homography @ np.linalg.inv(there) @ change @ there)


def _distinct(pairings: list[Pairing]) -> Iterator[Pairing]:
    """The best few that differ in how they lay the frames."""
    corners = np.array([[[0.1, 0.1]], [[0.9, 0.1]], [[0.9, 0.9]], [[0.1, 0.9]]])
    seen: list[NDArray[np.float64]] = []
    for pairing in pairings:
        laid = np.asarray(cv2.perspectiveTransform(corners, pairing.homography), np.float64)
        if any(float(np.abs(laid - other).max()) < 0.015 for other in seen):
            continue
        seen.append(laid)
        yield pairing
        if len(seen) >= MOST_LAYINGS:
            return


def _along(
    query: ClipFeatures, known: ClipFeatures, pairing: Pairing, all_pairings: list[Pairing]
) -> Iterator[Stretch]:
    """Lines under one laying: proposed by motion, and by the pairings themselves."""
    laying = Laying(homography=pairing.homography)
    overlay = Overlay(query.small, known.small, laying)
    if overlay.is_empty:
        return
    times, known_times = query.frames.times, known.frames.times
    laid = Laid(overlay=overlay, laying=laying, turn=MIRRORED if pairing.mirrored else UPRIGHT)
    votes, own = _by_pairings(query, known, pairing, all_pairings)
    yield from along(laid, votes, times, known_times, "local", also=[own])


def _by_pairings(
    query: ClipFeatures, known: ClipFeatures, pairing: Pairing, all_pairings: list[Pairing]
) -> tuple[Votes, Line]:
    """Votes of all pairings of one handedness, and a line of speed 1 through the one."""
    shift = pairing.known_seconds - pairing.seconds
    begin, end = max(0.0, pairing.seconds - 2.5), min(float(query.frames.times[-1]), pairing.seconds + 2.5)
    same = [other for other in all_pairings if other.mirrored == pairing.mirrored]
    first = np.array([np.abs(query.frames.times - other.seconds).argmin() for other in same], np.intp)
    second = np.array([np.abs(known.frames.times - other.known_seconds).argmin() for other in same], np.intp)
    weight = np.array([min(1.0, other.inliers / 25) for other in same], np.float32)
    own = Line(speed=1.0, shift=shift, begin=begin, end=end, frames=1, score=1.0)
    return Votes(query=first, known=second, weight=weight), own
