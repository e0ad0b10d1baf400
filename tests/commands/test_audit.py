"""An audit is an act: it stands in the log where it can, and says so where it cannot."""

from __future__ import annotations

import shutil
import sqlite3
from pathlib import Path

import pytest

from tests.commands.running import verify
from tests.commands.test_the_whole_way import picture
from verifier.records import CustodyEvent
from verifier.store import Store


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("audited")
    (folder / "evidence").mkdir()
    for number in range(2):
        picture(folder / "evidence" / f"{number}.jpg", number)
    ran = verify("ingest", folder / "evidence", "--case", folder / "case", "--operator", "A", "--jobs", 1, "--no-dedup")
    assert ran.code == 0, ran.err
    return folder / "case"


@pytest.fixture
def case(made: Path, tmp_path: Path) -> Path:
    return Path(shutil.copytree(made, tmp_path / "case"))


def log_of(case: Path) -> list[CustodyEvent]:
    with Store.open(case, writing=False) as store:
        return list(store.custody())


def test_an_audit_stands_in_the_log_under_the_name_of_who_made_it(case: Path) -> None:
    before = log_of(case)
    said = verify("audit", "--case", case, "--operator", "oak", "--json").json
    assert said["intact"] and said["recorded"] and said["events"] == len(before)
    (event,) = log_of(case)[len(before) :]
    assert (event.action, event.subject, event.actor) == ("audit", "case", "oak")
    assert event.detail["objects"] == 2 and event.detail["broken"] == 0
    assert verify("audit", "--case", case, "--no-record").err == ""
    assert len(log_of(case)) == len(before) + 1
    assert verify("audit", "--case", case).code == 0  # the event of the audit is whole itself


def test_a_case_that_cannot_be_written_is_audited_all_the_same(case: Path) -> None:
    with Store.open(case, writing=True) as store:
        ran = verify("audit", "--case", case)
        assert ran.code == 0 and "Intact" in ran.out
        assert "does not stand in the log" in ran.err and "Another verify" in ran.err
        assert not [event for event in store.custody() if event.action == "audit"]


def test_a_broken_object_has_an_event_of_its_own(case: Path) -> None:
    victim = next(path for path in sorted((case / "objects").rglob("*")) if path.is_file())
    victim.chmod(0o600)
    content = bytearray(victim.read_bytes())
    content[len(content) // 2] ^= 1
    victim.write_bytes(content)
    assert verify("audit", "--case", case, "--operator", "oak").code == 3
    one, whole = log_of(case)[-2:]
    assert (one.action, one.subject, one.detail["result"]) == ("audit", victim.name, "broken")
    assert whole.subject == "case" and whole.detail["broken"] == 1 and whole.at == one.at


def test_nothing_is_added_to_a_log_whose_records_are_broken(case: Path) -> None:
    size = len(log_of(case))
    with sqlite3.connect(case / "case.db") as database:
        database.execute("UPDATE acquisitions SET operator = 'B'")
    ran = verify("audit", "--case", case)
    assert ran.code == 3 and "NOT intact" in ran.out and "nothing is added" in ran.err
    assert len(log_of(case)) == size


def test_a_redacted_report_that_was_given_out_is_held_against_the_log(case: Path, tmp_path: Path) -> None:
    out = tmp_path / "given"
    assert verify("report", "--redacted", "--case", case, "--out", out, "--format", "json,csv").code == 0
    assert verify("audit", "--case", case, "--redacted", out).code == 0
    (out / "note.txt").write_text("added", encoding="utf-8")
    report = out / "report.json"
    report.write_bytes(report.read_bytes() + b" ")
    ran = verify("audit", "--case", case, "--redacted", out, "--json")
    assert ran.code == 3 and not ran.json["intact"]
    assert {(p["where"], p["what"]) for p in ran.json["problems"]} == {
        ("given/report.json", "it was changed"),
        ("given/note.txt", "it was not given out"),
    }
    stranger = tmp_path / "stranger"
    stranger.mkdir()
    (stranger / "report.json").write_text("{}", encoding="utf-8")
    assert verify("audit", "--case", case, "--redacted", stranger).code == 2
    next((case / "custody" / "redactions").iterdir()).unlink()
    lost = verify("audit", "--case", case)
    assert lost.code == 3 and "ledger" in lost.out
