"""One job: every instrument answers once; what was read is kept; viewers share a decode and a fate only if killed."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.executors.misbehaving import load, say, watch_well
from tests.media.making import clip, job, still
from verifier.executors.examine import Begun, Finished, Step, examine, together
from verifier.executors.registry import Registry
from verifier.instruments import Analyser, Job, Limits, Parameters, Source, Viewer
from verifier.media.source import VaultSource
from verifier.records import Exhibit, Fault, FaultKind, Kind, Reading, Record

REGISTRY = load()


def steps(wanted: Job, registry: Registry = REGISTRY, times: Iterator[float] | None = None) -> list[Step]:
    clock = (lambda: next(times)) if times is not None else (lambda: 0.0)
    return list(examine(wanted, VaultSource(wanted.path), registry, clock=clock))


def answers(given: list[Step]) -> dict[str, Finished]:
    return {step.instrument: step for step in given if isinstance(step, Finished)}


def values(answer: Finished) -> list[object]:
    return [record.value for record in answer.records if isinstance(record, Reading)]


def one(analyse: object, name: str = "it") -> Registry:
    analyser = Analyser(name=name, version=1, accepts=frozenset(Kind), analyse=analyse)  # type: ignore[arg-type]
    return Registry(analysers={name: analyser}, viewers={}, checks={}, failed=())


def test_each_unit_begins_before_it_runs_and_viewers_are_one(tmp_path: Path) -> None:
    wanted = job(tmp_path, still(), "watch_ill", "well", "watch_well", "refuse")
    got = steps(wanted)
    assert [step.instruments for step in got if isinstance(step, Begun)] == [
        ("well",), ("refuse",), ("watch_ill", "watch_well"),
    ]  # fmt: skip
    assert [step.instrument for step in got if isinstance(step, Finished)] == [
        "well", "refuse", "watch_ill", "watch_well",
    ]  # fmt: skip


def test_a_viewer_that_fails_is_dropped_and_the_others_see_all(tmp_path: Path) -> None:
    got = answers(steps(job(tmp_path, clip(seconds=2.0), "watch_ill", "watch_well")))
    assert got["watch_ill"].result == "defect" and "cannot go on" in got["watch_ill"].faults[0].detail
    assert got["watch_well"].result == "done" and values(got["watch_well"]) == ["8 pictures"]


def test_viewers_conclude_from_a_recording_that_breaks_off(tmp_path: Path) -> None:
    whole = clip("matroska", codec="libx264", seconds=6.0)
    got = answers(steps(job(tmp_path, whole[:40] + b"", "watch_well")))
    assert got["watch_well"].result == "corrupt" and not got["watch_well"].records
    half = still("JPEG", 300, 200)
    got = answers(steps(job(tmp_path, half[: len(half) // 2], "watch_well")))
    assert got["watch_well"].result == "corrupt" and values(got["watch_well"]) == ["1 pictures"]


def test_looking_ends_in_time_for_viewers_to_conclude(tmp_path: Path) -> None:
    moments = iter(float(number) for number in range(100_000))  # every look at the clock takes a second
    viewer = Viewer(
        name="watch_well", version=1, accepts=frozenset(Kind), begin=watch_well, limits=Limits(seconds=30.0)
    )
    registry = Registry(analysers={}, viewers={"watch_well": viewer}, checks={}, failed=())
    (answer,) = answers(steps(job(tmp_path, clip(seconds=20.0, sound=None), "watch_well"), registry, moments)).values()
    assert answer.result == "timeout"
    assert "of the recording; the rest was not looked at" in answer.faults[0].detail
    (said,) = values(answer)
    assert 1 <= int(str(said).split()[0]) < 30


def test_fast_looks_at_key_frames_only(tmp_path: Path) -> None:
    content = clip(codec="libx264", seconds=4.0, sound=None)
    every = values(answers(steps(job(tmp_path, content, "watch_well")))["watch_well"])
    few = values(answers(steps(job(tmp_path, content, "watch_well", fast=True)))["watch_well"])
    assert int(str(few[0]).split()[0]) < int(str(every[0]).split()[0])


def test_what_cannot_be_looked_at_is_unsupported(tmp_path: Path) -> None:
    got = answers(steps(job(tmp_path, b"plain text", "watch_well")))
    assert got["watch_well"].result == "unsupported"


def test_a_panic_of_a_native_library_is_a_defect(tmp_path: Path) -> None:
    class PanicException(BaseException):
        """Raised by libraries written in Rust; it is no Exception."""

    def panic(exhibit: Exhibit, source: Source, parameters: Parameters) -> Iterator[Record]:
        yield say("before")
        raise PanicException("index out of bounds")

    (answer,) = answers(steps(job(tmp_path, b"x", "it"), one(panic))).values()
    assert answer.result == "defect" and values(answer) == ["before"]
    assert answer.faults == (
        Fault(kind=FaultKind.DEFECT, detail="PanicException: index out of bounds", instrument="it"),
    )


@pytest.mark.parametrize("stop", [KeyboardInterrupt, SystemExit])
def test_a_person_can_interrupt(tmp_path: Path, stop: type[BaseException]) -> None:
    def interrupted(exhibit: Exhibit, source: Source, parameters: Parameters) -> Iterator[Record]:
        raise stop
        yield say("never")

    with pytest.raises(stop):
        steps(job(tmp_path, b"x", "it"), one(interrupted))


def test_a_detail_is_one_bounded_line_without_paths(tmp_path: Path) -> None:
    def leaks(exhibit: Exhibit, source: Source, parameters: Parameters) -> Iterator[Record]:
        raise RuntimeError(f"at {source.path()}:\nC:\\Users\\someone\\x.jpg /home/someone/y {'z' * 5000}")
        yield say("never")

    (answer,) = answers(steps(job(tmp_path, b"x", "it"), one(leaks))).values()
    detail = answer.faults[0].detail
    assert len(detail) <= 500 and "\n" not in detail
    assert "someone" not in detail and str(tmp_path) not in detail


def test_limits_of_a_shared_decode() -> None:
    both = together([Limits(seconds=10, memory_bytes=5), Limits(seconds=20, most_seconds=100, memory_bytes=7)])
    assert both.seconds_for(0) == 30 and both.memory_bytes == 7 and both.most_seconds == 1000
