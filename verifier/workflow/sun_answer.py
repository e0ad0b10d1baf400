"""The three questions of a shadow as one: what is known goes in, intervals, places or an agreement come out.

Place and day known: when? Time known: where? Both known: does it fit, and if not, by how much? Answers are plain values
for a terminal or JSON, and a picture.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any

from verifier.calendars import jalali_text
from verifier.geo.place import read_place
from verifier.geo.position import Position
from verifier.geo.sky.moon import moon_at
from verifier.geo.sky.shadow import Shadow, Turn, agreement, altitude_interval, azimuth_interval, places_of, times_of
from verifier.geo.sky.sun import light, sampled, sun_events, sun_position
from verifier.geo.spoken_time import Interval, read_time
from verifier.geo.timezone import TEHRAN, instant_of, zone_at
from verifier.geo.timezone import zone as zone_rules
from verifier.geo.told_place import is_ambiguous, told_place, told_places
from verifier.instants import in_zone
from verifier.report.maps.geojson import mask_geojson
from verifier.report.maps.shadow_picture import day_picture, places_picture

IRAN = (24.0, 44.0, 40.0, 64.0)
WORLD = (-66.0, -180.0, 72.0, 180.0)
LONGEST = timedelta(days=370)
CLAIMED_WITHIN = timedelta(hours=12)  # a shorter interval is a claim to be tested, a longer one a day to be searched


@dataclass(frozen=True, slots=True, kw_only=True)
class Measured:
    """A number with its error, as an analyst measured it."""

    value: float
    error: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Question:
    """What is known of a picture. Lengths in any one unit, angles in degrees, azimuths clockwise from true north."""

    place: str | None = None
    time: str | None = None
    height: Measured | None = None
    length: Measured | None = None
    azimuth: Measured | None = None  # of the shadow
    slope: Measured = Measured(value=0.0, error=1.0)
    lean: Measured = Measured(value=0.0, error=1.0)
    gap_minutes: float | None = None  # to a second shadow of the same object
    second_length: Measured | None = None
    turn: Measured | None = None  # how far the shadow turned clockwise until then
    box: tuple[float, float, float, float] | None = None
    step_degrees: float = 0.5


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """`values` for JSON, `lines` for a person, a picture (SVG), and the mask as GeoJSON where places were asked for."""

    values: dict[str, Any]
    lines: tuple[str, ...]
    picture: str | None = None
    geojson: str | None = None


def answer(question: Question) -> Answer:
    """Answer whichever of the questions the knowns allow. Raises ValueError with a sentence."""
    where = _place(question.place)
    position = where.position if where is not None else None
    found = _answer(question, position)
    return (
        found
        if where is None
        else replace(found, values=found.values | where.values, lines=(*where.lines, *found.lines))
    )


def _answer(question: Question, position: Position | None) -> Answer:
    zone = zone_at(position) if position is not None else None
    interval = read_time(question.time, zone) if question.time else None
    shadow, turn = _shadow(question), _turn(question)
    if interval is None:
        raise ValueError("give --time: a day (to search it), or a moment or interval (to test it, or to find places)")
    start, end = _closed(interval)
    if shadow is None:
        if position is None:
            raise ValueError("without a shadow give --place: the sun's day is told for a place")
        return _day(position, zone, start, end)
    if position is None:
        return _where(question, shadow, turn, start, end)
    return _when(position, zone, start, end, shadow, turn)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Where:
    """The place that is spoken of, and how it was understood."""

    position: Position
    values: dict[str, Any]
    lines: tuple[str, ...]


def _place(place: str | None) -> _Where | None:
    if place is None:
        return None
    read = read_place(place)
    if not read.candidates:
        raise ValueError(f"{place!r} is not in the gazetteer; give coordinates like 35.70,51.34")
    usable = [one for one in read.candidates if one.place.level not in ("province", "country")]
    if not usable:
        raise ValueError(f"{read.candidates[0].place.name} is too large for one sun; name a city or give coordinates")
    best = usable[0].place
    point = f"{best.latitude_degrees:.4f}, {best.longitude_degrees:.4f}"
    lines = [f"place: {told_place(best)}, at {point} within {usable[0].radius_metres / 1000:g} km"]
    others = tuple(one for one in read.candidates if one is not usable[0])
    if is_ambiguous(read.candidates):
        lines.append(f"the name may also mean {told_places(others)}: name the province or county, or give coordinates")
    if read.unplaced:
        lines.append(f"not placed, kept as words: {', '.join(read.unplaced)}")
    values = {
        "place": told_place(best),
        "latitude": best.latitude_degrees,
        "longitude": best.longitude_degrees,
        "radius_metres": usable[0].radius_metres,
        "other_places": [told_place(one.place) for one in others],
        "words_kept": list(read.unplaced),
    }
    return _Where(position=best.position, values=values, lines=tuple(lines))


def _closed(interval: Interval) -> tuple[datetime, datetime]:
    if interval.earliest is None or interval.latest is None:
        raise ValueError("the time needs both ends: a day, a moment, or an interval")
    if interval.latest - interval.earliest > LONGEST:
        raise ValueError("the sun is searched over at most a year; narrow the time")
    return interval.earliest, interval.latest


def _shadow(question: Question) -> Shadow | None:
    if (question.height is None) != (question.length is None):
        raise ValueError("a ratio needs both --height and --length")
    altitude = _altitudes(question, question.length)
    azimuth = azimuth_interval(question.azimuth.value, question.azimuth.error) if question.azimuth else None
    if altitude is None and azimuth is None:
        return None
    return Shadow(altitude_degrees=altitude, azimuth_degrees=azimuth)


def _altitudes(question: Question, length: Measured | None) -> tuple[float, float] | None:
    if question.height is None or length is None:
        return None
    return altitude_interval(
        height=question.height.value,
        height_error=question.height.error,
        length=length.value,
        length_error=length.error,
        slope_degrees=question.slope.value,
        slope_error_degrees=question.slope.error,
        lean_degrees=question.lean.value,
        lean_error_degrees=question.lean.error,
    )


def _turn(question: Question) -> Turn | None:
    if question.gap_minutes is None:
        if question.turn is not None or question.second_length is not None:
            raise ValueError("a second shadow needs --gap, the minutes between the two")
        return None
    if not 0 < question.gap_minutes <= 24 * 60:
        raise ValueError(f"the gap between two shadows is 0 to 1,440 minutes, not {question.gap_minutes:g}")
    later = _altitudes(question, question.second_length)
    turned = question.turn
    if later is None and turned is None:
        raise ValueError("a second shadow needs --second-length, --turn or both")
    return Turn(
        gap_seconds=question.gap_minutes * 60,
        degrees=((turned.value - turned.error) % 360, (turned.value + turned.error) % 360) if turned else None,
        second=Shadow(altitude_degrees=later) if later else None,
    )


def _stamp(instant: datetime, zone: str | None) -> str:
    jalali = f" = {jalali_text(in_zone(instant, zone_rules(TEHRAN)))}" if zone == TEHRAN else ""
    return f"{instant:%Y-%m-%d %H:%M} UTC{jalali}"


def _day(position: Position, zone: str | None, start: datetime, end: datetime) -> Answer:
    """The sun's and moon's day at a place, without a shadow."""
    events = sun_events(position, start, end)
    middle = start + (end - start) / 2
    altitude, azimuth = (
        float(value)
        for value in sun_position(middle.timestamp(), position.latitude_degrees, position.longitude_degrees)
    )
    moon = moon_at(position, middle)
    lines = [f"{event.name}: {_stamp(event.at, zone)}" for event in events[:60]]
    missing = _no_rise_no_set(position, start, end, {event.name for event in events})
    lines += [missing] if missing else []
    lines.append(f"at {_stamp(middle, zone)}: sun {altitude:.1f}° high, azimuth {azimuth:.1f}° ({light(altitude)})")
    lines.append(f"moon {moon.altitude_degrees:.0f}° high, {moon.lit_share:.0%} lit ({moon.phase})")
    values = {
        "question": "day",
        "zone": zone,
        "events": [{"name": event.name, "at": event.at.isoformat()} for event in events],
        "no_rise_no_set": missing,
        "middle": {
            "at": middle.isoformat(),
            "sun_altitude_degrees": round(altitude, 2),
            "sun_azimuth_degrees": round(azimuth, 2),
            "light": light(altitude),
            "moon_altitude_degrees": round(moon.altitude_degrees, 1),
            "moon_lit_share": round(moon.lit_share, 3),
        },
    }
    return Answer(values=values, lines=tuple(lines))


def _no_rise_no_set(position: Position, start: datetime, end: datetime, names: set[str]) -> str | None:
    """A sentence where the sun neither rises nor sets within the interval; None where it does."""
    if names & {"sunrise", "sunset"}:
        return None
    altitudes, _ = sun_position(sampled(start, end), position.latitude_degrees, position.longitude_degrees)
    low, high = float(altitudes.min()), float(altitudes.max())
    span = "all the time" if end - start < timedelta(hours=23) else "all day"
    if low > 0.0:
        return f"the sun does not set: it stays above the horizon {span}, {low:.1f}° to {high:.1f}° high"
    if high < 0.0:
        return f"the sun does not rise: it stays below the horizon {span}, at most {high:.1f}° high"
    return "the sun neither rises nor sets by the clock here: it touches the horizon"


def _when(
    position: Position, zone: str | None, start: datetime, end: datetime, shadow: Shadow, turn: Turn | None
) -> Answer:
    """The times that fit within a day, or whether a claimed time fits."""
    found = times_of(position, start, end, shadow, turn)
    fits = agreement(position, start, end, shadow, turn)
    lines = [_measures(shadow)]
    for first, last in found.intervals:
        minutes = (last - first).total_seconds() / 60
        lines.append(f"fits from {_stamp(first, zone)} to {_stamp(last, zone)} ({minutes:.0f} minutes)")
    if not found.intervals:
        miss, at = found.nearest_miss_degrees, _stamp(found.nearest_miss_at, zone)
        lines.append(f"no time fits; the nearest miss is {miss:.1f}° at {at}")
    if end - start <= CLAIMED_WITHIN:
        verdict = "agrees with" if fits.agrees else f"misses by {fits.miss_degrees:.1f}°"
        lines.append(f"the claimed place and time {'agree with the shadow' if fits.agrees else verdict}")
    values = {
        "question": "when",
        "zone": zone,
        "altitude_degrees": shadow.altitude_degrees,
        "azimuth_degrees": shadow.azimuth_degrees,
        "intervals": [[first.isoformat(), last.isoformat()] for first, last in found.intervals],
        "nearest_miss_degrees": round(found.nearest_miss_degrees, 3),
        "agrees": fits.agrees,
        "miss_degrees": round(fits.miss_degrees, 3),
    }
    picture = day_picture(position, start, end, shadow, found, zone) if end - start <= timedelta(days=2) else None
    return Answer(values=values, lines=tuple(lines), picture=picture)


def _measures(shadow: Shadow) -> str:
    parts = []
    if shadow.altitude_degrees is not None:
        parts.append(f"sun {shadow.altitude_degrees[0]:.1f}° to {shadow.altitude_degrees[1]:.1f}° high")
    if shadow.azimuth_degrees is not None:
        parts.append(f"shadow towards {shadow.azimuth_degrees[0]:.0f}° to {shadow.azimuth_degrees[1]:.0f}°")
    return "measured: " + ", ".join(parts)


def _where(question: Question, shadow: Shadow, turn: Turn | None, start: datetime, end: datetime) -> Answer:
    """The places that fit, as a mask."""
    if instant_of(question.time) is None and end - start > timedelta(hours=3):
        raise ValueError("without --place give a time within three hours and its zone, like 2026-01-08T13:30+03:30")
    places = places_of(start, end, shadow, turn, box=question.box or WORLD, step_degrees=question.step_degrees)
    cells = int(places.fits.sum())
    about = {"from": start.isoformat(), "to": end.isoformat(), "step_degrees": places.step_degrees, "cells": cells}
    lines = [_measures(shadow), f"{cells:,} of {places.fits.size:,} cells of {places.step_degrees:g}° fit"]
    if not cells:
        lines.append(f"no place fits; the nearest miss is {places.nearest_miss_degrees:.1f}°")
    values = {"question": "where", **about, "nearest_miss_degrees": round(places.nearest_miss_degrees, 3)}
    return Answer(
        values=values,
        lines=tuple(lines),
        picture=places_picture(places, "Where the shadow fits"),
        geojson=mask_geojson(places, about),
    )
