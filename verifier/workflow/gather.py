"""Everything known of a case, put together from the store: what checks judge and reports show."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import replace
from functools import lru_cache
from typing import TypeAlias

from verifier.dossier import CaseDossier, ExhibitDossier, Said, each
from verifier.findings.attested import fitting
from verifier.findings.judge import prepare
from verifier.findings.subjects import resolve, resolve_subjects
from verifier.store import Store
from verifier.workflow.gathering.configured import with_settings
from verifier.workflow.people.conclude import blind
from verifier.workflow.sandboxing import weakened

MOST_SPEAKERS = 8  # exports of which all that they say is kept at hand
Lenders: TypeAlias = dict[str, list[tuple[str, dict[str, str]]]]  # exhibit: speaker, and rule by subject


def gather(store: Store, *, lazily: bool = False, alone: frozenset[str] | None = None) -> CaseDossier:
    """The case with the facts of every exhibit established and the readings of sidecars beside their subjects.

    What `verify.toml` says of known events and gazetteers stands among the settings, for the checks.
    An assessment that waits for its blind review is left out: whoever reviews must not find it in a report.
    `lazily`: exhibits are fetched page by page while they are judged, so that memory does not grow with the case.
    `alone`: as if the case had no other exhibits than these, so that nothing is told of the others.
    """
    if lazily and alone is None:
        return gather_lazily(store)[0]
    return _told(with_sidecars(_stored(store, lazily=False, alone=alone)))


def gather_lazily(store: Store) -> tuple[CaseDossier, Lenders]:
    """`gather`, with who speaks of whom."""
    case = _stored(store, lazily=True)
    lenders = _lenders(case, store)
    return _told(replace(case, exhibits=each(case.exhibits, _Lending(store, lenders)))), lenders


def _stored(store: Store, *, lazily: bool, alone: frozenset[str] | None = None) -> CaseDossier:
    known = store.dossier(lazily=lazily)
    if alone is not None:
        known = _alone(known, alone)
    return replace(with_settings(known, store), unprotected=weakened(known.custody))


def _told(case: CaseDossier) -> CaseDossier:
    return replace(case, exhibits=each(prepare(case).exhibits, _blinded))


def _alone(case: CaseDossier, chosen: frozenset[str]) -> CaseDossier:
    exhibits = {key: dossier for key, dossier in case.exhibits.items() if key in chosen}
    batches = {acquisition.batch for dossier in exhibits.values() for acquisition in dossier.acquisitions}
    left_out = len(case.exhibits) - len(exhibits)
    return replace(
        case,
        exhibits=exhibits,
        batches=tuple(batch for batch in case.batches if batch.id in batches),
        matches=tuple(one for one in case.matches if {one.left, one.right} <= chosen),
        groups=tuple(one for one in case.groups if chosen.issuperset(one.members)),
        verdicts=tuple(one for one in case.verdicts if {one.left, one.right} <= chosen),
        incidents=tuple(one for one in case.incidents if chosen.issuperset(one.members)),
        skipped=(),
        limits=(*case.limits, f"This report is of {len(exhibits)} exhibits only; {left_out} of the case are left out."),
    )


def _blinded(dossier: ExhibitDossier) -> ExhibitDossier:
    return replace(dossier, assessments=blind(dossier.assessments)) if dossier.assessments else dossier


def _lenders(case: CaseDossier, store: Store) -> Lenders:
    speakers = store.speakers()
    lenders: Lenders = defaultdict(list)
    for speaker, found in zip(speakers, resolve(speakers, store.can_be_spoken_of(), case.exhibits), strict=True):
        by_subject: dict[str, dict[str, str]] = defaultdict(dict)
        for subject, abouts in found.items():
            for about, rule in abouts:
                by_subject[about][subject] = rule
        for about, rules in by_subject.items():
            lenders[about].append((speaker.exhibit, rules))
    return dict(lenders)


class _Lending:
    """As `with_sidecars`, of a dossier when it is fetched; what the last speakers say of whom is kept at hand."""

    def __init__(self, store: Store, lenders: Lenders) -> None:
        self._store, self._lenders = store, lenders
        self._told = lru_cache(maxsize=MOST_SPEAKERS)(self._told_by)

    def __call__(self, dossier: ExhibitDossier) -> ExhibitDossier:
        asked = self._lenders.get(dossier.exhibit.id)
        if not asked:
            return dossier
        readings: list[Said] = []
        for speaker, rules in asked:
            told = self._told(speaker)
            places = sorted((said for subject in rules for said in told.get(subject, ())), key=lambda placed: placed[0])
            readings += [_with_rule(said, rules[str(said.reading.subject)]) for _, said in places]
        return replace(dossier, readings=dossier.readings + fitting(dossier, readings))

    def _told_by(self, speaker: str) -> dict[str, list[tuple[int, Said]]]:
        """What it says, by subject, with the place of each in the order of its dossier."""
        by_subject: dict[str, list[tuple[int, Said]]] = defaultdict(list)
        for place, said in enumerate(self._store.told_of_others([speaker]).get(speaker, ())):
            by_subject[str(said.reading.subject)].append((place, said))
        return by_subject


def _with_rule(said: Said, rule: str) -> Said:
    return replace(said, reading=replace(said.reading, location=f"{said.reading.location} [{rule}]"))


def with_sidecars(case: CaseDossier) -> CaseDossier:
    """Readings that a sidecar makes about another exhibit, lent to that exhibit's dossier with the rule that matched.

    The sidecar keeps its own reading; the copy names the sidecar as the exhibit whose bytes say so, which is how a
    wrong match can be seen and struck.
    """
    lent: dict[str, list[Said]] = defaultdict(list)
    for exhibit_id, said, rule in resolve_subjects(case):
        lent[exhibit_id].append(_with_rule(said, rule))
    if not lent:
        return case
    exhibits = dict(case.exhibits)
    for exhibit_id, readings in lent.items():
        dossier = exhibits[exhibit_id]
        exhibits[exhibit_id] = replace(dossier, readings=dossier.readings + fitting(dossier, readings))
    return replace(case, exhibits=exhibits)
