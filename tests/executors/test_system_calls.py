"""The filter of system calls: an allow-list that is read here as the kernel reads it, and then tried in a worker."""

from __future__ import annotations

import errno
import json
import os
import platform
import re
import shutil
import struct
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.executors import refused
from tests.executors.test_local import ROOT, executor, only
from tests.media.making import job, still
from verifier.executors import seccomp
from verifier.executors.system_calls import EVERYWHERE, FOR_PROGRAMS, MISSING, Call, Work

MACHINES = {"x86_64": 0xC000003E, "aarch64": 0xC00000B7}
ALLOW, ERROR, KILL = 0x7FFF0000, 0x00050000, 0x80000000
OWN = 4321
LINUX = pytest.mark.skipif(
    not sys.platform.startswith("linux") or platform.machine() not in MACHINES, reason="seccomp is Linux's"
)


def answer(program: bytes, audit: int, number: int, *arguments: int) -> int:
    """What the kernel would answer: a reading of the few instructions of BPF that a filter uses."""
    given = [item & (1 << 64) - 1 for item in (*arguments, *[0] * 6)[:6]]
    data = struct.pack("<IIQ6Q", number & 0xFFFFFFFF, audit, 0, *given)
    steps = [struct.unpack_from("HBBI", program, at) for at in range(0, len(program), 8)]
    at, accumulator = 0, 0
    while True:
        code, if_true, if_false, value = steps[at]
        at += 1
        if code == 0x20:
            (accumulator,) = struct.unpack_from("<I", data, value)
        elif code == 0x54:
            accumulator &= value
        elif code == 0x15:
            at += if_true if accumulator == value else if_false
        elif code == 0x06:
            return value
        else:
            raise AssertionError(f"no such instruction: {code:#x}")


@pytest.fixture(params=[(machine, work) for machine in MACHINES for work in Work], ids=str)
def filtered(request: pytest.FixtureRequest) -> tuple[str, Work, bytes]:
    machine, work = request.param
    return machine, work, seccomp.program(machine, work, OWN)


def pleasing(call: Call) -> list[int]:
    """Arguments with which every condition holds."""
    arguments = [0] * 6
    for condition in call.conditions:
        value = condition.values[-1]
        arguments[condition.argument] = OWN if value == -1 else value
    return arguments


def test_what_is_named_is_allowed(filtered: tuple[str, Work, bytes]) -> None:
    machine, work, program = filtered
    for name, call in (EVERYWHERE if work is Work.DECODING else {**EVERYWHERE, **FOR_PROGRAMS}).items():
        number = call.number(machine)
        if number is not None:
            assert answer(program, MACHINES[machine], number, *pleasing(call)) == ALLOW, name


def test_whatever_is_not_named_is_refused(filtered: tuple[str, Work, bytes]) -> None:
    machine, work, program = filtered
    tables = (EVERYWHERE,) if work is Work.DECODING else (EVERYWHERE, FOR_PROGRAMS)
    known = {call.number(machine) for table in tables for call in table.values()}
    for number in [*range(600), 0x40000000, 0x40000001, 0xFFFFFFFF]:
        if number not in known:
            assert answer(program, MACHINES[machine], number) & 0xFFFF0000 == ERROR, number


def test_refused_by_name_on_both_machines(filtered: tuple[str, Work, bytes]) -> None:
    machine, work, program = filtered
    for name, numbers in refused.REFUSED.items():
        number = numbers[refused.COLUMN[machine]]
        if number is None or name == "clone" or (work is Work.PROGRAM and name in FOR_PROGRAMS):
            continue  # a clone is refused by its flags
        said = answer(program, MACHINES[machine], number)
        assert said & 0xFFFF0000 == ERROR and said & 0xFFFF in refused.REFUSALS, name


def test_an_allowed_call_is_refused_with_other_arguments(filtered: tuple[str, Work, bytes]) -> None:
    machine, _, program = filtered
    for name, (numbers, arguments) in refused.MISUSED.items():
        number = numbers[refused.COLUMN[machine]]
        if number is None:
            continue
        given = [1 if item == "parent" else item if isinstance(item, int) else 0 for item in arguments]
        assert answer(program, MACHINES[machine], number, *given) & 0xFFFF0000 == ERROR, name


@pytest.mark.parametrize("flag", [0x80, 0x20000, 0x2000000, 0x4000000, 0x8000000, 0x10000000, 0x20000000, 0x40000000])
@pytest.mark.parametrize("work", Work)
def test_threads_are_made_but_no_name_space_and_no_process(flag: int, work: Work) -> None:
    for machine, audit in MACHINES.items():
        program, clone = seccomp.program(machine, work, OWN), EVERYWHERE["clone"].number(machine)
        assert clone is not None
        assert answer(program, audit, clone, 0x3D0F00) == ALLOW
        assert answer(program, audit, clone, 0x3D0F00 | flag) == ERROR | errno.EPERM
        assert answer(program, audit, clone, 17) == ERROR | errno.EPERM
        clone3 = MISSING["clone3"].number(machine)
        assert clone3 is not None and answer(program, audit, clone3, 0) == ERROR | errno.ENOSYS


