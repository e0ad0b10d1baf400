"""The geolocation worksheet: what a person matched between a picture and the ground, feature by feature.

Numbered features with where they are seen and where they stand, features that should be there and are not, places that
were considered and excluded, the camera's point with its precision, and its view. It is filed as the analyst's claim of
a place, so that the checks hold it against everything else; the worksheet travels in the claim's description as JSON.
"""

from __future__ import annotations

import dataclasses
import json
import tomllib
from dataclasses import dataclass
from typing import Any

from verifier.geo.coordinates import decimal, read_position
from verifier.geo.frame_point import frame_coordinate
from verifier.geo.position import Position, View, precision_word
from verifier.geo.worksheet_doubts import doubts
from verifier.records import Claim

MARK = "geolocation worksheet/1"
MOST_FEATURES = 200
LONGEST_TEXT = 2_000
LARGEST_BYTES = 1 << 20


@dataclass(frozen=True, slots=True, kw_only=True)
class Feature:
    """One thing seen in the picture and found on the ground. `x`, `y` are shares or pixels (see `frame_point`)."""

    number: int
    description: str
    at: str  # decimal degrees
    reference: str  # the picture or map it was found on
    reference_date: str | None = None
    seconds: float | None = None  # of the frame; None for a still
    x: float | None = None
    y: float | None = None
    by: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Excluded:
    """A place that was considered and why it is not the one; or a feature that was looked for and is not there."""

    what: str
    why: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Worksheet:
    """Where the camera stood, how precisely, where it looked, and everything that says so."""

    camera: str  # decimal degrees
    radius_metres: float
    direction_degrees: float | None
    field_degrees: float | None
    features: tuple[Feature, ...]
    absent: tuple[Excluded, ...] = ()
    excluded: tuple[Excluded, ...] = ()
    note: str | None = None

    @property
    def position(self) -> Position:
        """The camera's point with its precision and view."""
        point = read_position(self.camera, source="worksheet")
        view = None
        if self.direction_degrees is not None:
            view = View(
                direction_degrees=self.direction_degrees % 360.0,
                reference="true",
                tolerance_degrees=0.0 if self.field_degrees else 5.0,
                field_degrees=self.field_degrees,
            )
        return dataclasses.replace(point, radius_metres=self.radius_metres, view=view)

    @property
    def doubts(self) -> tuple[str, ...]:
        """Sentences about features that are too far away or outside the view."""
        points = [(feature.number, read_position(feature.at)) for feature in self.features]
        return doubts(self.position, self.direction_degrees, self.field_degrees, points)

    @property
    def precision(self) -> str:
        """exact, vicinity, locality, city …"""
        return precision_word(self.radius_metres)


def read_worksheet(text: str) -> Worksheet:
    """A worksheet from TOML: camera, radius_metres, direction, field, [[feature]], [[absent]], [[excluded]], note.

    Raises ValueError with one sentence for an unknown key, a missing one, or a value that cannot be.
    """
    if len(text) > LARGEST_BYTES:
        raise ValueError("a worksheet is smaller than 1 MB")
    try:
        table = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise ValueError(f"the worksheet is not TOML ({error})") from error
    known = {"camera", "radius_metres", "direction", "field", "feature", "absent", "excluded", "note"}
    unknown = sorted(set(table) - known)
    if unknown:
        raise ValueError(f"{unknown[0]!r} is not a part of a worksheet; there are {', '.join(sorted(known))}")
    features = tuple(_feature(number, item) for number, item in enumerate(_items(table, "feature"), 1))
    if not features:
        raise ValueError("a worksheet has at least one [[feature]] that was matched")
    sheet = Worksheet(
        camera=_place("camera", table.get("camera")),
        radius_metres=_number("radius_metres", table.get("radius_metres")) or 0.0,
        direction_degrees=_number("direction", table.get("direction"), optional=True),
        field_degrees=_number("field", table.get("field"), optional=True),
        features=features,
        absent=tuple(_excluded(item) for item in _items(table, "absent")),
        excluded=tuple(_excluded(item) for item in _items(table, "excluded")),
        note=_text("note", table.get("note"), optional=True),
    )
    if sheet.radius_metres <= 0:
        raise ValueError("radius_metres is how precisely the camera's point is known: more than 0")
    _ = sheet.position  # refuses a direction or a field of view that cannot be
    return sheet


