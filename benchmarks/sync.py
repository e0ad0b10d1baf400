"""Two recordings of one event: how often their offset is found by sound, how exactly, and what unrelated ones give.

    python benchmarks/sync.py [--half tuning|test] [--out benchmarks/results/sync.md]

One sound is recorded by two simulated phones: other bands, other rooms, each with its own noise; they overlap by 60 to
100 of 100. Simulated, with one source at one place: a crowd has several, so expect more refusals.
"""

from __future__ import annotations

import argparse
import time
from pathlib import Path

import numpy as np
from clips_sound import marks, sources
from clips_sources import SOUND_RATE
from scipy import signal

from verifier.audio.sync import Offset, Points, offset_between
from verifier.hashing.sound.landmarks import FRAME_SECONDS, RATE, Landmarks

CONDITIONS = {"30 dB": (30, 0.15), "10 dB": (10, 0.25), "5 dB": (5, 0.25), "0 dB": (0, 0.3), "-3 dB": (-3, 0.8)}


def phone(
    sound: np.ndarray, chance: np.random.Generator, noise_db: float, low: float, high: float, room: float
) -> np.ndarray:
    """What a device writes: its band, a room that rings for so many seconds, its own coloured noise."""
    band = signal.butter(2, [low, high], "band", fs=RATE, output="sos")
    count = int(room * RATE)
    ringing = chance.normal(size=count) * np.exp(-6.9 * np.arange(count) / count)
    ringing[0] = 3
    heard = signal.fftconvolve(signal.sosfilt(band, sound), ringing / np.linalg.norm(ringing))[: len(sound)]
    noise = signal.lfilter([1], [1, -0.9], chance.normal(size=len(heard)))
    loud = np.sqrt((heard**2).mean()) + 1e-9
    return np.clip(0.1 * (heard / loud + noise / noise.std() * 10 ** (-noise_db / 20)), -1, 1).astype(np.float32)


def points(one: Landmarks) -> Points:
    return Points(start=one.start, frame=one.frame, band=one.bin, frame_seconds=FRAME_SECONDS)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--half", choices=("tuning", "test"), default="test")
    parser.add_argument("--samples", type=Path, default=Path(__file__).parents[2] / "shared" / "samples")
    parser.add_argument("--out", type=Path)
    options = parser.parse_args()
    chance = np.random.default_rng(5)
    sounds = {n: s for n, s in sources(options.half, options.samples).items() if len(s) >= 10 * SOUND_RATE}
    rows = [
        f"## Two recordings of one event, {options.half} half", "",
        f"{len(sounds)} sounds of 10 to 20 s. Steady rain and near silence among them can tell no time.", "",
        "| noise of each | offset right (within 0.1 s) | of these clear | wrong | refused | error, median and 90 % ms "
        "| false of unrelated |",
        "|---|---|---|---|---|---|---|",
    ]  # fmt: skip
    spent, asked = 0.0, 0
    for condition, (noise_db, room) in CONDITIONS.items():
        pairs: dict[str, tuple[Points, Points, float]] = {}
        for name, sound in sounds.items():
            plain = signal.resample_poly(sound, 160, 441)
            first = phone(plain, chance, noise_db, 200, 3400, room)
            second = phone(plain, chance, noise_db, 300, 5000, 0.7 * room)
            later = float(chance.uniform(0, 0.4 * len(plain) / RATE))
            cut = first[: int(0.85 * len(first))], second[int(later * RATE) :]
            pairs[name] = (points(marks(cut[0])), points(marks(cut[1])), -later)
        begun = time.process_time()
        found = {name: offset_between(one, other) for name, (one, other, _) in pairs.items()}
        false: list[Offset] = []
        for name, (one, _, _) in pairs.items():
            answers = (offset_between(one, pairs[other][1]) for other in pairs if other != name)
            false += [answer for answer in answers if answer is not None]
        spent, asked = spent + time.process_time() - begun, asked + len(pairs) ** 2
        apart = {name: abs(one.seconds - pairs[name][2]) for name, one in found.items() if one is not None}
        right = [error for error in apart.values() if error < 0.1]
        clear = sum(1 for name, one in found.items() if one is not None and one.is_sure and apart[name] < 0.1)
        errors = f"{1e3 * np.median(right):.0f}, {1e3 * np.percentile(right, 90):.0f}" if right else "–"
        rows.append(
            f"| {condition} | {len(right)}/{len(pairs)} | {clear} | {len(apart) - len(right)} "
            f"| {len(pairs) - len(apart)} | {errors} | {len(false)} of {len(pairs) * (len(pairs) - 1)} |"
        )
    rows += ["", f"CPU: {1e3 * spent / asked:.1f} ms a pair."]
    text = "\n".join(rows) + "\n"
    print(text)
    if options.out:
        options.out.write_text(text, encoding="utf-8")


if __name__ == "__main__":
    main()
