"""What the clocks of an exhibit say of *when*, and which of them agree.

A camera's clock is testimony: it may be off by years, so it supports or it is noted, and never contradicts alone. A
satellite time with which the device agrees, or two cameras that agree on one event, are another matter.
"""

from __future__ import annotations

from datetime import timedelta

from verifier.dossier import CaseDossier, ExhibitDossier
from verifier.findings.lending import loans_of, matches_of
from verifier.findings.time.device_clocks import (
    AGREEMENT,
    Clock,
    agreeing_clocks,
    clocks_of,
    length_of,
    span_of,
)
from verifier.records import Relation, Tier

__all__ = ["Clock", "agreeing_clocks", "clocks_of", "corroborated", "span_of"]

_HOUR = timedelta(hours=1)
_COPIES = {Relation.SAME_STREAMS, Relation.SAME_PICTURE, Relation.ALTERED_PICTURE, Relation.CLIP}


def corroborated(
    dossier: ExhibitDossier, case: CaseDossier, clocks: tuple[Clock, ...]
) -> tuple[Clock, Clock, str] | None:
    """A clock tied to UTC, and the capture time of another camera's recording of the same event that agrees with it.

    The two recordings are of one event by their sound and no copies by their pictures; agreement is within two minutes
    and the recordings' lengths. One device's clock can be wrong, but two do not err alike. Returns
    the two clocks and the other exhibit.
    """
    own = [clock for clock in clocks if clock.is_tied and not clock.is_reset]
    for key in _others_of_event(dossier.exhibit.id, case) if own else ():
        other = case.exhibits.get(key)
        if other is None:
            continue
        slack = AGREEMENT + min(length_of(dossier), _HOUR) + min(length_of(other), _HOUR)
        for clock in clocks_of(other):
            if clock.question != "captured_at" or not clock.is_tied or clock.is_reset:
                continue
            for mine in own:
                if abs(mine.earliest - clock.earliest) <= slack:
                    return mine, clock, key
    return None


def _others_of_event(exhibit: str, case: CaseDossier) -> tuple[str, ...]:
    """Exhibits that share an event, or a sound for certain, with this one or a certain copy, and are no copy of it."""
    copies = {loan.lender for loan in loans_of(exhibit, case) if loan.is_certain}
    alike: set[str] = set()
    for match in matches_of(exhibit, case):
        if match.relation in _COPIES:
            alike |= {match.left, match.right}
    found = set()
    for own in (exhibit, *sorted(copies)):
        for match in matches_of(own, case):
            sure = match.tier is Tier.CERTAIN or (match.relation is Relation.SAME_EVENT and match.tier is Tier.LIKELY)
            if match.relation in (Relation.SAME_EVENT, Relation.SAME_AUDIO) and sure:
                found.add(match.right if match.left == own else match.left)
    return tuple(sorted(found - copies - alike - {exhibit}))
