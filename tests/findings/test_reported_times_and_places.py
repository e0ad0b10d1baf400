"""Values with a known problem in files as they were reported, from the bytes to the finding."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from tests.geo.dossiers import case, claim
from tests.media.making import exhibit
from verifier.dossier import ExhibitDossier, Said
from verifier.executors.registry import load
from verifier.findings.facts import establish
from verifier.findings.judge import judge
from verifier.media.source import VaultSource
from verifier.metadata.exif import ANALYSER as EXIF
from verifier.metadata.sidecars.telegram import ANALYSER as TELEGRAM
from verifier.records import Acquisition, Claim, Finding, FindingOutcome, Reading

CHECKS = load().checks


@pytest.fixture
def reported(samples: Path) -> Path:
    return samples / "reported"


def read(path: Path) -> ExhibitDossier:
    """The dossier of one file with what Exif says of it."""
    subject = exhibit(path.read_bytes())
    readings = [
        Said(reading=record, instrument="exif", exhibit=subject.id)
        for record in EXIF.analyse(subject, VaultSource(path), {})
        if isinstance(record, Reading)
    ]
    taken = Acquisition(exhibit=subject.id, path=path.name.encode(), name=path.name.encode(), size=subject.size,
                        modified_ns=None, device=None, inode=None, acquired_at="2026-01-20T09:00:00Z")  # fmt: skip
    return ExhibitDossier(exhibit=subject, acquisitions=(taken,), readings=tuple(readings))


def judged(one: ExhibitDossier, *claims: Claim) -> dict[str, Finding]:
    about = tuple(replace(said, exhibit=one.exhibit.id) for said in claims)
    of = case(replace(one, claims=about))
    found = judge(of, CHECKS)[one.exhibit.id]
    assert not [f.code for f in found if f.outcome is FindingOutcome.CONTRADICTS]
    return {finding.code: finding for finding in found}


def facts(one: ExhibitDossier) -> set[str]:
    return set(establish(one.readings, one.exhibit))


@pytest.mark.samples
def test_a_signed_rational_is_its_place(reported: Path) -> None:
    one = read(reported / "06-gps/in/srational_south_west.jpg")
    known = establish(one.readings, one.exhibit)
    assert known["position_latitude"].best.value == pytest.approx(-33.436667, abs=1e-6)
    assert known["position_longitude"].best.value == pytest.approx(-70.634722, abs=1e-6)
    found = judged(one, claim("-33.4367, -70.6347", "2019-11-08 17:41"))
    assert found["place.position_fits_claim"].outcome is FindingOutcome.SUPPORTS


@pytest.mark.samples
@pytest.mark.parametrize(
    ("name", "reason"),
    [("minutes_4294.jpg", "parts_out_of_range"), ("north_but_negative.jpg", "sign_and_reference")],
)
def test_no_position_is_made_of_tags_that_deny_themselves(reported: Path, name: str, reason: str) -> None:
    one = read(reported / "06-gps/in" / name)
    assert not {"position_latitude", "position_longitude"} & facts(one)
    assert judged(one)["place.position_withheld"].values["reason"] == reason


@pytest.mark.samples
@pytest.mark.parametrize(("name", "calendar"), [("solar_hijri_1402", "solar_hijri"), ("buddhist_2566", "buddhist")])
def test_another_calendar_is_told_as_a_possibility(reported: Path, name: str, calendar: str) -> None:
    one = read(reported / f"07-calendars/in/{name}.jpg")
    found = judged(one, claim("تهران", "2023-05-04 10:11"))
    assert found["time.other_calendar"].values["calendar"] == calendar
    assert found["time.other_calendar"].values["gregorian"] == "2023-05-04T10:11:12"
    assert found["time.other_calendar"].outcome is FindingOutcome.INCONCLUSIVE
    assert "clock.reset" not in found and "captured_at" not in facts(one)


@pytest.mark.samples
def test_hour_24_is_told_with_both(reported: Path) -> None:
    found = judged(read(reported / "07-calendars/in/hour_24.jpg"))
    assert found["time.hour_24"].values["written"] == "2019:01:01 24:04:20"
    assert found["time.hour_24"].values["same_day"] == "2019-01-01T00:04:20"


@pytest.mark.samples
@pytest.mark.parametrize("name", ["IMG_0001.jpg", "IMG_9999.jpg"])
def test_years_that_no_camera_meant_are_withheld(reported: Path, name: str) -> None:
    one = read(reported / "19-year-0001/in" / name)
    assert "captured_at" not in facts(one)
    assert "time.moment_withheld" in judged(one)


def _messages(path: Path) -> Iterator[Said]:
    subject = exhibit(path.read_bytes())
    for record in TELEGRAM.analyse(subject, VaultSource(path), {}):
        if isinstance(record, Reading):
            yield Said(reading=record, instrument="sidecar-telegram", exhibit=subject.id)


@pytest.mark.samples
def test_an_edited_message_contradicts_nothing(reported: Path) -> None:
    one = read(reported / "05-telegram-edited/in/files/IMG_7777.JPG")
    about = tuple(_messages(reported / "05-telegram-edited/in/result.json"))
    found = judged(replace(one, readings=(*one.readings, *about)), claim("Tehran", "2023-05-04"))
    assert "clock.after_upload" not in found and "time.existed_before_claim" not in found
    assert found["time.bounds"].values["not_after_basis"] == "telegram:edited"