def _items(table: dict[str, Any], name: str) -> list[dict[str, Any]]:
    items = table.get(name, [])
    if not isinstance(items, list) or not all(isinstance(item, dict) for item in items) or len(items) > MOST_FEATURES:
        raise ValueError(f"{name} is written as [[{name}]], at most {MOST_FEATURES} times")
    return items


def _feature(number: int, item: dict[str, Any]) -> Feature:
    known = {"description", "at", "reference", "reference_date", "seconds", "x", "y", "by"}
    unknown = sorted(set(item) - known)
    if unknown:
        raise ValueError(f"{unknown[0]!r} is not a part of a feature; there are {', '.join(sorted(known))}")
    spots = [frame_coordinate(f"{name} of feature {number}", item.get(name)) for name in ("x", "y")]
    seconds = _number("seconds", item.get("seconds"), optional=True)
    if seconds is not None and seconds < 0:
        raise ValueError(f"seconds of feature {number} are counted from the start, 0 or more")
    return Feature(
        number=number,
        description=_text("description", item.get("description")) or "",
        at=_place("at", item.get("at")),
        reference=_text("reference", item.get("reference")) or "",
        reference_date=_text("reference_date", item.get("reference_date"), optional=True),
        seconds=seconds,
        x=spots[0],
        y=spots[1],
        by=_text("by", item.get("by"), optional=True),
    )


def _excluded(item: dict[str, Any]) -> Excluded:
    if set(item) != {"what", "why"}:
        raise ValueError("what is absent or excluded has exactly two keys: what and why")
    return Excluded(what=_text("what", item["what"]) or "", why=_text("why", item["why"]) or "")


def _text(name: str, value: object, *, optional: bool = False) -> str | None:
    if value is None and optional:
        return None
    if hasattr(value, "isoformat"):
        value = value.isoformat()
    if not isinstance(value, str) or not value.strip() or len(value) > LONGEST_TEXT:
        raise ValueError(f"{name} is a text of at most {LONGEST_TEXT:,} letters")
    return value


def _number(name: str, value: object, *, optional: bool = False) -> float | None:
    if value is None and optional:
        return None
    if isinstance(value, bool) or not isinstance(value, int | float):
        raise ValueError(f"{name} is a number")
    return float(value)


def _place(name: str, value: object) -> str:
    if not isinstance(value, str):
        raise ValueError(f'{name} is a position in quotes, like "35.76170,51.33060"')
    return decimal(read_position(value))


def claim_of(sheet: Worksheet, exhibit: str, by: str) -> Claim:
    """The worksheet as its author's claim of a place, not yet numbered or dated."""
    position = sheet.position
    content = {"kind": MARK, **dataclasses.asdict(sheet)}
    return Claim(
        id="",
        exhibit=exhibit,
        batch=None,
        by=by,
        latitude_degrees=position.latitude_degrees,
        longitude_degrees=position.longitude_degrees,
        radius_metres=sheet.radius_metres,
        description=json.dumps(content, ensure_ascii=False, sort_keys=True),
    )


def worksheet_of(claim: Claim) -> Worksheet | None:
    """The worksheet that a claim carries; None for a claim that is in words."""
    if claim.description is None or MARK not in claim.description[:LARGEST_BYTES]:
        return None
    try:
        stored = json.loads(claim.description)
        if stored.pop("kind") != MARK:
            return None
        return Worksheet(
            **{
                **stored,
                "features": tuple(Feature(**item) for item in stored["features"]),
                "absent": tuple(Excluded(**item) for item in stored["absent"]),
                "excluded": tuple(Excluded(**item) for item in stored["excluded"]),
            }
        )
    except (ValueError, TypeError, KeyError, AttributeError):
        return None
