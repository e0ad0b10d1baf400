"""No command reaches for the network or leaves a trace outside the case, the out folder and its temporary files."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import typer
from typer.core import TyperGroup

from tests.commands.silent_scenario import steps
from verifier.commands.app import app

ROOT = Path(__file__).parent.parent.parent
SPACES = ("--net", "--pid", "--fork", "--kill-child") if os.geteuid() == 0 else ("--user", "--map-root-user", "--net")


def _reason() -> str:
    """Why there can be no private network here; empty where there can."""
    if not sys.platform.startswith("linux"):
        return "network namespaces are a thing of Linux"
    if missing := [tool for tool in ("unshare", "ip") if shutil.which(tool) is None]:
        return f"{missing[0]} is not installed"
    tried = subprocess.run(["unshare", *SPACES, "true"], check=False, capture_output=True)
    return "" if tried.returncode == 0 else "this user may make no network namespace here"


@pytest.fixture(scope="module")
def told(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Any]:
    if reason := _reason():
        pytest.skip(reason)
    root = tmp_path_factory.mktemp("silent")
    ran = subprocess.run(
        ["unshare", *SPACES, sys.executable, "-m", "tests.commands.silent_watch", str(root)],
        cwd=ROOT,
        env=os.environ | {"PYTHONPATH": str(ROOT), "PYTHONDONTWRITEBYTECODE": "1"},
        capture_output=True,
        check=False,
    )
    assert ran.returncode == 0, ran.stderr.decode("utf-8", "replace")[-3000:]
    known: dict[str, Any] = json.loads(ran.stdout)
    return known


def _verbs(command: object, words: tuple[str, ...] = ()) -> Iterator[tuple[str, ...]]:
    if isinstance(command, TyperGroup):
        for name, part in command.commands.items():
            yield from _verbs(part, (*words, name))
    else:
        yield words


def test_the_scenario_has_every_command(tmp_path: Path) -> None:
    """A new command is not silent until it was listened to: give it a step in silent_scenario.py."""
    commands = set(_verbs(typer.main.get_command(app))) - {("worker",)}  # whose work is to connect
    assert commands == {step.command for step in steps(tmp_path / "work", tmp_path / "out")}


def test_what_is_not_silent_would_be_heard(told: dict[str, Any]) -> None:
    asked, connected, wrote = told["controls"]
    assert any("example" in packet for packet in asked["packets"])
    assert connected["packets"]
    assert wrote["strays"] == ["home/.identifier"]
    if told["writes_watched"]:
        assert [Path(path).name for path in wrote["outside"]] == [".identifier"]
    else:
        assert os.geteuid() != 0 or not wrote["outside"]


def test_every_command_does_its_work(told: dict[str, Any]) -> None:
    """The evidence holds a playlist and a page that no instrument reads: `ingest` and `import` of it say so with 1."""
    usual = {"ingest": 1, "import": 1}
    steps = [step for step in told["steps"] if "Nothing to file" not in step["said"]]
    assert len(steps) == len(told["steps"]) - 1  # the sheet comes back as it went out, with 0
    strange = [step for step in steps if step["code"] != usual.get(step["command"], 0)]
    assert [f"{step['command']}: {step['said']}" for step in strange] == []


@pytest.mark.parametrize("what", ["packets", "strays", "outside"])
def test_no_command_sends_a_packet_or_writes_where_it_may_not(told: dict[str, Any], what: str) -> None:
    assert {step["command"]: step[what] for step in told["steps"] if step[what]} == {}


def test_what_commands_are_given_stays_as_it_was(told: dict[str, Any]) -> None:
    assert [step["command"] for step in told["steps"] if not step["inputs_kept"]] == []
