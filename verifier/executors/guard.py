"""The parent's side of one worker: start it, hand it jobs, hold the clock, and end it when it must be ended."""

from __future__ import annotations

import contextlib
import os
import queue
import signal
import subprocess
import sys
import tempfile
import threading
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import IO, TYPE_CHECKING

import verifier
from verifier.canonical import to_plain
from verifier.confinement import lacking, named
from verifier.errors import SandboxLacking, WorkerFailed
from verifier.executors.examine import Begun, Finished, Step, together
from verifier.executors.sandbox import EXIT_MEMORY
from verifier.executors.wire import LENGTH, MOST_BYTES, Ended, Hello, pack, understood
from verifier.instruments import Job
from verifier.records import FaultKind

if TYPE_CHECKING:
    from verifier.instruments import Limits

START_SECONDS = 120.0
ANSWER_SECONDS = 30.0  # between units, where a healthy worker needs milliseconds
MOST_JOBS = 1000
MOST_RESIDENT_BYTES = 900 << 20
MOST_BYTES_A_JOB = 160 << 20  # of all answers together; held in memory until the job is done
_KEPT_ENVIRONMENT = ("PATH", "LANG", "LC_ALL", "TMPDIR", "TEMP", "TMP", "SYSTEMROOT", "PYTHONPATH", "LD_LIBRARY_PATH")
_QUIET = {
    "OMP_NUM_THREADS": "1",
    "OPENBLAS_NUM_THREADS": "1",
    "MKL_NUM_THREADS": "1",
    "OPENCV_FOR_THREADS_NUM": "1",
    "OPENCV_IO_MAX_IMAGE_PIXELS": "178956970",
    "OPENCV_FFMPEG_CAPTURE_OPTIONS": "protocol_whitelist;none|format_whitelist;none",
    "PYTHONDONTWRITEBYTECODE": "1",
    "PYTHONUTF8": "1",
    "ORT_DISABLE_TELEMETRY": "1",
}


class Lost(Exception):
    """The worker is gone; `kind` and `detail` are what its running instruments get."""

    def __init__(self, kind: FaultKind, detail: str) -> None:
        super().__init__(detail)
        self.kind, self.detail = kind, detail


