"""An index that was kept answers as one that is made; whatever its bytes are, it is read or refused."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from verifier.errors import Corrupt
from verifier.hashing.local_features import GREY_RECIPE, LocalFeatures
from verifier.hashing.pictures import search as picture_search
from verifier.hashing.pictures.features import PictureFeatures
from verifier.hashing.pictures.index import Block, Growing, PictureIndex, complete
from verifier.records import Fingerprint

POINTS = 40


def picture(number: int) -> PictureFeatures:
    chance = np.random.default_rng(number)
    lowest, highest = (0, 0, 2, 0), (400, 400, 30, 360)
    points = chance.uniform(lowest, highest, (POINTS, 4))
    descriptors = chance.integers(0, 120, (POINTS, 128), dtype=np.uint8)
    hashes = tuple(Fingerprint(algorithm="pdq", bits=chance.bytes(32), quality=90) for _ in range(1 + number % 3))
    local = LocalFeatures(400, 400, points.astype(np.float32), descriptors)
    return PictureFeatures(hashes=hashes, local=local, grey_content=GREY_RECIPE.encode())


PICTURES = {f"{number:064x}": picture(number) for number in range(60)}
STAMPS = {name: bytes([number + 1]) * 16 for number, name in enumerate(PICTURES)}


class Memory:
    """Blocks by digest, as a folder keeps them."""

    def __init__(self) -> None:
        import hashlib

        self.blocks: list[tuple[str, bytes]] = []
        self._digest = lambda block: hashlib.sha256(block).hexdigest()

    def keep(self, blocks: list[str | bytes]) -> None:
        known = dict(self.blocks)
        self.blocks = [(one, known[one]) if isinstance(one, str) else (self._digest(one), one) for one in blocks]

    def read(self) -> list[tuple[str, memoryview]]:
        return [(digest, memoryview(block)) for digest, block in self.blocks]


def answers(index: PictureIndex, asked: str) -> object:
    one = PICTURES[asked]
    near = {(index.ids[hit.place], hit.distance) for hit in index.hashes.within([h.bits for h in one.worthy], 90)}
    votes = [(index.ids[vote.place], vote.mirrored, round(vote.score, 3)) for vote in index.points.vote(one.local)]
    return near, sorted(votes)


def grow(parts: list[list[str]]) -> tuple[Growing, Memory]:
    memory = Memory()
    growing = Growing(PictureIndex(PICTURES))
    for number, names in enumerate(parts):
        if number:
            growing = Growing.read(memory.read(), PICTURES, STAMPS)
        complete(growing.index, names, STAMPS)
        more = growing.grown()
        if more is not None:
            memory.keep(more)
    return growing, memory


@pytest.mark.parametrize("flat_points", [10**9, 300], ids=["flat", "lists"])
@pytest.mark.parametrize("size", [1, 7, 60])
def test_a_kept_index_answers_as_the_one_that_was_kept(flat_points: int, size: int, monkeypatch) -> None:
    monkeypatch.setattr(picture_search, "_FLAT_POINTS", flat_points)
    names = list(PICTURES)
    grown, memory = grow([names[at : at + size] for at in range(0, len(names), size)])
    read = Growing.read(memory.read(), PICTURES, STAMPS)
    assert read.grown() is None  # nothing more to keep
    assert sorted(read.index.ids) == names
    for name in names[::7]:
        assert answers(read.index, name) == answers(grown.index, name)
        assert read.index.ids[read.index.points.vote(PICTURES[name].local)[0].place] == name


def test_small_hand_overs_find_exactly_what_one_finds() -> None:
    names = list(PICTURES)
    one, _ = grow([names])
    many, memory = grow([[name] for name in reversed(names)])
    assert all(answers(one.index, name) == answers(many.index, name) for name in names)
    assert len(memory.blocks) <= 7  # a logarithm of how often something came


def test_what_has_changed_or_gone_is_not_read() -> None:
    _, memory = grow([list(PICTURES)])
    for stamps in ({**STAMPS, next(iter(STAMPS)): bytes(16)}, dict(list(STAMPS.items())[1:])):
        with pytest.raises(Corrupt, match="gone or has changed"):
            Growing.read(memory.read(), PICTURES, stamps)


def test_a_block_of_another_codebook_is_not_read(monkeypatch) -> None:
    flat = grow([list(PICTURES)[:5]])[1].blocks
    monkeypatch.setattr(picture_search, "_FLAT_POINTS", 300)
    lists = grow([list(PICTURES)])[1].blocks
    for blocks in ([lists[0], *flat], lists[1:], [*flat, *lists[1:]]):
        with pytest.raises(Corrupt, match="another codebook"):
            Growing.read([(digest, memoryview(block)) for digest, block in blocks], PICTURES, STAMPS)


def test_a_picture_that_is_there_twice_is_not_read() -> None:
    ((digest, block),) = grow([list(PICTURES)])[1].blocks
    with pytest.raises(Corrupt, match="twice"):
        Growing.read([(digest, memoryview(block))] * 2, PICTURES, STAMPS)


@settings(max_examples=150, deadline=None)
@given(st.data())
def test_hostile_blocks_are_refused_or_harmless(data: st.DataObject) -> None:
    """Bytes are changed, cut and put in; what is read all the same can be asked."""
    global _BLOCKS
    blocks = _BLOCKS = _BLOCKS or _in_lists()
    which = data.draw(st.integers(0, len(blocks) - 1))
    content = bytearray(blocks[which][1])
    for _ in range(data.draw(st.integers(1, 4))):
        at = data.draw(st.one_of(st.integers(0, 600), st.integers(0, len(content) - 1)))
        at = min(at, len(content) - 1)
        content[at : at + data.draw(st.integers(0, 3))] = data.draw(st.binary(max_size=4))
    changed = [(digest, memoryview(bytes(content)) if at == which else memoryview(block))
               for at, (digest, block) in enumerate(blocks)]  # fmt: skip
    try:
        read = Growing.read(changed, PICTURES, STAMPS)
    except Corrupt:
        return
    for vote in read.index.points.vote(PICTURES[next(iter(PICTURES))].local):
        assert 0 <= vote.place < len(read.index.ids)


_BLOCKS: list[tuple[str, bytes]] = []


def _in_lists() -> list[tuple[str, bytes]]:
    before = picture_search._FLAT_POINTS
    picture_search._FLAT_POINTS = 300
    try:
        return grow([list(PICTURES)])[1].blocks
    finally:
        picture_search._FLAT_POINTS = before


def test_blocks_of_no_pictures_survive() -> None:
    _, memory = grow([list(PICTURES)[:3]])
    block = Block.decode(memory.blocks[0][1])
    assert len(block.part(1, 1)) == 0
    assert len(Block.decode(block.part(1, 1).encode())) == 0
