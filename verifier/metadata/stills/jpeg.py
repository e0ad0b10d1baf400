"""How a JPEG is built (ITU-T T.81): tables, sampling, markers in their order, and what follows its end.

Structure tells which software wrote a file last better than tags do, because tags are copied and tables are not. What
follows the end marker is named: the video of a motion photo, further pictures (MPF), an appended archive, plain bytes.
"""

from __future__ import annotations

import struct
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import BinaryIO

from verifier.errors import Corrupt
from verifier.instruments import Analyser, Parameters, Source
from verifier.media.structure.segments import COM, DQT, DRI, EOI, FRAMES, SOS, Segment, end_of_image, segments
from verifier.metadata.stills.quantisation import Table, tables
from verifier.records import Exhibit, Kind, Reading, Record, Scalar

MOST_COMMENTS = 20
MOST_COMMENT_BYTES = 1000
MOST_MARKERS = 60
MOST_SCANS = 1000
_SAMPLING: dict[tuple[tuple[int, int], ...], str] = {
    ((1, 1), (1, 1), (1, 1)): "4:4:4", ((2, 1), (1, 1), (1, 1)): "4:2:2", ((2, 2), (1, 1), (1, 1)): "4:2:0",
    ((4, 1), (1, 1), (1, 1)): "4:1:1", ((1, 2), (1, 1), (1, 1)): "4:4:0",
}  # fmt: skip
_TRAILERS = (
    (4, b"ftyp", "ISO base media (the video of a motion photo)"),
    (0, b"\xff\xd8\xff", "JPEG picture"),
    (0, b"PK\x03\x04", "ZIP archive"),
    (0, b"Rar!", "RAR archive"),
    (0, b"7z\xbc\xaf", "7-Zip archive"),
    (0, b"%PDF", "PDF"),
    (0, b"\x89PNG", "PNG picture"),
    (0, b"RIFF", "RIFF"),
    (0, b"\x00\x00\x00\x00", "zeros"),
)


@dataclass(slots=True)
class _Structure:
    order: list[str] = field(default_factory=list)
    tables: dict[int, Table] = field(default_factory=dict)
    frame: Segment | None = None
    scans: int = 0
    end: int | None = None
    pictures: int = 0  # of the MPF index


def analyse(exhibit: Exhibit, source: Source, parameters: Parameters) -> Iterator[Record]:
    """Readings of the structure. Raises Corrupt where the file breaks off; what came before is kept."""
    found = _Structure()
    cut: Segment | None = None
    comments = 0
    with source.open() as stream:
        for segment in _walk(stream, source.size, found):
            cut = segment if segment.is_cut else None
            if segment.marker == COM:
                comments += 1
                if comments > MOST_COMMENTS:
                    continue
            for key, value in _said(segment, found):
                yield Reading(key=f"jpeg:{key}", value=value, location=f"{segment.name} at byte {segment.offset}")
        yield from _summary(found)
        if found.end is not None and found.end < source.size:
            yield from _trailing(stream, found, source.size)
    if cut is not None:
        raise Corrupt(f"the file ends inside {cut.name} at byte {cut.offset}")
    if found.frame is None:
        raise Corrupt("no frame header")
    if found.end is None:
        raise Corrupt("the file ends before the end marker")


def _walk(stream: BinaryIO, size: int, found: _Structure) -> Iterator[Segment]:
    """Segments to the end of the picture. A sequential picture of one scan has nothing but its end behind that scan."""
    start = 0
    while True:
        last = None
        for segment in segments(stream, size, start, resumed=start > 0):
            last = segment
            if len(found.order) <= MOST_MARKERS and (not found.order or found.order[-1] != segment.name):
                found.order.append(segment.name)
            if segment.marker == EOI:
                found.end = segment.offset + 2
            yield segment
        if last is None or last.marker != SOS or last.is_cut:
            return
        found.scans += 1
        if found.scans > MOST_SCANS:
            raise Corrupt(f"more than {MOST_SCANS} scans")
        start = last.offset + 4 + last.length
        if _is_whole(last, found):
            end = end_of_image(stream, start, size)
            if end is not None:
                found.order.append("EOI")
                found.end = end + 2
            return


def _is_whole(scan: Segment, found: _Structure) -> bool:
    sequential = found.frame is not None and found.frame.marker in (0xC0, 0xC1, 0xC9)
    components = found.frame.payload[5] if found.frame is not None and len(found.frame.payload) > 5 else 0
    return sequential and bool(scan.payload) and scan.payload[0] == components


