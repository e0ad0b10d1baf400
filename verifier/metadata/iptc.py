"""IPTC IIM (version 4.2, records 1 and 2) as press software and Facebook write it; dates become Moments.

Keys: `iptc:<dataset>`, repeated for repeatable datasets. Text is UTF-8 where the block says so or where it fits, else
Latin-1.
"""

from __future__ import annotations

import re
import struct
from collections.abc import Iterator

from verifier.errors import Corrupt
from verifier.instruments import Analyser, Parameters, Source
from verifier.media.structure.block import IPTC
from verifier.media.structure.blocks import blocks
from verifier.metadata.dates import exif_moment
from verifier.records import Exhibit, Kind, Moment, Reading, Record

MOST_DATASETS = 2000
MOST_TEXT_BYTES = 2000

_NAMES = {
    (1, 0): "EnvelopeRecordVersion", (1, 5): "Destination", (1, 20): "FileFormat", (1, 30): "ServiceIdentifier",
    (1, 40): "EnvelopeNumber", (1, 50): "ProductID", (1, 70): "DateSent", (1, 80): "TimeSent",
    (1, 90): "CodedCharacterSet", (1, 100): "UniqueObjectName",
    (2, 0): "ApplicationRecordVersion", (2, 3): "ObjectTypeReference", (2, 5): "ObjectName", (2, 7): "EditStatus",
    (2, 10): "Urgency", (2, 12): "SubjectReference", (2, 15): "Category", (2, 20): "SupplementalCategories",
    (2, 22): "FixtureIdentifier", (2, 25): "Keywords", (2, 26): "ContentLocationCode",
    (2, 27): "ContentLocationName", (2, 30): "ReleaseDate", (2, 35): "ReleaseTime", (2, 37): "ExpirationDate",
    (2, 38): "ExpirationTime", (2, 40): "SpecialInstructions", (2, 47): "ReferenceDate", (2, 55): "DateCreated",
    (2, 60): "TimeCreated", (2, 62): "DigitalCreationDate", (2, 63): "DigitalCreationTime",
    (2, 65): "OriginatingProgram", (2, 70): "ProgramVersion", (2, 75): "ObjectCycle", (2, 80): "By-line",
    (2, 85): "By-lineTitle", (2, 90): "City", (2, 92): "Sub-location", (2, 95): "Province-State",
    (2, 100): "Country-PrimaryLocationCode", (2, 101): "Country-PrimaryLocationName",
    (2, 103): "OriginalTransmissionReference", (2, 105): "Headline", (2, 110): "Credit", (2, 115): "Source",
    (2, 116): "CopyrightNotice", (2, 118): "Contact", (2, 120): "Caption-Abstract", (2, 122): "Writer-Editor",
    (2, 184): "JobID", (2, 187): "DocumentHistory", (2, 188): "ExifCameraInfo",
}  # fmt: skip
_NUMERIC = frozenset({(1, 0), (1, 20), (2, 0)})
_MOMENTS = {
    "DateTimeCreated": ("DateCreated", "TimeCreated"),
    "DateTimeDigitized": ("DigitalCreationDate", "DigitalCreationTime"),
}
_DATE = re.compile(r"(\d{4})[:\-/]?(\d\d)[:\-/]?(\d\d)")
_TIME = re.compile(r"(\d\d):?(\d\d):?(\d\d)\s*([+-]\d\d:?\d\d)?")


def analyse(exhibit: Exhibit, source: Source, parameters: Parameters) -> Iterator[Record]:
    """Readings of every IPTC block. Raises Corrupt where a block breaks its own rules; what came before is kept."""
    flaw = None
    for block in blocks(source, exhibit.media_type):
        if block.kind != IPTC:
            continue
        said: dict[str, str] = {}
        utf8 = b"\x1c\x01\x5a\x00\x03\x1b%G" in block.content[:512]
        for record, number, data in datasets(block.content):
            if record < 0:
                flaw = "a dataset is cut off"
                break
            name = _NAMES.get((record, number), f"{record}:{number:03d}")
            place = f"dataset {record}:{number:03d}, {block.place}"
            value = _value(record, number, data, utf8=utf8)
            if isinstance(value, str):
                said.setdefault(name, value)
            yield Reading(key=f"iptc:{name}", value=value, location=place)
        for name, (date, time) in _MOMENTS.items():
            moment = iptc_moment(said.get(date, ""), said.get(time, ""))
            if moment is not None:
                yield Reading(key=f"iptc:{name}", value=moment, location=f"{date} with {time}, {block.place}")
    if flaw is not None:
        raise Corrupt(f"an IPTC block cannot be read to its end: {flaw}")


def datasets(content: bytes) -> Iterator[tuple[int, int, bytes]]:
    """(record, dataset, data); (-1, 0, b"") once where a dataset reaches beyond the block."""
    at = 0
    for _ in range(MOST_DATASETS):
        if at + 5 > len(content) or content[at] != 0x1C:
            return
        record, number, length = struct.unpack_from(">BBH", content, at + 1)
        at += 5
        if length & 0x8000:
            width = length & 0x7FFF
            if width > 4 or at + width > len(content):
                yield -1, 0, b""
                return
            length = int.from_bytes(content[at : at + width], "big")
            at += width
        if at + length > len(content):
            yield -1, 0, b""
            return
        yield record, number, content[at : at + length]
        at += length


def _value(record: int, number: int, data: bytes, *, utf8: bool) -> str | int:
    if (record, number) in _NUMERIC and len(data) == 2:
        return int.from_bytes(data, "big")
    if (record, number) == (1, 90):
        return "UTF-8" if data == b"\x1b%G" else data.hex()
    if (record, number) not in _NAMES and any(byte < 9 for byte in data):
        return data.hex() if len(data) <= 16 else f"binary, {len(data)} bytes"
    shown = data[:MOST_TEXT_BYTES]
    try:
        text = shown.decode("utf-8")
    except UnicodeDecodeError:
        text = shown.decode("utf-8", "replace") if utf8 else shown.decode("latin-1")
    return text.rstrip("\x00") + (f" … ({len(data)} bytes)" if len(data) > MOST_TEXT_BYTES else "")


def iptc_moment(date: str, time: str) -> Moment | None:
    """A Moment of `CCYYMMDD` and `HHMMSS±HHMM`; None where either is missing or impossible."""
    day, clock = _DATE.fullmatch(date.strip()), _TIME.fullmatch(time.strip())
    if day is None or clock is None:
        return None
    year, month, number = day.groups()
    hour, minute, second, zone = clock.groups()
    moment = exif_moment(f"{year}:{month}:{number} {hour}:{minute}:{second}", offset=zone)
    if moment is None:
        return None
    return Moment(text=f"{date} {time}", wall=moment.wall, zone=moment.zone, offset_minutes=moment.offset_minutes)


ANALYSER = Analyser(name="iptc", version=1, accepts=frozenset({Kind.PHOTO}), analyse=analyse)
