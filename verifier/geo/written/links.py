"""Links of maps: the pin, the middle of the view, or the words that were searched for.

A pin is what a person marked, the view only what the window showed: both are kept apart, and the pin goes first. The
order of latitude and longitude is that of each service and parameter. A shortened link says nothing without the network
and is refused with a sentence.
"""

from __future__ import annotations

import math
import re
from collections.abc import Iterator
from dataclasses import dataclass
from urllib.parse import SplitResult, parse_qsl, unquote, unquote_plus, urlsplit

from verifier.geo.letters import western_digits
from verifier.geo.position import Position
from verifier.geo.written.angles import read_angles
from verifier.geo.written.plus_codes import FULL, decoded

EQUATOR_METRES = 40_075_016.7
TILES_OF_VIEW = 2.0  # half of a window of four tiles
LEAST_VIEW_METRES, UNSTATED_VIEW_METRES = 50.0, 1_000.0
METRES_PER_DEGREE = 111_320.0
_N = r"[-+]?\d{1,3}(?:\.\d+)?"
_PAIR = re.compile(rf"\s*\(?\s*({_N})\s*[,~ ]\s*({_N})\s*\)?\s*(?:\([^)]*\))?\s*")
_AT = re.compile(rf"@({_N}),({_N})(?:,({_N})([a-z]))?(?:,(\d+(?:\.\d+)?)d)?")
_MARKED = re.compile(rf"!3d({_N})!4d({_N})")
_EMBEDDED = re.compile(rf"!2d({_N})!3d({_N})")
_SLASHED = re.compile(rf"#?(?:map=)?(\d{{1,2}}(?:\.\d+)?)/({_N})/({_N})(?:/|$|&|\?)")
_NESHAN = re.compile(rf"#c({_N})-({_N})-(\d{{1,2}}(?:\.\d+)?)z")
_SUNCALC = re.compile(rf"#?/?({_N}),({_N})(?:,(\d{{1,2}}(?:\.\d+)?))?(?:/|$)")
SHORTENED = frozenset(
    ("goo.gl", "maps.app.goo.gl", "g.co", "bit.ly", "tinyurl.com", "t.co", "nshn.ir", "is.gd", "b2n.ir", "yun.ir",
     "omaps.app", "ge0.me", "osm.org", "maps.apple", "go.2gis.com", "her.is", "w.wiki", "balad.ir/short")
)  # fmt: skip
_PIN_PAIRS = ("q", "query", "destination", "daddr", "dest", "center_pin", "coordinate", "latlng", "pin", "marker",
              "point", "cbll", "viewpoint", "loc", "to", "markers", "address", "near")  # fmt: skip
_VIEW_PAIRS = ("center", "sll", "map", "view", "c")
_LATITUDES, _LONGITUDES = ("mlat", "lat", "latitude"), ("mlon", "lon", "lng", "longitude", "long")


@dataclass(frozen=True, slots=True, kw_only=True)
class Linked:
    """What a link says: pins, the middle of its view with the view's radius, and the words searched for."""

    pins: tuple[Position, ...] = ()
    views: tuple[Position, ...] = ()
    query: str = ""


def read_link(text: str) -> Linked:
    """A link of a map or a geo: URI. Raises ValueError with a sentence where it says no place."""
    link = western_digits(text.strip().rstrip(".,;،)")).replace("&amp;", "&")
    if link.lower().startswith("geo:"):
        return _geo(link)
    parts = urlsplit(link if "://" in link else f"https://{link}")
    host = (parts.hostname or "").lower().removeprefix("www.").removeprefix("m.")
    if "what3words" in host or host == "w3w.co":
        raise ValueError("what3words are words of a private list and are not read: give coordinates")
    found = _of_service(host, parts)
    if found.pins or found.views or found.query:
        return found
    if host in SHORTENED:
        raise ValueError(f"{link} is a shortened link, which says no place without the network: give the long link")
    raise ValueError(f"{link} is a link in which no position is found")


