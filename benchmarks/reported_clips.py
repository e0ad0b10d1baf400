"""Pairs of clips with truth: which relation, tier, segments and speeds the product says, in either order of the pair.

    python benchmarks/reported_clips.py FOLDER [--keep DIR] [--orders 3]

FOLDER holds clips (and photos) and a truth.csv: left, right, expected (same, different), relations and tiers that are
right (separated by |; `none`, `any`), segments (`left_start-left_end=right_start-right_end`, `;` between several; the
right end is the smaller where it is played backwards), kind, note. Every file goes through the decode and the viewers
of the product and through `compare.clips`, once a given order of ids: the answers must not depend on it.
"""

from __future__ import annotations

import argparse
import csv
import hashlib
import pickle
import sys
import time
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from clips_set import looked_at

from verifier.compare.clips import ClipShelf, match_new, sounds
from verifier.findings.copies.groups import joins
from verifier.records import Match, Medium

TOLERANCE_SECONDS = 0.5  # of a boundary
NAMES = {".mp4", ".mkv", ".mov", ".webm", ".3gp", ".avi", ".wav", ".ogg", ".m4a", ".mp3"}
Span = tuple[float, float, float, float]


@dataclass(frozen=True, slots=True)
class Answer:
    """What was said of one pair, as seen from the left one of the truth."""

    relation: str
    tier: str
    joins: bool
    segments: tuple[tuple[Span, float], ...]
    because: dict

    def __str__(self) -> str:
        spans = "; ".join(
            f"{a:.2f}-{b:.2f}={c:.2f}-{d:.2f}" + (f" x{speed:g}" if speed != 1 else "")
            for (a, b, c, d), speed in self.segments
        )
        return f"{self.relation} {self.tier} {spans}"


def features(folder: Path, keep: Path | None) -> dict[str, dict[str, bytes]]:
    """Derivatives by recipe of every clip and sound of the folder, by file name."""
    found = {}
    for path in sorted(one for one in folder.iterdir() if one.suffix in NAMES):
        kept = keep / (hashlib.sha256(path.read_bytes()).hexdigest() + ".pickle") if keep else None
        if kept and kept.exists():
            found[path.name] = pickle.loads(kept.read_bytes())  # noqa: S301 - our own scratch
            continue
        found[path.name] = looked_at(path)
        if kept:
            kept.write_bytes(pickle.dumps(found[path.name]))
    return found


def matches(content: dict[str, dict[str, bytes]], names: dict[str, str]) -> dict[tuple[str, str], Match]:
    """By pair of file names in the order of ids; `names`: id of each file."""
    derivatives = {names[file]: {recipe: f"{file}\n{recipe}" for recipe in made} for file, made in content.items()}

    def read(derivative: str) -> bytes:
        file, recipe = derivative.split("\n")
        return content[file][recipe]

    shelf = ClipShelf(derivatives=derivatives, read=read)
    found = match_new(shelf, sounds(derivatives, read), list(derivatives), (), deep=False)
    files = {name: file for file, name in names.items()}
    return {(files[match.left], files[match.right]): match for match in found}


def answer(found: dict[tuple[str, str], Match], left: str, right: str) -> Answer | None:
    match, is_swapped = found.get((left, right)), False
    if match is None:
        match, is_swapped = found.get((right, left)), True
    if match is None:
        return None
    spans = []
    for segment in match.segments:
        if segment.medium is not Medium.VIDEO or segment.left is None or segment.right is None:
            continue
        here, there = (segment.right, segment.left) if is_swapped else (segment.left, segment.right)
        if here[0] > here[1]:
            here, there = here[::-1], there[::-1]
        speed = round(1 / segment.speed, 3) if is_swapped else segment.speed
        spans.append(((*here, *there), speed))
    return Answer(match.relation.value, match.tier.value, joins(match), tuple(sorted(spans)), dict(match.because))


