"""Processor time of examining recordings in a guarded worker, against PyAV decoding every frame and doing nothing else.

    python benchmarks/decode.py [--quick] [--out benchmarks/results/decode.md]

Ten clips of 1080p are made first (moving texture, some H.264 and some HEVC, 30 s each; 5 s with --quick). Start-up of
the worker is not counted. Both sides use one thread and read the same files, warm.
"""

from __future__ import annotations

import argparse
import fractions
import hashlib
import resource
import sys
import tempfile
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import av
import numpy as np

from verifier.executors.local import LocalExecutor
from verifier.instruments import Job
from verifier.records import Exhibit, Kind

FIRST_INSTRUMENTS = 1.15  # times bare decoding: without fingerprints of frames
ALL_INSTRUMENTS = {1080: 1.25, 480: 2.0}  # by lines
SIZES, RATE = {1080: (1920, 1080), 480: (848, 480)}, 30  # by lines
Size = tuple[int, int]


def seconds_used(who: int) -> float:
    used = resource.getrusage(who)
    return used.ru_utime + used.ru_stime


def texture(seed: int, size: Size) -> np.ndarray:
    """uint8 (rows, columns): noise at four scales, larger than a frame, so that it can be panned over."""
    width, height = size
    chance = np.random.default_rng(seed)
    rows, columns = height + 320, width + 640
    total = np.zeros((rows, columns), np.float32)
    for step, weight in ((4, 20), (16, 40), (64, 60), (256, 60)):
        coarse = chance.random((rows // step + 2, columns // step + 2), dtype=np.float32) - 0.5
        total += weight * np.kron(coarse, np.ones((step, step), np.float32))[:rows, :columns]
    return np.clip(total + 128, 0, 255).astype(np.uint8)


BITS_A_PIXEL = {"libx264": 5.8, "libx265": 3.9}  # and second: 12 and 8 Mb/s at 1080 lines
MADE_SECONDS = 5  # what is encoded; a longer clip repeats its packets, each time from a key frame


def make_clip(path: Path, codec: str, seconds: float, seed: int, size: Size) -> None:
    """A moving scene. Encoding is dear, so a part is encoded and its packets are repeated with later times."""
    with av.open(str(path), "w", format="mp4") as container:
        video = container.add_stream(codec, rate=RATE, options={"preset": "veryfast", "x265-params": "log-level=none"})
        video.width, video.height, video.pix_fmt = *size, "yuv420p"
        video.bit_rate = round(BITS_A_PIXEL[codec] * size[0] * size[1])
        audio = container.add_stream("aac", rate=48000, layout="stereo")
        packets = [packet for frame in moving(seed, size) for packet in video.encode(frame)] + video.encode(None)
        for turn in range(round(seconds / MADE_SECONDS)):
            for packet in packets:
                container.mux(_later(packet, turn * MADE_SECONDS, video))
        count = round(seconds * 48000)
        signal = (np.random.default_rng(seed).standard_normal((2, count)) * 0.05).astype(np.float32)
        for start in range(0, count, 1024):
            block = np.ascontiguousarray(signal[:, start : start + 1024])
            sound = av.AudioFrame.from_ndarray(block, format="fltp", layout="stereo")
            sound.sample_rate, sound.pts = 48000, start
            container.mux(audio.encode(sound))
        container.mux(audio.encode(None))


def _later(packet: av.Packet, seconds: int, stream: av.VideoStream) -> av.Packet:
    """A copy, because muxing changes a packet's times."""
    copy, shift = av.Packet(bytes(packet)), round(seconds / packet.time_base)
    copy.pts, copy.dts, copy.duration = packet.pts + shift, packet.dts + shift, packet.duration
    copy.time_base, copy.is_keyframe, copy.stream = packet.time_base, packet.is_keyframe, stream
    return copy


def moving(seed: int, size: Size) -> Iterator[av.VideoFrame]:
    """Texture that is panned over, a negative patch that moves the other way, and fresh noise."""
    (width, height), chance = size, np.random.default_rng(seed)
    ground = texture(seed, size)
    for number in range(MADE_SECONDS * RATE):
        x, y = (number * 3) % 640, (number * 2) % 320
        luma = ground[y : y + height, x : x + width].copy()
        left = (number * 11) % (width - 240)
        luma[300:700, left : left + 240] = 255 - luma[300:700, left : left + 240]
        noise = chance.integers(0, 6, (height // 4, width // 4), np.uint8).repeat(4, 0).repeat(4, 1)
        planes = np.full((height * 3 // 2, width), 128, np.uint8)
        planes[:height] = np.minimum(luma, 249) + noise
        frame = av.VideoFrame.from_ndarray(planes, format="yuv420p")
        frame.pts, frame.time_base = number, fractions.Fraction(1, RATE)
        yield frame


def decode_only(path: Path) -> int:
    with av.open(str(path)) as container:
        video = container.streams.video[0]
        video.thread_type, video.codec_context.thread_count = "NONE", 1
        return sum(1 for _ in container.decode(video))


def job(path: Path, instruments: tuple[str, ...]) -> Job:
    content = path.read_bytes()
    subject = Exhibit(
        id=hashlib.sha256(content).hexdigest(),
        sha512="",
        size=len(content),
        kind=Kind.VIDEO,
        media_type="video/mp4",
    )
    return Job(exhibit=subject, path=str(path), instruments=instruments)


def main() -> None:
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--quick", action="store_true")
    options.add_argument("--out", type=Path)
    options.add_argument("--clips", type=Path, help="folder in which the clips are kept for the next run")
    options.add_argument("--lines", type=int, choices=sorted(SIZES), default=1080)
    options.add_argument("--count", type=int, help="how many clips")
    options.add_argument("--without", default="", help="comma-separated instruments to leave out")
    given = options.parse_args()
    seconds, count = (5.0, 4) if given.quick else (30.0, 10)
    count = given.count or count
    lines = []
    with tempfile.TemporaryDirectory() as name:
        folder = given.clips or Path(name)
        folder.mkdir(exist_ok=True)
        clips: dict[str, list[Path]] = {"libx264": [], "libx265": []}
        for number in range(count):
            codec = "libx264" if number % 2 == 0 else "libx265"
            path = folder / f"{number}"
            if not path.exists():
                make_clip(path, codec, seconds, number, SIZES[given.lines])
            clips[codec].append(path)
            print(f"made {number + 1} of {count}", file=sys.stderr)
        executor = LocalExecutor(workers=1, vault_root=folder)
        accepting = tuple(
            entry.name
            for entry in executor.catalogue.values()
            if Kind.VIDEO in entry.accepts and (entry.media_types is None or "video/mp4" in entry.media_types)
        )
        left_out = set(filter(None, given.without.split(",")))
        instruments = tuple(name for name in accepting if name not in left_out)
        total_base = total_ours = 0.0
        spent: Counter[str] = Counter()
        for codec, paths in clips.items():
            frames, base, ours = 0, 0.0, 0.0
            for path in paths:  # in turns, so that what else the machine does falls on both sides
                before = seconds_used(resource.RUSAGE_SELF)
                frames += decode_only(path)
                base += seconds_used(resource.RUSAGE_SELF) - before
                cost, parts = examined(executor, job(path, instruments), folder)
                ours += cost
                spent.update(parts)
            total_base, total_ours = total_base + base, total_ours + ours
            row = f"{codec.removeprefix('lib')}, {frames} frames", f"{base:.2f}", f"{ours:.2f}", f"{ours / base:.3f}"
            lines.append(f"| {' | '.join(row)} |")
    limit = FIRST_INSTRUMENTS if left_out else ALL_INSTRUMENTS[given.lines]
    parts_text = ", ".join(f"{part} {value:.2f}" for part, value in spent.most_common())
    text = "\n".join(
        [
            f"{count} clips of {seconds:.0f} s, {given.lines}p30, with sound; 2 shared cores, one worker.",
            "",
            "| clips | PyAV decodes all frames, CPU s | examined in the guard, CPU s | ratio |",
            "|---|---|---|---|",
            *lines,
            f"| together (must reach ≤ {limit}) | {total_base:.2f} | {total_ours:.2f} "
            f"| **{total_ours / total_base:.3f}** |",
            "",
            f"Instruments: {', '.join(instruments)}.",
            f"Wall seconds by instrument (viewers: own time and an equal share of the one decode): {parts_text}.",
        ]
    )
    print(text)
    if given.out:
        given.out.write_text("# Examining recordings\n\n" + text + "\n", encoding="utf-8")


def examined(executor: LocalExecutor, clip: Job, folder: Path) -> tuple[float, Counter[str]]:
    """CPU seconds of parent and worker for one clip, less those of a worker that starts and has nothing to do."""
    (folder / "nothing").write_bytes(b"nothing")
    nobody = Exhibit(id="0" * 64, sha512="", size=7, kind=Kind.OTHER, media_type="application/octet-stream")
    start, _ = _cost(executor, Job(exhibit=nobody, path=str(folder / "nothing"), instruments=("nobody",)))
    whole, parts = _cost(executor, clip)
    return whole - start, parts


def _cost(executor: LocalExecutor, one: Job) -> tuple[float, Counter[str]]:
    before = seconds_used(resource.RUSAGE_SELF) + seconds_used(resource.RUSAGE_CHILDREN)
    (outcome,) = executor.run([one])
    after = seconds_used(resource.RUSAGE_SELF) + seconds_used(resource.RUSAGE_CHILDREN)
    assert all(run.result in ("done", "absent") for run in outcome.runs), outcome.faults
    return after - before, Counter({run.instrument: run.elapsed_seconds for run in outcome.runs})


if __name__ == "__main__":
    main()
