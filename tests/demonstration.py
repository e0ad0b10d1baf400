"""The main job on `fixtures/demo`, done once for all tests and all processes that run them; nobody changes it."""

from __future__ import annotations

import fcntl
import json
import os
from pathlib import Path
from typing import Any

import pytest

from tests.commands.running import verify

DEMO = Path(__file__).parent.parent / "fixtures" / "demo"


class Demo(dict[str, Any]):
    """report.json, and the case that it is of: who writes to the case copies it."""

    case: Path


def demonstration(factory: pytest.TempPathFactory) -> Demo:
    """Ingest, report and audit of the demonstration; whoever comes second waits for it."""
    base = factory.getbasetemp()
    folder = (base.parent if "PYTEST_XDIST_WORKER" in os.environ else base) / "demonstration"
    folder.mkdir(mode=0o700, exist_ok=True)
    with (folder / "lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not (folder / "made").exists():
            _make(folder)
            (folder / "made").touch()
    found = Demo(json.loads((folder / "out" / "report.json").read_text("utf-8")))
    found.case = folder / "case"
    return found


def _make(folder: Path) -> None:
    case = folder / "case"
    ran = verify("ingest", DEMO, "--case", case, "--batch", DEMO / "batch.toml", "--operator", "demo", "--jobs", 2)
    assert ran.code == 1, ran.err  # the demo holds damaged files on purpose
    assert verify("report", "--case", case, "--out", folder / "out", "--format", "json").code == 0
    assert verify("audit", "--case", case).code == 0
