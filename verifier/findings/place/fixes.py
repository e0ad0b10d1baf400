"""Positions out of stored readings: Exif, XMP, ISO 6709, `loci`, GPMF, and any pair of latitude and longitude.

A position keeps where it was read and what radius its source states; without a stated radius it is unknown, never zero.
Readings that a sidecar makes of an exhibit stand in that exhibit's dossier and are named with the sidecar's id.
"""

from __future__ import annotations

import math
from collections.abc import Iterable
from dataclasses import dataclass, replace

from verifier.dossier import ExhibitDossier, Said
from verifier.findings.facts import ECHOES, is_echo
from verifier.findings.remembered import remembered
from verifier.geo.coordinates import read_position
from verifier.geo.position import Position, View
from verifier.records import Scalar

MAGNETIC_TOLERANCE_DEGREES = 10.0
TRUE_TOLERANCE_DEGREES = 5.0  # phone compasses, after their own correction
VIDEO_CROP_SHARE = 0.15
_ENDINGS = (("latitude", "longitude", "altitude_m"), ("_lat", "_lon", "_alt"), ("_lat", "_lng", "_alt"))
_NORTH = tuple({north for north, _, _ in _ENDINGS})
_ISO_6709_KEYS = ("location.ISO6709", "©xyz", "tag.location", "tag.location-eng")
_RADIUS_KEYS = {
    "exif:GPSPosition": "exif:GPSHPositioningError",
    "xmp:GPSPosition": "xmp:exif:GPSHPositioningError",
    "quicktime:com.apple.quicktime.location": "quicktime:com.apple.quicktime.location.accuracy.horizontal",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Fix:
    """A position, the key and place it was read at, and the exhibit whose bytes say so."""

    position: Position
    basis: str
    location: str
    exhibit: str
    is_own: bool = True  # its own bytes say so, not a sidecar, whose position may be the sender's or a user's choice
    is_shaky: bool = False  # the receiver had no lock yet


@remembered
def fixes_of(dossier: ExhibitDossier) -> tuple[Fix, ...]:
    """Every position that the readings of an exhibit state, by key; 0,0 and absurd ones left out."""
    own = dossier.exhibit.id
    found = [replace(fix, is_own=fix.exhibit == own) for fix in (*_pairs(dossier), *_packed(dossier))]
    return tuple(sorted(_without_echoes(found), key=lambda fix: (not fix.is_own, fix.basis, fix.location)))


def _without_echoes(found: list[Fix]) -> list[Fix]:
    """Without FFmpeg's word for a box that was read first hand: one atom is one position."""

    def is_repeated(fix: Fix) -> bool:
        point = (fix.position.latitude_degrees, fix.position.longitude_degrees)
        return any(
            other.exhibit == fix.exhibit
            and other.basis not in ECHOES
            and is_echo(point, (other.position.latitude_degrees, other.position.longitude_degrees))
            for other in found
        )

    return [fix for fix in found if fix.basis not in ECHOES or not is_repeated(fix)]


def _pairs(dossier: ExhibitDossier) -> Iterable[Fix]:
    """latitude and longitude with one prefix, told by one exhibit."""
    by_key = {(said.exhibit, said.reading.key): said for said in reversed(dossier.readings)}
    for (exhibit, key), said in by_key.items():
        if not key.endswith(_NORTH) or "thumbnail" in key:
            continue
        for north, east, up in _ENDINGS:
            if not key.endswith(north):
                continue
            stem = key.removesuffix(north)
            partner = by_key.get((exhibit, stem + east))
            if partner is None:
                continue
            above = by_key.get((exhibit, stem + up))
            fix = _fix(said, partner, above, stem.rstrip("._:"), by_key)
            if fix is not None:
                yield fix
            break


def _fix(north: Said, east: Said, up: Said | None, stem: str, by_key: dict[tuple[str, str], Said]) -> Fix | None:
    latitude, longitude = number(north.reading.value), number(east.reading.value)
    altitude = number(up.reading.value) if up else None
    if latitude is None or longitude is None:
        return None
    radius_said = by_key.get((north.exhibit, _RADIUS_KEYS.get(stem, "")))
    radius = number(radius_said.reading.value) if radius_said else None
    lock_said = by_key.get((north.exhibit, f"{stem.removesuffix('_fix')}_fix_lock"))
    lock = number(lock_said.reading.value) if lock_said else None
    view = _view(north.exhibit, by_key) if stem.startswith("exif:") else None
    return _checked(north, stem, latitude, longitude, altitude, radius, view, is_shaky=lock is not None and lock < 2)


def _checked(
    said: Said, basis: str, latitude: float, longitude: float, altitude: float | None, radius: float | None,
    view: View | None, *, is_shaky: bool,
) -> Fix | None:  # fmt: skip
    try:
        position = Position(
            latitude_degrees=latitude,
            longitude_degrees=longitude,
            altitude_metres=altitude,
            radius_metres=radius if radius is not None and 0 < radius < 1e6 else None,
            source=basis,
            view=view,
        )
    except ValueError:
        return None  # the reader of the metadata has told it as a problem of the tag
    if position.is_null_island:
        return None
    return Fix(
        position=position,
        basis=basis,
        location=said.reading.location,
        exhibit=said.exhibit,
        is_shaky=is_shaky,
    )


def _packed(dossier: ExhibitDossier) -> Iterable[Fix]:
    """Positions written as one text, in ISO 6709."""
    by_key = {(said.exhibit, said.reading.key): said for said in reversed(dossier.readings)}
    for (exhibit, key), said in by_key.items():
        if not key.endswith(_ISO_6709_KEYS) or not isinstance(said.reading.value, str):
            continue
        try:
            position = read_position(said.reading.value)
        except ValueError:
            continue  # a place's name, or no position: told by the metadata reader as it stands
        radius_said = by_key.get((exhibit, _RADIUS_KEYS["quicktime:com.apple.quicktime.location"]))
        radius = number(radius_said.reading.value) if radius_said else None
        fix = _checked(
            said, key, position.latitude_degrees, position.longitude_degrees, position.altitude_metres, radius, None,
            is_shaky=False,
        )  # fmt: skip
        if fix is not None:
            yield fix


def _view(exhibit: str, by_key: dict[tuple[str, str], Said]) -> View | None:
    """The camera's direction with its reference, and its field from the 35 mm equivalent focal length."""
    direction_said = by_key.get((exhibit, "exif:GPSImgDirection.degrees"))
    direction = number(direction_said.reading.value) if direction_said else None
    if direction is None or not 0 <= direction <= 360:
        return None
    reference_said = by_key.get((exhibit, "exif:GPSImgDirectionRef"))
    letter = str(reference_said.reading.value).strip("\x00 ")[:1].upper() if reference_said else ""
    reference = {"T": "true", "M": "magnetic"}.get(letter, "unknown")
    focal_said = by_key.get((exhibit, "exif:FocalLengthIn35mmFilm"))
    focal = number(focal_said.reading.value) if focal_said else None
    return View(
        direction_degrees=direction % 360,
        reference=reference,
        tolerance_degrees=TRUE_TOLERANCE_DEGREES if reference == "true" else MAGNETIC_TOLERANCE_DEGREES,
        field_degrees=field_of_view(focal) if focal else None,
    )


def field_of_view(focal_length_35mm: float) -> float | None:
    """Horizontal field of a landscape picture, degrees: 2 atan(36 / 2f). None for a focal length that is none."""
    if not 1 <= focal_length_35mm <= 5_000:
        return None
    return 2 * math.degrees(math.atan(36 / (2 * focal_length_35mm)))


def number(value: object) -> float | None:
    """A reading's value as a finite number: 35.7, "35.7", "12 m", "5/2"; None for anything else."""
    if isinstance(value, bool):
        return None
    if isinstance(value, int | float):
        return float(value) if math.isfinite(value) else None
    if not isinstance(value, str) or len(value) > 40:
        return None
    text = value.strip().split(" ")[0]
    top, slash, bottom = text.partition("/")
    try:
        result = float(top) / float(bottom) if slash else float(text)
    except (ValueError, ZeroDivisionError):
        return None
    return result if math.isfinite(result) else None


def values_of(fix: Fix) -> dict[str, Scalar]:
    """A fix as the values of a finding."""
    return {
        "latitude": round(fix.position.latitude_degrees, 6),
        "longitude": round(fix.position.longitude_degrees, 6),
        "radius_metres": fix.position.radius_metres,
        "basis": fix.basis,
        "from": fix.exhibit,
    }
