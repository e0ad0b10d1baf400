"""Whether names of towns and quarters are read where they are, in several spellings.

The points of the lists are our own (tools/gazetteer/sources, unsurveyed, ± 3 km); the gazetteer places a town by
GeoNames where it holds one, so that two sources are compared there. Spellings: as written, without joiners and spaces,
and in another transliteration. Quarters are said with their town in either order.

Run: python -m benchmarks.words_of_place
"""

from __future__ import annotations

import csv
import math
import time
from collections.abc import Iterator
from pathlib import Path
from random import Random

from tests.geo.dossiers import case, claim, dossier, position, said, tehran, utc
from verifier.executors.registry import load
from verifier.findings.judge import judge
from verifier.geo.gazetteer import built_in
from verifier.geo.place import read_place
from verifier.geo.position import Position, metres_between
from verifier.records import FindingOutcome

SOURCES = Path(__file__).parent.parent / "tools" / "gazetteer" / "sources"
TOWN_METRES, QUARTER_METRES = 10_000.0, 3_000.0
TOWN_GOAL, QUARTER_GOAL = 0.995, 0.95
CLAIMS = 5_000
PERSIAN_TOWNS = {
    "Tehran": "تهران", "Mashhad": "مشهد", "Isfahan": "اصفهان", "Shiraz": "شیراز", "Tabriz": "تبریز", "Karaj": "کرج",
    "Ahvaz": "اهواز", "Rasht": "رشت", "Sanandaj": "سنندج", "Kermanshah": "کرمانشاه", "Qom": "قم", "Zahedan": "زاهدان",
}  # fmt: skip
_OTHERWISE = (("kh", "x"), ("q", "gh"), ("ou", "u"), ("iyeh", "ieh"), ("u", "oo"), ("ei", "ey"), ("v", "w"))
Case = tuple[str, Position]


def rows(name: str) -> list[dict[str, str]]:
    with (SOURCES / name).open(encoding="utf-8", newline="") as stream:
        return list(csv.DictReader(stream))


def point(row: dict[str, str]) -> Position:
    return Position(latitude_degrees=float(row["latitude"]), longitude_degrees=float(row["longitude"]))


def otherwise(name: str) -> str:
    """One other transliteration: the first of the rules that changes the name."""
    for one, other in _OTHERWISE:
        if one in name:
            return name.replace(one, other)
    return name.lower()


def towns() -> Iterator[Case]:
    for row in rows("iran_counties.csv"):
        yield row["county"], point(row)
        yield row["county_persian"].replace("\u200c", " "), point(row)


def quarters() -> Iterator[Case]:
    for row in rows("iran_quarters.csv"):
        town = PERSIAN_TOWNS.get(row["city"])
        if town is not None and row["kind"] != "highway":
            yield f"{row['city']}, {row['name']}", point(row)
            yield f"{row['persian'].replace(chr(0x200C), ' ')}، {town}", point(row)
            yield f"{otherwise(row['name'])}, {row['city']}", point(row)


def missed(cases: list[Case], metres: float) -> list[str]:
    """The texts of which no candidate lies that near to its point."""
    wrong = []
    for text, true in cases:
        found = read_place(text).candidates
        if not any(metres_between(one.place.position, true) <= metres for one in found):
            wrong.append(text)
    return wrong


FORMS = (
    "{name}", "near {name}", "{name}, {town}", "{town}, {name}", "{name} {town}", "{name}, {country}",
    "{country}, {name}",
    "{name}/{other}", "{name} or {other}", "نزدیک {name}", "{name} یا {other}", "north of {name}", "{name} area",
)  # fmt: skip
ROADS = ("{name}-{other} road", "جاده {name} {other}", "اتوبان {name} به {other}", "between {name} and {other}",
         "highway from {name} to {other}", "بین {name} و {other}")  # fmt: skip
CLOCKS = (said("exif:GPSDateTime", utc("2026-01-08T17:00:00")),
          said("exif:DateTimeOriginal", tehran("2026-01-08T20:30:00")))  # fmt: skip


def contradicted(count: int) -> list[str]:
    """Of so many true claims about a satellite position of the same minute, those that are contradicted."""
    chance, checks = Random(5), {"claimed-place": load().checks["claimed-place"]}
    towns = [p for p in built_in().of_level("city") if p.country == "IR" and p.people >= 20_000]
    parts = [p for p in built_in().of_level("district") if p.country == "IR" and p.city]
    wrong = []
    for number in range(count):
        place, other = chance.choice(parts if number % 2 else towns), chance.choice(towns)
        is_road = number % 10 == 0
        names = [chance.choice([one.name, one.persian or one.name]) for one in (place, other)]
        form = chance.choice(ROADS if is_road else FORMS)
        text = form.format(name=names[0], other=names[1], town=place.city, country=chance.choice(["Iran", "ایران"]))
        share = chance.random()
        if is_road:  # somewhere on the line between the two
            north = place.latitude_degrees + share * (other.latitude_degrees - place.latitude_degrees)
            east = place.longitude_degrees + share * (other.longitude_degrees - place.longitude_degrees)
        else:
            angle, metres = chance.uniform(0, 2 * math.pi), 0.7 * share * place.radius_metres
            north = place.latitude_degrees + metres * math.cos(angle) / 111_000
            east = place.longitude_degrees + metres * math.sin(angle) / 111_000 / math.cos(math.radians(north))
        exhibit = dossier([*position((north, east)), *CLOCKS], [claim(text.strip(" ,"))])
        found = judge(case(exhibit), checks)[exhibit.exhibit.id]
        if any(finding.outcome is FindingOutcome.CONTRADICTS for finding in found):
            wrong.append(f"{text} at {north:.3f}, {east:.3f}")
    return wrong


def main() -> None:
    start = time.process_time()
    read_place("Tehran")
    loaded = time.process_time() - start
    print("\n## Names of places (`python -m benchmarks.words_of_place`)\n")
    print("| what | names read | within | share | goal |\n|---|---|---|---|---|")
    for what, cases, metres, goal in (
        ("towns and counties × 2 spellings", list(towns()), TOWN_METRES, TOWN_GOAL),
        ("quarters of 12 cities × 3 spellings", list(quarters()), QUARTER_METRES, QUARTER_GOAL),
    ):
        wrong = missed(cases, metres)
        share = 1 - len(wrong) / len(cases)
        right = f"{len(cases) - len(wrong):,} of {len(cases):,}"
        print(f"| {what} | {right} | {metres / 1000:g} km | {share:.4f} | {goal} |")
        if wrong:
            print(f"\n<!-- missed: {'; '.join(wrong[:40])} -->\n")
    print(f"\nLoading the gazetteer and reading a first name: {loaded * 1000:.0f} ms of CPU.")
    wrong = contradicted(CLAIMS)
    print(f"\n{CLAIMS:,} true claims about a satellite position of the same minute: {len(wrong)} contradicted.")
    for text in wrong[:20]:
        print(f"<!-- {text} -->")


if __name__ == "__main__":
    main()
