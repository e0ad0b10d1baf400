"""No traceback, message, path or value of an unforeseen error reaches a person: one sentence and an exit code."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from tests.commands.failing import KINDS, SECRET
from tests.commands.running import verify
from tests.commands.test_the_whole_way import picture

ROOT = Path(__file__).parent.parent.parent
TOLD = ("Traceback", "Farhad", "Nesrin", "35.7123", str(ROOT), sys.prefix, 'File "')


@pytest.fixture(scope="module")
def case(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("failing")
    picture(folder / "evidence.jpg", 1)
    assert verify("ingest", folder / "evidence.jpg", "--case", folder / "case", "--operator", "R-7").code == 0
    return folder / "case"


def _failing(asked: str, folder: Path, case: Path | None = None) -> list[dict[str, Any]]:
    """`asked`: KIND:WHERE and more of them, with commas between."""
    surroundings = {k: v for k, v in os.environ.items() if not k.startswith("VERIFY_")} | {"PYTHONPATH": str(ROOT)}
    command = [sys.executable, "-m", "tests.commands.failing", asked, str(folder), *([str(case)] if case else [])]
    done = subprocess.run(command, capture_output=True, text=True, cwd=ROOT, env=surroundings, check=False)
    assert done.returncode == 0, done.stderr[-2000:]
    return [json.loads(line) for line in done.stdout.splitlines()]


ASKED = [*((kind, "at once") for kind in KINDS), ("type", "deep"), ("full", "deep")]


@pytest.fixture(scope="module")
def failed_everywhere(tmp_path_factory: pytest.TempPathFactory, case: Path) -> tuple[Path, list[dict[str, Any]]]:
    """Every command with every kind of error, and the folder in which it was: by one process, a fork a command."""
    folder = tmp_path_factory.mktemp("failed")
    return folder, _failing(",".join(map(":".join, ASKED)), folder, case)


@pytest.mark.skipif(not hasattr(os, "fork"), reason="commands run in forks")
@pytest.mark.parametrize(("kind", "where"), ASKED)
def test_every_kind_of_error_in_every_command_is_one_sentence(
    kind: str, where: str, failed_everywhere: tuple[Path, list[dict[str, Any]]]
) -> None:
    tmp_path, everything = failed_everywhere
    ran = [one for one in everything if (one["kind"], one["where"]) == (kind, where)]
    assert len(ran) > 30
    failed = 0
    for one in ran:
        said = one["out"] + one["err"]
        assert not [word for word in TOLD if word in one["err"]], one
        assert one["code"] != 4 or str(tmp_path) not in one["err"], one
        assert not [word for word in TOLD[:2] if word in said], one
        if where == "at once":
            assert one["code"] == 4 and one["err"].count("\n") == 1 and one["err"].startswith("verify: "), one
        failed += one["code"] == 4
    assert failed >= 15


def test_the_case_keeps_the_place_and_no_words(case: Path, tmp_path: Path) -> None:
    case = Path(shutil.copytree(case, tmp_path / "case", ignore=shutil.ignore_patterns("defects")))
    _failing("group:at once", tmp_path, case)
    kept = sorted((case / "defects").iterdir())
    assert kept
    for path in kept:
        text = path.read_text("ascii")
        assert SECRET not in text and "Farhad" not in text and "/" not in text.replace("verify-defect/1", "")
        known = json.loads(text)
        assert known["kinds"] and known["frames"][0]
        assert path.stat().st_mode & 0o777 == 0o600
    assert (case / "defects").stat().st_mode & 0o777 == 0o700
    assert verify("audit", "--case", case).code == 0
    assert any("Own" in json.loads(path.read_text())["kinds"] for path in kept)


def test_output_that_cannot_be_encoded_is_escaped(case: Path) -> None:
    ran = verify("show", "ab", "--case", case / "نسرین", PYTHONIOENCODING="ascii", PYTHONUTF8="0")
    assert ran.code == 2 and ran.err.count("\n") == 1 and "Traceback" not in ran.err


def test_a_reader_that_goes_away_is_no_traceback(case: Path) -> None:
    for words in (("--help",), ("audit", "--case", str(case)), ("report", "--help")):
        reading, writing = os.pipe()
        os.close(reading)
        done = subprocess.run(
            [sys.executable, "-m", "verifier", *words], stdout=writing, stderr=subprocess.PIPE, text=True, check=False
        )
        os.close(writing)
        assert "Traceback" not in done.stderr and "Exception ignored" not in done.stderr, done.stderr
        assert done.stderr.count("\n") <= 1


def test_what_is_shared_is_rebuilt_field_by_field(case: Path, tmp_path: Path) -> None:
    case = Path(shutil.copytree(case, tmp_path / "case"))  # forged defects are planted in it
    _failing("type:at once", tmp_path / "failing", case)
    (case / "defects" / "defect-90.json").write_text(json.dumps({
        "version": "1.0 Farhad", "kinds": ["TypeError", "Farhad Kiani", 7], "frames": [["a.b:1", "/home/farhad:3"]],
        "exhibits": ["ab" * 32], "message": "Farhad",
    }))  # fmt: skip
    (case / "defects" / "Farhad.json").write_text('{"kinds": ["X"]}')
    (case / "defects" / "defect-91.json").write_text("[]")
    out = tmp_path / "bundle.json"
    ran = verify("doctor", "--share", out, "--case", case)
    assert ran.code == 0, ran.err
    text = out.read_text("utf-8")
    assert out.stat().st_mode & 0o777 == 0o600
    shared = json.loads(text)
    assert {"kinds": ["TypeError"], "frames": [["a.b:1"]], "exhibits": 1, "version": "unknown"} in shared["defects"]
    for word in ("Farhad", "farhad", "abab", str(tmp_path), str(Path.home()), sys.prefix, "/usr"):
        assert word not in text, word
    again = verify("doctor", "--share", out, "--case", case)
    assert again.code == 2 and again.err.count("\n") == 1
