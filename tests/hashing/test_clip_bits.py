"""Hashes of frames as rows of bits: laid bits against the truth from pixels."""

from __future__ import annotations

import numpy as np
import pytest

from tests.hashing.drawn_clips import filmed
from verifier.hashing.bits import hamming
from verifier.hashing.clips.frames import bits as frame_bits
from verifier.hashing.pdq import TURNS, Turn, pdq


@pytest.mark.parametrize("turn", TURNS, ids=str)
def test_a_laid_hash_is_nearly_the_hash_of_the_laid_frame(turn: Turn) -> None:
    for frame in filmed(3, 2)[::4]:
        found = pdq(frame)
        laid = frame[:, ::-1] if turn.mirrored else frame
        truth = pdq(np.ascontiguousarray(np.rot90(laid, -(turn.rotation_degrees // 90))))
        rows = np.frombuffer(found.bits, np.uint8)[None]
        assert hamming(frame_bits.laid(rows, turn)[0].tobytes(), truth.bits) <= 30
        low = np.frombuffer(frame_bits.low_bits(found.coefficients), np.uint8)[None]
        assert hamming(frame_bits.laid(low, turn)[0].tobytes(), frame_bits.low_bits(truth.coefficients)) <= 12


def test_distances_are_those_of_hamming() -> None:
    rows = np.random.default_rng(0).integers(0, 256, (7, 32)).astype(np.uint8)
    found = frame_bits.between(rows[:3], rows)
    assert all(found[i, j] == hamming(rows[i].tobytes(), rows[j].tobytes()) for i in range(3) for j in range(7))
