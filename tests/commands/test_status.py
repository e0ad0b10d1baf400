"""`verify status` answers five questions on one screen, and says in JSON what report.json says."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.commands.running import verify
from tests.commands.test_the_whole_way import picture


@pytest.fixture(scope="module")
def case(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A picture, the same bytes again, another picture, and a file of no kind that is known."""
    folder = tmp_path_factory.mktemp("status")
    (folder / "evidence").mkdir()
    first = picture(folder / "evidence" / "one.jpg", 1)
    (folder / "evidence" / "again.jpg").write_bytes(first.read_bytes())
    picture(folder / "evidence" / "two.jpg", 9)
    (folder / "evidence" / "strange.bin").write_bytes(b"\x00\x01strange")
    ran = verify("ingest", folder / "evidence", "--case", folder / "case", "--operator", "A", "--jobs", 1)
    assert ran.code == 1, ran.err
    assert "What waits for a person" in ran.out and "verify report" in ran.out
    return folder / "case"


def test_one_screen_answers(case: Path) -> None:
    ran = verify("status", "--case", case)
    assert ran.code == 0, ran.err
    assert "4 files, 3 exhibits, 0 skipped" in ran.out
    assert "What was not fully examined (1)\n  strange.bin: unsupported" in ran.out
    assert ran.out.index("Recordings") < ran.out.index("What waits for a person") < ran.out.index("Next")
    assert len(ran.out.splitlines()) <= 30 and max(map(len, ran.out.splitlines()[:-1])) <= 80  # commands stay whole


def test_its_json_is_the_summary_of_the_report(case: Path, tmp_path: Path) -> None:
    told = verify("status", "--case", case, "--json").json
    assert verify("report", "--case", case, "--out", tmp_path / "out", "--format", "json").code == 0
    report = json.loads((tmp_path / "out" / "report.json").read_bytes())
    assert told["summary"] == report["summary"]
    assert (told["recordings"], told["composites"]) == (report["recordings"], report["composites"])
    assert report["summary"]["files_received"] == 4 and report["summary"]["exhibits"] == 3
    assert [entry["name"] for entry in told["not_fully_examined"]] == ["strange.bin"]
    redacted = tmp_path / "redacted"
    assert verify("report", "--case", case, "--out", redacted, "--format", "json", "--redacted").code == 0
    assert json.loads((redacted / "report.json").read_bytes())["summary"] == report["summary"]


def test_what_was_not_compared_is_not_counted_as_different(case: Path, tmp_path: Path) -> None:
    ran = verify(
        "ingest", case.parent / "evidence", "--case", tmp_path / "case", "--operator", "A", "--jobs", 1, "--no-dedup"
    )
    assert "not known yet: 2 exhibits wait to be compared" in ran.out
    told = verify("status", "--case", tmp_path / "case")
    assert "not known yet: 2 exhibits" in told.out and "verify dedup --case" in told.out
    assert verify("status", "--case", case, "--json").json["not_compared"] == 0


def test_without_a_case_it_is_one_sentence(tmp_path: Path) -> None:
    ran = verify("status", "--case", tmp_path / "none")
    assert ran.code != 0 and ran.err.count("\n") == 1