def _said(segment: Segment, found: _Structure) -> Iterator[tuple[str, Scalar]]:
    payload = segment.payload
    if segment.marker == DQT:
        for table in tables(payload):
            found.tables.setdefault(table.number, table)
    elif segment.marker in FRAMES and found.frame is None and len(payload) >= 6:
        found.frame = segment
        yield from _frame(segment)
    elif segment.marker == DRI and len(payload) >= 2:
        yield "restart_interval", int.from_bytes(payload[:2], "big")
    elif segment.marker == COM:
        yield "comment", payload[:MOST_COMMENT_BYTES].rstrip(b"\x00").decode("utf-8", "replace")
    elif segment.marker == 0xE0 and payload.startswith(b"JFIF\x00") and len(payload) >= 14:
        units, across, down = struct.unpack_from(">BHH", payload, 7)
        yield "jfif", f"{payload[5]}.{payload[6]:02d}"
        unit = {0: "aspect", 1: "per inch", 2: "per centimetre"}.get(units, f"unit {units}")
        yield "jfif.density", f"{across}x{down} {unit}"
    elif segment.marker == 0xEE and payload.startswith(b"Adobe") and len(payload) >= 12:
        yield "adobe_app14", f"version {int.from_bytes(payload[5:7], 'big')}, transform {payload[11]}"
    elif segment.marker == 0xE2 and payload.startswith(b"MPF\x00"):
        found.pictures = _mpf_pictures(payload[4:])
        yield "mpf", found.pictures
    elif segment.marker == 0xEB and payload[:2] == b"JP":
        yield "jumbf", segment.length


def _frame(segment: Segment) -> Iterator[tuple[str, Scalar]]:
    precision, height, width, count = struct.unpack_from(">BHHB", segment.payload)
    yield "frame", segment.name
    yield "progressive", segment.marker in (0xC2, 0xC6, 0xCA, 0xCE)
    yield "precision", precision
    yield "width", width
    yield "height", height
    parts = [segment.payload[6 + 3 * index : 9 + 3 * index] for index in range(count)]
    factors = tuple((part[1] >> 4, part[1] & 15) for part in parts if len(part) == 3)
    yield "components", count
    spelled = ", ".join(f"{across}x{down}" for across, down in factors)
    yield "subsampling", _SAMPLING.get(factors[:3], spelled) if count == 3 else spelled


def _mpf_pictures(block: bytes) -> int:
    """Number of pictures in a Multi-Picture Format index (CIPA DC-007): tag 0xB001 of its only directory."""
    order = {b"II": "<", b"MM": ">"}.get(block[:2])
    if order is None or len(block) < 10:
        return 0
    (start,) = struct.unpack_from(order + "I", block, 4)
    if start + 2 > len(block):
        return 0
    (count,) = struct.unpack_from(order + "H", block, start)
    for number in range(min(count, 64)):
        at = start + 2 + 12 * number
        if at + 12 > len(block):
            return 0
        tag, _, _, value = struct.unpack_from(order + "HHII", block, at)
        if tag == 0xB001:
            return int(value)
    return 0


def _summary(found: _Structure) -> Iterator[Reading]:
    order = " ".join(found.order[:MOST_MARKERS]) + (" …" if len(found.order) > MOST_MARKERS else "")
    yield Reading(key="jpeg:marker_order", value=order, location="markers")
    yield Reading(key="jpeg:scans", value=found.scans, location="SOS")
    yield Reading(key="jpeg:quantisation.tables", value=len(found.tables), location="DQT")
    for number, table in sorted(found.tables.items())[:4]:
        name = {0: "luma", 1: "chroma"}.get(number, str(number))
        quality = table.quality()
        yield Reading(key=f"jpeg:quantisation.{name}.digest", value=table.digest, location=f"DQT table {number}")
        yield Reading(
            key=f"jpeg:quantisation.{name}.standard", value=quality is not None, location=f"DQT table {number}"
        )
        if quality is not None:
            yield Reading(key=f"jpeg:quantisation.{name}.quality", value=quality, location=f"DQT table {number}")


def _trailing(stream: BinaryIO, found: _Structure, size: int) -> Iterator[Reading]:
    assert found.end is not None  # noqa: S101 - the caller asks only then
    stream.seek(found.end)
    head = stream.read(64)
    place = f"byte {found.end}"
    kind = next((name for at, sign, name in _TRAILERS if head[at : at + len(sign)] == sign), "other bytes")
    if found.pictures > 1 and kind in ("JPEG picture", "zeros"):
        kind = "pictures of the MPF index"
    stream.seek(max(found.end, size - 8))
    if kind == "other bytes" and stream.read(8)[-4:] == b"SEFT":
        kind = "Samsung trailer"
    yield Reading(key="jpeg:trailing_bytes", value=size - found.end, location=place)
    yield Reading(key="jpeg:trailing_kind", value=kind, location=place)


ANALYSER = Analyser(
    name="jpeg", version=1, accepts=frozenset({Kind.PHOTO}), analyse=analyse, media_types=frozenset({"image/jpeg"})
)
