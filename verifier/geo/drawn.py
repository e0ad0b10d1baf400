"""What stands on a map, as plain values: positions with their circles and view cones, claims, tracks, masks.

The three outputs (`map`, `geojson`, `kml`) draw the same list, so that they cannot tell different stories.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from verifier.dossier import CaseDossier
from verifier.geo.claims import ReadClaim, claims_of
from verifier.geo.coordinates import read_position
from verifier.geo.fixes import fixes_of
from verifier.geo.position import Position, circle, cone
from verifier.geo.worksheet import Worksheet, worksheet_of

CONE_METRES = 400.0
MOST_DRAWN = 5_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Drawn:
    """One thing on a map. `kind` is recorded, claimed, matched (by a person) or track."""

    kind: str
    title: str
    position: Position
    note: str = ""
    exhibit: str = ""

    @property
    def ring(self) -> list[tuple[float, float]] | None:
        """The precision circle as (longitude, latitude), closed; None where the radius is not known."""
        radius = self.position.radius_metres
        return circle(self.position, radius) if radius else None

    @property
    def view(self) -> list[tuple[float, float]] | None:
        """The view cone as a closed ring; None without a direction."""
        return cone(self.position, CONE_METRES)


def drawn_of(case: CaseDossier, only: frozenset[str] | None = None) -> tuple[Drawn, ...]:
    """The recorded positions and the claimed places of a case's exhibits (or some of them), in a fixed order."""
    found: list[Drawn] = []
    claimed: set[tuple[str, float, float]] = set()
    for key, dossier in sorted(case.exhibits.items()):
        if only is not None and key not in only:
            continue
        for fix in fixes_of(dossier)[:4]:
            found.append(Drawn(kind="recorded", title=key[:12], position=fix.position, note=fix.basis, exhibit=key))
        for claim in claims_of(dossier, case):
            sheet = worksheet_of(claim.claim)
            things = _matched(sheet, claim, key) if sheet is not None else _claimed(claim, key)
            for thing in things:
                mark = (claim.claim.id, thing.position.latitude_degrees, thing.position.longitude_degrees)
                if mark not in claimed:
                    claimed.add(mark)
                    found.append(thing)
    return tuple(found[:MOST_DRAWN])


def _claimed(claim: ReadClaim, exhibit: str) -> Iterator[Drawn]:
    """The places that a claim's words can mean; a country is not drawn as a circle."""
    for candidate in claim.place.candidates[:3] if claim.place else ():
        if candidate.place.level != "country":
            position = candidate.place.position.with_radius(candidate.radius_metres)
            title = claim.place.text if claim.place else ""
            yield Drawn(kind="claimed", title=title, position=position, note=claim.label, exhibit=exhibit)


def _matched(sheet: Worksheet, claim: ReadClaim, exhibit: str) -> Iterator[Drawn]:
    """The camera's point of a worksheet with its view, and every numbered feature."""
    yield Drawn(
        kind="matched", title=f"camera {exhibit[:12]}", position=sheet.position, note=claim.label, exhibit=exhibit
    )
    for feature in sheet.features:
        note = f"{feature.description} ({feature.reference})"
        point = read_position(feature.at, source="worksheet").with_radius(None)
        yield Drawn(kind="matched", title=str(feature.number), position=point, note=note, exhibit=exhibit)
