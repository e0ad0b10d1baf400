"""What a claim's words say of a place: candidates with a radius, and how far a position lies outside them.

"Tehran, Punak", "پونک تهران", "near Azadi Square, Tehran" and "35.70,51.34" all become candidates. Words that no
gazetteer holds are kept and shown: a claim read in part is weaker than it looks.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from itertools import pairwise

from verifier.geo.countries import NAMESAKES, is_drawn, metres_from_country
from verifier.geo.gazetteer import Gazetteer, Place, built_in
from verifier.geo.named.containment import RANK
from verifier.geo.named.mentions import Mentions, mentions_of
from verifier.geo.named.nesting import Nested, nested
from verifier.geo.outlines import outlines
from verifier.geo.position import Position, metres_between
from verifier.geo.region import HOME, Region
from verifier.geo.written.angles import swapped
from verifier.geo.written.plus_codes import recovered
from verifier.geo.written.text import Written, written_in

MOST_LETTERS = 600
NEAR_METRES = 3_000.0  # what "near" and "opposite" add to a place's radius
ROAD_METRES = 30_000.0  # along a road whose other end is not named
COUNTY_METRES = 60_000.0  # a county bears its town's name and is far larger; its bounds are not held
SAME_METRES = 3_000.0  # two entries of one name in one town, nearer than this, are one place
MOST_CANDIDATES = 60


@dataclass(frozen=True, slots=True, kw_only=True)
class Candidate:
    """One reading of a claim's place; `anchor` is what may contradict: the place itself, or a larger one around it."""

    place: Place
    anchor: Place | None
    radius_metres: float


@dataclass(frozen=True, slots=True, kw_only=True)
class ReadPlace:
    """What a place text was understood as; `unplaced` are words that no gazetteer held, or that only far places bear.

    `notes` are codes: order_suspected (longitude may stand first), places_apart (two places far from each other are
    named), view_only (the middle of a map's view, not a pin), name_off_position (the name lies far from the position).
    """

    text: str
    candidates: tuple[Candidate, ...]
    unplaced: tuple[str, ...]
    notes: tuple[str, ...] = ()


def read_place(text: str, gazetteer: Gazetteer | None = None, region: Region = HOME) -> ReadPlace:
    """Candidates for a place text, best first; none where nothing was recognised. Raises ValueError for absurd text."""
    if len(text) > MOST_LETTERS:
        raise ValueError(f"a place is told in at most {MOST_LETTERS} letters, this text has {len(text)}")
    shelf = gazetteer or built_in()
    written = written_in(text)
    named = _from_words(text, written.words, shelf, region) if written.words else None
    if written.short_codes:
        return _from_short_codes(text, written, named)
    if written.positions:
        return _from_positions(text, written, named, region)
    if written.query and named is None:
        named = _from_words(text, written.query, shelf, region)
    return named or ReadPlace(text=text, candidates=(), unplaced=())


def _from_positions(text: str, written: Written, named: ReadPlace | None, region: Region) -> ReadPlace:
    """Written positions, each with the other order where only that lies in the case's region; a name is a check."""
    notes = ["view_only"] if written.is_view else []
    positions = []
    for position in written.positions:
        positions.append(position)
        other = swapped(position)
        if other is not None and not written.is_ordered and region.holds(other) and not region.holds(position):
            positions.append(other)
            notes.append("order_suspected")
    candidates = [_at_position(text, position) for position in positions]
    near = named is None or not named.candidates or any(
        metres_from_place(one.place, position) <= max(one.radius_metres, NEAR_METRES)
        for one in named.candidates
        for position in positions
    )  # fmt: skip
    if near or named is None:
        return ReadPlace(
            text=text, candidates=tuple(candidates), unplaced=named.unplaced if named else (), notes=tuple(notes)
        )
    both = [replace(candidate, anchor=None) for candidate in (*candidates, *named.candidates)]
    return ReadPlace(
        text=text, candidates=tuple(both), unplaced=named.unplaced, notes=(*notes, "name_off_position")
    )  # fmt: skip


def _from_short_codes(text: str, written: Written, named: ReadPlace | None) -> ReadPlace:
    """A short Plus code near each place that the words beside it can mean."""
    if named is None or not named.candidates:
        raise ValueError(f"{written.short_codes[0]} is a short Plus code: name the town beside it")
    found = []
    for code in written.short_codes:
        for candidate in named.candidates:
            if candidate.place.level in ("city", "district", "own", "county"):
                found.append(_at_position(text, recovered(code, candidate.place.position)))
    if not found:
        raise ValueError(f"{written.short_codes[0]} is a short Plus code: name a town beside it, not a larger place")
    anchored = (
        found if len({one.place.position for one in found}) == 1 else [replace(one, anchor=None) for one in found]
    )
    return ReadPlace(text=text, candidates=tuple(dict.fromkeys(anchored)), unplaced=named.unplaced)


