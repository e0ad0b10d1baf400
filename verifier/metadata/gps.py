"""Positions and times out of Exif's GPS directory, by its rules and no others.

A position is derived only where all of it is there: three or fewer rationals with non-zero denominators, minutes and
seconds from 0 to below 60, a reference that the sign of the degrees does not deny, a place on Earth that is not the
placeholder 0,0, from a receiver that had a fix. What fails is told in a sentence and withheld with a code, never
repaired.
Signed rationals are against the standard, but phones write them: a minus before degrees south or west says the same
thing twice, one before degrees north or east says two things.
"""

from __future__ import annotations

import math
import re
from collections.abc import Mapping
from dataclasses import dataclass, field

from verifier.media.structure.tiff import Number
from verifier.metadata.dates import is_blank
from verifier.records import Moment, Zone

HIGHEST_METRES = 100_000.0
LOWEST_METRES = -12_000.0
PLACEHOLDER = "the position is 0,0, which writers use for none"
NETWORK_METHODS = frozenset({"CELLID", "CELL", "NETWORK"})  # of GPSProcessingMethod: a cell's position

_DATE = re.compile(r"\s*(\d{4})[:\-/. ](\d{1,2})[:\-/. ](\d{1,2})(?:[ T].*)?\s*", re.DOTALL)


@dataclass(slots=True, kw_only=True)
class Gps:
    """What the directory establishes (degrees WGS 84, metres, UTC) and what stands in the way, by tag name."""

    latitude: float | None = None
    longitude: float | None = None
    altitude_metres: float | None = None
    direction_degrees: float | None = None
    moment: Moment | None = None
    time_of_day: str | None = None  # HH:MM:SS UTC where no date is given
    withheld: str | None = None  # why the position that stands there is none: a code
    moment_withheld: str | None = None
    problems: list[tuple[str, str]] = field(default_factory=list)

    def withhold(self, code: str, name: str, sentence: str) -> None:
        """Tell a problem for which there is no position; the first code stands."""
        self.problems.append((name, sentence))
        self.withheld = self.withheld or code


def read_gps(numbers: Mapping[str, list[Number]], texts: Mapping[str, str]) -> Gps:
    """From the values of the GPS directory, by tag name: numeric ones and textual ones."""
    gps = Gps()
    latitude = _coordinate("GPSLatitude", "NS", 90.0, numbers, texts, gps)
    longitude = _coordinate("GPSLongitude", "EW", 180.0, numbers, texts, gps)
    gps.altitude_metres = _altitude(numbers, texts, gps)
    if latitude == 0.0 and longitude == 0.0:
        gps.withhold("placeholder", "GPSLatitude", PLACEHOLDER)
        gps.altitude_metres = gps.altitude_metres or None
    elif (latitude is None) is not (longitude is None):
        gps.withheld = gps.withheld or "incomplete"
    if numbers.get("GPSLatitude"):
        _source(texts, gps)
    if latitude is not None and longitude is not None and gps.withheld is None:
        gps.latitude, gps.longitude = latitude, longitude
    gps.direction_degrees = _direction(numbers, gps)
    _time(numbers, texts, gps)
    if gps.moment is not None and is_void(texts):
        gps.moment, gps.moment_withheld = None, "no_fix"
    return gps


def is_void(texts: Mapping[str, str]) -> bool:
    """Whether the receiver says that its measurement is void."""
    return texts.get("GPSStatus", "").strip(" \x00").upper() == "V"


def is_network(texts: Mapping[str, str]) -> bool:
    """Whether the position is that of a radio cell or of networks near by."""
    return texts.get("GPSProcessingMethod", "").strip(" \x00").upper() in NETWORK_METHODS


def _source(texts: Mapping[str, str], gps: Gps) -> None:
    """Positions without a fix, and those of a radio cell, are no position of the camera."""
    if is_void(texts):
        gps.withhold("no_fix", "GPSStatus", "GPSStatus is V: the receiver had no valid measurement")
    if is_network(texts):
        gps.withhold("network", "GPSProcessingMethod", "the position is that of a network or radio cell")


def real(value: Number) -> float | None:
    """A number as a float; None for a zero denominator, infinity and NaN."""
    if isinstance(value, tuple):
        return value[0] / value[1] if value[1] else None
    return float(value) if math.isfinite(value) else None


