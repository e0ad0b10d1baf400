"""What a case comes to in eight numbers: one place counts, for `ingest`, `status`, every page and JSON."""

from __future__ import annotations

from dataclasses import dataclass, fields

from verifier.dossier import CaseDossier
from verifier.findings.copies.groups import latest_decisions
from verifier.findings.copies.originals import recordings_of
from verifier.findings.examined import examination
from verifier.records import FindingOutcome, Match, Tier


@dataclass(frozen=True, slots=True, kw_only=True)
class Summary:
    """`files_received` counts every copy handed over; `links_waiting` pairs that only a person can decide."""

    files_received: int
    exhibits: int
    recordings: int
    composites: int
    not_fully_examined: int
    skipped: int
    contradictions: int
    links_waiting: int


def summary_of(case: CaseDossier) -> Summary:
    """The numbers of a case; a redacted case states those of the case that it was made from."""
    if case.totals is not None:
        return Summary(**{field.name: case.totals[field.name] for field in fields(Summary)})
    originals = recordings_of(case)
    exhibits = case.exhibits.values()
    return Summary(
        files_received=sum(len(dossier.acquisitions) for dossier in exhibits),
        exhibits=len(case.exhibits),
        recordings=len(originals.recordings),
        composites=len(originals.composites),
        not_fully_examined=examination(exhibits).not_fully_examined,
        skipped=len(case.skipped),
        contradictions=sum(
            finding.outcome is FindingOutcome.CONTRADICTS for dossier in exhibits for finding in dossier.findings
        ),
        links_waiting=len(waiting(case)),
    )


def waiting(case: CaseDossier) -> tuple[Match, ...]:
    """The strongest link of each pair that an instrument leaves to a person, and that nobody has decided."""
    decided = {pair for pair, decision in latest_decisions(case.verdicts).items() if decision != "unsure"}
    linked = {(match.left, match.right) for match in case.matches if match.tier is not Tier.REVIEW}
    found: dict[tuple[str, str], Match] = {}
    for match in sorted(case.matches, key=lambda match: (-match.score, match.left, match.right, match.method)):
        pair = (match.left, match.right)
        if match.tier is Tier.REVIEW and pair not in decided and pair not in linked:
            found.setdefault(pair, match)
    return tuple(found.values())
