"""`result.json` of Telegram Desktop: the message that each picture or recording came with."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import chain

from verifier.instruments import Analyser, Limits, Parameters, Source
from verifier.metadata.moments import from_text
from verifier.metadata.sidecars.telling import (
    LONGEST_TEXT,
    Json,
    content,
    coordinates,
    listing,
    mapping,
    parsed,
    plain,
    relative,
    told,
    unix,
)
from verifier.records import Exhibit, Kind, Record, Value

_PLAIN = (
    "from", "from_id", "author", "forwarded_from", "saved_from", "via_bot", "media_type", "mime_type",
    "duration_seconds", "width", "height", "place_name", "file_name", "file_size", "photo_file_size",
    "reply_to_message_id",
)  # fmt: skip


def analyse(exhibit: Exhibit, source: Source, parameters: Parameters) -> Iterator[Record]:
    """Readings `telegram:*` of every message that names a file; the subject is that file."""
    raw = content(source)
    if b'"messages"' not in raw or b'"date' not in raw:
        return
    said = mapping(parsed(raw))
    parts = (listing(mapping(said.get(part)).get("list")) for part in ("chats", "left_chats"))
    for chat in map(mapping, list(chain.from_iterable(parts)) or [said]):
        for message in map(mapping, listing(chat.get("messages"))):
            yield from _message(chat, message)


def _message(chat: dict[str, Json], message: dict[str, Json]) -> Iterator[Record]:
    if message.get("type") not in ("message", "service") or "date" not in message:
        return
    where = f"message {plain(message.get('id'))}"
    for key in ("photo", "file"):
        path = message.get(key)
        if not isinstance(path, str) or not path or path.startswith("("):  # "(File not included. …)"
            continue
        values: dict[str, Value] = {
            "chat": plain(chat.get("name")),
            "chat_type": plain(chat.get("type")),
            "chat_id": plain(chat.get("id")),
            "message_id": plain(message.get("id")),
            "date": unix(message.get("date_unixtime")),
            "date_local": _local(message.get("date")),
            "edited": unix(message.get("edited_unixtime")) or _local(message.get("edited")),
            "path": path[:LONGEST_TEXT],
            "text": _text(message.get("text")),
        }
        values |= {name: plain(message.get(name)) for name in _PLAIN}
        place = mapping(message.get("location_information"))
        position = coordinates(place.get("latitude"), place.get("longitude"))
        if position:
            values["latitude"], values["longitude"] = position
        yield from told("telegram", values, where, relative(path))


def _local(value: Json) -> Value:
    return (from_text(value) or value[:64]) if isinstance(value, str) and value else None


def _text(value: Json) -> str | None:
    """Text is a string, or a list of strings and of pieces with a format."""
    if isinstance(value, str):
        return value[:LONGEST_TEXT] or None
    parts = [part if isinstance(part, str) else str(mapping(part).get("text", "")) for part in listing(value)[:1000]]
    return "".join(parts)[:LONGEST_TEXT] or None


ANALYSER = Analyser(
    name="sidecar-telegram",
    version=2,
    accepts=frozenset({Kind.SIDECAR}),
    media_types=frozenset({"application/json"}),
    analyse=analyse,
    limits=Limits(seconds=30.0, seconds_per_megabyte=1.0, memory_bytes=2 << 30),
)
