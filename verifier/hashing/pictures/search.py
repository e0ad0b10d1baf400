"""Which pictures may be alike: exact search among hashes, and votes of local features.

PDQ: every pair within a radius is found (faiss IndexBinaryFlat up to some millions, MultiHash above; both exact for the
radius asked). The query brings its eight dihedral variants, so the index keeps one hash for each box of a picture.
Local features: approximate nearest neighbours vote for pictures; votes count together where they agree on turn and
scale (weak geometry). `recall` of that search is measured, not proven; see docs/similarity.md.
"""

from __future__ import annotations

import io
from array import array
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any

import faiss
import numpy as np
from numpy.typing import NDArray

from verifier.hashing import pdq
from verifier.hashing.bits import stack
from verifier.hashing.local_features import LocalFeatures

FLAT_LIMIT = 3_000_000  # hashes; above it MultiHash is faster, at ten times the memory
INDEXED_POINTS, ASKED_POINTS = 400, 300
NEIGHBOURS = 10
LEAST_WEIGHT = 0.02
_ROWS_AT_ONCE = 2048  # of hashes asked at once when all pairs are sought
_TRAINED_PER_LIST, _MOST_LISTS, _PROBED, _FLAT_POINTS, _CHUNK = 40, 4096, 8, 20_000, 50_000
_TURNS, _OCTAVES = 8, 9


@dataclass(frozen=True, slots=True)
class HashHit:
    """A picture whose hash lies near: its place in the index, the distance, and the query's turn that came nearest."""

    place: int
    distance: int
    turn: pdq.Turn


class HashIndex:
    """Exact search among PDQ hashes. Places are numbers the caller gives; one picture may have several hashes."""

    def __init__(self) -> None:
        self._index: faiss.IndexBinary = faiss.IndexBinaryFlat(pdq.BITS)
        self._places = array("q")

    def __len__(self) -> int:
        return len(self._places)

    def add(self, place: int, hashes: Iterable[bytes]) -> None:
        """Index a picture's hashes (whole and boxes)."""
        rows = list(hashes)
        if not rows:
            return
        self._index.add(stack(rows, pdq.BYTES))
        self._places.extend([place] * len(rows))
        self._grow()

    def within(self, hashes: Iterable[bytes], radius: int) -> list[HashHit]:
        """Every indexed picture within the radius of any of the hashes in any of eight turns; its nearest hit."""
        rows = list(hashes)
        if not rows or not self._places:
            return []
        variants = stack([pdq.turned_bits(row, turn) for row in rows for turn in pdq.TURNS], pdq.BYTES)
        limits, distances, labels = self._index.range_search(variants, radius + 1)
        best: dict[int, HashHit] = {}
        for number in range(len(variants)):
            turn = pdq.TURNS[number % len(pdq.TURNS)]
            for at in range(int(limits[number]), int(limits[number + 1])):
                place, distance = self._places[int(labels[at])], int(distances[at])
                known = best.get(place)
                if known is None or distance < known.distance:
                    best[place] = HashHit(place, distance, turn)
        return sorted(best.values(), key=lambda hit: (hit.distance, hit.place))

    def pairs_within(self, radius: int) -> Iterator[tuple[int, int, int]]:
        """Every pair of indexed hashes (as they lie, no turns) within the radius: two places and the distance."""
        rows = self._index.reconstruct_n(0, self._index.ntotal) if len(self) else np.zeros((0, pdq.BYTES), np.uint8)
        for start in range(0, len(rows), _ROWS_AT_ONCE):
            limits, distances, labels = self._index.range_search(rows[start : start + _ROWS_AT_ONCE], radius + 1)
            asking = start + np.repeat(np.arange(len(limits) - 1), np.diff(limits.astype(np.int64)))
            for at in np.flatnonzero(labels < asking).tolist():
                yield self._places[int(labels[at])], self._places[int(asking[at])], int(distances[at])

    def to_bytes(self) -> bytes:
        """Every hash and its place, for `from_bytes`."""
        stream = io.BytesIO()
        rows = self._index.reconstruct_n(0, self._index.ntotal) if len(self) else np.zeros((0, pdq.BYTES), np.uint8)
        np.savez(stream, rows=rows, places=np.array(self._places, np.int64))
        return stream.getvalue()

    @classmethod
    def from_bytes(cls, content: bytes) -> HashIndex:
        """What `to_bytes` wrote."""
        one = cls()
        with np.load(io.BytesIO(content), allow_pickle=False) as stored:
            rows, places = np.ascontiguousarray(stored["rows"]), stored["places"]
        if len(rows):
            one._index.add(rows)
            one._places.extend(places.tolist())
            one._grow()
        return one

    def _grow(self) -> None:
        if len(self._places) > FLAT_LIMIT and isinstance(self._index, faiss.IndexBinaryFlat):
            self._index = _multi_hash(self._index)


def _multi_hash(flat: faiss.IndexBinary) -> faiss.IndexBinary:
    """The same hashes in 16 tables of 16 bits; probing 2 flips in each finds all within 47 (pigeonhole)."""
    index = faiss.IndexBinaryMultiHash(pdq.BITS, 16, 16)
    index.nflip = 3
    index.add(flat.reconstruct_n(0, flat.ntotal))
    return index


@dataclass(frozen=True, slots=True)
class Vote:
    """A picture that local features point to, and how strongly."""

    place: int
    mirrored: bool
    score: float


