"""Which exhibits show one original recording, and which are only made of pieces of several.

A recording is its copies (*same-streams*, *same-picture*, *altered-picture*) and its excerpts (a *clip* that covers one
side by three quarters, or where at either end one of the two exhibits ends; a still of the very frame). A composite
joins none. Links of tier review join nothing, nor does a picture that is only set into another; a person's verdict
outranks all, and holds for the certain copies of both exhibits as well.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Mapping
from dataclasses import replace

from verifier.canonical import digest
from verifier.dossier import CaseDossier, among, kinds_of
from verifier.findings.copies.composites import composite, composites_of, is_open
from verifier.findings.copies.groups import joins
from verifier.findings.copies.links import MEDIA, Link, Seen, Sets, is_excerpt, links_of, seen
from verifier.records import Excerpt, Kind, Recording, Recordings, Tier, Weakest


def recordings_of(case: CaseDossier, around: Collection[str] | None = None) -> Recordings:
    """Every photo, video and sound of a case as copy or excerpt of one recording, or as a composite.

    `around`: only those of these exhibits and of whatever is linked with them, found without a look at the others. What
    a redacted case states of it stands, for a redacted case lacks what decides.
    """
    if case.originals is not None:
        return case.originals
    if around is not None:
        case = _near(case, around)
    kinds = kinds_of(case.exhibits)
    linked = {name for match in case.matches if joins(match) for name in (match.left, match.right)}
    linked |= {name for verdict in case.verdicts for name in (verdict.left, verdict.right)}
    # what no link leads to is a recording of its own, and its dossier is not asked for
    alone = [key for key, kind in kinds.items() if kind in MEDIA and key not in linked]
    case = replace(case, exhibits=among(case.exhibits, linked & kinds.keys()))
    media = {key: seen(dossier) for key, dossier in case.exhibits.items() if dossier.exhibit.kind in MEDIA}
    links = links_of(case, media)
    composites = composites_of(media, links)
    free = [link for link in links if link.own not in composites and link.other not in composites]
    copies, joining = _copies(media, free)
    joining += [link for link in free if _is_moving(media, link) and is_excerpt(media, link)]
    joining += _stills(media, free, copies)
    sets = Sets((key for key in media if key not in composites), media)
    tree = [
        link for link in _strongest_first(joining) if sets.join(link.own, link.other, is_sure=link.is_beyond_clocks)
    ]
    known = _built(case, media, sets, copies, joining, tree)
    known = tuple(sorted([*known, *map(_alone, alone)], key=lambda one: one.id))
    home = {member: one.id for one in known for member in one.members}
    return Recordings(
        recordings=known, composites=tuple(composite(key, links, home, media) for key in sorted(composites))
    )


def _near(case: CaseDossier, around: Collection[str]) -> CaseDossier:
    """The case with these exhibits, all that any match leads to from them, and what joins or verdicts tie to those."""
    ties: dict[str, set[str]] = defaultdict(set)
    pairs = [(match.left, match.right) for match in case.matches if joins(match)]
    for one, other in (*pairs, *((verdict.left, verdict.right) for verdict in case.verdicts)):
        ties[one].add(other)
        ties[other].add(one)
    near = _reached(around, ties)
    touched = {name for m in case.matches if m.left in near or m.right in near for name in (m.left, m.right)}
    near |= _reached(touched, ties)
    return replace(
        case,
        exhibits=among(case.exhibits, near),
        matches=tuple(match for match in case.matches if match.left in near and match.right in near),
        verdicts=tuple(verdict for verdict in case.verdicts if verdict.left in near and verdict.right in near),
    )


def _reached(start: Collection[str], ties: Mapping[str, set[str]]) -> set[str]:
    reached, waiting = set(start), list(start)
    while waiting:
        fresh = ties.get(waiting.pop(), set()) - reached
        reached |= fresh
        waiting += fresh
    return reached


def _alone(key: str) -> Recording:
    return Recording(id=digest([key])[:16], copies=(key,), excerpts=(), best=key, earliest=None, weakest=None)


def _strongest_first(links: list[Link]) -> list[Link]:
    return sorted(links, key=lambda link: link.strength, reverse=True)


def _copies(media: Mapping[str, Seen], free: list[Link]) -> tuple[Sets, list[Link]]:
    """What is a copy of what, and the links that say so."""
    copies = Sets(media, media)
    joining = []
    for link in _strongest_first([link for link in free if link.is_copy and not link.is_pasted]):
        if copies.join(link.own, link.other, is_sure=link.is_beyond_clocks) or copies.are_one(link.own, link.other):
            joining.append(link)
    return copies, joining


def _is_moving(media: Mapping[str, Seen], link: Link) -> bool:
    """Whether both have a length, and a part of the one is found in the other without having been put there."""
    both = all(media[key].kind is not Kind.PHOTO for key in (link.own, link.other))
    return both and not link.is_copy and not is_open(media, link)


def _stills(media: Mapping[str, Seen], free: list[Link], copies: Sets) -> list[Link]:
    """The one strongest link of each picture, with all its copies, to a video that shows it: it bridges no two.

    Only a certain one is the very frame; a picture that a camera took and dated by itself is no frame of a video.
    """
    best: dict[str, Link] = {}
    taken = {copies.top(key) for key, known in media.items() if known.stamp is not None}
    for link in free:
        kinds = (media[link.own].kind, media[link.other].kind)
        if link.is_copy or kinds.count(Kind.PHOTO) != 1:
            continue
        still = link if kinds[0] is Kind.PHOTO else link.turned()
        picture = copies.top(still.own)
        if picture in taken or link.match is None or link.match.tier is not Tier.CERTAIN:
            continue
        if picture not in best or still.strength > best[picture].strength:
            best[picture] = still
    return [best[key] for key in sorted(best)]


def _built(
    case: CaseDossier, media: Mapping[str, Seen], sets: Sets, copies: Sets, joining: list[Link], tree: list[Link]
) -> tuple[Recording, ...]:
    """The records. Best and earliest are those of the group, where one of just these members was stored."""
    stored = {group.members: group for group in case.groups}
    weakest = {
        sets.top(link.own): link for link in tree
    }  # strongest first: the last one is the weakest of those needed
    of: dict[str, list[Link]] = defaultdict(list)
    for link in joining:
        if not link.is_copy:
            of[link.own].append(link)
            of[link.other].append(link.turned())
    found = []
    for members in sets.all():
        group = stored.get(tuple(members))
        best = group.best if group is not None else max(members, key=lambda key: (*media[key].worth, key))
        whole = [key for key in members if copies.are_one(key, best)]
        needed = weakest.get(sets.top(best))
        found.append(
            Recording(
                id=digest(members)[:16],
                copies=tuple(whole),
                excerpts=tuple(_excerpt(key, best, of[key], copies) for key in members if key not in set(whole)),
                best=best,
                earliest=group.earliest if group is not None else None,
                weakest=_weakest(needed) if needed is not None else None,
            )
        )
    return tuple(sorted(found, key=lambda one: one.id))


def _excerpt(key: str, best: str, links: list[Link], copies: Sets) -> Excerpt:
    """By the link to the best copy or a copy of it where there is one, else by the strongest."""
    chosen = max(links, key=lambda link: (copies.are_one(link.other, best), link.strength), default=None)
    if chosen is None:  # it hangs on the recording through a copy of its own
        return Excerpt(exhibit=key, of=best)
    return Excerpt(exhibit=key, of=chosen.other, segments=chosen.segments)


def _weakest(link: Link) -> Weakest:
    left, right = sorted((link.own, link.other))
    if link.match is None:
        return Weakest(left=left, right=right, relation="verdict", tier=None)
    return Weakest(left=left, right=right, relation=link.match.relation.value, tier=link.match.tier.value)
