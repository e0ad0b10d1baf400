"""Processor time of taking in and examining photographs, against the least that any careful tool must spend:
a full Pillow decode, SHA-256, SHA-512 and a copy.

    python benchmarks/photos.py [--count 200] [--out benchmarks/results/photos.md]

The photographs are made first: 12 megapixels, texture with sensor-like noise, Exif, about 3.5 MB each. Both sides work
on the same files in turns of twenty, warm. Start-up of the worker is not counted; the database is not part of this.
"""

from __future__ import annotations

import argparse
import hashlib
import resource
import sys
import tempfile
from collections import Counter
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import numpy as np
from PIL import Image

from benchmarks.decode import texture
from verifier.evidence.acquire import Acquirer
from verifier.evidence.vault import Vault
from verifier.evidence.walk import Found, walk
from verifier.executors.local import LocalExecutor
from verifier.instruments import Job
from verifier.records import Exhibit, Kind

MUST_REACH = 1.6
WIDTH, HEIGHT, TURN = 4032, 3024, 20


def seconds_used() -> float:
    used = [resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)]
    return sum(item.ru_utime + item.ru_stime for item in used)


def make_photos(folder: Path, count: int) -> None:
    chance = np.random.default_rng(7)
    noise = chance.normal(0, 3.0, (HEIGHT, WIDTH, 1)).astype(np.int16)
    exif = Image.Exif()
    exif[0x010F], exif[0x0110], exif[0x0132], exif[0x0112] = "Maker", "Model", "2024:05:06 07:08:09", 6
    for number in range(count):
        if number % TURN == 0:
            ground = texture(number)
            layers = np.dstack([ground, ground[::-1], ground[:, ::-1]])
            large = Image.fromarray(layers).resize((WIDTH, HEIGHT), Image.Resampling.BICUBIC)
            values = np.asarray(large).astype(np.int16)
        photo = np.clip(np.roll(values, number * 37, axis=1) + noise, 0, 255).astype(np.uint8)
        Image.fromarray(photo).save(folder / f"IMG_{number:04}.jpg", quality=92, exif=exif)


def least(path: Path, folder: Path) -> None:
    content = path.read_bytes()
    hashlib.sha256(content).digest()
    hashlib.sha512(content).digest()
    (folder / path.name).write_bytes(content)
    with Image.open(path) as image:
        image.load()


def accepting(executor: LocalExecutor, without: set[str]) -> tuple[str, ...]:
    return tuple(
        entry.name
        for entry in executor.catalogue.values()
        if Kind.PHOTO in entry.accepts
        and (entry.media_types is None or "image/jpeg" in entry.media_types)
        and entry.name not in without
    )


def jobs(vault: Vault, exhibits: list[Exhibit], names: tuple[str, ...]) -> Iterator[Job]:
    for exhibit in exhibits:
        yield Job(exhibit=exhibit, path=str(vault.path_of(exhibit.id)), instruments=names)


def main() -> None:
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--count", type=int, default=200)
    options.add_argument("--out", type=Path)
    options.add_argument("--without", default="", help="comma-separated instruments to leave out")
    given = options.parse_args()
    spent: Counter[str] = Counter()
    with tempfile.TemporaryDirectory() as name:
        photos, copies, case = (Path(name) / part for part in ("photos", "copies", "case"))
        for folder in (photos, copies, case):
            folder.mkdir()
        make_photos(photos, given.count)
        print("made", given.count, file=sys.stderr)
        vault = Vault(case)
        acquirer = Acquirer(vault)
        executor = LocalExecutor(workers=1, vault_root=case)
        instruments = accepting(executor, set(given.without.split(",")))
        found = [item for item in walk([bytes(photos)]) if isinstance(item, Found)]
        parts = dict.fromkeys(("decode, digests, copy", "taking in", "start", "examining"), 0.0)

        def timed(part: str, before: float) -> None:
            parts[part] += seconds_used() - before

        for start in range(0, len(found), TURN):
            turn = found[start : start + TURN]
            before = seconds_used()
            for item in turn:
                least(Path(item.path.decode()), copies)
            timed("decode, digests, copy", before)
            before = seconds_used()
            batches = list(acquirer.acquire(turn, at=lambda: datetime.now(UTC).isoformat()))
            timed("taking in", before)
            exhibits = [exhibit for batch in batches for exhibit, _ in batch.taken]
            assert len(exhibits) == len(turn)
            before = seconds_used()
            nobody = Exhibit(id="0" * 64, sha512="", size=7, kind=Kind.OTHER, media_type="application/octet-stream")
            list(executor.run([Job(exhibit=nobody, path=str(case), instruments=("nobody",))]))
            timed("start", before)
            before = seconds_used()
            for outcome in executor.run(jobs(vault, exhibits, instruments)):
                assert not outcome.faults, outcome.faults
                spent.update({run.instrument: run.elapsed_seconds for run in outcome.runs})
            timed("examining", before)
    base, taking = parts["decode, digests, copy"], parts["taking in"]
    examining = parts["examining"] - parts["start"]
    each = 1000 / given.count
    by_name = ", ".join(f"{part} {value * each:.1f}" for part, value in spent.most_common())
    text = "\n".join(
        [
            f"{given.count} photographs of 12 megapixels; 2 shared cores, one worker.",
            "",
            "| part | CPU, ms a photograph |",
            "|---|---|",
            f"| full Pillow decode, SHA-256, SHA-512, copy | {base * each:.1f} |",
            f"| taking in (read once, both digests, durable copy) | {taking * each:.1f} |",
            f"| examining in the guard | {examining * each:.1f} |",
            f"| ratio (must reach ≤ {MUST_REACH}) | **{(taking + examining) / base:.3f}** |",
            "",
            f"Instruments: {', '.join(instruments)}.",
            f"Wall ms a photograph (viewers: own time and an equal share of the one decode): {by_name}.",
        ]
    )
    print(text)
    if given.out:
        given.out.write_text("# Photographs\n\n" + text + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
