"""JSON exports of Facebook and Instagram ("download your information"): when a medium was posted or sent, by whom.

Both write UTF-8 as if each byte were a letter; names are put right again.
"""

from __future__ import annotations

from collections.abc import Iterator

from verifier.instruments import Analyser, Limits, Parameters, Source
from verifier.metadata.sidecars.telling import (
    EXPORT,
    LONGEST_TEXT,
    Json,
    content,
    coordinates,
    listing,
    mapping,
    number,
    parsed,
    told,
    unix,
)
from verifier.records import Exhibit, Kind, Record, Value

MOST_MEDIA = 20_000
MOST_VISITED = 2_000_000
_MEDIA = ("photos", "videos", "gifs", "audio_files")


def analyse(exhibit: Exhibit, source: Source, parameters: Parameters) -> Iterator[Record]:
    """Readings `meta-export:*` of everything that has an address in the export and a time of creation there."""
    raw = content(source)
    if b'"uri"' not in raw or b'"creation_timestamp"' not in raw:
        return
    said = parsed(raw)
    messages = listing(mapping(said).get("messages"))
    if messages:
        for index, message in enumerate(map(mapping, messages)):
            for kind in _MEDIA:
                for medium in map(mapping, listing(message.get(kind))):
                    yield from _medium(medium, f"message {index}", message)
        return
    for index, medium in enumerate(_media(said)):
        if index >= MOST_MEDIA:
            return
        yield from _medium(medium, f"medium {index}", {})


def _media(said: Json) -> Iterator[dict[str, Json]]:
    """Every object with an address and a time, in order, however deep; a stack of its own, bounded."""
    stack, visited = [said], 0
    while stack and visited < MOST_VISITED:
        visited += 1
        item = stack.pop()
        if isinstance(item, dict):
            if isinstance(item.get("uri"), str) and "creation_timestamp" in item:
                yield item
            stack.extend(reversed(list(item.values())))
        elif isinstance(item, list):
            stack.extend(reversed(item))


def _medium(medium: dict[str, Json], where: str, message: dict[str, Json]) -> Iterator[Record]:
    uri = medium.get("uri")
    if not isinstance(uri, str) or not uri:
        return
    sent = number(message.get("timestamp_ms"))
    values: dict[str, Value] = {
        "creation_timestamp": unix(medium.get("creation_timestamp")),
        "sent": unix(sent / 1000) if sent is not None else None,
        "from": _text(message.get("sender_name")),
        "title": _text(medium.get("title")),
        "path": uri[:LONGEST_TEXT],
    }
    metadata = mapping(medium.get("media_metadata"))
    for kind in ("photo_metadata", "video_metadata"):
        for exif in map(mapping, listing(mapping(metadata.get(kind)).get("exif_data"))[:4]):
            position = coordinates(exif.get("latitude"), exif.get("longitude"))
            if position:
                values["latitude"], values["longitude"] = position
    yield from told("meta-export", values, where, EXPORT + uri)


def _text(value: Json) -> str | None:
    if not isinstance(value, str) or not value:
        return None
    try:
        return value.encode("latin-1").decode("utf-8")[:LONGEST_TEXT]
    except UnicodeError:
        return value[:LONGEST_TEXT]


ANALYSER = Analyser(
    name="sidecar-meta-export",
    version=2,
    accepts=frozenset({Kind.SIDECAR}),
    media_types=frozenset({"application/json"}),
    analyse=analyse,
    limits=Limits(seconds=30.0, seconds_per_megabyte=1.0, memory_bytes=2 << 30),
)
