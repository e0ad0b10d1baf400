"""Runs every command of the scenario in a fork each, with an exception raised at its beginning or deep inside.

`python -m tests.commands.failing KIND:WHERE,… FOLDER [CASE]` prints one JSON line a command: the kind of error, where
it was raised, the words, exit code and streams.
"""

from __future__ import annotations

import contextlib
import functools
import importlib
import json
import os
import sys
import warnings
from collections.abc import Callable
from pathlib import Path

import typer
from typer.core import TyperGroup

from tests.commands import silent_scenario

SECRET = "/media/usb-Farhad/Nesrin Kazemi 35.7123.jpg"  # noqa: S105 - what must not be told


def _deep() -> None:
    def down(count: int) -> int:
        return down(count + 1) + 1

    down(0)


def _raising(error: BaseException) -> Callable[[], None]:
    def raises() -> None:
        raise error

    return raises


def _encoding() -> None:
    sys.stdout.buffer.write(SECRET[:0].encode())
    "نسرین".encode("ascii")


def _unhandled() -> None:
    try:
        raise KeyError(SECRET)
    except KeyError as error:
        warnings.warn(SECRET, stacklevel=1)
        raise ValueError(SECRET) from error


class Own(BaseException):
    """No Exception, as the panics of some native libraries."""


class Unprintable(Exception):
    def __str__(self) -> str:
        raise RuntimeError(SECRET)


KINDS: dict[str, Callable[[], None]] = {
    "type": _raising(TypeError(SECRET)),
    "key": _unhandled,
    "group": _raising(BaseExceptionGroup(SECRET, [Own(SECRET), ExceptionGroup(SECRET, [OSError(SECRET)])])),
    "recursion": _deep,
    "memory": _raising(MemoryError(SECRET)),
    "encoding": _encoding,
    "pipe": _raising(BrokenPipeError(32, "Broken pipe")),
    "file": _raising(PermissionError(13, "Permission denied", SECRET)),
    "full": _raising(OSError(28, "No space left on device", SECRET)),
    "end of input": _raising(EOFError(SECRET)),
    "base": _raising(Own(SECRET)),
    "generator": _raising(GeneratorExit(SECRET)),
    "unprintable": _raising(Unprintable(SECRET)),
    "stop": _raising(StopIteration(SECRET)),
    "assertion": _raising(AssertionError(SECRET)),
}


def _wrapped(callback: Callable[..., object], raises: Callable[[], None]) -> Callable[..., object]:
    @functools.wraps(callback)
    def failing(*_: object, **__: object) -> None:
        raises()

    return failing


def _break(command: object, raises: Callable[[], None]) -> None:
    if isinstance(command, TyperGroup):
        for part in command.commands.values():
            _break(part, raises)
    elif callback := getattr(command, "callback", None):
        command.callback = _wrapped(callback, raises)  # type: ignore[attr-defined]


def _one(words: list[str], raises: Callable[[], None], *, is_deep: bool) -> None:
    from verifier import commands
    from verifier.commands import app as front

    sys.argv = ["verify", *words]
    known = typer.main.get_command(front.app)
    if is_deep:
        from verifier.store import Store

        Store.open = classmethod(lambda *_, **__: raises())  # type: ignore[assignment,method-assign]
    else:
        _break(known, raises)
    commands.main()


def main() -> None:
    """One fork a command."""
    asked, folder = [word.split(":") for word in sys.argv[1].split(",")], Path(sys.argv[2])
    from verifier.commands import app

    known = typer.main.get_command(app.app)  # put together once, not in every fork
    typer.main.get_command = lambda _: known
    with contextlib.suppress(ImportError):
        importlib.import_module("typer._adapters")  # a quarter of a second, which every fork would spend
    silent_scenario.furnish = functools.cache(silent_scenario.furnish)
    case = Path(sys.argv[3]) if len(sys.argv) > 3 else None
    for number, (kind, where) in enumerate(asked):
        (folder / str(number)).mkdir(parents=True)
        _every_command(kind, where, folder / "work", folder / str(number), case)


def _every_command(kind: str, where: str, work: Path, root: Path, case: Path | None) -> None:
    for number, step in enumerate(silent_scenario.steps(work, root / "out")):
        words = [str(case) if case and word == root / "out" / "case" else str(word) for word in
                 (*step.command, *step.arguments)]  # fmt: skip
        streams = [root / f"{number}.out", root / f"{number}.err"]
        child = os.fork()
        if child == 0:
            os.chdir(work)
            for descriptor, path in zip((1, 2), streams, strict=True):
                os.dup2(os.open(path, os.O_WRONLY | os.O_CREAT, 0o600), descriptor)
            try:
                _one(words, KINDS[kind], is_deep=where == "deep")
            finally:
                sys.stdout.flush()
        _, status = os.waitpid(child, 0)
        out, err = (path.read_text("utf-8", "replace") for path in streams)
        code = os.waitstatus_to_exitcode(status)
        told = {"kind": kind, "where": where, "command": " ".join(step.command), "code": code, "out": out, "err": err}
        print(json.dumps(told), flush=True)


if __name__ == "__main__":
    main()
