"""A cluster answers as one machine does, and whatever is lost is one exhibit's fault."""

from __future__ import annotations

import os
import signal
import threading
import time
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from tests.media.making import still
from tests.servers import local_cluster
from verifier.confinement import lacking
from verifier.errors import WorkerFailed
from verifier.evidence.vault import Vault
from verifier.executors.bench import NOT_HERE, Place
from verifier.executors.cluster import LOST, ClusterExecutor
from verifier.executors.local import LocalExecutor
from verifier.instruments import Job, Outcome
from verifier.records import Exhibit, FaultKind, Kind

distributed = pytest.importorskip("distributed")
ROOT = Path(__file__).parent.parent.parent
MISBEHAVING = "tests.executors.misbehaving"


@pytest.fixture(scope="module")
def scheduler(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """A scheduler on this computer, with two workers in processes of their own."""
    with local_cluster(tmp_path_factory.mktemp("dask")) as address:
        yield address


@pytest.fixture
def vault(tmp_path: Path) -> Vault:
    (tmp_path / "case").mkdir()
    vault = Vault(tmp_path / "case")
    vault.furnish()
    return vault


def a_job(vault: Vault, content: bytes, *instruments: str) -> Job:
    import hashlib

    name = hashlib.sha256(content).hexdigest()
    vault.settle([vault.write(name, content)])
    exhibit = Exhibit(id=name, sha512="0" * 128, size=len(content), kind=Kind.PHOTO, media_type="image/png")
    return Job(exhibit=exhibit, path=vault.path_of(name), instruments=instruments)


def on(scheduler: str, vault: Vault, instruments: str | None = None) -> ClusterExecutor:
    place = Place(folder=str(vault.root), import_path=(str(ROOT),))
    return ClusterExecutor(scheduler, place if instruments is None else replace(place, instruments=instruments))


def told(outcomes: list[Outcome]) -> dict[str, Any]:
    """Everything but how long it took."""
    return {
        one.exhibit: (tuple(replace(run, elapsed_seconds=0.0) for run in one.runs), one.records, one.faults)
        for one in outcomes
    }


def test_a_cluster_answers_as_one_machine_does(scheduler: str, vault: Vault) -> None:
    jobs = [a_job(vault, still("PNG", 64 + 8 * number), "sift", "pdq", "thumbnail", "exif") for number in range(4)] + [
        a_job(vault, b"\x89PNG no picture", "pdq", "exif")
    ]
    with LocalExecutor(workers=1, vault_root=vault.furnish()[0]) as local, on(scheduler, vault) as cluster:
        assert dict(cluster.catalogue) == dict(local.catalogue)
        assert not lacking(cluster.layers)
        assert told(list(cluster.run(jobs))) == told(list(local.run(jobs)))


def test_a_child_that_ends_is_a_fault_of_its_exhibit_alone(scheduler: str, vault: Vault) -> None:
    jobs = [a_job(vault, b"exhibit %d" % n, *(("abort", "well") if n == 3 else ("well",))) for n in range(8)]
    absent = replace(jobs[0], exhibit=replace(jobs[0].exhibit, id="0" * 64))
    with on(scheduler, vault, MISBEHAVING) as cluster:
        outcomes = {one.exhibit: one for one in cluster.run([*jobs, absent])}
    faults = {key: [(f.instrument, f.kind) for f in one.faults] for key, one in outcomes.items() if one.faults}
    assert faults == {jobs[3].exhibit.id: [("abort", FaultKind.CRASH)], "0" * 64: [("well", FaultKind.ABSENT)]}
    assert outcomes["0" * 64].faults[0].detail == NOT_HERE
    assert all(one.records["well"] for key, one in outcomes.items() if key != "0" * 64)


def test_a_worker_that_is_killed_twice_costs_the_one_exhibit_that_it_examined(scheduler: str, vault: Vault) -> None:
    slow = a_job(vault, b"slow", "hang")
    jobs = [slow, *(a_job(vault, b"quick %d" % number, "well") for number in range(12))]

    def kill_who_examines() -> None:
        killed: set[str] = set()
        with distributed.Client(scheduler, set_as_default=False) as client:
            deadline = time.monotonic() + 60
            while time.monotonic() < deadline and len(killed) < 2:
                pids = client.run(os.getpid, on_error="ignore")
                for address, keys in client.processing().items():
                    mine = {str(key) for key in keys if slow.exhibit.id[:16] in str(key)} - killed
                    if mine and address in pids:
                        os.kill(pids[address], signal.SIGKILL)
                        killed |= mine
                time.sleep(0.02)

    killer = threading.Thread(target=kill_who_examines)
    with on(scheduler, vault, MISBEHAVING) as cluster:
        assert "hang" in cluster.catalogue
        killer.start()
        outcomes = {one.exhibit: one for one in cluster.run(jobs)}
        killer.join()
    assert set(outcomes) == {job.exhibit.id for job in jobs}
    faults = {key: [fault.kind for fault in one.faults] for key, one in outcomes.items() if one.faults}
    again = {slow.exhibit.id: [FaultKind.CRASH]}  # its worker was killed a second time
    assert faults == again and outcomes[slow.exhibit.id].faults[0].detail == LOST


def test_a_folder_that_the_workers_do_not_see_is_said(scheduler: str, tmp_path: Path) -> None:
    with (
        ClusterExecutor(scheduler, Place(folder=str(tmp_path / "elsewhere"))) as cluster,
        pytest.raises(WorkerFailed, match="does not see the folder"),
    ):
        cluster.catalogue  # noqa: B018


def test_a_scheduler_that_is_not_there_is_said(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("verifier.executors.cluster.SECONDS_TO_CONNECT", 1)
    with pytest.raises(WorkerFailed, match=r"127\.0\.0\.1:9 cannot be reached"):
        ClusterExecutor("tcp://127.0.0.1:9", Place(objects="s3://cases/x"))
