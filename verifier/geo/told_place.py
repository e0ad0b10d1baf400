"""A place in words that tell it from its namesakes, and whether a name leaves it open which one is meant."""

from __future__ import annotations

from verifier.geo.gazetteer import provinces
from verifier.geo.place import Candidate
from verifier.geo.place_record import Place
from verifier.geo.position import metres_between

MOST_NAMED = 5


def told_place(place: Place) -> str:
    """`Nurabad, Delfan county, Lorestan (نورآباد)`: a place with what tells it from its namesakes."""
    inside = [place.city] if place.city else []
    if place.level == "county":
        inside.append("county")
    elif place.county and place.county != place.name:
        inside.append(f"{place.county} county")
    province = provinces().get(place.region)
    if province is not None and province.name != place.name and place.level in ("city", "county"):
        inside.append(province.name)
    if place.country and place.country != "IR" and place.level == "city":
        inside.append(place.country)
    name = ", ".join([place.name, *inside])
    return f"{name} ({place.persian})" if place.persian and place.persian != place.name else name


def told_places(candidates: tuple[Candidate, ...], most: int = MOST_NAMED) -> str:
    """The first few, and how many more there are."""
    named = "; ".join(told_place(candidate.place) for candidate in candidates[:most])
    return named if len(candidates) <= most else f"{named}; and {len(candidates) - most} more"


def is_ambiguous(candidates: tuple[Candidate, ...]) -> bool:
    """Whether two candidates lie apart, and not one of them alone is a large town that a bare name means."""
    notable = [one for one in candidates if one.place.is_notable]
    if len(notable) == 1 and notable[0].place.level != "county":
        return False
    first = candidates[0] if candidates else None
    return first is not None and any(
        metres_between(first.place.position, other.place.position) > first.radius_metres + other.radius_metres
        for other in candidates[1:]
    )
