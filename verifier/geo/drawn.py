"""What stands on a map, as plain values: positions with their circles and view cones, claims, tracks, masks.

The three outputs (`map`, `geojson`, `kml`) draw the same list, so that they cannot tell different stories.
"""

from __future__ import annotations

from dataclasses import dataclass

from verifier.dossier import CaseDossier
from verifier.geo.claims import claims_of
from verifier.geo.fixes import fixes_of
from verifier.geo.position import Position, circle, cone

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
            for candidate in claim.place.candidates[:3] if claim.place else ():
                if candidate.place.level == "country":
                    continue
                position = candidate.place.position.with_radius(candidate.radius_metres)
                mark = (claim.claim.id, position.latitude_degrees, position.longitude_degrees)
                if mark not in claimed:
                    claimed.add(mark)
                    kind = (
                        "matched" if claim.claim.description and "worksheet" in claim.claim.description else "claimed"
                    )
                    title = claim.place.text if claim.place else ""
                    found.append(Drawn(kind=kind, title=title, position=position, note=claim.label, exhibit=key))
    return tuple(found[:MOST_DRAWN])
