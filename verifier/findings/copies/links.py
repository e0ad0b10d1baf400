"""The links that may join exhibits into recordings, seen from either side, and what of the exhibits decides them."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from verifier.dossier import CaseDossier, ExhibitDossier
from verifier.findings.copies.groups import joins, latest_decisions
from verifier.findings.lending import clocks_exclude
from verifier.records import Kind, Match, Medium, Moment, Relation, Segment, Tier

COPY = frozenset({Relation.SAME_STREAMS, Relation.SAME_PICTURE, Relation.ALTERED_PICTURE})
MEDIA = frozenset({Kind.PHOTO, Kind.VIDEO, Kind.AUDIO})
COVERED = 0.75  # of an exhibit, for it to be whole in the other
END_SECONDS = 0.5  # how near to an exhibit's end a part must end to end with it
SAME_MOMENT = timedelta(seconds=2)  # writers round and truncate
_TIERS = {Tier.CERTAIN: 2, Tier.LIKELY: 1, Tier.REVIEW: 0}

Pair = tuple[str, str]
Span = tuple[float, float]
Stamp = tuple[str, datetime]  # the camera, and its clock's wall time of capture


@dataclass(frozen=True, slots=True, kw_only=True)
class Seen:
    """What decides over an exhibit's links. 0 where a number is not known; `cuts` are (start, end) in seconds."""

    kind: Kind
    seconds: float = 0.0
    pixels: float = 0.0
    facts: int = 0
    size: int = 0
    cuts: tuple[Span, ...] = ()
    stamp: Stamp | None = None  # of a photograph that a camera dated

    @property
    def worth(self) -> tuple[float, float, int, int]:
        """What shows more of the original is the better copy: time, pixels, what its metadata says, bytes."""
        return (self.seconds, self.pixels, self.facts, self.size)


def seen(dossier: ExhibitDossier) -> Seen:
    """The little that is kept of a dossier, so that those of a large case need not all be held."""
    pixels = _number(dossier, "width") * _number(dossier, "height")
    return Seen(
        kind=dossier.exhibit.kind,
        seconds=_number(dossier, "duration_s"),
        pixels=pixels,
        facts=len(dossier.facts),
        size=dossier.exhibit.size,
        cuts=tuple((event.start_seconds, event.end_seconds) for event in dossier.events if event.kind == "cut"),
        stamp=_stamp(dossier) if dossier.exhibit.kind is Kind.PHOTO else None,
    )


def _number(dossier: ExhibitDossier, question: str) -> float:
    fact = dossier.facts.get(question)
    value = fact.best.value if fact is not None else None
    return float(value) if isinstance(value, int | float) and not isinstance(value, bool) and value > 0 else 0.0


def _stamp(dossier: ExhibitDossier) -> Stamp | None:
    camera = " ".join(str(dossier.facts[name].best.value) for name in ("make", "model") if name in dossier.facts)
    fact = dossier.facts.get("captured_at")
    moment = fact.best.value if fact is not None else None
    if not camera or not isinstance(moment, Moment):
        return None
    return camera, datetime.fromisoformat(moment.wall[:19])


@dataclass(frozen=True, slots=True, kw_only=True)
class Link:
    """A link as one of its two sides sees it. `match` is None for a person's verdict."""

    own: str
    other: str
    match: Match | None
    segments: tuple[Segment, ...]  # `left` is `own`

    @property
    def is_copy(self) -> bool:
        """Whether it says that both show the same, whole or cropped."""
        return self.match is None or self.match.relation in COPY

    @property
    def is_unaltered(self) -> bool:
        """Whether nothing was found to differ, or a person says that both are one."""
        return self.is_copy and (self.match is None or self.match.relation is not Relation.ALTERED_PICTURE)

    @property
    def is_pasted(self) -> bool:
        """Whether one is only set into the other: a collage, a phone's screen."""
        said = self.match is not None and bool(self.match.because.get("inset"))
        return said and self.match is not None and self.match.relation is Relation.ALTERED_PICTURE

    @property
    def is_partial(self) -> bool:
        """Whether more than a quarter of one picture is not in the other."""
        change = self.match.transform if self.match is not None else None
        shares = (change.coverage_left, change.coverage_right) if change is not None else ()
        return any(share is not None and share < COVERED for share in shares)

    @property
    def is_beyond_clocks(self) -> bool:
        """Whether it is so sure that clocks which exclude it are wrong rather than the link."""
        if self.match is None:
            return True
        return self.match.tier is Tier.CERTAIN and self.match.relation in (Relation.SAME_STREAMS, Relation.SAME_PICTURE)

    @property
    def strength(self) -> tuple[int, bool, bool, float, str, str]:
        """A verdict first, then certain before likely, whole before partial, unaltered before altered, by score."""
        ids = (min(self.own, self.other), max(self.own, self.other))
        if self.match is None:
            return (3, True, True, 1.0, *ids)
        is_altered = self.match.relation is Relation.ALTERED_PICTURE
        return (_TIERS[self.match.tier], not self.is_partial, not is_altered, self.match.score, *ids)

    @property
    def held(self) -> float | None:
        """Share of `own`'s picture that the other fills, 0..1, where it was measured."""
        if self.match is None or self.match.transform is None:
            return None
        change = self.match.transform
        return change.coverage_left if self.own == self.match.left else change.coverage_right

    @property
    def ranges(self) -> list[Span]:
        """The stretches of `own` that the other shows, in seconds, without overlaps."""
        merged: list[Span] = []
        spans = [s.left for s in self.segments if s.left is not None and s.medium is not Medium.AUDIO]
        for start, end in sorted((min(span), max(span)) for span in spans):
            if merged and start <= merged[-1][1] + END_SECONDS:
                merged[-1] = (merged[-1][0], max(end, merged[-1][1]))
            else:
                merged.append((start, end))
        return merged

    @property
    def seconds(self) -> float:
        """How long the other shows of `own`."""
        return sum(end - start for start, end in self.ranges)

    def turned(self) -> Link:
        """The same from the other side."""
        segments = tuple(
            replace(item, left=item.right, right=item.left, speed=round(1.0 / (item.speed or 1.0), 6))
            for item in self.segments
        )
        return replace(self, own=self.other, other=self.own, segments=segments)


