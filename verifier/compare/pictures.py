"""Pictures with pictures. What is known of one is large (local features, a grey picture), so it is read when a pair is
verified, not before; only hashes and compressed points of all pictures are held.
"""

from __future__ import annotations

import contextlib
import hashlib
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import partial
from typing import Protocol

from verifier.compare import comparers
from verifier.errors import Corrupt
from verifier.guarded import SEARCH_SECONDS, UNGUARDED, Guard
from verifier.hashing import local_features
from verifier.hashing.pictures import index as picture_index
from verifier.hashing.pictures import match as picture_match
from verifier.hashing.pictures.features import PictureFeatures, assemble
from verifier.hashing.pictures.relations import not_comparable
from verifier.records import Fingerprint, Match, Moment, Relation, Tier

NAME, VERSION = comparers.PICTURES
RECIPES = (local_features.RECIPE, local_features.GREY_RECIPE)


@dataclass(frozen=True, slots=True, kw_only=True)
class Stored:
    """Where one exhibit's features lie: its fingerprints, and derivative ids by recipe."""

    fingerprints: tuple[Fingerprint, ...]
    derivatives: Mapping[str, str]


def _not_known(name: str) -> tuple[Moment | None, tuple[int, int] | None]:
    return None, None


@dataclass
class PictureShelf(Mapping[str, PictureFeatures]):
    """Features of pictures by exhibit id, read when asked for. `read` gives a derivative's bytes by its id.

    `shown`: the moment of capture, and width and height in pixels as stored, for scales between the exhibits.
    """

    stored: Mapping[str, Stored]
    read: Callable[[str], bytes]
    shown: Callable[[str], tuple[Moment | None, tuple[int, int] | None]] = _not_known
    _ids: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        self._ids = sorted(key for key, item in self.stored.items() if set(RECIPES) <= set(item.derivatives))

    def __getitem__(self, key: str) -> PictureFeatures:
        item = self.stored[key]
        content = {recipe: self.read(item.derivatives[recipe]) for recipe in RECIPES}
        features = assemble(item.fingerprints, content, *self.shown(key))
        if features is None:
            raise Corrupt("a picture's features are not complete")
        return features

    def stamp(self, key: str) -> bytes:
        """What its place in an index is made from: another stamp, another place."""
        item = self.stored[key]
        made = (item.derivatives[recipe] for recipe in RECIPES)
        hashes = (f"{one.algorithm} {one.bits.hex()} {one.quality} {one.offset_seconds}" for one in item.fingerprints)
        text = "\n".join((*made, *hashes))
        return hashlib.sha256(text.encode()).digest()[: picture_index.STAMP_BYTES]

    def __iter__(self) -> Iterator[str]:
        return iter(self._ids)

    def __len__(self) -> int:
        return len(self._ids)

    def __contains__(self, key: object) -> bool:
        return key in self.stored and set(RECIPES) <= set(self.stored[key].derivatives)  # type: ignore[index]


class Keeping(Protocol):
    """Where blocks of an index lie between two comparisons."""

    def read(self) -> Sequence[tuple[str, memoryview]] | None:
        """Digest and content of each in order; None where there are none, or they are not what they were."""

    def keep(self, blocks: Sequence[str | bytes]) -> None:
        """Make these the blocks; a digest stands for one that is kept already."""


def _grown(
    shelf: PictureShelf, keeping: Keeping | None, guard: Guard, *, keep: bool = True
) -> picture_index.PictureIndex:
    """The index of every picture of the shelf: what was kept of it, and what is new, which is kept now with `keep`."""
    if keeping is None:
        return picture_index.build(shelf, guard=guard)
    stamps = {name: shelf.stamp(name) for name in shelf}
    blocks = keeping.read()
    growing = picture_index.Growing(picture_index.PictureIndex(shelf, guard=guard))
    if blocks is not None:
        with contextlib.suppress(Corrupt):  # it is made anew
            growing = picture_index.Growing.read(blocks, shelf, stamps, guard)
    picture_index.complete(growing.index, shelf, stamps)
    more = growing.grown() if keep else None
    if more is not None:
        keeping.keep(more)
    return growing.index


def match_new(
    shelf: PictureShelf,
    new: Collection[str],
    known: Collection[Match],
    step: Callable[[], None],
    proposed: Collection[tuple[str, str]] = (),
    guard: Guard = UNGUARDED,
    keeping: Keeping | None = None,
) -> tuple[Match, ...]:
    """Links between pictures: those of the `new` ones with all, and what was `known` between the others.

    `step` is called after each new picture. `proposed`: further pairs to be verified. `keeping`: where the search
    index lies from the last time; without it one is made.
    """
    fresh = sorted(name for name in new if name in shelf)
    kept = [match for match in known if match.left not in fresh and match.right not in fresh]
    if not fresh:
        return tuple(kept)
    known_before = {(match.left, match.right): match for match in kept}
    joined = {key for key, match in known_before.items() if _joins(match)}
    index = _grown(shelf, keeping, guard)
    matcher = picture_match.Matcher(index, joined, (key for key in joined if _is_sure(known_before[key])))
    for name in sorted({*fresh} & {*index.ids}):
        guard.attempt((name,), partial(matcher.ask, name), None, seconds=SEARCH_SECONDS)
        step()
    for one, other in proposed:
        matcher.consider(one, other)
    matcher.expand()
    found = {(match.left, match.right): match for match in matcher.matches()}
    # earlier pictures may be found alike through a new copy: only such a link takes the place of what was known
    stays = {key: match for key, match in known_before.items() if key not in found or not _joins(found[key])}
    return tuple(match for _, match in sorted((found | stays).items()))


def _joins(match: Match) -> bool:
    """Whether a link says, without a person's help, that two are one picture, whole or altered."""
    if match.tier is Tier.REVIEW:
        return False
    return match.relation in (Relation.SAME_PICTURE, Relation.ALTERED_PICTURE)


def _is_sure(match: Match) -> bool:
    return match.relation is Relation.SAME_PICTURE and match.tier is Tier.CERTAIN


def match_one(
    name: str, own: PictureShelf, shelf: PictureShelf, guard: Guard = UNGUARDED, keeping: Keeping | None = None
) -> tuple[Match, ...]:
    """Links of one picture outside the shelf with those in it; none where its features are not complete.

    `keeping`: where the search index lies; nothing is written there.
    """
    if name not in own:
        return ()
    return tuple(picture_match.match_one(name, own[name], _grown(shelf, keeping, guard, keep=False)))


def incomparable(shelf: PictureShelf) -> Mapping[str, str]:
    """Pictures for which "nothing alike was found" would mean nothing, and why."""
    reasons = {name: not_comparable(shelf[name]) for name in shelf}
    return {name: reason for name, reason in reasons.items() if reason is not None}
