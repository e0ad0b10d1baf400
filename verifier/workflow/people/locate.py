"""A person's geolocation of an exhibit, filed as a worksheet and as a claim of place that the checks hold against all.

The claim says only the point and how precise it is; the worksheet says why. Both are filed in one event.
"""

from __future__ import annotations

import math
from dataclasses import replace

from verifier.canonical import digest
from verifier.errors import UsageError
from verifier.geo.coordinates import read_position
from verifier.geo.frame_point import MOST_PIXELS, frame_coordinate
from verifier.geo.position import Position
from verifier.geo.worksheet_doubts import doubts
from verifier.records import Claim, MatchedFeature, Worksheet
from verifier.report.maps.drawn import RADIUS_METRES
from verifier.store import Store
from verifier.workflow.people.conclude import PRECISIONS
from verifier.workflow.progress import NOT_STATED, Clock

MOST_FEATURES = 200
LONGEST_TEXT = 2_000
FEATURE = "N|description|reference|date|seconds|x|y|LAT,LON"


def position_of(text: str) -> Position:
    """A point in any form that is read. Raises UsageError with one sentence."""
    try:
        return read_position(text)
    except ValueError as error:
        raise UsageError(f"{text} is no position: {error}.") from error


def read_feature(text: str) -> MatchedFeature:
    """A matched feature from `N|description|reference|date|seconds|x|y|LAT,LON`; what is not known is left empty.

    `x` and `y` are shares of the picture's width and height or pixels (see `geo.frame_point`). Raises UsageError.
    """
    parts = [part.strip() for part in text.split("|")]
    if not 3 <= len(parts) <= 8:
        raise UsageError(f"A feature is written {FEATURE}, not {text}.")
    number, description, reference, date, seconds, x, y, place = (*parts, *[""] * (8 - len(parts)))
    if not number.isascii() or not number.isdigit() or not 1 <= int(number) <= MOST_FEATURES:
        raise UsageError(f"A feature begins with its number, 1 to {MOST_FEATURES}, not {number or 'nothing'}.")
    if not description or not reference or max(map(len, parts)) > LONGEST_TEXT:
        raise UsageError(f"Feature {number} needs a description and the reference it was found on.")
    point = position_of(place) if place else None
    return MatchedFeature(
        number=int(number),
        description=description,
        reference=reference,
        reference_date=date or None,
        offset_seconds=_number(f"The time of feature {number}", seconds, 0.0, 1e6),
        x=_spot(f"x of feature {number}", x),
        y=_spot(f"y of feature {number}", y),
        latitude_degrees=point.latitude_degrees if point else None,
        longitude_degrees=point.longitude_degrees if point else None,
    )


def doubts_of(said: Worksheet) -> tuple[str, ...]:
    """Sentences about features of a worksheet that are too far away or outside the view."""
    camera = Position(latitude_degrees=said.latitude_degrees, longitude_degrees=said.longitude_degrees,
                      radius_metres=RADIUS_METRES.get(said.precision))  # fmt: skip
    points = [
        (
            feature.number,
            Position(latitude_degrees=feature.latitude_degrees, longitude_degrees=feature.longitude_degrees),
        )
        for feature in said.features
        if feature.latitude_degrees is not None and feature.longitude_degrees is not None
    ]
    return doubts(camera, said.bearing_degrees, said.field_of_view_degrees, points)


def locate(store: Store, said: Worksheet, *, clock: Clock) -> Worksheet:
    """File a worksheet and its claim. Raises UsageError for what cannot be."""
    if not said.by.strip() or said.by == NOT_STATED:
        raise UsageError("Somebody must sign this: give --operator NAME (a pseudonym will do).")
    _check(said)
    known = replace(said, at=clock())
    known = replace(known, id=digest(replace(known, id=""))[:16])
    records: list[Worksheet | Claim] = [known]
    if known.precision in RADIUS_METRES:
        records.append(_claim(known))
    store.say(records, actor=known.by, at=clock(), action="geolocate")
    return known


def _check(said: Worksheet) -> None:
    if said.precision not in PRECISIONS:
        raise UsageError(f"{said.precision} is no precision; choose from {', '.join(PRECISIONS)}.")
    position_of(f"{said.latitude_degrees},{said.longitude_degrees}")
    if said.bearing_degrees is not None and not 0.0 <= said.bearing_degrees < 360.0:
        raise UsageError(f"A bearing lies between 0 and 360 degrees from north, not {said.bearing_degrees:g}.")
    if said.field_of_view_degrees is not None and not 0.0 < said.field_of_view_degrees <= 360.0:
        raise UsageError(f"A field of view lies between 0 and 360 degrees, not {said.field_of_view_degrees:g}.")
    if said.field_of_view_degrees is not None and said.bearing_degrees is None:
        raise UsageError("A field of view has a direction: give --bearing as well.")
    numbers = [feature.number for feature in said.features]
    if len(set(numbers)) != len(numbers):
        raise UsageError("Two features bear one number.")
    if not said.features and said.precision in ("exact", "vicinity"):
        raise UsageError(f"A place that is {said.precision} rests on what was matched: give at least one --feature.")


def _claim(known: Worksheet) -> Claim:
    bare = Claim(
        id="",
        exhibit=known.exhibit,
        batch=None,
        by=known.by,
        latitude_degrees=known.latitude_degrees,
        longitude_degrees=known.longitude_degrees,
        radius_metres=RADIUS_METRES[known.precision],
        description=f"geolocation worksheet {known.id}",
    )
    return replace(bare, id=digest(bare)[:16], at=known.at)


def _spot(what: str, text: str) -> float | None:
    value = _number(what, text, 0.0, MOST_PIXELS)
    try:
        return frame_coordinate(what, value)
    except ValueError as error:
        raise UsageError(f"{error}.") from error


def _number(what: str, text: str, least: float, most: float) -> float | None:
    if not text:
        return None
    try:
        value = float(text)
    except ValueError as error:
        raise UsageError(f"{what} is a number, not {text}.") from error
    if not math.isfinite(value) or not least <= value <= most:
        raise UsageError(f"{what} lies between {least:g} and {most:g}, not {text}.")
    return value
