"""`NAME.json` of Google Takeout: when a photo was taken and uploaded, and where, as Google Photos kept it."""

from __future__ import annotations

from collections.abc import Iterator

from verifier.instruments import Analyser, Parameters, Source
from verifier.metadata.sidecars.telling import (
    TITLED,
    Json,
    content,
    coordinates,
    mapping,
    number,
    parsed,
    plain,
    told,
    unix,
)
from verifier.records import Exhibit, Kind, Record, Value

_TIMES = ("photoTakenTime", "creationTime", "photoLastModifiedTime")


def analyse(exhibit: Exhibit, source: Source, parameters: Parameters) -> Iterator[Record]:
    """Readings `takeout:*`. Names of people and the private address of the photo are not told."""
    raw = content(source)
    if b'"photoTakenTime"' not in raw or b'"title"' not in raw:
        return
    said = mapping(parsed(raw))
    if "photoTakenTime" not in said:
        return
    title = said.get("title")
    values: dict[str, Value] = {"title": plain(title), "description": plain(said.get("description"))}
    values |= {name: unix(mapping(said.get(name)).get("timestamp")) for name in _TIMES}
    for name in ("geoData", "geoDataExif"):
        values |= _place(name, mapping(said.get(name)))
    origin = mapping(said.get("googlePhotosOrigin"))
    values["origin"] = plain(next(iter(origin), None))
    values["deviceType"] = plain(mapping(origin.get("mobileUpload")).get("deviceType"))
    values["people"] = len(people) if isinstance(people := said.get("people"), list) else None
    yield from told("takeout", values, "json", TITLED + (title if isinstance(title, str) else ""))


def _place(name: str, said: dict[str, Json]) -> dict[str, Value]:
    """Coordinates; `geoData` may have been set by the user, `geoDataExif` comes from the file."""
    position = coordinates(said.get("latitude"), said.get("longitude"))
    if position is None:
        return {}
    return {
        f"{name}.latitude": position[0],
        f"{name}.longitude": position[1],
        f"{name}.altitude_m": number(said.get("altitude")),
    }


ANALYSER = Analyser(
    name="sidecar-takeout",
    version=2,
    accepts=frozenset({Kind.SIDECAR}),
    media_types=frozenset({"application/json"}),
    analyse=analyse,
)
