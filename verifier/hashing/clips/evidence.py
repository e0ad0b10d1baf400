"""One pair of recordings, from both sides: what their pictures and sound have in common.

The answer is a function of the two contents alone. Which of the two is taken for the query is decided by content (the
longer one, then the greater bytes), never by an id or by who was handed over first; where that side confirms nothing,
the other is asked too, and the better claims are kept.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from verifier.hashing.clips.channel import at_speeds_of
from verifier.hashing.clips.features import ClipFeatures
from verifier.hashing.clips.index import keys_for, pair_votes
from verifier.hashing.clips.local import Pairing, has_hint, local_stretches, pairings_of
from verifier.hashing.clips.pair import Stretch, covered_share, resolved
from verifier.hashing.clips.relations import Evidence, as_match
from verifier.hashing.clips.windows import long_stretches
from verifier.hashing.sound.landmarks import Landmarks
from verifier.hashing.sound.match import SoundIndex, SoundSegment
from verifier.records import Match

PAIRS_TRIED = 40  # pairs of pictures of two clips
LEAST_POINT_SCORE = 6.0  # of the four best pairs of pictures
EXPLAINED = 0.9  # of the shorter clip's time, by the whole frame: points are not looked at
PARTIAL = 0.15  # of the frame overlaid: much of it is something else


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Side:
    """One recording of a pair."""

    name: str
    clip: ClipFeatures | None
    sound: Landmarks | None

    def rank(self) -> tuple[int, int, bytes, bytes]:
        """For the order of a pair, by content."""
        frames, sound = self.clip.frames if self.clip is not None else None, self.sound
        return (
            0 if frames is None else len(frames),
            0 if sound is None else len(sound.frame),
            b"" if frames is None else frames.wide.tobytes() + frames.times.tobytes(),
            b"" if sound is None else sound.frame.tobytes(),
        )


def compared(one: Side, other: Side, sped: Sequence[SoundSegment] | None = None) -> Match | None:
    """The match of two recordings, or None. `sped`: sound of the first that is the other's at another speed."""
    query, known = (one, other) if (one.rank(), one.name) > (other.rank(), other.name) else (other, one)
    heard = heard_of(query, known)
    if not heard and sped:
        heard = list(sped) if query is one else [segment.flipped(one.name) for segment in sped]
    found = Evidence(stretches=[], heard=heard)
    if query.clip is not None and known.clip is not None:
        found = seen_of(query.clip, known.clip, heard)
    if not found.heard:
        found = replace(found, heard=at_speeds_of(found.strong, query.sound, known.sound, known.name))
    return as_match(query.name, known.name, query.clip, known.clip, query.sound, known.sound, found)


def heard_of(query: Side, known: Side) -> list[SoundSegment]:
    """Stretches of sound in common, at one speed."""
    if query.sound is None or known.sound is None:
        return []
    return list(SoundIndex({known.name: known.sound}).search(query.sound))


def seen_of(query: ClipFeatures, known: ClipFeatures, heard: list[SoundSegment]) -> Evidence:
    """Stretches by hashes from one side, then from the other, then by points.

    Points are looked at from the other side too where motion agreed a little from the first, or nothing lay on anything
    there; where frames lie on one another and motion does not agree at all, it will not from the other side either."""
    found = Evidence(stretches=long_stretches(query, known), heard=heard)
    if not found.strong:
        turned = [stretch.flipped() for stretch in long_stretches(known, query)]
        found = replace(found, stretches=resolved([*found.stretches, *turned]))
    if _is_explained(found, query, known):
        return found
    for first, second, is_turned in ((query, known, False), (known, query, True)):
        stretches, pairings = _by_points(first, second)
        if is_turned:
            stretches = [stretch.flipped() for stretch in stretches]
            pairings = [pairing.flipped() for pairing in pairings]
        found = replace(
            found, stretches=resolved([*found.stretches, *stretches]), pairings=[*found.pairings, *pairings]
        )
        if found.strong or (found.pairings and not has_hint(found.stretches)):
            break
    return found


def _by_points(query: ClipFeatures, known: ClipFeatures) -> tuple[list[Stretch], list[Pairing]]:
    votes = pair_votes(query.sift, keys_for(known)) if query.sift is not None else []
    if sum(vote.score for vote in votes[:4]) < LEAST_POINT_SCORE:
        return [], []
    candidates = [(vote.mirrored, vote.query_picture, vote.known_picture) for vote in votes[:PAIRS_TRIED]]
    pairings = pairings_of(query, known, candidates)
    return local_stretches(query, known, pairings), pairings


def _is_explained(found: Evidence, query: ClipFeatures, known: ClipFeatures) -> bool:
    """Whether motion confirms most of either clip across the whole frame."""
    whole = [one for one in found.strong if one.agreement.overlaid <= PARTIAL]
    return max(covered_share(whole, query, known)) >= EXPLAINED
