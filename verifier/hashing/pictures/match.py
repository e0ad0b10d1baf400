"""Which pictures of a case are alike: candidates, verification, overlays learnt on the way, and matches.

Pure: features in, matches out. One more picture costs one question to the index, not a rebuild.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from functools import partial

import numpy as np
from numpy.typing import NDArray

from verifier.hashing import pdq
from verifier.hashing.pictures.crowds import Crowds
from verifier.hashing.pictures.features import LEAST_POINTS, PictureFeatures
from verifier.hashing.pictures.index import PictureIndex, build
from verifier.hashing.pictures.overlays import Overlays
from verifier.hashing.pictures.pair import Key, Pair, partners_of
from verifier.hashing.pictures.relations import as_match
from verifier.hashing.pictures.search import HashHit
from verifier.hashing.pictures.verify import Prepared, Verified, prepare, verify, verify_by_hash, verify_negative
from verifier.hashing.pictures.witness import Witnesses
from verifier.records import Match

SHORT_LIST = 10  # candidates that may fail one after the other before a round ends
MOST_CANDIDATES = 96  # of one round
ROUNDS = 3  # the first, and two after explaining shared overlays away
EXPLAINED_PIXELS = 10.0
LEAST_EXPLAINING = 12  # inliers of an alignment that explains points away
LEAST_VOTE = 1.0
MOST_EXPANDED = 64  # partners of one picture that are compared with each other


class Matcher:
    """Compares pictures with an index, each pair once.

    `known`: pairs that an earlier comparison joined, by ordered names. They are not found out anew, but they count:
    as ways from copy to copy, and as copies of one another where an overlay's witnesses are told apart.
    `sure`: those of them that are the same picture for certain.
    A pair that cannot be compared is a fault of both (the index's guard) and no match.
    """

    def __init__(self, index: PictureIndex, known: Iterable[Key] = (), sure: Iterable[Key] = ()) -> None:
        self._index = index
        self._known = frozenset(known)
        self._crowds = Crowds(sure)
        self.pairs: dict[Key, Pair] = {}
        self._strangers: dict[str, Prepared] = {}

    def ask(self, name: str, features: PictureFeatures | None = None) -> None:
        """Find and verify every candidate of one picture, in the index or (with `features`) outside it."""
        if features is not None:
            self._strangers[name] = prepare(features)
        one = self._prepared(name)
        for hit in self._near(name, (hash_.bits for hash_ in one.features.worthy)):
            self._compare(name, self._index.ids[hit.place], hit.turn, hit.distance)
        turned_over = (pdq.negative_bits(hash_.bits) for hash_ in one.features.worthy)
        for hit in self._near(name, turned_over):
            self._compare_negative(name, self._index.ids[hit.place])
        if len(one.features.local) >= LEAST_POINTS:
            self._ask_points(name, one)

    def _near(self, name: str, hashes: Iterable[bytes]) -> Iterator[HashHit]:
        """Pictures by hash, the nearest first; those as near in order of name, whatever order they were indexed in."""
        hits = self._index.hashes.within(hashes, pdq.LIKELY_WITHIN)
        given = 0
        for hit in sorted(hits, key=lambda hit: (hit.distance, self._index.ids[hit.place])):
            if given < MOST_CANDIDATES and not self._crowds.represent(self._index.ids[hit.place], to=name):
                given += 1
                yield hit

    def consider(self, one: str, other: str) -> None:
        """Verify a pair that something else proposed; what proposed it has no say in the outcome."""
        self._compare(one, other)

    def _prepared(self, name: str) -> Prepared:
        return self._strangers[name] if name in self._strangers else self._index.prepared(name)

    def _ask_points(self, name: str, one: Prepared) -> None:
        """Rounds of votes; points that shared overlays account for are taken out before the next."""
        alive = np.ones(len(one.features.local), bool)
        positions = one.features.local.points[:, :2]
        for _ in range(ROUNDS):
            before = int(alive.sum())
            for explained in self._round(name, one, alive):
                alive &= _far_from(positions, explained)
            if int(alive.sum()) == before or alive.sum() < LEAST_POINTS:
                return

    def _round(self, name: str, one: Prepared, alive: NDArray[np.bool_]) -> list[NDArray[np.float32]]:
        explained: list[NDArray[np.float32]] = []
        failures, seen = 0, set()
        votes = self._index.points.vote(one.features.local, alive)
        votes.sort(key=lambda vote: (-vote.score, self._index.ids[vote.place], vote.mirrored))
        for vote in votes[: 2 * MOST_CANDIDATES]:
            other = self._index.ids[vote.place]
            if other == name or other in seen or self._crowds.represent(other, to=name):
                continue
            if failures >= SHORT_LIST or vote.score < LEAST_VOTE:
                break
            seen.add(other)
            pair = self._compare(name, other, mirrored_first=vote.mirrored)
            if pair.joins:
                failures = 0
                continue
            failures += 1
            for found in pair.found:
                if found.alignment.inliers >= LEAST_EXPLAINING:
                    left = pair.left == name
                    explained.append(found.alignment.left_points if left else found.alignment.right_points)
        return explained

    def _compare(
        self, one: str, other: str, turn: pdq.Turn | None = None, distance: int | None = None,
        mirrored_first: bool = False,
    ) -> Pair:  # fmt: skip
        left, right = _key(one, other)
        known = self.pairs.get((left, right))
        if one == other:
            return Pair(left, right, ())
        if known is not None and (known.distance is not None or distance is None):
            return known
        pair = self._index.guard.attempt(
            (left, right),
            lambda: self._verified(
                left, right, known, turn if left == one else _inverse(turn), distance, mirrored_first
            ),
            Pair(left, right, (), distance),
        )
        self.pairs[(left, right)] = pair
        if pair.joins and pair.distance is not None and pair.distance <= pdq.CERTAIN_WITHIN:
            self._crowds.join(left, right)
        return pair

    def _verified(
        self, left: str, right: str, known: Pair | None, turn: pdq.Turn | None, distance: int | None,
        mirrored_first: bool,
    ) -> Pair:  # fmt: skip
        """`turn`: of the left picture, as its hash was found."""
        first, second = self._prepared(left), self._prepared(right)
        found = list(known.found) if known else list(verify(first, second, turn.mirrored if turn else mirrored_first))
        pair = Pair(left, right, tuple(found), distance)
        if turn is not None and distance is not None and not pair.joins:
            by_hash = verify_by_hash(first, second, turn, distance, pdq.CERTAIN_WITHIN)
            pair = Pair(left, right, tuple(found + ([by_hash] if by_hash else [])), distance)
        return pair

    def _compare_negative(self, one: str, other: str) -> None:
        """Verify a pair again whose hashes say that one is the negative of the other."""
        pair = self._compare(one, other)
        if one == other or pair.joins:
            return
        found: tuple[Verified, ...] = ()
        found = self._index.guard.attempt((pair.left, pair.right), partial(self._negatives, pair), found)
        self.pairs[pair.left, pair.right] = replace(pair, found=(*pair.found, *found))

    def _negatives(self, pair: Pair) -> tuple[Verified, ...]:
        return tuple(verify_negative(self._prepared(pair.left), self._prepared(pair.right)))

    def expand(self) -> None:
        """Compare the partners of each picture with one another: copies that no search brought together."""
        partners = partners_of(self._known)
        asked = partners_of(key for key, pair in self.pairs.items() if pair.joins)
        for name in sorted(asked):
            near = sorted(asked[name])[:MOST_EXPANDED]
            for place, one in enumerate(near):
                for other in near[:place]:
                    self._unless_known(one, other)
            farther = {other for one in near for other in partners.get(one, ())} - asked[name]
            for other in sorted(farther)[:MOST_EXPANDED]:
                self._unless_known(name, other)

    def _unless_known(self, one: str, other: str) -> None:
        if _key(one, other) in self._known or self._crowds.represent(one, to=other):
            return
        if not self._crowds.represent(other, to=one):
            self._compare(one, other)

    def matches(self) -> Iterator[Match]:
        """What was found, ordered by pair.

        Judged again twice: without the overlays that many pictures share, and by further copies that join both.
        """
        guard = self._index.guard
        learnt = Overlays(self.pairs.values(), self._known)
        settled = {
            key: guard.attempt(key, partial(self._reconsidered, learnt, pair), Pair(pair.left, pair.right, ()))
            for key, pair in sorted(self.pairs.items())
        }
        witnesses = Witnesses(settled, self._known, self._prepared)
        for key, pair in settled.items():
            told = guard.attempt(key, partial(self._told, witnesses, pair), None)
            if told is not None:
                yield told

    def _reconsidered(self, learnt: Overlays, pair: Pair) -> Pair:
        if not pair.joins:
            return pair
        return learnt.reconsidered(pair, self._prepared(pair.left), self._prepared(pair.right))

    def _told(self, witnesses: Witnesses, pair: Pair) -> Match | None:
        left, right = self._prepared(pair.left).features, self._prepared(pair.right).features
        return as_match(witnesses.borne_out(pair), left, right)


def _inverse(turn: pdq.Turn | None) -> pdq.Turn | None:
    return None if turn is None else pdq.inverse(turn)


def _key(one: str, other: str) -> Key:
    return min(one, other), max(one, other)


def _far_from(positions: NDArray[np.float32], points: NDArray[np.float32]) -> NDArray[np.bool_]:
    """Which positions are farther than EXPLAINED_PIXELS from every point."""
    if not len(points):
        return np.ones(len(positions), bool)
    apart = ((positions[:, None, :] - points[None, :, :]) ** 2).sum(axis=2).min(axis=1)
    return np.asarray(apart > EXPLAINED_PIXELS**2)


def match_all(
    features: Mapping[str, PictureFeatures], new: Iterable[str] | None = None, known: Iterable[Key] = ()
) -> Iterator[Match]:
    """Matches of every pair (or of the `new` pictures with all), each pair once, ordered by pair."""
    matcher = Matcher(build(features), known)
    for name in sorted(features if new is None else new):
        matcher.ask(name)
    matcher.expand()
    yield from matcher.matches()


def match_one(name: str, features: PictureFeatures, index: PictureIndex) -> list[Match]:
    """Matches of one picture, in the index or not, with those of the index."""
    matcher = Matcher(index)
    matcher.ask(name, None if name in index.features else features)
    return list(matcher.matches())
