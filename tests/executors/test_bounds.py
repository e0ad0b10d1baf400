"""What hostile bytes can make an instrument yield stays within bounds, and what was cut is said."""

from __future__ import annotations

import math

import pytest

from verifier.executors.bounds import LONGEST_TEXT_BYTES, BoundedRecords
from verifier.records import Derivative, Event, Fault, FaultKind, Fingerprint, Moment, Reading, Zone


def reading(value: object) -> Reading:
    return Reading(key="test:Value", value=value, location="here")  # type: ignore[arg-type]


def kept(value: object) -> object:
    tray = BoundedRecords("it")
    tray.fill([reading(value)])
    (record,) = tray.records
    assert isinstance(record, Reading)
    return record.value


@pytest.mark.parametrize("value", ["plain", "یک متن", "", 0, -(1 << 63), (1 << 63) - 1, 1.5, True, None])
def test_what_is_within_bounds_is_verbatim(value: object) -> None:
    assert kept(value) == value and type(kept(value)) is type(value)


@pytest.mark.parametrize("letter", ["a", "é", "𝄞"])
def test_long_text_is_cut_between_letters_and_counted(letter: str) -> None:
    tray = BoundedRecords("it")
    tray.fill([reading(letter * 100_000), reading(letter * 10)])
    first, second = tray.records
    assert isinstance(first, Reading) and isinstance(second, Reading)
    assert LONGEST_TEXT_BYTES - 4 < len(str(first.value).encode()) <= LONGEST_TEXT_BYTES
    assert set(str(first.value)) == {letter} and second.value == letter * 10
    (fault,) = tray.faults()
    assert fault.kind is FaultKind.UNSUPPORTED and fault.detail.startswith("1 text")


def test_values_that_no_store_holds_are_written_out() -> None:
    assert kept("a\udc80b") == "a\\udc80b"
    assert kept(math.nan) == "nan" and kept(-math.inf) == "-inf"
    assert kept(1 << 63) == "an integer of 64 bits"
    assert kept(1 << 100_000) == "an integer of 100001 bits"


def test_a_moment_keeps_its_text_bounded() -> None:
    value = kept(Moment(text="x" * 100_000, wall="2024-01-02T03:04:05", zone=Zone.UTC))
    assert isinstance(value, Moment) and len(value.text) == LONGEST_TEXT_BYTES


@pytest.mark.parametrize(
    "record",
    [
        Fingerprint(algorithm="a", bits=b"", offset_seconds=math.nan),
        Event(kind="k", start_seconds=math.inf, end_seconds=1.0),
    ],
)
def test_a_time_that_is_no_number_is_our_mistake(record: Fingerprint | Event) -> None:
    with pytest.raises(ValueError, match="not finite"):
        BoundedRecords("it").fill([record])


def test_measures_are_bounded_too() -> None:
    tray = BoundedRecords("it")
    tray.fill([Event(kind="k", start_seconds=0.0, end_seconds=1.0, measures={"level": math.nan, "n": 3})])
    (event,) = tray.records
    assert isinstance(event, Event) and event.measures == {"level": "nan", "n": 3}


def test_too_many_and_too_large_end_the_taking() -> None:
    tray = BoundedRecords("it")
    tray.fill(reading(number) for number in range(200_000))
    assert len(tray.records) == 100_000 and tray.faults()[0].kind is FaultKind.DEFECT
    tray = BoundedRecords("it")
    tray.fill(Derivative(id="", recipe="r", media_type="m", content=bytes(10 << 20)) for _ in range(100))
    assert len(tray.records) == 3


def test_an_instruments_own_faults_go_with_its_name() -> None:
    tray = BoundedRecords("it")
    tray.fill([Fault(kind=FaultKind.CORRUPT, detail="half of it", instrument="somebody else")])
    assert not tray.records
    assert tray.faults() == (Fault(kind=FaultKind.CORRUPT, detail="half of it", instrument="it"),)


def test_what_is_no_record_is_our_mistake() -> None:
    with pytest.raises(TypeError, match="no record"):
        BoundedRecords("it").fill(["text"])  # type: ignore[list-item]
