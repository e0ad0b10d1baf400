"""How many recordings an incident rests on: copies count once, and so do pieces of one recording."""

from __future__ import annotations

from verifier.dossier import CaseDossier
from verifier.records import Incident


def recordings(incident: Incident, case: CaseDossier) -> tuple[tuple[str, ...], ...]:
    """The incident's members, put together where a group of copies joins them; one entry is one recording.

    This counts recordings, not witnesses: whether two recordings are independent is for a person to write down.
    """
    group_of = {member: group.id for group in case.groups for member in group.members}
    together: dict[str, list[str]] = {}
    for member in incident.members:
        together.setdefault(group_of.get(member, member), []).append(member)
    return tuple(tuple(sorted(members)) for _, members in sorted(together.items()))


def independent_of(incident: Incident, case: CaseDossier, exhibit: str) -> tuple[tuple[str, ...], ...]:
    """The other recordings of an incident, seen from one exhibit."""
    group = next((group.members for group in case.groups if exhibit in group.members), (exhibit,))
    return tuple(members for members in recordings(incident, case) if not set(members) & set(group))
