"""Runs jobs on this machine: threads, each handing jobs to a guarded child process of its own."""

from __future__ import annotations

import dataclasses
import os
import queue
import time
from collections.abc import Iterable, Iterator, Mapping, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from pathlib import Path

from verifier.confinement import Protection
from verifier.executors.examine import Begun, Finished
from verifier.executors.guard import MOST_RESIDENT_BYTES, Guard, Lost
from verifier.executors.outcomes import failed, outcome
from verifier.executors.wire import Entry, Hello
from verifier.instruments import Job, Outcome
from verifier.records import FaultKind

JOBS_AHEAD = 4  # per worker: enough that none waits, few enough that memory stays flat


class LocalExecutor:
    """One worker process per thread. Workers are started by the first `run`, or by asking for `layers`."""

    def __init__(
        self,
        *,
        workers: int | None = None,
        vault_root: Path,
        readable: Sequence[Path] = (),
        instruments: str = "verifier.executors.registry",
        import_path: Sequence[Path] = (),
        most_resident_bytes: int = MOST_RESIDENT_BYTES,
        weaker: bool = False,
    ) -> None:
        """`readable`: further files, or folders whose files, may be read (a case that only refers to its exhibits).

        `instruments`: a module with `load(*, examining: bool) -> Registry`, installed or found on `import_path`.
        `most_resident_bytes`: a worker that holds more after a job is replaced by a fresh one.
        `weaker`: decode although a layer of the sandbox is not in force; else `run` raises SandboxLacking.
        """
        self.workers = max(1, workers or os.cpu_count() or 1)
        folders = (vault_root, *readable)
        self._guards = [
            Guard(instruments, folders, import_path, most_resident_bytes=most_resident_bytes, weaker=weaker)
            for _ in range(self.workers)
        ]
        self._free: queue.LifoQueue[Guard] = queue.LifoQueue()
        for guard in reversed(self._guards):
            self._free.put(guard)
        self._closing = False

    @property
    def layers(self) -> tuple[Protection, ...]:
        """What is in force in the workers."""
        return self._hello().layers

    @property
    def decoders(self) -> Mapping[str, str]:
        """Versions of what opens pictures and recordings in the workers."""
        return self._hello().decoders

    @property
    def catalogue(self) -> Mapping[str, Entry]:
        """The instruments that the workers have, by name; the parent need not import any."""
        return {entry.name: entry for entry in self._hello().instruments}

    @property
    def failed_modules(self) -> Mapping[str, str]:
        """Modules that could not be imported, and why."""
        return self._hello().failed

    def run(self, jobs: Iterable[Job]) -> Iterator[Outcome]:
        """One outcome for every job, as they come. Ending the iterator early ends the workers."""
        done: queue.SimpleQueue[Future[Outcome]] = queue.SimpleQueue()
        waiting, source = 0, iter(jobs)
        pool = ThreadPoolExecutor(self.workers, thread_name_prefix="examine")
        self._closing = False
        try:
            more = True
            while more or waiting:
                while more and waiting < JOBS_AHEAD * self.workers and (done.empty() or not waiting):
                    job = next(source, None)
                    if job is None:
                        more = False
                        break
                    pool.submit(self._attend, job).add_done_callback(done.put)
                    waiting += 1
                if waiting:
                    waiting -= 1
                    yield done.get().result()
        finally:
            self._closing = True
            pool.shutdown(wait=False, cancel_futures=True)
            self.close()
            pool.shutdown(wait=True)
            self.close()  # what a thread may have started in the meantime

    def one(self, job: Job) -> Outcome:
        """The outcome of one job; its worker stays for the next one, until `close`. Threads wait for their turn."""
        self._closing = False
        return self._attend(job)

    def close(self) -> None:
        """End all workers."""
        for guard in self._guards:
            guard.kill()

    def __enter__(self) -> LocalExecutor:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def _hello(self) -> Hello:
        for guard in self._guards:
            if guard.hello is not None:
                return guard.hello
        return self._guards[0].start()

    def _attend(self, job: Job) -> Outcome:
        """See one job through, in as many workers as it takes."""
        guard = self._free.get()
        try:
            answers: dict[str, Finished] = {}
            unbegun = 0
            while waiting := tuple(name for name in job.instruments if name not in answers):
                before = len(answers)
                self._round(guard, dataclasses.replace(job, instruments=waiting), answers, blame=unbegun > 0)
                unbegun = unbegun + 1 if len(answers) == before else 0
            entries = {entry.name: entry for entry in (guard.hello or guard.start()).instruments}
            return outcome(job, answers, entries)
        finally:
            self._free.put(guard)

    def _round(self, guard: Guard, job: Job, answers: dict[str, Finished], *, blame: bool) -> None:
        """Let a worker go through the job's instruments until it ends or is lost; culprits get their fault.

        A worker lost before anything began is nobody's fault at first; the second time (`blame`) it is the job's.
        """
        running: tuple[str, ...] = ()
        began = time.monotonic()
        try:
            for step in guard.examine(job):
                if isinstance(step, Begun):
                    running, began = step.instruments, time.monotonic()
                else:
                    answers[step.instrument] = step
            for name in job.instruments:
                answers.setdefault(name, failed(name, FaultKind.DEFECT, "the worker gave no answer"))
        except Lost as lost:
            if self._closing:
                raise
            culprits = [name for name in running if name not in answers] or (job.instruments if blame else ())
            shared = f" (one decode shared by {', '.join(running)})" if len(running) > 1 else ""
            for name in culprits:
                answers[name] = failed(name, lost.kind, lost.detail + shared, time.monotonic() - began)
