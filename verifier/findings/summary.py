"""What a case comes to in eight numbers: one place counts, for `ingest`, `status`, every page and JSON."""

from __future__ import annotations

from dataclasses import dataclass, fields

from verifier.dossier import CaseDossier
from verifier.findings.copies.originals import recordings_of
from verifier.findings.examined import is_fully_examined
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


@dataclass(frozen=True, slots=True, kw_only=True)
class Counted:
    """What going through every dossier counts, where a store has counted it already."""

    files_received: int
    not_fully_examined: int
    contradictions: int


def _counted(case: CaseDossier) -> Counted:
    received = short = against = 0
    for dossier in case.exhibits.values():  # one way through: a large case is fetched page by page
        received += len(dossier.acquisitions)
        short += not is_fully_examined(dossier)
        against += sum(finding.outcome is FindingOutcome.CONTRADICTS for finding in dossier.findings)
    return Counted(files_received=received, not_fully_examined=short, contradictions=against)


def summary_of(case: CaseDossier, counted: Counted | None = None) -> Summary:
    """The numbers of a case; a redacted case states those of the case that it was made from."""
    if case.totals is not None:
        return Summary(**{field.name: case.totals[field.name] for field in fields(Summary)})
    originals = recordings_of(case)
    counted = counted or _counted(case)
    return Summary(
        files_received=counted.files_received,
        exhibits=len(case.exhibits),
        recordings=len(originals.recordings),
        composites=len(originals.composites),
        not_fully_examined=counted.not_fully_examined,
        skipped=len(case.skipped),
        contradictions=counted.contradictions,
        links_waiting=len(undecided(case)),
    )


def undecided(case: CaseDossier) -> tuple[Match, ...]:
    """The strongest link of each pair that instruments leave to a person, and of which nobody has said anything."""
    decided = {(verdict.left, verdict.right) for verdict in case.verdicts}
    linked = {(match.left, match.right) for match in case.matches if match.tier is not Tier.REVIEW}
    found: dict[tuple[str, str], Match] = {}
    for match in sorted(case.matches, key=lambda match: (-match.score, match.left, match.right, match.method)):
        pair = (match.left, match.right)
        if match.tier is Tier.REVIEW and pair not in decided and pair not in linked:
            found.setdefault(pair, match)
    return tuple(found.values())
