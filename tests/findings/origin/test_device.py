from __future__ import annotations

import pytest

from tests.metadata.dossiers import case, dossier, said
from verifier.dossier import ExhibitDossier
from verifier.findings.origin.device import CHECK
from verifier.records import Finding, FindingOutcome, Value

ONE, TWO = "a" * 64, "b" * 64


def exhibit(identifier: str, name: str, **values: Value) -> ExhibitDossier:
    keys = {"make": "exif:Make", "model": "exif:Model", "serial": "exif:BodySerialNumber", "lens": "exif:LensModel",
            "lens_serial": "exif:LensSerialNumber", "coding": "jpeg:quantisation.luma.digest",
            "tiff": "xmp:tiff:Make"}  # fmt: skip
    readings = [said(keys[key], value, exhibit=identifier) for key, value in values.items()]
    return dossier(*readings, identifier=identifier, name=name)


def findings(one: ExhibitDossier, *others: ExhibitDossier) -> dict[str, Finding]:
    return {finding.code: finding for finding in CHECK.check(one, case(one, *others))}


SPEAKS = [
    ("device.same_serial", FindingOutcome.SUPPORTS, {"model": "D70", "serial": "0123456"}),
    ("device.same_lens", FindingOutcome.NOTES, {"lens": "24-70", "lens_serial": "000023990c"}),
    ("device.same_series", FindingOutcome.NOTES, {"model": "D70", "coding": "abc"}),
]


@pytest.mark.parametrize(("code", "outcome", "values"), SPEAKS, ids=[row[0] for row in SPEAKS])
def test_clusters(code: str, outcome: FindingOutcome, values: dict[str, Value]) -> None:
    found = findings(exhibit(ONE, "DSC_0042.JPG", **values), exhibit(TWO, "DSC_0043.JPG", **values))
    assert found[code].outcome is outcome
    assert f"exhibit {TWO[:12]}" in found[code].because
    assert "owner" in str(found[code].caveat)
    assert findings(exhibit(ONE, "DSC_0042.JPG", **values)) == {}


def test_makes_that_differ() -> None:
    found = findings(exhibit(ONE, "a.jpg", make="Canon", tiff="NIKON CORPORATION"))
    assert found["device.makes_differ"].outcome is FindingOutcome.INCONCLUSIVE
    assert findings(exhibit(ONE, "a.jpg", make="NIKON CORPORATION", tiff="Nikon")) == {}


def test_every_code_is_tested_here() -> None:
    assert {row[0] for row in SPEAKS} | {"device.makes_differ"} == set(CHECK.codes)


@pytest.mark.parametrize("serial", ["0000000", "1", "", "0", "    "])
def test_a_serial_number_that_tells_nothing_joins_nobody(serial: str) -> None:
    values = {"model": "D70", "serial": serial}
    assert findings(exhibit(ONE, "x.jpg", **values), exhibit(TWO, "y.jpg", **values)) == {}


def test_the_same_serial_of_another_model_joins_nobody() -> None:
    assert not findings(exhibit(ONE, "x", model="A", serial="12345"), exhibit(TWO, "y", model="B", serial="12345"))


def test_counters_far_apart_are_no_series() -> None:
    values = {"model": "D70", "coding": "abc"}
    assert findings(exhibit(ONE, "DSC_0042.JPG", **values), exhibit(TWO, "DSC_4043.JPG", **values)) == {}
