from __future__ import annotations

import tomllib
from pathlib import Path

import numpy as np
import pytest

from tests.hashing.drawn_clips import EXHIBIT, SHOWING
from tests.hashing.sound.test_landmarks import heard, melody
from verifier.audio.sync import Points, offset_between
from verifier.compare import clips, events
from verifier.compare.clips import ClipShelf
from verifier.compare.events import same_events
from verifier.hashing.sound import landmarks
from verifier.hashing.sound.landmarks import FRAME_SECONDS, HIGHEST_BIN, LOWEST_BIN, RATE, Landmarks
from verifier.instruments import Sound
from verifier.media.frames import watch
from verifier.media.source import VaultSource
from verifier.records import Derivative, Medium, Relation, Tier


def listened(path: Path) -> Landmarks:
    """Landmarks of a file, through the decode and the viewer of the product."""
    viewing = landmarks.VIEWER.begin(EXHIBIT, SHOWING, {})
    for shown in watch(VaultSource(path), "video/mp4"):
        if isinstance(shown, Sound):
            viewing.hear(shown)
    return next(landmarks.decode(one.content) for one in viewing.conclude() if isinstance(one, Derivative))


def noisy(sound: np.ndarray, seed: int) -> np.ndarray:
    return (sound + 0.08 * np.random.default_rng(seed).normal(size=len(sound))).astype(np.float32)


def test_the_two_cameras_of_the_demonstration_are_a_second_apart_as_drawn(fixtures: Path) -> None:
    told = tomllib.loads((fixtures / "TRUTH.toml").read_text(encoding="utf-8"))["relative"]
    [pair] = [entry for entry in told if entry["relation"] == "same-event"]
    sound = {side: listened(fixtures / "demo" / pair[side]) for side in ("left", "right")}
    (match,) = same_events(sound, ["left"], set())
    assert (match.relation, match.tier, match.medium) == (Relation.SAME_EVENT, Tier.REVIEW, Medium.AUDIO)
    offset = match.because["offset_seconds"]
    assert isinstance(offset, float)
    assert abs(offset) == pytest.approx(abs(pair["sound_offset_seconds"]), abs=0.05)
    (segment,) = match.segments
    assert segment.left is not None and segment.right is not None
    assert segment.right[0] - segment.left[0] == pytest.approx(offset, abs=0.02)


def test_each_pair_once_and_none_that_is_explained_already() -> None:
    whole = melody(3, 24)
    sound = {"a": heard(noisy(whole, 1))[0], "b": heard(noisy(whole[4 * RATE :], 2))[0], "c": heard(melody(4, 24))[0]}
    found = list(same_events(sound, ["a", "b", "c"], set()))
    assert [(match.left, match.right) for match in found] == [("a", "b")]
    assert found[0].because["offset_seconds"] == pytest.approx(-4, abs=0.04)
    assert not list(same_events(sound, ["c"], set()))
    assert not list(same_events(sound, ["a", "b", "c"], {("a", "b")}))


def test_too_many_for_every_pair_are_led_by_landmarks(monkeypatch: pytest.MonkeyPatch) -> None:
    whole = melody(3, 24)
    sound = {"a": heard(noisy(whole, 1))[0], "b": heard(noisy(whole[4 * RATE :], 2))[0], "c": heard(melody(4, 24))[0]}
    monkeypatch.setattr(events, "MOST_VOTES", 0)
    assert [(match.left, match.right) for match in same_events(sound, ["b"], set())] == [("a", "b")]


def test_one_recording_under_two_names_is_the_same_sound_and_no_event() -> None:
    sound = {"a": heard(melody(6, 20))[0], "b": heard(melody(6, 20)[2 * RATE :])[0]}
    shelf = ClipShelf(derivatives={}, read=lambda name: b"")
    steps: list[int] = []
    found = clips.match_new(shelf, sound, ["a", "b"], (), lambda: steps.append(1), deep=False)
    assert [match.relation for match in found] == [Relation.SAME_AUDIO]
    assert len(steps) == 2


@pytest.mark.parametrize("lengths", [(0.5, 0.5), (1.0, 2.5), (2.5, 2.5), (2.5, 24.0), (3.0, 3.0), (0.1, 24.0)])
def test_short_sounds_are_compared_like_long_ones(lengths: tuple[float, float]) -> None:
    """Offsets of two notes of seconds are fewer than those that chance is measured on."""
    whole = melody(3, 24)
    one, other = (noisy(whole[: round(seconds * RATE)], number) for number, seconds in enumerate(lengths))
    sound = {"a": heard(one)[0], "b": heard(other)[0]}
    assert not [match for match in same_events(sound, ["a", "b"], set()) if min(lengths) < 3]


def test_any_few_points_have_an_offset_or_none() -> None:
    chance = np.random.default_rng(5)
    for frames in (1, 2, 60, 100, 190, 400):
        for count in (0, 1, 59, 60, 200):
            made = [
                Points(
                    start=0.0,
                    frame=np.sort(chance.integers(0, frames, count)).astype(np.uint32),
                    band=chance.integers(LOWEST_BIN, HIGHEST_BIN, count).astype(np.uint16),
                    frame_seconds=FRAME_SECONDS,
                )
                for _ in range(2)
            ]
            offset_between(made[0], made[1])
