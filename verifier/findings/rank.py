"""How much a finding matters to somebody who reads one line of it: outcome first, then what argues against it."""

from __future__ import annotations

from verifier.records import Finding, FindingOutcome

_OUTCOMES = (
    FindingOutcome.CONTRADICTS, FindingOutcome.SUPPORTS, FindingOutcome.NOTES, FindingOutcome.INCONCLUSIVE,
    FindingOutcome.NOT_ASSESSED,
)  # fmt: skip


def severity(finding: Finding) -> tuple[int, int, int]:
    """A key to sort by, most important first: outcome, what argues against it, how many reasons it has."""
    return (_OUTCOMES.index(finding.outcome), len(finding.contrary), -len(finding.because))
