"""ProofMode bundles (Guardian Project): digests, OpenPGP signatures and the phone's own account of a recording.

The key comes with the bundle, so a good signature proves that nothing changed since it was made, not who made it. Times
that end in `Z` are the phone's local time (the app quotes the letter); `Location.Time` is true UTC. Addresses, device
numbers and cells of the telephone network stand in the bundle and are not told.
"""

from __future__ import annotations

import csv
import hashlib
import io
import itertools
import json
import re
from collections.abc import Iterator, Mapping
from datetime import datetime

from verifier.errors import Corrupt
from verifier.instruments import Analyser, Limits, Parameters, Source
from verifier.metadata.filename import shown
from verifier.metadata.moments import from_text, from_unix
from verifier.metadata.sidecars.signatures import available, verify
from verifier.metadata.sidecars.telling import base_name, coordinates, number
from verifier.metadata.unpacking import DAMAGE, Entry, zip_entries
from verifier.records import (
    Exhibit,
    Fault,
    FaultKind,
    Kind,
    Moment,
    Reading,
    Record,
    Value,
)

LARGEST_PART = 1 << 20  # a proof, a signature, a key
LARGEST_MEDIUM = 512 << 20
MOST_PROOFS = 500
_PROOF = re.compile(r"(?P<stem>.+)\.proof\.(?P<form>csv|json)")
_DIGEST = re.compile(r"[0-9a-f]{64}")
_TOLD = ("Manufacturer", "Hardware", "Locale", "Language", "ScreenSize", "Notes", "Location.Provider", "SafetyCheck")
_LOCAL_TIMES = ("Proof Generated", "File Created", "File Modified")


def analyse(exhibit: Exhibit, source: Source, parameters: Parameters) -> Iterator[Record]:
    """Readings `proofmode:*` about each medium of the bundle, by its digest. Silent on other archives."""
    with source.open() as stream:
        entries = {base_name(shown(e.path)): e for e in zip_entries(stream, source.size) if e.kind == "file"}
        proofs = [found for name in entries if (found := _PROOF.fullmatch(name))]
        if not proofs:
            return
        if not available():
            detail = "pysequoia is not installed; the signatures of this bundle were not checked"
            yield Fault(kind=FaultKind.ABSENT, detail=detail, instrument="proofmode")
        small = {name: b"" for name, entry in entries.items() if entry.size <= LARGEST_PART and not entry.encrypted}
        try:
            for name in small:
                if name.endswith((".asc", ".csv", ".json")):
                    small[name] = entries[name].read(LARGEST_PART)
            digests = _digests(entries, {found["stem"] for found in proofs})
            for found in proofs[:MOST_PROOFS]:
                yield from _proof(found, small, digests)
        except DAMAGE as error:
            raise Corrupt(f"the bundle cannot be read: {type(error).__name__}") from None


def _digests(entries: Mapping[str, Entry], stems: set[str]) -> dict[str, tuple[str, bytes]]:
    """SHA-256 and bytes of each medium, by the stem of its proof: the digest itself, or the name it begins with."""
    found: dict[str, tuple[str, bytes]] = {}
    for name, entry in entries.items():
        if name.endswith((".asc", ".csv", ".json", ".txt", ".ots", ".gst", ".cert", ".nostr", ".provider")):
            continue
        if entry.size > LARGEST_MEDIUM or entry.encrypted:
            continue
        content = entry.read(LARGEST_MEDIUM)
        digest = hashlib.sha256(content).hexdigest()
        for key in (digest, name):
            if key in stems:
                found[key] = (digest, content)
    return found


