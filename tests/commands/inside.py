"""Runs `verify` within this process: for commands whose process is of no interest, at a tenth of the cost."""

from __future__ import annotations

import os
from functools import cache
from pathlib import Path

import typer.testing
from typer.testing import CliRunner

from tests.commands.running import Ran
from verifier.commands.app import app
from verifier.errors import Error
from verifier.visible import visible

# the parser of all commands is put together once, and not for each of the hundreds that tests run
typer.testing._get_command = cache(typer.main.get_command)  # type: ignore[attr-defined]


def inside(*arguments: object) -> Ran:
    """As `main` does: its exit code, and what it said on both streams."""
    words = [os.fspath(a) if isinstance(a, Path) else str(a) for a in arguments]
    ended = CliRunner().invoke(app, words)
    if isinstance(ended.exception, Error):
        said = f"verify: {visible(ended.exception.sentence, 2000)}\n"
        return Ran(ended.exception.exit_code, ended.stdout, ended.stderr + said)
    assert ended.exception is None or isinstance(ended.exception, SystemExit), ended.exception
    return Ran(ended.exit_code, ended.stdout, ended.stderr)
