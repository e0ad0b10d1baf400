"""What stands on a map, as plain values: positions with their circles and view cones, claims, tracks, masks.

The three outputs (`map`, `geojson`, `kml`) draw the same list, so that they cannot tell different stories.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from verifier.dossier import CaseDossier
from verifier.findings.claims import ReadClaim, claims_of
from verifier.findings.copies.originals import recordings_of
from verifier.findings.place.fixes import fixes_of
from verifier.geo.coordinates import read_position
from verifier.geo.position import Position, View, circle, cone
from verifier.geo.worksheet import Worksheet, worksheet_of
from verifier.records import Worksheet as Located

CONE_METRES = 400.0
MOST_DRAWN = 5_000
MOST_PLACES = 12  # of one claim
RADIUS_METRES = {"exact": 10.0, "vicinity": 100.0, "locality": 1_000.0, "city": 30_000.0}  # of a worksheet's words


@dataclass(frozen=True, slots=True, kw_only=True)
class Drawn:
    """One thing on a map. `kind` is recorded, claimed, matched (by a person) or track."""

    kind: str
    title: str
    position: Position
    note: str = ""
    exhibit: str = ""
    recording: str = ""  # that the exhibit shows; copies of one share it

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
    recordings = {
        member: recording.id
        for recording in recordings_of(case).recordings
        for member in (*recording.copies, *(excerpt.exhibit for excerpt in recording.excerpts))
    }
    for key, dossier in sorted(case.exhibits.items()):
        if only is not None and key not in only:
            continue
        for fix in fixes_of(dossier)[:4]:
            found.append(
                Drawn(
                    kind="recorded", title=key[:12], position=fix.position, note=fix.basis, exhibit=key,
                    recording=recordings.get(key, ""),
                )
            )  # fmt: skip
        found += [thing for sheet in dossier.worksheets for thing in _located(sheet)]
        filed = {f"geolocation worksheet {sheet.id}" for sheet in dossier.worksheets}
        for claim in claims_of(dossier, case):
            if claim.claim.description in filed:
                continue  # its worksheet is drawn
            sheet = worksheet_of(claim.claim)
            things = _matched(sheet, claim, key) if sheet is not None else _claimed(claim, key)
            for thing in things:
                mark = (claim.claim.id, thing.position.latitude_degrees, thing.position.longitude_degrees)
                if mark not in claimed:
                    claimed.add(mark)
                    found.append(thing)
    return tuple(found[:MOST_DRAWN])


def _claimed(claim: ReadClaim, exhibit: str) -> Iterator[Drawn]:
    """The places that a claim's words can mean; a country is not drawn as a circle. What is left out is counted."""
    places = claim.place.candidates if claim.place else ()
    left = len(places) - MOST_PLACES
    for candidate in places[:MOST_PLACES]:
        if candidate.place.level != "country":
            position = candidate.place.position.with_radius(candidate.radius_metres)
            title = claim.place.text if claim.place else ""
            note = f"{claim.label} (and {left} more places)" if left > 0 else claim.label
            yield Drawn(kind="claimed", title=title, position=position, note=note, exhibit=exhibit)


def _located(sheet: Located) -> Iterator[Drawn]:
    """The camera's point of a filed worksheet with its precision and view, and every feature whose place is known."""
    view = None
    if sheet.bearing_degrees is not None:
        view = View(
            direction_degrees=sheet.bearing_degrees % 360.0,
            reference="true",
            tolerance_degrees=0.0 if sheet.field_of_view_degrees else 5.0,
            field_degrees=sheet.field_of_view_degrees,
        )
    camera = Position(
        latitude_degrees=sheet.latitude_degrees,
        longitude_degrees=sheet.longitude_degrees,
        radius_metres=RADIUS_METRES.get(sheet.precision),
        source="worksheet",
        view=view,
    )
    title = f"camera {sheet.exhibit[:12]}"
    yield Drawn(kind="matched", title=title, position=camera, note=f"matched by {sheet.by}", exhibit=sheet.exhibit)
    for feature in sheet.features:
        if feature.latitude_degrees is not None and feature.longitude_degrees is not None:
            point = Position(
                latitude_degrees=feature.latitude_degrees,
                longitude_degrees=feature.longitude_degrees,
                source="worksheet",
            )
            note = f"{feature.description} ({feature.reference})"
            yield Drawn(kind="matched", title=str(feature.number), position=point, note=note, exhibit=sheet.exhibit)


def _matched(sheet: Worksheet, claim: ReadClaim, exhibit: str) -> Iterator[Drawn]:
    """The camera's point of a worksheet with its view, and every numbered feature."""
    yield Drawn(
        kind="matched", title=f"camera {exhibit[:12]}", position=sheet.position, note=claim.label, exhibit=exhibit
    )
    for feature in sheet.features:
        note = f"{feature.description} ({feature.reference})"
        point = read_position(feature.at, source="worksheet").with_radius(None)
        yield Drawn(kind="matched", title=str(feature.number), position=point, note=note, exhibit=exhibit)
