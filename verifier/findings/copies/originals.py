"""Which exhibits show one original recording, and which are only made of pieces of several.

A recording is its copies (*same-streams*, *same-picture*, *altered-picture*: both sides covered by three quarters) and
its excerpts (a *clip* that covers one side by three quarters, or where at either end one of the two exhibits ends; a
still of the very frame). A composite joins none. What is a composite follows from the exhibit itself: where a part
begins and ends inside it, it has a cut; a long original does not have one where somebody's excerpt begins. Links of
tier review join nothing; a person's verdict outranks all, and holds for the certain copies of both exhibits as well.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from verifier.canonical import digest
from verifier.dossier import CaseDossier, ExhibitDossier
from verifier.findings.copies.groups import latest_decisions
from verifier.findings.lending import clocks_exclude
from verifier.records import (
    Composite,
    Excerpt,
    Kind,
    Match,
    Medium,
    Moment,
    Part,
    Recording,
    Recordings,
    Relation,
    Segment,
    Tier,
    Weakest,
)

COPY = frozenset({Relation.SAME_STREAMS, Relation.SAME_PICTURE, Relation.ALTERED_PICTURE})
SURE = frozenset({Tier.CERTAIN, Tier.LIKELY})
MEDIA = frozenset({Kind.PHOTO, Kind.VIDEO, Kind.AUDIO})
COVERED = 0.75  # of an exhibit, for it to be an excerpt of the other
END_SECONDS = 0.5  # how near to an exhibit's end a part must end to end with it
CUT_SECONDS = 0.8  # how near to a cut a part must end to end at it: frames are looked at four times a second
REST_SHARE, REST_SECONDS = 0.25, 1.0  # of a composite of one known part: what else it must hold
SAME_MOMENT = timedelta(seconds=2)  # writers round and truncate
SHRUNK = 1.3  # pixels of a picture over those of its place in a collage: a crop has no more than its place
FILLED = 0.9  # of a collage, by parts that are not shrunk
_TIERS = {Tier.CERTAIN: 2, Tier.LIKELY: 1, Tier.REVIEW: 0}


@dataclass(frozen=True, slots=True, kw_only=True)
class _Link:
    """A link as one of its two sides sees it. `match` is None for a person's verdict."""

    own: str
    other: str
    match: Match | None
    segments: tuple[Segment, ...]  # `left` is `own`

    @property
    def strength(self) -> tuple[int, bool, bool, float]:
        """A verdict first, then certain before likely, whole before partial, unaltered before altered, by score."""
        if self.match is None:
            return (3, True, True, 1.0)
        is_altered = self.match.relation is Relation.ALTERED_PICTURE
        return (_TIERS[self.match.tier], not _is_partial(self), not is_altered, self.match.score)


def recordings_of(case: CaseDossier) -> Recordings:
    """Every photo, video and sound of a case as copy or excerpt of one recording, or as a composite.

    What a redacted case states of it stands, for a redacted case lacks what decides.
    """
    if case.originals is not None:
        return case.originals
    media = {key: dossier for key, dossier in sorted(case.exhibits.items()) if dossier.exhibit.kind in MEDIA}
    links = _links(case, media)
    composites = _composites(media, links)
    free = [link for link in links if link.own not in composites and link.other not in composites]
    copies = _Sets(media, _stamps(media))
    whole = sorted((link for link in free if _is_copy(link)), key=_order, reverse=True)
    joining = [
        link
        for link in whole
        if copies.join(link.own, link.other, is_sure=_is_sure(link)) or copies.are_one(link.own, link.other)
    ]
    joining += [link for link in free if not _is_copy(link) and _is_moving(media, link) and _is_excerpt(media, link)]
    joining += _stills(media, free, copies)
    sets = _Sets((key for key in media if key not in composites), _stamps(media))
    tree = [
        link
        for link in sorted(joining, key=_order, reverse=True)
        if sets.join(link.own, link.other, is_sure=_is_sure(link))
    ]
    known = _built(case, media, sets, copies, joining, tree)
    home = {member: one.id for one in known for member in one.members}
    return Recordings(
        recordings=known,
        composites=tuple(_composite(key, links, home, media) for key in sorted(composites)),
    )