def _coordinate(
    name: str, letters: str, most: float, numbers: Mapping[str, list[Number]], texts: Mapping[str, str], gps: Gps
) -> float | None:
    values = numbers.get(name)
    if not values:
        return None
    parts = [real(value) for value in values[:3]]
    if parts[0] is None or None in parts[:2]:
        gps.withhold("zero_denominator", name, f"{name} has a zero denominator")
        return None
    if parts[-1] is None:
        gps.problems.append((name, f"{name} has seconds with a zero denominator; read as degrees and minutes"))
    if any(not 0.0 <= (part or 0.0) < 60.0 for part in parts[1:]):
        gps.withhold("parts_out_of_range", name, f"{name} has minutes or seconds out of range")
        return None
    reference = texts.get(f"{name}Ref", "").strip(" \x00").upper()
    if reference not in tuple(letters) and reference not in _WORDS.get(letters, ()):
        gps.withhold(
            "reference_wrong" if reference else "reference_missing",
            f"{name}Ref",
            f"{name}Ref is missing or says neither {letters[0]} nor {letters[1]}",
        )
        return None
    is_negative = parts[0] < 0 or str(parts[0]).startswith("-")
    degrees = abs(parts[0]) + (_after(parts, 1) / 60.0) + (_after(parts, 2) / 3600.0)
    if is_negative and degrees and reference[0] == letters[0]:
        gps.withhold("sign_and_reference", name, f"{name} is negative, and {name}Ref says {letters[0]}")
        return None
    if degrees > most:
        gps.withhold("no_place", name, f"{name} is {degrees:g} degrees, which is no place on Earth")
        return None
    return degrees if reference[0] == letters[0] else -degrees


# Words in full, as some programs write them, for the letter.
_WORDS = {"NS": ("NORTH", "SOUTH"), "EW": ("EAST", "WEST")}


def _after(parts: list[float | None], index: int) -> float:
    return parts[index] or 0.0 if index < len(parts) else 0.0


def _altitude(numbers: Mapping[str, list[Number]], texts: Mapping[str, str], gps: Gps) -> float | None:
    values = numbers.get("GPSAltitude")
    if not values:
        return None
    metres = real(values[0])
    if metres is None:
        gps.problems.append(("GPSAltitude", "GPSAltitude has a zero denominator"))
        return None
    reference = numbers.get("GPSAltitudeRef")
    below = reference[0] if reference else texts.get("GPSAltitudeRef", "0").strip(" \x00")[:1]
    if below in (1, 3, "1", "3", "\x01"):
        metres = -abs(metres)
    if not LOWEST_METRES <= metres <= HIGHEST_METRES:
        gps.problems.append(("GPSAltitude", f"GPSAltitude is {metres:g} metres, which no camera reaches"))
        return None
    return metres


def _direction(numbers: Mapping[str, list[Number]], gps: Gps) -> float | None:
    values = numbers.get("GPSImgDirection")
    if not values:
        return None
    degrees = real(values[0])
    if degrees is None or not 0.0 <= degrees <= 360.0:
        gps.problems.append(("GPSImgDirection", "GPSImgDirection is no direction"))
        return None
    return degrees


def _time(numbers: Mapping[str, list[Number]], texts: Mapping[str, str], gps: Gps) -> None:
    values = numbers.get("GPSTimeStamp")
    if not values:
        return
    parts = [real(value) for value in values[:3]]
    if len(parts) < 3 or None in parts:
        gps.problems.append(("GPSTimeStamp", "GPSTimeStamp is incomplete or has a zero denominator"))
        return
    hours, minutes, seconds = (part or 0.0 for part in parts)
    microseconds = round((hours * 3600 + minutes * 60 + seconds) * 1e6)
    if not 0 <= microseconds < 86_400_000_000:
        gps.problems.append(("GPSTimeStamp", "GPSTimeStamp is no time of day"))
        return
    whole, fraction = divmod(microseconds, 1_000_000)
    clock = f"{whole // 3600:02d}:{whole // 60 % 60:02d}:{whole % 60:02d}"
    stamp = texts.get("GPSDateStamp", "")
    found = _DATE.fullmatch(stamp)
    if found is None:
        if stamp and not is_blank(stamp):
            gps.problems.append(("GPSDateStamp", "GPSDateStamp is no date"))
        gps.time_of_day = clock
        return
    year, month, day = (int(part) for part in found.groups())
    wall = f"{year:04d}-{month:02d}-{day:02d}T{clock}" + (f".{fraction:06d}".rstrip("0") if fraction else "")
    try:
        gps.moment = Moment(text=f"{stamp.strip()} {clock}", wall=wall, zone=Zone.UTC)
    except ValueError:
        gps.problems.append(("GPSDateStamp", "GPSDateStamp is an impossible date"))
        gps.time_of_day = clock
