"""Where a case stands, gathered in one way through it: what contradicts, what waits, what is not examined."""

from __future__ import annotations

from dataclasses import dataclass, replace

from verifier.dossier import CaseDossier, among
from verifier.findings.copies.originals import recordings_of
from verifier.findings.issues import issues_of
from verifier.findings.summary import Counted, Summary, summary_of, undecided
from verifier.records import Finding, FindingOutcome, Match, Question, Recording, Recordings
from verifier.report.language import language
from verifier.report.sentences import brief_statement, plain, statement
from verifier.store import Store
from verifier.visible import visible_name
from verifier.workflow import rejudging
from verifier.workflow.comparison_runs import NO_PARAMETERS, wanted
from verifier.workflow.gather import gather
from verifier.workflow.gathering.naming import NAME_LETTERS
from verifier.workflow.people.conclude import waiting_for_review


@dataclass(frozen=True, slots=True, kw_only=True)
class Contradiction:
    """A finding that contradicts, and its sentence in English."""

    exhibit: str
    code: str
    statement: str
    finding: Finding


@dataclass(frozen=True, slots=True, kw_only=True)
class Standing:
    """`names` has the exhibits that are spoken of; `unexamined` the kinds of its faults, by exhibit."""

    summary: Summary
    originals: Recordings
    contradictions: tuple[Contradiction, ...]
    links_waiting: tuple[Match, ...]
    assessments_waiting: tuple[tuple[str, Question], ...]
    unexamined: tuple[tuple[str, tuple[str, ...]], ...]
    names: dict[str, str]
    uncompared: int  # exhibits that nothing was compared with yet: without it, recordings are not known


def standing(store: Store) -> Standing:
    """The whole of it. What a first assessment says stays hidden: only that it waits is told."""
    case = gather(store, lazily=True)
    return standing_of(replace(case, originals=recordings_of(case)), store)


def standing_of(case: CaseDossier, store: Store) -> Standing:
    """The same of a case that was gathered lazily and whose recordings are decided."""
    against, shaky = store.tallies.contradictions(), rejudging.perhaps_unsettled(store)
    told_of = case.exhibits  # all, where it is not known which need a look
    if shaky is not None:
        told_of = among(case.exhibits, {*against, *store.tallies.assessed(), *store.tallies.perhaps_short(), *shaky})
    words = language("en")
    contradictions: list[Contradiction] = []
    people: list[tuple[str, Question]] = []
    unexamined: list[tuple[str, tuple[str, ...]]] = []
    for key, dossier in told_of.items():
        contradictions += [
            Contradiction(
                exhibit=key,
                code=finding.code,
                statement=plain(brief_statement(finding, words) or statement(finding, words)),
                finding=finding,
            )
            for issue in issues_of(dossier.findings)
            for finding in issue.findings
            if finding.outcome is FindingOutcome.CONTRADICTS
        ]
        if dossier.assessments:
            people += [(key, asked) for asked in Question if waiting_for_review(dossier, asked) is not None]
        if dossier.faults:
            unexamined.append((key, tuple(sorted({fault.kind.value for fault in dossier.faults}))))
    return Standing(
        summary=summary_of(
            case,
            Counted(
                files_received=store.tallies.files_received(),
                not_fully_examined=len(unexamined),
                contradictions=sum(against.values()),
            ),
        ),
        originals=case.originals or Recordings(recordings=(), composites=()),
        contradictions=tuple(contradictions),
        links_waiting=undecided(case),
        assessments_waiting=tuple(people),
        unexamined=tuple(unexamined),
        names={
            key: visible_name(name, NAME_LETTERS)
            for key, name in store.tallies.first_names([*told_of, *(one.best for one in _several(case))]).items()
        },
        uncompared=store.count_pending(wanted, parameters_digest=NO_PARAMETERS, retry_faults=False),
    )


def _several(case: CaseDossier) -> list[Recording]:
    return [one for one in (case.originals.recordings if case.originals else ()) if len(one.members) > 1]
