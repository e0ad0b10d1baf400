"""Pictures by id, ready to be asked which are alike, and the blocks that such an index is kept in.

A block holds some pictures: names, a stamp of what each was made from, hashes, and points as the lists hold them
(`points`). Where lists were learnt, their codebook is the first block, and every other names its digest. Blocks of an
index that grows by little are joined, so that their number stays a logarithm of the pictures'.
"""

from __future__ import annotations

import hashlib
from collections import OrderedDict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import partial

import numpy as np
from numpy.typing import NDArray

from verifier.errors import Corrupt
from verifier.guarded import UNGUARDED, Guard
from verifier.hashing import arrays, pdq
from verifier.hashing.pictures.features import LEAST_POINTS, PictureFeatures
from verifier.hashing.pictures.points import Codebook, Coded, together
from verifier.hashing.pictures.search import FeatureIndex, HashIndex
from verifier.hashing.pictures.verify import Prepared, prepare

RECIPE, BOOK_RECIPE = "picture-index/1", "picture-index-book/1"
PREPARED = 256  # decoded pictures kept at hand
PICTURES_A_BLOCK = 4000
STAMP_BYTES = 16
_NO_STAMP = bytes(STAMP_BYTES)


@dataclass
class PictureIndex:
    """Pictures by id, ready to be asked. `features` may be any mapping: it is read when a pair is verified."""

    features: Mapping[str, PictureFeatures]
    hashes: HashIndex = field(default_factory=HashIndex)
    points: FeatureIndex = field(default_factory=FeatureIndex)
    ids: list[str] = field(default_factory=list)
    stamps: list[bytes] = field(default_factory=list)
    guard: Guard = UNGUARDED
    _prepared: OrderedDict[str, Prepared] = field(default_factory=OrderedDict)

    def add(self, name: str, features: PictureFeatures, stamp: bytes = _NO_STAMP) -> None:
        """Index one picture; the caller sees to it that `features` will hold it. A name is added once."""
        place = len(self.ids)
        self.ids.append(name)
        self.stamps.append(stamp)
        self.hashes.add(place, [one.bits for one in features.worthy])
        if len(features.local) >= LEAST_POINTS:
            self.points.add(place, features.local)

    def prepared(self, name: str) -> Prepared:
        """A decoded picture; the latest are kept."""
        if name in self._prepared:
            self._prepared.move_to_end(name)
        else:
            self._prepared[name] = prepare(self.features[name])
            if len(self._prepared) > PREPARED:
                self._prepared.popitem(last=False)
        return self._prepared[name]


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Block:
    """Some pictures of an index. `of_hash`, and the points' `place`: numbers of pictures within the block."""

    book: str  # digest of the codebook, "" where there is none
    names: tuple[str, ...]
    stamps: tuple[bytes, ...]
    hashes: NDArray[np.uint8]
    of_hash: NDArray[np.int64]
    points: Coded

    def __len__(self) -> int:
        return len(self.names)

    def encode(self) -> bytes:
        """For `decode`."""
        count = len(self.names)
        kept = {
            **self.points.arrays(),
            "names": np.frombuffer("\n".join(self.names).encode(), np.uint8),
            "stamps": np.frombuffer(b"".join(self.stamps), np.uint8),
            "hashes": self.hashes,
            "hashes_of": np.bincount(self.of_hash, minlength=count).astype(np.uint16),
            "points_of": np.bincount(self.points.place, minlength=count).astype(np.uint16),
        }
        return arrays.encode(RECIPE, kept, {"book": self.book, "pictures": count}, deflate=False)

    @staticmethod
    def decode(content: bytes | memoryview) -> Block:
        """What `encode` gave. Raises Corrupt on anything else."""
        kept, facts = arrays.decode(RECIPE, content)
        count = facts.get("pictures")
        if not isinstance(count, int) or not {"names", "stamps", "hashes", "hashes_of", "points_of"} <= kept.keys():
            raise Corrupt("a block of an index lacks something")
        try:
            names = tuple(kept["names"].tobytes().decode().split("\n")) if count else ()
        except UnicodeDecodeError:
            raise Corrupt("a block of an index has names that are no text") from None
        stamps, hashes, hashes_of, points_of = (kept[key] for key in ("stamps", "hashes", "hashes_of", "points_of"))
        fits = (
            len(names) == len(set(names)) == count
            and stamps.shape == (count * STAMP_BYTES,)
            and hashes_of.shape == points_of.shape == (count,)
            and hashes_of.dtype == points_of.dtype == np.uint16
            and hashes.dtype == stamps.dtype == np.uint8
            and hashes.shape == (int(hashes_of.sum()), pdq.BYTES)
        )
        if not fits:
            raise Corrupt("the parts of a block of an index do not fit one another")
        of_point = np.repeat(np.arange(count, dtype=np.int32), points_of)
        sealed = stamps.tobytes()
        return Block(
            book=str(facts.get("book")),
            names=names,
            stamps=tuple(sealed[at : at + STAMP_BYTES] for at in range(0, len(sealed), STAMP_BYTES)),
            hashes=hashes,
            of_hash=np.repeat(np.arange(count), hashes_of),
            points=Coded.of(kept, of_point),
        )

    def part(self, first: int, last: int) -> Block:
        """The pictures from one number to below another."""
        hash_from, hash_to = np.searchsorted(self.of_hash, [first, last])
        point_from, point_to = np.searchsorted(self.points.place, [first, last])
        some = slice(point_from, point_to)
        return Block(
            book=self.book,
            names=self.names[first:last],
            stamps=self.stamps[first:last],
            hashes=self.hashes[hash_from:hash_to],
            of_hash=self.of_hash[hash_from:hash_to] - first,
            points=Coded(
                place=self.points.place[some] - np.int32(first),
                lists=self.points.lists[some],
                codes=self.points.codes[some],
                angle=self.points.angle[some],
                octave=self.points.octave[some],
            ),
        )


