"""Small places where one of two pictures shows something else, though all around them agrees.

Local correlation is taken over a window and forgives what is small: a hand that moved, a mark in a corner. Here each
pixel must be found, after the tones are fitted, among its neighbours in the other picture; compression, scaling, blur
and changed contrast leave nothing over that is both large and strong (measured: docs/similarity.md).
"""

from __future__ import annotations

import cv2
import numpy as np

from verifier.hashing.pictures.measures.pixels import Field, Mask, Overlap, toned

REACH = 5  # pixels across, in the work frame: where a pixel may be found in the other picture
LEAST_AREA, LEAST_STRENGTH = 0.001, 60.0  # of the common area; grey levels that its stronger quarter is off by
LEAST_APART, USUAL_FACTOR, MEAN_FACTOR = 10.0, 6.0, 4.0  # grey levels; times the usual and the mean difference
CURVE_STEPS, LEAST_IN_STEP = 32, 12  # steps of the tone curve; pixels that a step needs


def changed_places(laid: Overlap) -> list[Mask]:
    """Masks of the places, largest first. Raises nothing; empty where the pictures are one."""
    square = np.ones((REACH, REACH), np.uint8)
    ground = np.asarray(cv2.erode(laid.common.astype(np.uint8), square, borderValue=0) > 0)
    if not ground.any():
        return []
    left, right = laid.left, laid.right
    straight = np.maximum(
        _apart(toned(left, right, laid.agrees, laid.common), right),
        _apart(toned(right, left, laid.agrees, laid.common), left),
    )
    curved = np.maximum(_apart(_curved(left, right, ground), right), _apart(_curved(right, left, ground), left))
    apart = np.minimum(straight, curved)
    limit = max(LEAST_APART, USUAL_FACTOR * float(np.median(apart[ground])) + MEAN_FACTOR * float(apart[ground].mean()))
    over = np.asarray((apart > limit) & ground)
    opened = cv2.morphologyEx(over.astype(np.uint8), cv2.MORPH_OPEN, np.ones((2, 2), np.uint8))
    _, labels = cv2.connectedComponents(cv2.dilate(opened, np.ones((3, 3), np.uint8)), connectivity=8)
    least = LEAST_AREA * ground.sum()
    places = []
    for number in np.flatnonzero(np.bincount(labels[opened > 0], minlength=1) >= least).tolist():
        place = np.asarray((labels == number) & (opened > 0))
        if float(np.percentile(apart[place], 75)) >= LEAST_STRENGTH:
            places.append(place)
    return sorted(places, key=lambda place: -int(place.sum()))


def _apart(one: Field, other: Field) -> Field:
    """How far each pixel of one lies outside the range of its neighbours in the other, in grey levels."""
    square = np.ones((REACH, REACH), np.uint8)
    low, high = cv2.erode(other, square), cv2.dilate(other, square)
    return np.asarray(np.maximum(np.maximum(low - one, one - high), 0), np.float32)


def _curved(one: Field, other: Field, ground: Mask) -> Field:
    """`one` in the tones of `other`, by a rising curve: gamma and clipping are no straight line."""
    step = 256 // CURVE_STEPS
    steps, values = (one[ground] / step).astype(int).clip(0, CURVE_STEPS - 1), other[ground]
    at = [number for number in range(CURVE_STEPS) if int((steps == number).sum()) >= LEAST_IN_STEP]
    if len(at) < 2:
        return one
    middles = np.maximum.accumulate([float(np.median(values[steps == number])) for number in at])
    return np.asarray(np.interp(one, [(number + 0.5) * step for number in at], middles), np.float32)
