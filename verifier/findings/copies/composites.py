"""Which exhibits are made of pieces: compilations, told by their cuts, and collages, told by areas and sizes.

A part that begins and ends inside a video at cuts of it was put there; a long original has no cut where somebody's
excerpt begins. A picture is a collage where it holds pictures of different recordings that were made smaller for their
place or are set into it, or where parts fill it; a crop is no smaller than its place.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping

from verifier.findings.copies.links import COVERED, END_SECONDS, Link, Seen, Sets, is_excerpt
from verifier.records import Composite, Kind, Part, Tier

CUT_SECONDS = 0.8  # how near to a cut a part must end to end at it: frames are looked at four times a second
REST_SHARE, REST_SECONDS = 0.25, 1.0  # of a composite of one known part: what else it must hold
SHRUNK = 1.3  # pixels of a picture over those of its place in a collage: a crop has no more than its place
FILLED = 0.9  # of a collage, by parts that are not shrunk
MOST_WALKED = 2_000  # exhibits that are looked through for a way from one part to another

Sides = Mapping[str, list[Link]]


def composites_of(media: Mapping[str, Seen], links: list[Link]) -> frozenset[str]:
    """Exhibits made of pieces, with all copies of theirs."""
    sides: dict[str, list[Link]] = defaultdict(list)
    for link in links:
        sides[link.own].append(link)
        sides[link.other].append(link.turned())
    found = {key for key in sides if _is_collage(key, media, sides) or _is_compilation(key, media, sides)}
    copies = Sets(media)
    for link in links:
        if link.is_copy and not (link.is_partial and {link.own, link.other} & found):
            copies.join(link.own, link.other)
    tops = {copies.top(key) for key in found}
    return frozenset(key for key in media if copies.top(key) in tops)


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
    """Whether a picture was seen for a moment only, and not for certain: a scene, hardly a part."""
    is_still = media[side.other].kind is Kind.PHOTO and media[side.own].kind is Kind.VIDEO
    is_certain = side.match is not None and side.match.tier is Tier.CERTAIN
    return is_still and side.seconds < REST_SECONDS and not is_certain


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
    """Whether parts of others begin and end at cuts of a video: several recordings' parts, or one's and a rest."""
    length = media[key].seconds
    if not length or media[key].kind is not Kind.VIDEO:
        return False
    inserted = [side for side in sides[key] if not side.is_copy and _is_inserted(side, media[key])]
    if not inserted:
        return False
    if _are_several(key, [side.other for side in inserted], media, sides):
        return True
    held = max(side.seconds for side in sides[key])
    return length - held >= max(REST_SHARE * length, REST_SECONDS)


def _is_inserted(side: Link, own: Seen) -> bool:
    """Whether every end of a part inside the video is a cut of it, and one is."""
    spans = side.ranges
    inner = [at for span in spans for at in span if END_SECONDS < at < own.seconds - END_SECONDS]
    if not inner or any(end - start < REST_SECONDS for start, end in spans):
        return False
    return all(any(first - CUT_SECONDS <= at <= last + CUT_SECONDS for first, last in own.cuts) for at in inner)


def _is_collage(key: str, media: Mapping[str, Seen], sides: Sides) -> bool:
    """Whether a picture holds several others, made smaller for it, set into it or filling it."""
    own = media[key]
    if own.kind is not Kind.PHOTO or not own.pixels:
        return False
    parts = [(side, side.held) for side in sides[key] if side.held is not None and side.held < COVERED]
    placed = [
        side.other
        for side, share in parts
        if side.is_pasted or media[side.other].pixels >= SHRUNK * (share or 0.0) * own.pixels
    ]
    if len(placed) > 1 and _are_several(key, placed, media, sides):
        return True
    filled = sum(share or 0.0 for _, share in parts) >= FILLED
    return filled and len(parts) > 1 and _are_several(key, [side.other for side, _ in parts], media, sides)
