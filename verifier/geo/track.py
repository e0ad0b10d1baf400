"""Tracks: where a device was, moment by moment, out of a track derivative, a GPX or a KML file.

XML is read with defusedxml: no entity, no external reference. Counts and sizes are bounded. What is asked of a track is
the fix at a frame's time, and which of its steps no vehicle makes.
"""

from __future__ import annotations

import json
import math
from bisect import bisect_left
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from itertools import pairwise
from typing import Any
from xml.etree.ElementTree import Element, ParseError

from defusedxml import ElementTree
from defusedxml.common import DefusedXmlException

from verifier.errors import Corrupt
from verifier.geo.position import Position, metres_between
from verifier.geo.timezone import instant_of

LARGEST_BYTES = 64 << 20
MOST_POINTS = 500_000
LONGEST_GAP_SECONDS = 30.0  # a fix is not interpolated across more
FASTEST_METRES_PER_SECOND = 90.0  # 324 km/h


@dataclass(frozen=True, slots=True, kw_only=True)
class TrackPoint:
    """One fix: seconds from the start of its recording, or an instant, or both."""

    position: Position
    seconds: float | None = None
    at: datetime | None = None
    is_locked: bool = True


@dataclass(frozen=True, slots=True, kw_only=True)
class Jump:
    """A step between two fixes that would need an impossible speed."""

    start: TrackPoint
    end: TrackPoint
    metres_per_second: float


def read_track(content: bytes) -> tuple[TrackPoint, ...]:
    """The points of a track derivative (JSON), GPX or KML, in order. Raises Corrupt."""
    if len(content) > LARGEST_BYTES:
        raise Corrupt(f"a track of {len(content) >> 20} MiB is too large to be read")
    if content.lstrip()[:1] in (b"[", b"{"):
        points = list(_from_json(content))
    else:
        root = _root(content)
        points = list(_from_kml(root) if _name(root) == "kml" else _from_gpx(root))
    if not points:
        raise Corrupt("the track holds no position")
    return tuple(points)


def _from_json(content: bytes) -> Iterator[TrackPoint]:
    try:
        rows = json.loads(content)
    except (ValueError, RecursionError) as error:
        raise Corrupt("the track is no JSON") from error
    if not isinstance(rows, list):
        raise Corrupt("a track derivative is a list of fixes")
    for row in rows[:MOST_POINTS]:
        if isinstance(row, dict):
            point = _point(row.get("latitude"), row.get("longitude"), row.get("altitude_m"), row.get("utc"))
            if point is not None:
                seconds, lock = row.get("seconds"), row.get("lock")
                yield TrackPoint(
                    position=point.position,
                    at=point.at,
                    seconds=float(seconds) if isinstance(seconds, int | float) else None,
                    is_locked=not isinstance(lock, int) or lock >= 2,
                )


def _root(content: bytes) -> Element:
    try:
        root: Element = ElementTree.fromstring(content, forbid_dtd=True)
    except (ParseError, DefusedXmlException, ValueError, RecursionError) as error:
        raise Corrupt(f"the track cannot be read as XML: {type(error).__name__}") from error
    return root


def _name(element: Element) -> str:
    return str(element.tag).rpartition("}")[2].lower()


def _from_gpx(root: Element) -> Iterator[TrackPoint]:
    """`trkpt`, `rtept` and `wpt` of GPX 1.0 and 1.1."""
    if _name(root) != "gpx":
        raise Corrupt(f"a track is JSON, GPX or KML, not {_name(root)[:40]}")
    count = 0
    for element in root.iter():
        if _name(element) not in ("trkpt", "rtept", "wpt"):
            continue
        children = {_name(child): child.text for child in element}
        point = _point(element.get("lat"), element.get("lon"), children.get("ele"), children.get("time"))
        if point is not None:
            yield point
            count += 1
        if count >= MOST_POINTS:
            return


