"""Runs `verify` as a person does: a process of its own, its streams, its exit code."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Any


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
    done = subprocess.run(
        [sys.executable, "-m", "verifier", *[os.fspath(a) if isinstance(a, Path) else str(a) for a in arguments]],
        capture_output=True,
        cwd=folder,
        env=surroundings,
        stdin=subprocess.DEVNULL,
        check=False,
    )
    return Ran(done.returncode, done.stdout.decode("utf-8"), done.stderr.decode("utf-8"))
