"""Values with a known problem, as real devices and services write them, planted into truthful cases.

Each is as true as the device or service could make it: a calendar that the phone is set to, a counter that was never
set, a post whose medium was exchanged. A finding that contradicts or supports by one of them is untrue.
"""

from __future__ import annotations

import random
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta

from verifier.calendars import gregorian_to_jalali
from verifier.dossier import Said
from verifier.records import Kind, Moment, Reading, Value, Zone

KIND_RATES = {
    "year of another calendar": 0.02,
    "counter never set": 0.02,
    "hour 24": 0.01,
    "satellite weeks ran over": 0.01,
    "position withheld by its reader": 0.02,
    "length at a counter's end": 0.01,
    "model that is a number": 0.01,
    "location read twice": 0.05,
    "time read twice": 0.2,
    "creation time at the end of a long recording": 0.1,
    "edited message": 0.02,
    "sidecar of a stem": 0.03,
    "service's date never set": 0.01,
    "scheduled stream": 0.01,
    "link to another moment": 0.05,
    "photo in a later recording": 0.03,
    "collage that holds the picture": 0.03,
    "link that a person refused": 0.02,
}
_UNSET = ("0001-01-01T00:00:00", "0112-03-04T05:06:07", "1904-01-01T00:00:00", "1970-01-01T00:00:00",
          "1980-01-06T00:00:00", "9999-12-31T23:59:59")  # fmt: skip


def said(key: str, value: Value, exhibit: str, location: str = "") -> Said:
    return Said(reading=Reading(key=key, value=value, location=location or key), instrument="test", exhibit=exhibit)


def utc(instant: datetime) -> Moment:
    wall = instant.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S")
    return Moment(text=wall, wall=wall, zone=Zone.UTC)


def with_problems(
    chance: Callable[[str], bool], rng: random.Random, own: str, kind: Kind, at: datetime, readings: list[Said]
) -> list[Said]:
    """The exhibit's own readings, some of them made worse as devices do."""
    readings = [_worse_date(chance, rng, one, at) for one in readings]
    if chance("time read twice"):
        readings += [_again(one) for one in readings if one.reading.key == "exif:DateTimeOriginal"]
    if chance("satellite weeks ran over"):
        readings = [_rolled(one) for one in readings]
    if chance("position withheld by its reader"):
        reason = rng.choice(["network", "no_fix", "sign_and_reference", "parts_out_of_range", "no_place"])
        readings = [one for one in readings if not one.reading.key.startswith("exif:GPSPosition.")]
        readings.append(said("exif:GPSPosition.withheld", reason, own))
    if chance("model that is a number"):
        readings = [one for one in readings if one.reading.key != "exif:Model"]
        readings.append(said("exif:Model", str(rng.randrange(10**5)), own, "IFD0 0x0110"))
    if kind is Kind.VIDEO:
        readings = _of_videos(chance, rng, own, at, readings)
    return readings


def _worse_date(chance: Callable[[str], bool], rng: random.Random, one: Said, at: datetime) -> Said:
    value = one.reading.value
    if not isinstance(value, Moment) or "GPS" in one.reading.key:
        return one
    shown: Value = value
    local = datetime.fromisoformat(value.wall[:19])
    if chance("year of another calendar") and value.zone is not Zone.UTC:
        shown = _in_calendar(local, rng.choice(["buddhist", "solar_hijri"]))
    elif chance("counter never set"):
        wall = rng.choice(_UNSET)
        shown = Moment(text=wall, wall=wall, zone=Zone.UTC if value.zone is Zone.UTC else Zone.LOCAL)
    elif chance("hour 24") and one.reading.key.startswith("exif:"):
        shown = f"{local:%Y:%m:%d} 24:{local:%M:%S}"
    return replace(one, reading=replace(one.reading, value=shown))


def _in_calendar(local: datetime, calendar: str) -> Value:
    year, month, day = gregorian_to_jalali(local.date()) if calendar == "solar_hijri" else (
        local.year + 543, local.month, local.day,
    )  # fmt: skip
    wall = f"{year:04d}-{month:02d}-{day:02d}T{local:%H:%M:%S}"
    try:
        return Moment(text=wall, wall=wall, zone=Zone.LOCAL)
    except ValueError:  # no such day in the Gregorian calendar
        return f"{year:04d}:{month:02d}:{day:02d} {local:%H:%M:%S}"


def _again(one: Said) -> Said:
    return replace(one, reading=replace(one.reading, key="xmp:exif:DateTimeOriginal", location="packet"))


def _rolled(one: Said) -> Said:
    value = one.reading.value
    if one.reading.key != "exif:GPSDateTime" or not isinstance(value, Moment) or value.instant is None:
        return one
    return replace(one, reading=replace(one.reading, value=utc(value.instant - timedelta(weeks=1024))))


def _of_videos(
    chance: Callable[[str], bool], rng: random.Random, own: str, at: datetime, readings: list[Said]
) -> list[Said]:
    if chance("location read twice"):
        by_key = {one.reading.key: one.reading.value for one in readings}
        place = [by_key.get(f"exif:GPSPosition.{name}") for name in ("latitude", "longitude")]
        if all(isinstance(value, float) for value in place):
            readings = [*readings, said("container:tag.location", f"{place[0]:+08.4f}{place[1]:+09.4f}/", own)]
    if chance("creation time at the end of a long recording"):
        length = rng.uniform(300, 7_200)
        readings = [one for one in readings if one.reading.key not in ("mp4:mvhd.creation_time", "mp4:duration_s")]
        readings += [
            said("mp4:mvhd.creation_time", utc(at + timedelta(seconds=length)), own),
            said("mp4:duration_s", length, own),
        ]
    elif chance("length at a counter's end"):
        readings = [one for one in readings if one.reading.key != "mp4:duration_s"]
        readings.append(said("mp4:duration_s", rng.choice([2147483.647, 2147483.648, 4294967.295, 2.0**31]), own))
    return readings


def with_soft_sidecars(chance: Callable[[str], bool], rng: random.Random, sidecar: str, at: datetime) -> list[Said]:
    """Dates before the capture that services and wrong sidecars give truthful exhibits."""
    before = utc(at - timedelta(days=rng.uniform(3, 2_000)))
    found: list[Said] = []
    if chance("edited message"):
        edited = utc(at + timedelta(hours=rng.uniform(1, 400)))
        found += [said("telegram:date", before, sidecar), said("telegram:edited", edited, sidecar)]
    if chance("sidecar of a stem"):
        found.append(said("yt-dlp:timestamp", before, sidecar + "0", "a.info.json [stem, from the sidecar's own]"))
    if chance("service's date never set"):
        found.append(said("auto-archiver:timestamp", utc(datetime(1970, 1, 1, tzinfo=UTC)), sidecar + "1"))
    if chance("scheduled stream"):
        found += [
            said("yt-dlp:timestamp", before, sidecar + "2"),
            said("yt-dlp:release_timestamp", utc(at + timedelta(hours=rng.uniform(0, 5))), sidecar + "2"),
        ]
    return found
