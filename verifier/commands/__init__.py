"""Says it to people: one file a verb; the only floor that prints, reads the environment or exits."""

from __future__ import annotations

import os


def main() -> None:
    """Run the command line; every refusal of the house becomes one sentence and its exit code."""
    # The products here are small: two threads of a linear-algebra library cost more waiting than they compute
    # (measured on comparing: 76 s of processor time with them, 29 s without). It reads this when NumPy is imported.
    os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")
    from verifier.commands.outermost import run

    run(_corridor)


def _corridor() -> None:
    from verifier.commands.app import app

    app()
