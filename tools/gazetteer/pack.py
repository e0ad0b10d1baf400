"""Writes verifier/geo/data/places.bin, the gazetteer as the program reads it, from the tables in sources/.

The file is gzip of five sections (see `verifier.geo.packed_places`): rows, name keys, loose name keys, points, and a
header. Every key is sorted, so that a name is found by bisection and nothing is parsed before it is asked for. The
output depends on the tables alone. Run: python -m tools.gazetteer.pack
"""

from __future__ import annotations

import csv
import math
import re
from collections.abc import Iterable, Iterator
from dataclasses import replace
from functools import cache
from pathlib import Path

from verifier.geo.letters import loose, loose_persian
from verifier.geo.letters import solid as solid_once
from verifier.geo.named.words import bare_name, word_classes
from verifier.geo.packed_places import packed
from verifier.geo.place_record import NOTABLE_PEOPLE, Place
from verifier.geo.position import Position, metres_between

SOURCES = Path(__file__).parent / "sources"
TARGET = Path(__file__).parents[2] / "verifier" / "geo" / "data" / "places.bin"
AGREE_METRES = 10_000.0  # two sources of one place
SAME_METRES = 15_000.0  # a GeoNames place is that of our own table
FOREIGN_NAME_PEOPLE = 5_000  # a place whose name no other place may bear as a mere alternative
COUNTY_METRES = 60_000.0
SMALL_COUNTY_METRES = 25_000.0  # of the provinces of Tehran and Alborz
PROVINCE_MARGIN_METRES = 30_000.0
# of these "Azadi Square" is also "Azadi"; but not "University of Tehran", nor "Grand Bazaar"
BARE_KINDS = frozenset(("street", "boulevard", "square", "crossroads", "park", "bridge", "quarter"))
KIND_NAMES = {"street": ("Street", "خیابان"), "square": ("Square", "میدان"), "crossroads": ("Crossroads", "چهارراه"),
              "quarter": ("Quarter", "محله"), "gate": ("Gate", "دروازه"), "landmark": ("Landmark", "محل"),
              "boulevard": ("Boulevard", "بلوار")}  # fmt: skip
COUNTRY_NAMES = {
    "IR": ("Islamic Republic of Iran", "Persia", "جمهوری اسلامی ایران", "إيران", "ئێران"),
    "US": ("USA", "US", "United States of America", "America", "آمریکا", "امریکا", "ایالات متحده"),
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


solid = cache(solid_once)


@cache
def spellings(place: Place) -> frozenset[str]:
    return frozenset(solid(name) for name in (place.name, place.persian, *place.others) if name)


def main() -> None:
    places = build()
    keys = [(place, name_keys(place), loose_keys(place)) for place in places]
    TARGET.write_bytes(packed(keys))
    print(f"{len(places)} places, {TARGET.stat().st_size:,} bytes")


def build() -> list[Place]:
    """Quarters, towns, counties, provinces, world cities and countries, in the order in which equals are told."""
    towns = _without_borrowed_names([_town(row) for row in corrected(rows("iran_cities.csv"))])
    towns, counties = _with_counties(_with_own_towns(towns))
    towns.sort(key=lambda place: (-place.people, place.name, place.latitude_degrees, place.longitude_degrees))
    world = [_town(row) for row in rows("world_cities.csv")]
    provinces = [_province(row, towns) for row in rows("iran_provinces.csv")]
    countries = [_country(row, [*towns, *world]) for row in rows("countries.csv")]
    quarters = _told_from_towns([_quarter(row) for row in rows("iran_quarters.csv")], towns)
    return [*quarters, *towns, *counties, *provinces, *world, *(country for country in countries if country)]


def rows(name: str) -> list[dict[str, str]]:
    with (SOURCES / name).open(encoding="utf-8", newline="") as stream:
        return list(csv.DictReader(stream))


def corrected(cities: list[dict[str, str]]) -> list[dict[str, str]]:
    """GeoNames rows with what is known to be wrong in them put right; the reasons stand in corrections.csv."""
    table = rows("corrections.csv")
    for city in cities:
        for row in table:
            if row["geonames_id"] == city["geonames_id"]:
                city[row["field"]] = row["value"]
    return cities


def names_of(text: str) -> tuple[str, ...]:
    return tuple(name for name in text.split("|") if name)


def merged_names(place: Place, *more: str) -> tuple[str, ...]:
    """The other names of a place with some more, without those it has already."""
    seen = {solid(place.name), solid(place.persian)}
    kept = []
    for name in (*place.others, *more):
        if name and solid(name) not in seen:
            seen.add(solid(name))
            kept.append(name)
    return tuple(kept)


def _town(row: dict[str, str]) -> Place:
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
        county=row["county"],
        others=names_of(row["other"]),
        people=people,
        # abroad, namesakes below 100,000 people are not held: a foreign name alone never contradicts
        is_notable=row["country"] == "IR" and people >= NOTABLE_PEOPLE,
        source="geonames",
    )


