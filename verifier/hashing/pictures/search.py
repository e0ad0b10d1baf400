"""Which pictures may be alike: exact search among hashes, and votes of local features.

PDQ: every pair within a radius is found (faiss IndexBinaryFlat up to some millions, MultiHash above; both exact for the
radius asked). The query brings its eight dihedral variants, so the index keeps one hash for each box of a picture.
Local features: approximate nearest neighbours vote for pictures; votes count together where they agree on turn and
scale (weak geometry). `recall` of that search is measured, not proven; see docs/similarity.md.
"""

from __future__ import annotations

from array import array
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

import faiss
import numpy as np
from numpy.typing import NDArray

from verifier.hashing import pdq
from verifier.hashing.bits import stack
from verifier.hashing.local_features import LocalFeatures
from verifier.hashing.pictures import points as points_in_lists
from verifier.hashing.pictures.points import Codebook, Coded, together

FLAT_LIMIT = 3_000_000  # hashes; above it MultiHash is faster, at ten times the memory
INDEXED_POINTS, ASKED_POINTS = 400, 300
NEIGHBOURS = 10
LEAST_WEIGHT = 0.02
_ROWS_AT_ONCE = 2048  # of hashes asked at once when all pairs are sought
_FLAT_POINTS = 20_000
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
        self._rows: list[NDArray[np.uint8]] = []

    def __len__(self) -> int:
        return len(self._places)

    def add(self, place: int, hashes: Iterable[bytes]) -> None:
        """Index a picture's hashes (whole and boxes)."""
        rows = list(hashes)
        if not rows:
            return
        self.add_rows(stack(rows, pdq.BYTES), np.full(len(rows), place, np.int64))

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
        rows, _ = self.rows()
        for start in range(0, len(rows), _ROWS_AT_ONCE):
            limits, distances, labels = self._index.range_search(rows[start : start + _ROWS_AT_ONCE], radius + 1)
            asking = start + np.repeat(np.arange(len(limits) - 1), np.diff(limits.astype(np.int64)))
            for at in np.flatnonzero(labels < asking).tolist():
                yield self._places[int(labels[at])], self._places[int(asking[at])], int(distances[at])

    def rows(self, first: int = 0) -> tuple[NDArray[np.uint8], NDArray[np.int64]]:
        """Hashes from a number on, in the order in which they were added, and their places."""
        if len(self._rows) > 1:
            self._rows = [np.concatenate(self._rows)]
        rows = self._rows[0] if self._rows else np.zeros((0, pdq.BYTES), np.uint8)
        return rows[first:], np.array(self._places[first:], np.int64)

    def add_rows(self, rows: NDArray[np.uint8], places: NDArray[np.int64]) -> None:
        """Index what `rows` gave."""
        if len(rows):
            self._index.add(np.ascontiguousarray(rows))
            self._rows.append(rows)
            self._places.extend(places.tolist())
            self._grow()

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
    """Approximate search among local features: exact while small, inverted lists with 8-bit numbers above.

    What the lists are is learnt when there are enough points, and anew whenever there are four times as many.
    """

    def __init__(self, book: Codebook | None = None) -> None:
        self._index: faiss.Index = faiss.IndexFlatL2(points_in_lists.NUMBERS) if book is None else book.empty()
        self.book = book
        self._place = np.zeros(0, np.int32)
        self._angle = np.zeros(0, np.float32)
        self._octave = np.zeros(0, np.float32)
        self._waiting: list[tuple[int, LocalFeatures]] = []
        self._coded: list[Coded] = []

    def __len__(self) -> int:
        return len(self._place) + sum(min(len(one), INDEXED_POINTS) for _, one in self._waiting)

    def add(self, place: int, features: LocalFeatures) -> None:
        """Index a picture. It takes effect with the next question."""
        if len(features):
            self._waiting.append((place, features))

    def add_coded(self, parts: Iterable[Coded]) -> None:
        """Index what an index of the same codebook coded. Raises Corrupt where it cannot be of that codebook."""
        for part in points_in_lists.in_bulks(parts):
            self._fill(part)

    def vote(self, features: LocalFeatures, keep: NDArray[np.bool_] | None = None) -> list[Vote]:
        """Pictures by votes of the (kept) features, both mirror hypotheses, strongest first."""
        self.settle()
        if not len(self._place) or not len(features):
            return []
        asked = features if keep is None else features.only(keep)
        return sorted(
            self._ask(asked, mirrored=False) + self._ask(asked.mirrored(), mirrored=True),
            key=lambda vote: (-vote.score, vote.place, vote.mirrored),
        )

    def settle(self) -> None:
        """Let what was added take effect."""
        if not self._waiting:
            return
        rows = np.concatenate([one.descriptors[:INDEXED_POINTS] for _, one in self._waiting])
        points = np.concatenate([one.points[:INDEXED_POINTS] for _, one in self._waiting])
        counts = [min(len(one), INDEXED_POINTS) for _, one in self._waiting]
        places = np.repeat(np.array([place for place, _ in self._waiting], np.int32), counts)
        self._waiting = []
        angle, octave = points[:, 3], np.log2(np.maximum(points[:, 2], 0.1))
        total = self._index.ntotal + len(rows)
        if total > _FLAT_POINTS and total > 4 * (self.book.trained_at if self.book is not None else 0):
            rows = np.concatenate([points_in_lists.descriptors(self._index), rows])
            places, angle = np.concatenate([self._place, places]), np.concatenate([self._angle, angle])
            octave = np.concatenate([self._octave, octave])
            self._forget(points_in_lists.learnt(rows))
        lists, codes = np.zeros(len(rows), np.uint16), rows
        if isinstance(self._index, faiss.IndexIVF):
            lists, codes = points_in_lists.coded(self._index, rows)
        part = Coded(place=places, lists=lists, codes=codes, angle=angle, octave=octave)
        self._coded.append(part)
        self._fill(part)

    def taken(self) -> Coded:
        """The points that were added since the last time it was asked, as they are held: for keeping them.

        After the lists were learnt anew these are all there are, of another codebook.
        """
        self.settle()
        part, self._coded = together(self._coded), []
        return part

    def _forget(self, book: Codebook) -> None:
        self.book, self._index, self._coded = book, book.empty(), []
        self._place, self._angle, self._octave = self._place[:0], self._angle[:0], self._octave[:0]

    def _fill(self, part: Coded) -> None:
        if isinstance(self._index, faiss.IndexIVF):
            points_in_lists.fill(self._index, part.lists, part.codes)
        else:
            for start in range(0, len(part), points_in_lists.CHUNK):
                self._index.add(part.codes[start : start + points_in_lists.CHUNK].astype(np.float32))
        self._place = np.concatenate([self._place, part.place])
        self._angle = np.concatenate([self._angle, part.angle])
        self._octave = np.concatenate([self._octave, part.octave])

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
