"""Says it to people: one file a verb; the only floor that prints, reads the environment or exits."""

from __future__ import annotations

import os
import sys
from pathlib import Path
from types import TracebackType
from typing import NoReturn

from verifier.errors import EXIT_ENVIRONMENT, EXIT_INTERRUPTED, Error


def main() -> None:
    """Run the command line; every refusal of the house becomes one sentence and its exit code."""
    from verifier.commands.app import app

    # The products here are small: two threads of a linear-algebra library cost more waiting than they compute
    # (measured on comparing: 76 s of processor time with them, 29 s without). It reads this when NumPy is imported.
    os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")
    sys.excepthook = _own_defect
    try:
        app()
    except Error as error:
        sys.stderr.write(f"verify: {_safe(error.sentence)}\n")
        sys.exit(error.exit_code)
    except KeyboardInterrupt:
        _interrupted()
    except SystemExit as ended:  # typer turns an interruption into this, and says nothing
        if ended.code == EXIT_INTERRUPTED:
            _interrupted()
        raise
    except BrokenPipeError:  # the reader of our output went away: `verify report --json | head`
        sys.stderr.close()
        sys.exit(0)


def _interrupted() -> NoReturn:
    sys.stderr.write("\nverify: interrupted. What was done is kept; run the same command again to go on.\n")
    sys.exit(EXIT_INTERRUPTED)


def _own_defect(kind: type[BaseException], error: BaseException, trace: TracebackType | None) -> None:
    """What nobody foresaw is our defect: one sentence, no trace on the screen that could hold a name from evidence."""
    where = trace
    while where is not None and where.tb_next is not None:
        where = where.tb_next
    place = f" at {Path(where.tb_frame.f_code.co_filename).name}:{where.tb_lineno}" if where is not None else ""
    sys.stderr.write(
        f"verify: a defect of our own ({kind.__name__}{place}). What was done is kept. Set VERIFY_TRACE=1 and run it "
        "again to see more; report it without any evidence in it.\n"
    )
    if os.environ.get("VERIFY_TRACE"):
        sys.__excepthook__(kind, error, trace)
    sys.stderr.flush()
    os._exit(EXIT_ENVIRONMENT)  # an exit code of 1 would say: done, with faults


def _safe(text: str) -> str:
    from verifier.visible import visible

    return visible(text, 2000)
