"""A GPX or KML file as an exhibit of its own: what it says of where some device was, and when.

It is testimony, not a fact: anybody can write one, and it does not say whose device it was. So its readings stand at
the file itself and are lent to no picture.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime
from itertools import pairwise

from verifier.errors import Unsupported
from verifier.geo.track import LARGEST_BYTES, TrackPoint, jumps, read_track
from verifier.instruments import Analyser, Parameters, Source
from verifier.records import Exhibit, Kind, Moment, Reading, Record, Value, Zone

FORMS = (("gpx", b"<gpx"), ("kml", b"<kml"))


def analyse(exhibit: Exhibit, source: Source, parameters: Parameters) -> Iterator[Record]:
    """Readings `track:*`; nothing for other XML."""
    form = next((name for name, mark in FORMS if mark in source.head[:4096].lower()), None)
    if form is None:
        return
    if source.size > LARGEST_BYTES:
        raise Unsupported(f"a track of {source.size >> 20} MiB is too large to be read")
    with source.open() as stream:
        track = read_track(stream.read(LARGEST_BYTES))
    for key, value in _told(form, track).items():
        if value is not None:
            yield Reading(key=f"track:{key}", value=value, location=form)


def _told(form: str, track: tuple[TrackPoint, ...]) -> dict[str, Value]:
    times = [point.at for point in track if point.at is not None]
    ordered = sorted(times)
    gaps = [(end - start).total_seconds() for start, end in pairwise(ordered)]
    south, north = _ends([point.position.latitude_degrees for point in track])
    west, east = _ends([point.position.longitude_degrees for point in track])
    return {
        "form": form,
        "points": len(track),
        "points_with_time": len(times),
        "first_time": _moment(ordered[0]) if ordered else None,
        "last_time": _moment(ordered[-1]) if ordered else None,
        "longest_gap_seconds": round(max(gaps), 3) if gaps else None,
        "times_out_of_order": sum(end < start for start, end in pairwise(times)) or None,
        "impossible_steps": len(jumps(track)) or None,
        "first_latitude": round(track[0].position.latitude_degrees, 7),
        "first_longitude": round(track[0].position.longitude_degrees, 7),
        "last_latitude": round(track[-1].position.latitude_degrees, 7),
        "last_longitude": round(track[-1].position.longitude_degrees, 7),
        "southernmost": south,
        "northernmost": north,
        "westernmost": west,  # as numbers: a track over the 180th meridian seems to go around the Earth
        "easternmost": east,
    }


def _ends(degrees: list[float]) -> tuple[float, float]:
    return round(min(degrees), 7), round(max(degrees), 7)


def _moment(at: datetime) -> Moment:
    wall = at.astimezone(UTC).replace(tzinfo=None).isoformat()
    return Moment(text=f"{wall}Z", wall=wall, zone=Zone.UTC)


ANALYSER = Analyser(
    name="track-file",
    version=1,
    accepts=frozenset({Kind.SIDECAR}),
    media_types=frozenset({"application/xml", "application/gpx+xml", "application/vnd.google-earth.kml+xml"}),
    analyse=analyse,
)
