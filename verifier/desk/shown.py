"""Pictures and clips that somebody asked for and a page shows, while they are kept."""

from __future__ import annotations

from dataclasses import dataclass

from verifier.desk.case_desk import CaseDesk
from verifier.desk.clips import Making


def looked(desk: CaseDesk, key: str, name: str | None) -> str | None:
    """The address of a picture that was asked for, while it is kept and if it is of this exhibit."""
    known = desk.session.shown(name) if name else None
    return f"/look/{name}" if known is not None and known.exhibits == (key,) else None


def played(desk: CaseDesk, exhibits: tuple[str, ...], name: str | None) -> Played | None:
    """The clip of just these exhibits that was asked for, while it is kept."""
    known = desk.clips.asked(name) if name else None
    if known is None or known.kept is None or known.exhibits != exhibits:
        return None
    return Played(address=f"/clip/{name}", making=known)


@dataclass(frozen=True, slots=True, kw_only=True)
class Played:
    """A clip that a page shows."""

    address: str
    making: Making
