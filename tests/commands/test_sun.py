"""`verify sun`, as a person runs it."""

from __future__ import annotations

import json
from pathlib import Path

from tests.commands.running import verify

SHADOW = ("--height", "1.75±0.09", "--length", "2.6+-0.26")


def test_when_with_a_picture(tmp_path: Path) -> None:
    out = tmp_path / "day.svg"
    ran = verify("sun", "--place", "Tehran", "--time", "18 Dey 1404", *SHADOW, "--out", out)
    assert ran.code == 0, ran.err
    assert "fits from 2026-01-08" in ran.out
    assert out.read_text(encoding="utf-8").startswith("<svg")


def test_where_as_geojson(tmp_path: Path) -> None:
    out = tmp_path / "where.geojson"
    ran = verify(
        "sun", "--time", "2026-01-08T13:30+03:30", *SHADOW, "--azimuth", "25±8", "--box", "iran", "--out", out, "--json"
    )
    assert ran.code == 0, ran.err
    assert ran.json["cells"] > 0
    assert json.loads(out.read_text(encoding="utf-8"))["type"] == "FeatureCollection"


def test_absurd_input_gets_one_sentence_and_exit_2(tmp_path: Path) -> None:
    for arguments, says in (
        (("--place", "95,51", "--time", "2026-01-08"), "A latitude lies between"),
        (("--place", "Tehran", "--time", "31 Dey 1404"), "Dey 1404 has 30 days"),
        (("--place", "Tehran", "--time", "2026-01-08", "--height", "tall", "--length", "2"), "is no measure"),
        (("--place", "Tehran", "--time", "2026-01-08", "--box", "x"), "is no box"),
        (("--place", "Tehran", "--time", "2026-01-08", "--out", tmp_path / "x.png"), "cannot be written"),
    ):
        ran = verify("sun", *arguments)
        assert ran.code == 2, ran
        assert says in ran.err
        assert len(ran.err.strip().splitlines()) == 1
