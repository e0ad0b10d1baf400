"""What a vault asks of whatever keeps its bytes: a folder of the case, or a bucket that many machines share.

Bytes are kept under the SHA-256 of themselves and never changed, so keeping is idempotent: who keeps the same bytes a
second time, on another machine or after an interruption, finds them there. Nothing is ever deleted.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import BinaryIO, Protocol

from verifier.records import Problem

DIGEST = re.compile(r"[0-9a-f]{64}")
FOREIGN = "foreign: it was not put there by verify"
MISSING = "missing"


@dataclass(frozen=True, slots=True, kw_only=True)
class Pending:
    """Bytes that lie whole under `tmp`, and the digest they will be known by."""

    temporary: str
    digest: str
    size: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Stored:
    """One name that is there; `is_named`: whether it is named as bytes of their digest are."""

    name: str
    is_named: bool

    @property
    def digest(self) -> str:
        """The last part of the name; a digest where `is_named`."""
        return self.name.rsplit("/", 1)[-1]


class Blobs(Protocol):
    """Bytes by digest. Whatever is no digest raises ValueError."""

    def path_of(self, digest: str) -> str:
        """Where those bytes lie on this machine, or would lie."""
        ...

    def keep(self, pending: Sequence[Pending]) -> None:
        """Keep copies durably under their digests; those that are there with the same size are dropped.

        Each temporary file is gone afterwards. Raises DiskFull, CaseUnwritable, ObjectsLacking.
        """
        ...

    def size_of(self, digest: str) -> int | None:
        """How many bytes are kept under a digest; None where there are none."""
        ...

    def at_hand(self, digest: str) -> str:
        """The path of a whole copy on this machine, which stays until `let_go`. Raises FileNotFoundError."""
        ...

    def let_go(self, digest: str) -> None:
        """The copy at hand is not used any more."""
        ...

    def open(self, digest: str) -> BinaryIO:
        """A new stream over the bytes. Raises FileNotFoundError."""
        ...

    def stored(self) -> Iterator[Stored]:
        """Everything that is there, in order of name."""
        ...

    def problem_of(self, name: str, digest: str, where: str) -> Problem | None:
        """What is wrong with the bytes that lie under a name and should have that digest."""
        ...


def name_of(digest: str) -> str:
    """The name of bytes on their shelf: one level of folders. Raises ValueError."""
    if not DIGEST.fullmatch(digest):
        raise ValueError(f"not a SHA-256 in lower-case hexadecimal: {digest!r}")
    return f"{digest[:2]}/{digest}"


def stored(name: str) -> Stored:
    """A name that was met."""
    last = name.rsplit("/", 1)[-1]
    return Stored(name=name, is_named=bool(DIGEST.fullmatch(last)) and name == name_of(last))


def changed(found: str) -> str:
    """What is said of bytes that have another digest than their name."""
    return f"changed: its bytes now have the digest {found}"
