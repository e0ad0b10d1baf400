"""Fields at their extremes break nothing: no exception reaches the guard from checks, groups, documents or pages."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import HealthCheck, given, settings

from tests.contracts.extremes import cases, keys
from verifier.compare.copies import groups
from verifier.dossier import CaseDossier
from verifier.executors.registry import load
from verifier.findings.judge import judgements, prepare
from verifier.guarded import Guard
from verifier.report.document import document
from verifier.report.maps.drawn import drawn_of
from verifier.report.maps.geojson import geojson
from verifier.report.maps.kml import kml
from verifier.report.pages.whole import report
from verifier.report.writers import case_uco, csv_tables
from verifier.report.writers.html_report import render

FEW = settings(max_examples=25, deadline=None, derandomize=True, suppress_health_check=list(HealthCheck))


def judged(case: CaseDossier) -> CaseDossier:
    """The case with its findings and groups; nothing may have reached the guards."""
    prepared = prepare(case)
    assert not [fault for dossier in prepared.exhibits.values() for fault in dossier.faults]
    checking, grouping = Guard("check", seconds=60), Guard("groups", seconds=60)
    found = dict(judgements(prepared, load().checks, checking))
    together = groups(prepared, prepared.matches, grouping)
    assert not checking.all()
    assert not grouping.all()
    exhibits = {key: replace(dossier, findings=found[key]) for key, dossier in prepared.exhibits.items()}
    return replace(prepared, exhibits=exhibits, groups=together)


def test_keys_are_found() -> None:
    assert {"exif:DateTimeOriginal", "mp4:mvhd.creation_time", "exif:GPSDateTime"} <= set(keys())


@FEW
@given(cases())
def test_checks_and_groups_stand_every_extreme(case: CaseDossier) -> None:
    judged(case)


@FEW
@given(cases())
@pytest.mark.parametrize("lang", ["en", "fa"])
def test_pages_and_documents_stand_every_extreme(lang: str, case: CaseDossier) -> None:
    told = judged(case)
    report(told, lang)
    render(told, lambda derivative: b"", lang)
    document(told)
    csv_tables.render(told)
    case_uco.render(told)
    things = drawn_of(told)  # the page above drew its map
    assert geojson(things)
    assert kml(things, "x")
