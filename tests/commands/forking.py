"""A process that has imported the program and forks once for each command: the same corridor, without its start-up.

`python -m tests.commands.forking` reads one JSON line a command (words, surroundings, folder, files for what it says)
and answers with its exit code. What a command has imported is imported for those after it, decoders apart: a command
that meets one has it imported itself. There is one thread, so that no fork holds a lock of another.
"""

from __future__ import annotations

import atexit
import contextlib
import importlib
import json
import os
import subprocess
import sys
import tempfile
import traceback
from collections.abc import Callable
from pathlib import Path
from typing import IO, Any

ROOT = Path(__file__).parent.parent.parent
NEVER_AHEAD = ("cv2", "av", "PIL", "onnxruntime", "__main__", "tests")


class Forks:
    """The process, started when it is first asked."""

    def __init__(self) -> None:
        self._process: subprocess.Popen[str] | None = None

    def run(self, words: list[str], surroundings: dict[str, str], folder: str | None) -> tuple[int, bytes, bytes]:
        """Exit code and both streams of a command; as `subprocess` has it, -N where signal N ended it."""
        process = self._started()
        assert process.stdin is not None and process.stdout is not None
        with tempfile.TemporaryDirectory() as streams:
            out, err = Path(streams) / "out", Path(streams) / "err"
            asked = {
                "words": words, "surroundings": surroundings, "folder": folder or str(Path.cwd()),
                "out": str(out), "err": str(err), "imported": str(Path(streams) / "imported"),
            }  # fmt: skip
            process.stdin.write(json.dumps(asked) + "\n")
            process.stdin.flush()
            answer = process.stdout.readline()
            assert answer, "the process that runs commands is gone"
            return int(answer), out.read_bytes(), err.read_bytes()

    def _started(self) -> subprocess.Popen[str]:
        if self._process is None or self._process.poll() is not None:
            surroundings = {k: v for k, v in os.environ.items() if not k.startswith("VERIFY_")}
            self._process = subprocess.Popen(
                [sys.executable, "-m", "tests.commands.forking"], cwd=ROOT, env=surroundings,
                stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True,
            )  # fmt: skip
            atexit.register(self._end, self._process)
        return self._process

    @staticmethod
    def _end(process: subprocess.Popen[str]) -> None:
        if process.stdin is not None:
            process.stdin.close()
        process.wait(timeout=10)


def _serve(questions: IO[str], answers: IO[str]) -> None:
    from verifier.commands import main

    for line in questions:
        asked = json.loads(line)
        child = os.fork()
        if child == 0:
            _end_as(main, set(sys.modules), _become(asked))
        _, status = os.waitpid(child, 0)
        _import_as_well(Path(asked["imported"]))
        answers.write(f"{os.waitstatus_to_exitcode(status)}\n")
        answers.flush()


def _import_as_well(path: Path) -> None:
    for name in sorted(path.read_text().split()) if path.is_file() else ():
        if not name.startswith(NEVER_AHEAD):
            with contextlib.suppress(ImportError):
                importlib.import_module(name)


def _become(asked: dict[str, Any]) -> Path:
    """Take the surroundings, the folder and the streams of a process of its own; where to tell what is imported."""
    os.environ.clear()
    os.environ.update(asked["surroundings"])
    os.chdir(asked["folder"])
    flags = os.O_WRONLY | os.O_CREAT | os.O_TRUNC
    for number, opened in enumerate(
        (os.open(os.devnull, os.O_RDONLY), os.open(asked["out"], flags, 0o600), os.open(asked["err"], flags, 0o600))
    ):
        os.dup2(opened, number)
        os.close(opened)
    sys.stdin = open(0, encoding="utf-8", closefd=False)  # noqa: SIM115 - it lives as long as the process
    sys.stdout = open(1, "w", encoding="utf-8", closefd=False)  # noqa: SIM115
    sys.stderr = open(2, "w", encoding="utf-8", errors="backslashreplace", closefd=False)  # noqa: SIM115
    sys.argv = [str(ROOT / "verifier" / "__main__.py"), *asked["words"]]
    tempfile.tempdir = None
    return Path(asked["imported"])


def _end_as(main: Callable[[], object], known: set[str], imported: Path) -> None:
    """Run and leave as the interpreter does: handlers at exit, then the code."""
    code = 0
    try:
        main()
    except SystemExit as ended:
        code = ended.code if isinstance(ended.code, int) else 0 if ended.code is None else 1
        if isinstance(ended.code, str):
            print(ended.code, file=sys.stderr)
    except BaseException:  # noqa: BLE001 - as the interpreter
        traceback.print_exc()
        code = 1
    atexit._run_exitfuncs()
    imported.write_text("\n".join(set(sys.modules) - known))
    for stream in (sys.stdout, sys.stderr):
        with contextlib.suppress(OSError):
            stream.flush()
    os._exit(code)


if __name__ == "__main__":
    _serve(sys.stdin, sys.stdout)
