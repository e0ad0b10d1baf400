from __future__ import annotations

import numpy as np
import pytest

from tests.hashing.drawn_clips import EXHIBIT, SHOWING
from verifier.audio import impulses
from verifier.audio.impulses import MOST_A_MINUTE, RATE
from verifier.instruments import Sound
from verifier.records import Event


def with_reports(times: list[float], seconds: float, noise: float = 0.01) -> np.ndarray:
    chance = np.random.default_rng(0)
    sound = noise * chance.normal(size=int(seconds * RATE))
    for at in times:
        first = int(at * RATE)
        decay = np.exp(-np.arange(int(0.15 * RATE)) / (0.02 * RATE))
        sound[first : first + len(decay)] += 0.8 * chance.normal(size=len(decay)) * decay
    return np.clip(sound, -1, 1).astype(np.float32)


def heard(samples: np.ndarray, start: float = 0.0) -> list[Event]:
    viewing = impulses.VIEWER.begin(EXHIBIT, SHOWING, {})
    for first in range(0, len(samples), RATE):
        viewing.hear(Sound(samples=samples[first : first + RATE], start_seconds=start + first / RATE))
    return [record for record in viewing.conclude() if isinstance(record, Event)]


def test_sharp_reports_are_found_where_they_are() -> None:
    times = [3.0, 7.5, 31.9, 34.05, 61.2]
    found = [event for event in heard(with_reports(times, 70), start=-0.25) if event.kind == "impulse"]
    best = sorted(found, key=lambda event: -(event.score or 0))[: len(times)]
    assert sorted(event.start_seconds for event in best) == pytest.approx([at - 0.25 for at in times], abs=0.02)


def test_steady_noise_and_silence_have_none() -> None:
    assert not heard(with_reports([], 20))
    assert not heard(np.zeros(20 * RATE, np.float32))


def test_an_even_burst_has_a_rate_and_an_uneven_one_has_none() -> None:
    even = [5 + 0.1 * number for number in range(6)]
    (burst,) = [event for event in heard(with_reports(even, 12)) if event.kind == "burst"]
    assert burst.measures["a_minute"] == pytest.approx(600, rel=0.06)
    uneven = [5, 5.08, 5.3, 5.37, 5.6]
    (burst,) = [event for event in heard(with_reports(uneven, 12)) if event.kind == "burst"]
    assert burst.measures["a_minute"] is None


def test_no_more_than_twenty_a_minute_are_kept() -> None:
    times = list(np.arange(1, 59, 0.4))
    found = [event for event in heard(with_reports(times, 60)) if event.kind == "impulse"]
    assert len(found) == MOST_A_MINUTE


def test_nothing_is_called_a_gunshot() -> None:
    for event in heard(with_reports([3.0, 3.1, 3.2, 9.0], 12)):
        told = " ".join([event.kind, *event.measures])
        assert "gun" not in told and "shot" not in told


def test_a_hole_in_time_makes_no_event() -> None:
    samples = with_reports([], 20, noise=0.02)
    viewing = impulses.VIEWER.begin(EXHIBIT, SHOWING, {})
    viewing.hear(Sound(samples=samples[: 5 * RATE], start_seconds=0.0))
    viewing.hear(Sound(samples=samples[5 * RATE :], start_seconds=9.0))
    assert not list(viewing.conclude())
