"""Positions that Android's CAMM and Apple's timed metadata keep beside the pictures of a recording.

CAMM: Google's Camera Motion Metadata, packets of little-endian numbers. Apple: tracks `mebx`, whose description names
the keys that its samples hold (QuickTime file format, "Timed Metadata").
"""

from __future__ import annotations

import math
import re
import struct
from collections.abc import Iterator

from verifier.instruments import Analyser, Limits, Parameters, Source
from verifier.metadata.containers import movie
from verifier.metadata.containers.isobmff import Bytes, walk
from verifier.metadata.containers.samples import samples
from verifier.metadata.containers.tracks import Fix, is_possible, told
from verifier.records import Exhibit, Kind, Reading, Record

MOST_SAMPLE_BYTES = 1 << 16
MOST_KEYS = 64
MOST_TRACKS = 64
_LENGTHS = {0: 12, 1: 8, 2: 12, 3: 12, 4: 12, 5: 24, 6: 56, 7: 12}  # bytes of each kind of CAMM packet
_LOCATION = "com.apple.quicktime.location.ISO6709"
_ISO6709 = re.compile(r"([+-]\d{1,2}(?:\.\d+)?)([+-]\d{1,3}(?:\.\d+)?)([+-]\d{1,6}(?:\.\d+)?)?.*")


def analyse(exhibit: Exhibit, source: Source, parameters: Parameters) -> Iterator[Record]:
    """Keys of timed metadata, and the track of positions. Silent on a recording without such tracks."""
    with source.open() as stream:
        data = Bytes(stream, source.size)
        for track in movie.tracks(walk(data))[:MOST_TRACKS]:
            for _ in movie.track(track, data):
                pass  # fills in codec and timescale
            if track.codec == b"camm":
                yield from told("camm", list(_camm(track, data)), track.path)
            elif track.codec == b"mebx":
                keys = _keys(track, data)
                for name in keys.values():
                    yield Reading(key="quicktime:timed", value=name, location=f"{track.path}/mdia/minf/stbl/stsd")
                if _LOCATION in keys.values():
                    yield from told("quicktime:timed", list(_located(track, data, keys)), track.path)


def _camm(track: movie.Track, data: Bytes) -> Iterator[Fix]:
    for sample in samples(track, data):
        body, at = data.at(sample.offset, min(sample.size, MOST_SAMPLE_BYTES)), 0
        while at + 4 <= len(body):
            (kind,) = struct.unpack_from("<H", body, at + 2)
            length = _LENGTHS.get(kind, 0)
            if not length or at + 4 + length > len(body):
                break
            fix = _fix(kind, body[at + 4 : at + 4 + length], sample.start_seconds)
            if fix is not None:
                yield fix
            at += 4 + length


def _fix(kind: int, body: bytes, seconds: float) -> Fix | None:
    """A fix of kind 5 (three numbers) or 6 (with time, lock, accuracy and speed); GPS time is not turned into UTC."""
    if kind == 5:
        latitude, longitude, altitude = struct.unpack("<3d", body)
        speed, lock = None, None
    elif kind == 6:
        _, lock, latitude, longitude, altitude, _, _, east, north, _, _ = struct.unpack("<di2d7f", body)
        speed = math.hypot(east, north)
    else:
        return None
    if not all(map(math.isfinite, (latitude, longitude, altitude, speed or 0.0))):
        return None
    fix = Fix(seconds, latitude, longitude, altitude, speed, None, lock)
    return fix if is_possible(fix) and (latitude, longitude) != (0.0, 0.0) else None


def _keys(track: movie.Track, data: Bytes) -> dict[int, str]:
    """Names of the keys that samples refer to by number."""
    box = track.boxes.get("mdia/minf/stbl/stsd")
    body = data.payload(box, 1 << 14) if box else b""
    at = body.find(b"keys", 24)
    if at < 4:
        return {}
    end = min(len(body), at - 4 + int.from_bytes(body[at - 4 : at], "big"))
    found: dict[int, str] = {}
    at += 4
    while at + 8 <= end and len(found) < MOST_KEYS:
        size, number = struct.unpack_from(">II", body, at)
        name = body.find(b"keyd", at, at + size)
        if size < 8:
            break
        if name >= at + 8:
            length = int.from_bytes(body[name - 4 : name], "big")
            text = body[name + 8 : max(name + 8, name - 4 + length)]
            found[number] = text.decode("utf-8", "backslashreplace")[:256]
        at += size
    return found


def _located(track: movie.Track, data: Bytes, keys: dict[int, str]) -> Iterator[Fix]:
    for sample in samples(track, data):
        body, at = data.at(sample.offset, min(sample.size, MOST_SAMPLE_BYTES)), 0
        while at + 8 <= len(body):
            size, number = struct.unpack_from(">II", body, at)
            if size < 8:
                break
            if keys.get(number) == _LOCATION:
                found = _ISO6709.fullmatch(body[at + 8 : at + size].decode("ascii", "replace").strip("\x00 /"))
                if found is not None:
                    altitude = float(found.group(3)) if found.group(3) else None
                    fix = Fix(sample.start_seconds, float(found[1]), float(found[2]), altitude, None, None, None)
                    if is_possible(fix):
                        yield fix
            at += size


ANALYSER = Analyser(
    name="timed",
    version=1,
    accepts=frozenset({Kind.VIDEO}),
    media_types=frozenset({"video/mp4", "video/quicktime"}),
    analyse=analyse,
    limits=Limits(seconds=20.0, seconds_per_megabyte=0.02, memory_bytes=512 << 20),
)
