"""What a claim's words say of a place: candidates with a radius, and how far a position lies outside them.

"Tehran, Punak", "پونک تهران", "near Azadi Square, Tehran" and "35.70,51.34" all become candidates. Words that no
gazetteer holds are kept and shown: a claim read in part is weaker than it looks.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from itertools import pairwise

from verifier.geo.coordinates import read_position
from verifier.geo.gazetteer import Gazetteer, Place, built_in
from verifier.geo.letters import folded
from verifier.geo.outlines import OUTLINE_METRES, metres_outside, outlines
from verifier.geo.position import Position, metres_between

MOST_LETTERS = 300
_LONGEST_NAME_WORDS = 5
_RANK = {"own": 0, "district": 1, "city": 2, "province": 3, "country": 4}

_PARTS = re.compile(r"[,،;؛/|\n]+|\s[-–—]\s")
_FILLERS = frozenset(
    " ".join(
        (
            "in at near by of the city town district neighbourhood neighborhood area region around close to and",
            "county from در نزدیک نزدیکی شهر محله منطقه حوالی اطراف کشور بخش ناحیه روستای استان province شهرستان ",
            "street st ave avenue blvd boulevard road خیابان بلوار میدان ",
            "sq square north south east west شمال جنوب شرق غرب central",
        )
    ).split()
)
_COUNTY_WORDS = {"county", "شهرستان"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Candidate:
    """One reading of a claim's place; `anchor` is what may contradict: the place itself, or a larger one around it."""

    place: Place
    anchor: Place | None
    radius_metres: float


@dataclass(frozen=True, slots=True, kw_only=True)
class ReadPlace:
    """What a place text was understood as; `unplaced` are the words that no gazetteer held."""

    text: str
    candidates: tuple[Candidate, ...]
    unplaced: tuple[str, ...]


def read_place(text: str, gazetteer: Gazetteer | None = None) -> ReadPlace:
    """Candidates for a place text, best first; none where nothing was recognised. Raises ValueError for absurd text."""
    if len(text) > MOST_LETTERS:
        raise ValueError(f"a place is told in at most {MOST_LETTERS} letters, this text has {len(text)}")
    try:
        return _from_position(text, read_position(text))
    except ValueError as error:
        if re.search(r"[A-Za-z\u0600-\u06ff]{3}", text) is None and re.search(r"\d", text):
            raise ValueError(str(error)) from error
    shelf = gazetteer or built_in()
    county = bool(_COUNTY_WORDS & set(folded(text).split()))
    mentions, unplaced = _mentions(text, shelf)
    candidates = _resolved(mentions)
    return ReadPlace(
        text=text,
        candidates=tuple(_widened(candidate) if county else candidate for candidate in candidates),
        unplaced=tuple(unplaced),
    )


def _from_position(text: str, position: Position) -> ReadPlace:
    place = Place(
        name=text.strip(),
        persian="",
        level="own",
        latitude_degrees=position.latitude_degrees,
        longitude_degrees=position.longitude_degrees,
        radius_metres=position.radius_metres or 1_000.0,
        country="",
    )
    candidate = Candidate(place=place, anchor=place, radius_metres=place.radius_metres)
    return ReadPlace(text=text, candidates=(candidate,), unplaced=())


def _widened(candidate: Candidate) -> Candidate:
    """A county bears its city's name and is far larger; its bounds are not held, so it gets a wide circle."""
    if candidate.place.level != "city":
        return candidate
    return Candidate(
        place=candidate.place, anchor=candidate.anchor, radius_metres=max(60_000.0, candidate.radius_metres)
    )


def _mentions(text: str, shelf: Gazetteer) -> tuple[list[tuple[Place, ...]], list[str]]:
    mentions: list[tuple[Place, ...]] = []
    unplaced: list[str] = []
    for part in _PARTS.split(text):
        words = folded(part).split()
        start = 0
        while start < len(words):
            for end in range(min(len(words), start + _LONGEST_NAME_WORDS), start, -1):
                name = " ".join(words[start:end])
                found = () if name in _FILLERS or name.isdigit() else shelf.named(name)
                if found:
                    mentions.append(found)
                    start = end
                    break
            else:
                if words[start] not in _FILLERS:
                    unplaced.append(words[start])
                start += 1
    return mentions, unplaced


def _resolved(mentions: list[tuple[Place, ...]]) -> list[Candidate]:
    """The most specific mention whose places lie in the places of the others; all mentions support each other."""
    if not mentions:
        return []
    ordered = sorted(mentions, key=lambda places: min(_RANK[place.level] for place in places))
    for index, places in enumerate(ordered):
        others = ordered[:index] + ordered[index + 1 :]
        fitting = [(place, _parents(place, others)) for place in places]
        kept = [(place, parents) for place, parents in fitting if parents is not None]
        if kept:
            return [_candidate(place, parents) for place, parents in kept if parents is not None]
    return [_candidate(place, ()) for place in ordered[-1]]


def _parents(place: Place, others: list[tuple[Place, ...]]) -> tuple[Place, ...] | None:
    """For each other mention the place around (or beside) this one; None if one of them is elsewhere."""
    parents = []
    for places in others:
        around = [other for other in places if _is_around(other, place)]
        if not around:
            return None
        parents.append(min(around, key=lambda other: _RANK[other.level]))
    return tuple(parents)


def _is_around(large: Place, small: Place) -> bool:
    if large.level == "country":
        return not small.country or large.country == small.country
    if large.level == "province" and small.region:
        near = metres_between(large.position, small.position) <= large.radius_metres
        return near and large.country == small.country
    return metres_between(large.position, small.position) <= large.radius_metres + small.radius_metres


def _candidate(place: Place, parents: tuple[Place, ...]) -> Candidate:
    sure = [parent for parent in parents if parent.is_notable or parent.level in ("province", "country")]
    if place.is_notable:
        anchor: Place | None = place
    elif place.level == "district" and any(parent.name == place.city for parent in parents):
        anchor = place
    else:
        anchor = min(sure, key=lambda parent: _RANK[parent.level], default=None)
    return Candidate(place=place, anchor=anchor, radius_metres=place.radius_metres)


def metres_from_place(place: Place, position: Position, radius_metres: float | None = None) -> float:
    """How far outside a place the position's own circle begins; 0 where they touch."""
    own = position.radius_metres or 0.0
    if place.level == "country" and place.country in outlines():
        return max(0.0, metres_outside(place.country, position) - OUTLINE_METRES - own)
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
