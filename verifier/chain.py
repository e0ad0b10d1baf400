"""The links of the custody log, and the Merkle tree over them: pure arithmetic on bytes.

An event's *body* is its canonical JSON without its own digest; its digest is the plain SHA-256 of that body, and the
next event carries it as `previous`. So a log written out one body a line can be followed with `sha256sum` alone. The
bodies are also the leaves of an RFC 6962 / RFC 9162 Merkle tree (leaf 0x00, node 0x01), whose root and size are what a
checkpoint states.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from verifier.canonical import encode, to_plain
from verifier.records import CustodyEvent, Scalar

GENESIS = "0" * 64  # what the first event carries as `previous`
NO_RECORDS = hashlib.sha256().hexdigest()  # the records digest of an event that speaks of no record
EMPTY_ROOT = hashlib.sha256().hexdigest()  # RFC 6962 2.1: the root of a tree without leaves


def body(event: CustodyEvent) -> bytes:
    """The bytes that an event's digest covers: every field but the digest."""
    plain = to_plain(event)
    del plain["digest"]
    return encode(plain)


def link(
    previous: CustodyEvent | None,
    *,
    at: str,
    actor: str,
    action: str,
    subject: str,
    detail: Mapping[str, Scalar],
    records_digest: str,
) -> CustodyEvent:
    """The event that follows `previous` (None: the first of a log, number 1)."""
    loose = CustodyEvent(
        seq=1 if previous is None else previous.seq + 1,
        at=at,
        actor=actor,
        action=action,
        subject=subject,
        detail=dict(detail),
        records_digest=records_digest,
        previous=GENESIS if previous is None else previous.digest,
        digest="",
    )
    fields = {name: getattr(loose, name) for name in CustodyEvent.__dataclass_fields__ if name != "digest"}
    return CustodyEvent(**fields, digest=hashlib.sha256(body(loose)).hexdigest())


def broken_links(previous: CustodyEvent | None, event: CustodyEvent) -> Iterable[str]:
    """What is wrong between two neighbours of the log, in sentences; nothing where they are whole."""
    expected_seq = 1 if previous is None else previous.seq + 1
    expected_digest = GENESIS if previous is None else previous.digest
    if event.seq != expected_seq:
        yield f"its number is {event.seq}, but {expected_seq} must follow"
    if event.previous != expected_digest:
        yield "it does not carry the digest of the event before it"
    if hashlib.sha256(body(event)).hexdigest() != event.digest:
        yield "its own digest does not fit what it says"


def leaf_hash(leaf: bytes) -> bytes:
    """RFC 6962 2.1: the hash of one leaf, 32 bytes."""
    return hashlib.sha256(b"\x00" + leaf).digest()


def node_hash(left: bytes, right: bytes) -> bytes:
    """RFC 6962 2.1: the hash of an inner node, 32 bytes."""
    return hashlib.sha256(b"\x01" + left + right).digest()


class Tree:
    """A Merkle tree that only grows and keeps only its right edge: one hash for every set bit of its size."""

    def __init__(self) -> None:
        self._size = 0
        self._edge: list[bytes] = []  # roots of the complete subtrees, largest first

    @property
    def size(self) -> int:
        """Leaves so far."""
        return self._size

    def append(self, leaf: bytes) -> None:
        """Add a leaf (its bytes, not its hash)."""
        node = leaf_hash(leaf)
        size = self._size
        while size & 1:
            node = node_hash(self._edge.pop(), node)
            size >>= 1
        self._edge.append(node)
        self._size += 1

    def root(self) -> str:
        """The root over all leaves, hexadecimal."""
        if not self._edge:
            return EMPTY_ROOT
        node = self._edge[-1]
        for left in reversed(self._edge[:-1]):
            node = node_hash(left, node)
        return node.hex()


@dataclass(frozen=True, slots=True, kw_only=True)
class Head:
    """Where the log ended: how many events, the digest of the last, the root over all. Kept outside the database."""

    size: int
    digest: str
    root: str