def _proof(
    found: re.Match[str], small: Mapping[str, bytes], media: Mapping[str, tuple[str, bytes]]
) -> Iterator[Reading]:
    name, stem = found.group(), found["stem"]
    said = next(iter(accounts(small.get(name, b""), found["form"])), {})
    stated = stated_digest(said) or ""
    digest, content = media.get(stem, (None, b""))
    subject = f"sha256:{digest or stated or stem}"
    values: dict[str, Value] = {"file_hash": stated or None, "file_hash_agrees": None}
    if digest is not None:
        values["file_hash_agrees"] = stated in ("", digest) and (stem == digest or len(stem) != 64)
        values |= _signature("medium", content, small.get(f"{stem}.asc"), small.get("pubkey.asc"))
    values |= _signature("proof", small.get(name, b""), small.get(f"{name}.asc"), small.get("pubkey.asc"))
    values |= account(said)
    for key, value in values.items():
        if value is not None:
            yield Reading(key=f"proofmode:{key}", value=value, location=name, subject=subject)


def accounts(raw: bytes, form: str) -> list[dict[str, str]]:
    """Each account as names and texts, one a row or object; columns come in any order."""
    text = raw.decode("utf-8-sig", "replace")
    rows: list[Mapping[object, object]] = []
    try:
        if form == "csv":
            rows = [dict(row.items()) for row in itertools.islice(csv.DictReader(io.StringIO(text)), MOST_PROOFS)]
        else:
            loaded = json.loads(text)
            rows = [row for row in (loaded if isinstance(loaded, list) else [loaded]) if isinstance(row, dict)]
    except (csv.Error, ValueError, RecursionError):
        return []
    return [
        {str(key).strip(): str(value).strip()[:2048] for key, value in row.items() if value not in (None, "")}
        for row in rows[:MOST_PROOFS]
    ]


def stated_digest(said: Mapping[str, str]) -> str | None:
    """The SHA-256 of the medium as the account states it."""
    found = _DIGEST.fullmatch(str(said.get("File Hash SHA256") or said.get("SHA256") or "").lower())
    return found.group() if found else None


def _signature(what: str, content: bytes, signature: bytes | None, key: bytes | None) -> dict[str, Value]:
    if not signature:
        return {f"signature.{what}": "none"}
    result = verify(content, signature, key)
    return {
        f"signature.{what}": result.state,
        f"signature.{what}.key": result.fingerprint,
        f"signature.{what}.at": result.made_at,
    }


def account(said: Mapping[str, str]) -> dict[str, Value]:
    """What the phone says of itself, of the time and of the place."""
    values: dict[str, Value] = {key: said.get(key) for key in _TOLD}
    for key in _LOCAL_TIMES:
        text = said.get(key)
        values[key] = (from_text(text.removesuffix("Z")) or text) if text else None
    millis = number(said.get("Location.Time"))
    located = from_unix(millis / 1e3, said["Location.Time"], fraction_digits=3) if millis else None
    values["Location.Time"] = located
    position = coordinates(said.get("Location.Latitude"), said.get("Location.Longitude"))
    if position:
        values["Location.Latitude"], values["Location.Longitude"] = position
        values["Location.Accuracy"] = number(said.get("Location.Accuracy"))
        values["Location.Altitude"] = number(said.get("Location.Altitude"))
    generated = values.get("Proof Generated")
    if isinstance(generated, Moment) and located is not None:
        values["implied_offset_minutes"] = _implied_offset(generated, located)
    return values


def _implied_offset(local: Moment, utc: Moment) -> int | None:
    """Minutes from UTC to the nearest quarter of an hour, where the two clocks were read within five minutes."""
    apart = datetime.fromisoformat(local.wall[:19]) - datetime.fromisoformat(utc.wall[:19])
    minutes = apart.total_seconds() / 60
    nearest = round(minutes / 15) * 15
    return nearest if abs(minutes - nearest) <= 5 and abs(nearest) <= 14 * 60 else None


ANALYSER = Analyser(
    name="proofmode",
    version=2,
    accepts=frozenset({Kind.ARCHIVE}),
    media_types=frozenset({"application/zip"}),
    analyse=analyse,
    limits=Limits(seconds=60.0, seconds_per_megabyte=0.3, memory_bytes=2 << 30),
)
