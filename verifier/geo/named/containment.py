"""Whether one place lies in another, by their levels and circles: what "A, B" is tested with."""

from __future__ import annotations

from verifier.geo.place_record import Place
from verifier.geo.position import metres_between

RANK = {"own": 0, "district": 1, "city": 2, "county": 3, "province": 4, "country": 5}
OWN_TOWN_METRES = 40_000.0  # beyond a town's circle, for a quarter that our table gives to it


def is_around(large: Place, small: Place) -> bool:
    """Whether a place lies in, or touches, a larger one; a quarter lies in its own town wherever that reaches."""
    if large.level == "country":
        return not small.country or large.country == small.country
    if small.level == "country":
        return False
    if large.level == "province" and small.region:
        return large.region == small.region or _within(large, small, large.radius_metres)
    if small.level == "district" and small.city == large.name and large.level == "city" and large.is_notable:
        return _within(large, small, large.radius_metres + OWN_TOWN_METRES)
    if RANK[large.level] < RANK[small.level]:
        return False
    return _within(large, small, large.radius_metres + (small.radius_metres if small.level == large.level else 0.0))


def _within(large: Place, small: Place, metres: float) -> bool:
    if abs(large.latitude_degrees - small.latitude_degrees) > metres / 110_000.0:
        return False
    return metres_between(large.position, small.position) <= metres
