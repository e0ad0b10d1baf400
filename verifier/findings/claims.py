"""What a claim's words bound: candidates for its place, an interval for its time, and what could not be read.

The words are kept as they are; this is a reading of them, repeated when it is needed and never stored in their place.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime
from functools import lru_cache

from verifier.dossier import CaseDossier, ExhibitDossier
from verifier.geo.gazetteer import Gazetteer, Place, built_in, gazetteer_of, read_own_places
from verifier.geo.place import Candidate, ReadPlace, read_place
from verifier.geo.position import Position
from verifier.geo.spoken_time import Interval, read_time
from verifier.geo.timezone import instant_of, zone_at
from verifier.records import Claim, Kind

# What is said of a hand-over is said of its pictures and sounds, not of the notes and archives that came with them.
BEARS_CLAIMS = frozenset({Kind.PHOTO, Kind.VIDEO, Kind.AUDIO})
OWN_PLACES_PREFIX = "gazetteer."  # case settings `gazetteer.0` …: the text of a CSV or GeoJSON file


@dataclass(frozen=True, slots=True, kw_only=True)
class ReadClaim:
    """A claim with its bounds; `problems` are sentences about words that could not be read."""

    claim: Claim
    place: ReadPlace | None
    interval: Interval | None
    zone: str | None
    problems: tuple[str, ...] = ()

    @property
    def label(self) -> str:
        """Who claims it, for a finding's statement."""
        return f"claim {self.claim.id} by {self.claim.by}"


def bounds_of(claim: Claim, case: CaseDossier) -> ReadClaim:
    """The bounds that a claim's place and time can be read as, with the case's own gazetteers."""
    own = tuple(str(value) for key, value in sorted(case.settings.items()) if key.startswith(OWN_PLACES_PREFIX))
    return replace(_bounds(replace(claim, id="", exhibit=None, batch=None), _reference(claim, case), own), claim=claim)


def claims_of(dossier: ExhibitDossier, case: CaseDossier) -> tuple[ReadClaim, ...]:
    """Every claim about a picture or sound that speaks of a place or a time, in order of id."""
    if dossier.exhibit.kind not in BEARS_CLAIMS:
        return ()
    spatial = [claim for claim in dossier.claims if _says_place(claim) or _says_time(claim)]
    return tuple(bounds_of(claim, case) for claim in sorted(spatial, key=lambda claim: claim.id))


def _says_place(claim: Claim) -> bool:
    return claim.place is not None or (claim.latitude_degrees is not None and claim.longitude_degrees is not None)


def _says_time(claim: Claim) -> bool:
    return claim.time is not None or claim.earliest is not None or claim.latest is not None


def _reference(claim: Claim, case: CaseDossier) -> datetime | None:
    """When the claim was made or received: what a date without a year is counted back from."""
    batch = next((batch for batch in case.batches if batch.id == claim.batch), None)
    for text in (claim.at, batch.received_at if batch else None, case.created_at):
        instant = instant_of(text)
        if instant is not None:
            return instant
    return None


@lru_cache(maxsize=8)
def _shelf(own: tuple[str, ...]) -> tuple[Gazetteer, tuple[str, ...]]:
    places: list[Place] = []
    problems = []
    for text in own:
        try:
            places += read_own_places(text)
        except ValueError as error:
            problems.append(str(error))
    return (gazetteer_of([*places, *built_in().places]) if places else built_in()), tuple(problems)


@lru_cache(maxsize=4096)
def _bounds(claim: Claim, reference: datetime | None, own: tuple[str, ...]) -> ReadClaim:
    shelf, shelf_problems = _shelf(own) if _says_place(claim) else (None, ())
    problems = list(shelf_problems)
    place = None
    if shelf is not None:
        try:
            place = _place(claim, shelf)
        except ValueError as error:
            problems.append(str(error))
    zone = _zone(place)
    interval = None
    if _says_time(claim):
        try:
            interval = _interval(claim, zone, reference)
        except ValueError as error:
            problems.append(str(error))
    return ReadClaim(claim=claim, place=place, interval=interval, zone=zone, problems=tuple(problems))


def _place(claim: Claim, shelf: Gazetteer) -> ReadPlace:
    if claim.latitude_degrees is None or claim.longitude_degrees is None:
        return read_place(claim.place or "", shelf)
    position = Position(latitude_degrees=claim.latitude_degrees, longitude_degrees=claim.longitude_degrees)
    radius = claim.radius_metres if claim.radius_metres is not None else 1_000.0
    if not 0 <= radius < 2e7:
        raise ValueError(f"a radius lies between 0 and 20,000 km, not {radius:g} metres")
    spot = Place(
        name=claim.place or f"{position.latitude_degrees:.5f},{position.longitude_degrees:.5f}",
        persian="",
        level="own",
        latitude_degrees=position.latitude_degrees,
        longitude_degrees=position.longitude_degrees,
        radius_metres=radius,
        country="",
    )
    return ReadPlace(
        text=spot.name, candidates=(Candidate(place=spot, anchor=spot, radius_metres=radius),), unplaced=()
    )


def _zone(place: ReadPlace | None) -> str | None:
    """The zone kept at the claimed place; None where there is no place or its candidates keep several."""
    if place is None or not place.candidates:
        return None
    zones = {zone_at(candidate.place.position) for candidate in place.candidates}
    country_wide = {candidate.place.country for candidate in place.candidates if candidate.place.level == "country"}
    if country_wide - {"IR"}:
        return None  # a large country keeps several
    return zones.pop() if len(zones) == 1 else None


def _interval(claim: Claim, zone: str | None, reference: datetime | None) -> Interval:
    if claim.earliest is None and claim.latest is None:
        return read_time(claim.time or "", zone, reference)
    for text in (claim.earliest, claim.latest):
        if text is not None and instant_of(text) is None:
            raise ValueError(f"{text!r} is not an RFC 3339 time with a zone, like 2026-01-08T17:00:00Z")
    return Interval(
        earliest=instant_of(claim.earliest),
        latest=instant_of(claim.latest),
        precision="range",
        calendar="gregorian",
        text=claim.time or f"{claim.earliest or ''}/{claim.latest or ''}",
        zone="UTC",
    )