class FeatureIndex:
    """Approximate search among local features: exact while small, inverted lists with 8-bit numbers above."""

    def __init__(self) -> None:
        self._index: faiss.Index = faiss.IndexFlatL2(128)
        self._trained_at = 0
        self._place = np.zeros(0, np.int32)
        self._angle = np.zeros(0, np.float32)
        self._octave = np.zeros(0, np.float32)
        self._waiting: list[tuple[int, LocalFeatures]] = []

    def __len__(self) -> int:
        return len(self._place) + sum(min(len(one), INDEXED_POINTS) for _, one in self._waiting)

    def add(self, place: int, features: LocalFeatures) -> None:
        """Index a picture. It takes effect with the next question."""
        if len(features):
            self._waiting.append((place, features))

    def vote(self, features: LocalFeatures, keep: NDArray[np.bool_] | None = None) -> list[Vote]:
        """Pictures by votes of the (kept) features, both mirror hypotheses, strongest first."""
        self._settle()
        if not len(self._place) or not len(features):
            return []
        asked = features if keep is None else features.only(keep)
        return sorted(
            self._ask(asked, mirrored=False) + self._ask(asked.mirrored(), mirrored=True),
            key=lambda vote: (-vote.score, vote.place, vote.mirrored),
        )

    def _settle(self) -> None:
        if not self._waiting:
            return
        rows = np.concatenate([one.descriptors[:INDEXED_POINTS] for _, one in self._waiting])
        points = np.concatenate([one.points[:INDEXED_POINTS] for _, one in self._waiting])
        counts = [min(len(one), INDEXED_POINTS) for _, one in self._waiting]
        places = np.repeat(np.array([place for place, _ in self._waiting], np.int32), counts)
        self._waiting = []
        self._place = np.concatenate([self._place, places])
        self._angle = np.concatenate([self._angle, points[:, 3]])
        self._octave = np.concatenate([self._octave, np.log2(np.maximum(points[:, 2], 0.1))])
        total = self._index.ntotal + len(rows)
        if total > _FLAT_POINTS and total > 4 * self._trained_at:
            rows = np.concatenate([_all_rows(self._index), rows])
            self._index = _trained(rows)
            self._trained_at = total
        for start in range(0, len(rows), _CHUNK):
            self._index.add(rows[start : start + _CHUNK].astype(np.float32))

    def to_bytes(self) -> bytes:
        """Everything indexed, for `from_bytes`: our own cache, never evidence."""
        self._settle()
        stream = io.BytesIO()
        np.savez(
            stream, index=faiss.serialize_index(self._index), place=self._place, angle=self._angle,
            octave=self._octave, trained_at=np.int64(self._trained_at),
        )  # fmt: skip
        return stream.getvalue()

    @classmethod
    def from_bytes(cls, content: bytes) -> FeatureIndex:
        """What `to_bytes` wrote. The caller has checked the content's digest: a damaged one is not survived."""
        one = cls()
        with np.load(io.BytesIO(content), allow_pickle=False) as stored:
            one._index = faiss.deserialize_index(stored["index"])
            one._place, one._angle, one._octave = stored["place"], stored["angle"], stored["octave"]
            one._trained_at = int(stored["trained_at"])
        return one

    def _ask(self, features: LocalFeatures, mirrored: bool) -> list[Vote]:
        points = features.points[:ASKED_POINTS]
        rows = features.descriptors[:ASKED_POINTS].astype(np.float32)
        squared, labels = self._index.search(rows, min(NEIGHBOURS, self._index.ntotal))
        distance = np.sqrt(np.maximum(squared, 0))
        weight = np.clip(1 - distance / np.maximum(distance[:, -1:], 1e-6), 0, None)
        used = (labels >= 0) & (weight > LEAST_WEIGHT) & np.isfinite(distance)
        row, _ = np.nonzero(used)
        label, weight = labels[used], weight[used]
        if not len(label):
            return []
        turn = ((self._angle[label] - points[row, 3]) % 360 // (360 / _TURNS)).astype(int) % _TURNS
        change = self._octave[label] - np.log2(np.maximum(points[row, 2], 0.1))
        octave = np.clip(np.rint(change) + _OCTAVES // 2, 0, _OCTAVES - 1).astype(int)
        places, which = np.unique(self._place[label], return_inverse=True)
        cells = np.zeros((len(places), _TURNS, _OCTAVES + 2), np.float32)
        np.add.at(cells, (which, turn, octave + 1), weight)
        sides = np.roll(cells, 1, axis=1) + np.roll(cells, -1, axis=1)
        around = cells + 0.5 * sides
        around[:, :, 1:-1] += 0.5 * (cells[:, :, :-2] + cells[:, :, 2:])
        scores = around[:, :, 1:-1].reshape(len(places), -1).max(axis=1)
        return [Vote(int(place), mirrored, float(score)) for place, score in zip(places, scores, strict=True)]


def _trained(rows: NDArray[np.uint8]) -> faiss.Index:
    lists = int(min(_MOST_LISTS, max(64, 4 * np.sqrt(len(rows)))))
    index: Any = faiss.index_factory(128, f"IVF{lists},SQ8")
    sample = np.random.default_rng(0).permutation(len(rows))[: lists * _TRAINED_PER_LIST]
    index.train(rows[np.sort(sample)].astype(np.float32))
    index.nprobe = _PROBED
    trained: faiss.Index = index
    return trained


def _all_rows(index: faiss.Index) -> NDArray[np.uint8]:
    if not index.ntotal:
        return np.zeros((0, 128), np.uint8)
    if isinstance(index, faiss.IndexIVF):
        index.make_direct_map()
    rows = np.empty((index.ntotal, 128), np.uint8)
    for start in range(0, index.ntotal, _CHUNK):
        count = min(_CHUNK, index.ntotal - start)
        rows[start : start + count] = np.clip(np.rint(index.reconstruct_n(start, count)), 0, 255)
    return rows
