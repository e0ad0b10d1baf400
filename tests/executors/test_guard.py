"""The parent's side: what it believes, how it names an ending, when a worker is replaced."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from tests.executors.test_local import MISBEHAVING, ROOT
from tests.media.making import job
from verifier.errors import WorkerFailed
from verifier.executors import guard as guarding
from verifier.executors import wire
from verifier.executors.examine import Begun, Finished
from verifier.executors.guard import Guard, how_it_ended
from verifier.executors.sandbox import EXIT_MEMORY
from verifier.executors.wire import LENGTH, Ended, message, pack, understood
from verifier.records import Derivative, Event, Fault, FaultKind, Fingerprint, Member, Moment, Reading, Zone

LINUX = sys.platform.startswith("linux")


@pytest.mark.skipif(sys.platform == "win32", reason="signals")
@pytest.mark.parametrize(
    ("code", "kind"),
    [
        (-signal.SIGSEGV, FaultKind.CRASH),
        (-signal.SIGABRT, FaultKind.CRASH),
        (-signal.SIGXCPU, FaultKind.TIMEOUT),
        (-signal.SIGKILL, FaultKind.MEMORY),
        (EXIT_MEMORY, FaultKind.MEMORY),
        (0, FaultKind.CRASH),
        (1, FaultKind.CRASH),
        (None, FaultKind.CRASH),
    ],
)
def test_how_a_worker_ended(code: int | None, kind: FaultKind) -> None:
    assert how_it_ended(code)[0] is kind


@pytest.mark.parametrize(
    "body",
    [
        b"", b"null", b"[]", b"{}", b'"x"', b"\xff", b"[" * 100_000, b'{"begun":{}}', b'{"begun":{"instruments":"x"}}',
        b'{"finished":{}}', b'{"finished":{"records":[["z",{}]]}}', b'{"ended":{"resident_bytes":"many"}}',
        b'{"exec":{}}',
        b'{"begun":{"instruments":[]},"ended":{"resident_bytes":1}}',
        b'{"finished":{"instrument":"a","result":"done","elapsed_seconds":0.1,"records":[["r",{"key":"k"}]]}}',
        b'{"finished":{"instrument":"a","result":"done","elapsed_seconds":0.1,"records":[["r",["k"]]]}}',
    ],
)  # fmt: skip
def test_only_what_a_worker_may_say_is_believed(body: bytes) -> None:
    with pytest.raises(ValueError):
        understood(body)


@pytest.mark.parametrize(
    "unit", [b"[]", b"{}", b'{"a":0}', b"0", b"[[]]", b'""', b"null", b'"\\\\"']
)  # fmt: skip
def test_a_flood_of_values_is_refused_before_it_is_decoded(unit: bytes, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(wire.json, "loads", lambda _: pytest.fail("decoded"))
    body = b'{"finished":[' + b",".join([unit] * (wire.MOST_VALUES + 1)) + b"]}"
    with pytest.raises(ValueError, match="too many values"):
        understood(body)


def test_commas_in_a_text_are_no_values() -> None:
    text = ',:[{"\\' * (wire.MOST_VALUES // 8)
    said = Finished(
        instrument="it",
        result="done",
        elapsed_seconds=0.25,
        records=tuple(Reading(key="a:B", value=text, location="x") for _ in range(4)),
    )
    assert understood(pack(message(said))[LENGTH.size :]) == said


def test_an_answer_of_too_many_values_is_not_sent() -> None:
    with pytest.raises(ValueError, match="more values than are kept"):
        pack([0] * (wire.MOST_VALUES + 1))


def test_the_answers_for_one_exhibit_are_bounded_together(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from verifier.executors.local import LocalExecutor

    monkeypatch.setattr(guarding, "MOST_BYTES_A_JOB", 8 << 20)
    executor = LocalExecutor(
        workers=1, vault_root=tmp_path, instruments=MISBEHAVING, import_path=(ROOT,), weaker=not LINUX
    )
    (outcome,) = executor.run([job(tmp_path, b"\x89a", "well", "bloat", "decline")])
    (fault,) = [fault for fault in outcome.faults if fault.instrument == "bloat"]
    assert fault.kind is FaultKind.CRASH and "together too large" in fault.detail
    assert [run.result for run in outcome.runs] == ["done", "crash", "unsupported"]


def test_every_record_survives_the_way() -> None:
    moment = Moment(text="2024", wall="2024-01-02T03:04:05", zone=Zone.OFFSET, offset_minutes=210)
    said = Finished(
        instrument="it",
        result="done",
        elapsed_seconds=0.25,
        records=(
            Reading(key="a:B", value=moment, location="x", subject="s\n\x00\u202e"),
            Reading(key="a:B", value=float(2**60), location="x"),
            Fingerprint(algorithm="pdq", bits=bytes(range(32)), quality=3, offset_seconds=0.0),
            Derivative(id="0", recipe="r/1", media_type="m", content=b"\0\xff", offset_seconds=1.5),
            Member(path=b"\xff/a", content=b"", modified_wall=None),
            Event(kind="cut", start_seconds=1.0, end_seconds=2.0, measures={"n": 3, "x": None, "y": True}),
        ),
        faults=(Fault(kind=FaultKind.CORRUPT, detail="d", instrument="it"),),
    )
    for words in (said, Begun(instruments=("a", "b")), Ended(resident_bytes=5)):
        assert understood(pack(message(words))[LENGTH.size :]) == words


def started(vault: Path) -> Guard:
    guard = Guard(MISBEHAVING, [vault], [ROOT], weaker=not LINUX)
    guard.start()
    return guard


def pid(guard: Guard) -> int:
    assert guard._process is not None
    return guard._process.pid


def test_a_worn_worker_is_replaced(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(guarding, "MOST_JOBS", 3)
    guard = started(tmp_path)
    pids = []
    for number in range(7):
        list(guard.examine(job(tmp_path, b"\x89" + bytes([number]), "well")))
        pids.append(pid(guard))
    guard.kill()
    assert len(set(pids)) == 3 and pids[0] == pids[2] != pids[3]


@pytest.mark.skipif(not LINUX, reason="memory in use is known on Linux")
@pytest.mark.parametrize(("most_resident_bytes", "is_replaced"), [(1 << 20, True), (8 << 30, False)])
def test_a_swollen_worker_is_replaced(tmp_path: Path, most_resident_bytes: int, is_replaced: bool) -> None:
    guard = Guard(MISBEHAVING, [tmp_path], [ROOT], most_resident_bytes=most_resident_bytes)
    guard.start()
    first = pid(guard)
    list(guard.examine(job(tmp_path, b"\x89a", "well")))
    list(guard.examine(job(tmp_path, b"\x89b", "well")))
    assert (pid(guard) != first) is is_replaced
    guard.kill()


def test_a_worker_that_died_while_idle_is_replaced_and_nobody_is_blamed(tmp_path: Path) -> None:
    from verifier.executors.local import LocalExecutor

    executor = LocalExecutor(
        workers=1, vault_root=tmp_path, instruments=MISBEHAVING, import_path=(ROOT,), weaker=not LINUX
    )
    assert executor.layers
    os.kill(pid(executor._guards[0]), signal.SIGKILL)
    (outcome,) = executor.run([job(tmp_path, b"\x89a", "well")])
    assert outcome.runs[0].result == "done"


def test_a_folder_that_is_not_there_is_said(tmp_path: Path) -> None:
    with pytest.raises(WorkerFailed, match="nowhere"):
        Guard(MISBEHAVING, [tmp_path / "nowhere"], [ROOT]).start()


def test_the_environment_of_a_worker_is_bare(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SECRET_TOKEN", "x")
    monkeypatch.setenv("LD_PRELOAD", "")
    environment = Guard(MISBEHAVING, [tmp_path])._environment()
    assert not {"SECRET_TOKEN", "LD_PRELOAD", "HOME"} & set(environment)
    assert environment["OMP_NUM_THREADS"] == "1"


@pytest.mark.skipif(sys.platform == "win32", reason="needs getrusage")
def test_where_memory_cannot_be_limited_it_is_watched() -> None:
    program = (
        "import time; from verifier.executors.sandbox import watch_memory; watch_memory(64 << 20)\n"
        "time.sleep(0.5); print('within', flush=True); hoard = bytearray(b'x' * (200 << 20)); time.sleep(30)"
    )
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, timeout=60, check=False)
    assert done.stdout == b"within\n" and done.returncode == EXIT_MEMORY