def _of_service(host: str, parts: SplitResult) -> Linked:
    whole = unquote(f"{parts.path}?{parts.query}#{parts.fragment}")
    fields = [*parse_qsl(parts.query, keep_blank_values=False), *parse_qsl(parts.fragment.lstrip("/?"))]
    if "yandex" in host:
        return _yandex(fields)
    if "bing" in host:
        return _bing(fields)
    if "2gis" in host:
        return _two_gis(whole)
    if "suncalc" in host:
        found = _SUNCALC.search(parts.fragment)
        return Linked(pins=(_point(found[1], found[2]),) if found else ())
    if "plus.codes" in host:
        code = parts.path.strip("/").replace(" ", "+")
        return Linked(pins=(decoded(code).position,) if FULL.fullmatch(code) else (), query=code)
    pins = [*_path_pins(whole), *_field_pins(fields, host)]
    return Linked(
        pins=tuple(dict.fromkeys(pins)), views=tuple(_views(whole, parts, fields)), query=_query(parts, fields)
    )


def _path_pins(whole: str) -> Iterator[Position]:
    marked = _MARKED.findall(whole)
    if marked:
        yield _point(*marked[-1])
    place = re.search(rf"/(?:place|search|dir|maps|geo)/[^/@]*?({_N}),\+?\s*({_N})(?:/|$|\?|@)", whole)
    if place and not marked:
        yield _point(place[1], place[2])
    named = re.search(r"/(?:place|search)/([^/@]+)", whole)
    if named and not marked and not place:
        pair = read_angles(named[1].replace("+", " "))
        if pair is not None:
            yield pair.position
    route = re.search(rf"(?:to|at)[=/]ll\.({_N}),({_N})", whole)
    if route:
        yield _point(route[1], route[2])


def _field_pins(fields: list[tuple[str, str]], host: str) -> Iterator[Position]:
    names = dict(fields)
    view_only = "wikimapia" in host or "openstreetmap" in host
    north = next((name for name in _LATITUDES if name in names), "")
    east = next((name for name in _LONGITUDES if name in names), "")
    if north and east and (north == "mlat" or not view_only):
        yield from _points([(names[north], names[east])])
    for name, value in fields:
        pair = _PAIR.fullmatch(value.removeprefix("loc:").removeprefix("ll."))
        if pair and (name in _PIN_PAIRS or (name == "ll" and "google" not in host)):
            yield _point(pair[1], pair[2])


def _views(whole: str, parts: SplitResult, fields: list[tuple[str, str]]) -> Iterator[Position]:
    found = _AT.search(whole)
    if found:
        unit, size = found[4], found[5]
        metres = float(size) if size else None
        yield _view(found[1], found[2], found[3] if unit == "z" else None, metres)
    fragment = f"#{unquote(parts.fragment)}"
    neshan = _NESHAN.search(fragment)
    if neshan:
        yield _view(neshan[1], neshan[2], neshan[3])
    slashed = _SLASHED.search(fragment)
    if slashed:
        yield _view(slashed[2], slashed[3], slashed[1])
    embedded = _EMBEDDED.search(whole)
    if embedded and not _MARKED.search(whole):
        yield _view(embedded[2], embedded[1], None)
    names = dict(fields)
    zoom = names.get("z") or names.get("zoom")
    for name, value in fields:
        pair = _PAIR.match(value)
        if pair and (name in _VIEW_PAIRS or name == "ll"):
            yield _view(pair[1], pair[2], zoom)
    if "lat" in names and ("lon" in names or "lng" in names):
        yield from _points([(names["lat"], names.get("lon") or names["lng"])], zoom)


def _query(parts: SplitResult, fields: list[tuple[str, str]]) -> str:
    for name, value in fields:
        if name in ("q", "query", "daddr", "destination", "text", "address") and not _PAIR.fullmatch(value):
            return value
    place = re.search(r"/(?:place|search)/([^/@]+)", parts.path)
    return unquote_plus(place[1]) if place else ""


