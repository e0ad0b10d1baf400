"""Different pages of one kind are no copies; copies of one page are: false links and recall, by kind.

    python -m benchmarks.pages --each 25

Every picture is compared with all others of its kind. `--each` pages of a kind, of three accounts; every third has
copies: recompressed, shrunk, cropped, filmed off a screen, on a phone's screen.
"""

from __future__ import annotations

import argparse
import zlib
from collections import Counter

import cv2
import faiss

from benchmarks import attacks_pictures as attacks
from benchmarks.drawn_pages import KINDS
from benchmarks.pictures_set import features
from verifier.hashing.pictures.match import match_all
from verifier.records import Match, Relation, Tier

COPIES = ("whatsapp", "heavy480q20", "crop10", "screenphoto", "rot90", "dark")
JOINED = (Relation.SAME_PICTURE, Relation.ALTERED_PICTURE)


def joined(match: Match) -> bool:
    return match.relation in JOINED and match.tier is not Tier.REVIEW


def measure(kind: str, each: int, copies: int, first: int) -> tuple[int, int, int, int]:
    """Different pairs, how many of them joined; copies, how many of them joined with their page."""
    r = attacks.rng(zlib.crc32(kind.encode()) + first)
    pages = {f"{number:03d}": KINDS[kind](r, number // 9) for number in range(each)}
    made = {name: features(page) for name, page in pages.items()}
    for number, (name, page) in enumerate(pages.items()):
        if number < copies:
            attack = COPIES[number % len(COPIES)]
            made[f"{name}/{attack}"] = features(attacks.ATTACKS[attack](page, r, number))
    links = {(match.left, match.right): match for match in match_all(made)}
    names, told = sorted(made), Counter[str]()
    different = false = right = 0
    for place, one in enumerate(names):
        for other in names[place + 1 :]:
            match = links.get((one, other))
            if one[:3] != other[:3]:
                different += 1
                if match is not None and joined(match):
                    false += 1
                    print("FALSE", kind, one, other, match.relation.value, match.tier.value, dict(match.because))
            elif match is not None and joined(match):
                right += 1
            else:
                print("MISSED", kind, one, other, None if match is None else dict(match.because))
            if match is not None:
                told[match.because["rule"]] += 1  # type: ignore[index]
    print(kind, dict(told), flush=True)
    return different, false, len(names) - each, right


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--each", type=int, default=25)
    parser.add_argument("--copies", type=int, default=6)
    parser.add_argument("--first", type=int, default=0, help="another number draws other words")
    parser.add_argument("--kinds", nargs="*", default=list(KINDS))
    given = parser.parse_args()
    cv2.setNumThreads(1)
    faiss.omp_set_num_threads(1)
    rows = {kind: measure(kind, given.each, given.copies, given.first) for kind in given.kinds}
    print("| kind | pairs of different pages | joined | copies | joined |\n|---|---|---|---|---|")
    for kind, row in rows.items():
        print(f"| {kind} |", " | ".join(map(str, row)), "|")
    print("| **all** |", " | ".join(str(sum(column)) for column in zip(*rows.values(), strict=True)), "|")


if __name__ == "__main__":
    main()
