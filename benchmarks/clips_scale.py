"""How long one more clip takes against many known ones, and how much memory they need.

    python benchmarks/clips_scale.py [--clips 1000 10000] [--out benchmarks/results/clips-scale.md]

Known clips of 40 s are made as features, not as files: real features of a drawn clip give small frames; points have
their numbers in another order in every clip, and hashes are random walks from random beginnings, so that frames of one
clip resemble each other as real ones do.
"""

from __future__ import annotations

import argparse
import dataclasses
import resource
import time
from pathlib import Path

import numpy as np
from clips_set import EXHIBIT
from clips_sources import drawn

from verifier.hashing.clips import features as clip_features
from verifier.hashing.clips import fingerprint as frames_fingerprint
from verifier.hashing.clips.features import ClipFeatures
from verifier.hashing.clips.index import keys_of
from verifier.hashing.clips.match import ClipIndex, match_one
from verifier.instruments import Picture, Showing
from verifier.records import Derivative

SECONDS = 40


def seen(frames: np.ndarray) -> dict[str, bytes]:
    showing = Showing(still=False, stored_width=frames.shape[2], stored_height=frames.shape[1])
    viewing = frames_fingerprint.VIEWER.begin(EXHIBIT, showing, {})
    for number, frame in enumerate(frames):
        viewing.see(Picture(grey=frame, offset_seconds=number / 4, number=number))
    return {record.recipe: record.content for record in viewing.conclude() if isinstance(record, Derivative)}


def like(content: dict[str, bytes], seed: int) -> dict[str, bytes]:
    """The same clip with other hashes: a random walk of six bits a frame."""
    chance = np.random.default_rng(seed)
    frames = clip_features.decode_frames(content[clip_features.FRAMES_RECIPE])
    runs = len(frames.wide)
    flips = np.zeros((runs, 256), np.uint8)
    np.put_along_axis(flips, chance.integers(0, 256, (runs, 6)), 1, axis=1)
    bits = np.cumsum(np.vstack([chance.integers(0, 2, (1, 256)), flips[1:]]), axis=0) % 2
    wide = np.packbits(bits.astype(np.uint8), axis=1)
    other = dataclasses.replace(
        frames, wide=wide, low=wide[:, ::4].copy(), wide_box=wide, low_box=wide[:, ::4].copy(),
        quality=np.full(runs, 90, np.uint8), quality_box=np.full(runs, 90, np.uint8),
    )  # fmt: skip
    sift = clip_features.decode_sift(content[clip_features.SIFT_RECIPE])
    pictures = [
        (int(sift.frame[n]), dataclasses.replace(one, descriptors=one.descriptors[:, order]))
        for n, order in ((n, chance.permutation(128)) for n in range(len(sift)))
        for one in [sift.picture(n)]
    ]
    points = clip_features.encode_sift(pictures, sift.width, sift.height)
    return {
        **content,
        clip_features.KEYS_RECIPE: clip_features.encode_keys(keys_of(clip_features.decode_sift(points))),
        clip_features.FRAMES_RECIPE: clip_features.encode_frames(other),
        clip_features.SIFT_RECIPE: points,
    }


def memory_megabytes() -> float:
    status = Path("/proc/self/status").read_text()
    return int(next(line for line in status.splitlines() if line.startswith("VmRSS")).split()[1]) / 1024


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--clips", type=int, nargs="+", default=[1000, 10000])
    parser.add_argument("--out", type=Path)
    options = parser.parse_args()
    whole = np.concatenate([drawn(seed, 20, kind=kind)[::4] for seed, kind in ((31, "pan"), (32, "hand"))])
    real = seen(whole[: SECONDS * 4])
    rows = [
        "## One more clip of 40 s against many", "",
        "| known clips | frames | building by hashes, CPU s | answer by hashes, CPU s | building with points, CPU s "
        "| answer of an unknown clip, CPU s | memory MB |",
        "|---|---|---|---|---|---|---|",
    ]  # fmt: skip
    for count in options.clips:
        before = memory_megabytes()
        known: dict[str, ClipFeatures] = {}
        begun = time.process_time()
        for number in range(count):
            known[f"{number:06d}"] = ClipFeatures(f"{number:06d}", like(real, number))
        known["real"] = ClipFeatures("real", real)
        made = time.process_time() - begun
        begun = time.process_time()
        index = ClipIndex(known)
        built = time.process_time() - begun
        copy = ClipFeatures("~", real)
        begun = time.process_time()
        found = match_one("~", copy, None, index)
        answered = time.process_time() - begun
        assert any("real" in (match.left, match.right) and match.segments for match in found)
        begun = time.process_time()
        index.by_points(copy)
        points = time.process_time() - begun
        stranger = ClipFeatures("?", seen(drawn(33, 20, kind="pan")[::4]))
        begun = time.process_time()
        match_one("?", stranger, None, index)
        unknown = time.process_time() - begun
        frames = sum(len(one.frames.wide) for one in known.values())
        rows.append(
            f"| {count} | {frames} | {built:.1f} | {answered:.2f} | {points:.1f} | {unknown:.2f} "
            f"| {memory_megabytes() - before:.0f} |"
        )
        print(rows[-1], f"(features read in {made:.1f} s)", flush=True)
        del index, known
    rows += ["", f"Peak of the process: {resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024:.0f} MB."]
    print("\n".join(rows))
    if options.out:
        options.out.write_text("\n".join(rows) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
