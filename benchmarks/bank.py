"""A bank of a million PDQ hashes: size of its file, memory, and the time of one question."""

from __future__ import annotations

import resource
import tempfile
import time
from dataclasses import replace
from pathlib import Path

import numpy as np

from verifier.hashing import pdq
from verifier.hashing.banks.bank import UNKNOWN_DAY, Bank, empty
from verifier.hashing.banks.search import BankIndex
from verifier.workflow.banks import keep as banks

ITEMS = 1_000_000
QUESTIONS = 200


def drawn(items: int) -> Bank:
    """Random hashes, one an item, ids of 16 digits: no structure that a search could profit from."""
    chance = np.random.default_rng(1)
    ids = np.frombuffer("".join(f"{number:016x}" for number in range(items)).encode(), np.uint8)
    return replace(
        empty("bench"),
        revision=1,
        ids=ids,
        id_first=np.arange(0, 16 * items + 1, 16, dtype=np.uint32),
        kind=np.zeros(items, np.uint8),
        earliest=np.full(items, UNKNOWN_DAY, np.int32),
        latest=chance.integers(16_000, 19_000, items).astype(np.int32),
        bits=chance.integers(0, 256, (items, pdq.BYTES), np.uint8),
        quality=np.full(items, 100, np.uint8),
        variant=np.zeros(items, np.uint8),
        owner=np.arange(items, dtype=np.uint32),
        begin=np.full(items, np.nan, np.float32),
        end=np.full(items, np.nan, np.float32),
    )


def resident_mb() -> float:
    return int(Path("/proc/self/statm").read_text().split()[1]) * resource.getpagesize() / 1e6


def main() -> None:
    before = resident_mb()
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "bench.bank"
        begun = time.process_time()
        size = banks.write(path, drawn(ITEMS), None) and path.stat().st_size
        wrote = time.process_time() - begun
        begun = time.process_time()
        known = banks.read(path)
        opened = time.process_time() - begun
    begun = time.process_time()
    index = BankIndex(known.bank, known.digest)
    index.picture("f" * 64, [])  # the first question also builds the table of ids
    built = time.process_time() - begun
    held = resident_mb() - before
    chance = np.random.default_rng(2)
    found = 0
    begun = time.process_time()
    for number in range(QUESTIONS):
        bits = np.unpackbits(known.bank.bits[number * (ITEMS // QUESTIONS)])
        bits[chance.permutation(256)[: number % 49]] ^= 1
        hits = index.picture("f" * 64, [np.packbits(bits).tobytes()]).hits
        found += any(hit.distance == number % 49 for hit in hits)
    asked = (time.process_time() - begun) / QUESTIONS
    print("| what | measured |\n|---|---|")
    print(f"| file of {ITEMS:,} items | {size / 1e6:.0f} MB |")
    print(f"| drawing and writing it, CPU | {wrote:.1f} s |")
    print(f"| reading and checking it, CPU | {opened:.1f} s |")
    print(f"| making it ready, CPU | {built:.1f} s |")
    print(f"| memory held afterwards | {held:.0f} MB |")
    print(f"| one question (a picture in eight turns, radius 48), CPU | {asked * 1e3:.0f} ms |")
    print(f"| planted copies 0 to 48 bits away that were found | {found} of {QUESTIONS} |")


if __name__ == "__main__":
    main()
