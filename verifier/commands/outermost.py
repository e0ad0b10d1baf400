"""The outermost point of a command: whatever was not foreseen becomes one sentence and, in the case, a defect file.

A traceback can hold a name from evidence, a path or a coordinate, so none is ever printed (unless VERIFY_TRACE is set,
which is for developers). The defect file holds kinds of errors, modules with line numbers and ids of exhibits; no
message, path or value.
"""

from __future__ import annotations

import errno
import json
import os
import platform
import re
import sys
import threading
import traceback
import warnings
from collections.abc import Callable, Iterator, Sequence
from contextlib import suppress
from pathlib import Path
from types import TracebackType
from typing import Any, NoReturn

from typer.core import TyperGroup

from verifier.errors import EXIT_ENVIRONMENT, EXIT_INTERRUPTED, Error
from verifier.guarded import caught

DEFECTS = "defects"
CLOSED = 0o077  # whatever a command or a library of ours writes is for this user only
SCHEMA = "verify-defect/1"
MOST_FRAMES, MOST_KINDS, MOST_FILES = 40, 12, 100
NAME = re.compile(r"[A-Za-z_][A-Za-z0-9_]{0,79}")
MODULE = re.compile(r"[A-Za-z_][A-Za-z0-9_.]{0,119}")
EXHIBIT = re.compile(r"(?<![0-9a-f])[0-9a-f]{64}(?![0-9a-f])")
DEFECT_FILE = re.compile(r"defect-[1-9][0-9]{0,5}\.json")


class Passing(BaseException):
    """Carries an error past typer, which would end an EOFError or a broken pipe with 1: done, with faults."""

    def __init__(self, error: Exception) -> None:
        super().__init__()
        self.error = error


class Corridor(TyperGroup):
    """The front group: lets no error of a verb be taken for the end of the input or of the output."""

    def invoke(self, ctx: Any) -> Any:  # noqa: ANN401 - typer keeps its own kind of context private
        """Run the verb."""
        try:
            return super().invoke(ctx)
        except (EOFError, OSError) as error:
            raise Passing(error) from error


def run(action: Callable[[], None]) -> None:
    """Do it; end the program with one sentence where it fails, whatever is raised."""
    os.umask(CLOSED)
    _quieten()
    try:
        error = caught(action)
    except KeyboardInterrupt:
        interrupted()
    except GeneratorExit as ended:
        error = ended
    except SystemExit as ended:  # typer turns an interruption into this, and says nothing
        if ended.code == EXIT_INTERRUPTED:
            interrupted()
        error = caught(sys.stdout.flush) or ended
        if error is ended:
            raise
    if error is None:
        error = caught(sys.stdout.flush)
    if error is not None:
        _end(error.error if isinstance(error, Passing) else error)


def interrupted() -> NoReturn:
    """End as interrupted."""
    sys.stderr.write("\nverify: interrupted. What was done is kept; run the same command again to go on.\n")
    sys.exit(EXIT_INTERRUPTED)


def _end(error: BaseException) -> NoReturn:
    if isinstance(error, Error):
        from verifier.visible import visible

        _say(f"verify: {visible(error.sentence, 2000)}")
        sys.exit(error.exit_code)
    leaves = tuple(_leaves(error))
    if leaves and all(isinstance(leaf, KeyboardInterrupt) for leaf in leaves):
        interrupted()
    _say(_sentence(error))
    if os.environ.get("VERIFY_TRACE"):
        with suppress(OSError, ValueError):
            traceback.print_exception(error)
    for stream in (sys.stdout, sys.stderr):
        with suppress(OSError, ValueError):
            stream.flush()
    os._exit(EXIT_ENVIRONMENT)  # an exit code of 1 would say: done, with faults; a thread could still print


def _sentence(error: BaseException) -> str:
    """What a person reads: no message of the error, which could hold a path or words of evidence."""
    if isinstance(error, BrokenPipeError) or (isinstance(error, OSError) and error.errno == errno.EPIPE):
        return "verify: whoever read the output went away before its end. What was done is kept."
    if isinstance(error, OSError) and error.errno:
        said = f"this computer refused a file or a device ({os.strerror(error.errno)}{_at(error)})"
    elif isinstance(error, MemoryError):
        said = f"the memory of this computer ran out ({type(error).__name__}{_at(error)})"
    else:
        said = f"a defect of our own ({_kind(error)}{_at(error)})"
    written = keep_defect(error)
    kept = f" Its place, without names or values, is kept in the case as {written[0]}." if written else ""
    return f"verify: {said}. What was done is kept.{kept} Report it with: verify doctor --share FILE"


def _say(sentence: str) -> None:
    with suppress(OSError, ValueError):
        sys.stderr.write(sentence + "\n")


def _kind(error: BaseException) -> str:
    name = type(error).__name__
    return name if NAME.fullmatch(name) else "an error"


def _leaves(error: BaseException) -> Iterator[BaseException]:
    """The error; of a group, what it holds, without recursion."""
    waiting = [error]
    while waiting:
        one = waiting.pop()
        if isinstance(one, BaseExceptionGroup):
            waiting.extend(reversed(one.exceptions))
        else:
            yield one


