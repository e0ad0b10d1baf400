"""Runs jobs on the workers of a Dask cluster, each with a guarded child process of its own.

Dask brings a job to a machine and its outcome back, and nothing more: what decodes is the same confined child as on one
machine, started by each Dask worker. A worker reads evidence from where the case keeps it, a bucket or a folder that
all machines see, and never sees the records. A Dask worker that is lost takes only the exhibit that it examined: one
job is one task, and a scheduler that allows no failures hands it to nobody else. Tasks that lay on the lost worker are
done once more, each alone; one that loses its worker again has earned its fault.
"""

from __future__ import annotations

import itertools
import queue
from collections.abc import Iterable, Iterator, Mapping
from functools import cached_property
from typing import Any, TypeAlias

from verifier.confinement import Protection, State, lacking, named
from verifier.errors import Error, ExtraMissing, SandboxLacking, WorkerFailed
from verifier.executors.bench import Place, attend, introduce
from verifier.executors.outcomes import failed, outcome
from verifier.executors.wire import Entry, Hello
from verifier.instruments import Job, Outcome
from verifier.records import FaultKind

Client: TypeAlias = Any  # Dask's types are not complete
Future: TypeAlias = Any

JOBS_AHEAD = 3  # per worker
SECONDS_TO_CONNECT = 30
SECONDS_TO_INTRODUCE = 180
LOST = "the worker of the cluster that examined it was lost"
_WORSE = (State.HELD, State.IN_PART, State.NOT_HERE, State.REFUSED)


class ClusterExecutor:
    """The workers that have joined a scheduler. A context manager."""

    def __init__(self, address: str, place: Place, *, weaker: bool = False) -> None:
        """`weaker`: as for LocalExecutor, of every worker. Raises ExtraMissing, WorkerFailed."""
        self._place, self._weaker = place, weaker
        self._client = _connected(address)
        self._numbers = itertools.count()

    @property
    def layers(self) -> tuple[Protection, ...]:
        """What is in force everywhere: of each layer the worst."""
        worst: dict[object, Protection] = {}
        for hello in self._hellos.values():
            for item in hello.layers:
                known = worst.get(item.layer)
                if known is None or _WORSE.index(item.state) > _WORSE.index(known.state):
                    worst[item.layer] = item
        return tuple(worst.values())

    @property
    def catalogue(self) -> Mapping[str, Entry]:
        """The instruments that every worker has, in the same versions."""
        return self._same_catalogue

    def run(self, jobs: Iterable[Job]) -> Iterator[Outcome]:
        """One outcome for every job, as they come. Ending the iterator early gives the rest up."""
        self._admit()
        done: queue.SimpleQueue[Future] = queue.SimpleQueue()
        waiting: dict[Future, Job] = {}
        source, more = iter(jobs), True
        room = JOBS_AHEAD * max(1, len(self._hellos))
        lost: list[Job] = []
        try:
            while more or waiting:
                while more and len(waiting) < room and (done.empty() or not waiting):
                    job = next(source, None)
                    if job is None:
                        more = False
                        break
                    future = self._submit(job)
                    waiting[future] = job
                    future.add_done_callback(done.put)
                if waiting:
                    future = done.get()
                    job = waiting.pop(future)
                    answer = self._answer(future)
                    if answer is None:
                        lost.append(job)
                    else:
                        yield answer
            for job in lost:
                yield self._answer(self._submit(job)) or self._fault_of(job)
        finally:
            self._client.cancel(list(waiting))

    def close(self) -> None:
        """Leave the cluster as it is."""
        self._client.close()

    def __enter__(self) -> ClusterExecutor:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def _submit(self, job: Job) -> Future:
        key = f"examine-{job.exhibit.id[:16]}-{next(self._numbers)}"
        return self._client.submit(
            attend, self._place, job, weaker=self._weaker, key=key, retries=0, pure=False, priority=0
        )  # fmt: skip

    def _answer(self, future: Future) -> Outcome | None:
        """What came back; None where the worker was lost. A refusal of the house ends the run."""
        from distributed import KilledWorker

        error = None if future.status == "cancelled" else future.exception()
        if future.status == "finished":
            answer: Outcome = future.result()
            return answer
        if isinstance(error, KilledWorker):
            return None
        if isinstance(error, Error):
            raise error
        raise WorkerFailed(f"the cluster was lost ({future.status}: {type(error).__name__})")

    def _fault_of(self, job: Job) -> Outcome:
        answers = {name: failed(name, FaultKind.CRASH, LOST) for name in job.instruments}
        return outcome(job, answers, self.catalogue)

    @cached_property
    def _hellos(self) -> Mapping[str, Hello]:
        """What every worker said of itself, by its address. Raises WorkerFailed."""
        try:
            self._client.wait_for_workers(1, timeout=SECONDS_TO_CONNECT)
        except TimeoutError as error:
            raise WorkerFailed("no worker has joined the cluster; start one with verify worker ADDRESS") from error
        said = self._client.run(introduce, self._place, weaker=self._weaker, on_error="return")
        for address, hello in said.items():
            if not isinstance(hello, Hello):
                raise WorkerFailed(f"{address}: {hello}")
        return dict(said)

    @cached_property
    def _same_catalogue(self) -> Mapping[str, Entry]:
        every = {hello.instruments for hello in self._hellos.values()}
        if len(every) != 1:
            raise WorkerFailed("the workers of the cluster have different versions of verify")
        return {entry.name: entry for entry in every.pop()}

    def _admit(self) -> None:
        missing = lacking(self.layers)
        if missing and not self._weaker:
            raise SandboxLacking(named(missing))
        if not self.catalogue:
            raise WorkerFailed("the workers of the cluster have no instruments")


def _connected(address: str) -> Client:
    try:
        import distributed
    except ImportError as error:
        raise ExtraMissing("A cluster", "distributed", "team") from error
    connect: Any = distributed.Client
    try:
        return connect(address, timeout=SECONDS_TO_CONNECT, set_as_default=False)
    except (OSError, TimeoutError, ValueError, TypeError, RuntimeError) as error:
        raise WorkerFailed(f"the scheduler at {address} cannot be reached ({type(error).__name__})") from error
