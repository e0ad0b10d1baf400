"""Runs every command of the scenario in a fork each, with an exception raised at its beginning or deep inside.

`python -m tests.commands.failing KIND DEEP FOLDER` prints one JSON line a command: its words, exit code and streams.
"""

from __future__ import annotations

import functools
import json
import os
import sys
import warnings
from collections.abc import Callable
from pathlib import Path

import typer
from typer.core import TyperGroup

from tests.commands.silent_scenario import steps

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
    if is_deep:
        from verifier.store import Store

        Store.open = classmethod(lambda *_, **__: raises())  # type: ignore[assignment,method-assign]
    else:
        known = typer.main.get_command(front.app)
        _break(known, raises)
        typer.main.get_command = lambda _: known
    commands.main()


def main() -> None:
    """One fork a command."""
    kind, is_deep, root = sys.argv[1], sys.argv[2] == "deep", Path(sys.argv[3])
    import verifier.commands.app  # noqa: F401 - loaded once, not in every fork

    case = Path(sys.argv[4]) if len(sys.argv) > 4 else None
    for number, step in enumerate(steps(root / "work", root / "out")):
        words = [str(case) if case and word == root / "out" / "case" else str(word) for word in
                 (*step.command, *step.arguments)]  # fmt: skip
        streams = [root / f"{number}.out", root / f"{number}.err"]
        child = os.fork()
        if child == 0:
            os.chdir(root / "work")
            for descriptor, path in zip((1, 2), streams, strict=True):
                os.dup2(os.open(path, os.O_WRONLY | os.O_CREAT, 0o600), descriptor)
            try:
                _one(words, KINDS[kind], is_deep=is_deep)
            finally:
                sys.stdout.flush()
        _, status = os.waitpid(child, 0)
        out, err = (path.read_text("utf-8", "replace") for path in streams)
        code = os.waitstatus_to_exitcode(status)
        print(json.dumps({"command": " ".join(step.command), "code": code, "out": out, "err": err}), flush=True)


if __name__ == "__main__":
    main()
