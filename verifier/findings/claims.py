"""What a claim's words bound: candidates for its place, an interval for its time, and what could not be read.

The words are kept as they are; this is a reading of them, repeated when it is needed and never stored in their place.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from functools import lru_cache

from verifier.dossier import CaseDossier, ExhibitDossier
from verifier.findings.remembered import remembered
from verifier.geo.gazetteer import Gazetteer, Place, built_in, gazetteer_of, read_own_places
from verifier.geo.letters import folded
from verifier.geo.place import Candidate, ReadPlace, read_place
from verifier.geo.position import Position
from verifier.geo.region import HOME, Region
from verifier.geo.spoken_time import Interval, TimeNotUnderstood, read_time
from verifier.geo.timezone import instant_of, zone_at
from verifier.records import Claim, Kind

# What is said of a hand-over is said of its pictures and sounds, not of the notes and archives that came with them.
BEARS_CLAIMS = frozenset({Kind.PHOTO, Kind.VIDEO, Kind.AUDIO})
COUNTRY = "place.country"  # case setting: the region of the case, ISO 3166-1 alpha-2
OWN_PLACES_PREFIX = "gazetteer."  # case settings `gazetteer.0` …: the text of a CSV or GeoJSON file


@dataclass(frozen=True, slots=True, kw_only=True)
class ReadClaim:
    """A claim with its bounds; problems are sentences about the words of one field that could not be read."""

    claim: Claim
    place: ReadPlace | None
    interval: Interval | None
    zone: str | None
    place_problems: tuple[str, ...] = ()
    time_problems: tuple[str, ...] = ()
    reference: datetime | None = None  # the day from which yearless and relative words are counted
    reference_basis: str | None = None  # received_at | claim | intake

    @property
    def problems(self) -> tuple[str, ...]:
        return (*self.place_problems, *self.time_problems)

    @property
    def label(self) -> str:
        """Who claims it, for a finding's statement."""
        return f"claim {self.claim.id} by {self.claim.by}"


def bounds_of(claim: Claim, case: CaseDossier, dossier: ExhibitDossier | None = None) -> ReadClaim:
    """The bounds that a claim's place and time can be read as, with the case's own gazetteers.

    A claim about an exhibit is counted from the hand-over that brought the exhibit, where it says when it was received.
    """
    own = tuple(str(value) for key, value in sorted(case.settings.items()) if key.startswith(OWN_PLACES_PREFIX))
    references, basis = _references(claim, case, dossier)
    return _read(claim, references, basis, own, region_of(case))


def region_of(case: CaseDossier) -> Region:
    """The region of the case."""
    country = case.settings.get(COUNTRY)
    return HOME if country is None else Region(country=str(country))


@lru_cache(maxsize=4096)
def _read(
    claim: Claim, references: tuple[datetime, ...], basis: str | None, own: tuple[str, ...], region: Region
) -> ReadClaim:
    bare = replace(claim, id="", exhibit=None, batch=None, at=None, by="")
    reads = [_bounds(bare, reference, own, region) for reference in references or (None,)]
    read = reads[0]
    if len(reads) > 1:
        read = replace(read, interval=_together([one.interval for one in reads]))
    return replace(read, claim=claim, reference=max(references, default=None), reference_basis=basis)


@remembered
def claims_of(dossier: ExhibitDossier, case: CaseDossier) -> tuple[ReadClaim, ...]:
    """Every claim about a picture or sound that speaks of a place or a time, in order of id."""
    if dossier.exhibit.kind not in BEARS_CLAIMS:
        return ()
    spatial = [claim for claim in dossier.claims if _says_place(claim) or _says_time(claim)]
    return tuple(bounds_of(claim, case, dossier) for claim in sorted(spatial, key=lambda claim: claim.id))


def _says_place(claim: Claim) -> bool:
    return claim.place is not None or (claim.latitude_degrees is not None and claim.longitude_degrees is not None)


def _says_time(claim: Claim) -> bool:
    return claim.time is not None or claim.earliest is not None or claim.latest is not None


