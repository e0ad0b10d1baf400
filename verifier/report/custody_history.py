"""When the bytes of an exhibit were verified, and what was found: taken in, audited; and when the log was sealed."""

from __future__ import annotations

from dataclasses import dataclass

from verifier.dossier import CaseDossier, ExhibitDossier
from verifier.records import Acquisition, CustodyEvent

AUDIT, SEAL, ANCHOR = "audit", "seal", "anchor"
OF_THE_LOG = {SEAL: "log_sealed", ANCHOR: "log_time_stamped"}  # the bytes are not read for these

BROKEN = "audit.broken"  # the setting by which a redacted case, which has no log, says that its last audit failed
UNCHANGED = {"intact": "since_ingest", "broken": "changed_since"}  # said of bytes only where they were hashed again


def found_broken(audit: CustodyEvent) -> bool:
    """Whether the event of an audit says that something was broken."""
    return any(audit.detail.get(name) not in (0, None) for name in ("broken", "problems"))


@dataclass(frozen=True, slots=True, kw_only=True)
class Fixity:
    """One look at an exhibit's bytes, or at the log that speaks of them. `event` is its number in the log."""

    at: str
    act: str  # "taken_in", "audit", "seal" or "anchor"
    result: str  # "kept", "referenced", "intact", "broken", "not_here", or a word of `OF_THE_LOG`
    by: str | None
    event: int | None


class History:
    """The audits, seals and time stamps of a case, to be asked for each exhibit."""

    def __init__(self, case: CaseDossier) -> None:
        self._later = [
            event
            for event in case.custody
            if event.action in OF_THE_LOG or (event.action == AUDIT and event.subject == "case")
        ]
        self._broken = {
            (event.subject, event.at) for event in case.custody if event.action == AUDIT and event.subject != "case"
        }

    @property
    def is_broken(self) -> bool:
        """Whether the last audit found something that is not what it was."""
        audits = [event for event in self._later if event.action == AUDIT]
        return bool(audits) and found_broken(audits[-1])

    def shown(self, dossier: ExhibitDossier) -> str:
        """What the last audit showed of an exhibit's bytes, as a word of the section `text`."""
        looks = self.of(dossier)
        read = [look.result for look in looks if look.act == AUDIT and look.result in UNCHANGED]
        if read:
            return UNCHANGED[read[-1]]
        return "no_audit" if looks else "fixity_unshown"

    def of(self, dossier: ExhibitDossier) -> tuple[Fixity, ...]:
        """In the order of the log, because clocks may be wrong; nothing where the acquisitions are left out."""
        events = [act.event for act in dossier.taken_in]
        acquisitions = dossier.acquisitions
        if not acquisitions:
            return ()
        if len(events) != len(acquisitions):  # a dossier that was not asked of the log: only when it came is known
            return tuple(_taken(acquisition, None) for acquisition in sorted(acquisitions, key=lambda a: a.acquired_at))
        taken = [_taken(acquisition, event) for acquisition, event in zip(acquisitions, events, strict=True)]
        kept_from = min((look.event for look in taken if look.result == "kept" and look.event), default=None)
        key, first = dossier.exhibit.id, min(events)
        later = [self._later_one(key, event, kept_from) for event in self._later if event.seq > first]
        return tuple(sorted([*taken, *later], key=lambda look: look.event or 0))

    def _later_one(self, exhibit: str, event: CustodyEvent, kept_from: int | None) -> Fixity:
        result = OF_THE_LOG.get(event.action)
        if result is None and (kept_from is None or kept_from > event.seq):
            result = "not_here"
        elif result is None:
            result = "broken" if (exhibit, event.at) in self._broken else "intact"
        return Fixity(at=event.at, act=event.action, result=result, by=event.actor, event=event.seq)


def _taken(acquisition: Acquisition, event: int | None) -> Fixity:
    result = "kept" if acquisition.preserved else "referenced"
    return Fixity(at=acquisition.acquired_at, act="taken_in", result=result, by=acquisition.operator, event=event)
