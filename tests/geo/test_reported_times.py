"""Times that people really wrote, with what is right: read as a claim of a hand-over, held against true clocks."""

from __future__ import annotations

import csv
import hashlib
import re
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from tests.commands.running import verify
from tests.geo.dossiers import case, claim, dossier, position, said, utc
from verifier.findings.judge import judge
from verifier.findings.time.timeline import CHECK
from verifier.records import Batch, Finding, FindingOutcome


def rows(samples: Path, name: str) -> list[dict[str, str]]:
    with (samples / "reported-geo" / name).open(encoding="utf-8", newline="") as stream:
        return list(csv.DictReader(stream))


def instant(text: str) -> datetime | None:
    return datetime.fromisoformat(text) if text else None


def judged(row: dict[str, str], place: str, time: str, clock: str, point: tuple[float, float]) -> list[Finding]:
    """The findings of a picture whose satellites and clock agree, about which the hand-over's note says this."""
    about = replace(claim(place or None, time or None), exhibit=None, batch="b1")
    taken = [said("exif:GPSDateTime", utc(clock)), said("exif:DateTimeOriginal", utc(clock))]
    one = replace(
        case(dossier([*taken, *position(point)], [about])), batches=(Batch(id="b1", received_at=row["received_at"]),)
    )
    return judge(one, [CHECK])[next(iter(one.exhibits))]


def is_right(row: dict[str, str], told: dict[str, Finding]) -> bool:
    """Whether what was read is what the table says."""
    reading = next((f.values for f in told.values() if "claim" in f.values and "earliest" in f.values), None)
    refused = "time.claim_not_read" in told
    if row["kind"] == "refuse" or (row["kind"] == "covers_or_refuse" and refused):
        return refused
    if reading is None:
        return False
    earliest = instant(str(reading["earliest"] or ""))
    latest = instant(str(reading["latest"] or ""))
    first, last = instant(row["earliest_utc"]), instant(row["latest_utc"])
    if row["kind"] in ("exact", "noted"):
        spoken = " ".join(f"{f.statement} {f.values.get('assumed')}" for f in told.values())
        return (earliest, latest) == (first, last) and re.search(row["says"], spoken, re.IGNORECASE) is not None
    slack = timedelta(minutes=int(row["slack_minutes"]))
    if earliest is None or latest is None or first is None or last is None:
        return False
    return first - slack <= earliest <= first and last <= latest <= last + slack


@pytest.mark.samples
def test_every_reported_phrase_is_right(samples: Path) -> None:
    wrong = []
    for row in rows(samples, "phrases.csv"):
        found = judged(row, row["place"], row["text"], "2026-01-08T17:00:00", (35.7, 51.4))
        told = {finding.code: finding for finding in found}
        if not is_right(row, told):
            wrong.append((row["text"], row["kind"], [f.statement for f in told.values()]))
    assert wrong == []


@pytest.mark.samples
def test_no_true_claim_is_contradicted(samples: Path) -> None:
    """Satellites and the device's clock agree with what was said: no reading may lie beside them."""
    beside = []
    for row in rows(samples, "truthful.csv"):
        if not row["claimed_time"]:
            continue
        known = re.search(r"say ([\d.]+),([\d.]+) and (\S+) (\S+)Z", row["note"])
        assert known is not None
        found = judged(
            row, row["claimed_place"], row["claimed_time"], f"{known[3]}T{known[4]}", (float(known[1]), float(known[2]))
        )
        told = {finding.code: finding.statement for finding in found}
        if any(finding.outcome is FindingOutcome.CONTRADICTS for finding in found) or "time.clock_off_claim" in told:
            beside.append((row["claimed_time"], told))
        assert "time.claim_not_read" not in told, row["claimed_time"]
    assert beside == []


@pytest.mark.samples
@pytest.mark.parametrize("name", ["t09.jpg", "t15.jpg", "t18.jpg"])
def test_a_true_picture_all_the_way(samples: Path, tmp_path: Path, name: str) -> None:
    row = next(row for row in rows(samples, "truthful.csv") if row["file"].endswith(name))
    note = tmp_path / "note.toml"
    note.write_text(
        f'received_at = "{row["received_at"]}"\nclaimed_place = "{row["claimed_place"]}"\n'
        f'claimed_time = "{row["claimed_time"]}"\n',
        encoding="utf-8",
    )
    picture = samples / "reported-geo" / row["file"]
    ran = verify("ingest", picture, "--batch", note, "--case", tmp_path / "case", "--operator", "A", "--jobs", 1, "-q")
    assert ran.code in (0, 1), ran.err
    identity = hashlib.sha256(picture.read_bytes()).hexdigest()
    shown = verify("show", identity, "--case", tmp_path / "case", "--json").json
    told = {finding["code"]: finding["outcome"] for finding in shown["findings"]}
    assert "time.clock_fits_claim" in told and "contradicts" not in told.values()
    later = verify("claim", identity, "--by", "K-1", "--time", "دیشب", "--case", tmp_path / "case", "--json")
    assert later.code == 0 and later.json["time"] == "دیشب"
    assert (
        later.json["earliest"][:10]
        == (datetime.fromisoformat(row["received_at"]) - timedelta(days=1)).date().isoformat()
    )
