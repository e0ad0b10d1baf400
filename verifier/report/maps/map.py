"""A static map as SVG: outlines, graticule, scale, north, precision circles and view cones; no network, no script.

Plate carrée, stretched so that a kilometre is as long eastward as northward at the middle of the map. Outlines are
those of Natural Earth 1:50 million: at street scale they are absent or coarse, and the map says so by its scale alone.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache, lru_cache

import numpy as np
from numpy.typing import NDArray

from verifier.geo.gazetteer import built_in
from verifier.geo.outlines import outlines
from verifier.report.language import language
from verifier.report.maps.drawn import Drawn
from verifier.report.maps.kml import escaped
from verifier.report.phrases import digits

WIDTH, HEIGHT = 720.0, 480.0
LEAST_SPAN_DEGREES = 0.01
MOST_NAMES = 14
LEAST_STEP = 1.0  # dots of paper between corners of an outline
COLOURS = {"recorded": "#1b5e9b", "claimed": "#a8541a", "matched": "#23732f", "track": "#666666"}
ATTRIBUTION = "Outlines: Natural Earth. Names: GeoNames, CC BY 4.0."
Ring = list[tuple[float, float]]


@dataclass(frozen=True, slots=True)
class Frame:
    """The part of the Earth that is shown, and where its points fall on the paper."""

    south: float
    west: float
    north: float
    east: float

    @property
    def shrink(self) -> float:
        """Kilometres of a degree eastward against one northward, at the middle."""
        return max(0.02, math.cos(math.radians((self.south + self.north) / 2)))

    @property
    def per_degree(self) -> float:
        """Points of paper for a degree northward."""
        return HEIGHT / (self.north - self.south)

    def at(self, longitude: float, latitude: float) -> tuple[float, float]:
        """Paper coordinates, x rightward and y downward."""
        x = (longitude - self.west) * self.shrink * self.per_degree
        return round(x, 1), round((self.north - latitude) * self.per_degree, 1)


def frame_of(
    things: tuple[Drawn, ...], margin: float = 0.15, box: tuple[float, float, float, float] | None = None
) -> Frame:
    """A frame of the paper's shape around everything drawn, circles and `box` included; the world for nothing."""
    points: Ring = [(box[1], box[0]), (box[3], box[2])] if box else []
    for thing in things:
        points.append((thing.position.longitude_degrees, thing.position.latitude_degrees))
        points += thing.ring or []
        points += thing.view or []
    if not points:
        return Frame(-85.0, -180.0, 85.0, 180.0)
    longitudes, latitudes = np.array(points).T
    middle_x, middle_y = (longitudes.min() + longitudes.max()) / 2, (latitudes.min() + latitudes.max()) / 2
    shrink = max(0.02, math.cos(math.radians(middle_y)))
    tall = max(latitudes.max() - latitudes.min(), (longitudes.max() - longitudes.min()) * shrink * HEIGHT / WIDTH)
    tall = min(180.0, max(tall * (1 + 2 * margin), LEAST_SPAN_DEGREES))
    south = min(max(middle_y - tall / 2, -90.0), 90.0 - tall)
    wide = tall * WIDTH / HEIGHT / shrink
    return Frame(float(south), float(middle_x - wide / 2), float(south + tall), float(middle_x + wide / 2))


def map_svg(
    things: tuple[Drawn, ...],
    title: str,
    mask: tuple[Ring, ...] = (),
    box: tuple[float, float, float, float] | None = None,
) -> str:
    """The map as an SVG document; `mask` are further rings to shade, such as places where a shadow fits."""
    frame = frame_of(things, box=box)
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH:g} {HEIGHT:g}" width="{WIDTH:g}" '
        f'height="{HEIGHT:g}" '
        f'role="img" font-family="DejaVu Sans, sans-serif" font-size="10"><title>{escaped(title)}</title>',
        background(frame, mask=mask),
        *(_thing(frame, thing, index % 4) for index, thing in enumerate(things)),
        foreground(frame),
        "</svg>",
    ]
    return "\n".join(part for part in parts if part)


def linked_map(
    things: tuple[Drawn, ...], frame: Frame, title: str, code: str, kinds: Mapping[str, str], address: str
) -> str:
    """The same of a chosen frame, every mark a link to `address` of its exhibit. `kinds`: what each kind is called."""
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH:g} {HEIGHT:g}" role="group" '
        f'font-family="Vazirmatn, system-ui, sans-serif" font-size="10"><title>{escaped(title)}</title>',
        _kept_background(frame, code),
    ]
    for index, thing in enumerate(things):
        drawn = _thing(frame, thing, index % 4, kinds.get(thing.kind, thing.kind))
        parts.append(f'<a href="{escaped(address + thing.exhibit)}">{drawn}</a>' if thing.exhibit else drawn)
    return "\n".join([*parts, foreground(frame, code), "</svg>"])


