"""Answers that are kept while an exhibit is judged are those that would be given anew."""

from __future__ import annotations

from dataclasses import replace

import pytest

from benchmarks.truthful import truthful_case
from verifier.dossier import ExhibitDossier
from verifier.executors.registry import load
from verifier.findings import remembered as module
from verifier.findings.judge import judge
from verifier.findings.own import own
from verifier.findings.remembered import MOST_KEPT, remembered


def test_asks_once_of_one_dossier_and_again_of_an_equal_one() -> None:
    asked: list[str] = []

    @remembered
    def name_of(dossier: ExhibitDossier, mark: str = "") -> str:
        asked.append(mark)
        return dossier.exhibit.id + mark

    dossier = next(iter(truthful_case(3).exhibits.values()))
    assert name_of(dossier) == name_of(dossier) == dossier.exhibit.id
    assert name_of(dossier, "!") == dossier.exhibit.id + "!"
    name_of(replace(dossier))
    assert asked == ["", "!", ""]


def test_keeps_no_more_than_it_says_and_nothing_that_failed() -> None:
    asked: list[int] = []

    @remembered
    def half(number: int) -> int:
        asked.append(number)
        if number % 2:
            raise ValueError("odd")
        return number // 2

    for number in range(0, 2 * MOST_KEPT + 2, 2):
        half(number)
    half(0)  # the first was let go of
    assert asked.count(0) == 2
    for _ in range(2):
        with pytest.raises(ValueError, match="odd"):
            half(1)
    assert asked.count(1) == 2


def test_findings_are_those_without_it(monkeypatch: pytest.MonkeyPatch) -> None:
    checks = load().checks
    cases = [truthful_case(number) for number in range(40)]
    kept = [judge(case, checks) for case in cases]
    monkeypatch.setattr(module, "MOST_KEPT", 0)
    assert [judge(case, checks) for case in cases] == kept


def test_a_changed_dossier_has_its_own_view() -> None:
    dossier = next(found for found in truthful_case(3).exhibits.values() if found.readings)
    assert own(dossier) is own(dossier)
    assert own(replace(dossier, readings=())).by_key == {}
