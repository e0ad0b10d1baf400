from __future__ import annotations

import numpy as np
import pytest

from verifier.hashing.clips.align import SPEEDS, Votes, lines, strongest


def votes_of(pairs: list[tuple[int, int]], noise: int = 0, size: int = 120) -> Votes:
    chance = np.random.default_rng(0)
    pairs = pairs + [tuple(pair) for pair in chance.integers(0, size, (noise, 2))]
    query, known = (np.array(column, np.intp) for column in zip(*pairs, strict=True))
    weight = np.concatenate([np.full(len(pairs) - noise, 0.8), np.full(noise, 0.4)]).astype(np.float32)
    return Votes(query=query, known=known, weight=weight)


TIMES = np.arange(120, dtype=np.float32) / 4


@pytest.mark.parametrize("speed", SPEEDS)
def test_a_line_is_found_among_chance_votes(speed: float) -> None:
    pairs = [(i, round(speed * i + 12)) for i in range(4, 40) if speed * i + 12 < 120]
    best = next(iter(lines(votes_of(pairs, noise=100), TIMES, TIMES)))
    assert best.speed == pytest.approx(speed, rel=0.05)
    assert best.shift == pytest.approx(3.0, abs=0.4)
    assert best.begin == pytest.approx(1.0, abs=0.3)


def test_two_parts_of_one_clip_are_two_lines() -> None:
    pairs = [(i, i + 60) for i in range(20)] + [(i, i) for i in range(40, 60)]
    found = sorted((line.begin, line.end, round(line.shift)) for line in lines(votes_of(pairs), TIMES, TIMES))
    assert found == [(0.0, 4.75, 15), (10.0, 14.75, 0)]


def test_an_insert_parts_a_line() -> None:
    pairs = [(i, i) for i in range(20)] + [(i, i) for i in range(40, 60)]
    assert len(list(lines(votes_of(pairs), TIMES, TIMES))) == 2


def test_few_votes_make_no_line() -> None:
    assert not list(lines(votes_of([(1, 5), (2, 6)]), TIMES, TIMES))


def test_irregular_presentation_times_are_times() -> None:
    times = np.cumsum(np.random.default_rng(1).uniform(0.1, 0.6, 60)).astype(np.float32)
    pairs = [(i, i) for i in range(60)]
    best = next(iter(lines(votes_of(pairs), times, times + 7)))
    assert best.speed == 1 and best.shift == pytest.approx(7, abs=0.01)


def test_the_heaviest_votes_are_kept() -> None:
    weight = np.random.default_rng(2).random(1000).astype(np.float32)
    numbers = np.arange(1000)
    kept = strongest(numbers, numbers, weight, 50)
    assert len(kept) == 50 and kept.weight.min() >= np.sort(weight)[-50]
