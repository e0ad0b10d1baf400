"""Runs `verify` as a person does: a process of its own, its streams, its exit code.

The process is a fork of one that has imported the program (`forking`); where the surroundings reach the interpreter or
what is read at import, it is a new one.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from tests.commands.forking import Forks

FORKS = Forks()
READ_WHEN_RUN = ("VERIFY_", "COLUMNS", "LINES", "HOME", "TMPDIR", "XDG_", "TZ")


@dataclass(frozen=True)
class Ran:
    """How a command ended."""

    code: int
    out: str
    err: str

    @property
    def json(self) -> Any:
        return json.loads(self.out)


def verify(*arguments: object, folder: Path | None = None, **environment: str) -> Ran:
    """Run `python -m verifier ARGUMENTS…`; nothing of this process's settings leaks in."""
    surroundings = {k: v for k, v in os.environ.items() if not k.startswith("VERIFY_")} | environment
    words = [os.fspath(a) if isinstance(a, Path) else str(a) for a in arguments]
    if hasattr(os, "fork") and all(name.startswith(READ_WHEN_RUN) for name in environment):
        code, out, err = FORKS.run(words, surroundings, os.fspath(folder) if folder is not None else None)
        return Ran(code, out.decode("utf-8"), err.decode("utf-8"))
    done = subprocess.run(
        [sys.executable, "-m", "verifier", *words],
        capture_output=True,
        cwd=folder,
        env=surroundings,
        stdin=subprocess.DEVNULL,
        check=False,
    )
    return Ran(done.returncode, done.stdout.decode("utf-8"), done.stderr.decode("utf-8"))
