"""Positions that a GoPro writes while it records: GPS5, GPS9 and Karma's GPRI, in an MP4 track or a raw stream."""

from __future__ import annotations

import re
from collections.abc import Iterator

from verifier.errors import Corrupt
from verifier.instruments import Analyser, Limits, Parameters, Source
from verifier.metadata.containers import movie
from verifier.metadata.containers.isobmff import Bytes, walk
from verifier.metadata.containers.klv import Item, Stream, streams
from verifier.metadata.containers.samples import samples
from verifier.metadata.containers.tracks import Fix, is_possible, told
from verifier.metadata.moments import from_unix
from verifier.records import Exhibit, Kind, Moment, Reading, Record, Zone

MOST_PAYLOAD_BYTES = 1 << 20
_SETTINGS = {"MINF": "model", "CASN": "serial", "FMWR": "firmware", "DVNM": "device"}
_DATE = re.compile(r"(\d\d)(\d\d)(\d\d)(\d\d)(\d\d)(\d\d(?:\.\d{1,9})?)")
_DAY_2000 = 946_684_800  # 2000-01-01 in Unix seconds


def analyse(exhibit: Exhibit, source: Source, parameters: Parameters) -> Iterator[Record]:
    """Settings, first fix and the whole track. Says nothing of a recording without such a stream."""
    if exhibit.kind is Kind.OTHER:
        with source.open() as stream:
            payload = stream.read(MOST_PAYLOAD_BYTES)
        if not any(True for _ in streams(payload)):
            raise Corrupt("the stream ends within its first value")
        yield from _settings(payload, "raw stream")
        yield from told("gpmf", [fix for fix in fixes(payload, 0.0, 1.0) if is_possible(fix)], "raw stream")
        return
    with source.open() as stream:
        data = Bytes(stream, source.size)
        tree = walk(data)
        block = next((box for box in tree.boxes if box.name == b"GPMF" and "/udta/" in box.path), None)
        if block is not None:
            yield from _settings(data.payload(block, MOST_PAYLOAD_BYTES), block.path)
        for track in movie.tracks(tree):
            for _ in movie.track(track, data):
                pass  # fills in codec and timescale
            if track.codec == b"gpmd":
                yield from told("gpmf", list(_track(track, data)), track.path)
                return


def _track(track: movie.Track, data: Bytes) -> Iterator[Fix]:
    for number, sample in enumerate(samples(track, data)):
        payload = data.at(sample.offset, min(sample.size, MOST_PAYLOAD_BYTES))
        if number == 0 and len(payload) < sample.size <= MOST_PAYLOAD_BYTES:
            raise Corrupt("the positions' track lies beyond the end of the file")
        yield from filter(is_possible, fixes(payload, sample.start_seconds, sample.length_seconds))


def fixes(payload: bytes, start: float, length: float) -> Iterator[Fix]:
    """The fixes of one payload that lasts `length` seconds from `start`; the best kind that is present."""
    found = list(streams(payload))
    for key, reader in (("GPS9", _gps9), ("GPS5", _gps5), ("GPRI", _gpri)):
        for stream in found:
            item = stream.items.get(key)
            if item is not None and item.count:
                clock = next((each.items["SYST"] for each in found if "SYST" in each.items), None)
                yield from reader(stream, item, start, length / item.count, clock)
                return


def _scale(stream: Stream, columns: int) -> list[float]:
    item = stream.items.get("SCAL")
    given = [value or 1.0 for value in item.numbers()] if item else []
    return (given * columns if len(given) == 1 else given + [1.0] * columns)[:columns]


def _gps5(stream: Stream, item: Item, start: float, step: float, _: Item | None) -> Iterator[Fix]:
    scale = _scale(stream, 5)
    lock = _first(stream, "GPSF")
    when = _gps_date(stream.items["GPSU"]) if "GPSU" in stream.items else None
    for index, row in enumerate(item.rows(None)):
        if len(row) != 5:
            return
        latitude, longitude, altitude, flat, _space = (value / by for value, by in zip(row, scale, strict=True))
        yield Fix(start + index * step, latitude, longitude, altitude, flat, None if index else when, lock)


def _gps9(stream: Stream, item: Item, start: float, step: float, _: Item | None) -> Iterator[Fix]:
    scale = _scale(stream, 9)
    types = stream.items["TYPE"].text() if "TYPE" in stream.items else None
    for index, row in enumerate(item.rows(types)):
        if len(row) != 9:
            return
        latitude, longitude, altitude, flat, _space, days, since, _dilution, lock = (
            value / by for value, by in zip(row, scale, strict=True)
        )
        text = f"day {days:.0f} since 2000, second {since:.3f}"
        when = from_unix(_DAY_2000 + days * 86400 + since, text, fraction_digits=3)
        yield Fix(start + index * step, latitude, longitude, altitude, flat, when, int(lock))


def _gpri(stream: Stream, item: Item, start: float, step: float, clock: Item | None) -> Iterator[Fix]:
    """Karma's own fixes: their clock runs from the start of the drone; SYST ties it to UTC."""
    types = stream.items["TYPE"].text() if "TYPE" in stream.items else None
    scale = _scale(stream, 10)
    tie = next(clock.rows("JJ"), None) if clock else None
    for index, row in enumerate(item.rows(types)):
        if len(row) != 10:
            return
        ticks, latitude, longitude, altitude, *_, speed, _course, lock, _count = (
            value / by for value, by in zip(row, scale, strict=True)
        )
        when = None
        if tie is not None:
            seconds = tie[1] / 1e3 + ticks - tie[0] / 1e6
            when = from_unix(seconds, f"{ticks:.6f} seconds after start, by SYST", fraction_digits=3)
        yield Fix(start + index * step, latitude, longitude, altitude, speed, when, int(lock))


def _first(stream: Stream, key: str) -> int | None:
    item = stream.items.get(key)
    numbers = item.numbers() if item else []
    return int(numbers[0]) if numbers else None


def _gps_date(item: Item) -> Moment | None:
    """`yymmddhhmmss.sss`, UTC."""
    found = _DATE.fullmatch(item.text())
    if found is None:
        return None
    year, month, day, hour, minute, second = found.groups()
    try:
        return Moment(text=item.text(), wall=f"20{year}-{month}-{day}T{hour}:{minute}:{second}", zone=Zone.UTC)
    except ValueError:
        return None


def _settings(payload: bytes, where: str) -> Iterator[Reading]:
    told: set[str] = set()
    for stream in streams(payload):
        for key, name in _SETTINGS.items():
            item = stream.items.get(key)
            if item is not None and item.text() and key not in told:
                told.add(key)
                yield Reading(key=f"gpmf:{name}", value=item.text(), location=f"{where}/{key}")


ANALYSER = Analyser(
    name="gpmf",
    version=1,
    accepts=frozenset({Kind.VIDEO, Kind.OTHER}),
    media_types=frozenset({"video/mp4", "video/quicktime", "application/x-gpmf"}),
    analyse=analyse,
    limits=Limits(seconds=20.0, seconds_per_megabyte=0.02, memory_bytes=512 << 20),
)