def _chain(error: BaseException) -> Iterator[BaseException]:
    """Errors with what caused them, each once."""
    seen: set[int] = set()
    waiting = [error]
    while waiting and len(seen) < MOST_KINDS:
        one = waiting.pop(0)
        if id(one) in seen:
            continue
        seen.add(id(one))
        yield one
        more: Sequence[BaseException | None] = (one.__cause__, one.__context__)
        inner = one.exceptions if isinstance(one, BaseExceptionGroup) else ()
        waiting.extend(item for item in (*inner, *more) if item is not None)


def _frames(trace: TracebackType | None) -> list[str]:
    """Module and line of every frame, outermost first; the innermost ones where there are many."""
    found: list[str] = []
    while trace is not None:
        module = str(trace.tb_frame.f_globals.get("__name__", ""))
        found.append(f"{module if MODULE.fullmatch(module) else 'unknown'}:{trace.tb_lineno}")
        trace = trace.tb_next
        if len(found) > 2 * MOST_FRAMES:
            del found[:MOST_FRAMES]
    return found[-MOST_FRAMES:]


def _at(error: BaseException) -> str:
    frames = _frames(next(_leaves(error), error).__traceback__) or _frames(error.__traceback__)
    return f" at {frames[-1]}" if frames else ""


def described(error: BaseException) -> dict[str, object]:
    """The defect as it is kept: kinds, frames, ids of exhibits."""
    from verifier import __version__

    ids: set[str] = set()
    for one in _chain(error):
        texts: list[str] = []
        caught(lambda one=one, texts=texts: texts.append(str(one)))  # type: ignore[misc]
        ids.update(found for text in texts for found in EXHIBIT.findall(text[:100_000]))
    return {
        "schema": SCHEMA,
        "version": __version__,
        "python": platform.python_version(),
        "system": platform.system(),
        "kinds": [_kind(one) for one in _chain(error)],
        "frames": [_frames(one.__traceback__) for one in _chain(error) if one.__traceback__ is not None],
        "exhibits": sorted(ids)[:MOST_KINDS],
    }


def keep_defect(error: BaseException) -> list[str]:
    """Keep what went wrong in the case that the command line speaks of; its name there, or nothing."""
    written: list[str] = []
    caught(lambda: written.extend(_kept(error)))
    return written


def _kept(error: BaseException) -> Iterator[str]:
    """Write the defect into the case; its name there. Nothing where there is no case."""
    case = case_of(sys.argv[1:])
    if not (case / "case.db").is_file():
        return
    folder = case / DEFECTS
    folder.mkdir(mode=0o700, exist_ok=True)
    content = json.dumps(described(error), indent=1).encode("ascii")
    for number in range(1, MOST_FILES + 1):
        flags = os.O_WRONLY | os.O_CREAT | os.O_EXCL | getattr(os, "O_NOFOLLOW", 0)
        with suppress(FileExistsError):
            handle = os.open(folder / f"defect-{number}.json", flags, 0o600)
            with os.fdopen(handle, "wb") as stream:
                stream.write(content)
            yield f"{DEFECTS}/defect-{number}.json"
            return


def case_of(words: Sequence[str]) -> Path:
    """The case that a command line speaks of."""
    from verifier.commands.opening import case_path

    for number, word in enumerate(words):
        if word == "--case" and number + 1 < len(words):
            return case_path(Path(words[number + 1]))
        if word.startswith("--case="):
            return case_path(Path(word.removeprefix("--case=")))
    return case_path(None)


def defects(case: Path) -> list[dict[str, object]]:
    """The defects that a case keeps, as they may be shared: rebuilt field by field, without ids of exhibits."""
    found = []
    folder = case / DEFECTS
    names = sorted(path.name for path in folder.iterdir()) if folder.is_dir() else []
    for name in names:
        if not DEFECT_FILE.fullmatch(name):
            continue
        with suppress(OSError, ValueError, AttributeError, TypeError):
            found.append(_shared(json.loads((folder / name).read_bytes()[: 1 << 20])))
    return found


def _shared(kept: dict[str, Any]) -> dict[str, object]:
    frames = [
        [frame for frame in some if re.fullmatch(rf"(?:{MODULE.pattern}):\d{{1,7}}", str(frame))]
        for some in kept["frames"][:MOST_KINDS]
    ]
    kinds = [kind for kind in kept["kinds"][:MOST_KINDS] if NAME.fullmatch(str(kind))]
    version = str(kept.get("version"))
    return {
        "version": version if re.fullmatch(r"[0-9][0-9A-Za-z.+]{0,30}", version) else "unknown",
        "kinds": kinds,
        "frames": frames,
        "exhibits": len(kept.get("exhibits", ())),
    }


def _quieten() -> None:
    """Nothing of a library or a thread writes a trace or a path on the screen; what cannot be encoded is escaped."""
    for stream in (sys.stdout, sys.stderr):
        with suppress(AttributeError, ValueError, OSError):
            stream.reconfigure(errors="backslashreplace")  # type: ignore[union-attr]
    if os.environ.get("VERIFY_TRACE"):
        return
    warnings.showwarning = _unsaid
    sys.unraisablehook = _unraisable
    threading.excepthook = _in_thread


def _unsaid(*_: object, **__: object) -> None:
    """A warning of a library is for its developers."""


def _unraisable(_: object) -> None:
    """An error while something is thrown away changes no result."""


def _in_thread(told: threading.ExceptHookArgs) -> None:
    if told.exc_value is not None:
        _say(_sentence(told.exc_value))
