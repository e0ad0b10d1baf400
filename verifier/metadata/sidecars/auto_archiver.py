"""CSV of bellingcat's auto-archiver: `status,metadata,media`, the last two written as Python literals or JSON.

They are parsed as literals and never evaluated, within limits of length and depth.
"""

from __future__ import annotations

import ast
import csv
import io
import json
import re
from collections.abc import Iterator

from verifier.errors import Corrupt
from verifier.instruments import Analyser, Parameters, Source
from verifier.metadata.moments import from_text
from verifier.metadata.sidecars.telling import content, listing, mapping, plain, relative, told, without_tokens
from verifier.records import Exhibit, Kind, Record, Value

MOST_ROWS = 50_000
LONGEST_LITERAL = 1 << 18  # characters
DEEPEST = 40
_DATE = re.compile(r"datetime\.datetime\((\d{4}(?:, \d{1,6}){2,6})(?:, tzinfo=[\w.()=, ]{1,40}?utc[^)]{0,20})?\)")
_DIGEST = re.compile(r"(?:SHA-?256:)?([0-9a-f]{64})", re.IGNORECASE)
_ITEM = ("title", "content", "timestamp", "author", "upload_date", "_processed_at", "wayback")
_MEDIA = ("pdq_hash", "duration")


def literal(text: str) -> object:
    """The value of a Python or JSON literal. Raises Corrupt for everything else, and for what is too long or deep."""
    if len(text) > LONGEST_LITERAL or _depth(text) > DEEPEST:
        raise Corrupt("a literal is longer or deeper than is read")
    try:
        return json.loads(text)
    except (ValueError, RecursionError):
        pass  # not JSON: the older form
    try:
        return ast.literal_eval(_DATE.sub(_iso, text))
    except (ValueError, SyntaxError, TypeError, MemoryError, RecursionError):
        raise Corrupt("a cell is neither JSON nor a Python literal") from None


def _depth(text: str) -> int:
    deepest = depth = 0
    for letter in text:
        if letter in "([{":
            depth += 1
            deepest = max(deepest, depth)
        elif letter in ")]}":
            depth -= 1
    return deepest


def _iso(found: re.Match[str]) -> str:
    parts = [int(part) for part in found.group(1).split(", ")] + [0] * 6
    year, month, day, hour, minute, second = parts[:6]
    return f"'{year:04d}-{month:02d}-{day:02d}T{hour:02d}:{minute:02d}:{second:02d}{'Z' if 'utc' in found[0] else ''}'"


def analyse(exhibit: Exhibit, source: Source, parameters: Parameters) -> Iterator[Record]:
    """Readings `auto-archiver:*`; the subject is the digest of the medium where it is given, else its file's name."""
    head = source.head[:512].decode("utf-8-sig", "replace").splitlines()
    if not head or not {"status", "metadata", "media"} <= {cell.strip().lower() for cell in head[0].split(",")}:
        return
    text = content(source).decode("utf-8-sig", "replace")
    try:
        for number, row in enumerate(csv.DictReader(io.StringIO(text)), 2):
            if number > MOST_ROWS:
                return
            yield from _row(row, f"row {number}")
    except csv.Error as error:
        raise Corrupt(f"the table breaks off: {error}") from None


def _row(row: dict[str, str | None], where: str) -> Iterator[Record]:
    item = mapping(literal(row.get("metadata") or "{}"))
    said = mapping(item.get("metadata")) or item
    for medium in map(mapping, listing(literal(row.get("media") or "[]"))):
        properties = mapping(medium.get("properties"))
        digest = _DIGEST.fullmatch(str(properties.get("hash", "")))
        names = [name for name in (medium.get("filename"), medium.get("_key")) if isinstance(name, str) and name]
        name = next((name for name in names if not name.startswith(("/", "\\"))), next(iter(names), None))
        if digest:
            subject = f"sha256:{digest.group(1).lower()}"
        elif name is not None:
            subject = relative(name)
        else:
            continue
        values: dict[str, Value] = {key: _value(said.get(key)) for key in _ITEM}
        values |= {key: plain(properties.get(key)) for key in _MEDIA}
        values["status"] = plain(row.get("status"))
        values["url"] = without_tokens(said.get("url"))
        values["src"] = without_tokens(properties.get("src"))
        values["filename"] = plain(name)
        yield from told("auto-archiver", values, where, subject)


def _value(value: object) -> Value:
    return (from_text(value) or plain(value)) if isinstance(value, str) else plain(value)


ANALYSER = Analyser(
    name="sidecar-auto-archiver",
    version=2,
    accepts=frozenset({Kind.SIDECAR}),
    media_types=frozenset({"text/csv", "text/plain"}),
    analyse=analyse,
)
