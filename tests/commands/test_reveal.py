"""`verify show --reveal` and `verify incident suggest` as a person runs them."""

from __future__ import annotations

import os
import pty
import shlex
import subprocess
import sys
from pathlib import Path

import cv2

from tests.commands.running import verify
from tests.commands.test_people import case, identity, made
from verifier.store import Store

__all__ = ["case", "identity", "made"]


def actions(folder: Path) -> list[tuple[str, str, str]]:
    with Store.open(folder, writing=False) as store:
        return [(event.action, event.subject, event.actor) for event in store.custody()]


def listed(folder: Path) -> set[Path]:
    """Files of a case but for the database and its log's head, which an event changes."""
    return {
        path for path in folder.rglob("*") if path.is_file() and "custody" not in path.name and "-" not in path.name
    }


def test_who_looked_stands_in_the_log(case: Path, identity: str, tmp_path: Path) -> None:
    out, before = tmp_path / "seen.jpg", listed(case)
    ran = verify("show", identity, "--reveal", "--out", out, "--yes", "--operator", "Ana", "--case", case)
    assert ran.code == 0, ran.err
    assert actions(case)[-1] == ("reveal", identity, "Ana")
    shown = cv2.imread(str(out))
    assert shown is not None and max(shown.shape[:2]) > 160 and shown.std() > 0
    assert listed(case) == before
    assert verify("audit", "--case", case).code == 0
    again = verify("show", identity, "--reveal", "--out", out, "--yes", "--operator", "Ana", "--case", case)
    assert again.code == 2 and "nothing is overwritten" in again.err


def test_without_a_yes_nothing_is_written(case: Path, identity: str, tmp_path: Path) -> None:
    out, before = tmp_path / "seen.jpg", actions(case)
    assert verify("show", identity, "--reveal", "--out", out, "--operator", "Ana", "--case", case).code == 2
    assert verify("show", identity, "--reveal", "--yes", "--out", out, "--case", case).code == 2  # nobody signed
    assert verify("show", identity, "--reveal", "--yes", "--operator", "Ana", "--case", case).code == 2  # no --out
    assert actions(case) == before and not out.exists()


def test_a_no_on_a_terminal_writes_neither(case: Path, identity: str, tmp_path: Path) -> None:
    out, before = tmp_path / "seen.jpg", actions(case)
    for answer, is_shown in ((b"n\n", False), (b"y\n", True)):
        ours, theirs = pty.openpty()
        command = ["show", identity, "--reveal", "--out", str(out), "--operator", "Ana", "--case", str(case)]
        process = subprocess.Popen(
            [sys.executable, "-m", "verifier", *command], stdin=theirs, stdout=subprocess.DEVNULL, stderr=theirs
        )
        os.close(theirs)
        os.write(ours, answer)
        assert (process.wait(timeout=120) == 0) is is_shown
        os.close(ours)
        assert out.exists() is is_shown
        assert (len(actions(case)) > len(before)) is is_shown


def test_a_suggestion_files_nothing_and_its_command_can_be_run(case: Path) -> None:
    with Store.open(case, writing=False) as store:
        one, other = sorted(exhibit.id for exhibit in store.exhibits())
    for exhibit in (one, other):
        said = ("--place", "35.76, 51.33", "--time", "2026-01-08 17:00 to 17:30 Tehran time", "--by", "witness")
        ran = verify("claim", exhibit, *said, "--operator", "Ana", "--case", case)
        assert ran.code == 0, ran.err
    before = actions(case)
    (found,) = verify("incident", "suggest", "--json", "--case", case).json["suggestions"]
    assert found["exhibits"] == [one, other] and len(found["recordings"]) == 2
    told = verify("incident", "suggest", "--case", case)
    assert told.code == 0 and "nothing was filed" in told.out
    assert actions(case) == before
    ran = verify(*shlex.split(found["command"])[1:])
    assert ran.code == 0, ran.err
    again = verify("incident", "suggest", "--json", "--case", case).json
    assert again["suggestions"] == [] and again["may_belong"] == []
