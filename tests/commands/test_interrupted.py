"""Ctrl-C, kill -9 and a full disk: one sentence, nothing left running, and the same command goes on where it ended."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.commands.running import verify
from tests.media.making import still
from verifier.errors import EXIT_FAULTS, DiskFull
from verifier.store import Store

PHOTOS = 400
ENOUGH_SECONDS = 120.0
needs_proc = pytest.mark.skipif(not Path("/proc/self/stat").exists(), reason="processes are looked up in /proc")


@pytest.fixture
def evidence(tmp_path: Path) -> Path:
    folder = tmp_path / "evidence"
    folder.mkdir()
    for number in range(PHOTOS):
        (folder / f"{number:03d}.jpg").write_bytes(still(width=32 + number % 40, height=24 + number // 40) + b"\0")
    return folder


def begun(evidence: Path, case: Path) -> subprocess.Popen[bytes]:
    """An ingest that has recorded its first answers and is far from the end."""
    command = [sys.executable, "-m", "verifier", "ingest", str(evidence), "--case", str(case), "--quiet", "--no-dedup"]
    process = subprocess.Popen(
        command,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
        preexec_fn=lambda: signal.signal(
            signal.SIGINT, signal.SIG_DFL
        ),  # ignored where the tests run in the background
    )
    ends = time.monotonic() + ENOUGH_SECONDS
    is_under_way = False
    try:
        while time.monotonic() < ends and process.poll() is None and not is_under_way:
            time.sleep(0.05)
            is_under_way = Store.exists(case) and runs(case) > 0
        assert is_under_way, process.communicate()[1].decode()
        return process
    finally:
        if not is_under_way:
            process.kill()


def runs(case: Path) -> int:
    with Store.open(case, writing=False) as store:
        return store.counts()["runs"]


def children(parent: int) -> list[int]:
    found = []
    for entry in Path("/proc").iterdir():
        if entry.name.isdigit():
            try:
                fields = (entry / "stat").read_text().rpartition(")")[2].split()
            except OSError:
                continue
            if int(fields[1]) == parent:
                found.append(int(entry.name))
    return found


def assert_gone(processes: list[int]) -> None:
    ends = time.monotonic() + ENOUGH_SECONDS
    while time.monotonic() < ends:
        alive = [number for number in processes if is_alive(number)]
        if not alive:
            return
        time.sleep(0.05)
    raise AssertionError(f"still running: {alive}")


def is_alive(process: int) -> bool:
    try:
        fields = Path(f"/proc/{process}/stat").read_text().rpartition(")")[2].split()
    except OSError:
        return False
    return fields[0] != "Z"


def assert_goes_on(evidence: Path, case: Path) -> None:
    before = runs(case)
    again = verify("ingest", evidence, "--case", case, "--quiet", "--no-dedup", "--json")
    assert again.code == 0, again.err  # the whole case is told of, also what the interrupted run examined
    assert again.json["not_fully_examined"] == 0
    assert 0 < again.json["examined"] < PHOTOS  # what was answered is not asked again
    assert runs(case) > before
    with Store.open(case, writing=False) as store:
        dossiers = store.dossier().exhibits.values()
        assert sum(len(dossier.acquisitions) for dossier in dossiers) == PHOTOS
        for dossier in dossiers:
            met = [run.instrument for run in dossier.runs]
            assert len(met) == len(set(met)) > 5
    assert verify("audit", "--case", case).code == 0


@needs_proc
def test_ctrl_c_is_one_sentence_and_the_command_goes_on(evidence: Path, tmp_path: Path) -> None:
    case = tmp_path / "case"
    process = begun(evidence, case)
    workers = children(process.pid)
    assert workers
    process.send_signal(signal.SIGINT)
    said = process.communicate(timeout=ENOUGH_SECONDS)[1].decode()
    assert process.returncode == 130, said
    assert said.strip() == "verify: interrupted. What was done is kept; run the same command again to go on."
    assert_gone(workers)
    assert_goes_on(evidence, case)


@needs_proc
def test_kill_9_leaves_nothing_running_and_the_command_goes_on(evidence: Path, tmp_path: Path) -> None:
    case = tmp_path / "case"
    process = begun(evidence, case)
    workers = children(process.pid)
    assert workers
    process.kill()
    process.communicate()
    assert_gone(workers)
    assert_goes_on(evidence, case)


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[Path]:
    """A disk of eight megabytes; only who may mount one can make it."""
    place = tmp_path / "small disk"
    place.mkdir()
    mount, unmount = shutil.which("mount"), shutil.which("umount")
    if sys.platform != "linux" or os.geteuid() != 0 or mount is None or unmount is None:
        pytest.skip("a small disk can only be made by root on Linux")
    made = subprocess.run(
        [mount, "-t", "tmpfs", "-o", "size=8m", "tmpfs", str(place)], capture_output=True, check=False
    )
    if made.returncode != 0:
        pytest.skip("mounting is not allowed here")
    try:
        yield place
    finally:
        subprocess.run([unmount, str(place)], check=True)


def test_a_full_disk_is_one_sentence_and_the_case_resumes(small_disk: Path, tmp_path: Path) -> None:
    folder, case = tmp_path / "evidence", small_disk / "case"
    folder.mkdir()
    for number in range(6):
        (folder / f"{number}.bin").write_bytes(bytes([number]) * 2_000_000)
    ended = verify("ingest", folder, "--case", case, "--quiet", "--no-dedup", "--no-check")
    assert ended.code == DiskFull(case).exit_code == 4
    assert ended.err.startswith("verify: ")
    assert ended.err.count("\n") == 1
    assert "Traceback" not in ended.err
    for number in range(3, 6):  # what does not fit is taken away
        (folder / f"{number}.bin").unlink()
    again = verify("ingest", folder, "--case", case, "--quiet", "--no-dedup", "--no-check", "--json")
    assert again.code == EXIT_FAULTS, again.err  # files of no kind that is known are not examined, and said to be so
    assert again.json["not_fully_examined"] >= 3
    assert verify("audit", "--case", case).code == 0
    with Store.open(case, writing=False) as store:
        assert store.counts()["acquisitions"] >= 3
