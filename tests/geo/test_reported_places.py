"""The tables of reported places, sun questions and worksheets, run through what a person runs."""

from __future__ import annotations

import csv
import hashlib
import json
import re
from pathlib import Path

import pytest
from PIL import Image

from tests.commands.running import verify
from tests.geo.dossiers import PUNAK, case, claim, dossier, position
from verifier.findings.judge import judge
from verifier.findings.place import claimed_place, distance
from verifier.geo.position import Position, metres_between
from verifier.report.maps.drawn import drawn_of
from verifier.report.maps.geojson import geojson

pytestmark = pytest.mark.samples
EVERY_CHECK = [claimed_place.CHECK, distance.CHECK]


def rows(samples: Path, name: str) -> list[dict[str, str]]:
    with (samples / "reported-geo" / name).open(encoding="utf-8", newline="") as stream:
        return list(csv.DictReader(stream))


def test_places_are_drawn_where_they_are(samples: Path) -> None:
    wrong = [row["text"] for row in rows(samples, "places.csv") if not _right(row)]
    assert wrong == []


def _right(row: dict[str, str]) -> bool:
    one = case(dossier(position(PUNAK), [claim(row["text"])]))
    things = json.loads(geojson(drawn_of(one)))["features"]
    drawn = [
        (feature["geometry"]["coordinates"], feature["properties"]["radius_metres"])
        for feature in things
        if feature["properties"]["kind"] == "claimed" and feature["properties"]["part"] == "point"
    ]
    true = Position(latitude_degrees=float(row["latitude"]), longitude_degrees=float(row["longitude"]))
    away = [
        metres_between(true, Position(latitude_degrees=point[1], longitude_degrees=point[0])) / 1000
        for point, _ in drawn
    ]
    reach, largest = float(row["radius_km"]), float(row["largest_radius_km"] or "inf")
    near = [one <= reach and radius / 1000 <= largest for one, (_, radius) in zip(away, drawn, strict=True)]
    codes = {finding.code for found in judge(one, EVERY_CHECK).values() for finding in found}
    if row["kind"] == "only":
        return bool(away) and all(one <= reach for one in away)
    if row["kind"] == "coordinates_or_told":
        return any(near) or claimed_place.ORDER in codes
    if row["kind"] == "refuse":
        return not drawn
    if row["kind"] == "any_told":
        return len(drawn) != 1 or claimed_place.SEVERAL in codes
    return any(near)


def test_a_true_claim_of_a_place_is_never_contradicted(samples: Path) -> None:
    for row in rows(samples, "places.csv"):
        here = (float(row["latitude"]), float(row["longitude"]))
        found = judge(case(dossier(position(here), [claim(row["text"])])), EVERY_CHECK)
        codes = {finding.code for findings in found.values() for finding in findings}
        assert distance.OUTSIDE not in codes, row["text"]


def test_the_sun_answers(samples: Path) -> None:
    for row in rows(samples, "sun.csv"):
        if "بعد از ظهر" in row["arguments"]:
            continue  # the ends of "afternoon" are a matter of times
        ran = verify("sun", *json.loads(row["arguments"]))
        assert re.search(row["says"], ran.out + ran.err), row["note"]


def test_worksheets_tell_their_doubts(samples: Path, tmp_path: Path) -> None:
    evidence, folder = tmp_path / "evidence", tmp_path / "case"
    evidence.mkdir()
    Image.new("RGB", (64, 48), (120, 140, 160)).save(evidence / "one.jpg")
    assert verify("ingest", evidence, "--case", folder, "--no-dedup").code == 0
    exhibit = hashlib.sha256((evidence / "one.jpg").read_bytes()).hexdigest()
    for row in rows(samples, "worksheets.csv"):
        sheet = samples / "reported-geo" / row["file"]
        ran = verify("geolocate", exhibit[:10], sheet, "--by", "analyst 3", "--case", folder)
        assert re.search(row["says"], ran.out + ran.err), (row["note"], ran.out, ran.err)


def test_a_gazetteer_with_a_bare_return_gets_a_sentence(samples: Path) -> None:
    from verifier.geo.gazetteer import read_own_places

    table = samples / "reported-security" / "claims" / "gazetteer-with-cr.csv"
    with pytest.raises(ValueError, match="gazetteer"):
        read_own_places(table.read_bytes().decode("utf-8"))
