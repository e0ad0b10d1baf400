from __future__ import annotations

import numpy as np
import pytest
from scipy import signal
from scipy.ndimage import maximum_filter

from verifier.audio.sync import Points, offset_between

RATE, HOP = 16_000, 256


def event(seed: int, seconds: float) -> np.ndarray:
    """What happens: tones and knocks at random times."""
    chance = np.random.default_rng(seed)
    sound = np.zeros(int(seconds * RATE))
    for start in np.sort(chance.uniform(0, seconds - 0.5, int(seconds * 8))):
        first, length = int(start * RATE), int(chance.uniform(0.06, 0.4) * RATE)
        tone = np.sin(2 * np.pi * chance.uniform(300, 3200) * np.arange(length) / RATE) * np.hanning(length)
        sound[first : first + length] += chance.uniform(0.3, 1) * tone
    return sound


def recorded(sound: np.ndarray, seed: int, low: float, high: float, noise: float) -> np.ndarray:
    """By one device: its band, its room, its noise."""
    chance = np.random.default_rng(seed)
    band = signal.butter(2, [low, high], "band", fs=RATE, output="sos")
    room = chance.normal(size=RATE // 5) * np.exp(-7 * np.arange(RATE // 5) / (RATE // 5))
    room[0] = 4
    heard = signal.fftconvolve(signal.sosfilt(band, sound), room / np.linalg.norm(room))[: len(sound)]
    heard /= np.sqrt(np.mean(heard**2))
    coloured = signal.lfilter([1], [1, -0.8], chance.normal(size=len(sound)))
    return np.asarray(heard + noise * coloured / coloured.std())


def points(sound: np.ndarray, start: float = 0.0) -> Points:
    """The loudest points of a spectrogram, thirty a second: what any instrument of this kind keeps."""
    _, _, spectrum = signal.stft(sound, RATE, nperseg=1024, noverlap=1024 - HOP, boundary=None, padded=False)
    levels = np.log(np.abs(spectrum[12:240].T) + 1e-9)
    frame, band = np.nonzero(levels == maximum_filter(levels, (7, 15)))
    kept = []
    for second in range(len(levels) * HOP // RATE + 1):
        some = np.flatnonzero(frame * HOP // RATE == second)
        kept.append(some[np.argsort(-levels[frame[some], band[some]])[:30]])
    chosen = np.sort(np.concatenate(kept))
    return Points(
        start=start,
        frame=frame[chosen].astype(np.uint32),
        band=band[chosen].astype(np.uint16),
        frame_seconds=HOP / RATE,
    )


@pytest.mark.parametrize(("later", "noise"), [(3.2, 0.2), (7.9, 0.5), (-4.4, 0.3)])
def test_two_devices_that_heard_one_event_have_an_offset(later: float, noise: float) -> None:
    sound = event(1, 30)
    first, second = (sound, sound[int(later * RATE) :]) if later > 0 else (sound[int(-later * RATE) :], sound)
    one = points(recorded(first, 2, 200, 3400, noise))
    other = points(recorded(second, 3, 350, 6000, noise), start=0.5)
    found = offset_between(one, other)
    assert found is not None
    assert found.seconds == pytest.approx(0.5 - later, abs=max(0.04, found.uncertainty_seconds))
    assert found.uncertainty_seconds < 0.1
    back = offset_between(other, one)
    assert back is not None
    assert back.seconds == pytest.approx(-found.seconds, abs=0.02)


def test_other_events_have_none() -> None:
    devices = [points(recorded(event(seed, 20), seed, 200, 3400, 0.3)) for seed in range(20, 32)]
    assert not [1 for place, one in enumerate(devices) for other in devices[place + 1 :] if offset_between(one, other)]


@pytest.mark.parametrize("kind", ["silence", "noise", "hum", "beat", "melody that comes again"])
def test_what_tells_no_time_is_refused(kind: str) -> None:
    time = np.arange(20 * RATE) / RATE
    again = np.tile(event(5, 2.0), 10)
    made = {
        "silence": np.zeros(len(time)),
        "noise": np.zeros(len(time)),
        "hum": np.sin(2 * np.pi * 440 * time),
        "beat": np.sin(2 * np.pi * 700 * time) * (time % 0.5 < 0.1),
        "melody that comes again": again,
    }[kind]
    devices = [made + np.random.default_rng(seed).normal(size=len(time)) * 0.05 for seed in (1, 2)]
    if kind == "silence":
        empty = Points(start=0, frame=np.zeros(0, np.uint32), band=np.zeros(0, np.uint16), frame_seconds=0.016)
        assert offset_between(empty, points(devices[0])) is None
        return
    assert offset_between(points(devices[0]), points(devices[1][int(3.3 * RATE) :])) is None


def test_a_short_overlap_is_not_enough() -> None:
    sound = event(9, 30)
    one, other = points(sound[: 15 * RATE]), points(sound[12 * RATE :])
    assert offset_between(one, other) is None
