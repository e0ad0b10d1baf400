"""Hand out one file in the form of somebody else's tool. That it was given out, and its digest, stands in the log."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from verifier.dossier import CaseDossier, ExhibitDossier
from verifier.errors import UsageError
from verifier.evidence.vault import Vault
from verifier.guarded import UNGUARDED
from verifier.records import Scalar
from verifier.report.exchange import catalogues, sheet, timed
from verifier.report.exchange.timed import Caption
from verifier.store import Store
from verifier.visible import visible
from verifier.workflow.gather import gather
from verifier.workflow.gathering.narrowed import decided
from verifier.workflow.integrity.look import look_first
from verifier.workflow.integrity.seal import keep
from verifier.workflow.progress import Clock, Progress

ACTION = "export file"


@dataclass(frozen=True, slots=True, kw_only=True)
class Handed:
    """A file that was written."""

    path: Path
    form: str
    exhibits: int
    left_out: int
    bytes: int
    sha256: str


def _xlsx(case: CaseDossier, lang: str) -> bytes:
    from verifier.report.exchange import workbook  # openpyxl takes .2 s to import

    columns, rows = sheet.sheet(case)
    return workbook.render(columns, rows, writable=sheet.WRITABLE, right_to_left=lang == "fa")


def _kml(case: CaseDossier, lang: str) -> bytes:
    from verifier.report.maps.drawn import drawn_of
    from verifier.report.maps.kml import kml

    return kml(drawn_of(case), visible(case.title)).encode("utf-8")


TABLES: Mapping[str, Callable[[CaseDossier, str], bytes]] = {
    "csv": lambda case, _: sheet.render(case),
    "xlsx": _xlsx,
    "kml": _kml,
    "atlos": lambda case, _: catalogues.atlos(case),
    "bayanat": lambda case, _: catalogues.bayanat(case),
    "benetech": lambda case, _: catalogues.duplicates(case),
    "uwazi": lambda case, _: catalogues.uwazi(case),
    "timemap": lambda case, _: catalogues.timemap(case),
}
TIMED: Mapping[str, Callable[[ExhibitDossier, Sequence[Caption]], bytes]] = {
    "srt": lambda _, captions: timed.srt(captions),
    "vtt": lambda _, captions: timed.vtt(captions),
    "elan": timed.elan,
}
FORMS = (*TABLES, *TIMED)
ENDINGS = {
    "kml": ".kml",
    "uwazi": ".zip",
    "timemap": ".json",
    "elan": ".eaf",
    "xlsx": ".xlsx",
    "srt": ".srt",
    "vtt": ".vtt",
}


def files_of(case: CaseDossier, lang: str) -> dict[str, bytes]:
    """Every form by file name, as a report carries them; of each exhibit with anything timed, three more files."""
    made = {f"exchange-{name}{ENDINGS.get(name, '.csv')}": write(case, lang) for name, write in TABLES.items()}
    for key, dossier in case.exhibits.items():
        captions = timed.captions_of(dossier, lang)
        if captions:
            made |= {f"timed-{key[:16]}{ENDINGS[name]}": write(dossier, captions) for name, write in TIMED.items()}
    return made


def hand_out(
    store: Store,
    vault: Vault,
    path: Path,
    *,
    form: str,
    exhibits: Sequence[str],
    lang: str,
    actor: str,
    clock: Clock,
    progress: Progress,
) -> Handed:
    """Write one file of these exhibits (whole ids; none means all) and tell nothing of others.

    Raises UsageError, and IntegrityBroken where the case is not what was written or taken in; then nothing is written.
    """
    if form not in FORMS:
        raise UsageError(f"There is no form {form}; choose from {', '.join(FORMS)}.")
    if form in TIMED and len(exhibits) != 1:
        raise UsageError(f"{form} is of one recording: name it with --exhibit ID.")
    if store.folder in path.parents:
        raise UsageError("A file that is given out does not go into the folder of the case.")
    if path.exists():
        raise UsageError(f"There is something at {visible(str(path), 1000)} already; choose another name.")
    look_first(store, vault)
    progress("write", 0, 1, form)
    case = decided(gather(store, alone=frozenset(exhibits) if exhibits else None), UNGUARDED)
    content = _content(case, form, lang)
    digest = hashlib.sha256(content).hexdigest()
    left_out = store.counts()["exhibits"] - len(case.exhibits)
    detail: dict[str, Scalar] = {"sha256": digest, "exhibits": len(case.exhibits), "left_out": left_out}
    store.note(ACTION, form, detail, actor=actor, at=clock())
    keep(path, content)
    return Handed(
        path=path, form=form, exhibits=len(case.exhibits), left_out=left_out, bytes=len(content), sha256=digest
    )


def _content(case: CaseDossier, form: str, lang: str) -> bytes:
    if form in TABLES:
        return TABLES[form](case, lang)
    (dossier,) = case.exhibits.values()
    captions = timed.captions_of(dossier, lang)
    if not captions:
        raise UsageError("Nothing with a time within it is known of this exhibit: no observation, no impulse.")
    return TIMED[form](dossier, captions)
