"""Everything known of a case, put together from the store: what checks judge and reports show."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import replace

from verifier.dossier import CaseDossier, ExhibitDossier, Said, each
from verifier.findings.attested import fitting
from verifier.findings.judge import prepare
from verifier.findings.subjects import resolve, resolve_subjects
from verifier.settings import case_values, read_settings
from verifier.store import Store
from verifier.workflow.people.conclude import blind
from verifier.workflow.sandboxing import weakened


def gather(store: Store, *, lazily: bool = False, alone: frozenset[str] | None = None) -> CaseDossier:
    """The case with the facts of every exhibit established and the readings of sidecars beside their subjects.

    What `verify.toml` says of known events and gazetteers stands among the settings, for the checks.
    An assessment that waits for its blind review is left out: whoever reviews must not find it in a report.
    `lazily`: exhibits are fetched page by page while they are judged, so that memory does not grow with the case.
    `alone`: as if the case had no other exhibits than these, so that nothing is told of the others.
    """
    known = store.dossier(lazily=lazily)
    if alone is not None:
        known = _alone(known, alone)
    said = case_values(read_settings(store.folder / "verify.toml"), store.folder)
    case = replace(known, settings={**known.settings, **said}, unprotected=weakened(known.custody))
    case = _with_sidecars_lazily(case, store) if lazily else with_sidecars(case)
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


def _with_sidecars_lazily(case: CaseDossier, store: Store) -> CaseDossier:
    """As `with_sidecars`; only who speaks of whom is held, and what is said is fetched with its subject."""
    speakers = store.speakers()
    lenders: dict[str, list[tuple[str, dict[str, str]]]] = defaultdict(list)
    for speaker, found in zip(speakers, resolve(speakers, store.can_be_spoken_of(), case.exhibits), strict=True):
        by_subject: dict[str, dict[str, str]] = defaultdict(dict)
        for subject, abouts in found.items():
            for about, rule in abouts:
                by_subject[about][subject] = rule
        for about, rules in by_subject.items():
            lenders[about].append((speaker.exhibit, rules))

    def lent(dossier: ExhibitDossier) -> ExhibitDossier:
        if dossier.exhibit.id not in lenders:
            return dossier
        asked = lenders[dossier.exhibit.id]
        told = store.told_of_others([speaker for speaker, _ in asked])
        readings = [
            _with_rule(said, rules[str(said.reading.subject)])
            for speaker, rules in asked
            for said in told.get(speaker, ())
            if said.reading.subject in rules
        ]
        return replace(dossier, readings=dossier.readings + fitting(dossier, readings))

    return replace(case, exhibits=each(case.exhibits, lent))


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
