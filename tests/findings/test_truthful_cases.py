"""Truthful synthetic cases with every kind of known problem: nothing true is contradicted; a lie is."""

from __future__ import annotations

from benchmarks.accusations import is_against_claim, is_true, is_untrue_support, lying
from benchmarks.truthful import truthful_case
from verifier.executors.registry import load
from verifier.findings.judge import judge, prepare
from verifier.records import FindingOutcome

CASES = range(20)


def test_no_true_claim_is_contradicted_and_nothing_unusable_supports() -> None:
    checks = load().checks
    told = set()
    for number in CASES:
        case = prepare(truthful_case(number))
        for findings in judge(case, checks).values():
            told |= {finding.code for finding in findings}
            for finding in findings:
                against = finding.outcome is FindingOutcome.CONTRADICTS and not is_true(finding, case)
                assert not against and not is_untrue_support(finding, case), (number, finding.code)
    assert "time.clock_fits_claim" in told


def test_the_same_cases_lying_are_contradicted() -> None:
    checks = load().checks
    found = 0
    for number in CASES:
        lie = lying(prepare(truthful_case(number)), number)
        found += any(is_against_claim(f) for findings in judge(lie, checks).values() for f in findings)
    assert found > len(CASES) // 2
