"""CPU seconds of whole commands on a case that has grown: one more photograph, nothing new, and looking.

    python -m benchmarks.growth FOLDER [--real 1000] [--cloned 5000] [--out FILE]

The photographs are drawn: two crops of scikit-image's pictures, torn by elastic fields and mixed, with shapes, noise
and Exif of twelve cameras with serial numbers (half with a position); each is distinct, really taken in and examined.
`--cloned` grows the case further without decoding: the records of the real ones are written again through the store and
the vault with other bytes, masked PDQ bits and local features whose 128 numbers are permuted and whose places are
shuffled, so that sizes and rows are as real and no two are alike; they stand as compared. FOLDER keeps the cases.
"""

from __future__ import annotations

import argparse
import hashlib
import os
import resource
import shutil
import subprocess
import sys
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import cv2
import numpy as np
import skimage.data
from PIL import Image

from verifier.evidence.acquire import Acquirer
from verifier.evidence.vault import Vault
from verifier.evidence.walk import Found, walk
from verifier.hashing import local_features
from verifier.instruments import Outcome
from verifier.records import Derivative, Fingerprint, Kind, Record
from verifier.store import Store

WIDTH, HEIGHT = 640, 480
CAMERAS = 12
AT = "2026-01-01T00:00:00.000Z"
_PICTURES = ("astronaut", "brick", "camera", "chelsea", "coffee", "coins", "grass", "gravel", "hubble_deep_field",
             "immunohistochemistry", "moon", "retina", "rocket", "page", "text")  # fmt: skip


