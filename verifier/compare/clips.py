"""Clips with clips, sound with sound, and recordings whose very packets are the same in another container."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Collection, Iterator, Mapping
from dataclasses import dataclass, field
from functools import lru_cache, partial

from verifier.compare import comparers
from verifier.compare.events import same_events
from verifier.guarded import SEARCH_SECONDS, UNGUARDED, Guard
from verifier.hashing.clips import features as clip_features
from verifier.hashing.clips import match as clip_match
from verifier.hashing.clips.features import ClipFeatures
from verifier.hashing.clips.photos import match as clip_photo
from verifier.hashing.pictures.features import PictureFeatures
from verifier.hashing.sound import landmarks
from verifier.hashing.sound.landmarks import Landmarks
from verifier.records import Match, Medium, Relation, Tier

NAME, VERSION = comparers.CLIPS
CLIP_RECIPES = (
    clip_features.FRAMES_RECIPE,
    clip_features.MOTION_RECIPE,
    clip_features.SIFT_RECIPE,
    clip_features.KEYS_RECIPE,
)
SOUND_RECIPE = landmarks.RECIPE
KINDS = comparers.MOVING
NO_FOOTAGE = frozenset({Relation.SAME_SCENE, Relation.SHARED_OVERLAY})  # links that say nothing of sound or time


@dataclass
class ClipShelf(Mapping[str, ClipFeatures]):
    """Features of clips by exhibit id; hashes are read when asked for, the rest when a pair is compared."""

    derivatives: Mapping[str, Mapping[str, str]]  # exhibit: recipe: derivative id
    read: Callable[[str], bytes]
    _ids: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        self._ids = sorted(name for name, made in self.derivatives.items() if clip_features.FRAMES_RECIPE in made)
        self._known = lru_cache(maxsize=64)(self._features)

    def _features(self, key: str) -> ClipFeatures:
        def loader(derivative: str) -> Callable[[], bytes]:
            return lambda: self.read(derivative)

        made = self.derivatives[key]
        return ClipFeatures(key, {recipe: loader(made[recipe]) for recipe in CLIP_RECIPES if recipe in made})

    def __getitem__(self, key: str) -> ClipFeatures:
        if key not in self:
            raise KeyError(key)
        return self._known(key)

    def __iter__(self) -> Iterator[str]:
        return iter(self._ids)

    def __len__(self) -> int:
        return len(self._ids)

    def __contains__(self, key: object) -> bool:
        return clip_features.FRAMES_RECIPE in self.derivatives.get(str(key), {})


def sounds(
    derivatives: Mapping[str, Mapping[str, str]], read: Callable[[str], bytes], guard: Guard = UNGUARDED
) -> dict[str, Landmarks]:
    """Landmarks of everything that has any. What is not what it says is a fault of its exhibit, and left out."""

    def landmarks_of(derivative: str) -> Landmarks:
        return landmarks.decode(read(derivative))

    found: dict[str, Landmarks] = {}
    for name, made in sorted(derivatives.items()):
        if SOUND_RECIPE in made:
            heard = guard.attempt((name,), partial(landmarks_of, made[SOUND_RECIPE]), None)
            if heard is not None:
                found[name] = heard
    return found


def match_new(
    shelf: ClipShelf,
    sound: Mapping[str, Landmarks],
    new: Collection[str],
    known: Collection[Match],
    step: Callable[[], None] = lambda: None,
    *,
    deep: bool,
    guard: Guard = UNGUARDED,
) -> tuple[Match, ...]:
    """Links of the `new` clips and sound recordings with all, and what was `known` between the others.

    `step` is called after each new recording.
    """
    fresh = sorted(set(new) & {*shelf, *sound})
    kept = [match for match in known if match.left not in fresh and match.right not in fresh]
    found = list(clip_match.match_all(shelf, sound, fresh, deep=deep, step=step, guard=guard)) if fresh else []
    explained = {(match.left, match.right) for match in found if match.relation not in NO_FOOTAGE}
    found += same_events(sound, fresh, explained, deep=deep, guard=guard)
    return (*kept, *found)


def match_photos(
    photos: Mapping[str, PictureFeatures], shelf: ClipShelf, new: Collection[str], step: Callable[[], None],
    guard: Guard = UNGUARDED,
) -> tuple[Match, ...]:  # fmt: skip
    """Photos found inside clips, and clips' frames found as photos: every pair with at least one new side."""
    fresh_photos = sorted(name for name in new if name in photos)
    found: list[Match] = []
    if fresh_photos and len(shelf):
        index = clip_match.ClipIndex(shelf, guard=guard)
        for name in fresh_photos:
            found += _photo(name, photos, index)
            step()
    fresh_clips = {name: shelf.derivatives[name] for name in shelf if name in new}
    others = [name for name in photos if name not in fresh_photos]
    if fresh_clips and others:
        index = clip_match.ClipIndex(ClipShelf(derivatives=fresh_clips, read=shelf.read), guard=guard)
        for name in others:
            found += _photo(name, photos, index)
    return tuple(found)


def _photo(name: str, photos: Mapping[str, PictureFeatures], index: clip_match.ClipIndex) -> list[Match]:
    """Pairs are guarded one by one; this guards the search for them."""

    def searched() -> list[Match]:
        return clip_photo.match_photo(name, photos[name], index)

    return index.guard.attempt((name,), searched, [], seconds=SEARCH_SECONDS)


def match_photo(
    name: str, photos: Mapping[str, PictureFeatures], shelf: ClipShelf, guard: Guard = UNGUARDED
) -> tuple[Match, ...]:
    """One photo outside the case with the case's clips."""
    if name not in photos or not len(shelf):
        return ()
    return tuple(_photo(name, photos, clip_match.ClipIndex(shelf, guard=guard)))


def match_one(
    name: str, own: ClipShelf, own_sound: Mapping[str, Landmarks], shelf: ClipShelf, sound: Mapping[str, Landmarks],
    guard: Guard = UNGUARDED,
) -> tuple[Match, ...]:  # fmt: skip
    """Links of one clip outside the shelf with those in it."""
    index = clip_match.ClipIndex(shelf, sound, guard)
    found = clip_match.match_one(name, own.get(name), own_sound.get(name), index)
    explained = {(match.left, match.right) for match in found if match.relation not in NO_FOOTAGE}
    return (*found, *same_events({**sound, **own_sound}, [name], explained, guard=guard))


def same_streams(digests: Mapping[str, tuple[tuple[str, str], ...]]) -> tuple[Match, ...]:
    """Recordings whose pictures and sound are the same packets, byte for byte, in another file: no decoder is asked.

    `digests`: of each recording, key and value of its readings `stream:*.digest`, sorted.
    """
    by_streams: dict[tuple[tuple[str, str], ...], list[str]] = defaultdict(list)
    for name, streams in sorted(digests.items()):
        by_streams[streams].append(name)
    return tuple(
        Match(
            left=left,
            right=right,
            relation=Relation.SAME_STREAMS,
            medium=Medium.VIDEO if any(key == "stream:video.digest" for key, _ in streams) else Medium.AUDIO,
            method="packet-digests/1",
            score=1.0,
            tier=Tier.CERTAIN,
            because={"streams": len(streams)},
        )
        for streams, names in sorted(by_streams.items())
        for place, left in enumerate(names)
        for right in names[place + 1 :]
    )