def _is_sure(link: _Link) -> bool:
    return link.match is None or _is_beyond_clocks(link.match)


def _order(link: _Link) -> tuple[tuple[int, bool, bool, float], str, str]:
    return (link.strength, link.own, link.other)


Stamp = tuple[str, datetime]  # the camera, and its clock's wall time of capture


def _stamps(media: Mapping[str, ExhibitDossier]) -> dict[str, Stamp]:
    """What cameras say of their photographs; a clip has a length, and is held against others by its clocks."""
    found: dict[str, Stamp] = {}
    for key, dossier in media.items():
        if dossier.exhibit.kind is not Kind.PHOTO:
            continue
        camera = " ".join(str(dossier.facts[name].best.value) for name in ("make", "model") if name in dossier.facts)
        moment = dossier.facts["captured_at"].best.value if "captured_at" in dossier.facts else None
        if camera and isinstance(moment, Moment):
            found[key] = (camera, datetime.fromisoformat(moment.wall[:19]))
    return found


def _are_two(one: Stamp, other: Stamp) -> bool:
    return one[0] == other[0] and abs(one[1] - other[1]) > SAME_MOMENT


class _Sets:
    """Disjoint sets of exhibits; the smallest id stands for its set, whatever the order of joining.

    Two that hold photographs which one camera took at different moments (`stamps`) are never joined.
    """

    def __init__(self, keys: Iterable[str], stamps: Mapping[str, Stamp] | None = None) -> None:
        self._head = {key: key for key in keys}
        self._stamps = {key: {stamp} for key, stamp in (stamps or {}).items() if key in self._head}
        self._own = dict(self._stamps)

    def top(self, key: str) -> str:
        while self._head[key] != key:
            self._head[key] = self._head[self._head[key]]
            key = self._head[key]
        return key

    def join(self, one: str, other: str, *, is_sure: bool = False) -> bool:
        """Put two together; whether they were apart and could be. The two clocks of one that `is_sure` may differ."""
        first, last = sorted((self.top(one), self.top(other)))
        if first == last or any(
            _are_two(a, b)
            for a in self._stamps.get(self.top(one), set())
            for b in self._stamps.get(self.top(other), set())
            if not is_sure or a not in self._own.get(one, set()) or b not in self._own.get(other, set())
        ):
            return False
        self._head[last] = first
        self._stamps[first] = self._stamps.get(first, set()) | self._stamps.get(last, set())
        return True

    def are_one(self, one: str, other: str) -> bool:
        """Whether both are in one set."""
        return self.top(one) == self.top(other)

    def all(self) -> list[list[str]]:
        together: dict[str, list[str]] = defaultdict(list)
        for key in sorted(self._head):
            together[self.top(key)].append(key)
        return list(together.values())


def _links(case: CaseDossier, media: Mapping[str, ExhibitDossier]) -> list[_Link]:
    """Sure links that no verdict cuts, and the verdicts that join; one way round each."""
    decided = {pair: said for pair, said in latest_decisions(case.verdicts).items() if set(pair) <= media.keys()}
    sure = [
        match
        for match in sorted(case.matches, key=lambda m: (m.left, m.right, m.medium.value, m.method))
        if match.tier in SURE and match.relation in COPY | {Relation.CLIP}
        and match.left in media and match.right in media
        and all(segment.medium is not Medium.AUDIO for segment in match.segments[:1])
    ]  # fmt: skip
    twins = _Sets(media)  # what a verdict on one holds for as well
    for match in sure:
        if match.relation is Relation.SAME_STREAMS or (
            match.relation is Relation.SAME_PICTURE and match.tier is Tier.CERTAIN and not _asked(match, decided)
        ):
            twins.join(match.left, match.right)
    apart = {_pair(twins.top(a), twins.top(b)) for (a, b), said in decided.items() if said == "different"}
    found = [
        _Link(own=match.left, other=match.right, match=match, segments=match.segments)
        for match in sure
        if _pair(twins.top(match.left), twins.top(match.right)) not in apart
        and (_is_beyond_clocks(match) or not clocks_exclude(media[match.left], media[match.right]))
        and decided.get((match.left, match.right)) != "different"
    ]
    return found + [
        _Link(own=a, other=b, match=None, segments=()) for (a, b), said in sorted(decided.items()) if said == "same"
    ]


