"""Speed between two sightings of one device."""

from __future__ import annotations

from dataclasses import replace

from tests.geo.dossiers import MASHHAD, ONE, OTHER, PUNAK, case, dossier, position, said, utc
from verifier.dossier import ExhibitDossier
from verifier.findings.judge import judge
from verifier.findings.place.speed import CHECK
from verifier.records import FindingOutcome


def sighting(exhibit: str, point: tuple[float, float], at: str, serial: str = "S1") -> ExhibitDossier:
    readings = [
        *position(point, exhibit),
        said("exif:GPSDateTime", utc(at), exhibit),
        said("exif:Model", "Pencil", exhibit),
        said("exif:BodySerialNumber", serial, exhibit),
    ]
    return dossier(readings, exhibit=exhibit)


def test_a_device_that_is_in_two_cities_within_minutes_is_noted() -> None:
    first, second = sighting(ONE, PUNAK, "2026-01-08T12:00:00"), sighting(OTHER, MASHHAD, "2026-01-08T12:20:00")
    found = judge(case(first, second), [CHECK])
    assert found[ONE] == ()
    (finding,) = found[OTHER]
    assert finding.outcome is FindingOutcome.NOTES
    assert int(str(finding.values["km_per_hour"])) > 2_000


def test_silent_for_two_devices_a_day_or_a_street() -> None:
    first = sighting(ONE, PUNAK, "2026-01-08T12:00:00")
    for second in (
        sighting(OTHER, MASHHAD, "2026-01-08T12:20:00", serial="S2"),
        sighting(OTHER, MASHHAD, "2026-01-09T12:20:00"),
        sighting(OTHER, (35.7650, 51.3306), "2026-01-08T12:00:05"),
        replace(sighting(OTHER, MASHHAD, "2026-01-08T12:20:00"), readings=()),
    ):
        assert judge(case(first, second), [CHECK])[OTHER] == ()
