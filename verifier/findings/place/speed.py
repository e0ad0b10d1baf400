"""Two positions of one device, and the speed that would take it from one to the other.

A device is known by its serial number and model. A speed that no road allows means that a position, a time or the
serial number is wrong, or that there was a flight: it is noted for an analyst, never held against a claim.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise

from verifier.dossier import CaseDossier, ExhibitDossier
from verifier.findings.place.fixes import Fix, fixes_of
from verifier.findings.remembered import remembered
from verifier.findings.time.testimony import Clock, clocks_of
from verifier.geo.position import metres_between
from verifier.geo.timezone import zones_at
from verifier.instruments import Check
from verifier.lengths import distance, told
from verifier.records import Finding, FindingOutcome, Question

FASTEST_KILOMETRES_PER_HOUR = 300.0
LEAST_METRES = 2_000.0
TOO_FAST = "place.speed_between_exhibits"


@dataclass(frozen=True, slots=True, kw_only=True)
class Sighting:
    """A device at a place and time, as one exhibit tells it."""

    exhibit: str
    fix: Fix
    clock: Clock


def check(dossier: ExhibitDossier, case: CaseDossier) -> Iterator[Finding]:
    """Holds an exhibit against the device's sighting just before it."""
    device = device_of(dossier)
    if device is None:
        return
    sightings = _sightings(case).get(device, ())
    for earlier, later in pairwise(sightings):
        if later.exhibit != dossier.exhibit.id:
            continue
        metres = metres_between(earlier.fix.position, later.fix.position)
        slack = (earlier.fix.position.radius_metres or 0.0) + (later.fix.position.radius_metres or 0.0) + LEAST_METRES
        seconds = (later.clock.latest - earlier.clock.earliest).total_seconds() + 1.0
        speed = max(0.0, metres - slack) / 1000 / (seconds / 3600)
        if speed > FASTEST_KILOMETRES_PER_HOUR:
            yield Finding(
                exhibit=dossier.exhibit.id,
                question=Question.PLACE,
                outcome=FindingOutcome.NOTES,
                code=TOO_FAST,
                statement=(
                    f"The same device is {told(distance(metres))} away in exhibit {earlier.exhibit[:12]}, "
                    f"{seconds / 60:,.0f} minutes before: at least {speed:,.0f} km/h."
                ),
                because=(later.fix.basis, later.clock.basis),
                contrary=(
                    f"{earlier.fix.basis} of {earlier.exhibit[:12]}",
                    f"{earlier.clock.basis} of {earlier.exhibit[:12]}",
                ),
                caveat="A flight, a stored last position, a wrong clock or a copied serial number explain it as well.",
                values={
                    "other": earlier.exhibit,
                    "metres": round(metres),
                    "seconds": round(seconds),
                    "km_per_hour": round(speed),
                },
            )


def device_of(dossier: ExhibitDossier) -> tuple[str, str] | None:
    """Model and serial number; None where either is not known."""
    serial, model = (dossier.facts.get(name) for name in ("serial", "model"))
    if serial is None or model is None or not str(serial.best.value).strip():
        return None
    return str(model.best.value), str(serial.best.value)


def ties(dossier: ExhibitDossier) -> Iterator[str]:
    """The device, where it is known."""
    device = device_of(dossier)
    if device is not None:
        yield "\n".join(device)


@remembered
def _sightings(case: CaseDossier) -> dict[tuple[str, str], tuple[Sighting, ...]]:
    """Every device's sightings in order of time."""
    found: dict[tuple[str, str], list[Sighting]] = {}
    for dossier in case.exhibits.values():
        device = device_of(dossier)
        fixes = [fix for fix in fixes_of(dossier) if not fix.is_shaky] if device else []
        if device is None or not fixes:
            continue
        clocks = [c for c in clocks_of(dossier, zones_at(fixes[0].position)) if not c.is_reset]
        best = next((clock for clock in clocks if clock.question == "gps_time"), clocks[0] if clocks else None)
        if best is not None:
            found.setdefault(device, []).append(Sighting(exhibit=dossier.exhibit.id, fix=fixes[0], clock=best))
    return {
        device: tuple(sorted(some, key=lambda sighting: (sighting.clock.earliest, sighting.exhibit)))
        for device, some in found.items()
    }


CHECK = Check(name="speed", version=1, codes=(TOO_FAST,), check=check, ties=ties)