def _is_beyond_clocks(match: Match) -> bool:
    """Whether a link is so sure that clocks which exclude it are wrong rather than the link."""
    return match.tier is Tier.CERTAIN and match.relation in (Relation.SAME_STREAMS, Relation.SAME_PICTURE)


def _asked(match: Match, decided: Mapping[tuple[str, str], str]) -> bool:
    return decided.get((match.left, match.right)) == "different"


def _pair(one: str, other: str) -> tuple[str, str]:
    return (one, other) if one < other else (other, one)


def _is_copy(link: _Link) -> bool:
    return link.match is None or link.match.relation in COPY


def _is_moving(media: Mapping[str, ExhibitDossier], link: _Link) -> bool:
    return all(media[key].exhibit.kind is not Kind.PHOTO for key in (link.own, link.other))


def _turned(link: _Link) -> _Link:
    segments = tuple(
        replace(segment, left=segment.right, right=segment.left, speed=round(1.0 / (segment.speed or 1.0), 6))
        for segment in link.segments
    )
    return replace(link, own=link.other, other=link.own, segments=segments)


def _ranges(link: _Link) -> list[tuple[float, float]]:
    """The stretches of `own` that the other shows, without overlaps."""
    merged: list[tuple[float, float]] = []
    for start, end in sorted(_sorted(s.left) for s in link.segments if s.left and s.medium is not Medium.AUDIO):
        if merged and start <= merged[-1][1] + END_SECONDS:
            merged[-1] = (merged[-1][0], max(end, merged[-1][1]))
        else:
            merged.append((start, end))
    return merged


def _sorted(span: tuple[float, float] | None) -> tuple[float, float]:
    return (min(span), max(span)) if span else (0.0, 0.0)


def _seconds(dossier: ExhibitDossier) -> float | None:
    fact = dossier.facts.get("duration_s")
    value = fact.best.value if fact is not None else None
    return float(value) if isinstance(value, int | float) and not isinstance(value, bool) and value > 0 else None


def _share(media: Mapping[str, ExhibitDossier], link: _Link) -> float:
    """How much of `own` the other shows, 0..1; 0 where its length is not known."""
    length = _seconds(media[link.own])
    return 0.0 if length is None else sum(end - start for start, end in _ranges(link)) / length


def _is_excerpt(media: Mapping[str, ExhibitDossier], link: _Link) -> bool:
    """Whether two clips are of one longer recording: one lies in the other, or one goes on where the other ends."""
    if max(_share(media, link), _share(media, _turned(link))) >= COVERED:
        return True
    lengths = (_seconds(media[link.own]), _seconds(media[link.other]))
    spans = [(s.left, s.right) for s in link.segments if s.left and s.right and s.medium is not Medium.AUDIO]
    if len(spans) != 1 or None in lengths or link.segments[0].speed <= 0:
        return False
    (left, right) = spans[0]
    begins = min(left[0], right[0]) <= END_SECONDS
    ends = min((lengths[0] or 0.0) - left[1], (lengths[1] or 0.0) - right[1]) <= END_SECONDS
    return begins and ends


def _stills(media: Mapping[str, ExhibitDossier], free: list[_Link], copies: _Sets) -> list[_Link]:
    """The one strongest link of each picture, with all its copies, to a video that shows it: it bridges no two.

    Only a certain one is the very frame; a picture that a camera took and dated by itself is no frame of a video.
    """
    best: dict[str, _Link] = {}
    taken = {copies.top(key) for key, dossier in media.items() if _is_photograph(dossier)}
    for link in free:
        kinds = (media[link.own].exhibit.kind, media[link.other].exhibit.kind)
        if _is_copy(link) or kinds.count(Kind.PHOTO) != 1:
            continue
        oriented = link if kinds[0] is Kind.PHOTO else _turned(link)
        picture = copies.top(oriented.own)
        if picture in taken or link.match is None or link.match.tier is not Tier.CERTAIN:
            continue
        if picture not in best or _order(oriented) > _order(best[picture]):
            best[picture] = oriented
    return [best[key] for key in sorted(best)]


