"""Usual frames, usual levels, and gain and offset, against their definitions."""

from __future__ import annotations

import numpy as np
import pytest

from verifier.hashing.clips.frames.levels import correlation, fitted, row_likeness, usual_frame, usual_level


@pytest.mark.parametrize("shape", [(1, 1), (1, 7), (2, 5), (7, 1), (8, 30), (9, 31), (40, 64)])
def test_the_usual_is_the_median_of_odd_and_even_counts(shape: tuple[int, int]) -> None:
    stack = np.random.default_rng(shape[0]).normal(120, 40, shape).astype(np.float32)
    assert np.allclose(usual_frame(stack), np.median(stack, axis=0))
    assert np.allclose(usual_level(stack), np.median(stack, axis=1))


def test_gain_and_offset_are_those_of_most_points() -> None:
    known = np.linspace(20, 200, 100).astype(np.float32)
    query = (1.3 * known - 12).astype(np.float32)
    query[:25] = 255  # under a banner
    gain, offset = fitted(known, query)
    assert gain == pytest.approx(1.3, abs=1e-3)
    assert offset == pytest.approx(-12, abs=0.1)


def test_a_flat_picture_has_no_gain() -> None:
    flat = np.full(50, 90, np.float32)
    assert fitted(flat, np.linspace(0, 255, 50).astype(np.float32)) == (1.0, 0.0)


def test_correlations_are_those_of_the_formula() -> None:
    chance = np.random.default_rng(3)
    left, right = (chance.normal(0, 30, (6, 50)).astype(np.float32) for _ in range(2))
    cosines = [float(a @ b / np.sqrt((a @ a) * (b @ b))) for a, b in zip(left, right, strict=True)]
    assert np.allclose(row_likeness(left, right), cosines, atol=1e-5)
    whole = float((left * right).sum() / np.sqrt((left**2).sum() * (right**2).sum()))
    assert correlation(left[:, ::2], right[:, ::2]) != correlation(left, right)
    assert correlation(left, right) == pytest.approx(whole, abs=1e-5)
    assert correlation(left * 0, right) == 0
