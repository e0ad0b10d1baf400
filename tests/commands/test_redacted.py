"""`verify report --redacted`, as a person runs it."""

from __future__ import annotations

import hashlib
import json
import shutil
import subprocess
from collections.abc import Mapping
from pathlib import Path

import pytest
from PIL import Image

from tests.commands.running import verify
from verifier.errors import RedactionLeak
from verifier.evidence.vault import Vault
from verifier.report.redaction.policy import Policy
from verifier.store import Store
from verifier.workflow import report as reports
from verifier.workflow.progress import silent
from verifier.workflow.redact import redacted_report

NAME = "Farhad Moradzadeh at the bridge.jpg"
FORMATS = "html,pdf,json,csv,case,geojson,exchange"


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, str]:
    """A case of two pictures that tell much, and the id of one."""
    folder = tmp_path_factory.mktemp("redacted")
    evidence = folder / "evidence"
    evidence.mkdir()
    tags = Image.Exif()
    tags[0x010F], tags[0x0110], tags[0x013B] = "Zephyrion Optik", "ZX-81 Peregrine", "Nesrin Kazemi"
    tags.get_ifd(0x8825).update({1: "N", 2: (35.0, 45.0, 42.12), 3: "E", 4: (51.0, 19.0, 50.16)})
    tags.get_ifd(0x8769).update({0xA431: "SN99Q1X77", 0x9003: "2026:01:08 18:41:37"})
    Image.effect_noise((640, 480), 90).convert("RGB").save(evidence / NAME, exif=tags)
    Image.effect_noise((320, 240), 60).convert("RGB").save(evidence / "other.jpg")
    batch = folder / "batch.toml"
    batch.write_text('channel = "Threema via Erbil"\nrelay_chain = ["Kingfisher-3"]\n', encoding="utf-8")
    ran = verify("ingest", evidence, "--case", folder / "case", "--batch", batch, "--operator", "Thistledown",
                 "--jobs", 1)  # fmt: skip
    assert ran.code in (0, 1), ran.err
    return folder / "case", hashlib.sha256((evidence / NAME).read_bytes()).hexdigest()


@pytest.fixture
def case(made: tuple[Path, str], tmp_path: Path) -> Path:
    return Path(shutil.copytree(made[0], tmp_path / "case"))


def test_a_redacted_report_is_written_checked_and_remembered(
    case: Path, made: tuple[Path, str], tmp_path: Path
) -> None:
    out = tmp_path / "out"
    ran = verify("report", "--redacted", "--case", case, "--out", out, "--format", FORMATS, "--keep-pictures", "coarse",
                 "--coordinates", "province", "--operator", "Thistledown")  # fmt: skip
    assert ran.code == 0, ran.err
    summed = subprocess.run(["sha256sum", "--check", "--quiet", "SHA256SUMS"], cwd=out, check=False)
    assert summed.returncode == 0
    listed = {entry["name"] for entry in json.loads((out / "manifest.json").read_text())["files"]}
    assert listed | {"manifest.json", "SHA256SUMS"} == {path.name for path in out.iterdir()}
    report = json.loads((out / "report.json").read_text(encoding="utf-8"))
    assert [e["facts"]["position"] is None for e in report["exhibits"]].count(False) == 1
    everything = b"".join(path.read_bytes() for path in out.iterdir())
    for told in (
        "Farhad",
        "Zephyrion",
        "Peregrine",
        "SN99Q1X77",
        "Kingfisher",
        "Thistledown",
        "18:41:37",
        made[1][:12],
    ):
        assert told.encode() not in everything, told
    kept = list((case / "custody" / "redactions").iterdir())
    assert len(kept) == 1 and made[1] in kept[0].read_text()
    assert verify("audit", "--case", case).code == 0
    again = verify("report", "--redacted", "--case", case, "--out", out, "--format", "json")
    assert again.code == 2 and again.err.count("\n") == 1


@pytest.mark.parametrize("absurd", [("--coordinates", "9"), ("--times", "hour"), ("--keep-pictures", "all")])
def test_an_unknown_policy_is_refused(case: Path, tmp_path: Path, absurd: tuple[str, str]) -> None:
    ran = verify("report", "--redacted", "--case", case, "--out", tmp_path / "out", *absurd)
    assert ran.code == 2 and ran.err.count("\n") == 1, ran.err


def test_a_writer_that_leaks_leaves_nothing(case: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The real writer of JSON, and one that adds the name of a file in base64, as a metadata field would."""

    def leaking(order: reports.Order) -> Mapping[str, bytes]:
        return {"report.json": b'{"x": "RmFyaGFkIE1vcmFkemFkZWggYXQgdGhlIGJyaWRnZQ=="}'}

    monkeypatch.setattr(reports, "WRITERS", {**reports.WRITERS, "json": leaking})
    monkeypatch.setattr("verifier.workflow.redact.WRITERS", {**reports.WRITERS, "json": leaking})
    with Store.open(case, writing=True) as store, pytest.raises(RedactionLeak) as refused:
        redacted_report(
            store, Vault(case), tmp_path / "out", formats=["json"], exhibits=[], lang="en", policy=Policy(), actor="A",
            clock=lambda: "2026-02-01T00:00:00.000Z", progress=silent,
        )  # fmt: skip
    assert refused.value.exit_code == 1 and "report.json" in str(refused.value)
    assert "Farhad" not in str(refused.value)
    assert sorted(path.name for path in tmp_path.iterdir()) == ["case"]


def test_an_unlinkable_report_is_written_and_needs_redaction(case: Path, tmp_path: Path) -> None:
    refused = verify("report", "--unlinkable", "--case", case, "--out", tmp_path / "none")
    assert refused.code == 2 and refused.err.count("\n") == 1
    finer = ("report", "--redacted", "--unlinkable", "--times", "day", "--case", case, "--out", tmp_path / "none")
    assert verify(*finer).code == 2 and not (tmp_path / "none").exists()
    out = tmp_path / "out"
    ran = verify("report", "--redacted", "--unlinkable", "--case", case, "--out", out, "--format", "html,json")
    assert ran.code == 0, ran.err
    told = json.loads((out / "report.json").read_text("utf-8"))
    assert sorted(e["facts"]["width"]["value"] for e in told["exhibits"]) == [300, 600]
