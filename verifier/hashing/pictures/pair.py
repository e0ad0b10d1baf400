"""What was found out about one pair of pictures."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from typing import TypeAlias

from verifier.hashing.pictures.verify import Verified

Key: TypeAlias = tuple[str, str]  # the names of a pair, in order


def partners_of(joined: Iterable[Key]) -> dict[str, set[str]]:
    """With which others each picture is joined."""
    partners: dict[str, set[str]] = defaultdict(set)
    for left, right in joined:
        partners[left].add(right)
        partners[right].add(left)
    return partners


@dataclass(frozen=True, slots=True, eq=False)
class Pair:
    """Everything found out about one pair; `distance` is that of the nearest hashes, None beyond the radius."""

    left: str
    right: str
    found: tuple[Verified, ...]
    distance: int | None = None

    @property
    def best(self) -> Verified | None:
        """The alignment that tells most."""
        return max(self.found, key=_telling, default=None)

    @property
    def joins(self) -> bool:
        """Whether some alignment joins them."""
        best = self.best
        return best is not None and best.judgement.joins


def _telling(found: Verified) -> tuple[int, int, float]:
    """Of alignments that join, the one that agrees best; of others, the one that most points bear out."""
    sure, told, agreement = found.judgement.rank
    return sure, told, agreement if told >= 2 else float(found.alignment.inliers)
