"""Country outlines, for maps and for "is this point in that country, and if not, how far outside".

Natural Earth 1:50 million: shores and borders are generalised by up to a few kilometres, small islands are missing, and
disputed borders are drawn as Natural Earth draws them. Every use of them keeps a margin of `OUTLINE_METRES`.
"""

from __future__ import annotations

import gzip
import json
from functools import cache
from importlib import resources

import numpy as np
from numpy.typing import NDArray

from verifier.geo.position import EARTH_RADIUS_METRES, Position

OUTLINE_METRES = 20_000.0  # what generalisation of the outlines may cost
METRES_PER_DEGREE = EARTH_RADIUS_METRES * np.pi / 180.0

Ring = NDArray[np.float64]  # (points, 2): longitude, latitude; the last point may repeat the first


@cache
def outlines() -> dict[str, tuple[Ring, ...]]:
    """Rings by ISO 3166-1 alpha-2 code; a name after "?" where there is no code."""
    packed = resources.files("verifier.geo").joinpath("data/outlines.json.gz").read_bytes()
    stored = json.loads(gzip.decompress(packed))
    units = float(stored["units_per_degree"])
    return {
        code: tuple(
            _unwrapped(np.cumsum(np.array(ring, dtype=np.float64).reshape(-1, 2), axis=0) / units) for ring in rings
        )
        for code, rings in stored["countries"].items()
    }


def _unwrapped(ring: Ring) -> Ring:
    """A ring that does not jump at the far meridian: its longitudes may pass 180. One around a pole is closed there."""
    ring = np.column_stack([np.unwrap(ring[:, 0], period=360.0), ring[:, 1]])
    if abs(ring[-1, 0] - ring[0, 0]) < 180.0:
        return ring
    pole = np.sign(ring[:, 1].mean()) * 90.0
    return np.vstack([ring, [ring[-1, 0], pole], [ring[0, 0], pole]])


@cache
def _boxes(code: str) -> NDArray[np.float64]:
    return np.array([[*ring.min(axis=0), *ring.max(axis=0)] for ring in outlines()[code]])


def is_inside(code: str, position: Position) -> bool:
    """Whether the point lies within the country's outline (even-odd rule). Raises KeyError for an unknown code."""
    y, boxes, inside = position.latitude_degrees, _boxes(code), False
    for x in (position.longitude_degrees + turn for turn in (-360.0, 0.0, 360.0)):
        near = (boxes[:, 0] <= x) & (x <= boxes[:, 2]) & (boxes[:, 1] <= y) & (y <= boxes[:, 3])
        for number in np.flatnonzero(near):
            inside ^= _odd_crossings(outlines()[code][number], x, y)
    return inside


def _odd_crossings(ring: Ring, x: float, y: float) -> bool:
    x0, y0 = ring[:, 0], ring[:, 1]
    x1, y1 = np.roll(x0, -1), np.roll(y0, -1)
    spans = (y0 > y) != (y1 > y)
    with np.errstate(divide="ignore", invalid="ignore"):
        at = x0 + (y - y0) * (x1 - x0) / (y1 - y0)
    return bool(np.count_nonzero(spans & (x < at)) % 2)


def country_at(position: Position) -> str | None:
    """Alpha-2 code of the country whose outline holds the point; None at sea or in an unnumbered territory."""
    for code in outlines():
        if is_inside(code, position):
            return None if code.startswith("?") else code
    return None


def metres_outside(code: str, position: Position) -> float:
    """0 within the outline, else the distance to it in metres (flat near the point: right to 1 % up to 500 km)."""
    if is_inside(code, position):
        return 0.0
    shrink = float(np.cos(np.radians(position.latitude_degrees)))
    least = np.inf
    for ring in outlines()[code]:
        east = (ring[:, 0] - position.longitude_degrees + 180.0) % 360.0 - 180.0
        flat = np.column_stack([east * shrink, ring[:, 1] - position.latitude_degrees])
        least = min(least, _nearest_to_origin(flat))
    return float(least * METRES_PER_DEGREE)


def _nearest_to_origin(ring: Ring) -> float:
    step = np.roll(ring, -1, axis=0) - ring
    wraps = np.abs(step[:, 0]) > 90.0  # an edge that the wrap at the far meridian tore apart
    length = np.einsum("ij,ij->i", step, step)
    with np.errstate(divide="ignore", invalid="ignore"):
        along = np.clip(np.where(length > 0, -np.einsum("ij,ij->i", ring, step) / length, 0.0), 0.0, 1.0)
    along[wraps] = 0.0
    foot = ring + along[:, None] * step
    return float(np.sqrt(np.einsum("ij,ij->i", foot, foot)).min())
