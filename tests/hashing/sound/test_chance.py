from __future__ import annotations

import numpy as np
import pytest

from verifier.audio.sync import Points, offset_between
from verifier.hashing.sound.chance import coincidence
from verifier.hashing.sound.landmarks import FRAME_SECONDS, PEAKS_PER_SECOND, Landmarks
from verifier.hashing.sound.match import SoundIndex


def peaks(seed: int, seconds: float, bands: tuple[int, int] = (12, 240)) -> Landmarks:
    """Peaks at random, thirty a second."""
    chance = np.random.default_rng(seed)
    count = round(seconds * PEAKS_PER_SECOND)
    frame = np.sort(chance.integers(0, max(1, round(seconds / FRAME_SECONDS)), count))
    return Landmarks(
        start=0.0,
        seconds=seconds,
        level_dbfs=-20,
        loudest_dbfs=-10,
        frame=frame.astype(np.uint32),
        bin=chance.integers(*bands, count).astype(np.uint16),
    )


def with_note(sound: Landmarks, note: Landmarks, at: float) -> Landmarks:
    frame = np.concatenate([sound.frame, note.frame + np.uint32(at / FRAME_SECONDS)])
    order = np.argsort(frame, kind="stable")
    return Landmarks(
        start=0.0,
        seconds=sound.seconds,
        level_dbfs=-20,
        loudest_dbfs=-10,
        frame=frame[order],
        bin=np.concatenate([sound.bin, note.bin])[order],
    )


def test_a_copy_is_far_beyond_chance_and_strangers_are_not() -> None:
    found = coincidence(peaks(1, 20), peaks(1, 20), (0, 20), 0.0)
    assert found is not None and found.significance > 100 and found.share > 0.9 and found.moments > 30
    for seed in range(2, 40):
        other = coincidence(peaks(1, 20), peaks(seed, 20), (0, 20), 0.0, 0.35)
        assert other is not None and other.significance < 3 and other.share < 0.12


def test_one_note_of_a_second_in_two_recordings_lies_in_few_moments() -> None:
    note = peaks(5, 1.0, (60, 90))
    one, other = with_note(peaks(1, 20), note, 4.0), with_note(peaks(2, 20), note, 9.0)
    found = list(SoundIndex({"b": other}).search(one))
    assert all(segment.moments <= 3 for segment in found)


@pytest.mark.parametrize("seconds", [0.0, 0.1, 0.5, 1.0, 2.0, 2.5, 3.0])
@pytest.mark.parametrize("other_seconds", [0.1, 2.5, 30.0])
def test_short_sounds_are_compared_without_a_fault(seconds: float, other_seconds: float) -> None:
    one, other = peaks(1, seconds), peaks(2, other_seconds)
    list(SoundIndex({"b": other}).search(one))
    coincidence(one, other, (0.0, seconds), 0.0)
    points = [
        Points(start=0.0, frame=sound.frame, band=sound.bin, frame_seconds=FRAME_SECONDS) for sound in (one, other)
    ]
    offset_between(*points)
    offset_between(*points[::-1])


def test_sounds_without_one_hash_in_common_share_nothing() -> None:
    assert list(SoundIndex({"b": peaks(2, 5, (200, 240))}).search(peaks(1, 5, (12, 60)))) == []