def _is_photograph(dossier: ExhibitDossier) -> bool:
    return dossier.exhibit.kind is Kind.PHOTO and {"make", "captured_at"} <= dossier.facts.keys()


def _composites(media: Mapping[str, ExhibitDossier], links: list[_Link]) -> frozenset[str]:
    """Exhibits made of pieces, with all copies of theirs."""
    both = [side for link in links for side in (link, _turned(link))]
    of: dict[str, list[_Link]] = defaultdict(list)
    for side in both:
        of[side.own].append(side)
    found = {key for key in of if _is_collage(media, of[key], links) or _is_compilation(media, of[key], links)}
    copies = _Sets(media)
    for link in links:
        if _is_copy(link) and not ({link.own, link.other} & found and _is_partial(link)):
            copies.join(link.own, link.other)
    tops = {copies.top(key) for key in found}
    return frozenset(key for key in media if copies.top(key) in tops)


def _is_partial(link: _Link) -> bool:
    """Whether a link between pictures leaves more than a quarter of one of them out."""
    change = link.match.transform if link.match is not None else None
    shares = (change.coverage_left, change.coverage_right) if change is not None else ()
    return any(share is not None and share < COVERED for share in shares)


def _apart(key: str, others: Iterable[str], media: Mapping[str, ExhibitDossier], links: list[_Link]) -> int:
    """How many different recordings some exhibits are, when `key` is left out of what may join them."""
    sets = _Sets(media)
    for link in links:
        if key not in (link.own, link.other) and (_is_copy(link) or _is_excerpt(media, link)):
            sets.join(link.own, link.other)
    return len({sets.top(other) for other in others})


def _is_compilation(media: Mapping[str, ExhibitDossier], sides: list[_Link], links: list[_Link]) -> bool:
    """Whether the parts of others in a video begin and end at cuts of it: several recordings', or one's and a rest."""
    key = sides[0].own
    length = _seconds(media[key])
    if length is None or media[key].exhibit.kind is not Kind.VIDEO:
        return False
    cuts = [(event.start_seconds, event.end_seconds) for event in media[key].events if event.kind == "cut"]
    inserted = [side for side in sides if not _is_copy(side) and _is_inserted(side, cuts, length)]
    if not inserted:
        return False
    if _apart(key, [side.other for side in inserted], media, links) > 1:
        return True
    held = sum(end - start for side in sides for start, end in _ranges(side)[:1])
    return length - held >= max(REST_SHARE * length, REST_SECONDS)


def _is_inserted(side: _Link, cuts: list[tuple[float, float]], length: float) -> bool:
    """Whether every end of a part inside the video is a cut of it, and one is."""
    inner = [at for span in _ranges(side) for at in span if END_SECONDS < at < length - END_SECONDS]
    spans = _ranges(side)
    if not inner or any(end - start < REST_SECONDS for start, end in spans):
        return False
    return all(any(first - CUT_SECONDS <= at <= last + CUT_SECONDS for first, last in cuts) for at in inner)


def _is_collage(media: Mapping[str, ExhibitDossier], sides: list[_Link], links: list[_Link]) -> bool:
    """Whether a picture holds several others, made smaller for it or filling it; crops of it are neither."""
    key = sides[0].own
    pixels = _pixels(media[key])
    parts = [(side, share) for side in sides if (share := _held(side)) is not None and share < COVERED]
    if not pixels or media[key].exhibit.kind is not Kind.PHOTO or len(parts) < 2:
        return False
    shrunk = [side.other for side, share in parts if _pixels(media[side.other]) >= SHRUNK * share * pixels]
    if len(shrunk) > 1 and _apart(key, shrunk, media, links) > 1:
        return True
    filled = sum(share for _, share in parts) >= FILLED
    return filled and _apart(key, [side.other for side, _ in parts], media, links) > 1


def _held(side: _Link) -> float | None:
    """Share of `own`'s picture that the other fills, where it was measured."""
    if side.match is None or side.match.transform is None or side.match.relation not in COPY:
        return None
    change = side.match.transform
    return change.coverage_left if side.own == side.match.left else change.coverage_right


