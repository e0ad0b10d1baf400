"""What the header of a Windows Media file says: creation date, length, size, content description (ASF 1.2)."""

from __future__ import annotations

import struct
from collections.abc import Iterator

from verifier.errors import Corrupt
from verifier.instruments import Analyser, Limits, Parameters, Source
from verifier.metadata.moments import from_unix
from verifier.records import Exhibit, Kind, Reading, Record

MOST_OBJECTS = 512
MOST_DESCRIPTORS = 256
LARGEST_HEADER = 4 << 20
_1601 = 11_644_473_600  # seconds from 1601-01-01 to 1970-01-01
_FILE = bytes.fromhex("a1dcab8c47a9cf118ee400c00c205365")
_STREAM = bytes.fromhex("9107dcb7b7a9cf118ee600c00c205365")
_CONTENT = bytes.fromhex("3326b2758e66cf11a6d900aa0062ce6c")
_EXTENDED = bytes.fromhex("40a4d0d207e3d21197f000a0c95ea850")
_VIDEO = bytes.fromhex("c0ef19bc4d5bcf11a8fd00805f5c442b")
_CODECS = {
    "WMV1": "wmv1", "WMV2": "wmv2", "WMV3": "wmv3", "WVC1": "vc1", "MP43": "msmpeg4v3", "MP42": "msmpeg4v2",
    "MPG4": "msmpeg4v1", "MP4S": "mpeg4", "M4S2": "mpeg4", "H264": "h264", "MSS2": "mss2", "MSS1": "mss1",
}  # fmt: skip


def analyse(exhibit: Exhibit, source: Source, parameters: Parameters) -> Iterator[Record]:
    """Readings `asf:*`. Raises Corrupt where the header object is cut before its first part."""
    with source.open() as stream:
        size = int.from_bytes(source.head[16:24], "little")
        header = stream.read(min(max(size, 0), LARGEST_HEADER))
    parts = list(_objects(header))
    if not parts:
        raise Corrupt("the header holds no object")
    for name, body in parts:
        if name == _FILE and len(body) >= 64:
            yield from _file(body)
        elif name == _STREAM and body[:16] == _VIDEO:
            yield from _video(body)
        elif name == _CONTENT:
            yield from _content(body)
        elif name == _EXTENDED:
            yield from _extended(body)


def _objects(header: bytes) -> Iterator[tuple[bytes, bytes]]:
    at = 30
    for _ in range(MOST_OBJECTS):
        if at + 24 > len(header):
            return
        size = int.from_bytes(header[at + 16 : at + 24], "little")
        if size < 24:
            return
        yield header[at : at + 16], header[at + 24 : at + size]
        at += size


def _file(body: bytes) -> Iterator[Reading]:
    (created,) = struct.unpack_from("<Q", body, 24)
    play, _, preroll = struct.unpack_from("<QQQ", body, 40)
    where = "header/file properties"
    if created:
        text = f"{created} × 100 nanoseconds since 1601"
        moment = from_unix(created // 10_000_000 - _1601, text)
        yield Reading(key="asf:CreationDate", value=moment or text, location=where)
    seconds = play / 1e7 - preroll / 1e3
    if 0 < seconds < 366 * 86400:
        yield Reading(key="asf:duration_s", value=round(seconds, 3), location=where)


def _video(body: bytes) -> Iterator[Reading]:
    if len(body) < 54 + 8:
        return
    width, height = struct.unpack_from("<II", body, 54)
    if 0 < width < 1 << 16 and 0 < height < 1 << 16:
        yield Reading(key="asf:width", value=width, location="header/stream properties")
        yield Reading(key="asf:height", value=height, location="header/stream properties")
    codec = body[54 + 27 : 54 + 31].decode("latin-1")
    if codec.upper() in _CODECS:
        yield Reading(key="asf:video_codec", value=_CODECS[codec.upper()], location="header/stream properties")


def _text(raw: bytes) -> str:
    return raw.decode("utf-16-le", "backslashreplace").split("\x00")[0].strip()[:4096]


def _content(body: bytes) -> Iterator[Reading]:
    if len(body) < 10:
        return
    at = 10
    names = ("Title", "Author", "Copyright", "Description", "Rating")
    for name, length in zip(names, struct.unpack_from("<5H", body), strict=True):
        text = _text(body[at : at + length])
        at += length
        if text:
            yield Reading(key=f"asf:{name}", value=text, location="header/content description")


def _extended(body: bytes) -> Iterator[Reading]:
    at = 2
    for _ in range(min(int.from_bytes(body[:2], "little"), MOST_DESCRIPTORS)):
        length = int.from_bytes(body[at : at + 2], "little")
        name = _text(body[at + 2 : at + 2 + length])
        at += 2 + length
        kind, size = int.from_bytes(body[at : at + 2], "little"), int.from_bytes(body[at + 2 : at + 4], "little")
        raw = body[at + 4 : at + 4 + size]
        at += 4 + size
        if at > len(body):
            return
        value = _text(raw) if kind == 0 else int.from_bytes(raw, "little") if kind in (2, 3, 4, 5) and raw else None
        if name and value not in (None, ""):
            yield Reading(key=f"asf:{name[:128]}", value=value, location="header/extended content description")


ANALYSER = Analyser(
    name="asf",
    version=1,
    accepts=frozenset({Kind.VIDEO, Kind.AUDIO}),
    media_types=frozenset({"video/x-ms-asf", "audio/x-ms-wma"}),
    analyse=analyse,
    limits=Limits(seconds=10.0, seconds_per_megabyte=0.01, memory_bytes=512 << 20),
)