def _radius_metres(people: int) -> float:
    """As for GeoNames places: 1.5 times the radius of that many people at 5,000 a square kilometre, 3 km at least."""
    kilometres = 1.5 * math.sqrt(max(people, 1) / 5_000 / math.pi)
    return float(round(1000 * min(max(kilometres, 3.0), 60.0), -2))


def _with_own_towns(towns: list[Place]) -> list[Place]:
    """Our own towns join the GeoNames place of one of their names nearby, or stand for themselves."""
    found = list(towns)
    for row in rows("iran_towns.csv"):
        people, error = int(row["people"]), float(row["error_metres"])
        own = Place(
            name=row["name"],
            persian=row["persian"],
            level="city",
            latitude_degrees=float(row["latitude"]),
            longitude_degrees=float(row["longitude"]),
            radius_metres=max(_radius_metres(people), error + 1_000.0),
            country="IR",
            region=row["region"],
            others=names_of(row["other"]),
            people=people,
            is_notable=people >= NOTABLE_PEOPLE,
            source="own",
        )
        _join(found, own)
    return found


def _join(towns: list[Place], own: Place) -> int:
    """Merge our own place into the nearest one of its names within SAME_METRES, or append it; gives its index."""
    names = spellings(own)
    best: tuple[float, int] | None = None
    for index, place in enumerate(towns):
        if place.country != "IR" or names.isdisjoint(spellings(place)):
            continue
        metres = metres_between(place.position, own.position)
        if metres <= SAME_METRES and (best is None or (-place.people, metres) < (-towns[best[1]].people, best[0])):
            best = metres, index
    if best is None:
        towns.append(own)
        return len(towns) - 1
    metres, index = best
    known = towns[index]
    agree = metres <= AGREE_METRES
    people = max(known.people, own.people)
    towns[index] = replace(
        known,
        name=own.name,
        persian=own.persian or known.persian,
        others=merged_names(own, known.name, known.persian, *known.others),
        people=people,
        region=own.region or known.region,  # GeoNames places some towns in the province next to theirs
        is_notable=people >= NOTABLE_PEOPLE,
        radius_metres=max(known.radius_metres, 0.0 if agree else metres + 3_000.0),
        source="geonames+own" if known.source != "own" else "own",
    )
    return index


def _with_counties(towns: list[Place]) -> tuple[list[Place], list[Place]]:
    """Seats that bear the county's name take its spellings; a county of another name is a place of its own."""
    found, counties = list(towns), []
    for row in rows("iran_counties.csv"):
        point = {"latitude_degrees": float(row["latitude"]), "longitude_degrees": float(row["longitude"])}
        here = Place(
            name=row["seat"] or row["county"],
            persian=row["seat_persian"] or row["county_persian"],
            level="city",
            radius_metres=5_000.0,
            country="IR",
            region=row["region"],
            county=row["county"],
            others=() if row["seat"] else names_of(row["other"]),
            people=10_000,
            is_notable=False,
            source="own",
            **point,
        )
        index = _join(found, here)
        found[index] = replace(found[index], county=row["county"])
        if row["seat"]:
            counties.append(
                Place(
                    name=row["county"],
                    persian=row["county_persian"],
                    level="county",
                    radius_metres=SMALL_COUNTY_METRES if row["region"] in ("TEH", "ALB") else COUNTY_METRES,
                    country="IR",
                    region=row["region"],
                    county=row["county"],
                    others=names_of(row["other"]),
                    is_notable=True,
                    source="own",
                    **point,
                )
            )
    return found, counties