def _pixels(dossier: ExhibitDossier) -> float:
    sides = [dossier.facts.get(name) for name in ("width", "height")]
    values = [fact.best.value for fact in sides if fact is not None]
    numbers = [float(value) for value in values if isinstance(value, int | float)]
    return numbers[0] * numbers[1] if len(numbers) == 2 else 0.0


def _built(
    case: CaseDossier,
    media: Mapping[str, ExhibitDossier],
    sets: _Sets,
    copies: _Sets,
    joining: list[_Link],
    tree: list[_Link],
) -> tuple[Recording, ...]:
    told = {member: group for group in case.groups for member in group.members}
    weakest: dict[str, _Link] = {}
    for link in tree:  # strongest first: the last one is the weakest that was needed
        weakest[sets.top(link.own)] = link
    of: dict[str, list[_Link]] = defaultdict(list)
    for link in joining:
        if not _is_copy(link):
            of[link.own].append(link)
            of[link.other].append(_turned(link))
    found = []
    for members in sets.all():
        best = max(members, key=lambda key: (*_worth(media[key]), key))
        group = told.get(best)
        if group is not None and set(group.members) == set(members):
            best = group.best
        whole = [key for key in members if copies.top(key) == copies.top(best)]
        excerpts = [_excerpt(key, best, of[key], copies) for key in members if key not in whole]
        earliest = group.earliest if group is not None and group.earliest in members else None
        found.append(
            Recording(
                id=digest(members)[:16],
                copies=tuple(whole),
                excerpts=tuple(excerpts),
                best=best,
                earliest=earliest if group is not None and set(group.members) == set(members) else None,
                weakest=_told(weakest.get(sets.top(best))),
            )
        )
    return tuple(sorted(found, key=lambda one: one.id))


def _worth(dossier: ExhibitDossier) -> tuple[float, float, int, int]:
    return (_seconds(dossier) or 0.0, _pixels(dossier), len(dossier.facts), dossier.exhibit.size)


def _excerpt(key: str, best: str, links: list[_Link], copies: _Sets) -> Excerpt:
    """The link to the recording's best copy where there is one, else the strongest."""
    ordered = sorted(links, key=lambda link: (copies.top(link.other) == copies.top(best), *_order(link)), reverse=True)
    if not ordered:  # joined through a copy of it
        return Excerpt(exhibit=key, of=best)
    return Excerpt(exhibit=key, of=ordered[0].other, segments=ordered[0].segments)


def _told(link: _Link | None) -> Weakest | None:
    if link is None:
        return None
    left, right = _pair(link.own, link.other)
    if link.match is None:
        return Weakest(left=left, right=right, relation="verdict", tier=None)
    return Weakest(left=left, right=right, relation=link.match.relation.value, tier=link.match.tier.value)


def _composite(key: str, links: list[_Link], home: Mapping[str, str], media: Mapping[str, ExhibitDossier]) -> Composite:
    """Its parts: one a recording, by the longest stretch and the strongest link."""
    parts: dict[str, tuple[tuple[float, tuple[int, bool, bool, float], str], Part]] = {}
    for side in (side for link in links for side in (link, _turned(link))):
        if side.own != key or side.other not in home or _is_faint(side, media):
            continue
        shown = sum(end - start for start, end in _ranges(side))
        part = Part(recording=home[side.other], exhibit=side.other, segments=side.segments, coverage=_held(side))
        worth = (shown, side.strength, side.other)
        if home[side.other] not in parts or worth > parts[home[side.other]][0]:
            parts[home[side.other]] = (worth, part)
    ordered = sorted((part for _, part in parts.values()), key=lambda part: (_first(part), part.exhibit))
    return Composite(exhibit=key, parts=tuple(ordered))


def _is_faint(side: _Link, media: Mapping[str, ExhibitDossier]) -> bool:
    """Whether a link says that a picture was seen for a moment only, and not for certain: a scene, hardly a part."""
    is_still = media[side.other].exhibit.kind is Kind.PHOTO and media[side.own].exhibit.kind is Kind.VIDEO
    seconds = sum(end - start for start, end in _ranges(side))
    return is_still and seconds < REST_SECONDS and (side.match is None or side.match.tier is not Tier.CERTAIN)


def _first(part: Part) -> float:
    return min((min(segment.left) for segment in part.segments if segment.left), default=0.0)
