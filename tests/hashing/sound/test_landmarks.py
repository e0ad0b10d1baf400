from __future__ import annotations

import numpy as np
import pytest

from tests.hashing.drawn_clips import EXHIBIT, SHOWING
from verifier.errors import Corrupt
from verifier.hashing.sound import landmarks
from verifier.hashing.sound.landmarks import RATE, Landmarks
from verifier.hashing.sound.match import SoundIndex
from verifier.instruments import Sound
from verifier.records import Derivative, Event


def melody(seed: int, seconds: float) -> np.ndarray:
    """Tones that begin at random times: as unlike itself at other times as speech is."""
    chance = np.random.default_rng(seed)
    sound = 0.003 * chance.normal(size=int(seconds * RATE))
    for start in np.sort(chance.uniform(0, seconds - 0.4, int(seconds * 9))):
        first, length = int(start * RATE), int(chance.uniform(0.08, 0.35) * RATE)
        time = np.arange(length) / RATE
        tone = np.sin(2 * np.pi * chance.uniform(250, 3200) * time) * np.hanning(length)
        sound[first : first + length] += 0.15 * tone
    return np.clip(sound, -1, 1).astype(np.float32)


def heard(samples: np.ndarray, start: float = 0.0, block: int = RATE) -> tuple[Landmarks, list[Event]]:
    viewing = landmarks.VIEWER.begin(EXHIBIT, SHOWING, {})
    for first in range(0, len(samples), block):
        viewing.hear(Sound(samples=samples[first : first + block], start_seconds=start + first / RATE))
    records = list(viewing.conclude())
    (content,) = [record.content for record in records if isinstance(record, Derivative)]
    return landmarks.decode(content), [record for record in records if isinstance(record, Event)]


def test_a_part_is_found_where_it_lies() -> None:
    whole = melody(1, 30)
    index = SoundIndex({"a": heard(whole)[0], "b": heard(melody(2, 30))[0]})
    part = 0.5 * whole[int(8.3 * RATE) : int(17.1 * RATE)] + 0.004 * np.random.default_rng(3).normal(
        size=int(17.1 * RATE) - int(8.3 * RATE)
    )
    (segment,) = index.search(heard(part.astype(np.float32))[0])
    assert segment.known == "a"
    assert segment.offset == pytest.approx(8.3, abs=0.03)
    assert segment.query_range == pytest.approx((0, 8.8), abs=0.7)


def test_time_counts_from_the_first_picture() -> None:
    sound = melody(4, 20)
    index = SoundIndex({"a": heard(sound, start=-0.5)[0]})
    (segment,) = index.search(heard(sound, start=1.0)[0])
    assert segment.offset == pytest.approx(-1.5, abs=0.03)


def test_other_recordings_are_not_alike() -> None:
    index = SoundIndex({str(seed): heard(melody(seed, 20))[0] for seed in range(10, 20)})
    assert not [found for seed in range(30, 40) for found in index.search(heard(melody(seed, 20))[0])]


@pytest.mark.parametrize("kind", ["silence", "noise", "hum"])
def test_silence_and_steady_noise_identify_nothing(kind: str) -> None:
    def made(seed: int) -> np.ndarray:
        time = np.arange(15 * RATE) / RATE
        sounds = {
            "silence": np.zeros(15 * RATE),
            "noise": 0.1 * np.random.default_rng(seed).normal(size=15 * RATE),
            "hum": 0.3 * np.sin(2 * np.pi * 400 * time + seed),
        }
        return np.clip(sounds[kind], -1, 1).astype(np.float32)

    index = SoundIndex({"a": heard(made(1))[0]})
    assert not list(index.search(heard(made(2))[0]))


def test_blocks_do_not_matter() -> None:
    sound = melody(5, 25)
    one, other = heard(sound)[0], heard(sound, block=RATE // 3 + 7)[0]
    common = set(zip(one.frame.tolist(), one.bin.tolist(), strict=True)) & set(
        zip(other.frame.tolist(), other.bin.tolist(), strict=True)
    )
    assert len(common) > 0.95 * len(one.frame)


def test_a_hole_and_digital_silence_are_told() -> None:
    sound = melody(6, 10)
    sound[int(4 * RATE) : int(4.4 * RATE)] = 0
    _, events = heard(sound)
    ((begin, end),) = [(event.start_seconds, event.end_seconds) for event in events if event.kind == "sound-gap"]
    assert begin == pytest.approx(4, abs=0.02) and end == pytest.approx(4.4, abs=0.02)


def test_damaged_landmarks_are_refused() -> None:
    content = landmarks.encode(heard(melody(7, 5))[0])
    assert landmarks.decode(content).seconds == pytest.approx(5)
    for end in range(0, len(content), 97):
        with pytest.raises(Corrupt):
            landmarks.decode(content[:end])
