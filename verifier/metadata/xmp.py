"""XMP (ISO 16684): every property of every packet, with its history, ids and stated source.

Keys: `xmp:<name>` for the XMP namespace itself, `xmp:<prefix>:<path>` for every other. A packet that was split over
JPEG segments is put together by its digest. `xmp:problem` tells what could not be read.
"""

from __future__ import annotations

import re
import struct
from collections.abc import Iterable, Iterator

from verifier.errors import Corrupt
from verifier.instruments import Analyser, Parameters, Source
from verifier.media.structure.block import XMP, XMP_EXTENSION, Block
from verifier.media.structure.blocks import blocks, scan
from verifier.metadata.dates import iso_moment
from verifier.metadata.gps import HIGHEST_METRES, LOWEST_METRES, PLACEHOLDER, is_network, is_void
from verifier.metadata.rdf import Packet, read_rdf
from verifier.records import Exhibit, Kind, Reading, Record

MOST_EXTENSION_BYTES = 8 << 20
MOST_PACKETS = 8

_COORDINATE = re.compile(
    r"\s*(\d{1,3})(?:[,;: ]+(\d{1,2}(?:\.\d+)?)(?:[,;: ]+(\d{1,2}(?:\.\d+)?))?|(\.\d+))?\s*([NSEWnsew])\s*"
)
_DECIMAL = re.compile(r"\s*([+-]?\d{1,3}(?:\.\d+)?)\s*")
_RATIONAL = re.compile(r"\s*(-?\d+)\s*/\s*(\d+)\s*")


def analyse(exhibit: Exhibit, source: Source, parameters: Parameters) -> Iterator[Record]:
    """Readings of every packet. Raises Corrupt where a packet breaks off; what came before is kept."""
    found = [block for block in blocks(source, exhibit.media_type) if block.kind in (XMP, XMP_EXTENSION)]
    if not found and exhibit.media_type in _SCANNED:
        found = [block for block in scan(source) if block.kind == XMP]
    flaws = []
    for block in [block for block in found if block.kind == XMP][:MOST_PACKETS]:
        packet = read_rdf(block.content)
        yield from readings(packet, block.place)
        flaws += [packet.flaw] if packet.flaw else []
    for place, content in list(_extensions(found))[:MOST_PACKETS]:
        packet = read_rdf(content)
        yield from readings(packet, place)
        flaws += [packet.flaw] if packet.flaw else []
    if flaws:
        raise Corrupt(f"an XMP packet cannot be read to its end: {flaws[0]}")


_SCANNED = frozenset({"image/x-sigma-x3f"})


def readings(packet: Packet, place: str) -> Iterator[Reading]:
    """Readings of one packet; dates to the second become Moments, the position is derived where it is whole."""
    first: dict[str, str] = {}
    for path, value in packet.properties:
        key = f"xmp:{path.removeprefix('xmp:')}"
        moment = iso_moment(value) if value[4:5] == "-" else None
        yield Reading(key=key, value=moment or value, location=place)
        first.setdefault(path, value)
    yield from _position(first, place)
    yield from _drone(first, place)
    if packet.flaw:
        yield Reading(key="xmp:problem", value=packet.flaw, location=place)


def _position(said: dict[str, str], place: str) -> Iterator[Reading]:
    if "exif:GPSLatitude" not in said or "exif:GPSLongitude" not in said:
        return
    latitude = coordinate(said["exif:GPSLatitude"], said.get("exif:GPSLatitudeRef", ""), "NS", 90.0)
    longitude = coordinate(said["exif:GPSLongitude"], said.get("exif:GPSLongitudeRef", ""), "EW", 180.0)
    texts = {path.removeprefix("exif:"): value for path, value in said.items() if path.startswith("exif:GPS")}
    problem, withheld = None, ""
    if latitude is None or longitude is None:
        problem, withheld = "exif:GPSLatitude and exif:GPSLongitude are no place on Earth", "no_place"
    elif latitude == 0.0 and longitude == 0.0:
        problem, withheld = PLACEHOLDER, "placeholder"
    elif is_void(texts):
        problem, withheld = "exif:GPSStatus is V: the receiver had no valid measurement", "no_fix"
    elif is_network(texts):
        problem, withheld = "the position is that of a network or radio cell", "network"
    if problem is not None:
        yield Reading(key="xmp:problem", value=problem, location=place)
        yield Reading(key="xmp:GPSPosition.withheld", value=withheld, location=place)
        return
    yield Reading(key="xmp:GPSPosition.latitude", value=latitude, location=place)
    yield Reading(key="xmp:GPSPosition.longitude", value=longitude, location=place)
    metres = number(said.get("exif:GPSAltitude", ""))
    if metres is not None and LOWEST_METRES <= metres <= HIGHEST_METRES:
        below = said.get("exif:GPSAltitudeRef", "0").strip() in ("1", "3")
        yield Reading(key="xmp:GPSPosition.altitude_m", value=-abs(metres) if below else metres, location=place)


