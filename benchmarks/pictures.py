"""Pictures alike, measured: recall for each attack, false pairs, CPU; beside hash libraries on the same set.

    python -m benchmarks.pictures --photographs DIR [DIR …] --half test --bases 24 --each 12 --salt 1 --cache DIR

Photographs are parted into a tuning and a test half by the hash of their names; each half into bases, strangers and
four partners for collages. Nothing of them is kept but features, in the cache.
"""

from __future__ import annotations

import argparse
import time
import zlib
from collections import Counter, defaultdict
from collections.abc import Callable, Iterator
from pathlib import Path

import cv2
import faiss
import imagehash
import numpy as np
from PIL import Image

from benchmarks import attacks_pictures as attacks
from benchmarks.pictures_set import EXHIBIT, SHOWING, Item, load, make, photographs, shrunk_like_the_decoder
from verifier.hashing import local_features, pdq
from verifier.hashing.luma import reduced
from verifier.hashing.pictures.match import Matcher, build
from verifier.instruments import Picture
from verifier.records import Match, Relation, Tier

JOINED = (Relation.SAME_PICTURE, Relation.ALTERED_PICTURE)
PASTED = ("pip40", "collage2", "o4 collage of four")  # two of these may truly share a partner
Made = tuple[str, str, str, np.ndarray]
RIVALS: dict[str, Callable[[Image.Image], imagehash.ImageHash]] = {
    "imagehash phash": imagehash.phash,
    "imagehash dhash": imagehash.dhash,
    "imagehash whash": imagehash.whash,
    "imagehash average": imagehash.average_hash,
}


def halves(pictures: list[tuple[str, np.ndarray]], half: str) -> list[tuple[str, np.ndarray]]:
    ordered = sorted(pictures, key=lambda one: zlib.crc32(one[0].encode()))
    return ordered[half == "test" :: 2]


def made_set(folders: list[Path], half: str, bases: int, salt: int = 0, each: int | None = None) -> Iterator[Made]:
    mine = halves(photographs(folders), half)
    partners = [pixels for _, pixels in mine[-4:]]
    return make(mine[:bases], mine[bases:-4], partners, list(attacks.ATTACKS), salt, each)


def joined(match: Match) -> bool:
    return match.relation in JOINED and match.tier is not Tier.REVIEW


def is_false(left: Item, right: Item) -> bool:
    """Two different photographs. Two pictures that hold a partner's photograph may share it: not counted."""
    return left.photograph != right.photograph and not (left.attack in PASTED and right.attack in PASTED)


def report_matching(items: list[Item]) -> None:
    known = {item.name: item for item in items}
    started = time.process_time()
    matcher = Matcher(build({item.name: item.features for item in items}))
    for name in sorted(known):
        matcher.ask(name)
    matcher.expand()
    matches = list(matcher.matches())
    seconds = time.process_time() - started
    links = {(match.left, match.right): match for match in matches if joined(match)}
    found: dict[str, list[int]] = defaultdict(lambda: [0, 0, 0])
    wrong_way = 0
    for item in items:
        if not item.attack or item.attack.startswith("hn"):
            continue
        link = links.get(tuple(sorted((item.photograph, item.name))))  # type: ignore[arg-type]
        row = found[item.attack]
        row[1] += 1
        if link is not None:
            row[0] += 1
            row[2] += link.tier is Tier.CERTAIN
            wrong_way += not _right_way(item.attack, link)
    print("| attack | found | of | certain |\n|---|---|---|---|")
    for attack, (hits, total, certain) in found.items():
        print(f"| {attack} | {hits} | {total} | {certain} |")
    hits, total = sum(row[0] for row in found.values()), sum(row[1] for row in found.values())
    copies, brought = _all_pairs(items, links)
    false = [key for key in links if is_false(known[key[0]], known[key[1]])]
    empty = [key for key in false if known[key[0]].photograph.startswith("none") and
             known[key[1]].photograph.startswith("none")]  # fmt: skip
    print(f"| **all** | {hits} | {total} | **{hits / total:.4f}** |\n")
    print(f"All pairs of pictures of one photograph: {brought} of {copies} ({brought / copies:.4f}).\n")
    print(f"Pictures {len(items)}, pairs verified {len(matcher.pairs)}, pairs of different photographs "
          f"{_strangers(items)}; false pairs at certain or likely {len(false) - len(empty)}, "
          f"screens without a photograph joined {len(empty)}; mirrored or turned wrongly {wrong_way}; "
          f"CPU {seconds:.0f} s, {1e3 * seconds / max(1, len(matcher.pairs)):.0f} ms a verified pair.\n")  # fmt: skip
    for key in false:
        if key not in empty:
            print("FALSE", key, dict(links[key].because))
    for item in items:
        key = tuple(sorted((item.photograph, item.name)))
        if item.attack and not item.attack.startswith("hn") and key not in links:
            why = [match.because["rule"] for match in matches if (match.left, match.right) == key]
            print("MISSED", item.name, why)


