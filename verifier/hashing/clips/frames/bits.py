"""Hashes of a clip's frames as rows of bits, and how they lie when a frame is mirrored or turned.

`wide` is PDQ (32 bytes). `low` is a pHash of 64 bits taken from the same transform: the 8 x 8 lowest coefficients
against their median. It survives crops and overlays that PDQ's finer coefficients do not. Mirrored and turned frames
are made from the stored bits alone: a mirror inverts every second column. The median of the coefficients is nearly
zero, so this errs by a few bits only, and no second set of hashes is stored.
"""

from __future__ import annotations

from functools import cache

import numpy as np
from numpy.typing import NDArray

from verifier.hashing.pdq import Coefficients, Turn

WIDE_BYTES, LOW_BYTES = 32, 8
_LOW_SIDE = 8

Rows = NDArray[np.uint8]


def low_bits(coefficients: Coefficients) -> bytes:
    """64 bits, row by row, of the lowest coefficients."""
    lowest = coefficients[:_LOW_SIDE, :_LOW_SIDE]
    return np.packbits((lowest > np.median(lowest)).ravel()).tobytes()


@cache
def _layout(side: int, is_reversed: bool, turn: Turn) -> tuple[NDArray[np.intp], NDArray[np.uint8]]:
    """Where each bit of the laid frame comes from, and whether it is inverted."""
    place = np.arange(side * side).reshape(side, side)
    inverted = np.zeros((side, side), np.uint8)
    odd = (np.arange(side) % 2 == 0).astype(np.uint8)  # frequencies 1, 3, 5 … change sign in a mirror
    if turn.mirrored:
        inverted = inverted ^ odd[None, :]
    for _ in range(turn.rotation_degrees // 90):
        place, inverted = place.T, inverted.T ^ odd[None, :]
    origin, flip = place.ravel(), inverted.ravel()
    if is_reversed:  # PDQ writes its last coefficient first
        origin, flip = side * side - 1 - origin[::-1], flip[::-1]
    return np.ascontiguousarray(origin, np.intp), np.ascontiguousarray(flip, np.uint8)


def laid(rows: Rows, turn: Turn) -> Rows:
    """Rows of `wide` (n, 32) or `low` (n, 8) bits as they would be with every frame laid as `turn` says."""
    if not turn.mirrored and turn.rotation_degrees == 0:
        return rows
    is_wide = rows.shape[1] == WIDE_BYTES
    origin, flip = _layout(16 if is_wide else _LOW_SIDE, is_wide, turn)
    bits = np.unpackbits(rows, axis=1)[:, origin] ^ flip[None, :]
    return np.packbits(bits, axis=1)


def between(left: Rows, right: Rows) -> NDArray[np.int16]:
    """Hamming distances (left, right) of rows of one width, by one matrix product."""
    width = left.shape[1] * 8
    signs = [np.unpackbits(rows, axis=1).astype(np.float32) * 2 - 1 for rows in (left, right)]
    return np.asarray(np.rint((width - signs[0] @ signs[1].T) / 2), np.int16)
