"""Many copies of one picture: a further one is verified against a few of them, not against all.

Up to MANY copies, every pair that a search brings together is verified and linked. Beyond, a picture that is surely
joined to REPRESENTATIVES of them is not compared with the rest: they are joined through these, and links grow in
proportion to the copies, not to their pairs. Surely: by its hash as well (a picture under the overlay of another has a
far hash), or as the very same picture in an earlier comparison. Where the representatives do not surely join, all are
compared as before.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable

from verifier.hashing.pictures.pair import Key

MANY = 24
REPRESENTATIVES = 4


class Crowds:
    """Pictures that surely are copies of one another, by sets that grow."""

    def __init__(self, sure: Iterable[Key] = ()) -> None:
        self._head: dict[str, str] = {}
        self._size: Counter[str] = Counter()
        self._joined: Counter[str] = Counter()
        for one, other in sure:
            self.join(one, other)

    def join(self, one: str, other: str) -> None:
        """The two surely are copies."""
        self._joined[one] += 1
        self._joined[other] += 1
        here, there = self._top(one), self._top(other)
        if here != there:
            self._head[there] = here
            self._size[here] = self._count(here) + self._count(there)

    def represent(self, other: str, to: str) -> bool:
        """Whether `to` need not be compared with it: both are in one crowd, and `to` is joined to enough of that."""
        here = self._top(to)
        return here == self._top(other) and self._count(here) > MANY and self._joined[to] >= REPRESENTATIVES

    def _count(self, top: str) -> int:
        return self._size[top] or 1

    def _top(self, key: str) -> str:
        while (above := self._head.get(key, key)) != key:
            self._head[key] = self._head.get(above, above)
            key = above
        return key
