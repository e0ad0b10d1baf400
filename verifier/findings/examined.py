"""What no instrument examined, and how many exhibits were not examined in full: one rule, counted in one place.

An exhibit counts as examined where an instrument *found* something in its bytes: a reading, a fingerprint, a
derivative, an event. That readers ran and had nothing to say (a note that no reader of sidecars understood) is not
examination. The fault is derived from what is stored, so that a kind which no instrument accepts has it as well.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace

from verifier.dossier import ExhibitDossier
from verifier.records import Fault, FaultKind, Kind

NAME = "examination"  # stands where an instrument's name does
EMPTY = "the file is empty: 0 bytes"
NOT_KNOWN = "no instrument examined it: its bytes are of no kind that this version knows"
NOT_READ = "no instrument examined it: this version does not read {0}"
NOT_UNDERSTOOD = "no instrument examined it: none of the readers of {0} understood it"
NOT_MET = "no instrument has examined it yet"
_SEALS_ONLY = frozenset({"c2pa"})  # says whether a seal is there, not what the document holds
_MEDIA = frozenset({Kind.PHOTO, Kind.VIDEO, Kind.AUDIO})


@dataclass(frozen=True, slots=True, kw_only=True)
class Examination:
    """How many exhibits have a fault, and their faults by kind, most frequent first."""

    exhibits: int = 0
    not_fully_examined: int = 0
    faults: dict[str, int] = field(default_factory=dict)


def is_fully_examined(dossier: ExhibitDossier) -> bool:
    """Whether nothing about it could not be done."""
    return not dossier.faults


def examination(dossiers: Iterable[ExhibitDossier]) -> Examination:
    """What `ingest`, `show`, `report` and every JSON say of what could not be examined."""
    exhibits = short = 0
    kinds: Counter[str] = Counter()
    for dossier in dossiers:
        exhibits += 1
        short += not is_fully_examined(dossier)
        kinds.update(fault.kind.value for fault in dossier.faults)
    return Examination(exhibits=exhibits, not_fully_examined=short, faults=dict(kinds.most_common()))


def with_silence_told(dossier: ExhibitDossier, *, has_fingerprints: bool) -> ExhibitDossier:
    """The dossier with a fault `unsupported` where no instrument found anything in the exhibit and none says why."""
    if has_fingerprints or _was_examined(dossier) or is_told(fault.kind for fault in dossier.faults):
        return dossier
    fault = Fault(kind=FaultKind.UNSUPPORTED, detail=_why(dossier), instrument=NAME)
    return replace(dossier, faults=tuple(sorted((*dossier.faults, fault), key=lambda item: item.instrument)))


def is_told(kinds: Iterable[FaultKind]) -> bool:
    """Whether an instrument tried an exhibit and says why it could not, by the kinds of its faults."""
    return any(kind is not FaultKind.ABSENT for kind in kinds)


def silent(kinds: Mapping[str, Kind], found: Iterable[tuple[str, str]]) -> set[str]:
    """Exhibits in which no instrument found anything, given (exhibit, instrument) of all that did: the same rule."""
    examined = {key for key, instrument in found if key in kinds and instrument not in _seals(kinds[key])}
    return set(kinds) - examined


def _seals(kind: Kind) -> frozenset[str]:
    return frozenset() if kind in _MEDIA else _SEALS_ONLY


def _was_examined(dossier: ExhibitDossier) -> bool:
    if dossier.derivatives or dossier.events:
        return True
    seals = _seals(dossier.exhibit.kind)
    return any(said.exhibit == dossier.exhibit.id and said.instrument not in seals for said in dossier.readings)


def _why(dossier: ExhibitDossier) -> str:
    exhibit = dossier.exhibit
    if not exhibit.size:
        return EMPTY
    if exhibit.media_type == "application/octet-stream":
        return NOT_KNOWN
    if exhibit.kind in _MEDIA or exhibit.kind is Kind.ARCHIVE:
        return NOT_MET
    ran = any(run.result == "done" for run in dossier.runs if run.instrument not in _SEALS_ONLY)
    return (NOT_UNDERSTOOD if ran else NOT_READ).format(exhibit.media_type)