def links_of(case: CaseDossier, media: Mapping[str, Seen]) -> list[Link]:
    """Sure links that no verdict cuts and no clocks exclude, and the verdicts that join; one way round each."""
    decided = {pair: said for pair, said in latest_decisions(case.verdicts).items() if set(pair) <= media.keys()}
    sure = [
        Link(own=match.left, other=match.right, match=match, segments=match.segments)
        for match in sorted(case.matches, key=lambda m: (m.left, m.right, m.medium.value, m.method))
        if joins(match) and match.left in media and match.right in media
        and (match.medium is not Medium.AUDIO or match.relation is Relation.SAME_STREAMS)
    ]  # fmt: skip
    twins = Sets(media)  # what a verdict on one holds for as well
    for link in sure:
        if link.is_beyond_clocks and decided.get((link.own, link.other)) != "different":
            twins.join(link.own, link.other)
    apart = {_pair(twins.top(a), twins.top(b)) for (a, b), said in decided.items() if said == "different"}
    found = [
        link
        for link in sure
        if _pair(twins.top(link.own), twins.top(link.other)) not in apart
        and (link.is_beyond_clocks or not clocks_exclude(case.exhibits[link.own], case.exhibits[link.other]))
    ]
    return found + [
        Link(own=a, other=b, match=None, segments=()) for (a, b), said in sorted(decided.items()) if said == "same"
    ]


def _pair(one: str, other: str) -> Pair:
    return (one, other) if one < other else (other, one)


def is_excerpt(media: Mapping[str, Seen], link: Link) -> bool:
    """Whether two clips are of one longer recording: one lies in the other, or one goes on where the other ends."""
    own, other = media[link.own].seconds, media[link.other].seconds
    if not own or not other:
        return False
    if max(link.seconds / own, link.turned().seconds / other) >= COVERED:
        return True
    spans = [(s.left, s.right, s.speed) for s in link.segments if s.left and s.right and s.medium is not Medium.AUDIO]
    if len(spans) != 1 or spans[0][2] <= 0:
        return False
    left, right, _ = spans[0]
    return min(left[0], right[0]) <= END_SECONDS and min(own - left[1], other - right[1]) <= END_SECONDS


class Sets:
    """Disjoint sets of exhibits; the smallest id stands for its set, whatever the order of joining.

    Two that hold photographs which one camera took at different moments (`Seen.stamp`) are never joined.
    """

    def __init__(self, keys: Iterable[str], media: Mapping[str, Seen] | None = None) -> None:
        self._head = {key: key for key in keys}
        stamps = {key: media[key].stamp for key in self._head} if media is not None else {}
        self._own = {key: {stamp} for key, stamp in stamps.items() if stamp is not None}
        self._stamps = dict(self._own)

    def top(self, key: str) -> str:
        """Who stands for its set."""
        while self._head[key] != key:
            self._head[key] = self._head[self._head[key]]
            key = self._head[key]
        return key

    def join(self, one: str, other: str, *, is_sure: bool = False) -> bool:
        """Put two together; whether they were apart and could be. The two clocks of one that `is_sure` may differ."""
        here, there = self.top(one), self.top(other)
        if here == there or any(
            a[0] == b[0] and abs(a[1] - b[1]) > SAME_MOMENT
            for a in self._stamps.get(here, set())
            for b in self._stamps.get(there, set())
            if not is_sure or a not in self._own.get(one, set()) or b not in self._own.get(other, set())
        ):
            return False
        first, last = _pair(here, there)
        self._head[last] = first
        stamps = self._stamps.get(first, set()) | self._stamps.pop(last, set())
        if stamps:
            self._stamps[first] = stamps
        return True

    def are_one(self, one: str, other: str) -> bool:
        """Whether both are in one set."""
        return self.top(one) == self.top(other)

    def all(self) -> list[list[str]]:
        """The sets, each in order of id."""
        together: dict[str, list[str]] = defaultdict(list)
        for key in sorted(self._head):
            together[self.top(key)].append(key)
        return list(together.values())
