"""Search for pictures at scale: hashes against faiss called bare, and one more picture in a case of 20,000.

    python -m benchmarks.pictures_search [--hashes 1000000] [--pictures 20000]

Hashes are random with planted neighbours; local features are random descriptors around common centres, so that lists
fill unevenly as real ones do. CPU seconds of one thread.
"""

from __future__ import annotations

import argparse
import resource
import time

import faiss
import numpy as np

from verifier.hashing.local_features import LocalFeatures
from verifier.hashing.pdq import BYTES, TURNS, turned_bits
from verifier.hashing.pictures.search import FeatureIndex, HashIndex


def planted(count: int, generator: np.random.Generator) -> np.ndarray:
    rows = generator.integers(0, 256, (count, BYTES), dtype=np.uint8)
    for place in range(0, count - 1, 97):
        bits = np.unpackbits(rows[place])
        bits[generator.choice(256, place % 40, replace=False)] ^= 1
        rows[place + 1] = np.packbits(bits)
    return rows


def hashes(count: int) -> None:
    generator = np.random.default_rng(1)
    rows = planted(count, generator)
    index = HashIndex()
    for place in range(count):
        index.add(place, [rows[place].tobytes()])
    bare = faiss.IndexBinaryFlat(256)
    bare.add(rows)
    queries = [rows[place].tobytes() for place in range(0, 97 * 20, 97)]
    started = time.process_time()
    found = sum(len(index.within([query], 31)) for query in queries)
    mine = time.process_time() - started
    variants = [np.array([np.frombuffer(turned_bits(query, turn), np.uint8) for turn in TURNS]) for query in queries]
    started = time.process_time()
    for variant in variants:
        bare.range_search(variant, 32)
    theirs = time.process_time() - started
    held = f"index {count * BYTES / 2**20:.0f} MiB + {count * 8 / 2**20:.0f} MiB of places"
    measured = f"{1e3 * mine / 20:.1f} ms a question, {mine / theirs:.2f} × faiss flat called bare with the same eight"
    print(f"| radius 31 among {count:,}, eight turns | {measured}; {found} found; {held} |")


def all_pairs(count: int) -> None:
    rows = planted(count, np.random.default_rng(2))
    index = HashIndex()
    for place in range(count):
        index.add(place, [rows[place].tobytes()])
    started = time.process_time()
    found = sum(1 for _ in index.pairs_within(31))
    print(f"| all pairs of {count:,} within 31 | {time.process_time() - started:.1f} s of one core, {found} pairs |")


def picture(generator: np.random.Generator, centres: np.ndarray) -> LocalFeatures:
    count = 700
    chosen = centres[generator.integers(0, len(centres), count)]
    noise = generator.integers(-38, 39, (count, 128), dtype=np.int8)
    descriptors = np.clip(chosen.astype(np.int16) + noise, 0, 255).astype(np.uint8)
    points = np.column_stack([
        generator.uniform(0, 640, count), generator.uniform(0, 480, count), generator.uniform(2, 30, count),
        generator.uniform(0, 360, count),
    ]).astype(np.float32)  # fmt: skip
    return LocalFeatures(640, 480, points, descriptors)


def case(count: int) -> None:
    generator = np.random.default_rng(3)
    centres = generator.gamma(1.2, 26, (4000, 128)).clip(0, 255)
    index = FeatureIndex()
    started = time.process_time()
    kept = {}
    for place in range(count):
        made = picture(generator, centres)
        if place % (count // 20) == 7:
            kept[place] = made
        index.add(place, made)
        if place % 2000 == 1999:
            index.vote(made)
    index.vote(next(iter(kept.values())))
    built = time.process_time() - started
    started = time.process_time()
    first = 0
    for place, made in kept.items():
        noisy = np.clip(made.descriptors + generator.normal(0, 8, made.descriptors.shape), 0, 255).astype(np.uint8)
        order = generator.permutation(len(made))[:400]
        votes = index.vote(LocalFeatures(640, 480, made.points, noisy).only(order))
        first += bool(votes) and votes[0].place == place
    asked = (time.process_time() - started) / len(kept)
    started = time.process_time()
    index.add(count, made)
    index.vote(made)
    added = time.process_time() - started
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 2**20
    question = f"{asked:.2f} s of one core for both mirror hypotheses; copy ranked first {first} of {len(kept)}"
    growth = f"one more added and asked {added:.2f} s; built in {built:.0f} s with making the set"
    held = f"{len(index) * (128 + 12) / 2**20:.0f} MiB held, peak {peak:.1f} GiB"
    print(f"| one question among {count:,} pictures (synthetic points) | {question}; {growth}; {held} |")


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--hashes", type=int, default=1_000_000)
    parser.add_argument("--pairs", type=int, default=100_000)
    parser.add_argument("--pictures", type=int, default=20_000)
    given = parser.parse_args()
    faiss.omp_set_num_threads(1)
    print("| what | measured |\n|---|---|")
    if given.hashes:
        hashes(given.hashes)
    if given.pairs:
        all_pairs(given.pairs)
    if given.pictures:
        case(given.pictures)


if __name__ == "__main__":
    main()
