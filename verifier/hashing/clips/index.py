"""Which clips may be alike: exact search among hashes of frames, and votes of local features.

Hashes: whole frames and content boxes of all known clips in one flat index of bits. Local features: sign bits of fixed
projections put each descriptor into six buckets of a million; descriptors that share a bucket vote for each other's
clips, less the fuller the bucket. The projections do not depend on the data, so one more clip needs no training.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from functools import cache

import faiss
import numpy as np
from numpy.typing import NDArray

from verifier.hashing.clips.features import ClipFeatures, ClipFrames, ClipKeys, ClipSift
from verifier.hashing.clips.frames import bits as frame_bits
from verifier.hashing.local_features import MIRROR, LocalFeatures
from verifier.hashing.pdq import BITS, LEAST_QUALITY, TURNS, Turn

WIDE_WITHIN, LOW_WITHIN = 64, 10  # bits of 256 and of 64
NEIGHBOURS = 256  # of one asked frame
MOST_ASKED = 480  # frames of one query
LEAST_HITS = 2  # frames of a query that must find a clip
TABLES, TABLE_BITS = 6, 20
POINTS_INDEXED = 80  # of a picture
MOST_BUCKET = 4000  # a fuller bucket says nothing
FEW_QUESTIONS = 4  # that are answered without sorting everything
_SEED = 20_241


class FrameIndex:
    """Hashes of frames of many clips. Places are the caller's numbers of clips."""

    def __init__(self) -> None:
        self._wide: faiss.IndexBinary = faiss.IndexBinaryFlat(BITS)
        self._low: faiss.IndexBinary = faiss.IndexBinaryFlat(64)
        self._places: list[NDArray[np.int32]] = []
        self._place: NDArray[np.int32] | None = None

    def __len__(self) -> int:
        return int(self._wide.ntotal)

    def add(self, place: int, frames: ClipFrames) -> None:
        """Index the frames of one clip that are worth it: whole, and boxes where they differ."""
        for wide, low, quality in _variants(frames):
            good = quality >= LEAST_QUALITY
            if good.any():
                self._wide.add(np.ascontiguousarray(wide[good]))
                self._low.add(np.ascontiguousarray(low[good]))
                self._places.append(np.full(int(good.sum()), place, np.int32))
        self._place = None

    def hits(self, frames: ClipFrames, turns: tuple[Turn, ...]) -> dict[int, int]:
        """Clips by the number of the query's distinct frames that found them."""
        found: dict[int, set[int]] = defaultdict(set)
        for wide, low, quality in _variants(frames):
            asked = np.flatnonzero(quality >= LEAST_QUALITY)
            asked = asked[:: max(1, -(-len(asked) // MOST_ASKED))]
            for turn in turns if len(asked) and len(self) else ():
                self._collect(found, asked, self._wide, frame_bits.laid(wide[asked], turn), WIDE_WITHIN)
                self._collect(found, asked, self._low, frame_bits.laid(low[asked], turn), LOW_WITHIN)
        return {place: len(numbers) for place, numbers in found.items()}

    def near(self, rows: NDArray[np.uint8], within: int) -> list[int]:
        """Clips with a frame within so many bits of one of the rows (PDQ, or coarse bits), in any of eight turns;
        nearest first."""
        best: dict[int, int] = {}
        index = self._wide if rows.shape[1] == frame_bits.WIDE_BYTES else self._low
        for turn in TURNS if len(rows) and len(self) else ():
            laid = np.ascontiguousarray(frame_bits.laid(rows, turn))
            apart, label = index.search(laid, min(NEIGHBOURS, len(self)))
            row, column = np.nonzero((apart <= within) & (label >= 0))
            for place, bits in zip(self._owners()[label[row, column]], apart[row, column], strict=True):
                best[int(place)] = min(best.get(int(place), BITS), int(bits))
        return sorted(best, key=lambda place: (best[place], place))

    def _owners(self) -> NDArray[np.int32]:
        if self._place is None:
            self._place = np.concatenate(self._places)
        return self._place

    def _collect(
        self,
        found: dict[int, set[int]],
        asked: NDArray[np.intp],
        index: faiss.IndexBinary,
        rows: NDArray[np.uint8],
        within: int,
    ) -> None:
        apart, label = index.search(np.ascontiguousarray(rows), min(NEIGHBOURS, len(self)))
        row, column = np.nonzero((apart <= within) & (label >= 0))
        pairs = np.unique(np.stack([self._owners()[label[row, column]], asked[row]], axis=1), axis=0)
        for place, number in pairs.tolist():
            found[place].add(number)


def _variants(frames: ClipFrames) -> list[tuple[NDArray[np.uint8], NDArray[np.uint8], NDArray[np.uint8]]]:
    whole = (frames.wide, frames.low, frames.quality)
    differs = (frames.wide_box != frames.wide).any(axis=1)
    if not differs.any():
        return [whole]
    return [whole, (frames.wide_box, frames.low_box, np.where(differs, frames.quality_box, 0).astype(np.uint8))]


@cache
def _projections() -> NDArray[np.float32]:
    """float32 (128, tables * bits): rows of random rotations."""
    chance = np.random.default_rng(_SEED)
    turned = [np.linalg.qr(chance.normal(size=(128, 128)))[0] for _ in range(-(-TABLES * TABLE_BITS // 128))]
    return np.concatenate(turned, axis=1)[:, : TABLES * TABLE_BITS].astype(np.float32)


def buckets(descriptors: NDArray[np.uint8]) -> NDArray[np.uint32]:
    """Bucket numbers, uint32 (descriptors, tables). Each descriptor is centred on its own mean."""
    rows = descriptors.astype(np.float32)
    rows -= rows.mean(axis=1, keepdims=True)
    signs = (rows @ _projections() > 0).reshape(len(rows), TABLES, TABLE_BITS)
    return np.asarray((signs * (1 << np.arange(TABLE_BITS))).sum(axis=2), np.uint32)


_Table = tuple[NDArray[np.uint32], NDArray[np.int32]]  # sorted bucket numbers, and the picture of each


def keys_of(sift: ClipSift) -> ClipKeys:
    """The buckets of a clip's points, as the index holds them."""
    found = [buckets(sift.picture(number).descriptors[:POINTS_INDEXED]) for number in range(len(sift))]
    return ClipKeys(
        count=np.array([len(keys) for keys in found], np.uint32),
        buckets=np.concatenate([*found, np.zeros((0, TABLES), np.uint32)]),
    )


def keys_for(clip: ClipFeatures) -> ClipKeys | None:
    """The keys that were kept with a clip; made where it was examined before they were. Raises Corrupt."""
    keys = clip.keys()
    return keys_of(clip.sift) if keys is None and clip.sift is not None else keys


@dataclass(frozen=True, slots=True)
class LocalVote:
    """A pair of pictures that local features point to."""

    mirrored: bool
    query_picture: int
    known_picture: int
    score: float


def pair_votes(query: ClipSift, known: ClipKeys | None) -> list[LocalVote]:
    """Votes for pairs of pictures of two clips by themselves, strongest first: no other clip lessens them."""
    if known is None:
        return []
    index = LocalIndex()
    index.add(0, known)
    return index.votes([query.picture(number) for number in range(len(query))]).get(0, [])


class LocalIndex:
    """Buckets of local features of many clips' pictures."""

    def __init__(self) -> None:
        self._waiting: list[tuple[NDArray[np.uint32], NDArray[np.int32]]] = []
        self._tables: list[_Table] = []
        self._questions = 0
        self._owner: list[tuple[int, int]] = []  # (clip, picture) by number of picture

    def add(self, place: int, keys: ClipKeys) -> None:
        """Index one clip's pictures. It takes effect with the next question."""
        pictures = np.arange(len(self._owner), len(self._owner) + len(keys.count), dtype=np.int32)
        self._waiting.append((keys.buckets, np.repeat(pictures, keys.count)))
        self._owner += [(place, number) for number in range(len(keys.count))]

    def votes(self, pictures: list[LocalFeatures]) -> dict[int, list[LocalVote]]:
        """Pairs of pictures by clip, strongest first."""
        found: dict[int, list[LocalVote]] = defaultdict(list)
        asked = [
            (number, mirrored, buckets(picture.descriptors[:, MIRROR] if mirrored else picture.descriptors))
            for number, picture in enumerate(pictures)
            for mirrored in (False, True)
        ]
        if not self._owner or not asked:
            return found
        tables = self._ready(np.concatenate([keys for _, _, keys in asked]))
        for number, mirrored, keys in asked:
            scores = self._scores(keys, tables)
            for other in np.flatnonzero(scores > 1.0)[np.argsort(-scores[scores > 1.0])][:200]:
                place, known = self._owner[other]
                found[place].append(LocalVote(mirrored, number, known, float(scores[other])))
        for votes in found.values():
            votes.sort(key=lambda vote: -vote.score)
        return found

    def _scores(self, keys: NDArray[np.uint32], tables: list[_Table]) -> NDArray[np.float32]:
        """For every known picture the sum over query points of their rarest common bucket."""
        points, owners, weights = [], [], []
        for table, (sorted_keys, owner) in enumerate(tables):
            first = np.searchsorted(sorted_keys, keys[:, table], "left")
            count = np.searchsorted(sorted_keys, keys[:, table], "right") - first
            weight = 1 / np.log2(2 + count)
            count[count > MOST_BUCKET] = 0
            rows = np.repeat(first, count) + np.arange(count.sum()) - np.repeat(np.cumsum(count) - count, count)
            points.append(np.repeat(np.arange(len(keys)), count))
            owners.append(owner[rows])
            weights.append(np.repeat(weight, count).astype(np.float32))
        pair = np.concatenate(points).astype(np.int64) * len(self._owner) + np.concatenate(owners)
        unique, inverse = np.unique(pair, return_inverse=True)
        heaviest = np.zeros(len(unique), np.float32)
        np.maximum.at(heaviest, inverse, np.concatenate(weights))
        return np.bincount(unique % len(self._owner), heaviest, minlength=len(self._owner)).astype(np.float32)

    def _ready(self, asked: NDArray[np.uint32]) -> list[_Table]:
        """Sorted tables; for the first few questions only of the buckets that are asked for: to sort all costs more."""
        self._questions += 1
        if self._questions > FEW_QUESTIONS:
            self._settle()
            return self._tables
        tables = []
        for table in range(TABLES):
            wanted = np.zeros(1 << TABLE_BITS, bool)
            wanted[asked[:, table]] = True
            columns, owners = [np.zeros(0, np.uint32)], [np.zeros(0, np.int32)]
            for keys, owner in self._waiting:
                kept = wanted[keys[:, table]]
                columns.append(keys[kept, table])
                owners.append(owner[kept])
            tables.append(_sorted(np.concatenate(columns), np.concatenate(owners)))
        return tables

    def _settle(self) -> None:
        if not self._waiting:
            return
        keys = np.concatenate([keys for keys, _ in self._waiting])
        owner = np.concatenate([owner for _, owner in self._waiting])
        tables = []
        for table in range(TABLES):
            column, numbers = keys[:, table], owner
            if self._tables:
                column = np.concatenate([self._tables[table][0], column])
                numbers = np.concatenate([self._tables[table][1], numbers])
            tables.append(_sorted(column, numbers))
        self._tables, self._waiting = tables, []


def _sorted(column: NDArray[np.uint32], owner: NDArray[np.int32]) -> _Table:
    order = np.argsort(column, kind="stable")
    return column[order], owner[order]