def _yandex(fields: list[tuple[str, str]]) -> Linked:
    """`ll`, `pt` and `…[point]` have the longitude first, `rtext` and `text` the latitude."""
    pins: list[Position] = []
    views: list[Position] = []
    zoom = dict(fields).get("z")
    query = ""
    for name, value in fields:
        if name in ("pt", "whatshere[point]", "poi[point]"):
            for point in value.split("~"):
                longitude, latitude = [*point.split(","), "", ""][:2]
                pins += _points([(latitude, longitude)])
        elif name == "ll":
            longitude, _, latitude = value.partition(",")
            views += _points([(latitude, longitude)], zoom or "")
        elif name in ("rtext", "text"):
            last = value.split("~")[-1]
            pair = _PAIR.fullmatch(last)
            if pair:
                pins.append(_point(pair[1], pair[2]))
            elif name == "text":
                query = value
    return Linked(pins=tuple(pins), views=tuple(views), query=query)


def _bing(fields: list[tuple[str, str]]) -> Linked:
    names = dict(fields)
    pin = re.search(rf"point\.({_N})_({_N})", names.get("sp", ""))
    where = re.search(rf"^({_N}),({_N})$", names.get("where1", ""))
    view = re.match(rf"({_N})~({_N})", names.get("cp", ""))
    return Linked(
        pins=tuple(_point(found[1], found[2]) for found in (pin, where) if found),
        views=(_view(view[1], view[2], names.get("lvl")),) if view else (),
        query=names.get("q", ""),
    )


def _two_gis(whole: str) -> Linked:
    pin = re.search(rf"/geo/(?:\d+/)?({_N}),({_N})", whole)
    view = re.search(rf"m=({_N}),({_N})(?:/(\d+(?:\.\d+)?))?", whole)
    return Linked(
        pins=(_point(pin[2], pin[1]),) if pin else (), views=(_view(view[2], view[1], view[3]),) if view else ()
    )


def _geo(link: str) -> Linked:
    """`geo:LAT,LON?q=…` (Android): the query is the pin, 0,0 a placeholder."""
    body, _, query = link[4:].partition("?")
    asked = unquote_plus(dict(parse_qsl(query)).get("q", ""))
    pair = _PAIR.match(asked)
    centre = re.match(rf"({_N}),({_N})", body)
    radius = re.search(r";u=(\d+(?:\.\d+)?)", body)
    reference = re.search(r";crs=([\w-]+)", body.lower())
    if reference and reference[1] != "wgs84":
        raise ValueError(f"only WGS 84 is read, not the coordinate system {reference[1]}")
    if pair:
        return Linked(pins=(_point(pair[1], pair[2]),))
    if centre is None:
        raise ValueError("a geo: link is written like geo:35.7,51.338")
    point = _point(centre[1], centre[2])
    if asked:
        return Linked(views=() if point.is_null_island else (point.with_radius(UNSTATED_VIEW_METRES),), query=asked)
    return Linked(pins=(point.with_radius(float(radius[1])) if radius else point,))


def _points(pairs: list[tuple[str, str]], zoom: str | None = None) -> Iterator[Position]:
    for latitude, longitude in pairs:
        if re.fullmatch(_N, latitude.strip()) and re.fullmatch(_N, longitude.strip()):
            yield _point(latitude, longitude) if zoom is None else _view(latitude, longitude, zoom)


def _point(latitude: str, longitude: str) -> Position:
    halves = [0.5 * 10.0 ** -len(part.strip().partition(".")[2]) * METRES_PER_DEGREE for part in (latitude, longitude)]
    return Position(
        latitude_degrees=float(latitude),
        longitude_degrees=float(longitude),
        radius_metres=max(math.hypot(*halves), 1.0),
    )


def _view(latitude: str, longitude: str, zoom: str | None, metres: float | None = None) -> Position:
    """The middle of a window: its radius is two tiles of its zoom."""
    point = _point(latitude, longitude)
    if metres is None:
        metres = UNSTATED_VIEW_METRES
        if zoom and re.fullmatch(r"\d{1,2}(?:\.\d+)?", zoom):
            tile = EQUATOR_METRES * math.cos(math.radians(point.latitude_degrees)) / 2 ** float(zoom)
            metres = min(TILES_OF_VIEW * tile, 5_000_000.0)
    return point.with_radius(max(metres, LEAST_VIEW_METRES))
