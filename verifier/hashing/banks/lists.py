"""Hash lists of others, read into a bank's items and written from them.

Read: plain lists (64 hexadecimal digits a line), CSV with a column of PDQ hashes, JSON in which objects bear one (as
auto-archiver and ThreatExchange write them), and vPDQ lists of one clip. auto-archiver drops leading zeros of a hash
(it prints a number), so shorter ones are filled up where the field's name says that it is PDQ. No other text of such a
file is kept: no name, no address, no comment.
"""

from __future__ import annotations

import csv
import hashlib
import io
import json
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from verifier.errors import Corrupt
from verifier.hashing.banks import vpdq
from verifier.hashing.banks.bank import BankHash, BankItem, ItemKind
from verifier.hashing.banks.vpdq import VpdqFrame

MOST_HASHES = 8_000_000
MOST_DEPTH = 40
_EXACT = re.compile(r"[0-9a-fA-F]{64}")
_SHORTENED = re.compile(r"[0-9a-fA-F]{56,64}")
PDQ_FIELDS = ("pdq_hash", "pdq", "pdqhash", "hash_pdq")
_TYPED_FIELDS = ("indicator", "value", "signal", "hash", "content")  # hold a PDQ hash where a type beside them says so
_TYPES = {"hash_pdq", "pdq", "pdq_hash", "signal/pdq"}
_QUALITY_FIELDS = ("pdq_quality", "quality")
_DATE_FIELDS = ("dated_on_or_before", "date", "timestamp", "upload_date", "added_on", "created_at")
_FLAT_DATE = re.compile(r"(\d{4})-(\d\d)-(\d\d)(?:[T ].*)?")


class ListForm(StrEnum):
    """How a list is written."""

    PLAIN = "plain"
    CSV = "csv"
    JSON = "json"
    VPDQ = "vpdq"


@dataclass(frozen=True, slots=True, kw_only=True)
class _Found:
    bits: bytes
    quality: int | None = None
    latest: date | None = None


def form_of(text: str) -> ListForm:
    """What a text looks like. Raises Corrupt where it is none of the forms."""
    start = text.lstrip()[:1]
    if start in ("[", "{"):
        try:
            vpdq.read(text)
        except Corrupt:
            return ListForm.JSON
        return ListForm.VPDQ
    lines = [line.strip() for line in text.splitlines()[:50] if line.strip() and not line.startswith("#")]
    if lines and all(_EXACT.fullmatch(line) for line in lines):
        return ListForm.PLAIN
    if lines and all(re.fullmatch(r"\d+,\d+,[0-9a-fA-F]{64},[0-9.]+", line) for line in lines):
        return ListForm.VPDQ
    if lines and "," in lines[0]:
        return ListForm.CSV
    raise Corrupt("neither a list of PDQ hashes, CSV, JSON nor a vPDQ list")


def read(text: str, form: ListForm | None = None, *, latest: date | None = None) -> list[BankItem]:
    """The items of a list, each once, in its order. `latest`: what everything is dated by that bears no day itself.

    Raises Corrupt where there is no hash in it.
    """
    form = form or form_of(text)
    if form is ListForm.VPDQ:
        return [_clip(vpdq.read(text), latest)]
    readers = {ListForm.PLAIN: _plain, ListForm.CSV: _csv, ListForm.JSON: _json}
    found: dict[bytes, _Found] = {}
    for hash_ in readers[form](text):
        if len(found) >= MOST_HASHES:
            raise Corrupt("more hashes than a list may have")
        found.setdefault(hash_.bits, hash_)
    if not found:
        raise Corrupt("there is no PDQ hash in it")
    return [_picture(hash_, latest) for hash_ in found.values()]


def _picture(found: _Found, latest: date | None) -> BankItem:
    return BankItem(
        id=_identity(found.bits),
        kind=ItemKind.PICTURE,
        hashes=(BankHash(bits=found.bits, quality=found.quality),),
        latest=found.latest or latest,
    )


def _identity(content: bytes) -> str:
    """An id for what came without one; says nothing that the hash does not."""
    return "list-" + hashlib.sha256(content).hexdigest()[:16]


def _clip(frames: list[VpdqFrame], latest: date | None) -> BankItem:
    if not frames:
        raise Corrupt("there is no frame in it")
    ordered = sorted(frames, key=lambda frame: frame.seconds)
    ends = [frame.seconds for frame in ordered[1:]] + [ordered[-1].seconds]
    return BankItem(
        id=_identity(b"".join(frame.bits for frame in ordered)),
        kind=ItemKind.CLIP,
        hashes=tuple(
            BankHash(bits=frame.bits, quality=frame.quality, begin=frame.seconds, end=end)
            for frame, end in zip(ordered, ends, strict=True)
        ),
        latest=latest,
    )


def _plain(text: str) -> Iterator[_Found]:
    for number, line in enumerate(text.splitlines(), start=1):
        line = line.strip()
        if not line or line.startswith("#"):
            continue
        if not _EXACT.fullmatch(line):
            raise Corrupt(f"line {number} is no PDQ hash of 64 hexadecimal digits")
        yield _Found(bits=bytes.fromhex(line))


