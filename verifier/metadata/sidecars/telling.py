"""What readers of sidecars share: bounded text and JSON, and readings that leave every token and cookie behind."""

from __future__ import annotations

import json
import math
import re
from collections.abc import Iterable, Iterator, Mapping
from typing import TypeAlias
from urllib.parse import parse_qsl, urlencode, urlsplit, urlunsplit

from verifier.errors import Corrupt, Unsupported
from verifier.instruments import Source
from verifier.metadata.moments import from_unix
from verifier.records import Moment, Reading, Value

Json: TypeAlias = "str | int | float | bool | list[Json] | dict[str, Json] | None"

LARGEST = 128 << 20  # bytes of a sidecar that is read
LONGEST_TEXT = 8192  # characters of one value
# Forms of a subject. One without such a mark is a path relative to the sidecar's folder, as it is written there.
BESIDE = "."  # the exhibit whose name the sidecar's own name continues
DIGEST = "sha256:"  # the exhibit of this digest, wherever it lies
EXTENSION = "ext:"  # beside the sidecar, of its stem and with this extension
TITLED = "title:"  # beside the sidecar, after Google Takeout's rules for names; the title must agree
STEM = "stem:"  # a relative path without its extension
EXPORT = "~/"  # a path relative to the root of an export whose folders are known
_SECRET = re.compile(r"tok(en)?$|sig(nature)?$|secret|session|cookie|auth|passw|credential|api_?key|^key$|^sid$", re.I)


def content(source: Source) -> bytes:
    """All bytes. Raises Unsupported for a sidecar of over 128 MiB."""
    if source.size > LARGEST:
        raise Unsupported(f"a sidecar of {source.size >> 20} MiB is too large to be read whole")
    with source.open() as stream:
        return stream.read(LARGEST)


def parsed(raw: bytes) -> Json:
    """The JSON value. Raises Corrupt where it is none, or nested too deep."""
    try:
        value: Json = json.loads(raw.decode("utf-8-sig"), parse_constant=lambda _: None)
    except (ValueError, RecursionError) as error:
        raise Corrupt(f"the JSON cannot be read: {type(error).__name__}") from None
    return value


def mapping(value: object) -> dict[str, Json]:
    """The value if it is an object, else an empty one."""
    return value if isinstance(value, dict) else {}


def listing(value: object) -> list[Json]:
    """The value if it is an array, else an empty one."""
    return value if isinstance(value, list) else []


def plain(value: object) -> str | int | float | bool | None:
    """A scalar that is worth telling, bounded; None for nothing, for objects and for arrays."""
    if isinstance(value, str):
        return value[:LONGEST_TEXT] or None
    if isinstance(value, float) and not math.isfinite(value):
        return None
    return value if isinstance(value, bool | int | float) else None


def number(value: object) -> float | None:
    """A number, also one written as text."""
    if isinstance(value, bool):
        return None
    try:
        found = float(value) if isinstance(value, int | float | str) else None
    except (ValueError, OverflowError):
        return None
    return found if found is not None and math.isfinite(found) else None


def unix(value: object) -> Moment | None:
    """UTC from Unix seconds, also written as text."""
    seconds = number(value)
    return None if not seconds else from_unix(seconds, str(value)[:64])


def told(
    prefix: str, pairs: Mapping[str, Value] | Iterable[tuple[str, Value]], where: str, subject: str
) -> Iterator[Reading]:
    """A reading for each value that is there."""
    for name, value in pairs.items() if isinstance(pairs, Mapping) else pairs:
        if value is not None:
            yield Reading(key=f"{prefix}:{name}", value=value, location=where, subject=subject)


def without_tokens(address: object) -> str | None:
    """A web address without user name, password, fragment and any parameter that looks like a key."""
    if not isinstance(address, str) or not address:
        return None
    try:
        parts = urlsplit(address[:LONGEST_TEXT])
        host = parts.hostname or ""
        host += f":{parts.port}" if parts.port else ""
        pairs = parse_qsl(parts.query, max_num_fields=50)
    except ValueError:
        return None
    if parts.scheme not in ("http", "https") or not host:
        return None
    kept = [(name, value) for name, value in pairs if not _SECRET.search(name) and len(value) <= 64]
    return urlunsplit((parts.scheme, host, parts.path, urlencode(kept), ""))


def base_name(path: str) -> str:
    """The last part of a path of either kind of slash."""
    return re.split(r"[/\\]", path)[-1]


def relative(path: str) -> str:
    """A path as a subject: relative to the sidecar's folder as it is written, never taken for another form."""
    return f"./{path}" if path.startswith((DIGEST, EXTENSION, TITLED, STEM, EXPORT)) or path == BESIDE else path


def coordinates(latitude: object, longitude: object) -> tuple[float, float] | None:
    """A place on Earth, or None; 0, 0 means that none was known."""
    north, east = number(latitude), number(longitude)
    if north is None or east is None or abs(north) > 90 or abs(east) > 180 or (north == 0 and east == 0):
        return None
    return north, east
