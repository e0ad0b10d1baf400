"""Placeholders of cloud drives: a few bytes that stand where a file was, while the file itself lies on a server.

iCloud writes `.NAME.icloud`, a property list with the real name and size; Google Drive a JSON object with the address
of its document; browsers and systems a shortcut (`.url`, `.webloc`). Whoever hands such a file over believes that the
picture is in it. Addresses are read without tokens; accounts are not read at all.
"""

from __future__ import annotations

import plistlib
import re
from collections.abc import Iterator
from xml.parsers.expat import ExpatError

from verifier.errors import Corrupt
from verifier.instruments import Analyser, Parameters, Source
from verifier.metadata.sidecars.telling import Json, content, mapping, parsed, without_tokens
from verifier.records import Exhibit, Fault, FaultKind, Kind, Reading, Record, Value

NAME = "placeholder"
LARGEST = 1 << 16  # bytes: a placeholder is small, and a large file is none
LONGEST_NAME = 1024  # characters
_DRIVE = re.compile(r"https?://(?:docs|drive)\.google\.com/", re.IGNORECASE)
_SHORTCUT = re.compile(r"^\s*URL\s*=\s*(\S+)", re.IGNORECASE | re.MULTILINE)
_NAME = re.compile(r"[^\x00-\x1f\ufffd/]+\.\w{2,5}")
NOT_HERE = "a placeholder of {0} for {1}: the file itself is not here"
UNNAMED = "a placeholder of {0}: the file itself is not here"


def analyse(exhibit: Exhibit, source: Source, parameters: Parameters) -> Iterator[Record]:
    """What it stands for, and a fault that says that the file is not here. Silent about what is no placeholder."""
    if source.size > LARGEST:
        return
    raw = content(source)
    if exhibit.media_type == "application/json":
        found = _drive(raw)
    elif exhibit.media_type == "text/plain":
        found = _shortcut(raw)
    else:
        found = _property_list(raw, is_certain=exhibit.media_type == "application/x-cloud-placeholder")
    if found is None:
        return
    for key, value in found.items():
        if value is not None:
            yield Reading(key=f"placeholder:{key}", value=value, location="whole file")
    name = found.get("name")
    detail = NOT_HERE.format(found["service"], name) if name else UNNAMED.format(found["service"])
    yield Fault(kind=FaultKind.UNSUPPORTED, detail=detail, instrument=NAME)


def _property_list(raw: bytes, *, is_certain: bool) -> dict[str, Value] | None:
    """iCloud's placeholder, or a shortcut of macOS."""
    try:
        said = plistlib.loads(raw)
    except (
        ValueError,
        OverflowError,
        LookupError,
        TypeError,
        RecursionError,
        ExpatError,
        plistlib.InvalidFileException,
    ):
        return _strings_of(raw) if is_certain else None
    if not isinstance(said, dict):
        return None
    return _named(said)


def _named(said: dict[object, object]) -> dict[str, Value] | None:
    name, size = said.get("NSURLNameKey"), said.get("NSURLFileSizeKey")
    if isinstance(name, str):
        whole = size if isinstance(size, int) and not isinstance(size, bool) and 0 <= size < 1 << 62 else None
        return {"service": "iCloud", "name": name[:LONGEST_NAME], "size": whole}
    if set(said) == {"URL"}:
        return {"service": "a shortcut", "name": None, "address": without_tokens(said["URL"])}
    return None


def _strings_of(raw: bytes) -> dict[str, Value]:
    """Of a binary property list that is cut or whose table is wrong: the one text in it that is a file's name."""
    found: list[str] = []
    for at, mark in enumerate(raw[8:], 8):
        kind, length, start = mark >> 4, mark & 0x0F, at + 1
        if kind not in (0x5, 0x6):  # texts in ASCII and in UTF-16
            continue
        if length == 0x0F and raw[at + 1 : at + 2] == b"\x10":
            length, start = int.from_bytes(raw[at + 2 : at + 3], "big"), at + 3
        width = length * (2 if kind == 0x6 else 1)
        text = raw[start : start + width].decode("utf-16-be" if kind == 0x6 else "ascii", "replace")
        if len(text) == length and _NAME.fullmatch(text) and "NSURL" not in text:
            found.append(text)
    return {"service": "iCloud", "name": max(found, key=len)[:LONGEST_NAME] if found else None, "size": None}


def _drive(raw: bytes) -> dict[str, Value] | None:
    try:
        said: dict[str, Json] = mapping(parsed(raw))
    except Corrupt:
        return None  # other readers of JSON say so
    address = said.get("url")
    is_drive = isinstance(address, str) and bool(_DRIVE.match(address))
    if not (is_drive or isinstance(said.get("doc_id"), str)):
        return None
    return {"service": "Google Drive", "name": None, "address": without_tokens(address)}


def _shortcut(raw: bytes) -> dict[str, Value] | None:
    text = raw.decode("utf-8-sig", "replace")
    if not text.lstrip().casefold().startswith("[internetshortcut]"):
        return None
    found = _SHORTCUT.search(text)
    return {"service": "a shortcut", "name": None, "address": without_tokens(found.group(1)) if found else None}


ANALYSER = Analyser(
    name=NAME,
    version=1,
    accepts=frozenset({Kind.OTHER, Kind.SIDECAR}),
    media_types=frozenset(
        {"application/x-cloud-placeholder", "application/x-plist", "application/json", "application/xml", "text/plain"}
    ),
    analyse=analyse,
)
