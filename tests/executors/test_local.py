"""Whatever becomes of a worker, every job gets its one outcome and the others do not notice."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.executors.inline import InlineExecutor
from tests.media.making import job, still, tone
from verifier.confinement import lacking
from verifier.errors import WorkerFailed
from verifier.executors.local import JOBS_AHEAD, LocalExecutor
from verifier.instruments import Job, Outcome
from verifier.records import FaultKind

ROOT = Path(__file__).parent.parent.parent
MISBEHAVING = "tests.executors.misbehaving"
LINUX = sys.platform.startswith("linux")


def executor(vault: Path, workers: int = 1, instruments: str = MISBEHAVING) -> LocalExecutor:
    return LocalExecutor(
        workers=workers, vault_root=vault, instruments=instruments, import_path=(ROOT,), weaker=not LINUX
    )


@pytest.fixture
def vault(tmp_path: Path) -> Path:
    folder = tmp_path / "vault"
    folder.mkdir()
    return folder


def only(vault: Path, *instruments: str, content: bytes = b"\xff\xd8\xff some bytes") -> Outcome:
    (outcome,) = executor(vault).run([job(vault, content, *instruments)])
    assert [run.instrument for run in outcome.runs] == list(instruments)
    return outcome


def alive(pid: int) -> bool:
    """Whether a process runs; one that has ended and waits for its parent does not."""
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    state = Path(f"/proc/{pid}/stat")
    return not (state.exists() and state.read_text().rsplit(")", 1)[1].split()[0] == "Z")


@pytest.mark.parametrize(
    ("name", "kind"),
    [
        ("abort", FaultKind.CRASH),
        ("fall", FaultKind.CRASH),
        ("leave", FaultKind.CRASH),
        ("hang", FaultKind.TIMEOUT),
        ("spin", FaultKind.TIMEOUT),
        ("swell", FaultKind.MEMORY),
        ("err", FaultKind.DEFECT),
        ("refuse", FaultKind.CORRUPT),
        ("flood", FaultKind.DEFECT),
        ("bloat", FaultKind.DEFECT),
        ("lie", FaultKind.CRASH),
        ("forge", FaultKind.CRASH),
        ("lacking", FaultKind.ABSENT),
        ("unheard_of", FaultKind.ABSENT),
    ],
)
def test_every_misfortune_is_a_fault_of_its_instrument_alone(vault: Path, name: str, kind: FaultKind) -> None:
    outcome = only(vault, "well", name, "decline")
    assert [(fault.instrument, fault.kind) for fault in outcome.faults if fault.instrument == name] == [(name, kind)]
    assert {run.instrument: run.result for run in outcome.runs} | {name: str(kind)} == {
        "well": "done", name: str(kind), "decline": "unsupported",
    }  # fmt: skip
    assert outcome.records["well"][0].value == b"\xff\xd8\xff some".hex()  # type: ignore[union-attr]


@pytest.mark.parametrize("name", ["swell", "err", "refuse"])
def test_what_was_read_before_a_failure_is_kept(vault: Path, name: str) -> None:
    outcome = only(vault, name)
    assert [record.value for record in outcome.records[name]] == ["before"]  # type: ignore[union-attr]


def test_a_flood_is_cut_and_what_came_first_is_kept(vault: Path) -> None:
    outcome = only(vault, "flood", "bloat")
    assert len(outcome.records["flood"]) == 100_000
    assert 1 <= len(outcome.records["bloat"]) <= 10


def test_a_defect_names_no_path(vault: Path) -> None:
    (fault,) = only(vault, "err").faults
    assert fault.detail == "KeyError: 'nothing at … or …'"


def test_neighbours_do_not_notice(vault: Path) -> None:
    contents = [f"\x89 exhibit {number}".encode("latin-1") for number in range(40)]
    names = ["abort", "hang", "swell", "lie"]
    jobs = [
        job(vault, content, names[number // 10], "well") if number % 10 == 3 else job(vault, content, "well")
        for number, content in enumerate(contents)
    ]
    outcomes = list(executor(vault, workers=2).run(jobs))
    assert sorted(outcome.exhibit for outcome in outcomes) == sorted(item.exhibit.id for item in jobs)
    assert sum(outcome.runs[-1].result == "done" for outcome in outcomes) == 40
    assert sum(len(outcome.faults) for outcome in outcomes) == 4


def test_jobs_are_pulled_only_as_room_becomes_free(vault: Path) -> None:
    pulled = 0

    def jobs() -> Iterator[Job]:
        nonlocal pulled
        for number in range(60):
            pulled += 1
            yield job(vault, b"\x89" + bytes([number]), "well")

    for got, _ in enumerate(executor(vault, workers=2).run(jobs()), start=1):
        assert pulled <= got + 2 * JOBS_AHEAD
    assert got == pulled == 60


def test_an_error_of_the_one_who_gives_the_jobs_ends_the_run_and_the_workers(vault: Path) -> None:
    def jobs() -> Iterator[Job]:
        yield job(vault, b"\x89one", "well")
        raise RuntimeError("the disk is full")

    local = executor(vault)
    with pytest.raises(RuntimeError, match="disk is full"):
        list(local.run(jobs()))
    assert local._guards[0]._process is None


def test_viewers_share_a_decode_and_one_failing_leaves_the_others(vault: Path) -> None:
    outcome = only(vault, "watch_well", "watch_ill", content=still())
    assert outcome.records["watch_well"][0].value == "1 pictures"  # type: ignore[union-attr]
    assert not outcome.faults


def test_viewers_of_a_decode_that_is_killed_all_get_the_fault(vault: Path) -> None:
    outcome = only(vault, "well", "watch_well", "watch_stalling", content=still())
    assert {run.instrument: run.result for run in outcome.runs} == {
        "well": "done", "watch_well": "timeout", "watch_stalling": "timeout",
    }  # fmt: skip
    assert "shared by watch_well, watch_stalling" in outcome.faults[0].detail


def test_inline_and_local_agree(vault: Path) -> None:
    from tests.executors import misbehaving

    jobs = [job(vault, content, "well", "err", "refuse", "watch_well") for content in (still(), tone(), b"\x89?")]
    local = {outcome.exhibit: outcome for outcome in executor(vault).run(jobs)}
    inline = {outcome.exhibit: outcome for outcome in InlineExecutor(misbehaving.load()).run(jobs)}
    assert {key: (item.records, item.faults) for key, item in local.items()} == {
        key: (item.records, item.faults) for key, item in inline.items()
    }


@pytest.mark.skipif(not LINUX, reason="Landlock and seccomp are Linux's")
def test_a_worker_can_read_the_vault_and_do_nothing_else(vault: Path) -> None:
    (vault.parent / "outside.txt").write_text("not for the worker")
    local = executor(vault)
    assert lacking(local.layers) == ()
    (outcome,) = local.run([job(vault, still(), "escape")])
    said = {record.key.removeprefix("test:"): record.value for record in outcome.records["escape"]}  # type: ignore[union-attr]
    assert said.pop("vault") == "went through"
    assert set(said.values()) == {"PermissionError"}, said
    assert not Path("/tmp/verify-escaped").exists()  # noqa: S108


@pytest.mark.skipif(not LINUX, reason="process states are read from /proc")
def test_no_worker_survives_an_early_end(vault: Path) -> None:
    local = executor(vault, workers=2)
    outcomes = local.run(job(vault, b"\x89" + bytes([number]), "well" if number else "hang") for number in range(50))
    next(outcomes)
    children = [guard._process.pid for guard in local._guards if guard._process is not None]
    assert children
    outcomes.close()
    assert not [pid for pid in children if alive(pid)]


@pytest.mark.skipif(not LINUX, reason="only Linux ends a child with its parent")
def test_no_worker_survives_the_death_of_its_parent(vault: Path, tmp_path: Path) -> None:
    content = job(vault, b"\x89hang", "spin")
    program = f"""
import sys; sys.path.insert(0, {str(ROOT)!r})
from pathlib import Path
from tests.media.making import job
from tests.executors.test_local import executor
local = executor(Path({str(vault)!r}))
local.layers
print(local._guards[0]._process.pid, flush=True)
list(local.run([job(Path({str(vault)!r}), b"\\x89hang", "spin")]))
"""
    assert content.instruments == ("spin",)
    parent = subprocess.Popen([sys.executable, "-c", program], stdout=subprocess.PIPE)
    assert parent.stdout is not None
    child = int(parent.stdout.readline())
    assert alive(child)
    parent.send_signal(signal.SIGKILL)
    parent.wait()
    for _ in range(100):
        if not alive(child):
            break
        time.sleep(0.1)
    assert not alive(child)
    parent.stdout.close()


def test_a_worker_that_cannot_start_is_one_sentence(vault: Path) -> None:
    with pytest.raises(WorkerFailed, match="no_such_module"):
        list(executor(vault, instruments="no_such_module").run([job(vault, b"\x89", "well")]))
