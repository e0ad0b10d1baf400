"""Dossiers by hand, for the tests of checks."""

from __future__ import annotations

from verifier.dossier import CaseDossier, ExhibitDossier, Said
from verifier.metadata.moments import from_text
from verifier.records import Acquisition, Exhibit, Kind, Moment, Reading, Value

ACQUIRED = "2024-06-01T12:00:00Z"


def at(text: str) -> Moment:
    """A Moment from text; `Z` or an offset at the end, else local."""
    moment = from_text(text)
    assert moment is not None
    return moment


def said(key: str, value: Value, *, location: str = "here", exhibit: str = "", instrument: str = "test") -> Said:
    return Said(
        reading=Reading(key=key, value=value, location=location), instrument=instrument, exhibit=exhibit or "a" * 64
    )


def about(key: str, value: Value, subject: str, exhibit: str) -> Said:
    return Said(
        reading=Reading(key=key, value=value, location="here", subject=subject), instrument="sidecar", exhibit=exhibit
    )


def taken(
    name: str, identifier: str, *, folder: str = "/in", modified_ns: int | None = None, at: str = ACQUIRED
) -> Acquisition:
    return Acquisition(
        exhibit=identifier,
        path=f"{folder}/{name}".encode(),
        name=name.encode(),
        size=1,
        modified_ns=modified_ns,
        device=None,
        inode=None,
        acquired_at=at,
    )


def dossier(
    *readings: Said,
    identifier: str = "a" * 64,
    name: str = "picture.jpg",
    kind: Kind = Kind.PHOTO,
    media_type: str = "image/jpeg",
    modified_ns: int | None = None,
    folder: str = "/in",
) -> ExhibitDossier:
    exhibit = Exhibit(id=identifier, sha512="b" * 128, size=1, kind=kind, media_type=media_type)
    acquisition = taken(name, identifier, folder=folder, modified_ns=modified_ns)
    return ExhibitDossier(exhibit=exhibit, acquisitions=(acquisition,), readings=readings)


def case(*dossiers: ExhibitDossier) -> CaseDossier:
    return CaseDossier(
        id="case",
        title="case",
        created_at=ACQUIRED,
        tool_name="verify",
        tool_version="0",
        custody_size=0,
        custody_root="",
        custody_checkpoint=None,
        exhibits={one.exhibit.id: one for one in sorted(dossiers, key=lambda one: one.exhibit.id)},
    )
