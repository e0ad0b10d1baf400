"""Named places as data: provinces, cities and districts of Iran, large cities of the world, countries; and your own.

Coverage and licences stand in data/ATTRIBUTION.md. Every place is a circle that should hold it; a country is an
outline.
"""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from importlib import resources
from typing import Any, Protocol

import numpy as np
from numpy.typing import NDArray

from verifier.geo.letters import loose, loose_persian, solid
from verifier.geo.packed_places import unpacked
from verifier.geo.place_record import Place
from verifier.geo.position import EARTH_RADIUS_METRES, Position, check_latitude, check_longitude

__all__ = ["Gazetteer", "Place", "built_in", "gazetteer_of", "provinces", "read_own_places"]

LARGEST_OWN_PLACES = 200_000
SHORTEST_LOOSE = 3
BAND_MARGIN_DEGREES = 0.001  # of the latitudes that are looked through, against rounding


class Names(Protocol):
    """Numbers of places by key; none where a key is not held."""

    def get(self, key: str) -> tuple[int, ...]: ...


class NameTable:
    """Numbers of places by key, from a few places held in memory."""

    __slots__ = ("_numbers",)

    def __init__(self, keys_of_places: Iterable[Iterable[str]]) -> None:
        self._numbers: dict[str, tuple[int, ...]] = {}
        for number, keys in enumerate(keys_of_places):
            for key in dict.fromkeys(keys):
                self._numbers[key] = (*self._numbers.get(key, ()), number)

    def get(self, key: str) -> tuple[int, ...]:
        """The numbers under a key."""
        return self._numbers.get(key, ())


@dataclass(frozen=True, slots=True)
class Gazetteer:
    """Places with the indexes that find them by name and by position; `base` is asked after its own places."""

    places: Sequence[Place]
    exact: Names
    loosely: Names
    degrees: NDArray[np.float64]  # (places, 2): latitude, longitude
    base: Gazetteer | None = None

    def named(self, name: str) -> tuple[Place, ...]:
        """Every place of that name in any of its spellings, folded."""
        own = tuple(self.places[number] for number in self.exact.get(solid(name)))
        return own if self.base is None else (*own, *self.base.named(name))

    def named_loosely(self, name: str) -> tuple[Place, ...]:
        """Places whose name differs in what transliterations and homophones disagree about: for use inside a region."""
        key = loose(name) if name.isascii() else loose_persian(name)
        own = tuple(self.places[number] for number in self.loosely.get(key)) if len(key) >= SHORTEST_LOOSE else ()
        return own if self.base is None else (*own, *self.base.named_loosely(name))

    def of_level(self, *levels: str) -> Iterator[Place]:
        """The places of some levels: provinces, towns …"""
        yield from (place for place in self.places if place.level in levels)
        if self.base is not None:
            yield from self.base.of_level(*levels)

    def inside(self, south: float, west: float, north: float, east: float) -> Iterator[Place]:
        """The places whose centre lies in a box of degrees."""
        latitudes, longitudes = self.degrees.T
        held = (latitudes > south) & (latitudes < north) & (longitudes > west) & (longitudes < east)
        yield from (self.places[int(number)] for number in np.flatnonzero(held))
        if self.base is not None:
            yield from self.base.inside(south, west, north, east)

    def nearest(self, position: Position, within_metres: float = 50_000.0, most: int = 5) -> list[tuple[Place, float]]:
        """Named places (no counties, provinces or countries) within a distance, nearest first, with metres."""
        band = np.degrees(within_metres / EARTH_RADIUS_METRES) + BAND_MARGIN_DEGREES  # no place beyond it is as near
        numbers = np.flatnonzero(np.abs(self.degrees[:, 0] - position.latitude_degrees) <= band)
        metres = _metres_from(position, self.degrees[numbers])
        near = np.flatnonzero(metres <= within_metres)
        chosen: list[tuple[Place, float]] = []
        for one in near[np.argsort(metres[near], kind="stable")]:
            if len(chosen) == most:
                break
            place = self.places[int(numbers[one])]
            if place.level not in ("county", "province", "country"):
                chosen.append((place, float(metres[one])))
        if self.base is None:
            return chosen
        both = [*chosen, *self.base.nearest(position, within_metres, most)]
        return sorted(both, key=lambda pair: pair[1])[:most]


def _metres_from(position: Position, degrees: NDArray[np.float64]) -> NDArray[np.float64]:
    latitude, longitude = np.radians(position.latitude_degrees), np.radians(position.longitude_degrees)
    north, east = np.radians(degrees).T
    half = np.sin((north - latitude) / 2) ** 2 + np.cos(latitude) * np.cos(north) * np.sin((east - longitude) / 2) ** 2
    metres: NDArray[np.float64] = 2 * EARTH_RADIUS_METRES * np.arcsin(np.sqrt(np.minimum(half, 1.0)))
    return metres


def gazetteer_of(places: Iterable[Place], base: Gazetteer | None = None) -> Gazetteer:
    """Index a few places for search, before those of `base`; their order decides among equals."""
    kept = tuple(places)
    names = [[name for name in (place.name, place.persian, *place.others) if name] for place in kept]
    return Gazetteer(
        kept,
        NameTable([solid(name) for name in spellings] for spellings in names),
        NameTable([loose(name) if name.isascii() else loose_persian(name) for name in one] for one in names),
        np.array([[p.latitude_degrees, p.longitude_degrees] for p in kept], dtype=np.float64).reshape(-1, 2),
        base,
    )


@cache
def built_in() -> Gazetteer:
    """The places that come with the program."""
    return Gazetteer(*unpacked(resources.files("verifier.geo").joinpath("data/places.bin").read_bytes()))


@cache
def provinces() -> dict[str, Place]:
    """The provinces of Iran by their code."""
    return {place.region: place for place in built_in().of_level("province")}


def read_own_places(text: str) -> list[Place]:
    """A user's places from CSV (columns name, latitude, longitude; persian, other, radius_metres, country if known) or
    a GeoJSON FeatureCollection of points with those properties. Raises ValueError with a sentence."""
    rows = _geojson_rows(text) if text.lstrip().startswith("{") else _csv_rows(text.lstrip("\ufeff"))
    if len(rows) > LARGEST_OWN_PLACES:
        raise ValueError(f"a gazetteer of your own may have {LARGEST_OWN_PLACES:,} places, this one has {len(rows):,}")
    return [_own_place(number, row) for number, row in enumerate(rows, 1)]


def _names(text: str) -> tuple[str, ...]:
    return tuple(name for name in text.split("|") if name)


def _csv_rows(text: str) -> list[dict[str, Any]]:
    try:
        return list(csv.DictReader(io.StringIO(text, newline="")))
    except csv.Error as error:
        raise ValueError(f"the gazetteer is not a CSV table that can be read: {error}") from error


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
