"""`verify geolocate`, as a person runs it."""

from __future__ import annotations

import hashlib
from pathlib import Path

from PIL import Image

from tests.commands.running import verify
from tests.geo.test_worksheet import SHEET


def test_a_worksheet_is_filed_checked_and_refused_when_absurd(tmp_path: Path) -> None:
    evidence, case = tmp_path / "evidence", tmp_path / "case"
    evidence.mkdir()
    Image.new("RGB", (64, 48), (120, 140, 160)).save(evidence / "one.jpg")
    assert verify("ingest", evidence, "--case", case, "--no-dedup").code == 0
    exhibit = hashlib.sha256((evidence / "one.jpg").read_bytes()).hexdigest()
    sheet = tmp_path / "sheet.toml"
    sheet.write_text(SHEET, encoding="utf-8")
    ran = verify("geolocate", exhibit[:10], sheet, "--by", "analyst 3", "--case", case)
    assert ran.code == 0, ran.err
    assert "exact (± 8 m)" in ran.out
    assert "Punak" in ran.out
    again = verify("geolocate", exhibit[:10], sheet, "--by", "analyst 3", "--case", case, "--json")
    assert again.json["latitude_degrees"] > 35.7
    assert verify("check", "--case", case).code == 0
    sheet.write_text(SHEET.replace("radius_metres = 8", "radius_metres = 0"), encoding="utf-8")
    refused = verify("geolocate", exhibit[:10], sheet, "--by", "analyst 3", "--case", case)
    assert (refused.code, "more than 0" in refused.err) == (2, True)
