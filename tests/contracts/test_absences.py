"""What a finding says is not there was looked for wherever it is read: planted in each place, it silences the finding.

The places come from all rooms together (facts, positions, signs of writers, devices, sidecars), so that a place which
one of them knows and another has forgotten is found here.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

import pytest

from tests.geo.dossiers import ONE, OTHER, case, claim, dossier, said, tehran, utc
from verifier.dossier import ExhibitDossier, Said
from verifier.executors.registry import load
from verifier.findings import facts
from verifier.findings.codes import POSTED
from verifier.findings.judge import judge
from verifier.findings.origin import device, lineage_signs
from verifier.records import Fault, FaultKind, FindingOutcome, Kind, Reading, Value

CHECKS = load().checks
CAMERAS = sorted(
    {key for name in ("make", "model") for key in (*facts.QUESTIONS[name].keys, *facts.QUESTIONS[name].also)}
    | set(lineage_signs._MAKER) | set(lineage_signs._MODEL) | set(device._MODEL)
)  # fmt: skip
POSITIONS = [(stem + north, stem + east) for stem, north, east, _ in facts._POSITIONS]
WRITTEN = [*facts.ISO6709, *facts.ECHOES]
TIMES = [
    (key, question)
    for question in ("captured_at", "created_at", "gps_time")
    for key in (*facts.QUESTIONS[question].keys, *facts.QUESTIONS[question].also)
]


def codes(subject: ExhibitDossier) -> dict[str, FindingOutcome]:
    return {finding.code: finding.outcome for finding in judge(case(subject), CHECKS)[ONE]}


def beside(key: str, value: Value) -> Said:
    """A reading of the exhibit that another file makes."""
    return Said(
        reading=Reading(key=key, value=value, location=f"of {key}", subject=ONE), instrument="test", exhibit=OTHER
    )


def bare(*readings: Said, kind: Kind = Kind.PHOTO) -> ExhibitDossier:
    claims = [claim(place="Tehran", time="8 January 2026")]
    return dossier([said("photo:width", 1200), *readings], claims, kind=kind)


def kinds(question: str) -> Iterator[Kind]:
    yield from sorted(facts.QUESTIONS[question].kinds & {Kind.PHOTO, Kind.VIDEO})


def test_all_of_them_speak_of_a_file_that_says_nothing() -> None:
    told = codes(bare())
    assert {"lineage.no_camera_data", "place.no_position", "place.claim_not_tested", "time.claim_not_tested"} <= set(
        told
    )
    assert told["lineage.undetermined"] is FindingOutcome.INCONCLUSIVE


@pytest.mark.parametrize("kind", [Kind.PHOTO, Kind.VIDEO])
@pytest.mark.parametrize("key", CAMERAS)
def test_no_file_that_names_a_camera_is_said_to_name_none(key: str, kind: Kind) -> None:
    assert "lineage.no_camera_data" not in codes(bare(said(key, "ACME Cam 7"), kind=kind))


@pytest.mark.parametrize("key", sorted(lineage_signs.MAKERS_OF_SIDECARS))
def test_nor_where_its_sidecar_names_one(key: str) -> None:
    assert "lineage.no_camera_data" not in codes(bare(beside(key, "ACME Cam 7")))


@pytest.mark.parametrize("keys", POSITIONS)
@pytest.mark.parametrize("of", [said, beside])
def test_no_recorded_position_is_said_to_be_missing(keys: tuple[str, str], of: type) -> None:
    told = codes(bare(of(keys[0], 35.7001), of(keys[1], 51.3381)))
    assert not {"place.no_position", "place.claim_not_tested"} & set(told), told


@pytest.mark.parametrize(
    ("key", "value"),
    [
        ("exif:GPSPosition.latitude", 0.0), ("exif:GPSPosition.latitude", 95.0), ("exif:GPSLatitude", "35 42 0"),
        ("exiftool:GPS:GPSLatitude", "35.7 N"), ("iptc:City", "Tehran"), ("mp4:loci.latitude", 35.7),
        ("novatek:blocks_not_understood", 4), ("quicktime:location.ISO6709", "somewhere"),
    ],
)  # fmt: skip
@pytest.mark.parametrize("of", [said, beside])
def test_a_position_that_was_not_used_is_not_said_to_be_missing(key: str, value: Value, of: type) -> None:
    told = codes(bare(of(key, value)))
    assert "place.no_position" not in told
    assert told["place.position_unused"] is FindingOutcome.INCONCLUSIVE


def test_nor_where_something_could_not_be_read() -> None:
    broken = replace(bare(), faults=(Fault(instrument="exif", kind=FaultKind.CORRUPT, detail="cut"),))
    assert "place.no_position" not in codes(broken)
    assert "lineage.no_camera_data" not in codes(broken)


@pytest.mark.parametrize("key", WRITTEN)
@pytest.mark.parametrize("of", [said, beside])
def test_nor_one_that_is_written_as_one_text(key: str, of: type) -> None:
    told = codes(bare(of(key, "+35.7001+051.3381/")))
    assert not {"place.no_position", "place.claim_not_tested"} & set(told), told


@pytest.mark.parametrize(("key", "question"), TIMES)
def test_no_clock_is_said_to_be_missing(key: str, question: str) -> None:
    for kind in kinds(question):
        for moment in (utc("2026-01-08T17:00:00"), tehran("2026-01-08T20:30:00")):
            stands = Reading(key=key, value=moment, location=facts._AT_HOME.get(key, "of"))
            told = codes(bare(Said(reading=stands, instrument="test", exhibit=ONE), kind=kind))
            if key in facts.QUESTIONS[question].keys:  # the others restate and are not used alone
                assert "time.claim_not_tested" not in told, (key, kind, told)


@pytest.mark.parametrize("key", sorted(POSTED))
def test_no_day_of_posting_leaves_the_time_unbounded(key: str) -> None:
    subject = bare(beside(key, utc("2026-01-09T08:00:00")))
    bounds = next(finding for finding in judge(case(subject), CHECKS)[ONE] if finding.code == "time.bounds")
    assert bounds.outcome is not FindingOutcome.INCONCLUSIVE
    assert "Nothing" not in bounds.statement
