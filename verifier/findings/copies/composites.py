"""Which exhibits are made of pieces: compilations, told by their cuts; collages, split screens, pictures in pictures.

A part that begins and ends inside a video at cuts of it was put there; a long original has no cut where somebody's
excerpt begins. Of one source alone it stays open, for an original of several shots has cuts as well: such a part joins
nothing. A picture or video holds pieces by area where two of different recordings stand in it at one time, one of them
in a part of the picture, made smaller for it or set into it, or where parts fill it; a crop is no smaller than its
place.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping

from verifier.findings.copies.links import COVERED, END_SECONDS, Link, Seen, Sets, is_excerpt
from verifier.records import Composite, Kind, Part

CUT_SECONDS = 0.8  # how near to a cut a part must end to end at it: frames are looked at four times a second
REST_SECONDS = 1.0  # of a part, for it to be one rather than a moment that looks alike
SHRUNK = 1.3  # pixels of a picture over those of its place in a collage: a crop has no more than its place
FILLED = 0.9  # of a collage, by parts that are not shrunk
MOST_WALKED = 2_000  # exhibits that are looked through for a way from one part to another

Sides = Mapping[str, list[Link]]


def composites_of(media: Mapping[str, Seen], links: list[Link]) -> frozenset[str]:
    """Exhibits made of pieces, with all copies of theirs. What is made of pieces bears no witness against others."""
    sides = _sides(links)
    by_cuts = {key for key in sides if _is_compilation(key, media, sides)}
    rest = _sides([link for link in links if not {link.own, link.other} & by_cuts])
    by_area = {key for key in rest if _is_collage(key, media, rest)}
    rest = _sides([link for link in links if not {link.own, link.other} & by_area])
    found = by_area | {key for key in rest if _is_compilation(key, media, rest)}
    copies = Sets(media)
    for link in links:
        if link.is_unaltered and not link.is_partial:
            copies.join(link.own, link.other)
    tops = {copies.top(key) for key in found}
    return frozenset(key for key in media if copies.top(key) in tops)


def _sides(links: list[Link]) -> dict[str, list[Link]]:
    sides: dict[str, list[Link]] = defaultdict(list)
    for link in links:
        sides[link.own].append(link)
        sides[link.other].append(link.turned())
    return sides


def is_open(media: Mapping[str, Seen], link: Link) -> bool:
    """Whether a part may have been put into one of the two, by cuts at its ends: then it is no sign of one original."""
    return not link.is_copy and any(_is_inserted(side, media[side.own]) for side in (link, link.turned()))


def composite(key: str, links: list[Link], home: Mapping[str, str], media: Mapping[str, Seen]) -> Composite:
    """Its parts in order of time: one a recording (`home`), by the longest stretch, then the strongest link."""
    best: dict[str, Link] = {}
    for side in (side for link in links for side in (link, link.turned())):
        if side.own != key or side.other not in home or _is_faint(side, media):
            continue
        known = best.get(home[side.other])
        if known is None or (side.seconds, side.strength) > (known.seconds, known.strength):
            best[home[side.other]] = side
    parts = [
        Part(recording=recording, exhibit=side.other, segments=side.segments, coverage=side.held)
        for recording, side in best.items()
    ]
    return Composite(exhibit=key, parts=tuple(sorted(parts, key=lambda part: (_first(part), part.exhibit))))


def _first(part: Part) -> float:
    return min((min(segment.left) for segment in part.segments if segment.left), default=0.0)


def _is_faint(side: Link, media: Mapping[str, Seen]) -> bool:
    """Whether a picture was seen for a moment only: a scene or one frame, no part."""
    is_still = media[side.other].kind is Kind.PHOTO and media[side.own].kind is Kind.VIDEO
    return is_still and side.seconds < REST_SECONDS


def _are_several(key: str, others: Iterable[str], media: Mapping[str, Seen], sides: Sides) -> bool:
    """Whether some exhibits are of more than one recording, when what `key` says of them is left out."""
    asked = set(others)
    reached: set[str] = set()
    ahead = [min(asked)]
    while ahead and len(reached) < MOST_WALKED and not asked <= reached:
        at = ahead.pop()
        if at in reached:
            continue
        reached.add(at)
        ahead += sorted(
            {side.other for side in sides[at] if side.other != key and (side.is_copy or is_excerpt(media, side))}
        )
    return not asked <= reached


def _is_compilation(key: str, media: Mapping[str, Seen], sides: Sides) -> bool:
    """Whether parts of different recordings begin and end at cuts of a video."""
    if media[key].kind is not Kind.VIDEO or not media[key].seconds:
        return False
    inserted = [side.other for side in sides[key] if not side.is_copy and _is_inserted(side, media[key])]
    return len(inserted) > 1 and _are_several(key, inserted, media, sides)


def _is_inserted(side: Link, own: Seen) -> bool:
    """Whether every end of a part inside the video is a cut of it, and one is."""
    spans = side.ranges
    inner = [at for span in spans for at in span if END_SECONDS < at < own.seconds - END_SECONDS]
    if not inner or any(end - start < REST_SECONDS for start, end in spans):
        return False
    return all(any(first - CUT_SECONDS <= at <= last + CUT_SECONDS for first, last in own.cuts) for at in inner)


def _is_collage(key: str, media: Mapping[str, Seen], sides: Sides) -> bool:
    """Whether an exhibit holds others beside or within one another at one time."""
    own = media[key]
    if not own.pixels or own.kind is Kind.AUDIO:
        return False
    alike = [side for side in sides[key] if media[side.other].kind is own.kind and (side.is_copy or side.ranges)]
    parts = [side for side in alike if side.held is not None and side.held < COVERED]
    placed = [
        side for side in parts if side.is_pasted or media[side.other].pixels >= SHRUNK * (side.held or 0.0) * own.pixels
    ]
    for side in placed:
        beside = [other.other for other in alike if other is not side and _are_at_once(own, side, other)]
        if own.kind is Kind.PHOTO:  # a whole copy and a crop of it are no collage
            beside = [name for name in beside if any(one.other == name for one in placed)]
        if beside and _are_several(key, [side.other, *beside], media, sides):
            return True
    filled = own.kind is Kind.PHOTO and sum(side.held or 0.0 for side in parts) >= FILLED
    return filled and len(parts) > 1 and _are_several(key, [side.other for side in parts], media, sides)


def _are_at_once(own: Seen, one: Link, other: Link) -> bool:
    """Whether two parts stand in an exhibit at the same time for a while."""
    if own.kind is Kind.PHOTO:
        return True
    common = sum(max(0.0, min(a[1], b[1]) - max(a[0], b[0])) for a in one.ranges for b in other.ranges)
    return common >= REST_SECONDS