def _references(
    claim: Claim, case: CaseDossier, dossier: ExhibitDossier | None
) -> tuple[tuple[datetime, ...], str | None]:
    """When the words were said: when the hand-over was received, else when the claim was made, else the intake."""
    came_in = {claim.batch}
    if claim.batch is None and dossier is not None:
        came_in = {acquisition.batch for acquisition in dossier.acquisitions}
    texts = {batch.received_at for batch in case.batches if batch.id in came_in}
    received = {instant for text in texts if (instant := instant_of(text)) is not None}
    if received:
        return tuple(sorted(received)), "received_at"
    made = instant_of(claim.at)
    if made is not None:
        return (made,), "claim" if claim.batch is None else "intake"
    taken_in = instant_of(case.created_at)
    return ((taken_in,), "intake") if taken_in is not None else ((), None)


def _together(intervals: Sequence[Interval | None]) -> Interval | None:
    """The exhibit came in several hand-overs: what is counted from each of them stands."""
    known = [interval for interval in intervals if interval is not None]
    if not known:
        return None
    starts, ends = [one.earliest for one in known], [one.latest for one in known]
    return replace(
        known[0],
        earliest=None if None in starts else min(start for start in starts if start is not None),
        latest=None if None in ends else max(end for end in ends if end is not None),
        notes=tuple(dict.fromkeys(note for one in known for note in one.notes)),
        readings=max(len(set(zip(starts, ends, strict=True))), *(one.readings for one in known)),
    )


@lru_cache(maxsize=8)
def _shelf(own: tuple[str, ...]) -> tuple[Gazetteer, tuple[str, ...]]:
    places: list[Place] = []
    problems = []
    for text in own:
        try:
            places += read_own_places(text)
        except ValueError as error:
            problems.append(str(error))
    return (gazetteer_of(places, built_in()) if places else built_in()), tuple(problems)


@lru_cache(maxsize=4096)
def _bounds(claim: Claim, reference: datetime | None, own: tuple[str, ...], region: Region) -> ReadClaim:
    shelf, shelf_problems = _shelf(own) if _says_place(claim) else (None, ())
    problems, time_problems = list(shelf_problems), list[str]()
    place = None
    if shelf is not None:
        try:
            place = _place(claim, shelf, region)
        except ValueError as error:
            problems.append(str(error))
    zone = _zone(place)
    interval = None
    if _says_time(claim):
        try:
            interval = _interval(claim, zone, reference, place)
        except TimeNotUnderstood as error:
            time_problems.append(str(error))
    return ReadClaim(
        claim=claim,
        place=place,
        interval=interval,
        zone=zone,
        place_problems=tuple(problems),
        time_problems=tuple(time_problems),
    )


def _place(claim: Claim, shelf: Gazetteer, region: Region) -> ReadPlace:
    if claim.latitude_degrees is None or claim.longitude_degrees is None:
        return read_place(claim.place or "", shelf, region)
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
    named = _by_name(place)
    zones = {zone_at(candidate.place.position) for candidate in named}
    country_wide = {candidate.place.country for candidate in named if candidate.place.level == "country"}
    if country_wide - {"IR"}:
        return None  # a large country keeps several
    return zones.pop() if len(zones) == 1 else None


def _by_name(place: ReadPlace) -> tuple[Candidate, ...]:
    """Those that bear the very name: beside them a namesake by another spelling (Ibadan for Abadan) widens no zone."""
    said = f" {folded(place.text)} "
    named = tuple(
        candidate
        for candidate in place.candidates
        if any(name and f" {folded(name)} " in said for name in (candidate.place.name, candidate.place.persian))
    )
    return named or place.candidates


MOST_SUNS = 6


def _interval(claim: Claim, zone: str | None, reference: datetime | None, place: ReadPlace | None) -> Interval:
    if claim.earliest is None and claim.latest is None:
        candidates = _by_name(place) if place is not None else ()
        candidates = candidates if len(candidates) <= MOST_SUNS else ()
        positions = tuple(candidate.place.position for candidate in candidates)
        radius = max((candidate.radius_metres for candidate in candidates), default=0.0)
        return read_time(claim.time or "", zone, reference, positions, radius)
    for text in (claim.earliest, claim.latest):
        if text is not None and instant_of(text) is None:
            raise TimeNotUnderstood(f"{text!r} is not an RFC 3339 time with a zone, like 2026-01-08T17:00:00Z")
    return Interval(
        earliest=instant_of(claim.earliest),
        latest=instant_of(claim.latest),
        precision="range",
        calendar="gregorian",
        text=claim.time or f"{claim.earliest or ''}/{claim.latest or ''}",
        zone="UTC",
    )
