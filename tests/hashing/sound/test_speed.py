from __future__ import annotations

import numpy as np
import pytest

from tests.hashing.drawn_clips import clip, filmed
from tests.hashing.sound.test_landmarks import heard, melody
from verifier.hashing.clips.match import match_all
from verifier.hashing.sound.landmarks import RATE, Landmarks
from verifier.hashing.sound.match import SoundIndex
from verifier.hashing.sound.speed import SPEEDS, at_any_speed, at_speed
from verifier.records import Medium, Relation


def played(samples: np.ndarray, speed: float) -> np.ndarray:
    """Resampled: the pitch moves with the speed."""
    places = np.arange(0, len(samples) - 1, speed)
    return np.interp(places, np.arange(len(samples)), samples).astype(np.float32)


def stretched(seed: int, seconds: float, speed: float) -> np.ndarray:
    """The tones of `melody`, each as much sooner and shorter: the pitch is kept."""
    chance = np.random.default_rng(seed)
    sound = 0.003 * chance.normal(size=int(seconds * RATE))[: int(seconds / speed * RATE)]
    sound = np.resize(sound, int(seconds / speed * RATE))
    for start in np.sort(chance.uniform(0, seconds - 0.4, int(seconds * 9))):
        first, length = int(start / speed * RATE), int(chance.uniform(0.08, 0.35) / speed * RATE)
        time = np.arange(length) / RATE
        tone = 0.15 * np.sin(2 * np.pi * chance.uniform(250, 3200) * time) * np.hanning(length)
        sound[first : first + length] += tone[: len(sound) - first]
    return np.clip(sound, -1, 1).astype(np.float32)


@pytest.mark.parametrize("speed", [0.75, 1.25, 1.5])
@pytest.mark.parametrize("is_pitched", [False, True])
def test_a_faster_or_slower_copy_is_found_with_its_speed(speed: float, is_pitched: bool) -> None:
    whole = melody(1, 24)
    changed = played(whole, speed) if is_pitched else stretched(1, 24, speed)
    begin, end = int(4 / speed * RATE), int(20 / speed * RATE)
    query = heard(changed[begin:end])[0]
    found = at_speed(query, heard(whole)[0], "a", speed * 1.01, is_pitched=is_pitched)
    assert found
    assert all(one.speed == pytest.approx(speed, rel=0.005) and one.is_pitched is is_pitched for one in found)
    assert min(one.known_range[0] for one in found) == pytest.approx(4.0, abs=0.9)
    assert max(one.known_range[1] for one in found) == pytest.approx(20.0, abs=0.9)


@pytest.mark.parametrize("speed", SPEEDS)
def test_other_recordings_agree_at_no_speed(speed: float) -> None:
    known = [heard(melody(seed, 16))[0] for seed in range(10, 14)]
    for seed in range(30, 34):
        query = heard(melody(seed, 16))[0]
        assert not [at_speed(query, one, "k", speed, is_pitched=p) for one in known for p in (False, True)
                    if at_speed(query, one, "k", speed, is_pitched=p)]  # fmt: skip


@pytest.mark.parametrize("kind", ["silence", "noise", "hum", "beat"])
def test_silence_noise_hum_and_a_beat_are_no_copy_at_another_speed(kind: str) -> None:
    def made(seed: int) -> Landmarks:
        chance = np.random.default_rng(seed)
        time = np.arange(16 * RATE) / RATE
        sound = {
            "silence": np.zeros(16 * RATE),
            "noise": 0.1 * chance.normal(size=16 * RATE),
            "hum": 0.2 * np.sin(2 * np.pi * 440 * time) + 0.001 * chance.normal(size=16 * RATE),
            "beat": 0.3 * np.sin(2 * np.pi * 700 * time) * (time % 0.5 < 0.1) + 0.001 * chance.normal(size=16 * RATE),
        }[kind]
        return heard(sound.astype(np.float32))[0]

    one, other = made(1), made(2)
    assert not [s for v in SPEEDS for p in (False, True) for s in at_speed(one, other, "k", v, is_pitched=p)]


def test_without_a_hint_the_usual_speeds_are_tried() -> None:
    known = {str(seed): heard(melody(seed, 20))[0] for seed in range(50, 60)}
    found = at_any_speed(heard(played(melody(53, 20), 1.25))[0], known, SoundIndex(known), "query")
    assert {one.known for one in found} == {"53"}
    assert found[0].speed == pytest.approx(1.25, rel=0.01)


def test_pictures_that_run_faster_have_their_sound_compared_at_that_speed() -> None:
    frames = filmed(21, 20)
    faster = [frames[min(len(frames) - 1, int(number * 1.25))] for number in range(int(len(frames) / 1.25))]
    clips = {"a": clip("a", frames), "b": clip("b", faster)}
    sound = {"a": heard(melody(5, 20))[0], "b": heard(played(melody(5, 20), 1.25))[0]}
    (match,) = match_all(clips, sound)
    assert match.relation is Relation.SAME_PICTURE
    assert match.because["channels"] == "pictures_and_sound_agree"
    assert match.because["sound_pitch"] == "pitch_moved"
    assert match.because["sound_speed"] == pytest.approx(0.8, abs=0.01)  # seconds of b per second of a
    assert {round(one.speed, 1) for one in match.segments if one.medium is Medium.AUDIO} == {0.8}
    sound["b"] = heard(melody(6, 16))[0]
    (match,) = match_all(clips, sound)
    assert match.because["channels"] == "sound_differs_at_that_speed"
    assert not [one for one in match.segments if one.medium is Medium.AUDIO]