def test_calls_of_another_machine_end_the_process(filtered: tuple[str, Work, bytes]) -> None:
    _, _, program = filtered
    for audit in (0x40000003, 0x40000028, 0):  # i386, arm
        assert answer(program, audit, 0) == KILL


def test_no_number_stands_for_two_calls() -> None:
    for machine in MACHINES:
        numbers = [call.number(machine) for call in {**EVERYWHERE, **FOR_PROGRAMS, **MISSING}.values()]
        there = [number for number in numbers if number is not None]
        assert len(there) == len(set(there))
    for name, call in {**EVERYWHERE, **FOR_PROGRAMS, **MISSING}.items():
        if max(call.x86_64 or 0, call.aarch64 or 0) >= 403:
            assert call.x86_64 == call.aarch64, f"{name}: numbers from 403 on are the same on every machine"


HEADERS = {
    0: ("/usr/include/x86_64-linux-gnu/asm/unistd_64.h", "/usr/include/asm/unistd_64.h"),
    1: ("/usr/include/asm-generic/unistd.h",),
}


@pytest.mark.parametrize("column", HEADERS)
def test_numbers_are_those_of_the_kernels_headers(column: int) -> None:
    header = next((Path(name) for name in HEADERS[column] if Path(name).exists()), None)
    if header is None:
        pytest.skip("the kernel's headers are not installed")
    found = dict(re.findall(r"#define __NR(?:3264)?_(\w+) (\d+)\n", header.read_text("ascii") + "\n"))
    found["newfstatat"] = found.get("newfstatat", found.get("fstatat", ""))
    ours: Iterator[tuple[str, int | None]] = (
        (name, (call.x86_64, call.aarch64)[column]) for name, call in {**EVERYWHERE, **FOR_PROGRAMS, **MISSING}.items()
    )
    known = [*ours, *((name, numbers[column]) for name, numbers in refused.REFUSED.items())]
    compared = [(name, number, found[name]) for name, number in known if number is not None and name in found]
    assert [entry for entry in compared if str(entry[1]) != entry[2]] == []
    assert len(compared) > 150


def said_by(folder: Path, instrument: str) -> dict[str, str]:
    (outcome,) = executor(folder).run([job(folder, b"\x89any", instrument)])
    assert not outcome.faults
    return {record.key.removeprefix("test:"): str(record.value) for record in outcome.records[instrument]}  # type: ignore[union-attr]


def all_refused(said: dict[str, str]) -> None:
    wrong = {name: became for name, became in said.items() if became not in {"EPERM", "ENOSYS"}}
    assert wrong == {}
    assert len(said) >= 130


@LINUX
def test_every_call_by_number_is_refused_in_a_worker(tmp_path: Path) -> None:
    all_refused(said_by(tmp_path, "try_calls"))
    assert not Path("/tmp/verify-made-by-a-worker").exists()  # noqa: S108


@LINUX
def test_the_same_for_an_ordinary_user() -> None:
    folder = Path(tempfile.mkdtemp(prefix="verify-user-"))
    folder.chmod(0o755)
    try:
        done = subprocess.run(
            [sys.executable, "-m", "tests.executors.refused", str(folder)],
            capture_output=True,
            text=True,
            cwd=ROOT,
            env={**os.environ, "PYTHONDONTWRITEBYTECODE": "1", "PYTHONPATH": str(ROOT)},
            check=False,
        )
    finally:
        shutil.rmtree(folder)
    found = json.loads(done.stdout or "{}") or pytest.fail(done.stderr)
    assert found["uid"] != 0 and found["faults"] == []
    all_refused(found["said"])


@LINUX
def test_nothing_that_belongs_to_an_exhibit_can_be_changed(tmp_path: Path) -> None:
    work = job(tmp_path, still(), "change")
    before = Path(work.path).stat()
    (outcome,) = executor(tmp_path).run([work])
    said = {record.key: record.value for record in outcome.records["change"]}  # type: ignore[union-attr]
    assert not outcome.faults and len(said) == 15
    assert {name for name, became in said.items() if became == "went through"} == set()
    after = Path(work.path).stat()
    assert (before.st_mode, before.st_uid, before.st_mtime_ns, before.st_ctime_ns, before.st_size) == (
        after.st_mode, after.st_uid, after.st_mtime_ns, after.st_ctime_ns, after.st_size,
    )  # fmt: skip


@LINUX
@pytest.mark.parametrize("form", ["HEIF", "AVIF", "WEBP", "TIFF"])
def test_decoders_that_make_threads_still_decode(form: str, tmp_path: Path) -> None:
    outcome = only(tmp_path, "watch_well", content=still(form, width=128, height=128))
    assert not outcome.faults
    assert outcome.records["watch_well"][0].value == "1 pictures"  # type: ignore[union-attr]
