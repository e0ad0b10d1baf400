"""What people conclude: signed, blind, kept."""

from __future__ import annotations

import hashlib
import shutil
from pathlib import Path

import pytest

from tests.commands.running import verify
from tests.commands.test_the_whole_way import picture


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, str]:
    """A case of two pictures, and the id of one."""
    folder = tmp_path_factory.mktemp("people")
    (folder / "evidence").mkdir()
    picture(folder / "evidence" / "b.jpg", 2)
    one = picture(folder / "evidence" / "a.jpg", 1)
    ran = verify("ingest", folder / "evidence", "--case", folder / "case", "--operator", "A", "--jobs", 1, "--no-dedup")
    assert ran.code == 0, ran.err
    return folder / "case", hashlib.sha256(one.read_bytes()).hexdigest()


@pytest.fixture
def case(made: tuple[Path, str], tmp_path: Path) -> Path:
    """A copy of the case for one test to write in."""
    return Path(shutil.copytree(made[0], tmp_path / "case"))


@pytest.fixture
def identity(made: tuple[Path, str]) -> str:
    return made[1]


def test_a_second_person_files_blind(case: Path, identity: str) -> None:
    common = (
        "--question",
        "place",
        "--level",
        "probable",
        "--because",
        "jpeg:height",
        "--precision",
        "city",
        "--case",
        case,
    )
    assert verify("assess", identity, *common).code == 2  # nobody signed
    assert verify("assess", identity, *common, "--operator", "Ana").code == 0
    hidden = verify("show", identity, "--case", case, "--json").json
    assert hidden["assessments"] == []
    assert verify("review", identity, *common, "--operator", "ana ").code == 2  # the same person
    other = verify(
        "review", identity, "--question", "place", "--level", "possible", "--because", "jpeg:width",
        "--operator", "Ben", "--case", case,
    )  # fmt: skip
    assert other.code == 0 and "Ana" in other.out and "They differ" in other.out
    both = verify("show", identity, "--case", case, "--json").json["assessments"]
    assert sorted(a["level"] for a in both) == ["possible", "probable"]
    assert verify("audit", "--case", case).code == 0


@pytest.mark.parametrize(
    "arguments",
    [
        ("--what", "ghost"),
        ("--what", "casualty", "--least", "5", "--most", "2"),
        ("--what", "text", "--least", "1"),
        ("--what", "text", "--at", "0:xx"),
        ("--what", "text", "--at", "0:05-0:01"),
    ],
)
def test_an_impossible_observation_is_refused_in_one_sentence(
    case: Path, identity: str, arguments: tuple[str, ...]
) -> None:
    ran = verify("observe", identity, *arguments, "--operator", "Ana", "--case", case)
    assert ran.code == 2 and ran.err.count("\n") == 1, ran.err


def test_an_observation_and_an_incident_are_kept(case: Path, identity: str) -> None:
    ran = verify(
        "observe", identity[:12], "--what", "casualty", "--at", "0:01.5-0:02", "--least", 1, "--most", 3,
        "--operator", "Ana", "--case", case,
    )  # fmt: skip
    assert ran.code == 0, ran.err
    seen = verify("show", identity[:12], "--case", case, "--json").json["observations"]
    assert [(o["what"], o["start_s"], o["least"], o["most"]) for o in seen] == [("casualty", 1.5, 1, 3)]
    made = verify("incident", "create", "Punak", "--exhibit", identity[:12], "--operator", "Ana", "--case", case)
    assert made.code == 0, made.err
    shown = verify("incident", "show", "--case", case, "--json").json["incidents"]
    assert shown[0]["members"] == [identity] and shown[0]["recordings"] == [[identity]]