def _from_kml(root: Element) -> Iterator[TrackPoint]:
    """`gx:Track` (when and coord in step), else every `coordinates` list."""
    count = 0
    tracks = [element for element in root.iter() if _name(element) == "track"]
    for track in tracks:
        times = [child.text for child in track if _name(child) == "when"]
        places = [(child.text or "").split() for child in track if _name(child) == "coord"]
        for index, place in enumerate(places):
            at = times[index] if index < len(times) else None
            point = _point(place[1], place[0], place[2] if len(place) > 2 else None, at) if len(place) > 1 else None
            if point is not None and count < MOST_POINTS:
                yield point
                count += 1
    if tracks:
        return
    for element in root.iter():
        if _name(element) != "coordinates":
            continue
        for triple in (element.text or "").split():
            parts = triple.split(",")
            point = _point(parts[1], parts[0], parts[2] if len(parts) > 2 else None, None) if len(parts) > 1 else None
            if point is not None and count < MOST_POINTS:
                yield point
                count += 1


def _point(latitude: Any, longitude: Any, altitude: Any, at: Any) -> TrackPoint | None:  # noqa: ANN401 - hostile values
    try:
        height = float(altitude) if altitude not in (None, "") else None
        position = Position(
            latitude_degrees=float(latitude),
            longitude_degrees=float(longitude),
            altitude_metres=height if height is not None and math.isfinite(height) else None,
            source="track",
        )
    except (TypeError, ValueError, OverflowError):
        return None
    if position.is_null_island:
        return None
    return TrackPoint(position=position, at=instant_of(at.strip()) if isinstance(at, str) else None)


def fix_at(track: tuple[TrackPoint, ...], seconds: float) -> Position | None:
    """Where the track is at a second of its recording, between two fixes no more than 30 s apart; None elsewhere."""
    timed = [(point.seconds, point) for point in track if point.seconds is not None and point.is_locked]
    return _between(timed, seconds)


def fix_at_instant(track: tuple[TrackPoint, ...], instant: datetime) -> Position | None:
    """The same by the satellites' own time."""
    timed = [(point.at.timestamp(), point) for point in track if point.at is not None and point.is_locked]
    return _between(timed, instant.timestamp())


def _between(timed: list[tuple[float, TrackPoint]], at: float) -> Position | None:
    timed.sort(key=lambda pair: pair[0])
    index = bisect_left(timed, at, key=lambda pair: pair[0])
    if index < len(timed) and timed[index][0] == at:
        return timed[index][1].position
    if not 0 < index < len(timed):
        return None
    (start, before), (end, after) = timed[index - 1], timed[index]
    if end - start > LONGEST_GAP_SECONDS:
        return None
    share = (at - start) / (end - start)
    one, other = before.position, after.position
    east = (other.longitude_degrees - one.longitude_degrees + 180) % 360 - 180
    return Position(
        latitude_degrees=one.latitude_degrees + share * (other.latitude_degrees - one.latitude_degrees),
        longitude_degrees=(one.longitude_degrees + share * east + 180) % 360 - 180,
        source="track, between two fixes",
    )


def jumps(track: tuple[TrackPoint, ...], fastest: float = FASTEST_METRES_PER_SECOND) -> tuple[Jump, ...]:
    """Steps between locked fixes that are faster than any car, beyond 100 m of noise."""
    found = []
    locked = [point for point in track if point.is_locked]
    for start, end in pairwise(locked):
        duration = _duration(start, end)
        if duration is None:
            continue
        metres = metres_between(start.position, end.position) - 100.0
        if metres > 0 and metres > fastest * max(duration, 0.0):
            found.append(Jump(start=start, end=end, metres_per_second=metres / max(duration, 0.001)))
    return tuple(found)


def _duration(start: TrackPoint, end: TrackPoint) -> float | None:
    if start.seconds is not None and end.seconds is not None:
        return end.seconds - start.seconds
    if start.at is not None and end.at is not None:
        return (end.at - start.at).total_seconds()
    return None
