"""Whether the writing of two pictures that lie on one another is the same: posts, forms, receipts, subtitles.

At 256 pixels lines of text are equal bars, whatever they say. Here the pictures are laid together as fine as they were
kept; the running mean of each row is taken out, so that letters remain and lines do not; and each window of writing
must be found again, moved by at most a few pixels. It is asked only of pictures that are mostly flat ground with
strokes.
"""

from __future__ import annotations

from dataclasses import dataclass

import cv2
import numpy as np

from verifier.hashing.pictures.measures.pixels import Field, Framed, Mask, Overlap

ROW_MEAN = 61  # pixels: the running mean that is taken out of each row
WINDOW = (31, 9)  # pixels across and down: some letters of one line
COARSE_WINDOW, COARSE_REACH = (61, 31), 3  # at half the size: how far the pictures may be off, place by place
SHIFTS_ACROSS, SHIFTS_DOWN = (-2, -1, 0, 1, 2), (-1, 0, 1)
ALIKE, UNLIKE = 0.65, 0.45  # correlation of a window: found again; other letters, and not bad compression
LEAST_CONTRAST = 8.0  # grey levels of standard deviation of a window with writing, of either picture
FLAT = 4.0  # grey levels between the lightest and the darkest of a flat place, beyond what noise makes
LEAST_GROUND = 0.38  # of the common area: flat ground
FEW_TONES = 0.70  # of the common area: in the three commonest tones (of 12 grey levels each), as drawn pages are
ROUGHLY = 0.5  # the same where strokes are blurred by reduction
PAPER_LEVELS = 45.0  # grey levels of light and shade on paper
PAPER, NEAR_LEVELS, NEAR = 110.0, 6.0, 0.70  # a filmed page: median tone, and share near the tone of its surroundings
STEEP, LEAST_STEEP = 0.12, 0.10  # of the picture's range of tones, from pixel to pixel; share of windows with writing
LEAST_WRITING, MOST_WRITING = 0.02, 0.9  # of the common area: windows with writing; bricks are everywhere
SMALLEST = 0.005  # of the common area: an entry of one line
LEAST_PLACE = 0.0006  # of the common area: differing writing in one place


@dataclass(frozen=True, slots=True, eq=False)
class Writing:
    """`same`: share of the writing that is found again. `places`: masks of what is not, largest first.

    `replaced`: share of what is not found again where both pictures have writing; elsewhere one has something added.
    """

    same: float
    replaced: float
    places: tuple[Mask, ...]


def is_page(laid: Framed) -> bool:
    """Whether both pictures are mostly flat ground, and one of them is a drawn or filmed page with steep strokes."""
    sides = laid.left[laid.common], laid.right[laid.common]
    if not len(sides[0]) or min(_ground(side, laid.common) for side in (laid.left, laid.right)) < LEAST_GROUND:
        return False
    return any(
        (_is_drawn(tones) or _is_paper(side, tones)) and _has_strokes(side, tones, laid.common)
        for side, tones in zip((laid.left, laid.right), sides, strict=True)
    )


def may_be_page(laid: Overlap) -> bool:
    """Whether it is worth while to lay two pictures together so finely: by the tones of the work frame."""
    sides = [np.asarray(side[laid.common], np.float32) for side in (laid.left, laid.right)]
    return any(len(tones) and (_is_drawn(tones, ROUGHLY) or _is_flat(tones)) for tones in sides)


def _is_flat(tones: Field) -> bool:
    """Paper that was filmed: light, and half of it within a few steps of its own median."""
    middle = float(np.median(tones))
    return middle >= PAPER and float((np.abs(tones - middle) <= PAPER_LEVELS).mean()) >= 0.5


def _is_drawn(tones: Field, few: float = FEW_TONES) -> bool:
    counts = np.bincount((tones / 4).astype(int).clip(0, 63), minlength=64).astype(float) / len(tones)
    together = 0.0
    for _ in range(3):
        around = np.convolve(counts, np.ones(3), "same")
        peak = int(around.argmax())
        together += float(around[peak])
        counts[max(0, peak - 1) : peak + 2] = 0
    return together >= few


def _is_paper(side: Field, tones: Field) -> bool:
    if float(np.median(tones)) < PAPER:
        return False
    small = cv2.resize(np.clip(side, 0, 255).astype(np.uint8), None, fx=0.5, fy=0.5, interpolation=cv2.INTER_AREA)
    return float((cv2.absdiff(small, cv2.medianBlur(small, 21)) <= NEAR_LEVELS).mean()) >= NEAR


def _has_strokes(side: Field, tones: Field, common: Mask) -> bool:
    low, high = np.percentile(tones, (0.5, 99.5))
    written = (_spread(_letters(side, common)) >= LEAST_CONTRAST) & common
    across = np.abs(cv2.Sobel(side, cv2.CV_32F, 1, 0, ksize=1))
    return bool(written.any()) and float((across[written] > STEEP * max(40.0, high - low)).mean()) >= LEAST_STEEP


