"""Running the checks over a case."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.geo.dossiers import ONE, OTHER, case, dossier, said, tehran
from verifier.dossier import CaseDossier, ExhibitDossier
from verifier.findings.judge import judge, prepare
from verifier.instruments import Check
from verifier.records import Finding, FindingOutcome, Question


def one_that_says(name: str, code: str = "x.y", about: str | None = None) -> Check:
    def check(of: ExhibitDossier, case: CaseDossier) -> Iterator[Finding]:
        make = of.facts.get("make")
        yield Finding(
            exhibit=about or of.exhibit.id, question=Question.SOURCE, outcome=FindingOutcome.NOTES, code=code,
            statement=f"{name}: {make.best.value if make else None}",
        )  # fmt: skip

    return Check(name=name, version=1, codes=("x.y",), check=check)


def test_checks_run_in_order_of_name_over_established_facts() -> None:
    one = dossier([said("exif:Make", "Drawn"), said("exif:DateTimeOriginal", tehran("2026-01-08T15:42:10"))])
    found = judge(case(dossier(exhibit=OTHER), one), [one_that_says("zebra"), one_that_says("ant")])
    assert list(found) == [ONE, OTHER]
    assert [finding.statement for finding in found[ONE]] == ["ant: Drawn", "zebra: Drawn"]
    as_mapping = judge(case(one), {"zebra": one_that_says("zebra"), "ant": one_that_says("ant")})
    assert as_mapping[ONE] == found[ONE]


def test_prepared_cases_are_left_alone() -> None:
    prepared = prepare(case(dossier([said("exif:Make", "Drawn")])))
    assert prepared.exhibits[ONE].facts["make"].best.value == "Drawn"
    assert prepare(prepared) is prepared


def test_a_check_that_breaks_its_promise_is_a_defect() -> None:
    with pytest.raises(ValueError, match="has not declared the code"):
        judge(case(dossier()), [one_that_says("ant", code="other.code")])
    with pytest.raises(ValueError, match="not asked about"):
        judge(case(dossier()), [one_that_says("ant", about=OTHER)])