def frame_at(latitude: float, longitude: float, tall: float) -> Frame:
    """A frame of the paper's shape around a point, so many degrees high."""
    tall = min(180.0, max(tall, LEAST_SPAN_DEGREES))
    south = min(max(latitude - tall / 2, -90.0), 90.0 - tall)
    wide = tall * WIDTH / HEIGHT / max(0.02, math.cos(math.radians(south + tall / 2)))
    return Frame(south, longitude - wide / 2, south + tall, longitude + wide / 2)


def background(frame: Frame, code: str = "en", mask: tuple[Ring, ...] = (), *, names: bool = True) -> str:
    """Water, land, lines of the globe, what is shaded, and names of towns in a language; what lies under all marks."""
    parts = [
        f'<rect width="{WIDTH:g}" height="{HEIGHT:g}" fill="#eef3f6"/>',
        _land(frame),
        _graticule(frame) if names else "",
        _mask(frame, mask),
        _names(frame, code) if names else "",
    ]
    return "\n".join(part for part in parts if part)


_kept_background = lru_cache(maxsize=32)(background)  # who looks at a map comes back to what was seen


def foreground(frame: Frame, code: str = "en", compass_y: float = 40.0) -> str:
    """Scale, north and where outlines and names come from."""
    north = "ش" if code == "fa" else "N"
    return "\n".join(
        [
            _scale(frame, code),
            f'<path d="M{WIDTH - 22:g} {compass_y:g} l6 -20 l6 20 l-6 -5 z" fill="#333"/><text x="{WIDTH - 16:g}" '
            f'y="{compass_y + 12:g}" text-anchor="middle" fill="#333">{north}</text>',
            f'<text x="{WIDTH - 6:g}" y="{HEIGHT - 6:g}" text-anchor="end" font-size="8" fill="#555">'
            f"{ATTRIBUTION}</text>",
        ]
    )


def _land(frame: Frame) -> str:
    """Every outline that reaches into the frame, as one path a country; corners closer than a dot are left out."""
    paths = []
    for code, rings in _bounded():
        drawn = [
            "M" + "L".join(f"{x:g} {y:g}" for x, y in corners.tolist()) + "Z"
            for ring, (west, south, east, north) in rings
            for turn in (-360.0, 0.0, 360.0)
            if east + turn >= frame.west and west + turn <= frame.east and north >= frame.south and south <= frame.north
            for corners in [_corners(ring + np.array([turn, 0.0]), frame)]
            if len(corners) >= 3
        ]
        if drawn:
            style = 'fill="#fbfaf5" stroke="#8a8f94" stroke-width="0.7"'
            paths.append(f'<path d="{"".join(drawn)}" {style}><title>{escaped(code)}</title></path>')
    return "\n".join(paths)


@cache
def _bounded() -> list[tuple[str, list[tuple[NDArray[np.float64], tuple[float, float, float, float]]]]]:
    """Every outline in order of its country, each ring with the box that it lies in."""
    return [
        (code, [(ring, _box(ring)) for ring in rings]) for code, rings in sorted(outlines().items())
    ]  # fmt: skip


def _box(ring: NDArray[np.float64]) -> tuple[float, float, float, float]:
    (west, south), (east, north) = ring.min(axis=0), ring.max(axis=0)
    return float(west), float(south), float(east), float(north)


def _corners(ring: NDArray[np.float64], frame: Frame) -> NDArray[np.float64]:
    """The ring on paper, pulled to within ten frames so that no number is huge; empty where it is out of sight."""
    (west, south), (east, north) = ring.min(axis=0), ring.max(axis=0)
    if east < frame.west or west > frame.east or north < frame.south or south > frame.north:
        return np.empty((0, 2))
    if max((east - west) * frame.shrink, north - south) * frame.per_degree < LEAST_STEP:
        return np.empty((0, 2))
    tall, wide = frame.north - frame.south, frame.east - frame.west
    low = np.array([frame.west - 10 * wide, frame.south - 10 * tall])
    near = np.clip(ring, low, np.array([frame.east + 10 * wide, frame.north + 10 * tall]))
    paper = np.column_stack(
        [(near[:, 0] - frame.west) * frame.shrink * frame.per_degree, (frame.north - near[:, 1]) * frame.per_degree]
    )
    cells = np.round(paper / LEAST_STEP).astype(np.int64)
    kept = np.concatenate(([True], np.any(cells[1:] != cells[:-1], axis=1)))
    corners: NDArray[np.float64] = np.round(paper[kept], 1)
    return corners


