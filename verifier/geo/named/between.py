"""Two ends of a road or a stretch: "between Enqelab and Azadi", "Tehran-Qom highway", «جاده خرم‌آباد اندیمشک».

Rule. The ends are the mention that a road word stands with and the next one, else the one before it. Of all pairs of
places that the two can be, those stand that lie nearest to each other; each is one circle around both ends, which never
contradicts and never supports, because a road may run far from the line. A second mention that only lies around the
first is no end: «جاده چالوس، مازندران».
"""

from __future__ import annotations

import math

from verifier.geo.named.containment import is_around
from verifier.geo.named.mentions import Mention
from verifier.geo.place_record import Place
from verifier.geo.position import metres_between

ROAD = "road"
DETOUR = 1.25  # of the half distance: roads bend
SAME_PAIR_METRES = 30_000.0  # by which another pair may be longer than the shortest

Placed = tuple[Mention, tuple[Place, ...]]


def stretches(placed: list[Placed]) -> tuple[list[Place], list[Mention]]:
    """The circles between two ends, and the mentions that are these ends; none where no road is told between two."""
    at = next((number for number, (mention, _) in enumerate(placed) if mention.around == ROAD), None)
    if at is None:
        return [], []
    for other in (at + 1, at - 1):
        if not 0 <= other < len(placed):
            continue
        one, two = sorted((at, other))
        firsts, seconds = _towns(placed[one]), _towns(placed[two])
        if not (firsts and seconds):  # between two squares, one of whose names a town bears as well
            firsts, seconds = placed[one][1], placed[two][1]
        if _is_container(firsts, seconds) or _is_container(seconds, firsts):
            continue
        rest = [places for number, (_, places) in enumerate(placed) if number not in (one, two)]
        found = _nearest_pairs(firsts, seconds, rest)
        if found:
            return [_circle(first, second) for first, second in found], [placed[one][0], placed[two][0]]
    return [], []


def _towns(placed: Placed) -> tuple[Place, ...]:
    mention, places = placed
    return tuple(place for place in places if place.level == "city") if not mention.kind else ()


def _is_container(large: tuple[Place, ...], small: tuple[Place, ...]) -> bool:
    return any(is_around(one, other) for one in large for other in small if one.level != other.level)


def _nearest_pairs(
    firsts: tuple[Place, ...], seconds: tuple[Place, ...], rest: list[tuple[Place, ...]]
) -> list[tuple[Place, Place]]:
    pairs = [(one, other) for one in firsts for other in seconds if one is not other]
    within = [pair for pair in pairs if all(any(is_around(large, pair[0]) for large in held) for held in rest)]
    apart = {pair: metres_between(pair[0].position, pair[1].position) for pair in within or pairs}
    least = min(apart.values(), default=0.0)
    return [pair for pair, metres in apart.items() if metres <= least + SAME_PAIR_METRES]


def _circle(one: Place, other: Place) -> Place:
    """Around the middle of two ends, far enough for both and for a road that bends."""
    metres = metres_between(one.position, other.position)
    names = [f"{one.name}–{other.name}", f"{one.persian}–{other.persian}" if one.persian and other.persian else ""]
    east = math.radians(other.longitude_degrees - one.longitude_degrees)
    south, north = math.radians(one.latitude_degrees), math.radians(other.latitude_degrees)
    towards_x, towards_y = math.cos(north) * math.cos(east), math.cos(north) * math.sin(east)
    middle = math.atan2(math.sin(south) + math.sin(north), math.hypot(math.cos(south) + towards_x, towards_y))
    along = math.radians(one.longitude_degrees) + math.atan2(towards_y, math.cos(south) + towards_x)
    return Place(
        name=names[0],
        persian=names[1],
        level="own",
        latitude_degrees=math.degrees(middle),
        longitude_degrees=(math.degrees(along) + 180.0) % 360.0 - 180.0,
        radius_metres=metres / 2 * DETOUR + max(one.radius_metres, other.radius_metres),
        country=one.country if one.country == other.country else "",
        city=one.city if one.city == other.city else "",
        is_notable=False,
        kind=ROAD,
    )
