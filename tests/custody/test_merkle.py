"""Roots and proofs against the vectors of the Certificate Transparency project, and the algebra of proofs."""

from __future__ import annotations

import hashlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from verifier.chain import EMPTY_ROOT, Tree, leaf_hash, node_hash
from verifier.custody.merkle import (
    consistency_proof,
    inclusion_proof,
    is_consistent,
    is_included,
    levels,
    root,
    way_up,
)

# The reference tree of google/certificate-transparency (merkletree tests); also used by RFC 9162's authors.
INPUTS = [
    bytes.fromhex(text)
    for text in ("", "00", "10", "2021", "3031", "40414243", "5051525354555657", "606162636465666768696a6b6c6d6e6f")
]
ROOTS = [
    "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
    "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125",
    "aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77",
    "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
    "4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4",
    "76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef",
    "ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c",
    "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328",
]
LEAVES = [leaf_hash(leaf) for leaf in INPUTS]
leaves = st.lists(st.binary(max_size=3), min_size=1, max_size=70).map(lambda some: [leaf_hash(leaf) for leaf in some])


@pytest.mark.parametrize("size", range(1, 9))
def test_published_roots(size: int) -> None:
    assert root(LEAVES[:size]).hex() == ROOTS[size - 1]


def test_the_empty_tree_is_the_digest_of_nothing() -> None:
    assert root([]).hex() == EMPTY_ROOT == Tree().root() == hashlib.sha256(b"").hexdigest()


def test_published_inclusion_proofs() -> None:
    """Index and size as in the reference tests (there counted from 1): (0, 8), (5, 8), (2, 3), (1, 5)."""
    published = {
        (0, 8): [
            "96a296d224f285c67bee93c30f8a309157f0daa35dc5b87e410b78630a09cfc7",
            "5f083f0a1a33ca076a95279832580db3e0ef4584bdff1f54c8a360f50de3031e",
            "6b47aaf29ee3c2af9af889bc1fb9254dabd31177f16232dd6aab035ca39bf6e4",
        ],
        (5, 8): [
            "bc1a0643b12e4d2d7c77918f44e0f4f79a838b6cf9ec5b5c283e1f4d88599e6b",
            "ca854ea128ed050b41b35ffc1b87b8eb2bde461e9e3b5596ece6b9d5975a0ae0",
            "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
        ],
        (2, 3): ["fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125"],
        (1, 5): [
            "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
            "5f083f0a1a33ca076a95279832580db3e0ef4584bdff1f54c8a360f50de3031e",
            "bc1a0643b12e4d2d7c77918f44e0f4f79a838b6cf9ec5b5c283e1f4d88599e6b",
        ],
    }
    for (index, size), proof in published.items():
        assert [node.hex() for node in inclusion_proof(LEAVES[:size], index)] == proof


def test_published_consistency_proofs() -> None:
    published = {
        (1, 8): [
            "96a296d224f285c67bee93c30f8a309157f0daa35dc5b87e410b78630a09cfc7",
            "5f083f0a1a33ca076a95279832580db3e0ef4584bdff1f54c8a360f50de3031e",
            "6b47aaf29ee3c2af9af889bc1fb9254dabd31177f16232dd6aab035ca39bf6e4",
        ],
        (6, 8): [
            "0ebc5d3437fbe2db158b9f126a1d118e308181031d0a949f8dededebc558ef6a",
            "ca854ea128ed050b41b35ffc1b87b8eb2bde461e9e3b5596ece6b9d5975a0ae0",
            "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
        ],
        (2, 5): [
            "5f083f0a1a33ca076a95279832580db3e0ef4584bdff1f54c8a360f50de3031e",
            "bc1a0643b12e4d2d7c77918f44e0f4f79a838b6cf9ec5b5c283e1f4d88599e6b",
        ],
    }
    for (earlier, later), proof in published.items():
        assert [node.hex() for node in consistency_proof(LEAVES[:later], earlier)] == proof


def test_leaves_and_nodes_are_hashed_apart() -> None:
    assert leaf_hash(b"a" * 64) != node_hash(b"a" * 32, b"a" * 32)
    assert leaf_hash(b"") == hashlib.sha256(b"\x00").digest()


