"""Findings as issues: what is one matter stands once, the strongest first, whatever order the findings come in."""

from __future__ import annotations

import random
import re
from pathlib import Path

import pytest

from verifier.executors.registry import load
from verifier.findings.issues import DOUBTS, UNTOLD, Severity, issues_of, severity_of, subject_of
from verifier.records import Finding, FindingOutcome, Question, Scalar
from verifier.report.language import codes, language

CODES = sorted({code for check in load().checks.values() for code in check.codes})
PAGE = Path(__file__).parents[2] / "docs" / "findings.md"
CONTRADICTS, SUPPORTS, NOTES = FindingOutcome.CONTRADICTS, FindingOutcome.SUPPORTS, FindingOutcome.NOTES
INCONCLUSIVE, NOT_ASSESSED = FindingOutcome.INCONCLUSIVE, FindingOutcome.NOT_ASSESSED


def found(code: str, outcome: FindingOutcome = NOTES, question: Question = Question.TIME, **values: Scalar) -> Finding:
    return Finding(exhibit="a" * 64, question=question, outcome=outcome, code=code, values=values)


RECYCLED = (
    found("time.copy_existed_before_claim", CONTRADICTS, copy="b" * 64, seconds_before=9e7),
    found("time.existed_before_claim", CONTRADICTS, copy=None, seconds_before=1e5),
    found("time.clock_off_claim", seconds_away=9e7),
    found("time.clock_fits_claim", SUPPORTS),
    found("clock.gps_differs", INCONCLUSIVE, seconds=30),
    found("place.position_off_claim", question=Question.PLACE, metres_outside=900.0),
    found("place.no_position", INCONCLUSIVE, Question.PLACE),
    found("daylight.cannot_tell", INCONCLUSIVE),
    found("place.claim_not_read", NOT_ASSESSED, Question.PLACE),
    found("time.bounds"),
)


def test_one_matter_is_one_issue_and_its_own_record_leads_before_that_of_a_copy() -> None:
    issues = issues_of(RECYCLED)
    assert [(issue.severity.value, issue.subject) for issue in issues] == [
        ("contradicts", "claimed_time"), ("doubts", "claimed_place"), ("doubts", "claimed_time"), ("doubts", "clocks"),
        ("supports", "claimed_time"), ("notes", "bounds"), ("untold", UNTOLD),
    ]  # fmt: skip
    first, last = issues[0], issues[-1]
    assert first.lead.code == "time.existed_before_claim" and first.outcome is CONTRADICTS and first.is_against
    assert [reason.code for reason in first.reasons] == ["time.copy_existed_before_claim"]
    assert {finding.code for finding in last.findings} == {
        "place.no_position", "daylight.cannot_tell", "place.claim_not_read"
    }  # fmt: skip
    assert not last.is_against


def test_no_finding_is_lost_and_the_order_in_which_they_come_changes_nothing() -> None:
    expected = issues_of(RECYCLED)
    assert sorted(f.code for issue in expected for f in issue.findings) == sorted(f.code for f in RECYCLED)
    for seed in range(20):
        mixed = list(RECYCLED)
        random.Random(seed).shuffle(mixed)
        assert issues_of(mixed) == expected


def test_what_says_the_same_of_two_claims_is_said_once_and_what_differs_twice() -> None:
    twice = [found("time.clock_off_claim", claim=name, seconds_away=7e5, written="x") for name in ("one", "two")]
    assert len(issues_of(twice)[0].findings) == 1
    differing = [found("time.clock_off_claim", claim="one", seconds_away=away) for away in (7e5, 9e5)]
    (issue,) = issues_of(differing)
    assert [finding.values["seconds_away"] for finding in issue.findings] == [9e5, 7e5]  # the greater first
    unlike = [Finding(**{**_plain(found("custom.rule")), "statement": text}) for text in ("One.", "Two.")]
    assert len(issues_of(unlike)[0].findings) == 2


def _plain(finding: Finding) -> dict[str, object]:
    return {name: getattr(finding, name) for name in Finding.__dataclass_fields__}


def test_a_contradiction_of_a_clock_alone_stands_after_those_of_a_claim() -> None:
    codes_of = ["clock.future", "clock.after_upload", "place.position_contradicts_claim", "time.existed_before_claim"]
    issues = issues_of([found(code, CONTRADICTS) for code in codes_of])
    assert [issue.subject for issue in issues] == ["claimed_time", "claimed_place", "clocks"]
    assert [finding.code for finding in issues[-1].findings] == ["clock.after_upload", "clock.future"]


def test_a_rule_from_outside_is_a_matter_of_its_question() -> None:
    told = found("plugin.rule", INCONCLUSIVE, Question.AUDIO)
    assert subject_of(told) == "audio" and severity_of(told) is Severity.UNTOLD
    assert issues_of([]) == ()


@pytest.mark.parametrize("code", CODES)
def test_every_matter_has_a_word_in_every_language(code: str) -> None:
    for name in codes():
        assert subject_of(found(code)) in language(name).words["issue"], (code, name)


def test_every_severity_has_a_word_and_every_code_that_can_be_untold_has_one() -> None:
    stated = re.split(r"^### `([a-z0-9_.]+)`$", PAGE.read_text("utf-8"), flags=re.MULTILINE)
    may_be = {
        code
        for code, text in zip(stated[1::2], stated[2::2], strict=True)
        for outcome in ("inconclusive", "not assessed")
        if f"*{outcome}" in " ".join(text.split("**Innocent")[0].split()).lower() and code in CODES
    }
    untold = {
        code
        for code in may_be
        if Severity.UNTOLD in {severity_of(found(code, outcome)) for outcome in (INCONCLUSIVE, NOT_ASSESSED)}
    } - _never_untold(may_be)
    assert len(untold) >= 8
    for name in codes():
        words = language(name).words
        assert set(words["severity"]) == {severity.value for severity in Severity}
        assert untold <= set(words["untold"]), (name, untold - set(words["untold"]))
        assert set(words["untold"]) <= set(CODES)


def _never_untold(may_be: set[str]) -> set[str]:
    return {code for code in may_be if severity_of(found(code, INCONCLUSIVE)) is not Severity.UNTOLD}


def test_every_doubt_is_a_rule_that_there_is() -> None:
    assert set(CODES) >= DOUBTS
