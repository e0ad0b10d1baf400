"""A folder of evidence from `verify ingest` to a report, run as a person runs it."""

from __future__ import annotations

import hashlib
import json
import shutil
import sqlite3
from importlib.resources import files
from pathlib import Path

import jsonschema
import pytest
from PIL import Image

from tests.commands.running import verify


def picture(path: Path, seed: int) -> Path:
    """A small photograph-like drawing with an Exif date."""
    import numpy as np

    rng = np.random.default_rng(seed)
    coarse = rng.integers(0, 255, (12, 16, 3), dtype=np.uint8)
    image = Image.fromarray(coarse).resize((320, 240), Image.Resampling.BICUBIC)
    exif = Image.Exif()
    exif[0x010F] = "Maker"
    exif.get_ifd(0x8769)[0x9003] = "2026:01:08 18:04:11"
    image.save(path, quality=88, exif=exif)
    return path


@pytest.fixture(scope="module")
def evidence(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("evidence")
    picture(folder / "a.jpg", 1)
    picture(folder / "b.jpg", 2)
    shutil.copy(folder / "a.jpg", folder / "a again.jpg")
    (folder / "empty.mov").write_bytes(b"")
    (folder / "note.txt").write_text("18 Dey", encoding="utf-8")
    (folder / "link.jpg").symlink_to(folder / "a.jpg")
    whole = (folder / "b.jpg").read_bytes()
    (folder / "cut.jpg").write_bytes(whole[: len(whole) // 2])
    return folder


@pytest.fixture(scope="module")
def case(evidence: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    root = tmp_path_factory.mktemp("cases") / "case"
    ran = verify("ingest", evidence, "--case", root, "--operator", "R-7", "--json", "--jobs", 1)
    assert ran.code == 1, ran.err  # the cut picture is a fault
    assert ran.json["new"] == 5 and ran.json["again"] == 1 and ran.json["skipped"] == 1
    return root


def test_the_report_obeys_its_schema_and_is_complete(case: Path, evidence: Path, tmp_path: Path) -> None:
    ran = verify("report", "--case", case, "--out", tmp_path / "out", "--format", "html,json")
    assert ran.code == 0, ran.err
    report = json.loads((tmp_path / "out" / "report.json").read_text(encoding="utf-8"))
    schema = json.loads((files("verifier.report") / "schema" / "verify-report-1.schema.json").read_text("utf-8"))
    jsonschema.Draft202012Validator(schema).validate(report)
    on_disk = {hashlib.sha256(p.read_bytes()).hexdigest() for p in evidence.iterdir() if not p.is_symlink()}
    assert {exhibit["id"] for exhibit in report["exhibits"]} == on_disk
    by_name = {name: exhibit for exhibit in report["exhibits"] for name in exhibit["names"]}
    assert len(by_name["a.jpg"]["acquisitions"]) == 2
    assert by_name["a.jpg"]["facts"]["captured_at"]["value"] == "2026-01-08T18:04:11"
    assert by_name["a.jpg"]["facts"]["captured_at"]["zone"] == "local"
    assert by_name["a.jpg"]["facts"]["make"]["value"] == "Maker"
    assert by_name["cut.jpg"]["faults"]
    assert not by_name["a.jpg"]["faults"]
    assert [entry["path"].rsplit("/", 1)[-1] for entry in report["skipped"]] == ["link.jpg"]
    page = (tmp_path / "out" / "report.html").read_text(encoding="utf-8")
    assert "a again.jpg" in page and "data:image/" in page


def test_again_takes_in_nothing_and_changes_nothing(case: Path, evidence: Path, tmp_path: Path) -> None:
    ran = verify("ingest", evidence, "--case", case, "--json", "--jobs", 1)
    assert ran.json["new"] == ran.json["again"] == ran.json["examined"] == 0
    assert ran.json["known"] == 6


def test_an_intact_case_is_intact(case: Path) -> None:
    ran = verify("audit", "--case", case, "--json")
    assert ran.code == 0, ran.out + ran.err
    assert ran.json["intact"] is True and ran.json["objects"] == 5


def test_one_changed_byte_is_found(case: Path, tmp_path: Path) -> None:
    copy = tmp_path / "copy"
    shutil.copytree(case, copy)
    victim = next(path for path in sorted((copy / "objects").rglob("*")) if path.is_file() and path.stat().st_size)
    victim.chmod(0o600)
    content = bytearray(victim.read_bytes())
    content[len(content) // 2] ^= 1
    victim.write_bytes(content)
    ran = verify("audit", "--case", copy, "--json")
    assert ran.code == 3
    assert victim.name in json.dumps(ran.json["problems"])


def test_one_changed_cell_is_found(case: Path, tmp_path: Path) -> None:
    copy = tmp_path / "copy"
    shutil.copytree(case, copy)
    with sqlite3.connect(copy / "case.db") as database:
        database.execute("UPDATE readings SET value = '\"Other maker\"' WHERE key = 'exif:Make'")
        assert database.total_changes > 0
    assert verify("audit", "--case", copy).code == 3


def test_show_answers_by_the_beginning_of_an_id(case: Path, evidence: Path) -> None:
    identity = hashlib.sha256((evidence / "a.jpg").read_bytes()).hexdigest()
    ran = verify("show", identity[:10], "--case", case)
    assert ran.code == 0 and identity[:12] in ran.out and ran.out.startswith("a") and len(ran.out.splitlines()) < 30
    ran = verify("show", identity[:10], "--case", case, "--all")
    assert ran.code == 0 and identity in ran.out and "Maker" in ran.out
    assert verify("show", "ffffffffffff", "--case", case).code == 2


def test_refusals_are_one_sentence_and_their_code(tmp_path: Path) -> None:
    for arguments, code in [
        (("ingest", tmp_path / "nothing", "--case", tmp_path / "case"), 2),
        (("report", "--case", tmp_path / "none", "--out", tmp_path / "out"), 2),
        (("report", "--case", tmp_path, "--out", tmp_path / "out", "--format", "docx"), 2),
    ]:
        ran = verify(*arguments)
        assert ran.code == code
        assert ran.err.count("\n") == 1 and "Traceback" not in ran.err


def test_doctor_passes_here() -> None:
    ran = verify("doctor", "--json")
    assert ran.code == 0, ran.out
    assert all(trial["passed"] for trial in ran.json["trials"]) and len(ran.json["trials"]) >= 3


def test_help_loads_nothing_heavy() -> None:
    import subprocess
    import sys

    done = subprocess.run(
        [sys.executable, "-X", "importtime", "-m", "verifier", "--help"], capture_output=True, text=True, check=True
    )
    loaded = {line.rsplit("|", 1)[-1].strip().split(".")[0] for line in done.stderr.splitlines()}
    assert not loaded & {"numpy", "cv2", "av", "scipy", "sqlalchemy", "faiss", "PIL", "jinja2"}
    for verb in ("ingest", "dedup", "match", "check", "report", "audit", "show", "doctor"):
        assert verb in done.stdout


def test_our_own_defect_is_one_sentence_and_not_a_fault_of_evidence() -> None:
    import subprocess
    import sys

    broken = (
        "import verifier.commands.app as a, verifier.commands as c\n"
        "def app(): raise TypeError('a name from evidence')\n"
        "a.app = app\nc.main()\n"
    )
    done = subprocess.run([sys.executable, "-c", broken], capture_output=True, text=True, check=False)
    assert done.returncode == 4 and done.stderr.count("\n") == 1
    assert "TypeError" in done.stderr and "a name from evidence" not in done.stderr
