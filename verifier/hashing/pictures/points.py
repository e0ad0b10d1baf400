"""Points of many pictures in inverted lists of 8-bit numbers, and the plain arrays that such an index is kept as.

faiss searches; what is kept are arrays that are bounded and checked when they are read (`arrays`), never bytes of
faiss's own: a damaged or hostile file can be refused, but cannot lead its reader astray. The lists are filled from the
arrays in the very form in which `faiss.IndexIVF.add` fills them, so an index that was read answers as the one that was
kept.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

import faiss
import numpy as np
from numpy.typing import NDArray

from verifier.errors import Corrupt
from verifier.hashing.arrays import Arrays

NUMBERS = 128  # of a descriptor
MOST_LISTS = 4096
TRAINED_PER_LIST, PROBED, CHUNK = 40, 8, 50_000


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Coded:
    """Points as an index holds them; without a codebook the codes are the descriptors, and all are in list 0.

    `place` int32, `lists` uint16, `codes` uint8 (count, 128), `angle` and `octave` float32.
    """

    place: NDArray[np.int32]
    lists: NDArray[np.uint16]
    codes: NDArray[np.uint8]
    angle: NDArray[np.float32]
    octave: NDArray[np.float32]

    def __len__(self) -> int:
        return len(self.place)

    def arrays(self) -> Arrays:
        """For keeping; places are the caller's."""
        return {"lists": self.lists, "codes": self.codes, "angle": self.angle, "octave": self.octave}

    @staticmethod
    def of(arrays: Arrays, place: NDArray[np.int32]) -> Coded:
        """What `arrays` gave, at places. Raises Corrupt where the arrays do not fit one another."""
        count = len(place)
        shapes = {"lists": ("u2", (count,)), "codes": ("u1", (count, NUMBERS)), "angle": ("f4", (count,)),
                  "octave": ("f4", (count,))}  # fmt: skip
        for name, (kind, shape) in shapes.items():
            array = arrays.get(name)
            if array is None or array.dtype != np.dtype(kind) or array.shape != shape:
                raise Corrupt(f"the points of an index have no {name} of {shape}")
        if not (np.isfinite(arrays["angle"]).all() and np.isfinite(arrays["octave"]).all()):
            raise Corrupt("the points of an index have no finite angle or size")
        return Coded(
            place=place,
            lists=arrays["lists"],
            codes=arrays["codes"],
            angle=arrays["angle"],
            octave=arrays["octave"],
        )


def together(parts: Sequence[Coded]) -> Coded:
    """All points of some parts."""
    if len(parts) == 1:
        return parts[0]
    none = Coded(place=np.zeros(0, np.int32), lists=np.zeros(0, np.uint16), codes=np.zeros((0, NUMBERS), np.uint8),
                 angle=np.zeros(0, np.float32), octave=np.zeros(0, np.float32))  # fmt: skip
    every = [none, *parts]
    return Coded(
        place=np.concatenate([one.place for one in every]),
        lists=np.concatenate([one.lists for one in every]),
        codes=np.concatenate([one.codes for one in every]),
        angle=np.concatenate([one.angle for one in every]),
        octave=np.concatenate([one.octave for one in every]),
    )


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Codebook:
    """What was learnt of descriptors: the centres of the lists, float32 (lists, 128), and the range of each number.

    `ranges` is float32 (256,): least value and width of each of the 128 numbers of a residual.
    """

    centres: NDArray[np.float32]
    ranges: NDArray[np.float32]
    trained_at: int  # points

    def arrays(self) -> Arrays:
        """For keeping."""
        return {"centres": self.centres, "ranges": self.ranges}

    @staticmethod
    def of(arrays: Arrays, trained_at: object) -> Codebook:
        """What `arrays` gave. Raises Corrupt."""
        centres, ranges = arrays.get("centres"), arrays.get("ranges")
        fits = (
            centres is not None
            and ranges is not None
            and centres.dtype == np.float32
            and ranges.dtype == np.float32
            and centres.ndim == 2
            and centres.shape[1] == NUMBERS
            and 1 <= len(centres) <= MOST_LISTS
            and ranges.shape == (2 * NUMBERS,)
        )
        if not fits or centres is None or ranges is None or not isinstance(trained_at, int) or trained_at < 0:
            raise Corrupt("the codebook of an index is not one")
        if not (np.isfinite(centres).all() and np.isfinite(ranges).all()):
            raise Corrupt("the codebook of an index is not of finite numbers")
        return Codebook(centres=centres, ranges=ranges, trained_at=trained_at)

    def empty(self) -> faiss.IndexIVF:
        """A faiss index of these lists without points."""
        centres = faiss.IndexFlatL2(NUMBERS)
        centres.add(np.ascontiguousarray(self.centres))
        kind, metric = faiss.ScalarQuantizer.QT_8bit, faiss.METRIC_L2
        index = faiss.IndexIVFScalarQuantizer(centres, NUMBERS, len(self.centres), kind, metric)
        index.referenced_objects = [centres]  # type: ignore[attr-defined]  # faiss does not own it
        faiss.copy_array_to_vector(np.ascontiguousarray(self.ranges), index.sq.trained)
        index.is_trained, index.nprobe = True, PROBED
        return index