def wanted(text: str) -> list[Span]:
    found = []
    for part in filter(None, text.split(";")):
        here, there = part.split("=")
        a, b = (float(value) for value in here.split("-"))
        c, d = (float(value) for value in there.split("-"))
        found.append((a, b, c, d))
    return sorted(found)


def faults(row: dict[str, str], said: Answer | None) -> list[str]:
    """What is wrong with an answer."""
    relations, tiers = row["relations"].split("|"), row["tiers"].split("|")
    if said is None:
        return [] if "none" in relations else ["not found"]
    found = []
    if said.relation not in relations and "any" not in relations:
        found.append(f"relation {said.relation}")
    if "any" not in tiers and said.tier not in tiers:
        found.append(f"tier {said.tier}")
    if row["expected"] == "different" and said.joins:
        found.append("joins a group")
    truth, spans = wanted(row.get("segments") or ""), [span for span, _ in said.segments]
    if not truth or row["expected"] == "different":
        return found
    for one in truth:
        if not any(np.abs(np.subtract(one, span)).max() <= TOLERANCE_SECONDS for span in spans):
            found.append("no segment " + "{:g}-{:g}={:g}-{:g}".format(*one))
    if len(spans) > len(truth):
        found.append(f"{len(spans)} segments")
    for (a, b, c, d), speed in said.segments:
        if speed != 1 and all(abs((t[3] - t[2]) / (t[1] - t[0]) - speed) > 0.03 for t in truth):
            found.append(f"speed {speed:g} of {a:g}-{b:g}={c:g}-{d:g}")
    return found


def edges(row: dict[str, str], said: Answer | None) -> list[float]:
    """Errors of the boundaries of segments that are near one of the truth's, seconds."""
    found: list[float] = []
    for one in wanted(row.get("segments") or ""):
        apart = [np.abs(np.subtract(one, span)) for span, _ in said.segments] if said else []
        near = min(apart, key=lambda error: error.max(), default=None)
        if near is not None and near.max() < 2:
            found += near.tolist()
    return found


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("folder", type=Path)
    parser.add_argument("--keep", type=Path, help="scratch folder for the features that were made")
    parser.add_argument("--orders", type=int, default=2, help="orders of ids that are tried")
    parser.add_argument("--verbose", action="store_true")
    options = parser.parse_args()
    content = features(options.folder, options.keep)
    rows = [row for row in csv.DictReader((options.folder / "truth.csv").open()) if row["left"] in content]
    rows = [row for row in rows if row["right"] in content]
    chance, wrong, errors, first, seconds = np.random.default_rng(1), 0, [], {}, 0.0
    for order in range(options.orders):
        files = [str(file) for file in chance.permutation(sorted(content))] if order else sorted(content)
        begun = time.process_time()
        found = matches(content, {file: f"{number:04d}" for number, file in enumerate(files)})
        seconds += time.process_time() - begun
        for row in rows:
            pair = row["left"], row["right"]
            said = answer(found, *pair)
            bad = faults(row, said)
            if order == 0:
                first[pair] = said
                wrong += bool(bad)
                errors += edges(row, said)
                print(f"{'wrong' if bad else 'right'}: {pair[0]} / {pair[1]} ({row['kind']}): {said}; {', '.join(bad)}")
                if options.verbose and said is not None:
                    print("    ", said.because)
            elif str(said) != str(first[pair]):
                print(f"order {order}: {pair[0]} / {pair[1]}: {said} where it was {first[pair]}")
        told = {frozenset((row["left"], row["right"])) for row in rows}
        for pair, match in found.items() if order == 0 else ():
            if frozenset(pair) not in told:
                print(f"also: {pair[0]} / {pair[1]}: {answer(found, *pair)}{' JOINS' if joins(match) else ''}")
    far = np.percentile(errors, 95) if errors else 0
    edge = f"boundaries: median {np.median(errors):.2f} s, 95 % within {far:.2f} s" if errors else ""
    print(f"{len(rows) - wrong} of {len(rows)} right; {edge}; {seconds / options.orders:.1f} s CPU an order")
    return int(wrong > 0)


if __name__ == "__main__":
    sys.exit(main())
