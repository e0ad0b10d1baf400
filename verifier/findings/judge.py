"""Readings and claims become findings: runs every CHECK over a case, opens no media, and always in the same order."""

from __future__ import annotations

import hashlib
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import replace
from functools import partial

from verifier import guarded
from verifier.dossier import CaseDossier, ExhibitDossier, LazyDossiers, each
from verifier.findings.facts import establish
from verifier.findings.usable import handed_over
from verifier.guarded import UNGUARDED, Guard
from verifier.instruments import Check
from verifier.records import Fact, Finding, Relation

CHECK_PREFIX = "check:"  # before the name of a check, where a run or a fault is of one
REACH = 2  # links, one after the other, over which what is said of an exhibit may depend on another: a copy's own event
# Relations on which nothing that is said of an exhibit rests: of one place, or of one overlay, are many.
NOT_FOLLOWED = frozenset({Relation.SAME_SCENE, Relation.SHARED_OVERLAY})
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
    known = tuple(checks.values() if isinstance(checks, Mapping) else checks)
    exhibits = prepared.exhibits
    for exhibit, dossier in exhibits.items() if isinstance(exhibits, LazyDossiers) else sorted(exhibits.items()):
        yield exhibit, judgement(dossier, prepared, known, guard)


def judgement(
    dossier: ExhibitDossier,
    case: CaseDossier,
    checks: Iterable[Check],
    guard: Guard = UNGUARDED,
    *,
    anew: Collection[str] | None = None,
) -> tuple[Finding, ...]:
    """The findings of one exhibit of a case that was prepared, as `judgements` gives them.

    `anew`: names of the checks that are asked; what the others say is what the dossier holds of them.
    """
    exhibit = dossier.exhibit.id
    for fault in dossier.faults:
        if fault.instrument == FACTS:
            guard.note(exhibit, fault)
    found: list[Finding] = []
    for check in sorted(checks, key=lambda check: check.name):
        if anew is not None and check.name not in anew:
            found += [finding for finding in dossier.findings if finding.code in check.codes]
            continue
        judged = partial(_judged, check, dossier, case)
        found += guard.attempt((exhibit,), judged, (), instrument=CHECK_PREFIX + check.name)
    return tuple(found)


def ties_of(dossier: ExhibitDossier, checks: Iterable[Check]) -> dict[str, tuple[str, ...]]:
    """The ties of an exhibit, as short digests, by the name of the check that has them."""
    found = {check.name: tuple(dict.fromkeys(map(_short, check.ties(dossier)))) for check in checks}
    return {name: ties for name, ties in found.items() if ties}


def _short(tie: str) -> str:
    return hashlib.blake2b(tie.encode("utf-8", "surrogatepass"), digest_size=8).hexdigest()


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