def _graticule(frame: Frame) -> str:
    """Lines of latitude and longitude at a round step, with their degrees."""
    step = _round_step((frame.north - frame.south) / 4)
    places = max(0, -math.floor(math.log10(step)))
    lines = []
    for index in range(math.ceil(frame.south / step), math.floor(frame.north / step) + 1):
        latitude = index * step
        _, y = frame.at(frame.west, latitude)
        letter = "N" if latitude >= 0 else "S"
        lines.append(f'<path d="M0 {y:g}H{WIDTH:g}" stroke="#b9c4cc" stroke-width="0.5"/>')
        lines.append(f'<text x="3" y="{y - 2:g}" fill="#666">{abs(latitude):.{places}f}°{letter}</text>')
    for index in range(math.ceil(frame.west / step), math.floor(frame.east / step) + 1):
        longitude = index * step
        x, _ = frame.at(longitude, frame.north)
        shown = (longitude + 180) % 360 - 180
        letter = "E" if shown >= 0 else "W"
        lines.append(f'<path d="M{x:g} 0V{HEIGHT:g}" stroke="#b9c4cc" stroke-width="0.5"/>')
        lines.append(f'<text x="{x + 2:g}" y="10" fill="#666">{abs(shown):.{places}f}°{letter}</text>')
    return "\n".join(lines)


def _round_step(span: float) -> float:
    power = 10.0 ** math.floor(math.log10(span))
    return next(factor * power for factor in (5, 2, 1) if factor * power <= span)


def _names(frame: Frame, code: str) -> str:
    """The most populous named places within the frame."""
    inside = [
        place
        for place in built_in().inside(frame.south, frame.west, frame.north, frame.east)
        if place.level in ("city", "district")
    ]
    inside.sort(key=lambda place: (-place.people, place.name))
    texts, taken = [], list[tuple[float, float]]()
    for place in inside:
        x, y = frame.at(place.longitude_degrees, place.latitude_degrees)
        if any(abs(x - other_x) < 80 and abs(y - other_y) < 14 for other_x, other_y in taken):
            continue
        taken.append((x, y))
        texts.append(
            f'<circle cx="{x:g}" cy="{y:g}" r="1.6" fill="#555"/><text x="{x + 4:g}" y="{y - 3:g}" fill="#444">'
            f"{escaped(place.persian or place.name if code == 'fa' else place.name)}</text>"
        )
        if len(taken) >= MOST_NAMES:
            break
    return "\n".join(texts)


def _thing(frame: Frame, thing: Drawn, line: int, kind: str = "") -> str:
    """Circle, view, point and label; labels of neighbours stand on lines of their own."""
    colour = COLOURS.get(thing.kind, "#666666")
    x, y = frame.at(thing.position.longitude_degrees, thing.position.latitude_degrees)
    shapes = [_shape(frame, ring, colour, 0.12) for ring in (thing.ring, thing.view) if ring is not None]
    about = escaped(f"{kind or thing.kind}: {thing.title} ({thing.note})")
    mark = f'<circle cx="{x:g}" cy="{y:g}" r="4" fill="{colour}" stroke="#fff"><title>{about}</title></circle>'
    label = f'<text x="{x + 6:g}" y="{y + 12 + 11 * line:g}" fill="{colour}">{escaped(thing.title[:40])}</text>'
    return "".join([*shapes, mark, label])


def _shape(frame: Frame, ring: Ring, colour: str, opacity: float) -> str:
    corners = " ".join("{:g},{:g}".format(*frame.at(longitude, latitude)) for longitude, latitude in ring)
    return (
        f'<polygon points="{corners}" fill="{colour}" fill-opacity="{opacity:g}" stroke="{colour}" stroke-width="0.8"/>'
    )


def _mask(frame: Frame, rings: tuple[Ring, ...]) -> str:
    paths = ["M" + "L".join("{:g} {:g}".format(*frame.at(*corner)) for corner in ring[:-1]) + "Z" for ring in rings]
    return f'<path d="{"".join(paths)}" fill="#c9a400" fill-opacity="0.45"/>' if paths else ""


def _scale(frame: Frame, code: str) -> str:
    """A bar of a round number of metres, about a quarter of the width."""
    metres_per_point = 111_195.0 / frame.per_degree
    metres = _round_step(WIDTH / 4 * metres_per_point)
    long = metres / metres_per_point
    amount, unit = (metres / 1000, "km") if metres >= 1000 else (metres, "m")
    words = f"{amount:g} {unit}"
    if code == "fa":
        words = f"{digits(f'{amount:g}', language(code))} {language(code).word('unit', unit)}"
    y = HEIGHT - 14
    return (
        f'<path d="M12 {y - 5:g}V{y:g}H{12 + long:.1f}V{y - 5:g}" fill="none" stroke="#333" stroke-width="1.4"/>'
        f'<text x="16" y="{y - 5:g}" fill="#333">{words}</text>'
    )
