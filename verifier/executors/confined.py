"""The parent's side of a foreign program: start it shut in, hold the clock, bound what it says, know what held."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import tempfile
import threading
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

import verifier
from verifier.canonical import from_plain
from verifier.confinement import Protection, lacking, named
from verifier.errors import SandboxLacking, Unsupported
from verifier.executors.program import EXIT_LACKING

MOST_STATUS_BYTES = 1 << 16
MOST_SAID_BYTES = 1 << 16


@dataclass(frozen=True, slots=True, kw_only=True)
class Ran:
    """How a program ended and what it said; `output` holds at most one byte more than was allowed."""

    code: int
    output: bytes
    said: str


@dataclass(slots=True, kw_only=True)
class Confined:
    """Runs one kind of program. `layers` is known after the first run.

    `readable`: what it may read; `runs`: a further file that may be started (the interpreter of a script).
    """

    seconds: float
    memory_bytes: int
    most_bytes: int
    readable: Sequence[str] = ()
    runs: Sequence[str] = ()
    weaker: bool = False
    layers: tuple[Protection, ...] = field(default=())

    def run(self, command: Sequence[str], *, descriptors: Sequence[int] = (), given: bytes = b"") -> Ran:
        """Let it run to its end. Raises SandboxLacking where a layer is missing and that was not allowed."""
        if not Path(command[0]).is_absolute() or not Path(command[0]).is_file():
            raise Unsupported("the program must be there, and named by its whole path")
        heard, says = os.pipe()
        try:
            with tempfile.TemporaryFile() as listing:
                listing.write(given)
                listing.seek(0)
                process = self._started(command, [*descriptors, says], says, listing.fileno())
                os.close(says)
                says = -1
                self._hear(heard)
                return self._watched(process)
        finally:
            os.close(heard)
            if says >= 0:
                os.close(says)

    def _started(self, command: Sequence[str], descriptors: Sequence[int], says: int, given: int) -> _Process:
        launcher = [sys.executable, "-P", "-m", "verifier.executors.program", "--status", str(says)]
        launcher += ["--memory", str(self.memory_bytes), "--seconds", str(self.seconds)]
        launcher += [f"--readable={item}" for item in self.readable] + [f"--runs={item}" for item in self.runs]
        launcher += ["--weaker"] if self.weaker else []
        return subprocess.Popen(  # noqa: S603 - our own interpreter and module, then a fixed program
            [*launcher, "--", *command],
            stdin=given,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            env={
                "PATH": "/usr/local/bin:/usr/bin:/bin",
                "LC_ALL": "C",
                "PYTHONPATH": str(Path(verifier.__file__).parent.parent),
                "PYTHONDONTWRITEBYTECODE": "1",
            },
            cwd=Path(os.sep).resolve(),
            pass_fds=descriptors,
            start_new_session=True,
        )

    def _hear(self, descriptor: int) -> None:
        """The layers, said before the program begins; the pipe ends when it does."""
        body = b""
        while len(body) < MOST_STATUS_BYTES and (part := os.read(descriptor, 4096)):
            body += part
        try:
            self.layers = from_plain(tuple[Protection, ...], json.loads(body or b"[]"))
        except ValueError:
            self.layers = ()

    def _watched(self, process: _Process) -> Ran:
        assert process.stdout is not None and process.stderr is not None  # noqa: S101 - both are PIPE
        said: list[bytes] = []
        listener = threading.Thread(target=lambda: said.append(_all_of(process, MOST_SAID_BYTES)), daemon=True)
        clock = threading.Timer(self.seconds, _end, (process,))
        listener.start()
        clock.start()
        try:
            output = process.stdout.read(self.most_bytes + 1)
            if len(output) > self.most_bytes:
                _end(process)
            process.stdout.close()
            code = process.wait()
            listener.join()
        finally:
            clock.cancel()
            process.stderr.close()
        if code == EXIT_LACKING or (lacking(self.layers) and not self.weaker):
            raise SandboxLacking(named(lacking(self.layers)))
        return Ran(code=code, output=output, said=b"".join(said).decode("utf-8", "replace").strip())


_Process = subprocess.Popen[bytes]


def _all_of(process: _Process, most: int) -> bytes:
    """What it says on the error stream, the beginning kept and the rest let go."""
    assert process.stderr is not None  # noqa: S101 - it is PIPE
    kept = process.stderr.read(most)
    while process.stderr.read(most):
        continue
    return kept


def _end(process: _Process) -> None:
    if sys.platform == "win32":
        process.kill()
        return
    try:
        os.killpg(process.pid, signal.SIGKILL)
    except (ProcessLookupError, PermissionError):
        return  # all of it has gone
