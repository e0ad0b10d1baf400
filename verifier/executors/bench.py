"""What a worker of a cluster has: for each place that evidence is read from, a vault and a guarded child process.

These functions run inside a Dask worker. They outlive a task, so that a child is started once and not for every job.
"""

from __future__ import annotations

import dataclasses
import hashlib
import threading
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from verifier.errors import WorkerFailed
from verifier.evidence.vault import Vault
from verifier.executors.local import LocalExecutor
from verifier.executors.outcomes import failed, outcome
from verifier.executors.wire import Hello
from verifier.instruments import Job, Outcome
from verifier.records import FaultKind
from verifier.storage import Storage, write_storage

if TYPE_CHECKING:
    from distributed import Worker

NOT_HERE = "its bytes are not where this worker of the cluster reads evidence"


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """Where a worker finds evidence: a bucket, else a case folder that all machines see under the same name."""

    objects: str | None = None
    folder: str | None = None
    instruments: str = "verifier.executors.registry"
    import_path: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class _Bench:
    vault: Vault
    executor: LocalExecutor


_BENCHES: dict[tuple[Place, bool], _Bench] = {}
_THREAD = threading.Lock()


def introduce(place: Place, *, weaker: bool, dask_worker: Worker) -> Hello:
    """What this worker's child says of itself. Dask fills in itself where it runs this. Raises WorkerFailed."""
    executor = _bench(place, weaker, dask_worker).executor
    return Hello(
        instruments=tuple(executor.catalogue.values()),
        layers=executor.layers,
        decoders=dict(executor.decoders),
        failed=dict(executor.failed_modules),
    )


def attend(place: Place, job: Job, *, weaker: bool) -> Outcome:
    """The outcome of one job. Raises ObjectsLacking, IntegrityBroken, SandboxLacking, WorkerFailed."""
    from distributed import get_worker

    bench = _bench(place, weaker, get_worker())
    try:
        path = bench.vault.at_hand(job.exhibit.id)
    except FileNotFoundError:
        answers = {name: failed(name, FaultKind.ABSENT, NOT_HERE) for name in job.instruments}
        return outcome(job, answers, bench.executor.catalogue)
    try:
        return bench.executor.one(dataclasses.replace(job, path=path))
    finally:
        bench.vault.let_go(job.exhibit.id)


def _bench(place: Place, weaker: bool, worker: Worker) -> _Bench:
    with _THREAD:
        if (place, weaker) not in _BENCHES:
            vault = Vault(_folder(place, worker))
            objects, passing = vault.furnish()
            _BENCHES[place, weaker] = _Bench(
                vault=vault,
                executor=LocalExecutor(
                    workers=1,
                    vault_root=objects,
                    readable=(passing,),
                    instruments=place.instruments,
                    import_path=tuple(Path(item) for item in place.import_path),
                    weaker=weaker,
                ),
            )
        return _BENCHES[place, weaker]


def _folder(place: Place, worker: Worker) -> Path:
    """The case folder, or one of this worker's own for copies out of the bucket."""
    if place.objects is None:
        folder = Path(place.folder or "")
        if not place.folder or not folder.is_dir():
            raise WorkerFailed(f"this machine does not see the folder {folder}; give the case objects in a bucket")
        return folder
    own = Path(worker.local_directory) / hashlib.sha256(place.objects.encode()).hexdigest()[:16]
    write_storage(own, Storage(objects=place.objects))
    return own