def _csv(text: str) -> Iterator[_Found]:
    csv.field_size_limit(1 << 20)
    try:
        for row in csv.DictReader(io.StringIO(text)):
            plain = {str(key).strip().lower(): str(value).strip() for key, value in row.items() if value is not None}
            found = _of_fields(plain)
            if found is not None:
                yield found
    except csv.Error as error:
        raise Corrupt(f"the CSV cannot be read: {error}") from None


def _json(text: str) -> Iterator[_Found]:
    try:
        documents = [json.loads(text)]
    except RecursionError:
        raise Corrupt("the JSON is nested too deeply") from None
    except ValueError:
        documents = _lines(text)
    for document in documents:
        yield from _walk(document, None, 0)


def _lines(text: str) -> list[object]:
    """JSON lines: one document a line."""
    try:
        return [json.loads(line) for line in text.splitlines() if line.strip()]
    except (ValueError, RecursionError):
        raise Corrupt("the JSON cannot be read") from None


def _walk(value: object, latest: date | None, depth: int) -> Iterator[_Found]:
    """Every object that bears a hash; a day stated by an object holds for what lies in it."""
    if depth > MOST_DEPTH:
        raise Corrupt("the JSON is nested too deeply")
    if isinstance(value, dict):
        plain = {
            str(key).lower(): str(item) for key, item in value.items() if isinstance(item, str | int | float)
        }  # fmt: skip
        own = _date(plain) or latest
        found = _of_fields(plain)
        if found is not None:
            yield _Found(bits=found.bits, quality=found.quality, latest=own)
        for item in value.values():
            if isinstance(item, dict | list):
                yield from _walk(item, own, depth + 1)
    elif isinstance(value, list):
        for item in value:
            if isinstance(item, str) and _EXACT.fullmatch(item):
                yield _Found(bits=bytes.fromhex(item), latest=latest)
            elif isinstance(item, dict | list):
                yield from _walk(item, latest, depth + 1)


def _of_fields(plain: Mapping[str, str]) -> _Found | None:
    digits = next((plain[name] for name in PDQ_FIELDS if _SHORTENED.fullmatch(plain.get(name, ""))), None)
    if digits is None:
        kinds = (plain.get("type", ""), plain.get("signal_type", ""), plain.get("indicator_type", ""))
        if any(kind.lower() in _TYPES for kind in kinds):
            digits = next((plain[name] for name in _TYPED_FIELDS if _EXACT.fullmatch(plain.get(name, ""))), None)
    if digits is None:
        return None
    quality = next(
        (int(plain[name]) for name in _QUALITY_FIELDS if re.fullmatch(r"\d{1,3}", plain.get(name, ""))), None
    )
    return _Found(
        bits=bytes.fromhex(digits.rjust(64, "0")),
        quality=quality if quality is not None and quality <= 100 else None,
        latest=_date(plain),
    )


def _date(plain: Mapping[str, str]) -> date | None:
    """The day that an object states, as ISO text; anything else is not guessed at."""
    for name in _DATE_FIELDS:
        parts = _FLAT_DATE.fullmatch(plain.get(name, ""))
        if parts:
            try:
                return date(int(parts[1]), int(parts[2]), int(parts[3]))
            except ValueError:
                continue
    return None


# ---------------------------------------------------------------- writing


def write(items: Iterable[BankItem], form: ListForm) -> str:
    """Items in the form that others read. Plain lists, CSV and JSON hold the whole pictures; vPDQ the one clip."""
    listed = list(items)
    if form is ListForm.VPDQ:
        clips = [item for item in listed if item.kind is ItemKind.CLIP]
        if len(clips) != 1:
            raise ValueError("a vPDQ list holds one clip: choose it with --item")
        frames = [
            VpdqFrame(bits=row.bits, quality=row.quality if row.quality is not None else 100, seconds=row.begin or 0.0)
            for row in clips[0].hashes
            if row.variant == 0
        ]
        return vpdq.write_text(frames)
    rows = [(item, row) for item in listed if item.kind is ItemKind.PICTURE for row in item.hashes if row.variant == 0]
    if form is ListForm.PLAIN:
        return "".join(f"{row.bits.hex()}\n" for _, row in rows)
    plain = [
        {
            "id": item.id,
            "pdq_hash": row.bits.hex(),
            "pdq_quality": row.quality,
            "dated_on_or_before": item.latest.isoformat() if item.latest else None,
        }
        for item, row in rows
    ]
    if form is ListForm.JSON:
        return json.dumps(plain, indent=1) + "\n"
    stream = io.StringIO()
    writer = csv.DictWriter(stream, ["id", "pdq_hash", "pdq_quality", "dated_on_or_before"], lineterminator="\n")
    writer.writeheader()
    writer.writerows(plain)
    return stream.getvalue()
