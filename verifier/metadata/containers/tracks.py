"""Tracks of positions beside the pictures: what a fix is, which fix is told, and the derivative that holds them all."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator
from dataclasses import dataclass

from verifier.records import Derivative, Moment, Reading, Record, Value

MOST_FIXES = 36_000  # an hour of ten a second; longer tracks are thinned evenly


@dataclass(frozen=True, slots=True)
class Fix:
    """One position: seconds from the start of the recording, degrees, metres; `lock` 0 none, 2 or 3 dimensions."""

    seconds: float
    latitude: float
    longitude: float
    altitude_m: float | None
    speed_mps: float | None
    utc: Moment | None
    lock: int | None


def is_possible(fix: Fix) -> bool:
    """Whether it lies on Earth."""
    return abs(fix.latitude) <= 90 and abs(fix.longitude) <= 180


def told(prefix: str, found: list[Fix], where: str) -> Iterator[Record]:
    """The first fix with a lock (else the very first, and that it had none), and the track."""
    if not found:
        return
    best = next((fix for fix in found if fix.lock is None or fix.lock >= 2), found[0])
    values: dict[str, Value] = {
        "first_fix_latitude": round(best.latitude, 7),
        "first_fix_longitude": round(best.longitude, 7),
        "first_fix_altitude_m": None if best.altitude_m is None else round(best.altitude_m, 3),
        "first_fix_utc": best.utc or next((fix.utc for fix in found if fix.utc), None),
        "first_fix_seconds": round(best.seconds, 3),
        "first_fix_lock": best.lock,
        "fixes": len(found),
        "fixes_without_lock": sum(fix.lock is not None and fix.lock < 2 for fix in found),
    }
    for key, value in values.items():
        if value is not None:
            yield Reading(key=f"{prefix}:{key}", value=value, location=where)
    yield _derivative(found)


def _derivative(found: list[Fix]) -> Derivative:
    step = -(-len(found) // MOST_FIXES)
    rows = [
        {
            "seconds": round(fix.seconds, 3),
            "latitude": round(fix.latitude, 7),
            "longitude": round(fix.longitude, 7),
            "altitude_m": None if fix.altitude_m is None else round(fix.altitude_m, 2),
            "speed_mps": None if fix.speed_mps is None else round(fix.speed_mps, 2),
            "utc": fix.utc.iso() if fix.utc else None,
            "lock": fix.lock,
        }
        for fix in found[::step]
    ]
    content = json.dumps(rows, separators=(",", ":")).encode()
    return Derivative(
        id=hashlib.sha256(content).hexdigest(), recipe="track/1", media_type="application/json", content=content
    )
