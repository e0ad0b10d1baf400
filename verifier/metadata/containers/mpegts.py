"""Dates, zone, maker and position that AVCHD camcorders write into the pictures (SEI "MDPM"), found in MPEG-TS."""

from __future__ import annotations

from collections.abc import Iterator

from verifier.errors import Corrupt
from verifier.instruments import Analyser, Limits, Parameters, Source
from verifier.media.structure.elementary import in_step
from verifier.metadata.containers.sei import encoder_settings
from verifier.metadata.moments import build
from verifier.records import Exhibit, Kind, Reading, Record

LOOKED_AT = 4 << 20  # bytes: the first pictures
MOST_PIDS = 64
MOST_ENTRIES = 255
_UUID = bytes.fromhex("17ee8c60f84d11d98cd60800200c9a66") + b"MDPM"
# Exif-like maker codes of AVCHD, as ExifTool documents them.
_MAKERS = {0x0103: "Panasonic", 0x0108: "Sony", 0x1011: "Canon", 0x1104: "JVC"}
WHERE = "MDPM in the first pictures"


def analyse(exhibit: Exhibit, source: Source, parameters: Parameters) -> Iterator[Record]:
    """Readings of the first MDPM block and the encoder's settings. Raises Corrupt where no packet is in step."""
    with source.open() as stream:
        head = stream.read(LOOKED_AT)
    shape = in_step(head)
    if shape is None:
        raise Corrupt("transport packets are out of step")
    packet, offset, start = shape
    if start:
        yield Reading(key="mpegts:leading_bytes", value=start, location="before the first whole packet")
    head = head[start:]
    dated = told = False
    for payload in _payloads(head, packet, offset):
        found = payload.find(_UUID)
        if found >= 0 and not dated:
            dated = True
            yield from _readings(_entries(_without_emulation(payload[found + len(_UUID) : found + 2048])))
        settings = None if told else encoder_settings(payload)
        if settings:
            told = True
            yield Reading(key="sei:encoder", value=settings, location="first 64 KiB of pictures")


def _payloads(head: bytes, packet: int, offset: int) -> Iterator[bytes]:
    """What each elementary stream carries, packets put together."""
    streams: dict[int, bytearray] = {}
    for at in range(offset, len(head) - 187, packet):
        if head[at] != 0x47:
            continue
        pid = (head[at + 1] & 0x1F) << 8 | head[at + 2]
        control = head[at + 3] >> 4 & 3
        start = at + 4 + (1 + head[at + 4] if control & 2 else 0)
        if control & 1 and (pid in streams or len(streams) < MOST_PIDS):
            streams.setdefault(pid, bytearray()).extend(head[start : at + 188])
    yield from (bytes(content) for content in streams.values())


def _without_emulation(raw: bytes) -> bytes:
    """Take out the 03 that H.264 puts into 00 00 03 (7.4.1)."""
    return raw.replace(b"\x00\x00\x03", b"\x00\x00")


def _entries(body: bytes) -> dict[int, bytes]:
    count = body[0] if body else 0
    found: dict[int, bytes] = {}
    for index in range(min(count, MOST_ENTRIES, (len(body) - 1) // 5)):
        at = 1 + index * 5
        found.setdefault(body[at], body[at + 1 : at + 5])
    return found


def _readings(entries: dict[int, bytes]) -> Iterator[Reading]:
    if 0x18 in entries and 0x19 in entries:
        yield from _date(entries[0x18], entries[0x19])
    maker = int.from_bytes(entries.get(0xE0, b"")[:2], "big")
    if maker in _MAKERS:
        yield Reading(key="h264:MDPM.make", value=_MAKERS[maker], location=WHERE)
    model = b"".join(entries.get(tag, b"") for tag in (0xE4, 0xE5, 0xE6)).split(b"\x00")[0]
    if model and model.isascii() and model.decode().isprintable():
        yield Reading(key="h264:MDPM.model", value=model.decode().strip(), location=WHERE)
    for name, reference, first, most in (("latitude", 0xB1, 0xB2, 90), ("longitude", 0xB5, 0xB6, 180)):
        degrees = _degrees(entries, reference, first)
        if degrees is not None and abs(degrees) <= most:
            yield Reading(key=f"h264:MDPM.{name}", value=degrees, location=WHERE)


def _date(first: bytes, second: bytes) -> Iterator[Reading]:
    """Zone byte, then year, month, day, hour, minute, second in binary-coded decimal."""
    zone, digits = first[0], (first[1:] + second).hex()
    if not digits.isdigit():
        return
    wall = f"{digits[:4]}-{digits[4:6]}-{digits[6:8]}T{digits[8:10]}:{digits[10:12]}:{digits[12:14]}"
    sign = "-" if zone & 0x20 else "+"
    stated = None if zone == 0xFF else f"{sign}{zone >> 1 & 0x0F:02d}:{'30' if zone & 1 else '00'}"
    moment = build(f"{first.hex()} {second.hex()}", wall, stated)
    value = moment or f"{first.hex()} {second.hex()}"
    yield Reading(key="h264:MDPM.DateTimeOriginal", value=value, location=WHERE)
    if stated is not None and zone & 0x40:
        yield Reading(key="h264:MDPM.daylight_saving", value=True, location=WHERE)


def _degrees(entries: dict[int, bytes], reference: int, first: int) -> float | None:
    """Degrees, minutes and seconds as three fractions of two 16-bit numbers."""
    letter = entries.get(reference, b"")[:1]
    parts = [entries.get(first + index, b"") for index in range(3)]
    if letter not in (b"N", b"S", b"E", b"W") or any(len(part) != 4 for part in parts):
        return None
    total = 0.0
    for part, unit in zip(parts, (1, 60, 3600), strict=True):
        over, under = int.from_bytes(part[:2], "big"), int.from_bytes(part[2:], "big")
        if not under:
            return None
        total += over / under / unit
    return round(-total if letter in (b"S", b"W") else total, 7)


ANALYSER = Analyser(
    name="mpegts",
    version=2,
    accepts=frozenset({Kind.VIDEO}),
    media_types=frozenset({"video/mp2t"}),
    analyse=analyse,
    limits=Limits(seconds=10.0, seconds_per_megabyte=0.01, memory_bytes=512 << 20),
)