def _ground(side: Field, common: Mask) -> float:
    square = np.ones((5, 5), np.uint8)
    smooth = cv2.GaussianBlur(side, (0, 0), 0.8)
    spread = cv2.dilate(smooth, square) - cv2.erode(smooth, square)
    usual = float(np.percentile(spread[common], 20))
    return float((spread[common] <= FLAT + 1.5 * usual).mean())


def compared(laid: Framed) -> Writing | None:
    """The writing of both pictures compared; None where there is none on flat ground."""
    if not is_page(laid):
        return None
    left, right = (_letters(side, laid.common) for side in (laid.left, laid.right))
    right = _brought_near(left, right)
    spread_left, spread_right = _spread(left), _spread(right)
    inner = cv2.erode(laid.common.astype(np.uint8), np.ones((11, 33), np.uint8), borderValue=0) > 0
    written = np.asarray(inner & (np.maximum(spread_left, spread_right) >= LEAST_CONTRAST))
    if not LEAST_WRITING <= written.sum() / max(1, int(inner.sum())) <= MOST_WRITING:
        return None
    best = np.full(left.shape, -1.0, np.float32)
    for down in SHIFTS_DOWN:
        for across in SHIFTS_ACROSS:
            moved = _moved(right, across, down)
            together = cv2.boxFilter(left * moved, -1, WINDOW)
            np.maximum(best, together / np.maximum(spread_left * _moved(spread_right, across, down), 1.0), out=best)
    other = np.asarray(written & (best < ALIKE))
    places = _places(other, np.asarray(other & (best < UNLIKE)), laid.common)
    in_both = other & (np.minimum(spread_left, spread_right) >= LEAST_CONTRAST)
    replaced = float(in_both.sum() / other.sum()) if other.any() else 0.0
    return Writing(same=1 - float(other.sum() / written.sum()), replaced=replaced, places=places)


def _brought_near(left: Field, right: Field) -> Field:
    """`right` moved, place by place and smoothly, to where it agrees best: an alignment by points is off at edges."""
    half = left.shape[1] // 2, left.shape[0] // 2
    small_left, small_right = (
        np.asarray(cv2.resize(one, half, interpolation=cv2.INTER_AREA), np.float32) for one in (left, right)
    )
    best = np.full(small_left.shape, -np.inf, np.float32)
    found = np.zeros((*small_left.shape, 2), np.float32)
    for down in range(-COARSE_REACH, COARSE_REACH + 1):
        for across in range(-COARSE_REACH, COARSE_REACH + 1):
            together = np.asarray(cv2.blur(small_left * _moved(small_right, across, down), COARSE_WINDOW), np.float32)
            away = np.float32(0.01 * (abs(down) + abs(across)))  # what lies right stays
            together = np.asarray(together - away * np.abs(together), np.float32)
            better = together > best
            np.copyto(best, together, where=better)
            found[better] = (-across, -down)
    moved = cv2.resize(cv2.blur(found, COARSE_WINDOW), left.shape[1::-1], interpolation=cv2.INTER_LINEAR) * 2
    rows, columns = np.mgrid[0 : left.shape[0], 0 : left.shape[1]].astype(np.float32)
    return np.asarray(cv2.remap(right, columns + moved[..., 0], rows + moved[..., 1], cv2.INTER_LINEAR), np.float32)


def _letters(side: Field, common: Mask) -> Field:
    """What stands out from the running mean of its row, taken over the common area only."""
    ground = common.astype(np.float32)
    mean = cv2.blur(side * ground, (ROW_MEAN, 1)) / np.maximum(cv2.blur(ground, (ROW_MEAN, 1)), 1e-3)
    return np.asarray((side - mean) * ground, np.float32)


def _spread(letters: Field) -> Field:
    return np.asarray(np.sqrt(np.maximum(cv2.boxFilter(letters * letters, -1, WINDOW), 0)), np.float32)


def _moved(side: Field, across: int, down: int) -> Field:
    return np.asarray(np.roll(side, (down, across), (0, 1)), np.float32)


def _places(other: Mask, surely: Mask, common: Mask) -> tuple[Mask, ...]:
    joined = cv2.dilate(other.astype(np.uint8), np.ones((9, 31), np.uint8))
    _, labels = cv2.connectedComponents(joined, connectivity=8)
    sizes = np.bincount(labels[surely], minlength=1)
    numbers = np.flatnonzero(sizes >= LEAST_PLACE * common.sum()).tolist()
    return tuple(np.asarray((labels == one) & other) for one in sorted(numbers, key=lambda one: -int(sizes[one])))
