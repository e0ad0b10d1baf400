"""What a case comes to in eight numbers: one place counts, for `ingest`, `status`, every page and JSON."""

from __future__ import annotations

from dataclasses import dataclass, fields, replace

from verifier.dossier import CaseDossier
from verifier.findings.copies.originals import recordings_of
from verifier.findings.examined import is_fully_examined
from verifier.records import FindingOutcome, Match, Tier


@dataclass(frozen=True, slots=True, kw_only=True)
class Summary:
    """`files_received` counts every copy handed over; `links_waiting` pairs of recordings for a person."""

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
    case = replace(case, originals=originals)
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
    """The strongest link of each pair of recordings that instruments leave to a person, and nobody has said a word on.

    A verdict on two exhibits is one on their recordings. Copies of one recording are asked about no more.
    """
    return tuple(found[0] for found in undecided_links(case))


def undecided_links(case: CaseDossier) -> tuple[tuple[Match, ...], ...]:
    """The same with all links of tier review between the two recordings, one a pair of exhibits, strongest first."""
    originals = recordings_of(case)
    home = {member: one.id for one in originals.recordings for member in one.members}

    def pair_of(left: str, right: str) -> frozenset[str]:
        return frozenset((home.get(left, left), home.get(right, right)))

    decided = {pair_of(verdict.left, verdict.right) for verdict in case.verdicts}
    linked = {(match.left, match.right) for match in case.matches if match.tier is not Tier.REVIEW}
    found: dict[frozenset[str], dict[tuple[str, str], Match]] = {}
    for match in sorted(case.matches, key=lambda match: (-match.score, match.left, match.right, match.method)):
        exhibits, recordings = (match.left, match.right), pair_of(match.left, match.right)
        if match.tier is Tier.REVIEW and exhibits not in linked and recordings not in decided and len(recordings) > 1:
            found.setdefault(recordings, {}).setdefault(exhibits, match)
    return tuple(tuple(some.values()) for some in found.values())
