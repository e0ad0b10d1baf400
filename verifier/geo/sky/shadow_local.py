"""Where a shadow fits when only the local clock is known: "the clock on the wall showed 14:10", zone unknown.

Every cell is asked at the instant its own zone's clocks showed that time. Cells are grouped by instant, so the sky is
computed a few dozen times and not once a cell.
"""

from __future__ import annotations

from datetime import UTC, datetime
from functools import lru_cache

import numpy as np
import tzfpy
from numpy.typing import NDArray

from verifier.geo.sky.shadow import Mask, Places, Shadow, grid, misses_at
from verifier.geo.timezone import instants_of

Names = NDArray[np.str_]


def places_of_wall(
    wall: datetime,
    shadow: Shadow,
    box: tuple[float, float, float, float] = (-66.0, -180.0, 72.0, 180.0),
    step_degrees: float = 0.5,
) -> Places:
    """The mask of places where some instant at which local clocks showed `wall` (naive) makes such a shadow."""
    if wall.tzinfo is not None:
        raise ValueError("a local clock reading has no zone: give the time without one, or ask for that instant")
    latitudes, longitudes = grid(box, step_degrees)
    names, numbers = zone_grid(box, step_degrees)
    fits: Mask = np.zeros(numbers.shape, dtype=np.bool_)
    nearest = np.inf
    by_instant: dict[datetime, list[int]] = {}
    for number, name in enumerate(names):
        for instant in instants_of(wall.replace(tzinfo=UTC), name) if name else ():
            by_instant.setdefault(instant, []).append(number)
    for instant, zones in sorted(by_instant.items()):
        rows, columns = np.nonzero(np.isin(numbers, zones))
        if not len(rows):
            continue
        miss = misses_at(instant.timestamp(), latitudes[rows], longitudes[columns], shadow)
        nearest = min(nearest, float(miss.min()))
        fits[rows, columns] |= miss <= 0.0
    return Places(
        latitudes_degrees=latitudes,
        longitudes_degrees=longitudes,
        fits=fits,
        step_degrees=step_degrees,
        nearest_miss_degrees=float(nearest),
    )


@lru_cache(maxsize=4)
def zone_grid(box: tuple[float, float, float, float], step_degrees: float) -> tuple[tuple[str, ...], NDArray[np.int32]]:
    """Names of the zones within a box, and for each cell the number of its zone. Nautical zones at sea."""
    latitudes, longitudes = grid(box, step_degrees)
    known: dict[str, int] = {}
    numbers = np.empty((len(latitudes), len(longitudes)), dtype=np.int32)
    for row, latitude in enumerate(latitudes):
        for column, longitude in enumerate(longitudes):
            name = tzfpy.get_tz(float(longitude), float(latitude))
            numbers[row, column] = known.setdefault(str(name), len(known))
    return tuple(known), numbers
