"""Readings and claims become findings: runs every CHECK over a case, opens no media, and always in the same order."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from functools import partial

from verifier import guarded
from verifier.dossier import CaseDossier, ExhibitDossier, LazyDossiers, each
from verifier.findings.facts import establish
from verifier.findings.usable import handed_over
from verifier.guarded import UNGUARDED, Guard
from verifier.instruments import Check
from verifier.records import Fact, Finding

CHECK_PREFIX = "check:"  # before the name of a check, where a run or a fault is of one
FACTS = "facts"  # whose faults say that an exhibit's facts could not be established


def judge(case: CaseDossier, checks: Mapping[str, Check] | Iterable[Check]) -> dict[str, tuple[Finding, ...]]:
    """The findings of every exhibit, by id; see `judgements`."""
    return dict(judgements(case, checks))


def judgements(
    case: CaseDossier, checks: Mapping[str, Check] | Iterable[Check], guard: Guard = UNGUARDED
) -> Iterator[tuple[str, tuple[Finding, ...]]]:
    """The findings of exhibit after exhibit in order of id; nothing is kept of an exhibit that was judged.

    Checks run in order of name, findings keep the order of their check. A check that yields a code it has not
    declared, or a finding about another exhibit, is a defect: ValueError. With a guard, what a check raises is a fault
    of "check:" and its name on that exhibit, of which it has then said nothing; the other checks and exhibits go on.
    """
    prepared = prepare(case)
    ordered = sorted(checks.values() if isinstance(checks, Mapping) else checks, key=lambda check: check.name)
    exhibits = prepared.exhibits
    for exhibit, dossier in exhibits.items() if isinstance(exhibits, LazyDossiers) else sorted(exhibits.items()):
        for fault in dossier.faults:
            if fault.instrument == FACTS:
                guard.note(exhibit, fault)
        found: list[Finding] = []
        for check in ordered:
            judged = partial(_judged, check, dossier, prepared)
            found += guard.attempt((exhibit,), judged, (), instrument=CHECK_PREFIX + check.name)
        yield exhibit, tuple(found)


def prepare(case: CaseDossier) -> CaseDossier:
    """The case with the facts of every exhibit established from its readings; one that has them is returned as is.

    Of a shelf they are established when a dossier is fetched.
    """
    if not isinstance(case.exhibits, LazyDossiers):
        missing = any(dossier.readings and not dossier.facts for dossier in case.exhibits.values())
        if not missing:
            return case
    return replace(case, exhibits=each(case.exhibits, _with_facts))


def _with_facts(dossier: ExhibitDossier) -> ExhibitDossier:
    """Where facts cannot be established there are none, and the fault stands in the dossier."""
    if dossier.facts or not dossier.readings:
        return dossier
    guard = Guard(FACTS, seconds=guarded.CHECK_SECONDS)
    known = guard.attempt((dossier.exhibit.id,), lambda: _established(dossier), None)
    if known is None:
        return replace(dossier, faults=(*dossier.faults, *guard.all()))
    return replace(dossier, facts=known)


def _established(dossier: ExhibitDossier) -> dict[str, Fact]:
    return establish(dossier.readings, dossier.exhibit, handed_over(dossier))


def _judged(check: Check, dossier: ExhibitDossier, case: CaseDossier) -> tuple[Finding, ...]:
    return tuple(_findings(check, dossier, case))


def _findings(check: Check, dossier: ExhibitDossier, case: CaseDossier) -> Iterable[Finding]:
    for finding in check.check(dossier, case):
        if finding.code not in check.codes:
            raise ValueError(f"the check {check.name} has not declared the code {finding.code}")
        if finding.exhibit != dossier.exhibit.id:
            raise ValueError(f"the check {check.name} spoke of an exhibit that it was not asked about")
        yield finding
