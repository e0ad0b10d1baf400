"""`DJI_0042.SRT`: what a drone of DJI writes as subtitles of a recording, its clock and its position for each frame.

Newer aircraft write `[latitude: 35.7] [longitude: 51.3]`, also misspelt `longtitude`; older ones write longitude first,
`GPS(51.3,35.7,12)`. Where heights bear a unit (`12.0M`) the order differs between models, and nothing is made of it.
The clock is that of the controller, its zone is not stated.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from verifier.instruments import Analyser, Parameters, Source
from verifier.metadata.moments import build
from verifier.metadata.sidecars.telling import EXTENSION, content, coordinates, number, told
from verifier.records import Exhibit, Kind, Moment, Record, Value

_CUE = re.compile(r"(\d{1,3}):(\d\d):(\d\d)[,.](\d{1,3}) *--> *(\d{1,3}):(\d\d):(\d\d)[,.](\d{1,3})")
_TELEMETRY = re.compile(r"\[ ?latitude ?:|\bGPS ?\(|\bHOME ?\(")
_DATE = re.compile(
    r"\b(\d{4})[-./](\d{1,2})[-./](\d{1,2})[ T]+(\d{1,2}):(\d\d):(\d\d)(?:[.,:](\d{3}))?(?:[.,:](\d{3}))?(?!\d)"
)
_LATITUDE = re.compile(r"\[ ?latitude ?: ?([-+]?\d{1,3}(?:\.\d+)?) ?\]")
_LONGITUDE = re.compile(r"\[ ?longt?itude ?: ?([-+]?\d{1,3}(?:\.\d+)?) ?\]")
_ALTITUDE = re.compile(r"\babs_alt ?: ?([-+]?\d+(?:\.\d+)?)")
_CLASSIC = re.compile(r"\bGPS ?\( ?([-+]?\d{1,3}\.\d+), ?([-+]?\d{1,3}\.\d+), ?[-+]?\d+(?:\.\d+)? ?\)")


@dataclass(slots=True)
class _Cue:
    """One subtitle: how long into the recording it ends, and its words."""

    number: int
    end_seconds: float
    words: str


def cues(text: str) -> Iterator[_Cue]:
    """The cues in order."""
    found = _CUE.search(text)
    count = 0
    while found is not None:
        count += 1
        following = _CUE.search(text, found.end())
        hours, minutes, seconds, fraction = found.groups()[4:]
        end = int(hours) * 3600 + int(minutes) * 60 + int(seconds) + int(fraction.ljust(3, "0")) / 1000
        yield _Cue(count, end, text[found.end() : following.start() if following else None][:2048])
        found = following


def analyse(exhibit: Exhibit, source: Source, parameters: Parameters) -> Iterator[Record]:
    """Readings `srt:*` of the first and the last cue that have them. Silent on subtitles without telemetry."""
    head = source.head[:8192].decode("utf-8-sig", "replace")
    if not _CUE.search(head) or not _TELEMETRY.search(head):
        return
    values: dict[str, tuple[Value, int]] = {}
    count, end = 0, 0.0
    for cue in cues(content(source).decode("utf-8-sig", "replace")):
        count, end = cue.number, max(end, cue.end_seconds)
        when, place = date(cue.words), position(cue.words)
        if when is not None:
            values.setdefault("date", (when, cue.number))
            values["last_date"] = (when, cue.number)
        if place is not None:
            for ordinal in ("first", "last"):
                if ordinal == "last" or "first_fix_latitude" not in values:
                    values |= {f"{ordinal}_fix_{name}": (value, cue.number) for name, value in place.items()}
    for name, (value, where) in values.items():
        yield from told("srt", {name: value}, f"cue {where}", EXTENSION + "mp4")
    yield from told("srt", {"cues": count, "duration_s": end}, "cues", EXTENSION + "mp4")


def date(words: str) -> Moment | None:
    """The clock of a cue; local, its zone is not known."""
    found = _DATE.search(words)
    if found is None:
        return None
    year, month, day, hour, minute, second, millis, micros = found.groups()
    fraction = f".{millis}{micros or ''}" if millis else ""
    wall = f"{year}-{month:0>2}-{day:0>2}T{hour:0>2}:{minute}:{second}{fraction}"
    return build(found.group(), wall, None)


def position(words: str) -> dict[str, Value] | None:
    """Latitude, longitude and, above the sea, altitude; None for 0, 0 and for what is no place."""
    latitude, longitude = _LATITUDE.search(words), _LONGITUDE.search(words)
    classic = _CLASSIC.search(words)
    if latitude and longitude:
        place = coordinates(latitude.group(1), longitude.group(1))
    else:
        place = coordinates(classic.group(2), classic.group(1)) if classic else None
    if place is None:
        return None
    altitude = _ALTITUDE.search(words)
    values: dict[str, Value] = {"latitude": place[0], "longitude": place[1]}
    return values | ({"altitude_m": number(altitude.group(1))} if altitude else {})


ANALYSER = Analyser(
    name="sidecar-srt",
    version=1,
    accepts=frozenset({Kind.SIDECAR}),
    media_types=frozenset({"text/plain", "text/csv"}),
    analyse=analyse,
)
