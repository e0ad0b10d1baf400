"""Processor time of the whole `verify ingest`, against the least that any careful tool must spend on the same files.

    python -m benchmarks.ingest [clips] [photos] [--quick] [--clips 10] [--photos 200] [--keep FOLDER] [--out FILE]

Clips: ten of 30 s, 1080p, H.264 and HEVC by turns, against PyAV decoding every frame and no more. Photos: two
hundred of 12 megapixels, against a full Pillow decode, SHA-256, SHA-512 and a copy. The command is run as a person
runs it, all its processes are counted, and what it spends on one tiny picture and one tiny clip (starting, a worker,
imports) is taken off. Three ways: the foundation's first instruments alone, all instruments, and all with comparing
and checking.
"""

from __future__ import annotations

import argparse
import os
import resource
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from benchmarks.decode import decode_only, make_clip
from benchmarks.photos import least, make_photos
from tests.media.making import clip, still

FIRST = "exif,container,pdq,phash,thumbnail"
WAYS: dict[str, list[str]] = {
    "first instruments": ["--no-dedup", "--no-check", "--only", FIRST],
    "all instruments": ["--no-dedup", "--no-check"],
    "all, compared and checked": [],
}
SECONDS = 30.0


@dataclass(frozen=True, kw_only=True)
class Measured:
    """CPU seconds: of the yardstick, and of the whole command by way, its start-up taken off."""

    what: str
    must_reach: float
    base: float
    ours: dict[str, float]
    start: dict[str, float]


def used(who: int) -> float:
    spent = resource.getrusage(who)
    return spent.ru_utime + spent.ru_stime


def ingest(folder: Path, work: Path, more: list[str]) -> float:
    """CPU seconds of the command and all its children."""
    case = work / "case"
    command = [sys.executable, "-m", "verifier", "ingest", str(folder), "--case", str(case), "--quiet", "--jobs", "1"]
    before = used(resource.RUSAGE_CHILDREN)
    environment = {**os.environ, "OMP_NUM_THREADS": "1"}
    done = subprocess.run([*command, *more], stdout=subprocess.DEVNULL, env=environment, check=False)
    after = used(resource.RUSAGE_CHILDREN)
    assert done.returncode == 0, done.returncode
    shutil.rmtree(case)
    return after - before


def measured(
    what: str, must_reach: float, folder: Path, tiny: bytes, work: Path, base: Callable[[Path], object]
) -> Measured:
    nearly_nothing = work / "tiny"
    nearly_nothing.mkdir()
    (nearly_nothing / "one").write_bytes(tiny)
    start = {way: min(ingest(nearly_nothing, work, more) for _ in range(2)) for way, more in WAYS.items()}
    shutil.rmtree(nearly_nothing)
    before = used(resource.RUSAGE_SELF)
    for path in sorted(folder.iterdir()):
        base(path)
    yardstick = used(resource.RUSAGE_SELF) - before
    ours = {}
    for way, more in WAYS.items():
        ours[way] = ingest(folder, work, more) - start[way]
        print(f"{what}: {way}: {ours[way] / yardstick:.3f}", file=sys.stderr)
    return Measured(what=what, must_reach=must_reach, base=yardstick, ours=ours, start=start)


def clips(folder: Path, count: int, seconds: float, work: Path) -> Measured:
    for number in range(count):
        path = folder / f"{number}.mp4"
        if not path.exists():
            make_clip(path, "libx264" if number % 2 == 0 else "libx265", seconds, number)
            print(f"made {number + 1} of {count} clips", file=sys.stderr)
    tiny = clip("mp4", codec="libx264", seconds=1.0)
    return measured(f"{count} clips of {seconds:.0f} s, 1080p", 1.15, folder, tiny, work, decode_only)


def photos(folder: Path, count: int, work: Path) -> Measured:
    if len(list(folder.iterdir())) != count:
        make_photos(folder, count)
    copies = work / "copies"
    copies.mkdir()
    return measured(
        f"{count} JPEGs of 12 megapixels", 1.6, folder, still(), work, lambda path: least(path, copies)
    )  # fmt: skip


def table(results: list[Measured]) -> str:
    lines = [
        "| what | way | yardstick, CPU s | whole ingest, CPU s | start-up (taken off), CPU s | ratio | must reach |",
        "|---|---|---|---|---|---|---|",
    ]
    for result in results:
        for way, cost in result.ours.items():
            ratio = f"**{cost / result.base:.2f}**"
            row = result.what, way, f"{result.base:.1f}", f"{cost:.1f}", f"{result.start[way]:.1f}", ratio
            lines.append(f"| {' | '.join(row)} | {result.must_reach} |")
    return "\n".join(lines)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("what", nargs="*", default=["clips", "photos"])
    parser.add_argument("--quick", action="store_true", help="four clips of 5 s, twenty photos")
    parser.add_argument("--clips", type=int, default=10)
    parser.add_argument("--photos", type=int, default=200)
    parser.add_argument("--keep", type=Path, help="folder in which the made files are kept for the next run")
    parser.add_argument("--out", type=Path)
    given = parser.parse_args()
    of_clips, of_photos, seconds = (4, 20, 5.0) if given.quick else (given.clips, given.photos, SECONDS)
    results = []
    with tempfile.TemporaryDirectory() as name:
        work, made = Path(name), given.keep or Path(name) / "made"
        if "clips" in given.what:
            folder = made / f"clips-{of_clips}-{seconds:.0f}"
            folder.mkdir(parents=True, exist_ok=True)
            results.append(clips(folder, of_clips, seconds, work))
        if "photos" in given.what:
            folder = made / f"photos-{of_photos}"
            folder.mkdir(parents=True, exist_ok=True)
            results.append(photos(folder, of_photos, work))
    text = table(results)
    print(text)
    if given.out:
        given.out.write_text(text + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
