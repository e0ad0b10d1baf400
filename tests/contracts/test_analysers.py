"""What every instrument promises, whoever wrote it: pure, total on broken bytes, and yields what can be kept."""

from __future__ import annotations

import dataclasses
import random
from collections.abc import Iterable
from pathlib import Path

import pytest

from tests.contracts.samples import exhibits
from tests.media.making import exhibit, stored
from verifier.executors.examine import Finished, examine
from verifier.executors.registry import Registry, load
from verifier.executors.wire import LENGTH, message, pack, understood
from verifier.instruments import Job
from verifier.media.source import VaultSource
from verifier.records import Exhibit, FaultKind

REFUSALS = (FaultKind.CORRUPT, FaultKind.UNSUPPORTED, FaultKind.ABSENT)
CUTS, FLIPS = 24, 16
REGISTRY = load()
# viewers share a decode, so they are examined together: one unit as in the worker
UNITS = [*((name,) for name in sorted(REGISTRY.analysers)), tuple(sorted(REGISTRY.viewers))]


def accepted(unit: tuple[str, ...], subject: Exhibit) -> tuple[str, ...]:
    names = {item.name for item in REGISTRY.for_exhibit(subject.kind, subject.media_type)}
    return tuple(name for name in unit if name in names)


def answers(folder: Path, subject: Exhibit, content: bytes, unit: tuple[str, ...], registry: Registry = REGISTRY):
    """The instruments' answers on `content`, which claims to be what `subject` is."""
    claimed = dataclasses.replace(subject, size=len(content))
    job = Job(exhibit=claimed, path=str(stored(folder, content)), instruments=unit)
    steps = examine(job, VaultSource(job.path), registry, clock=lambda: 0.0)
    return [step for step in steps if isinstance(step, Finished)]


def assert_only_refuses(given: Iterable[Finished], what: str) -> None:
    for answer in given:
        wrong = [fault for fault in answer.faults if fault.kind not in REFUSALS]
        assert not wrong, f"{answer.instrument} on {what}: {wrong[0].kind}: {wrong[0].detail}"


@pytest.fixture(params=sorted(exhibits()))
def sample(request: pytest.FixtureRequest) -> tuple[str, bytes]:
    return request.param, exhibits()[request.param]


@pytest.mark.parametrize("unit", UNITS, ids="+".join)
def test_same_bytes_same_records(tmp_path: Path, unit: tuple[str, ...], sample: tuple[str, bytes]) -> None:
    name, content = sample
    subject = exhibit(content)
    wanted = accepted(unit, subject)
    if not wanted:
        return
    first = answers(tmp_path, subject, content, wanted)
    assert [answer.instrument for answer in first] == list(wanted)
    assert_only_refuses(first, name)
    assert answers(tmp_path, subject, content, wanted) == first
    for answer in first:  # and each can travel to the parent, which believes only declared types
        assert understood(pack(message(answer))[LENGTH.size :]) == answer


@pytest.mark.parametrize("unit", UNITS, ids="+".join)
def test_every_truncation_is_refused_or_read(tmp_path: Path, unit: tuple[str, ...], sample: tuple[str, bytes]) -> None:
    name, content = sample
    subject = exhibit(content)
    wanted = accepted(unit, subject)
    if not wanted:
        return
    chance = random.Random(name)
    ends = range(len(content)) if len(content) < 1024 else sorted(chance.sample(range(len(content)), CUTS))
    for end in ends:
        assert_only_refuses(answers(tmp_path, subject, content[:end], wanted), f"{name} cut to {end} bytes")


@pytest.mark.parametrize("unit", UNITS, ids="+".join)
def test_flipped_bits_are_refused_or_read(tmp_path: Path, unit: tuple[str, ...], sample: tuple[str, bytes]) -> None:
    name, content = sample
    subject = exhibit(content)
    wanted = accepted(unit, subject)
    if not wanted:
        return
    chance = random.Random(name + "flip")
    for attempt in range(FLIPS):
        broken = bytearray(content)
        # headers matter most, so half of the attempts stay within the first kilobyte
        within = min(len(broken), 1024) if attempt % 2 else len(broken)
        for _ in range(chance.choice((1, 1, 4, 16))):
            broken[chance.randrange(within)] ^= 1 << chance.randrange(8)
        assert_only_refuses(answers(tmp_path, subject, bytes(broken), wanted), f"{name} with bits flipped ({attempt})")


def test_every_instrument_met_an_exhibit_that_it_accepts() -> None:
    met = {name for content in exhibits().values() for unit in UNITS for name in accepted(unit, exhibit(content))}
    unmet = {*REGISTRY.analysers, *REGISTRY.viewers} - met
    assert not unmet, f"add a small exhibit for {sorted(unmet)} to tests/contracts/samples.py"