class Guard:
    """One worker process at a time. Not for use by two threads at once, except for `kill`."""

    def __init__(
        self,
        instruments: str,
        readable: Sequence[Path],
        import_path: Sequence[Path] = (),
        *,
        most_resident_bytes: int = MOST_RESIDENT_BYTES,
        weaker: bool = False,
    ) -> None:
        """`readable`: folders and single files. `most_resident_bytes`: a worker that holds more is replaced.

        `weaker`: hand jobs also to a worker that lacks a layer of its sandbox.
        """
        self._most_resident_bytes, self._weaker = most_resident_bytes, weaker
        self._command = [sys.executable, "-P", "-m", "verifier.executors.worker", "--instruments", instruments]
        self._readable = [folder.resolve() for folder in readable]
        for folder in self._readable:
            self._command += ["--readable", str(folder)]
        self._import_path = [str(Path(verifier.__file__).parent.parent), *(str(item) for item in import_path)]
        self._process: subprocess.Popen[bytes] | None = None
        self._pipe: _Pipe | None = None
        self._limits: Mapping[str, Limits] = {}
        self._jobs = 0
        self._worn = False
        self._heard = 0
        self.hello: Hello | None = None

    def start(self) -> Hello:
        """Make sure a worker is running. Raises WorkerFailed with what it said if it cannot be started."""
        if self._process is not None and self.hello is not None:
            if not self._worn and self._process.poll() is None:
                return self.hello
            self.stop()
        missing = [place for place in self._readable if not place.exists()]
        if missing:  # what is made later could not be read by a worker that has already given up its rights
            raise WorkerFailed(f"{missing[0].name} is not there")
        with tempfile.TemporaryFile() as said:
            self._process = subprocess.Popen(  # noqa: S603 - our own interpreter, our own module
                self._command,
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=said,
                env=self._environment(),
                start_new_session=True,
            )
            self._pipe = _Pipe(self._process)
            try:
                hello = understood(self._pipe.frame(START_SECONDS))
            except (Lost, ValueError, queue.Empty):
                self.kill()
                said.seek(0)
                lines = said.read()[-2000:].decode("utf-8", "replace").strip().splitlines()
                raise WorkerFailed(lines[-1] if lines else "it gave no sign of life") from None
        if not isinstance(hello, Hello):
            self.kill()
            raise WorkerFailed("it did not introduce itself")
        self.hello, self._jobs, self._worn = hello, 0, False
        self._limits = {entry.name: entry.limits for entry in hello.instruments}
        return hello

    def confined(self) -> Hello:
        """A running worker in which every layer is in force, or less where that is allowed. Raises SandboxLacking."""
        hello = self.start()
        missing = lacking(hello.layers)
        if missing and not self._weaker:
            self.kill()
            raise SandboxLacking(named(missing))
        return hello

    def examine(self, job: Job) -> Iterator[Step]:
        """The worker's steps for a job. Raises Lost when it had to be ended or has ended itself.

        Raises SandboxLacking before the job is handed over where a layer is missing and that was not allowed.
        """
        self.confined()
        pipe, running = self._pipe, set[str]()
        assert pipe is not None  # noqa: S101 - `start` made it
        self._heard = 0
        pipe.send(pack(to_plain(job)))
        seconds = ANSWER_SECONDS
        while True:
            said = self._next(pipe, seconds)
            if isinstance(said, Ended) and not running:
                self._jobs += 1
                self._worn = self._jobs >= MOST_JOBS or said.resident_bytes > self._most_resident_bytes
                return
            if isinstance(said, Begun) and not running and set(said.instruments) <= set(job.instruments):
                running = set(said.instruments)
                seconds = self._seconds(said.instruments, job)
            elif isinstance(said, Finished) and said.instrument in (running or job.instruments):
                running.discard(said.instrument)
                seconds = seconds if running else ANSWER_SECONDS
            else:
                raise self._lost(FaultKind.CRASH, "the worker broke the protocol and was ended")
            yield said

    def _seconds(self, names: Sequence[str], job: Job) -> float:
        return together(self._limits[name] for name in names if name in self._limits).seconds_for(job.exhibit.size)

    def _next(self, pipe: _Pipe, seconds: float) -> Hello | Step | Ended:
        try:
            frame = pipe.frame(seconds)
            self._heard += len(frame)
            if self._heard > MOST_BYTES_A_JOB:
                raise Lost(FaultKind.CRASH, "the answers for one exhibit are together too large; it was ended")
            return understood(frame)
        except queue.Empty:
            detail = f"gave no answer within {seconds:.0f} seconds and was ended"
            raise self._lost(FaultKind.TIMEOUT, detail) from None
        except ValueError:
            raise self._lost(FaultKind.CRASH, "the worker broke the protocol and was ended") from None
        except Lost as lost:
            raise self._lost(lost.kind, lost.detail) from None

    def _lost(self, kind: FaultKind, detail: str) -> Lost:
        """End what is left of the worker and say how it ended."""
        ended = self.kill()
        if detail:
            return Lost(kind, detail)
        return Lost(*how_it_ended(ended))

    def kill(self) -> int | None:
        """End the worker and everything it started, at once; its return code. May be called from another thread."""
        process = self._process
        if process is None:
            return None
        code = process.poll()
        if code is None and self._pipe is not None and self._pipe.ended:
            try:
                code = process.wait(1)  # it is on its way: learn how it ended before ending it
            except subprocess.TimeoutExpired:
                code = None
        if code is None:
            _end(process)
        code = process.wait()
        if self._pipe is not None:
            self._pipe.close()
        self._process, self._pipe = None, None
        return code

    def stop(self) -> None:
        """Let an idle worker go home; end it if it does not."""
        process = self._process
        if process is not None and process.stdin is not None:
            try:
                process.stdin.close()
                process.wait(2)
            except (OSError, subprocess.TimeoutExpired):
                pass  # `kill` follows
        self.kill()

    def _environment(self) -> dict[str, str]:
        kept = {name: os.environ[name] for name in _KEPT_ENVIRONMENT if name in os.environ}
        path = [*self._import_path, *filter(None, kept.get("PYTHONPATH", "").split(os.pathsep))]
        return {**kept, **_QUIET, "PYTHONPATH": os.pathsep.join(path)}


