"""What commands leave: everything in a case is closed to other users, and nothing lies about outside it."""

from __future__ import annotations

import os
import shutil
import stat
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.commands.running import verify
from tests.commands.silent_scenario import steps
from tests.commands.test_the_whole_way import picture

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="Windows has no modes")


def _open_to_others(root: Path) -> Iterator[str]:
    for path in root.rglob("*"):
        mode = path.lstat().st_mode
        if not stat.S_ISLNK(mode) and mode & 0o077:
            yield f"{path.relative_to(root)} {oct(mode & 0o777)}"


@pytest.mark.parametrize("umask", [0o000])
def test_every_command_leaves_a_closed_case_and_an_empty_temporary_folder(tmp_path: Path, umask: int) -> None:
    work, out, passing = tmp_path / "work", tmp_path / "out", tmp_path / "passing"
    passing.mkdir()
    before = os.umask(umask)
    wrong: list[str] = []
    try:
        for step in steps(work, out):
            command = " ".join(step.command)
            ran = verify(*step.command, *step.arguments, folder=work, TMPDIR=str(passing))
            assert ran.code in (0, 1), (command, ran.err)
            for case in ("case", "lost"):
                wrong += [f"{command}: {case}/{one}" for one in _open_to_others(out / case)]
            wrong += [f"{command}: temporary {path.name}" for path in passing.iterdir()]
            wrong += [f"{command}: tmp/{path.name}" for path in (out / "case" / "tmp").glob("*")]
            shutil.rmtree(passing)
            passing.mkdir()
    finally:
        os.umask(before)
    assert wrong == []


def test_what_a_command_writes_outside_the_case_is_closed_as_well(tmp_path: Path) -> None:
    picture(tmp_path / "a.jpg", 1)
    case, before = tmp_path / "case", os.umask(0)
    try:
        assert verify("ingest", tmp_path / "a.jpg", "--case", case, "--quiet").code == 0
        assert verify("report", "--case", case, "--out", tmp_path / "r", "--format", "html,pdf,json,csv").code == 0
        assert verify("log", "--case", case, "--out", tmp_path / "custody.jsonl", "--operator", "A").code == 0
        assert verify("notes", "export", "--case", case, "--out", tmp_path / "notes.yaml").code == 0
        assert verify("seal", "--case", case, "--key", tmp_path / "key.pem", "--make-key", "--operator", "A").code == 0
    finally:
        os.umask(before)
    left = [tmp_path / name for name in ("r", "custody.jsonl", "notes.yaml", "key.pem")]
    wrong = [path.name for path in left if path.stat().st_mode & 0o077] + list(_open_to_others(tmp_path / "r"))
    assert wrong == []


def test_a_killed_command_leaves_nothing_outside_the_case(tmp_path: Path) -> None:
    """SIGKILL in the middle of taking in: what passes through temporary files is in the case or nameless."""
    evidence, passing = tmp_path / "evidence", tmp_path / "passing"
    for folder in (evidence, passing):
        folder.mkdir()
    for number in range(12):
        picture(evidence / f"{number}.jpg", number)
    surroundings = os.environ | {"TMPDIR": str(passing)}
    command = [sys.executable, "-m", "verifier", "ingest", str(evidence), "--case", str(tmp_path / "case"), "--quiet"]
    with subprocess.Popen(command, env=surroundings, stdin=subprocess.DEVNULL) as running:
        with pytest.raises(subprocess.TimeoutExpired):
            running.wait(timeout=2.0)
            raise subprocess.TimeoutExpired(command, 2.0)
        running.kill()
    assert list(passing.iterdir()) == []


def test_a_new_case_in_a_copied_or_open_folder_is_warned_of_once(tmp_path: Path) -> None:
    picture(tmp_path / "a.jpg", 1)
    case = tmp_path / "Dropbox" / "case"
    first = verify("ingest", tmp_path / "a.jpg", "--case", case, "--operator", "A")
    assert first.code == 0 and "Dropbox copies to other computers" in first.err
    again = verify("ingest", tmp_path / "a.jpg", "--case", case, "--operator", "A")
    assert "Dropbox" not in again.err
    case.chmod(0o755)
    ran = verify("doctor", "--case", case)
    assert "Dropbox" in ran.out and "other users of this computer can open it" in ran.out
