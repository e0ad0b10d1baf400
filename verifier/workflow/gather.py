"""Everything known of a case, put together from the store: what checks judge and reports show."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import replace

from verifier.dossier import CaseDossier, Said
from verifier.judge import prepare
from verifier.metadata.sidecars.subject import resolve_subjects
from verifier.settings import case_values, read_settings
from verifier.store import Store
from verifier.workflow.conclude import blind


def gather(store: Store) -> CaseDossier:
    """The case with the facts of every exhibit established and the readings of sidecars beside their subjects.

    What `verify.toml` says of known events and gazetteers stands among the settings, for the checks.
    An assessment that waits for its blind review is left out: whoever reviews must not find it in a report.
    """
    known = store.dossier()
    said = case_values(read_settings(store.folder / "verify.toml"), store.folder)
    return _blinded(prepare(with_sidecars(replace(known, settings={**known.settings, **said}))))


def _blinded(case: CaseDossier) -> CaseDossier:
    exhibits = {
        key: replace(dossier, assessments=blind(dossier.assessments)) if dossier.assessments else dossier
        for key, dossier in case.exhibits.items()
    }
    return replace(case, exhibits=exhibits)


def with_sidecars(case: CaseDossier) -> CaseDossier:
    """Readings that a sidecar makes about another exhibit, lent to that exhibit's dossier with the rule that matched.

    The sidecar keeps its own reading; the copy names the sidecar as the exhibit whose bytes say so, which is how a
    wrong match can be seen and struck.
    """
    lent: dict[str, list[Said]] = defaultdict(list)
    for exhibit_id, said, rule in resolve_subjects(case):
        reading = replace(said.reading, location=f"{said.reading.location} [{rule}]")
        lent[exhibit_id].append(replace(said, reading=reading))
    if not lent:
        return case
    exhibits = dict(case.exhibits)
    for exhibit_id, readings in lent.items():
        dossier = exhibits[exhibit_id]
        exhibits[exhibit_id] = replace(dossier, readings=dossier.readings + tuple(readings))
    return replace(case, exhibits=exhibits)
