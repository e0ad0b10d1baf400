"""What every table for others tells of an exhibit, taken from its dossier once: nothing is decided here."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from verifier.dossier import CaseDossier, ExhibitDossier, Said
from verifier.findings.copies.originals import recordings_of
from verifier.records import Claim, Exhibit, FindingOutcome, Kind, Moment, Observation, Recording, Standing
from verifier.visible import visible, visible_name

MEDIA = frozenset({Kind.PHOTO, Kind.VIDEO, Kind.AUDIO, Kind.DOCUMENT})  # what other tools keep a row of
_ADDRESS = re.compile(r"https?://[^\s\"'<>]{1,1000}")
_OF_THE_PAGE = (":url", ":webpage_url", ":original_url")  # keys under which a sidecar says where it was published


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """A position and what says so; a person's worksheet comes before what the file says."""

    latitude_degrees: float
    longitude_degrees: float
    basis: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Captured:
    """When the file says it was captured: as written, its day, and how that is tied to the Earth."""

    text: str
    day: str | None  # YYYY-MM-DD on the clock that wrote it
    clock: str | None  # HH:MM on that clock
    zone: str | None
    basis: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """One exhibit as a row. `claim` is the newest that was made of it alone; the others are told as text."""

    exhibit: Exhibit
    names: tuple[str, ...]
    captured: Captured | None
    place: Place | None
    duration_seconds: float | None
    recording: Recording | None
    incidents: tuple[str, ...]
    received_at: str | None
    batches: tuple[str, ...]
    contradictions: int
    faults: tuple[str, ...]
    claim: Claim | None
    other_claims: tuple[Claim, ...]
    standing: Standing | None
    observations: tuple[Observation, ...]
    addresses: tuple[str, ...]  # where a sidecar says it was published

    @property
    def title(self) -> str:
        """The first name it came with, else the beginning of its id."""
        return self.names[0] if self.names else self.exhibit.id[:12]


def rows_of(case: CaseDossier) -> Iterator[Row]:
    """Every exhibit as a row, in order of id."""
    recording_of = {key: one for one in recordings_of(case).recordings for key in one.members}
    titles: dict[str, list[str]] = {}
    for incident in sorted(case.incidents, key=lambda one: one.id):
        for member in incident.members:
            titles.setdefault(member, []).append(visible(incident.title))
    for _, dossier in sorted(case.exhibits.items()):
        yield row_of(dossier, recording_of, titles)


def media_of(case: CaseDossier) -> Iterator[Row]:
    """The rows of what can be looked at, heard or read; sidecars, archives and the rest have none."""
    return (row for row in rows_of(case) if row.exhibit.kind in MEDIA)


def row_of(
    dossier: ExhibitDossier,
    recording_of: Mapping[str, Recording] | None = None,
    titles: Mapping[str, list[str]] | None = None,
) -> Row:
    """One exhibit."""
    identity = dossier.exhibit.id
    acquisitions = sorted(dossier.acquisitions, key=lambda one: (one.acquired_at, one.path))
    own, others = claims_apart(dossier.claims)
    return Row(
        exhibit=dossier.exhibit,
        names=tuple(dict.fromkeys(visible_name(one.name) for one in acquisitions)),
        captured=_captured(dossier),
        place=_place(dossier),
        duration_seconds=_number(dossier, "duration_s"),
        recording=(recording_of or {}).get(identity),
        incidents=tuple((titles or {}).get(identity, ())),
        received_at=acquisitions[0].acquired_at if acquisitions else None,
        batches=tuple(dict.fromkeys(one.batch for one in acquisitions if one.batch)),
        contradictions=sum(one.outcome is FindingOutcome.CONTRADICTS for one in dossier.findings),
        faults=tuple(dict.fromkeys(one.kind.value for one in dossier.faults)),
        claim=own,
        other_claims=others,
        standing=newest_standing(dossier.standings),
        observations=tuple(sorted(dossier.observations, key=lambda one: (one.start_seconds or 0.0, one.at, one.id))),
        addresses=_addresses(dossier.readings),
    )


def claims_apart(claims: Iterable[Claim]) -> tuple[Claim | None, tuple[Claim, ...]]:
    """The newest claim that was made of the exhibit alone, and all the others in order of time."""
    ordered = sorted(claims, key=lambda one: (one.at or "", one.id))
    own = [one for one in ordered if one.exhibit is not None]
    newest = own[-1] if own else None
    return newest, tuple(one for one in ordered if one is not newest)


def newest_standing(standings: Iterable[Standing]) -> Standing | None:
    """Where the exhibit stands now."""
    return max(standings, key=lambda one: (one.at, one.id), default=None)


def _captured(dossier: ExhibitDossier) -> Captured | None:
    fact = dossier.facts.get("captured_at")
    if fact is None:
        return None
    value, basis = fact.best.value, visible(fact.best.basis)
    if isinstance(value, Moment):
        return Captured(
            text=value.iso(), day=value.wall[:10], clock=value.wall[11:16], zone=value.zone.value, basis=basis
        )
    return Captured(text=visible(str(value)), day=None, clock=None, zone=None, basis=basis)  # made coarse


def _place(dossier: ExhibitDossier) -> Place | None:
    if dossier.worksheets:
        sheet = max(dossier.worksheets, key=lambda one: (one.at, one.id))
        basis = f"worksheet {sheet.id} ({sheet.precision}) by {visible(sheet.by)}"
        return Place(latitude_degrees=sheet.latitude_degrees, longitude_degrees=sheet.longitude_degrees, basis=basis)
    latitude, longitude = _number(dossier, "position_latitude"), _number(dossier, "position_longitude")
    if latitude is None or longitude is None:
        return None
    basis = visible(dossier.facts["position_latitude"].best.basis)
    return Place(latitude_degrees=latitude, longitude_degrees=longitude, basis=basis)


def _number(dossier: ExhibitDossier, question: str) -> float | None:
    fact = dossier.facts.get(question)
    value = fact.best.value if fact is not None else None
    return float(value) if isinstance(value, int | float) and not isinstance(value, bool) else None


def _addresses(readings: Iterable[Said]) -> tuple[str, ...]:
    found = (
        str(said.reading.value)
        for said in readings
        if said.reading.key.endswith(_OF_THE_PAGE) and _ADDRESS.fullmatch(str(said.reading.value))
    )
    return tuple(sorted(set(found)))