def test_a_claim_is_kept_and_its_reading_shown(case: Path, identity: str) -> None:
    ran = verify("claim", identity, "--by", "K-1", "--place", "تهران", "--time", "۱۸ دی ۱۴۰۴", "--case", case, "--json")
    assert ran.code == 0, ran.err
    assert "2026-01-07 20:30 UTC to 2026-01-08 20:30 UTC" in ran.json["time_understood"]
    assert (ran.json["earliest"], ran.json["latest"]) == ("2026-01-07T20:30:00+00:00", "2026-01-08T20:30:00+00:00")
    unread = verify("claim", identity, "--by", "K-1", "--time", "2026-02-30", "--case", case, "--json")
    assert unread.code == 0, unread.err
    assert unread.json["time"] == "2026-02-30" and unread.json["time_understood"] is None
    assert "no day of the Gregorian calendar" in unread.json["not_understood"][0]
    assert verify("check", "--case", case).code == 0
    contradicted = verify("show", identity, "--case", case, "--json").json
    assert {c["by"] for c in contradicted["claims"]} == {"K-1"}


def test_a_third_assessment_settles_two_that_differ(case: Path, identity: str) -> None:
    common = ("--question", "place", "--because", "jpeg:width", "--case", case)
    assert verify("assess", identity, *common, "--level", "probable", "--operator", "Ana").code == 0
    assert verify("review", identity, *common, "--level", "possible", "--operator", "Ben").code == 0
    first = next(
        a["id"]
        for a in verify("show", identity, "--case", case, "--json").json["assessments"]
        if a["review_of"] is None
    )
    assert verify("assess", identity, *common, "--level", "possible", "--operator", "Cem", "--resolves", "zz").code == 2
    settled = verify(
        "assess", identity, *common, "--level", "possible", "--operator", "Cem", "--resolves", first[:8]
    )  # fmt: skip
    assert settled.code == 0, settled.err
    again = verify("assess", identity, *common, "--level", "probable", "--operator", "Dan", "--resolves", first)
    assert again.code == 2 and "already" in again.err
    shown = verify("show", identity, "--case", case, "--json").json["assessments"]
    assert [a["resolves"] for a in shown if a["analyst"] == "Cem"] == [first] and len(shown) == 3


def test_an_exhibit_moves_on_and_is_excluded_for_a_reason(case: Path, identity: str) -> None:
    signed = ("--operator", "Ana", "--case", case)
    assert verify("stage", identity, "triaged", *signed).code == 0
    assert verify("stage", identity, "lost", *signed).code == 2
    assert verify("stage", identity, "excluded", *signed).code == 2
    assert verify("stage", identity, "excluded", "--reason", "not ours", *signed).code == 0
    shown = verify("show", identity, "--case", case, "--json").json["standings"]
    assert [(s["stage"], s["reason"]) for s in shown] == [("triaged", None), ("excluded", "not ours")]


def test_a_geolocation_is_filed_drawn_and_refused_when_absurd(case: Path, identity: str, tmp_path: Path) -> None:
    signed = ("--operator", "Ana", "--case", case)
    for absurd in (
        ("--camera", "95,51", "--precision", "city"),
        ("--camera", "35.7,51.3", "--precision", "here"),
        ("--camera", "35.7,51.3", "--precision", "city", "--feature", "1|door|map||x"),
        ("--camera", "35.7,51.3", "--precision", "exact"),
        ("--camera", "35.7,51.3", "--precision", "city", "--field-of-view", "60"),
    ):
        ran = verify("geolocate", identity, *absurd, *signed)
        assert ran.code == 2 and ran.err.count("\n") == 1, (absurd, ran.err)
    filed = verify(
        "geolocate", identity, "--camera", "35°45'42\"N 51°19'50\"E", "--precision", "vicinity", "--bearing", 90,
        "--field-of-view", 60, "--feature", "1|minaret|satellite picture|2025-11-02|1.5|0.25|0.5|35.7617,51.3320",
        "--negative", "no water tower", "--alternative", "Karaj: other kerb stones", *signed,
    )  # fmt: skip
    assert filed.code == 0, filed.err
    kept = verify("geolocate", identity, "--show", "--case", case, "--json").json["worksheets"]
    assert kept[0]["features"][0]["offset_s"] == 1.5 and abs(kept[0]["latitude"] - 35.76167) < 1e-4
    assert verify("report", "--case", case, "--out", tmp_path / "out", "--format", "json,geojson").code == 0
    drawn = (tmp_path / "out" / "places.geojson").read_text(encoding="utf-8")
    assert drawn.count("minaret") == 1 and '"matched"' in drawn
