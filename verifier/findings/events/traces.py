"""When and where an exhibit may have been made, by everything that says so: what suggestions of one event rest on.

A trace is testimony, not a finding: a camera's clock, a tag, a claim, a person's worksheet, each with its reference.
What is said of a whole hand-over is one sentence about many exhibits; it is marked, for it tells no two of them apart
and ties no two of them together.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from verifier.dossier import CaseDossier, ExhibitDossier
from verifier.findings.claims import BEARS_CLAIMS, ReadClaim, claims_of
from verifier.findings.place.fixes import fixes_of
from verifier.findings.time.testimony import clocks_of
from verifier.geo.place import read_place, spread_metres
from verifier.geo.position import EXACT_METRES, LOCALITY_METRES, VICINITY_METRES, Position
from verifier.geo.timezone import instant_of, zones_at
from verifier.records import Incident, Question

LONGEST = timedelta(hours=24)  # a wider interval says nothing of one event
WIDEST_METRES = 3_000.0  # nor does a wider place: a city is not a street
UNSTATED_METRES = 100.0  # taken for a position whose source states no error
MOST_TRACES = 6  # of each sort, of one exhibit
_PRECISE = {"exact": EXACT_METRES, "vicinity": VICINITY_METRES, "locality": LOCALITY_METRES}
_HELD = ("established", "probable")


@dataclass(frozen=True, slots=True, kw_only=True, order=True)
class Span:
    """An interval of UTC within which an exhibit may have been made; `shared` is the claim of a whole hand-over."""

    earliest: datetime
    latest: datetime
    exhibit: str
    reference: str
    shared: str | None = None

    @property
    def told(self) -> str:
        """The interval in figures."""
        if self.earliest == self.latest:
            return f"{self.earliest:%Y-%m-%dT%H:%M:%SZ}"
        return f"{self.earliest:%Y-%m-%dT%H:%M:%SZ} to {self.latest:%Y-%m-%dT%H:%M:%SZ}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Spot:
    """A position with the radius within which it may be wrong, metres."""

    position: Position
    radius_metres: float
    exhibit: str
    reference: str
    shared: str | None = None

    @property
    def told(self) -> str:
        """The position in figures."""
        where = f"{self.position.latitude_degrees:.5f}, {self.position.longitude_degrees:.5f}"
        return f"{where} within {self.radius_metres:.0f} m"


@dataclass(frozen=True, slots=True, kw_only=True)
class Trace:
    """The narrowest spans and spots first, a few of each."""

    spans: tuple[Span, ...] = ()
    spots: tuple[Spot, ...] = ()
    shared: frozenset[str] = frozenset()  # claims of whole hand-overs that speak of it, whether kept above or not


def trace_of(dossier: ExhibitDossier, case: CaseDossier) -> Trace:
    """What is said of when and where an exhibit was made, as far as it is narrow enough to say something."""
    if dossier.exhibit.kind not in BEARS_CLAIMS:
        return Trace()
    claims = claims_of(dossier, case)
    return _trace([*_clocks(dossier, claims), *_claimed_spans(dossier, claims), *_assessed(dossier)],
                  [*_fixes(dossier), *_worksheets(dossier), *_claimed_spots(dossier, claims)])  # fmt: skip


def trace_of_incident(incident: Incident) -> Trace:
    """What a person wrote of an incident's time and place."""
    earliest, latest = instant_of(incident.earliest), instant_of(incident.latest)
    said = f"incident {incident.id}"
    spans = [Span(earliest=earliest, latest=latest, exhibit="", reference=said)] if earliest and latest else []
    spots = []
    if incident.place:
        try:
            candidates = read_place(incident.place).candidates
        except ValueError:
            candidates = ()  # no place by its words: the incident keeps them, and they bound nothing
        if candidates and spread_metres(candidates) <= WIDEST_METRES:
            best = candidates[0]
            spots = [
                Spot(position=best.place.position, radius_metres=best.radius_metres, exhibit="", reference=said)
            ]  # fmt: skip
    return _trace(spans, spots)


def merged(traces: list[Trace]) -> Trace:
    """The traces of the copies of one recording, as one."""
    whole = _trace([span for one in traces for span in one.spans], [spot for one in traces for spot in one.spots])
    return replace(whole, shared=frozenset().union(*(trace.shared for trace in traces)))


