"""Reported pairs of pictures, as the product compares them: right or wrong, relation, tier, region, scale of each.

    python -m benchmarks.reported_pictures FOLDER

FOLDER holds pictures and `truth.csv` (left, right, expected, relations, tiers, kind): relations and tiers that are
right, parted by `|`; `none` is no link, `any` is any tier. What is `different` must not share a group.
"""

from __future__ import annotations

import argparse
import csv
from collections import defaultdict
from collections.abc import Mapping
from pathlib import Path

import cv2

from benchmarks.pictures_set import viewed
from verifier.compare.pictures import PictureShelf, Stored, match_new
from verifier.findings.copies.groups import joins
from verifier.records import Derivative, Fingerprint, Match


def shelf_of(folder: Path) -> PictureShelf:
    """Features of every picture of a folder, by file name, through the viewers that run in the product."""
    stored, contents = {}, {}
    for path in sorted(folder.iterdir()):
        pixels = cv2.imread(str(path), cv2.IMREAD_COLOR) if path.suffix in (".jpg", ".png") else None
        if pixels is None:
            continue
        records = viewed(cv2.cvtColor(pixels, cv2.COLOR_BGR2RGB))
        made = [one for one in records if isinstance(one, Derivative)]
        contents.update({one.id: one.content for one in made})
        stored[path.name] = Stored(
            fingerprints=tuple(one for one in records if isinstance(one, Fingerprint)),
            derivatives={one.recipe: one.id for one in made},
            size=(pixels.shape[1], pixels.shape[0]),
        )
    return PictureShelf(stored=stored, read=contents.__getitem__)


def group_of(matches: Mapping[tuple[str, str], Match]) -> dict[str, str]:
    """A name of its group for each grouped picture."""
    parent: dict[str, str] = {}

    def root(name: str) -> str:
        while parent.setdefault(name, name) != name:
            name = parent[name]
        return name

    for match in matches.values():
        if joins(match):
            parent[root(match.left)] = root(match.right)
    return {name: root(name) for name in list(parent)}


def report(folder: Path) -> None:
    """Every pair of truth.csv, and how many are right, by kind."""
    shelf = shelf_of(folder)
    matches = {(one.left, one.right): one for one in match_new(shelf, list(shelf), (), lambda: None)}
    group = group_of(matches)
    kinds: dict[str, list[bool]] = defaultdict(list)
    with (folder / "truth.csv").open(newline="") as lines:
        rows = list(csv.DictReader(lines))
    for row in rows:
        match = matches.get((min(row["left"], row["right"]), max(row["left"], row["right"])))
        relation = "none" if match is None else match.relation.value
        is_right = relation in row["relations"].split("|")
        if match is not None and row["tiers"] != "any":
            is_right &= match.tier.value in row["tiers"].split("|")
        grouped = row["left"] in group and group[row["left"]] == group.get(row["right"])
        is_right &= not (row["expected"] == "different" and grouped)
        kinds[row["kind"]].append(is_right)
        told = "" if match is None else f"{match.tier.value} {dict(match.because)} {match.transform}"
        print("right" if is_right else "WRONG", row["left"], row["right"], f"[{row['kind']}]", relation, told)
    print("\n| kind | right | of |\n|---|---|---|")
    for kind, right in kinds.items():
        print(f"| {kind} | {sum(right)} | {len(right)} |")
    print(f"| **all** | {sum(map(sum, kinds.values()))} | {len(rows)} |")


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("folder", type=Path)
    cv2.setNumThreads(1)
    report(parser.parse_args().folder)


if __name__ == "__main__":
    main()
