"""Sound at other speeds: copies that FFmpeg made faster or slower, with the pitch kept (atempo) or moved (asetrate).

    python benchmarks/clips_sound.py [--half tuning|test] [--out benchmarks/results/clips-sound.md]

Every copy is asked against every known sound: at its true speed but for one per cent, as pictures would suggest it, and
without a hint (`--deep`). Drawn streets, and the sample sounds that last at least six seconds; AAC at 48 kb/s.
"""

from __future__ import annotations

import argparse
import subprocess
import time
from collections import defaultdict
from pathlib import Path

import imageio_ffmpeg
import numpy as np
from clips_set import EXHIBIT
from clips_sources import SOUND_RATE, heard

from verifier.hashing.sound import landmarks
from verifier.hashing.sound.landmarks import LEAST_HASHES_HEARD, Landmarks
from verifier.hashing.sound.match import SoundIndex
from verifier.hashing.sound.speed import at_any_speed, at_speed
from verifier.instruments import Showing, Sound
from verifier.records import Derivative

SPEEDS = (0.5, 0.75, 0.9, 1.1, 1.25, 1.5, 2.0)
KINDS = ("pitch kept", "pitch moved")
NATURAL = ("ambience", "crowd", "speech", "firework", "animal", "thunder", "music")
SHOWING = Showing(still=False, stored_width=1, stored_height=1)


def converted(sound: np.ndarray, filters: str | None) -> np.ndarray:
    """Through FFmpeg's filters and AAC, float32 at 16 kHz."""
    program = imageio_ffmpeg.get_ffmpeg_exe()
    source = ["-f", "f32le", "-ar", str(SOUND_RATE), "-ac", "1", "-i", "-"]
    change = ["-af", filters] if filters else []
    packed = subprocess.run(
        [program, "-v", "error", *source, *change, "-c:a", "aac", "-b:a", "48k", "-f", "adts", "-"],
        input=sound.astype(np.float32).tobytes(), capture_output=True, check=True,
    )  # fmt: skip
    plain = subprocess.run(
        [program, "-v", "error", "-f", "aac", "-i", "-", "-ac", "1", "-ar", "16000", "-f", "f32le", "-"],
        input=packed.stdout, capture_output=True, check=True,
    )  # fmt: skip
    return np.frombuffer(plain.stdout, np.float32)


def read(path: Path) -> np.ndarray:
    program = imageio_ffmpeg.get_ffmpeg_exe()
    arguments = ["-v", "error", "-i", str(path), "-ac", "1", "-ar", str(SOUND_RATE), "-f", "f32le", "-"]
    return np.frombuffer(subprocess.run([program, *arguments], capture_output=True, check=True).stdout, np.float32)


def marks(samples: np.ndarray) -> Landmarks:
    viewing = landmarks.VIEWER.begin(EXHIBIT, SHOWING, {})
    for first in range(0, len(samples), 16_000):
        viewing.hear(Sound(samples=samples[first : first + 16_000], start_seconds=first / 16_000))
    return next(landmarks.decode(one.content) for one in viewing.conclude() if isinstance(one, Derivative))


def sources(half: str, samples: Path) -> dict[str, np.ndarray]:
    found = {f"street {seed}": heard(seed + (1000 if half == "test" else 0), 14) for seed in range(8)}
    natural = sorted(one for one in (samples / "audio").glob("neg_*") if any(kind in one.name for kind in NATURAL))
    for path in natural[1::2] if half == "test" else natural[::2]:
        sound = read(path)
        if len(sound) >= 6 * SOUND_RATE:
            found[path.stem] = sound[: 20 * SOUND_RATE]
    return found


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--half", choices=("tuning", "test"), default="test")
    parser.add_argument("--samples", type=Path, default=Path(__file__).parents[2] / "shared" / "samples")
    parser.add_argument("--out", type=Path)
    options = parser.parse_args()
    sound = sources(options.half, options.samples)
    known = {name: marks(converted(samples, None)) for name, samples in sound.items()}
    index = SoundIndex(known)
    hinted, free, false = defaultdict(list), defaultdict(list), [0, 0]
    spent, errors, asked = [0.0, 0.0], [], 0
    for name, samples in sound.items():
        for speed in SPEEDS:
            for kind, change in zip(KINDS, (f"atempo={speed}", f"asetrate={round(SOUND_RATE * speed)}"), strict=True):
                query = marks(converted(samples, change + f",aresample={SOUND_RATE}"))
                begun = time.process_time()
                found = {
                    other: [s for p in (False, True) for s in at_speed(query, one, other, 1.01 * speed, is_pitched=p)]
                    for other, one in known.items()
                }
                spent[0] += time.process_time() - begun
                hinted[kind, speed].append(bool(found[name]))
                errors += [abs(one.speed / speed - 1) for one in found[name]]
                false[0] += sum(bool(one) for other, one in found.items() if other != name)
                begun = time.process_time()
                names = {one.known for one in at_any_speed(query, known, index, "?")}
                spent[1] += time.process_time() - begun
                free[kind, speed].append(name in names)
                false[1] += len(names - {name})
                asked += 1
    faint = [name for name, one in known.items() if len(one.frame) < LEAST_HASHES_HEARD]
    pairs = asked * (len(known) - 1)
    rows = [
        f"## Sound at other speeds, {options.half} half", "",
        f"{len(known)} sounds, {asked} copies. With hardly anything to hear (nothing is claimed): {len(faint)}.", "",
        "| copy | speed | found, speed hinted within 1 % | found without a hint |", "|---|---|---|---|",
    ]  # fmt: skip
    for kind in KINDS:
        for speed in SPEEDS:
            one, other = hinted[kind, speed], free[kind, speed]
            rows.append(f"| {kind} | {speed:g} | {sum(one)}/{len(one)} | {sum(other)}/{len(other)} |")
    rows += [
        "",
        f"False among {pairs} unrelated pairs: {false[0]} hinted, {false[1]} without. "
        f"CPU: {1e3 * spent[0] / asked / len(known):.0f} ms a pair and speed, "
        f"{1e3 * spent[1] / asked:.0f} ms a query without a hint. "
        f"Speed found within {100 * float(np.percentile(errors, 90)):.2f} % in 90 of 100.",
    ]
    text = "\n".join(rows) + "\n"
    print(text)
    if options.out:
        options.out.write_text(text, encoding="utf-8")


if __name__ == "__main__":
    main()
