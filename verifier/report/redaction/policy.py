"""What a redacted report may tell, and how a place or a time is made coarse."""

from __future__ import annotations

import re
from dataclasses import dataclass

from verifier.geo.gazetteer import built_in, provinces
from verifier.geo.position import Position
from verifier.records import Moment, Value

COORDINATES = ("none", "province", "0", "1", "2", "3")
TIMES = ("exact", "day", "year")
DIGESTS = ("commit", "keep")
PRECISION_OF = {"0": "province", "1": "city", "2": "city", "3": "locality", "province": "province"}
PRECISIONS = ("exact", "vicinity", "locality", "city", "province", "country")
WITHIN_METRES = 150_000.0
MOST_PLACES = 400  # quarters near by bear no province; towns do
DAY = re.compile(r"(\d{4})-\d\d-\d\d")


@dataclass(frozen=True, slots=True, kw_only=True)
class Policy:
    """`coordinates`: none, province, or decimals of a degree; `digests`: commit where the existence is secret."""

    coordinates: str = "none"
    times: str = "day"
    digests: str = "commit"
    pictures: bool = False  # coarse grey ones
    unlinkable: bool = False  # numbers too coarse to lay two reports side by side by them

    def __post_init__(self) -> None:
        for name, value, known in (
            ("coordinates", self.coordinates, COORDINATES),
            ("times", self.times, TIMES),
            ("digests", self.digests, DIGESTS),
        ):
            if value not in known:
                raise ValueError(f"{value} is no policy for {name}; choose from {', '.join(known)}")
        if self.unlinkable and (self.times != "year" or self.digests != "commit" or self.pictures):
            raise ValueError("A report that cannot be linked tells years, commitments and no pictures")

    def stated(self) -> str:
        """The policy in one line."""
        pictures = "coarse" if self.pictures else "none"
        said = f"coordinates {self.coordinates}, times {self.times}, digests {self.digests}, pictures {pictures}"
        return f"{said}, unlinkable" if self.unlinkable else said


def coarse_position(latitude: Value, longitude: Value, policy: Policy) -> tuple[float, float] | None:
    """A point as the policy lets it be told, or None."""
    if isinstance(latitude, bool) or isinstance(longitude, bool) or policy.coordinates == "none":
        return None
    if not isinstance(latitude, int | float) or not isinstance(longitude, int | float):
        return None
    if policy.coordinates != "province":
        decimals = int(policy.coordinates)
        return round(float(latitude), decimals), round(float(longitude), decimals)
    try:
        here = Position(latitude_degrees=float(latitude), longitude_degrees=float(longitude))
    except ValueError:
        return None
    gazetteer = built_in()
    for place, _ in gazetteer.nearest(here, within_metres=WITHIN_METRES, most=MOST_PLACES):
        if place.region:
            province = provinces().get(place.region)
            if province is not None:
                return round(province.latitude_degrees, 1), round(province.longitude_degrees, 1)
    return None


def coarse_precision(precision: str, policy: Policy) -> str:
    """The coarser of what a person said and what the policy leaves."""
    return max(precision, PRECISION_OF[policy.coordinates], key=PRECISIONS.index)


def coarse_fact_time(value: Value, policy: Policy) -> Value:
    """A time that was read: itself, its day or its year as text; None for what is no time."""
    if isinstance(value, Moment):
        exact = Moment(text=value.iso(), wall=value.wall, zone=value.zone, offset_minutes=value.offset_minutes)
        return exact if policy.times == "exact" else value.wall[: 10 if policy.times == "day" else 4]
    return None


def coarse_instant(text: str, policy: Policy, *, end: bool = False) -> str:
    """An RFC 3339 instant whose day or year is kept: its first second, or its last one for the end of an interval."""
    found = DAY.match(text)
    if policy.times == "exact" or found is None:
        return text
    if policy.times == "day":
        return f"{text[:10]}T23:59:59Z" if end else f"{text[:10]}T00:00:00Z"
    return f"{found[1]}-12-31T23:59:59Z" if end else f"{found[1]}-01-01T00:00:00Z"