def _drone(said: dict[str, str], place: str) -> Iterator[Reading]:
    """DJI's own position of the aircraft; its early models spell the longitude "GpsLongtitude"."""
    latitude = number(said.get("drone-dji:GpsLatitude", said.get("drone-dji:Latitude", "")))
    longitude = number(
        said.get("drone-dji:GpsLongitude", said.get("drone-dji:GpsLongtitude", said.get("drone-dji:Longitude", "")))
    )
    if latitude is None or longitude is None or abs(latitude) > 90 or abs(longitude) > 180:
        return
    if latitude == 0 and longitude == 0:
        return
    yield Reading(key="xmp:drone-dji:position.latitude", value=latitude, location=place)
    yield Reading(key="xmp:drone-dji:position.longitude", value=longitude, location=place)
    metres = number(said.get("drone-dji:AbsoluteAltitude", ""))
    if metres is not None and LOWEST_METRES <= metres <= HIGHEST_METRES:
        yield Reading(key="xmp:drone-dji:position.altitude_m", value=metres, location=place)


def coordinate(text: str, reference: str, letters: str, most: float) -> float | None:
    """Degrees of `50,2.86N`, `50,2,51N`, `50.0477N`, or a plain decimal with or without a reference of its own."""
    found = _COORDINATE.fullmatch(text)
    if found is not None:
        whole, minutes, seconds, fraction, letter = found.groups()
        if float(minutes or 0) >= 60 or float(seconds or 0) >= 60:
            return None
        degrees = float(whole + (fraction or "")) + float(minutes or 0) / 60 + float(seconds or 0) / 3600
        letter = letter.upper()
    else:
        plain = _DECIMAL.fullmatch(text)
        if plain is None:
            return None
        degrees, letter = float(plain.group(1)), reference.strip()[:1].upper() or letters[0]
        if degrees < 0 and reference.strip() and letter == letters[0]:
            return None  # two signs that deny each other
    if letter not in letters:
        return None
    if letter == letters[1]:
        degrees = -abs(degrees)
    return degrees if abs(degrees) <= most else None


def number(text: str) -> float | None:
    """A decimal or a rational; None for a zero denominator and everything else."""
    found = _RATIONAL.fullmatch(text)
    if found is not None:
        numerator, denominator = int(found.group(1)[:20]), int(found.group(2)[:20])
        return numerator / denominator if denominator else None
    return float(text) if re.fullmatch(r"\s*[+-]?\d{1,12}(\.\d{1,20})?\s*", text) else None


def _extensions(found: Iterable[Block]) -> Iterator[tuple[str, bytes]]:
    """Packets of JPEG's extended XMP, put together from their pieces: digest (32), length (4), offset (4), bytes."""
    parts: dict[bytes, list[tuple[int, bytes]]] = {}
    for block in found:
        if block.kind != XMP_EXTENSION or len(block.content) < 40:
            continue
        length, offset = struct.unpack_from(">II", block.content, 32)
        if offset + len(block.content) - 40 <= min(length, MOST_EXTENSION_BYTES):
            parts.setdefault(block.content[:32], []).append((offset, block.content[40:]))
    for digest, pieces in parts.items():
        content = bytearray()
        for offset, piece in sorted(pieces):
            if offset == len(content):
                content += piece
        yield f"extended XMP {digest.decode('ascii', 'replace')}", bytes(content)


ANALYSER = Analyser(name="xmp", version=2, accepts=frozenset({Kind.PHOTO, Kind.VIDEO, Kind.AUDIO}), analyse=analyse)
