"""Named places as data: provinces, cities and districts of Iran, large cities of the world, countries; and your own.

Coverage and licences stand in data/ATTRIBUTION.md. Every place is a circle that should hold it; a country is an
outline.
"""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache
from importlib import resources
from typing import Any

import numpy as np
from numpy.typing import NDArray

from verifier.geo.letters import loose, solid
from verifier.geo.position import EARTH_RADIUS_METRES, Position, check_latitude, check_longitude

NOTABLE_PEOPLE = 50_000
LARGEST_OWN_PLACES = 200_000
PROVINCE_MARGIN_METRES = 30_000.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """A named circle: centre in degrees, radius in metres that should hold all of it.

    `level` is district, city, province, country or own. `is_notable`: large enough that a bare name means this one;
    many small villages share their names, so a small place alone never contradicts anything.
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


@dataclass(frozen=True, slots=True)
class Gazetteer:
    """Places with the indexes that find them by name (exact folded, then loose Latin) and by position."""

    places: tuple[Place, ...]
    exact: dict[str, tuple[int, ...]]
    loosely: dict[str, tuple[int, ...]]
    radians: NDArray[np.float64]  # (places, 2): latitude, longitude

    def named(self, name: str) -> tuple[Place, ...]:
        """Every place of that name in any of its spellings; loose Latin spelling only where no exact one is found."""
        found = self.exact.get(solid(name), ())
        if not found and len(loose(name)) >= 4:
            found = self.loosely.get(loose(name), ())
        return tuple(self.places[number] for number in found)

    def nearest(self, position: Position, within_metres: float = 50_000.0, most: int = 5) -> list[tuple[Place, float]]:
        """Named places (no provinces or countries) within a distance, nearest first, with metres to their centres."""
        metres = self._metres_from(position)
        near = np.flatnonzero(metres <= within_metres)
        order = near[np.argsort(metres[near], kind="stable")]
        chosen: list[tuple[Place, float]] = []
        for number in order:
            if len(chosen) == most:
                break
            place = self.places[int(number)]
            if place.level not in ("province", "country"):
                chosen.append((place, float(metres[number])))
        return chosen

    def _metres_from(self, position: Position) -> NDArray[np.float64]:
        latitude, longitude = np.radians(position.latitude_degrees), np.radians(position.longitude_degrees)
        half = (
            np.sin((self.radians[:, 0] - latitude) / 2) ** 2
            + np.cos(latitude) * np.cos(self.radians[:, 0]) * np.sin((self.radians[:, 1] - longitude) / 2) ** 2
        )
        metres: NDArray[np.float64] = 2 * EARTH_RADIUS_METRES * np.arcsin(np.sqrt(np.minimum(half, 1.0)))
        return metres


def gazetteer_of(places: Iterable[Place]) -> Gazetteer:
    """Index places for search; their order decides among equals."""
    kept = tuple(places)
    exact: dict[str, list[int]] = {}
    loosely: dict[str, list[int]] = {}
    for number, place in enumerate(kept):
        names = [place.name, place.persian, *place.others]
        for key in dict.fromkeys(solid(name) for name in names if name):
            exact.setdefault(key, []).append(number)
        for key in dict.fromkeys(loose(name) for name in names if name.isascii() and name):
            loosely.setdefault(key, []).append(number)
    points = np.radians(np.array([[p.latitude_degrees, p.longitude_degrees] for p in kept]).reshape(-1, 2))
    return Gazetteer(
        kept,
        {key: tuple(numbers) for key, numbers in exact.items()},
        {key: tuple(numbers) for key, numbers in loosely.items() if len(key) >= 4},
        points,
    )


@cache
def built_in() -> Gazetteer:
    """The places that come with the program."""
    cities = [_city(row) for row in _rows("iran_cities.csv")]
    world = [_city(row) for row in _rows("world_cities.csv")]
    districts = [_district(row) for row in _rows("iran_districts.csv")]
    provinces = [_province(row, cities) for row in _rows("iran_provinces.csv")]
    countries = [_country(row, [*cities, *world]) for row in _rows("countries.csv")]
    return gazetteer_of([*districts, *cities, *provinces, *world, *(country for country in countries if country)])


@cache
def country_names() -> dict[str, str]:
    """English names by ISO 3166-1 alpha-2 code."""
    return {row["code"]: row["name"] for row in _rows("countries.csv")}


def _rows(name: str) -> list[dict[str, str]]:
    text = resources.files("verifier.geo").joinpath(f"data/{name}").read_text(encoding="utf-8")
    return list(csv.DictReader(io.StringIO(text)))


def _names(text: str) -> tuple[str, ...]:
    return tuple(name for name in text.split("|") if name)


def _city(row: dict[str, str]) -> Place:
    people = int(row["population"])
    return Place(
        name=row["name"],
        persian=row["persian"],
        level="city",
        latitude_degrees=float(row["latitude"]),
        longitude_degrees=float(row["longitude"]),
        radius_metres=float(row["radius_metres"]),
        country=row["country"],
        region=row["region"],
        others=_names(row["other"]),
        people=people,
        is_notable=row["country"] == "IR" and people >= NOTABLE_PEOPLE,  # abroad, namesakes below 100,000 are not held
    )


def _district(row: dict[str, str]) -> Place:
    return Place(
        name=row["name"],
        persian=row["persian"],
        level="district",
        latitude_degrees=float(row["latitude"]),
        longitude_degrees=float(row["longitude"]),
        radius_metres=float(row["radius_metres"]),
        country="IR",
        city=row["city"],
        others=_names(row["other"]),
        is_notable=False,  # "Golestan", "Valiasr" and "Azadi" are found in many cities: only with its city it is sure
    )


def _province(row: dict[str, str], cities: list[Place]) -> Place:
    inside = [city for city in cities if city.region == row["code"]]
    latitudes = [city.latitude_degrees for city in inside]
    longitudes = [city.longitude_degrees for city in inside]
    centre = Position(
        latitude_degrees=(min(latitudes) + max(latitudes)) / 2,
        longitude_degrees=(min(longitudes) + max(longitudes)) / 2,
    )
    reach = max(gazetteer_of(inside)._metres_from(centre))
    return Place(
        name=row["name"],
        persian=row["persian"],
        level="province",
        latitude_degrees=centre.latitude_degrees,
        longitude_degrees=centre.longitude_degrees,
        radius_metres=float(round(reach + PROVINCE_MARGIN_METRES, -3)),
        country="IR",
        region=row["code"],
        others=(*_names(row["other"]), f"{row['name']} Province", f"استان {row['persian']}"),
    )


_OTHER_COUNTRY_NAMES = {
    "IR": ("Islamic Republic of Iran", "Persia", "جمهوری اسلامی ایران"),
    "US": ("USA", "US", "United States of America", "America", "آمریکا", "امریکا"),
    "GB": ("UK", "Great Britain", "Britain", "England", "انگلیس", "انگلستان"),
    "AE": ("UAE", "امارات"),
    "TR": ("Turkey", "Turkiye", "Türkiye"),
    "SA": ("Saudi", "عربستان"),
    "SY": ("Syria",),
    "AZ": ("Republic of Azerbaijan",),
    "DE": ("Deutschland",),
    "CZ": ("Czech Republic", "Czechia"),
    "RU": ("Russian Federation",),
    "PS": ("Palestine", "Palestinian Territory", "Gaza", "غزه"),
}


def _country(row: dict[str, str], cities: list[Place]) -> Place | None:
    capital = next((c for c in cities if c.country == row["code"] and solid(c.name) == solid(row["capital"])), None)
    if capital is None:
        capital = next((city for city in cities if city.country == row["code"]), None)
    if capital is None:
        return None  # no city to place it by: small dependencies
    return Place(
        name=row["name"],
        persian=row["persian"],
        level="country",
        latitude_degrees=capital.latitude_degrees,
        longitude_degrees=capital.longitude_degrees,
        radius_metres=5_000_000.0,  # never used to judge: a country is its outline
        country=row["code"],
        others=_OTHER_COUNTRY_NAMES.get(row["code"], ()),
    )


def read_own_places(text: str) -> list[Place]:
    """A user's places from CSV (columns name, latitude, longitude; persian, other, radius_metres, country if known) or
    a GeoJSON FeatureCollection of points with those properties. Raises ValueError with a sentence."""
    if text.lstrip().startswith("{"):
        rows = _geojson_rows(text)
    else:
        rows = list(csv.DictReader(io.StringIO(text.lstrip("\ufeff"))))
    if len(rows) > LARGEST_OWN_PLACES:
        raise ValueError(f"a gazetteer of your own may have {LARGEST_OWN_PLACES:,} places, this one has {len(rows):,}")
    return [_own_place(number, row) for number, row in enumerate(rows, 1)]


def _geojson_rows(text: str) -> list[dict[str, Any]]:
    try:
        features = json.loads(text)["features"]
        return [
            {
                **(feature.get("properties") or {}),
                "longitude": feature["geometry"]["coordinates"][0],
                "latitude": feature["geometry"]["coordinates"][1],
            }
            for feature in features
            if feature["geometry"]["type"] == "Point"
        ]
    except (KeyError, TypeError, IndexError, AttributeError, ValueError, RecursionError) as error:
        raise ValueError("a GeoJSON gazetteer is a FeatureCollection of Points with a property name") from error


def _own_place(number: int, row: dict[str, Any]) -> Place:
    try:
        name = str(row["name"]).strip()
        latitude, longitude = float(row["latitude"]), float(row["longitude"])
        radius = float(row.get("radius_metres") or 1_000.0)
        check_latitude(latitude)
        check_longitude(longitude)
    except (KeyError, TypeError, ValueError) as error:
        raise ValueError(f"place {number} of the gazetteer needs name, latitude and longitude: {error}") from error
    if not name or not 0 < radius < 2e7:
        raise ValueError(f"place {number} of the gazetteer needs a name and a radius above 0 metres")
    return Place(
        name=name,
        persian=str(row.get("persian") or ""),
        level="own",
        latitude_degrees=latitude,
        longitude_degrees=longitude,
        radius_metres=radius,
        country=str(row.get("country") or ""),
        others=_names(str(row.get("other") or "")),
    )
