"""What bellingcat's auto-archiver writes: its CSV, the `metadata.json` of an item, and a Sheet that was saved as CSV.

The CSV is `status,metadata,media`, the last two written as Python literals or JSON. They are parsed as literals and
never evaluated, within limits of length and depth. `metadata.json` has the same three as one object. The Sheet has a
row for each link, with what became of it.
"""

from __future__ import annotations

import ast
import csv
import io
import json
import re
from collections.abc import Iterator, Mapping, Sequence
from urllib.parse import urlsplit

from verifier.errors import Corrupt
from verifier.instruments import Analyser, Parameters, Source
from verifier.metadata.moments import from_text
from verifier.metadata.sidecars.telling import (
    STEM,
    base_name,
    content,
    listing,
    mapping,
    parsed,
    plain,
    relative,
    told,
    without_tokens,
)
from verifier.records import Exhibit, Kind, Record, Value

MOST_ROWS = 50_000
LONGEST_LITERAL = 1 << 18  # characters
DEEPEST = 40
_DATE = re.compile(r"datetime\.datetime\((\d{4}(?:, \d{1,6}){2,6})(?:, tzinfo=[\w.()=, ]{1,40}?utc[^)]{0,20})?\)")
_DIGEST = re.compile(r"(?:SHA-?256:)?([0-9a-f]{64})", re.IGNORECASE)
_OF_A_SHEET = {"link", "archive status"}  # the two columns that a Sheet must have
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
    begun = source.head[:512].decode("utf-8-sig", "replace").lstrip()
    if begun.startswith("{"):
        yield from _json(source)
        return
    columns = {cell.strip(' "').lower() for cell in begun.splitlines()[0].split(",")} if begun else set()
    tell = _row if columns >= {"status", "metadata", "media"} else _link if columns >= _OF_A_SHEET else None
    if tell is None:
        return
    text = content(source).decode("utf-8-sig", "replace")
    try:
        for number, row in enumerate(csv.DictReader(io.StringIO(text)), 2):
            if number > MOST_ROWS:
                return
            yield from tell({str(name).strip().lower(): cell for name, cell in row.items()}, f"row {number}")
    except csv.Error as error:
        raise Corrupt(f"the table breaks off: {error}") from None


def _json(source: Source) -> Iterator[Record]:
    """An item's `metadata.json`; any other JSON says nothing here."""
    raw = content(source)
    if b'"media"' not in raw or b'"metadata"' not in raw or b'"status"' not in raw:
        return
    item = mapping(parsed(raw))
    metadata, media = item.get("metadata"), item.get("media")
    if isinstance(item.get("status"), str) and isinstance(metadata, dict) and isinstance(media, list):
        yield from _item(item["status"], metadata, media, "metadata.json")


def _row(row: dict[str, str | None], where: str) -> Iterator[Record]:
    item = mapping(literal(row.get("metadata") or "{}"))
    media = listing(literal(row.get("media") or "[]"))
    yield from _item(row.get("status"), mapping(item.get("metadata")) or item, media, where)


def _item(status: object, said: Mapping[str, object], media: Sequence[object], where: str) -> Iterator[Record]:
    for medium in map(mapping, media):
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
        values["status"] = plain(status)
        values["url"] = without_tokens(said.get("url"))
        values["src"] = without_tokens(properties.get("src"))
        values["filename"] = plain(name)
        yield from told("auto-archiver", values, where, subject)


def _link(row: dict[str, str | None], where: str) -> Iterator[Record]:
    """A row of a Sheet: of the archived page by its hash, else of what its location calls the file."""
    digest = _DIGEST.fullmatch((row.get("hash") or "").strip())
    location = without_tokens(row.get("archive location"))
    name = base_name(urlsplit(location).path) if location else ""
    subject = (
        f"sha256:{digest.group(1).lower()}" if digest else relative(name) if name else f"{STEM}{where} of this table"
    )
    values: dict[str, Value] = {
        "status": plain(row.get("archive status")),
        "url": without_tokens(row.get("link")),
        "archive_location": location,
        "_processed_at": _value(row.get("archive date")),
        "timestamp": _value(row.get("upload timestamp")),
        "title": plain(row.get("upload title")),
        "content": plain(row.get("text content")),
        "pdq_hash": plain(row.get("perceptual hashes")),
        "wacz": without_tokens(row.get("wacz")),
    }
    yield from told("auto-archiver", values, where, subject)


def _value(value: object) -> Value:
    return (from_text(value) or plain(value)) if isinstance(value, str) else plain(value)


ANALYSER = Analyser(
    name="sidecar-auto-archiver",
    version=3,
    accepts=frozenset({Kind.SIDECAR}),
    media_types=frozenset({"application/json", "text/csv", "text/plain"}),
    analyse=analyse,
)
