"""Says it to people: one file a verb; the only floor that prints, reads the environment or exits."""

from __future__ import annotations

import os
import sys

from verifier.errors import EXIT_INTERRUPTED, Error


def main() -> None:
    """Run the command line; every refusal of the house becomes one sentence and its exit code."""
    from verifier.commands.app import app

    # The products here are small: two threads of a linear-algebra library cost more waiting than they compute
    # (measured on comparing: 76 s of processor time with them, 29 s without). It reads this when NumPy is imported.
    os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")
    try:
        app()
    except Error as error:
        sys.stderr.write(f"verify: {_safe(error.sentence)}\n")
        sys.exit(error.exit_code)
    except KeyboardInterrupt:
        sys.stderr.write("\nverify: interrupted. What was done is kept; run the same command again to go on.\n")
        sys.exit(EXIT_INTERRUPTED)
    except BrokenPipeError:  # the reader of our output went away: `verify report --json | head`
        sys.stderr.close()
        sys.exit(0)


def _safe(text: str) -> str:
    from verifier.visible import visible

    return visible(text, 2000)