def _without_borrowed_names(towns: list[Place]) -> list[Place]:
    """An alternative that is the main name of another town, farther than 30 km, is a mistake of the source."""
    owners: dict[str, list[Place]] = {}
    for place in towns:
        if place.people >= FOREIGN_NAME_PEOPLE:
            for name in (place.name, place.persian):
                owners.setdefault(solid(name), []).append(place)

    def borrowed(place: Place, name: str) -> bool:
        return any(
            owner is not place and metres_between(owner.position, place.position) > 30_000.0
            for owner in owners.get(solid(name), ())
        )

    return [replace(place, others=tuple(n for n in place.others if not borrowed(place, n))) for place in towns]


def _quarter(row: dict[str, str]) -> Place:
    return Place(
        name=row["name"],
        persian=row["persian"],
        level="district",
        kind=row["kind"],
        latitude_degrees=float(row["latitude"]),
        longitude_degrees=float(row["longitude"]),
        radius_metres=float(row["radius_metres"]),
        country="IR",
        city=row["city"],
        others=names_of(row["other"]),
        is_notable=False,  # "Golestan", "Valiasr" and "Azadi" are found in many cities: only with its city it is sure
        source="own",
    )


def _told_from_towns(quarters: list[Place], towns: list[Place]) -> list[Place]:
    """A street that bears a town's name is called "Shiraz Street" (خیابان شیراز) first, and "Shiraz" only besides."""
    names = {name for town in towns if town.is_notable for name in (solid(town.name), solid(town.persian))}
    found = []
    for place in quarters:
        words = KIND_NAMES.get(place.kind)
        if words is not None and {solid(place.name), solid(place.persian)} & names:
            name, persian = f"{place.name} {words[0]}", f"{words[1]} {place.persian}"
            bare = replace(place, name=name, persian=persian)
            place = replace(bare, others=merged_names(bare, place.name, place.persian))
        found.append(place)
    return found


def _province(row: dict[str, str], towns: list[Place]) -> Place:
    inside = [town for town in towns if town.region == row["code"] and town.people >= 500]
    latitudes = [town.latitude_degrees for town in inside]
    longitudes = [town.longitude_degrees for town in inside]
    centre = Position(
        latitude_degrees=(min(latitudes) + max(latitudes)) / 2,
        longitude_degrees=(min(longitudes) + max(longitudes)) / 2,
    )
    reach = max(metres_between(centre, town.position) for town in inside)
    return Place(
        name=row["name"],
        persian=row["persian"],
        level="province",
        latitude_degrees=centre.latitude_degrees,
        longitude_degrees=centre.longitude_degrees,
        radius_metres=float(round(reach + PROVINCE_MARGIN_METRES, -3)),
        country="IR",
        region=row["code"],
        others=(*names_of(row["other"]), f"{row['name']} Province", f"استان {row['persian']}"),
        source="own",
    )


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
        others=COUNTRY_NAMES.get(row["code"], ()),
        source="geonames",
    )


def name_keys(place: Place) -> list[str]:
    """Every spelling as one word; of a quarter also without "street", "square", …"""
    return list(dict.fromkeys(_keys(place, (place.name, place.persian, *place.others))))


def _keys(place: Place, names: Iterable[str]) -> Iterator[str]:
    for name in names:
        if not name:
            continue
        yield solid(name)
        bare = _bare(place, name)
        if bare:
            yield solid(bare)


def _bare(place: Place, name: str) -> str:
    bare = bare_name(name) if place.level == "district" and place.kind in BARE_KINDS else ""
    return "" if len(bare) < 2 or bare in word_classes() or solid(bare) == solid(place.city) else bare


def loose_keys(place: Place) -> list[str]:
    found = []
    for name in (place.name, place.persian, *place.others):
        for spelling in (name, _bare(place, name)):
            key = loose(spelling) if spelling.isascii() else loose_persian(spelling)
            if len(key) >= 3 and re.search(r"\w", key):
                found.append(key)
    return list(dict.fromkeys(found))


if __name__ == "__main__":
    main()
