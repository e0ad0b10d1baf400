"""Where a case stands, gathered in one way through it: what contradicts, what waits, what is not examined."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace

from verifier.dossier import CaseDossier, ExhibitDossier
from verifier.findings.copies.originals import recordings_of
from verifier.findings.issues import issues_of
from verifier.findings.summary import Summary, summary_of, undecided
from verifier.records import FindingOutcome, Match, Question, Recordings
from verifier.report.language import language
from verifier.report.sentences import plain, statement
from verifier.store import Store
from verifier.visible import visible_name
from verifier.workflow.comparison_runs import NO_PARAMETERS, wanted
from verifier.workflow.gather import gather
from verifier.workflow.people.conclude import waiting_for_review

NAME_LETTERS = 40


@dataclass(frozen=True, slots=True, kw_only=True)
class Contradiction:
    """A finding that contradicts, as its sentence."""

    exhibit: str
    code: str
    statement: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Standing:
    """`names` has every exhibit that is spoken of; `unexamined` the kinds of its faults, by exhibit."""

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
    case = replace(case, originals=recordings_of(case))
    words = language("en")
    contradictions: list[Contradiction] = []
    people: list[tuple[str, Question]] = []
    unexamined: list[tuple[str, tuple[str, ...]]] = []
    names: dict[str, str] = {}
    for key, dossier in case.exhibits.items():
        names[key] = _name(dossier)
        contradictions += [
            Contradiction(exhibit=key, code=finding.code, statement=plain(statement(finding, words), naming(case)))
            for issue in issues_of(dossier.findings)
            for finding in issue.findings
            if finding.outcome is FindingOutcome.CONTRADICTS
        ]
        if dossier.assessments:
            people += [(key, asked) for asked in Question if waiting_for_review(dossier, asked) is not None]
        if dossier.faults:
            unexamined.append((key, tuple(sorted({fault.kind.value for fault in dossier.faults}))))
    return Standing(
        summary=summary_of(case),
        originals=case.originals or Recordings(recordings=(), composites=()),
        contradictions=tuple(contradictions),
        links_waiting=undecided(case),
        assessments_waiting=tuple(people),
        unexamined=tuple(unexamined),
        names=names,
        uncompared=store.count_pending(wanted, parameters_digest=NO_PARAMETERS, retry_faults=False),
    )


def naming(case: CaseDossier) -> Callable[[str], str]:
    """What an exhibit is called for people, by its id."""
    return lambda key: _name(case.exhibits[key]) if key in case.exhibits else key[:12]


def _name(dossier: ExhibitDossier) -> str:
    """The first file name, safe to show; the beginning of the id where there is none."""
    taken = dossier.acquisitions
    return visible_name(taken[0].name, NAME_LETTERS) if taken else dossier.exhibit.id[:12]