def joined(one: Block, other: Block) -> Block:
    """The pictures of two blocks of one codebook."""
    moved = Coded(
        place=other.points.place + np.int32(len(one)),
        lists=other.points.lists,
        codes=other.points.codes,
        angle=other.points.angle,
        octave=other.points.octave,
    )
    return Block(
        book=one.book,
        names=one.names + other.names,
        stamps=one.stamps + other.stamps,
        hashes=np.concatenate([one.hashes, other.hashes]),
        of_hash=np.concatenate([one.of_hash, other.of_hash + len(one)]),
        points=together([one.points, moved]),
    )


class Growing:
    """An index that is kept in blocks and grows: what of it is kept already, and what is not."""

    def __init__(self, index: PictureIndex) -> None:
        self.index = index
        self._kept: list[tuple[str, Block]] = []  # with their digests, in order
        self._book = ""  # digest of the block that the codebook is
        self._pictures = self._hashes = 0  # that are in kept blocks

    @classmethod
    def read(
        cls, blocks: Sequence[tuple[str, memoryview]], features: Mapping[str, PictureFeatures],
        stamps: Mapping[str, bytes], guard: Guard = UNGUARDED,
    ) -> Growing:  # fmt: skip
        """The index that was kept in these blocks (digest, content).

        `stamps`: what every picture that there is would be made from now. Raises Corrupt where a block is not one, or a
        picture of it is no longer there or is another.
        """
        one = cls(PictureIndex(features, guard=guard))
        rest = list(blocks)
        if rest and _is_book(rest[0][1]):
            one._book = rest[0][0]
            one.index.points = FeatureIndex(_book_of(rest.pop(0)[1]))
        for digest, content in rest:
            one._take(digest, Block.decode(content), stamps)
        one._fill()
        return one

    def _take(self, digest: str, block: Block, stamps: Mapping[str, bytes]) -> None:
        if block.book != self._book:
            raise Corrupt("a block of an index is of another codebook")
        for name, stamp in zip(block.names, block.stamps, strict=True):
            if stamps.get(name) != stamp:
                raise Corrupt("an index holds a picture that is gone or has changed")
        self._kept.append((digest, block))

    def _fill(self) -> None:
        """Let the kept blocks take effect."""
        index, parts = self.index, []
        for _, block in self._kept:
            first = len(index.ids)
            index.ids += block.names
            index.stamps += block.stamps
            index.hashes.add_rows(block.hashes, block.of_hash + first)
            parts.append(
                Coded(
                    place=block.points.place + np.int32(first),
                    lists=block.points.lists,
                    codes=block.points.codes,
                    angle=block.points.angle,
                    octave=block.points.octave,
                )
            )
        if len(set(index.ids)) != len(index.ids):
            raise Corrupt("an index holds a picture twice")
        index.points.add_coded(parts)
        self._pictures, self._hashes = len(index.ids), len(index.hashes)

    def grown(self) -> list[str | bytes] | None:
        """The blocks to keep now, a digest for each that is kept already; None where nothing was added."""
        index = self.index
        if len(index.ids) == self._pictures:
            return None
        points = index.points.taken()
        book = _book_bytes(index.points.book)
        digest = hashlib.sha256(book).hexdigest() if book else ""
        if digest != self._book:  # learnt anew: all points are coded anew
            self._kept, self._book, self._pictures, self._hashes = [], digest, 0, 0
        rows, places = index.hashes.rows(self._hashes)
        new = Block(
            book=digest,
            names=tuple(index.ids[self._pictures :]),
            stamps=tuple(index.stamps[self._pictures :]),
            hashes=rows,
            of_hash=places - self._pictures,
            points=Coded(place=points.place - np.int32(self._pictures), lists=points.lists, codes=points.codes,
                         angle=points.angle, octave=points.octave),
        )  # fmt: skip
        stays = list(self._kept)
        while stays and len(stays[-1][1]) <= 2 * len(new) and len(stays[-1][1]) + len(new) <= PICTURES_A_BLOCK:
            new = joined(stays.pop()[1], new)
        fresh = [new.part(at, at + PICTURES_A_BLOCK).encode() for at in range(0, len(new), PICTURES_A_BLOCK)]
        return [*([book] if book else []), *(digest for digest, _ in stays), *fresh]


def _is_book(content: memoryview) -> bool:
    return arrays.recipe_of(content) == BOOK_RECIPE


def _book_of(content: memoryview) -> Codebook:
    kept, facts = arrays.decode(BOOK_RECIPE, content)
    return Codebook.of(kept, facts.get("trained_at"))


def _book_bytes(book: Codebook | None) -> bytes:
    if book is None:
        return b""
    return arrays.encode(BOOK_RECIPE, book.arrays(), {"trained_at": book.trained_at}, deflate=False)


def build(
    features: Mapping[str, PictureFeatures], names: Iterable[str] | None = None, guard: Guard = UNGUARDED
) -> PictureIndex:
    """An index of the named pictures (all by default). One that cannot be indexed is a fault of it, and left out."""
    index = PictureIndex(features, guard=guard)
    complete(index, sorted(features if names is None else names), {})
    return index


def complete(index: PictureIndex, names: Iterable[str], stamps: Mapping[str, bytes]) -> None:
    """Add those of the named pictures that are not there. One that cannot be indexed is a fault of it, and left out."""
    there = set(index.ids)

    def add(name: str) -> None:
        index.add(name, index.features[name], stamps.get(name, _NO_STAMP))

    for name in names:
        if name not in there:
            index.guard.attempt((name,), partial(add, name), None)