def _at_position(text: str, position: Position) -> Candidate:
    place = Place(
        name=" ".join(text.split())[:80],
        persian="",
        level="own",
        latitude_degrees=position.latitude_degrees,
        longitude_degrees=position.longitude_degrees,
        radius_metres=position.radius_metres or 1_000.0,
        country="",
    )
    return Candidate(place=place, anchor=place, radius_metres=place.radius_metres)


def _from_words(text: str, words: str, shelf: Gazetteer, home: Region) -> ReadPlace:
    mentions = mentions_of(words, shelf)
    nesting = nested(mentions.known)
    candidates = []
    for one in _distinct(nesting.stand):
        candidate = _candidate(one)
        if nesting.is_apart or not _may_contradict(candidate.anchor, mentions, home.country, shelf):
            candidate = replace(candidate, anchor=None)
        candidates.append(_widened(candidate, one, mentions.metres))
    return ReadPlace(
        text=text,
        candidates=tuple(candidates[:MOST_CANDIDATES]),
        unplaced=(*nesting.kept, *mentions.left),
        notes=("places_apart",) if nesting.is_apart else (),
    )


def _may_contradict(anchor: Place | None, mentions: Mentions, home: str, shelf: Gazetteer) -> bool:
    """Whether an anchor is what the words mean. A country is only where its outline is known and its name is bare.

    A word before the name makes another place of it ("New Mexico", "South Georgia"); a word that was not understood
    may be the state of a town that bears the country's name ("Lebanon, Pennsylvania"); a place of the case's country
    may bear it ("Palestine" is a square of Tehran). The country of the case is meant by its name in any case.
    """
    if anchor is None or anchor.level != "country" or anchor.country == home:
        return True
    qualified = any(mention.is_qualified and anchor in mention.places for mention in mentions.known)
    if qualified or mentions.left or anchor.country in NAMESAKES or not is_drawn(anchor):
        return False
    names = (name for name in (anchor.name, anchor.persian, *anchor.others) if name)
    return not any(place.country == home and place.level != "country" for name in names for place in shelf.named(name))


def _distinct(stand: tuple[Nested, ...]) -> list[Nested]:
    """One of those entries that are one place: near each other, of one level and town."""
    kept: list[Nested] = []
    for one in stand:
        place = one.place
        twins = [
            other.place for other in kept
            if other.mention is one.mention
            and other.place.level == place.level and other.place.city == place.city
            and abs(other.place.latitude_degrees - place.latitude_degrees) < 0.05
            and metres_between(other.place.position, place.position) < SAME_METRES
        ]  # fmt: skip
        if not twins:
            kept.append(one)
    return kept


def _candidate(one: Nested) -> Candidate:
    place, parents = one.place, one.around
    sure = [parent for parent in parents if parent.is_notable or parent.level in ("province", "country")]
    if place.is_notable and not one.mention.is_loose:
        anchor: Place | None = place
    elif place.level == "district" and any(parent.name == place.city for parent in parents):
        anchor = place
    else:
        anchor = min(sure, key=lambda parent: RANK[parent.level], default=None)
    return Candidate(place=place, anchor=anchor, radius_metres=place.radius_metres)


def _widened(candidate: Candidate, one: Nested, metres: float) -> Candidate:
    """A place with what "county", "near", "outside", "the road to" and a distance add to its circle."""
    place, around = candidate.place, one.mention.around
    radius = candidate.radius_metres + metres
    if one.mention.kind == "county" and place.level == "city":
        radius = max(COUNTY_METRES, radius)
    if around == "near":
        radius += NEAR_METRES
    elif around == "outside":
        radius = 2 * radius + NEAR_METRES
    elif around == "road" and place.kind != "road":
        radius += ROAD_METRES
    if radius == candidate.radius_metres:
        return candidate
    wider = replace(place, radius_metres=radius)
    anchor = wider if candidate.anchor is place else candidate.anchor
    return Candidate(place=place, anchor=None if around in ("outside", "road") else anchor, radius_metres=radius)


def metres_from_place(place: Place, position: Position, radius_metres: float | None = None) -> float:
    """How far outside a place the position's own circle begins; 0 where they touch."""
    own = position.radius_metres or 0.0
    if place.level == "country" and place.country in outlines():
        return max(0.0, metres_from_country(place.country, position) - own)
    radius = place.radius_metres if radius_metres is None else radius_metres
    return max(0.0, metres_between(place.position, position) - radius - own)


def describe(position: Position, gazetteer: Gazetteer | None = None) -> str | None:
    """ "2.1 km from Punak, Tehran (پونک)"; None where nothing named is within 50 km."""
    found = (gazetteer or built_in()).nearest(position, most=1)
    if not found:
        return None
    place, metres = found[0]
    return f"{metres / 1000:.1f} km from the centre of {place.title}"


def spread_metres(candidates: tuple[Candidate, ...]) -> float:
    """How far the outermost candidates lie apart: large where a name is ambiguous."""
    positions = [candidate.place.position for candidate in candidates]
    return max((metres_between(one, other) for one, other in pairwise(positions)), default=0.0)
