"""A named circle on the Earth: the record that the gazetteer holds and that claims are read as."""

from __future__ import annotations

from dataclasses import dataclass

from verifier.geo.position import Position

NOTABLE_PEOPLE = 50_000
UNIT_SEPARATOR = "|"


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """A named circle: centre in degrees, radius in metres that should hold all of it.

    `level` is district, city, county, province, country or own. `is_notable`: large enough that a bare name means this
    one; many small villages share their names, so a small place alone never contradicts anything.
    """

    name: str
    persian: str
    level: str
    latitude_degrees: float
    longitude_degrees: float
    radius_metres: float
    country: str  # ISO 3166-1 alpha-2, empty where unknown
    region: str = ""  # code of the province, Iran only
    city: str = ""  # of a district
    others: tuple[str, ...] = ()
    people: int = 0
    is_notable: bool = True
    kind: str = ""  # of a district: street, square, park …
    county: str = ""  # Iran only, where known
    source: str = ""  # geonames, own (general knowledge, unsurveyed), or both where they agree

    @property
    def position(self) -> Position:
        """Its centre, with its radius."""
        return Position(
            latitude_degrees=self.latitude_degrees,
            longitude_degrees=self.longitude_degrees,
            radius_metres=self.radius_metres,
            source=f"gazetteer: {self.title}",
        )

    @property
    def title(self) -> str:
        """`Punak, Tehran (پونک)`."""
        inside = f", {self.city}" if self.city else ""
        return f"{self.name}{inside} ({self.persian})" if self.persian else f"{self.name}{inside}"


_FIELDS = (
    "name", "persian", "level", "latitude_degrees", "longitude_degrees", "radius_metres", "country", "region", "city",
    "others", "people", "is_notable", "kind", "county", "source",
)  # fmt: skip


def place_line(place: Place) -> str:
    """A place as one line of tab-separated fields."""
    values: list[str] = []
    for field in _FIELDS:
        value = getattr(place, field)
        if isinstance(value, tuple):
            values.append(UNIT_SEPARATOR.join(value))
        elif isinstance(value, bool):
            values.append("1" if value else "")
        else:
            values.append(f"{value:.10g}" if isinstance(value, float) else str(value))
    if any("\t" in value or "\n" in value for value in values):
        raise ValueError(f"{place.name!r} has a tab or a line break in a field")
    return "\t".join(values)


def place_of_line(line: str) -> Place:
    """The place that `place_line` wrote."""
    values = dict(zip(_FIELDS, line.split("\t"), strict=True))
    return Place(
        name=values["name"],
        persian=values["persian"],
        level=values["level"],
        latitude_degrees=float(values["latitude_degrees"]),
        longitude_degrees=float(values["longitude_degrees"]),
        radius_metres=float(values["radius_metres"]),
        country=values["country"],
        region=values["region"],
        city=values["city"],
        others=tuple(name for name in values["others"].split(UNIT_SEPARATOR) if name),
        people=int(values["people"]),
        is_notable=bool(values["is_notable"]),
        kind=values["kind"],
        county=values["county"],
        source=values["source"],
    )
