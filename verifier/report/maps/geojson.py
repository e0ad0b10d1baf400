"""GeoJSON (RFC 7946) of what is drawn, and of a mask of places."""

from __future__ import annotations

import json
from collections.abc import Iterator
from itertools import pairwise
from typing import Any

import numpy as np

from verifier.geo.sky.shadow import Places
from verifier.report.maps.drawn import Drawn


def geojson(things: tuple[Drawn, ...]) -> str:
    """A FeatureCollection: each thing as a point, its precision circle and its view as polygons beside it."""
    features: list[dict[str, Any]] = []
    for thing in things:
        position = thing.position
        about = {
            "kind": thing.kind,
            "title": thing.title,
            "note": thing.note,
            "exhibit": thing.exhibit or None,
            "recording": thing.recording or None,
            "radius_metres": position.radius_metres,
        }
        point = [_place(position.longitude_degrees), _place(position.latitude_degrees)]
        if position.altitude_metres is not None:
            point.append(round(position.altitude_metres, 1))
        features.append(_feature("Point", point, {**about, "part": "point"}))
        for part, ring in (("precision", thing.ring), ("view", thing.view)):
            if ring is not None:
                corners = [[_place(longitude), _place(latitude)] for longitude, latitude in _counterclockwise(ring)]
                features.append(_feature("Polygon", [corners], {**about, "part": part}))
    return _collection(features)


def mask_geojson(places: Places, about: dict[str, Any]) -> str:
    """The cells that fit, as one MultiPolygon of runs along each row; an empty one where none does."""
    polygons = [[[[_place(x), _place(y)] for x, y in ring]] for ring in mask_rings(places)]
    return _collection([_feature("MultiPolygon", polygons, about)])


def mask_rings(places: Places) -> Iterator[list[tuple[float, float]]]:
    """A closed ring around each run of fitting cells in a row, counter-clockwise, as (longitude, latitude)."""
    half = places.step_degrees / 2
    for row, latitude in enumerate(places.latitudes_degrees):
        edges = np.diff(np.concatenate(([0], places.fits[row].astype(np.int8), [0])))
        for start, end in zip(np.flatnonzero(edges == 1), np.flatnonzero(edges == -1) - 1, strict=True):
            first = float(places.longitudes_degrees[start]) - half
            last = float(places.longitudes_degrees[end]) + half
            south, north = max(-90.0, float(latitude) - half), min(90.0, float(latitude) + half)
            for west, east in _within_180(first, last):
                yield [(west, south), (east, south), (east, north), (west, north), (west, south)]


def _within_180(west: float, east: float) -> list[tuple[float, float]]:
    """A run of longitudes, parted at the date line (RFC 7946, 3.1.9)."""
    if west >= 180.0:
        return [(west - 360.0, east - 360.0)]
    if east > 180.0 and east - 180.0 > 1e-9 and west > -180.0:
        return [(west, 180.0), (-180.0, min(east - 360.0, 180.0))]
    return [(max(-180.0, west), min(180.0, east))]


def _place(degrees: float) -> float:
    return round(degrees, 6)


def _counterclockwise(ring: list[tuple[float, float]]) -> list[tuple[float, float]]:
    area = sum(x0 * y1 - x1 * y0 for (x0, y0), (x1, y1) in pairwise(ring))
    return ring if area >= 0 else ring[::-1]


def _feature(kind: str, coordinates: Any, properties: dict[str, Any]) -> dict[str, Any]:  # noqa: ANN401 - nested lists
    return {"type": "Feature", "geometry": {"type": kind, "coordinates": coordinates}, "properties": properties}


def _collection(features: list[dict[str, Any]]) -> str:
    text = json.dumps({"type": "FeatureCollection", "features": features}, ensure_ascii=False, sort_keys=True, indent=1)
    return text + "\n"