def how_it_ended(code: int | None) -> tuple[FaultKind, str]:
    """What a return code says of a worker that nobody ended."""
    if code == EXIT_MEMORY:
        return FaultKind.MEMORY, "needed more memory than an instrument is allowed"
    if code is None or code >= 0 or sys.platform == "win32":
        return FaultKind.CRASH, f"the worker ended (code {code})"
    if -code == signal.SIGXCPU:
        return FaultKind.TIMEOUT, "used up its processor time and was ended"
    if -code == signal.SIGKILL:
        return FaultKind.MEMORY, "the system ended the worker, most likely for want of memory"
    try:
        name = signal.Signals(-code).name
    except ValueError:
        name = f"signal {-code}"
    return FaultKind.CRASH, f"the decoder crashed ({name})"


def _end(process: subprocess.Popen[bytes]) -> None:
    if sys.platform == "win32":
        process.kill()
        return
    try:
        os.killpg(process.pid, signal.SIGKILL)  # its own session: what it may have started goes too
    except (ProcessLookupError, PermissionError):
        process.kill()


class _Pipe:
    """Frames of one worker. A thread reads, because no portable wait for a pipe exists; memory is bounded."""

    def __init__(self, process: subprocess.Popen[bytes]) -> None:
        assert process.stdin is not None and process.stdout is not None  # noqa: S101 - both are PIPE
        self._in: IO[bytes] = process.stdout
        self._out: IO[bytes] = process.stdin
        self._frames: queue.Queue[bytes | Lost] = queue.Queue(maxsize=1)
        self.ended = False
        self._thread = threading.Thread(target=self._read, name="worker's answers", daemon=True)
        self._thread.start()

    def send(self, frame: bytes) -> None:
        """Hand over a job. A worker that is gone is noticed by `frame`."""
        try:
            self._out.write(frame)
            self._out.flush()
        except OSError:
            self.ended = True

    def frame(self, seconds: float) -> bytes:
        """The next frame. Raises queue.Empty when time is up, Lost at the end."""
        said = self._frames.get(timeout=max(0.0, seconds))
        if isinstance(said, Lost):
            raise said
        return said

    def close(self) -> None:
        """Close both ends, after the process has ended."""
        while self._thread.is_alive():
            try:
                self._frames.get(timeout=0.05)
            except queue.Empty:
                continue
        with contextlib.suppress(queue.Full):  # for a thread that waits while another ends the worker
            self._frames.put_nowait(Lost(FaultKind.CRASH, ""))
        for stream in (self._in, self._out):
            try:
                stream.close()
            except OSError:
                continue  # what could not be flushed was for a worker that is gone

    def _read(self) -> None:
        while True:
            header = self._in.read(LENGTH.size)
            if len(header) < LENGTH.size:
                break
            (length,) = LENGTH.unpack(header)
            if length > MOST_BYTES:
                self._frames.put(Lost(FaultKind.CRASH, "the worker's answer is larger than 64 MiB; it was ended"))
                return
            body = self._in.read(length)
            if len(body) < length:
                break
            self._frames.put(body)
        self.ended = True
        self._frames.put(Lost(FaultKind.CRASH, ""))