def drawn(number: int, sources: list[np.ndarray]) -> np.ndarray:
    """uint8 (480, 640, 3): one distinct photograph."""
    chance = np.random.default_rng(90_000 + number)
    layers = [_torn(sources[int(chance.integers(len(sources)))], chance) for _ in range(2)]
    share = chance.uniform(0.3, 0.7)
    mixed = cv2.addWeighted(layers[0], share, layers[1], 1 - share, 0)
    for _ in range(int(chance.integers(3, 9))):
        x, y, size = (int(chance.integers(limit)) for limit in (WIDTH, HEIGHT, 120))
        cv2.ellipse(mixed, (x, y), (10 + size, 10 + size // 2), float(chance.uniform(0, 360)), 0, 360,
                    [int(value) for value in chance.integers(0, 255, 3)], int(chance.choice([-1, 3])))  # fmt: skip
    return np.clip(mixed + chance.normal(0, 4, mixed.shape), 0, 255).astype(np.uint8)


def _torn(picture: np.ndarray, chance: np.random.Generator) -> np.ndarray:
    height, width = picture.shape[:2]
    share = chance.uniform(0.35, 0.8)
    y, x = (int(chance.uniform(0, (1 - share) * side)) for side in (height, width))
    crop = cv2.resize(picture[y : y + int(height * share), x : x + int(width * share)], (WIDTH, HEIGHT))
    field = [cv2.resize(chance.normal(0, 26, (5, 6)).astype(np.float32), (WIDTH, HEIGHT), interpolation=cv2.INTER_CUBIC)
             for _ in range(2)]  # fmt: skip
    rows, columns = np.mgrid[0:HEIGHT, 0:WIDTH].astype(np.float32)
    torn = cv2.remap(crop, columns + field[0], rows + field[1], cv2.INTER_LINEAR, borderMode=cv2.BORDER_REFLECT)
    return np.asarray(torn[:, ::-1] if chance.random() < 0.5 else torn)


def sources() -> list[np.ndarray]:
    """scikit-image's pictures that lie in its wheel, in colour."""
    found = [np.asarray(getattr(skimage.data, name)()) for name in _PICTURES]
    return [one if one.ndim == 3 else np.dstack([one] * 3) for one in found]


def write_photo(path: Path, number: int, known: list[np.ndarray]) -> None:
    """A JPEG with Exif of one of the cameras."""
    camera = number % CAMERAS
    exif = Image.Exif()
    exif[0x010F], exif[0x0110] = f"Maker{camera % 4}", f"Model {camera}"
    inner = exif.get_ifd(0x8769)
    inner[0x9003] = f"2024:{1 + number % 12:02}:{1 + number % 28:02} {number % 24:02}:{number % 60:02}:07"
    inner[0xA431] = f"SN{camera:06}"
    if number % 2:
        place = exif.get_ifd(0x8825)
        place[1], place[2], place[3], place[4] = "N", (33.0, float(number % 60), 10.0), "E", (44.0, 20.0, float(camera))
    Image.fromarray(drawn(number, known)).save(path, quality=85, exif=exif)


def photos(folder: Path, first: int, count: int) -> None:
    """So many JPEGs, numbered from `first`; those that are there stay."""
    folder.mkdir(parents=True, exist_ok=True)
    known = sources()
    for number in range(first, first + count):
        path = folder / f"IMG_{number:05}.jpg"
        if not path.exists():
            write_photo(path, number, known)


def cloned(case: Path, count: int, folder: Path) -> None:
    """Grow the case to so many photographs by records of those that are there."""
    with Store.open(case, writing=True) as store:
        vault = Vault(case)
        originals = [one.id for one in store.exhibits() if one.kind is Kind.PHOTO]
        prints: dict[str, dict[str, list[Record]]] = defaultdict(lambda: defaultdict(list))
        for algorithm in store.algorithms():
            for name, fingerprint in store.fingerprints(algorithm):
                prints[name][algorithm].append(fingerprint)
        missing = count - len(originals)
        for start in range(0, missing, 100):
            numbers = range(start, min(start + 100, missing))
            _clone(store, vault, [originals[number % len(originals)] for number in numbers], numbers, prints, folder)


def _clone(store: Store, vault: Vault, of: list[str], numbers: range, prints: dict[str, dict[str, list[Record]]],
           folder: Path) -> None:  # fmt: skip
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir()
    source: dict[str, tuple[str, int]] = {}
    for name, number in zip(of, numbers, strict=True):
        content = vault.path_of(name)
        bytes_ = Path(os.fsdecode(content)).read_bytes() + number.to_bytes(8, "big")
        (folder / f"CLONE_{number:06}.jpg").write_bytes(bytes_)
        source[hashlib.sha256(bytes_).hexdigest()] = (name, number)
    found = [entry for entry in walk([os.fsencode(folder)], avoid=vault.root) if isinstance(entry, Found)]
    for kept in Acquirer(vault).acquire(found, at=lambda: AT, batch=None, operator=None, reference=False):
        store.take_in(kept.taken, kept.skipped, batch=None, actor="growth", at=AT)
    outcomes = [_outcome(store, vault, new, *source[new], prints) for new in sorted(source)]
    vault.keep_derivatives(
        [
            record
            for one in outcomes
            for some in one.records.values()
            for record in some
            if isinstance(record, Derivative)
        ]
    )
    store.record(outcomes, actor="growth", at=AT)


def _outcome(store: Store, vault: Vault, new: str, name: str, number: int,
             prints: dict[str, dict[str, list[Record]]]) -> Outcome:  # fmt: skip
    dossier = store.exhibit_dossier(name)
    records: dict[str, list[Record]] = defaultdict(list)
    for said in dossier.readings:
        records[said.instrument].append(said.reading)
    chance = np.random.default_rng(number)
    for made in dossier.derivatives:
        content = vault.read_derivative(made.id)
        if made.recipe == local_features.RECIPE:
            content = _strange(content, chance)
        records[made.instrument].append(
            Derivative(id=hashlib.sha256(content).hexdigest(), recipe=made.recipe, media_type=made.media_type,
                       content=content, offset_seconds=made.offset_seconds))  # fmt: skip
    instrument = {"pdq": "pdq"}
    for algorithm, some in prints[name].items():
        mask = chance.integers(0, 256, 64, dtype=np.uint8)
        for one in some:
            assert isinstance(one, Fingerprint)
            bits = bytes(np.frombuffer(one.bits, np.uint8) ^ np.resize(mask, len(one.bits)))
            records[instrument.get(algorithm, "phash")].append(replace(one, bits=bits))
    runs = tuple(replace(run, exhibit=new) for run in dossier.runs)  # those of the comparer too: they were not asked
    return Outcome(exhibit=new, runs=runs, records={key: tuple(some) for key, some in records.items()}, faults=())


def _strange(content: bytes, chance: np.random.Generator) -> bytes:
    known = local_features.decode(content)
    places = chance.permutation(len(known))
    points = known.points.copy()
    points[:, :2] = points[places, :2]
    return local_features.encode(
        replace(known, points=points, descriptors=known.descriptors[:, chance.permutation(128)])
    )


def spent(arguments: list[str]) -> tuple[float, float]:
    """CPU seconds of a command and all its children, and the peak of its largest process in MB."""
    environment = {**os.environ, "OMP_NUM_THREADS": "1"}
    environment.pop("PYTHONDONTWRITEBYTECODE", None)  # as it is where the program is installed
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    script = (
        "import resource, subprocess, sys; done = subprocess.run(sys.argv[1:], stdout=subprocess.DEVNULL);"
        "print(resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss); sys.exit(done.returncode)"
    )
    command = [sys.executable, "-S", "-c", script, sys.executable, "-m", "verifier", *arguments]
    done = subprocess.run(command, stdout=subprocess.PIPE, env=environment, check=False)
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    if done.returncode not in (0, 4):
        raise SystemExit(f"{arguments} ended with {done.returncode}")
    seconds = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
    return seconds, int(done.stdout) / 1024


def measured(case: Path, folder: Path, size: int) -> Iterator[tuple[str, float, float]]:
    """(what, CPU seconds, MB) on a copy of the case that is settled: compared and checked."""
    work = folder / "work"
    shutil.rmtree(work, ignore_errors=True)
    subprocess.run(["cp", "-rL", "--reflink=auto", str(case), str(work)], check=True)
    at = ["--case", str(work)]
    more = folder / "more"
    shutil.rmtree(more, ignore_errors=True)
    photos(more, 900_000, 3)
    pictures = sorted(more.iterdir())
    with Store.open(work, writing=False) as store:
        chosen = next(store.exhibits()).id
    yield ("a yardstick: `--help`", *min(spent(["--help"]) for _ in range(2)))
    yield ("the first after an earlier version", *spent(["ingest", str(pictures[2]), *at, "--quiet", "--jobs", "1"]))
    yield ("show", *min(spent(["show", chosen, *at]) for _ in range(2)))
    yield ("status", *min(spent(["status", *at]) for _ in range(2)))
    yield ("one more photo, whole ingest", *spent(["ingest", str(pictures[0]), *at, "--quiet", "--jobs", "1"]))
    yield ("and another", *spent(["ingest", str(pictures[1]), *at, "--quiet", "--jobs", "1"]))
    yield ("nothing new, whole ingest", *spent(["ingest", str(pictures[0]), *at, "--quiet", "--jobs", "1"]))
    yield ("check, nothing new", *spent(["check", *at, "--quiet"]))
    yield ("dedup, nothing new", *spent(["dedup", *at, "--quiet"]))
    shutil.rmtree(work)


def grown(folder: Path, size: int, real: int) -> Path:
    """A settled case of so many photographs; made where it is not there."""
    case = folder / f"case-{size}"
    if (case / "settled").exists():
        return case
    shutil.rmtree(case, ignore_errors=True)
    if size <= real:
        photos(folder / f"photos-{size}", 0, size)
        seconds, _ = spent(["ingest", str(folder / f"photos-{size}"), "--case", str(case), "--quiet"])
    else:
        subprocess.run(["cp", "-r", "--reflink=auto", str(grown(folder, real, real)), str(case)], check=True)
        (case / "settled").unlink()
        cloned(case, size, folder / "clones")
        shutil.rmtree(folder / "clones")
        photos(folder / "settling", 800_000, 1)
        seconds, _ = spent(["ingest", str(folder / "settling"), "--case", str(case), "--quiet"])
    print(f"made {size}: {seconds:.0f} CPU s", file=sys.stderr)
    (case / "settled").touch()
    return case


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--real", type=int, default=1000)
    parser.add_argument("--cloned", type=int, nargs="*", default=[])
    parser.add_argument("--out", type=Path)
    chosen = parser.parse_args()
    columns: dict[int, dict[str, tuple[float, float]]] = {}
    for size in [chosen.real, *chosen.cloned]:
        case = grown(chosen.folder, size, chosen.real)
        columns[size] = {}
        for what, seconds, megabytes in measured(case, chosen.folder, size):
            print(f"{size:6} {what:32} {seconds:7.2f} s {megabytes:7.0f} MB", file=sys.stderr, flush=True)
            columns[size][what] = (seconds, megabytes)
    rows = ["| CPU s (peak MB) | " + " | ".join(f"{size:,} photographs" for size in columns) + " |",
            "|---|" + "---|" * len(columns)]  # fmt: skip
    for what in columns[chosen.real]:
        cells = (f"{some[what][0]:.2f} ({some[what][1]:.0f})" for some in columns.values())
        rows.append(f"| {what} | " + " | ".join(cells) + " |")
    table = "\n".join(rows) + "\n"
    print(table)
    if chosen.out is not None:
        chosen.out.write_text(table, encoding="utf-8")


if __name__ == "__main__":
    main()
