"""Says it to people: one file a verb; the only floor that prints, reads the environment or exits."""

from __future__ import annotations


def main() -> None:
    """Run the command line."""
    from verifier.commands.app import app

    app()
