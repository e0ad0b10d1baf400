"""Small alterations found where they are, and none found where nothing was altered.

    python -m benchmarks.alterations --photographs DIR [DIR …] --half test --bases 10

Each photograph is altered in every way of `attacks_small` over 2 % and .5 % of its area, then recompressed, shrunk or
given other tones; and it is changed as a whole in every way that alters nothing. The whole comparison judges each pair.
"""

from __future__ import annotations

import argparse
import zlib
from collections import defaultdict
from pathlib import Path

import cv2
import faiss
import numpy as np

from benchmarks import attacks_pictures as attacks
from benchmarks import attacks_small as small
from benchmarks.pictures import halves
from benchmarks.pictures_set import features, photographs
from verifier.hashing.pictures.match import match_all
from verifier.records import Match, Relation

SHARES = (0.02, 0.005)


def found(match: Match | None, box: small.Box, picture: np.ndarray) -> bool:
    """Whether the link says *altered* and its largest region meets the changed box."""
    if match is None or match.relation is not Relation.ALTERED_PICTURE or "region_left" not in match.because:
        return False
    height, width = picture.shape[:2]
    sides = [float(str(match.because[f"region_{side}"])) for side in ("left", "top", "right", "bottom")]
    left, top, right, bottom = (side * size for side, size in zip(sides, (width, height) * 2, strict=True))
    return left < box[2] and right > box[0] and top < box[3] and bottom > box[1]


def pair(left: np.ndarray, right: np.ndarray) -> Match | None:
    return next(iter(match_all({"a": features(left), "b": features(right)})), None)


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--photographs", type=Path, nargs="+", required=True)
    parser.add_argument("--half", choices=["tuning", "test"], default="test")
    parser.add_argument("--bases", type=int, default=10)
    given = parser.parse_args()
    cv2.setNumThreads(1)
    faiss.omp_set_num_threads(1)
    mine = halves(photographs(given.photographs), given.half)
    attacks.PARTNERS[:] = [pixels for _, pixels in mine[-4:]]
    altered: dict[tuple[str, float], list[bool]] = defaultdict(list)
    benign: dict[str, list[bool]] = defaultdict(list)
    for name, pixels in mine[: given.bases]:
        picture, r = attacks.fit(pixels, 800), attacks.rng(zlib.crc32(name.encode()))
        for share in SHARES:
            for kind, alteration in small.ALTERATIONS.items():
                left, right, box = alteration(picture, r, share)
                after = list(small.AFTERWARDS)[int(r.integers(0, len(small.AFTERWARDS)))]
                match = pair(left, small.AFTERWARDS[after](right, r))
                is_found = found(match, box, left)
                altered[kind, share].append(is_found)
                if not is_found:
                    told = None if match is None else dict(match.because)
                    print("MISSED", name, kind, share, after, box, left.shape[1::-1], told, flush=True)
        for kind, change in small.BENIGN.items():
            match = pair(picture, change(picture, r))
            is_said = match is not None and match.because["rule"] in ("small_change", "writing_changed")
            benign[kind].append(is_said)
            if is_said:
                print("FALSE", name, kind, flush=True)
    print("| altered | of 2 % | of .5 % |\n|---|---|---|")
    for kind in small.ALTERATIONS:
        print(f"| {kind} |", " | ".join(f"{sum(altered[kind, s])} of {len(altered[kind, s])}" for s in SHARES), "|")
    print(f"| false on {sum(map(len, benign.values()))} copies | {sum(map(sum, benign.values()))} | |")


if __name__ == "__main__":
    main()