@given(st.lists(st.binary(max_size=5), max_size=70))
def test_a_tree_that_grows_has_the_root_of_its_leaves(some: list[bytes]) -> None:
    tree = Tree()
    for size, leaf in enumerate(some, 1):
        tree.append(leaf)
        assert tree.size == size
    assert tree.root() == root([leaf_hash(leaf) for leaf in some]).hex()


@given(leaves, st.data())
def test_an_inclusion_proof_holds_and_any_change_to_it_does_not(some: list[bytes], data: st.DataObject) -> None:
    index = data.draw(st.integers(0, len(some) - 1))
    proof, top = inclusion_proof(some, index), root(some)
    assert is_included(some[index], index, len(some), proof, top)
    assert len(proof) <= (len(some) - 1).bit_length()
    assert not is_included(flipped(some[index], data), index, len(some), proof, top)
    assert not is_included(some[index], index, len(some), proof, flipped(top, data))
    assert not is_included(some[index], index, len(some), (*proof, top), top)
    assert not is_included(some[index], len(some), len(some), proof, top)
    if proof:
        at = data.draw(st.integers(0, len(proof) - 1))
        changed = (*proof[:at], flipped(proof[at], data), *proof[at + 1 :])
        assert not is_included(some[index], index, len(some), changed, top)
        assert not is_included(some[index], index, len(some), proof[:-1], top)


@given(leaves, st.data())
def test_a_consistency_proof_holds_and_any_change_to_it_does_not(some: list[bytes], data: st.DataObject) -> None:
    earlier = data.draw(st.integers(1, len(some)))
    proof, old, new = consistency_proof(some, earlier), root(some[:earlier]), root(some)
    assert is_consistent(earlier, len(some), old, new, proof)
    assert not is_consistent(earlier, len(some), flipped(old, data), new, proof)
    assert not is_consistent(earlier, len(some), old, flipped(new, data), proof)
    assert not is_consistent(earlier, len(some), old, new, (*proof, new))
    if proof:
        at = data.draw(st.integers(0, len(proof) - 1))
        changed = (*proof[:at], flipped(proof[at], data), *proof[at + 1 :])
        assert not is_consistent(earlier, len(some), old, new, changed)
        assert not is_consistent(earlier, len(some), old, new, proof[:-1])


@given(leaves, st.data())
def test_a_log_that_was_rewritten_has_no_proof(some: list[bytes], data: st.DataObject) -> None:
    earlier = data.draw(st.integers(1, len(some)))
    at = data.draw(st.integers(0, earlier - 1))
    rewritten = [*some[:at], flipped(some[at], data), *some[at + 1 :]]
    proof = consistency_proof(rewritten, earlier)
    assert not is_consistent(earlier, len(some), root(some[:earlier]), root(rewritten), proof)


def test_there_is_no_proof_of_what_is_not_there() -> None:
    with pytest.raises(IndexError):
        inclusion_proof(LEAVES, 8)
    with pytest.raises(IndexError):
        inclusion_proof([], 0)
    for earlier in (0, 9, -1):
        with pytest.raises(IndexError):
            consistency_proof(LEAVES, earlier)
        assert not is_consistent(earlier, 8, root([]), root(LEAVES), [LEAVES[0]])
    assert not is_included(LEAVES[0], -1, 8, inclusion_proof(LEAVES, 0), root(LEAVES))


def flipped(node: bytes, data: st.DataObject) -> bytes:
    bit = data.draw(st.integers(0, len(node) * 8 - 1))
    changed = bytearray(node)
    changed[bit // 8] ^= 1 << bit % 8
    return bytes(changed)


@given(leaves)
def test_the_way_up_is_the_inclusion_proof_with_its_sides(some: list[bytes]) -> None:
    tree = levels(some)
    assert tree[-1] == [root(some)]
    for index in range(len(some)):
        way = way_up(tree, index)
        assert tuple(node for _, node in way) == inclusion_proof(some, index)
        node = some[index]
        for side, beside in way:
            node = node_hash(beside, node) if side == "left" else node_hash(node, beside)
        assert node == root(some)