def _trace(spans: list[Span], spots: list[Spot]) -> Trace:
    narrow = [span for span in spans if timedelta(0) <= span.latest - span.earliest <= LONGEST]
    small = [spot for spot in spots if spot.radius_metres <= WIDEST_METRES]
    narrow.sort(key=lambda span: (span.shared is not None, span.latest - span.earliest, span.exhibit, span.reference))
    small.sort(key=lambda spot: (spot.shared is not None, spot.radius_metres, spot.exhibit, spot.reference))
    return Trace(
        spans=tuple(dict.fromkeys(narrow))[:MOST_TRACES],
        spots=tuple(dict.fromkeys(small))[:MOST_TRACES],
        shared=frozenset(
            said for said in (*(span.shared for span in narrow), *(spot.shared for spot in small)) if said is not None
        ),
    )


def _clocks(dossier: ExhibitDossier, claims: tuple[ReadClaim, ...]) -> list[Span]:
    """The moment of capture by the device's clock and by satellites; a container's own may be its last writer's."""
    fixes = fixes_of(dossier)
    zones = zones_at(fixes[0].position) if fixes else tuple(sorted({claim.zone for claim in claims if claim.zone}))
    length = dossier.facts.get("duration_s")
    value = length.best.value if length else 0
    seconds = min(float(value), 3600.0) if isinstance(value, int | float) and value > 0 else 0.0
    return [
        Span(
            earliest=clock.earliest,
            latest=clock.latest + timedelta(seconds=seconds),
            exhibit=dossier.exhibit.id,
            reference=f"{clock.basis} ({clock.location})",
        )
        for clock in clocks_of(dossier, zones)
        if clock.question != "created_at" and not clock.is_reset and clock.latest.year < 9990
    ]


def _claimed_spans(dossier: ExhibitDossier, claims: tuple[ReadClaim, ...]) -> list[Span]:
    return [
        Span(
            earliest=claim.interval.earliest,
            latest=claim.interval.latest,
            exhibit=dossier.exhibit.id,
            reference=claim.label,
            shared=claim.claim.id if claim.claim.exhibit is None else None,
        )
        for claim in claims
        if claim.interval is not None and claim.interval.earliest is not None and claim.interval.latest is not None
    ]


def _assessed(dossier: ExhibitDossier) -> list[Span]:
    """What people concluded of the time."""
    found = []
    for said in dossier.assessments:
        earliest, latest = instant_of(said.earliest), instant_of(said.latest)
        if said.question is Question.TIME and said.level in _HELD and earliest is not None and latest is not None:
            reference = f"assessment {said.id} by {said.analyst}"
            found.append(Span(earliest=earliest, latest=latest, exhibit=dossier.exhibit.id, reference=reference))
    return found


def _fixes(dossier: ExhibitDossier) -> list[Spot]:
    return [
        Spot(
            position=fix.position,
            radius_metres=max(fix.position.radius_metres or UNSTATED_METRES, EXACT_METRES),
            exhibit=dossier.exhibit.id,
            reference=f"{fix.basis} ({fix.location})",
        )
        for fix in fixes_of(dossier)
        if not fix.is_shaky
    ]


def _worksheets(dossier: ExhibitDossier) -> list[Spot]:
    return [
        Spot(
            position=Position(latitude_degrees=sheet.latitude_degrees, longitude_degrees=sheet.longitude_degrees),
            radius_metres=_PRECISE[sheet.precision],
            exhibit=dossier.exhibit.id,
            reference=f"worksheet {sheet.id} by {sheet.by}",
        )
        for sheet in dossier.worksheets
        if sheet.precision in _PRECISE
    ]


def _claimed_spots(dossier: ExhibitDossier, claims: tuple[ReadClaim, ...]) -> list[Spot]:
    """The place of a claim whose words mean one place only."""
    return [
        Spot(
            position=claim.place.candidates[0].place.position,
            radius_metres=claim.place.candidates[0].radius_metres,
            exhibit=dossier.exhibit.id,
            reference=claim.label,
            shared=claim.claim.id if claim.claim.exhibit is None else None,
        )
        for claim in claims
        if claim.place is not None and claim.place.candidates and spread_metres(claim.place.candidates) <= WIDEST_METRES
    ]
