"""The command line's front: the app, its verbs and its exit codes."""

from __future__ import annotations

import typer

app = typer.Typer(no_args_is_help=True, add_completion=False)