def learnt(rows: NDArray[np.uint8]) -> Codebook:
    """A codebook for these descriptors; the same rows give the same."""
    lists = int(min(MOST_LISTS, max(64, 4 * np.sqrt(len(rows)))))
    index: Any = faiss.index_factory(NUMBERS, f"IVF{lists},SQ8")
    sample = np.random.default_rng(0).permutation(len(rows))[: lists * TRAINED_PER_LIST]
    index.train(rows[np.sort(sample)].astype(np.float32))
    return Codebook(
        centres=index.quantizer.reconstruct_n(0, lists),
        ranges=faiss.vector_to_array(index.sq.trained),
        trained_at=len(rows),
    )


def coded(index: faiss.IndexIVF, rows: NDArray[np.uint8]) -> tuple[NDArray[np.uint16], NDArray[np.uint8]]:
    """The list and the code of each descriptor in an index that `Codebook.empty` made."""
    lists, codes = np.empty(len(rows), np.uint16), np.empty((len(rows), NUMBERS), np.uint8)
    for start in range(0, len(rows), CHUNK):
        some = np.ascontiguousarray(rows[start : start + CHUNK].astype(np.float32))
        nearest = np.ascontiguousarray(index.quantizer.search(some, 1)[1][:, 0])
        made = np.empty((len(some), NUMBERS), np.uint8)
        index.encode_vectors(len(some), *(faiss.swig_ptr(array) for array in (some, nearest, made)))
        lists[start : start + CHUNK], codes[start : start + CHUNK] = nearest, made
    return lists, codes


def fill(index: faiss.IndexIVF, lists: NDArray[np.uint16], codes: NDArray[np.uint8]) -> None:
    """Put points into an index that `Codebook.empty` made; they are numbered on. Raises Corrupt for a list too many."""
    if not len(lists):
        return
    if int(lists.max()) >= index.nlist:
        raise Corrupt("a point of an index is in a list that there is not")
    order = np.argsort(lists, kind="stable")
    grouped = np.ascontiguousarray(codes[order])
    numbers = order.astype(np.int64) + index.ntotal
    bounds = np.searchsorted(lists[order], np.arange(index.nlist + 1))
    into: Any = index.invlists
    for number in np.flatnonzero(np.diff(bounds)).tolist():
        first, last = int(bounds[number]), int(bounds[number + 1])
        into.add_entries(number, last - first, faiss.swig_ptr(numbers[first:last]), faiss.swig_ptr(grouped[first:last]))
    index.ntotal += len(lists)


def descriptors(index: faiss.Index) -> NDArray[np.uint8]:
    """Every descriptor in an index, in order of number, as near as its codes give it."""
    rows = np.empty((index.ntotal, NUMBERS), np.uint8)
    if isinstance(index, faiss.IndexIVF):
        index.make_direct_map()
    for start in range(0, index.ntotal, CHUNK):
        count = min(CHUNK, index.ntotal - start)
        rows[start : start + count] = np.clip(np.rint(index.reconstruct_n(start, count)), 0, 255)
    return rows


def in_bulks(parts: Iterable[Coded], least: int = CHUNK) -> Iterable[Coded]:
    """The same points in fewer parts: each filling of the lists has a cost of its own."""
    waiting: list[Coded] = []
    for part in parts:
        waiting.append(part)
        if sum(map(len, waiting)) >= least:
            yield together(waiting)
            waiting = []
    if waiting:
        yield together(waiting)