def _all_pairs(items: list[Item], links: dict[tuple[str, str], Match]) -> tuple[int, int]:
    """How many pairs of pictures show one photograph, and how many of them were joined."""
    of: dict[str, list[str]] = defaultdict(list)
    for item in items:
        if not item.photograph.startswith("none"):
            of[item.photograph].append(item.name)
    pairs = [(min(a, b), max(a, b)) for names in of.values() for place, a in enumerate(names) for b in names[:place]]
    return len(pairs), sum(pair in links for pair in pairs)


def _right_way(attack: str, match: Match) -> bool:
    if match.transform is None or attack in ("screenphoto", "c5 screenphoto>640q30", "o7 phone filmed"):
        return match.transform is not None
    away = abs((match.transform.rotation_degrees - attacks.TURNED.get(attack, 0) + 180) % 360 - 180)
    return match.transform.mirrored is (attack in attacks.MIRRORED) and away <= 3


def _strangers(items: list[Item]) -> int:
    sizes = Counter(item.photograph for item in items).values()
    return (len(items) ** 2 - sum(size**2 for size in sizes)) // 2


def report_rivals(items: list[Item], pictures: Iterator[Made]) -> None:
    """Hash libraries and PDQ alone: recall of base and copy, and false pairs, at usual thresholds."""
    hashes: dict[str, dict[str, bytes]] = defaultdict(dict)
    spent: Counter[str] = Counter()
    for name, _, _, pixels in pictures:
        small = Image.fromarray(reduced(pixels))
        for rival, make_hash in RIVALS.items():
            started = time.process_time()
            hashes[rival][name] = np.packbits(make_hash(small).hash.ravel()).tobytes()
            spent[rival] += time.process_time() - started
        started = time.process_time()
        hashes["PDQ"][name] = pdq.pdq(reduced(pixels)).bits
        spent["PDQ"] += time.process_time() - started
    print("| method | threshold | recall | false pairs | CPU a picture, ms |\n|---|---|---|---|---|")
    for method, threshold in [*((rival, 10) for rival in RIVALS), ("PDQ", 31), ("PDQ", 48)]:
        recall, false = _at(items, hashes[method], threshold)
        print(f"| {method} | ≤ {threshold} | {recall:.3f} | {false} | {1e3 * spent[method] / len(items):.1f} |")


def _at(items: list[Item], hashes: dict[str, bytes], threshold: int) -> tuple[float, int]:
    rows = np.array([np.frombuffer(hashes[item.name], np.uint8) for item in items])
    place = {item.name: number for number, item in enumerate(items)}
    hits, total, false = 0, 0, 0
    for number, item in enumerate(items):
        apart = np.bitwise_count(rows[: number + 1] ^ rows[number]).sum(axis=1)
        false += sum(is_false(items[other], item) for other in np.flatnonzero(apart[:number] <= threshold).tolist())
        if item.attack and not item.attack.startswith("hn"):
            total += 1
            base = rows[place[item.photograph]] ^ rows[number]
            hits += int(np.bitwise_count(base).sum()) <= threshold
    return hits / total, false


def report_cost(folders: list[Path]) -> None:
    """Extraction against OpenCV's SIFT and a bare PDQ on the same pictures."""
    bare = cv2.SIFT_create(nfeatures=0, contrastThreshold=local_features.CONTRAST, edgeThreshold=local_features.EDGE)
    mine, theirs = 0.0, 0.0
    for _, pixels in photographs(folders)[:24]:
        picture = Picture(grey=shrunk_like_the_decoder(pixels), colour=pixels)
        started = time.process_time()
        for viewer in (pdq.VIEWER, local_features.VIEWER):
            viewing = viewer.begin(EXHIBIT, SHOWING, {})
            viewing.see(picture)
            list(viewing.conclude())
        mine += time.process_time() - started
        started = time.process_time()
        bare.detectAndCompute(picture.grey, None)
        pdq.pdq(reduced(pixels))
        theirs += time.process_time() - started
    print(f"Extraction: {mine / theirs:.2f} × SIFT and PDQ called bare ({1e3 * mine / 24:.0f} ms a picture).\n")


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--photographs", type=Path, nargs="+", required=True)
    parser.add_argument("--half", choices=["tuning", "test"], default="test")
    parser.add_argument("--bases", type=int, default=14)
    parser.add_argument("--each", type=int, help="attacks for each photograph, drawn by lot; all by default")
    parser.add_argument("--salt", type=int, default=0, help="another number draws other overlays")
    parser.add_argument("--cache", type=Path, default=Path("/tmp/pictures"))  # noqa: S108
    parser.add_argument("--only", choices=["matching", "rivals", "cost"])
    given = parser.parse_args()
    cv2.setNumThreads(1)
    faiss.omp_set_num_threads(1)
    given.cache.mkdir(exist_ok=True)
    if given.only in (None, "cost"):
        report_cost(given.photographs)
    if given.only == "cost":
        return
    items = load(
        given.cache / f"{given.half}-{given.bases}-{given.each or 'all'}-{given.salt}.pickle",
        made_set(given.photographs, given.half, given.bases, given.salt, given.each),
    )
    if given.only in (None, "matching"):
        report_matching(items)
    if given.only in (None, "rivals"):
        report_rivals(items, made_set(given.photographs, given.half, given.bases, given.salt, given.each))


if __name__ == "__main__":
    main()
