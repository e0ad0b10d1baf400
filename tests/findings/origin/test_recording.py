"""What a recording's header says against what is inside."""

from __future__ import annotations

import pytest

from tests.metadata.dossiers import case, dossier, said
from verifier.findings.origin.recording import CHECK, HIDDEN, LENGTH
from verifier.records import Finding, FindingOutcome
from verifier.report.language import language
from verifier.report.sentences import caveat, plain, statement

TRIMMED = (
    said("mp4:hidden_s.video", 8.0), said("mp4:inside_s.video", 12.0), said("mp4:shown_s.video", "6.000–10.000"),
)  # fmt: skip


def findings(*readings: object) -> list[Finding]:
    one = dossier(*readings)  # type: ignore[arg-type]
    return list(CHECK.check(one, case(one)))


def test_a_trim_that_left_the_rest_inside_is_told() -> None:
    (finding,) = findings(*TRIMMED)
    assert (finding.code, finding.outcome) == (HIDDEN, FindingOutcome.NOTES)
    assert plain(statement(finding, language("en"))).startswith("What is not shown is still inside: 12.0 s")


def test_another_length_than_the_headers_is_told() -> None:
    (finding,) = findings(said("container:measured_duration_s", 4.0), said("container:stated_duration_s", 3604.0))
    assert finding.code == LENGTH
    assert "3604.0" in plain(statement(finding, language("en")))


@pytest.mark.parametrize("code", ["en", "fa"])
def test_both_speak_in_both_languages(code: str) -> None:
    words = language(code)
    found = findings(*TRIMMED, said("container:measured_duration_s", 4.0), said("container:stated_duration_s", 9.0))
    assert len(found) == 2
    for finding in found:
        assert plain(statement(finding, words)) != finding.code
        assert plain(caveat(finding, words))


@pytest.mark.parametrize(
    "readings",
    [(), (said("container:measured_duration_s", 4.0),), (said("mp4:hidden_s.video", "8"), *TRIMMED[1:])],
)
def test_it_is_silent_without_both_sides(readings: tuple[object, ...]) -> None:
    assert findings(*readings) == []
