"""Proofs over the custody log's Merkle tree: that an event is in it, and that a later log only added to an earlier one.

RFC 6962 section 2.1 and RFC 9162 sections 2.1.3 and 2.1.4. With a checkpoint that was given away earlier, a consistency
proof shows a stranger that nothing before it was changed, without showing the events; an inclusion proof shows that one
event is in the log, without showing the others. Leaves are given as their hashes (`chain.leaf_hash`), 32 bytes each.
"""

from __future__ import annotations

from collections.abc import Sequence

from verifier.chain import EMPTY_ROOT, node_hash


def root(leaves: Sequence[bytes]) -> bytes:
    """The root over leaf hashes, 32 bytes."""
    if not leaves:
        return bytes.fromhex(EMPTY_ROOT)
    level = list(leaves)
    while len(level) > 1:
        paired = [node_hash(level[at], level[at + 1]) for at in range(0, len(level) - 1, 2)]
        level = paired + level[len(level) - len(level) % 2 :]
    return level[0]


def inclusion_proof(leaves: Sequence[bytes], index: int) -> tuple[bytes, ...]:
    """The hashes that lead from leaf `index` to the root, lowest first. Raises IndexError."""
    if not 0 <= index < len(leaves):
        raise IndexError(f"there is no leaf {index} among {len(leaves)}")
    proof: list[bytes] = []
    while len(leaves) > 1:
        half = _half(len(leaves))
        if index < half:
            proof.append(root(leaves[half:]))
            leaves = leaves[:half]
        else:
            proof.append(root(leaves[:half]))
            leaves, index = leaves[half:], index - half
    return tuple(reversed(proof))


def levels(leaves: Sequence[bytes]) -> list[list[bytes]]:
    """The whole tree, leaves first and the root alone last, for many proofs of one tree. ValueError without leaves.

    A node without a sibling stands in the next level as it is, which gives the tree of RFC 6962.
    """
    if not leaves:
        raise ValueError("a tree without leaves proves nothing")
    made = [list(leaves)]
    while len(made[-1]) > 1:
        level = made[-1]
        paired = [node_hash(level[at], level[at + 1]) for at in range(0, len(level) - 1, 2)]
        made.append(paired + level[len(level) - len(level) % 2 :])
    return made


def way_up(tree: Sequence[Sequence[bytes]], index: int) -> list[tuple[str, bytes]]:
    """From leaf `index` of `levels` to the root: each sibling with the side it stands on, "left" or "right"."""
    way: list[tuple[str, bytes]] = []
    for level in tree[:-1]:
        beside = index ^ 1
        if beside < len(level):
            way.append(("left" if beside < index else "right", level[beside]))
        index >>= 1
    return way


def is_included(leaf: bytes, index: int, size: int, proof: Sequence[bytes], expected_root: bytes) -> bool:
    """RFC 9162 2.1.3.2: whether the proof leads from the leaf hash at `index` of a tree of `size` to the root."""
    if not 0 <= index < size:
        return False
    node, last, at = leaf, size - 1, index
    for sibling in proof:
        if last == 0:
            return False
        if at & 1 or at == last:
            node = node_hash(sibling, node)
            while not at & 1 and at:
                at, last = at >> 1, last >> 1
        else:
            node = node_hash(node, sibling)
        at, last = at >> 1, last >> 1
    return last == 0 and node == expected_root


def consistency_proof(leaves: Sequence[bytes], earlier: int) -> tuple[bytes, ...]:
    """The hashes that show that the first `earlier` leaves are unchanged. IndexError unless 0 < earlier <= size."""
    if not 0 < earlier <= len(leaves):
        raise IndexError(f"there was no earlier tree of {earlier} among {len(leaves)}")
    proof: list[bytes] = []
    whole = True  # whether the earlier tree is exactly the subtree looked at, so that its root is known
    while earlier != len(leaves):
        half = _half(len(leaves))
        if earlier <= half:
            proof.append(root(leaves[half:]))
            leaves = leaves[:half]
        else:
            proof.append(root(leaves[:half]))
            leaves, earlier, whole = leaves[half:], earlier - half, False
    if not whole:
        proof.append(root(leaves))
    return tuple(reversed(proof))


def is_consistent(earlier: int, later: int, earlier_root: bytes, later_root: bytes, proof: Sequence[bytes]) -> bool:
    """RFC 9162 2.1.4.2: whether the tree of size `later` begins with the tree of size `earlier`, unchanged."""
    if earlier == later:
        return not proof and earlier_root == later_root
    if not 0 < earlier < later or not proof:
        return False
    path = [earlier_root, *proof] if earlier & (earlier - 1) == 0 else list(proof)
    at, last = earlier - 1, later - 1
    while at & 1:
        at, last = at >> 1, last >> 1
    first = second = path[0]
    for node in path[1:]:
        if last == 0:
            return False
        if at & 1 or at == last:
            first, second = node_hash(node, first), node_hash(node, second)
            while not at & 1 and at:
                at, last = at >> 1, last >> 1
        else:
            second = node_hash(second, node)
        at, last = at >> 1, last >> 1
    return last == 0 and first == earlier_root and second == later_root


def _half(size: int) -> int:
    """The largest power of two below `size` (RFC 6962's k)."""
    return 1 << (size - 1).bit_length() - 1
