"""Small places whose detail is not the same: pixelated, blurred, covered, painted over, put in.

Both pictures are laid together and reduced to one band of detail (a difference of Gaussians). One is brought to the
other's strength of detail as a whole, since compression, scaling and blur take detail from everywhere; then each window
must hold the same detail, with the same strength: s = (2 cov + c) / (var + var + c), the best over small shifts. A
blurred face has lost its detail, a pixelated one has another, a covered one none: s falls there and nowhere else.
"""

from __future__ import annotations

from dataclasses import dataclass

import cv2
import numpy as np

from verifier.hashing.pictures.measures.pixels import Field, Framed, Mask

FINE_SIGMA, COARSE_SIGMA = 1.0, 4.0  # pixels: the band of detail
WINDOW = 11  # pixels
REACH = 2  # pixels: how far a window may have moved
RINGS = tuple(
    [
        (across, down)
        for down in range(-ring, ring + 1)
        for across in range(-ring, ring + 1)
        if max(abs(across), abs(down)) == ring
    ]
    for ring in range(REACH + 1)
)
GROUND_LEVELS = 4.0  # grey levels of detail that say nothing
QUIET, MOST_QUIET = 10, 10.0  # percentile of detail that is taken for noise; grey levels at most
LEAST_DETAIL = 5.0  # grey levels of detail in one picture at least, above what is quiet
UNLIKE, SURELY_UNLIKE = 0.55, 0.4  # s below it all over a place, and somewhere in it; and ...
BELOW_USUAL = 0.35  # ... below the usual s of detailed windows by so much
LEAST_PIXELS, LEAST_SHARE = 24, 0.0003  # of one place: windows' middles, of the common area
SMALLEST = 0.02  # of the common area: nine in ten of such changes were found, fewer smaller ones (docs/similarity.md)
CLIPPED = 12.0  # grey levels from black or white: where the tones of a whole picture end, detail ends too
TONES = 32


@dataclass(frozen=True, slots=True, eq=False)
class Detail:
    """`places`: masks of what is unlike, largest first. `smallest`: least share of the common area that would show."""

    places: tuple[Mask, ...]
    smallest: float
    alike: Field
    judged: Mask


def compared(laid: Framed) -> Detail | None:
    """The detail of both pictures compared; None where there is none."""
    inner = cv2.erode(laid.common.astype(np.uint8), np.ones((WINDOW, WINDOW), np.uint8), borderValue=0) > 0
    if inner.sum() < 4 * WINDOW**2:
        return None
    left, right = _band(laid.left, laid.common), _band(laid.right, laid.common)
    power_left, power_right = _mean(left * left), _mean(right * right)
    strong = inner & (np.minimum(power_left, power_right) > LEAST_DETAIL**2)
    if strong.sum() < WINDOW**2:
        return None
    gain = float(np.sqrt(np.median(power_right[strong] / power_left[strong])))
    left, power_left = left * np.float32(gain), power_left * np.float32(gain**2)
    quiet = min(max(float(np.percentile(side[inner], QUIET)) for side in (power_left, power_right)), MOST_QUIET**2)
    ground = GROUND_LEVELS**2 + 2 * quiet
    told = np.maximum(power_left, power_right) > LEAST_DETAIL**2 + 2 * quiet
    judged = np.asarray(inner & told & ~clipped(laid.left, laid.right, inner))
    best = np.full(left.shape, -1.0, np.float32)
    for ring in RINGS:
        for across, down in ring:
            moved = _moved(right, across, down)
            alike = (2 * _mean(left * moved) + ground) / (power_left + _moved(power_right, across, down) + ground)
            np.maximum(best, alike, out=best)
        if not (judged & (best < UNLIKE)).any():
            break  # no window is left that a farther shift could save
    usual = float(np.median(best[judged])) if judged.any() else 1.0
    limit = min(UNLIKE, usual - BELOW_USUAL)
    unlike = np.asarray(judged & (best < limit))
    places = _places(unlike, np.asarray(best < SURELY_UNLIKE), int(laid.common.sum()))
    smallest = max(SMALLEST, (2 * WINDOW) ** 2 / float(laid.common.sum()))
    return Detail(places=places, smallest=smallest, alike=best, judged=judged)


def clipped(left: Field, right: Field, inner: Mask) -> Mask:
    """Where one picture is black or white because the tones of the whole were moved there: no detail can be left."""
    return np.asarray(_ended(left, right, inner) | _ended(right, left, inner))


def _ended(source: Field, target: Field, inner: Mask) -> Mask:
    steps = (source / (256 / TONES)).astype(int).clip(0, TONES - 1)
    counts = np.bincount(steps[inner], minlength=TONES)
    means = np.bincount(steps[inner], weights=target[inner], minlength=TONES) / np.maximum(counts, 1)
    tones = (np.arange(TONES) + 0.5) * (256 / TONES)
    white = (means >= 255 - CLIPPED) & (means - tones >= CLIPPED / 2)  # white paper is white in both
    black = (means <= CLIPPED) & (tones - means >= CLIPPED / 2)
    ends = (counts >= WINDOW**2) & (white | black)
    return np.asarray(cv2.blur(ends[steps].astype(np.float32), (WINDOW, WINDOW)) >= 0.3)


def _band(side: Field, common: Mask) -> Field:
    ground = common.astype(np.float32)
    filled = (side - side[common].mean()).astype(np.float32) * ground
    fine, coarse = (
        cv2.GaussianBlur(filled, (0, 0), sigma) / np.maximum(cv2.GaussianBlur(ground, (0, 0), sigma), 0.05)
        for sigma in (FINE_SIGMA, COARSE_SIGMA)
    )
    return np.asarray((fine - coarse) * ground, np.float32)


def _mean(field: Field) -> Field:
    return np.asarray(cv2.blur(field, (WINDOW, WINDOW)), np.float32)


def _moved(side: Field, across: int, down: int) -> Field:
    return np.asarray(np.roll(side, (down, across), (0, 1)), np.float32)


def _places(unlike: Mask, surely: Mask, area: int) -> tuple[Mask, ...]:
    opened = cv2.morphologyEx(unlike.astype(np.uint8), cv2.MORPH_OPEN, np.ones((3, 3), np.uint8))
    _, labels = cv2.connectedComponents(cv2.dilate(opened, np.ones((5, 5), np.uint8)), connectivity=8)
    sizes = np.bincount(labels[opened > 0], minlength=1)
    sure = np.bincount(labels[(opened > 0) & surely], minlength=len(sizes))
    numbers = np.flatnonzero((sizes >= max(LEAST_PIXELS, LEAST_SHARE * area)) & (sure > 0)).tolist()
    numbers.sort(key=lambda one: -int(sizes[one]))
    return tuple(np.asarray((labels == one) & (opened > 0)) for one in numbers)
