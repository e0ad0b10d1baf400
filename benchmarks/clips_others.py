"""verify, vPDQ's way and videohash on one set in one run: pair recall, false pairs, segments, CPU.

    pip install --target DIR --no-deps videohash imagedominantcolor yt-dlp
    python benchmarks/clips_others.py --videohash DIR [--half test] [--out benchmarks/results/clips-others.md]

videohash 3.0.1 (MIT) is run as published, on the very files: a 64-bit hash of a whole clip; two clips are alike within
nine bits (its `is_similar`). It wants a program named ffmpeg (the bundled one is linked so) and a constant that Pillow
10 removed (`ANTIALIAS`, now `LANCZOS`, which is restored for it). It tells no segments.
"""

from __future__ import annotations

import argparse
import os
import resource
import sys
import tempfile
from pathlib import Path

import clips_set
import imageio_ffmpeg
import numpy as np
from clips import ours, totals, vpdq_way

SIMILAR_BITS = 9  # int(64 * 15 / 100)


def spent() -> float:
    """CPU seconds of this process and of those it started."""
    return sum(one.ru_utime + one.ru_stime for one in map(resource.getrusage, (0, resource.RUSAGE_CHILDREN)))


class Hashing:
    """videohash of every file that is shown, and the CPU time that it took."""

    def __init__(self, library: Path, folder: Path) -> None:
        (folder / "ffmpeg").symlink_to(imageio_ffmpeg.get_ffmpeg_exe())
        os.environ["PATH"] = f"{folder}:{os.environ['PATH']}"
        sys.path.append(str(library))
        from PIL import Image

        Image.ANTIALIAS = Image.LANCZOS  # type: ignore[attr-defined]
        from videohash import VideoHash

        self._hash = VideoHash
        self.bits: dict[str, int] = {}
        self.failed: list[str] = []
        self.seconds = 0.0

    def __call__(self, name: str, path: Path) -> None:
        begun = spent()
        try:
            found = self._hash(path=str(path))
            self.bits[name] = int(found.hash, 2)
            found.delete_storage_path()
        except Exception as error:  # noqa: BLE001 - another's program: whatever it raises is counted
            self.failed.append(f"{name}: {type(error).__name__}: {error}")
        self.seconds += spent() - begun


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--videohash", type=Path, required=True, help="where it was installed")
    parser.add_argument("--half", choices=("tuning", "test"), default="test")
    parser.add_argument("--each", type=int, default=5)
    parser.add_argument("--samples", type=Path, default=Path(__file__).parents[2] / "shared" / "samples")
    parser.add_argument("--out", type=Path)
    options = parser.parse_args()
    own, looked = 0.0, clips_set.looked_at

    def timed(path: Path) -> clips_set.Content:
        nonlocal own
        begun = spent()
        content = looked(path)
        own += spent() - begun
        return content

    clips_set.looked_at = timed
    with tempfile.TemporaryDirectory() as folder:
        other = Hashing(options.videohash, Path(folder))
        data = clips_set.made(options.half, options.samples, options.each, other)
    files = len(data.known) + len(data.queries)
    pairs = found = false = unrelated = 0
    for query in data.queries:
        truth = {one.source for one in query.pictures}
        for known in data.known:
            near = (other.bits.get(query.name, 0) ^ other.bits.get(known, (1 << 64) - 1)).bit_count() <= SIMILAR_BITS
            near &= query.name in other.bits and known in other.bits
            pairs, found = pairs + (known in truth), found + (near and known in truth)
            unrelated, false = unrelated + (known not in truth), false + (near and known not in truth)
    rows = [
        f"## Clips beside other ways, {options.half} half", "",
        f"{len(data.known)} known recordings, {len(data.queries)} queries; one run. "
        f"{len(other.failed)} of {files} files gave no videohash.", "",
        "| | pairs | pair recall | false pairs of unrelated | segment F1 | features, CPU s a clip "
        "| matching, CPU ms a query |",
        "|---|---|---|---|---|---|---|",
    ]  # fmt: skip
    for scores in (ours(data), vpdq_way(data)):
        one = totals(scores)
        rows.append(
            f"| {scores.name} | {one['pairs']:.0f} | {one['recall']:.3f} | {one['false']:.0f} of {scores.unrelated} "
            f"| {one['F1']:.3f} | {own / files:.2f} | {1e3 * scores.seconds / len(data.queries):.0f} |"
        )
    rows.append(
        f"| videohash 3.0.1 | {pairs} | {found / max(1, pairs):.3f} | {false} of {unrelated} | no segments "
        f"| {other.seconds / files:.2f} | 0 |"
    )
    print("\n".join(other.failed[:5]), file=sys.stderr)
    text = "\n".join(rows) + "\n"
    print(text, np.__version__)
    if options.out:
        options.out.write_text(text, encoding="utf-8")


if __name__ == "__main__":
    main()
