"""Points on the Earth, found by their two numbers however they are written.

Every two numbers that follow one another are read as degrees, as degrees and minutes, as degrees, minutes and
seconds, as fractions of Exif, as radians, seconds of arc, whole numbers of 10⁻⁵ to 10⁻⁷ degrees, metres of UTM and of
Web Mercator and numbers of map tiles, in either order. Two that both lie within 0.001 degrees (100 m) of a secret
point are that point.
"""

from __future__ import annotations

import math
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from verifier.geo.coordinates import grid_reference, utm
from verifier.geo.position import Position
from verifier.report.redaction.figures import Figures

Point = tuple[float, float]  # degrees of latitude and longitude
NEAR_DEGREES, NEAR_METRES, TOLD_DEGREES = 0.001, 100.0, 2e-5
WITHIN, BETWEEN = 16, 40  # letters between the numbers of one angle; between two angles
ZOOMS = range(14, 21)
EARTH_METRES = 6_378_137.0
GRID = re.compile(r"(?<![\w.])(\d{1,2}[c-hj-np-x])\s*([a-hj-np-z]{2})\s*(?:(\d{3,5})\s+(\d{3,5})|(\d{6,10}))(?!\w)")
PACKED = re.compile(r"(?<![\d.])(\d{2,3}?)(\d\d(?:\.\d+)?|\d\d\d\d(?:\.\d+)?)(?=\s*,?\s*[nsew](?![a-z]))")
Numbers = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Space:
    """Secret pairs of numbers of one kind, and how near to one is that one."""

    pairs: NDArray[np.float64]
    near: float

    def found(self, left: Numbers, right: Numbers) -> Iterator[int]:
        """The places of the secrets that some pair is, in either order."""
        for first, second in ((left, right), (right, left)):
            sorted_firsts = self.pairs[:, 0]  # kept in order
            at = np.searchsorted(sorted_firsts, first - self.near)
            inside = at < len(sorted_firsts)
            inside[inside] = sorted_firsts[at[inside]] <= first[inside] + self.near
            for candidate in np.flatnonzero(inside):
                near = np.abs(self.pairs - (first[candidate], second[candidate])).max(axis=1) <= self.near
                yield from map(int, np.flatnonzero(near))


class Points:
    """Finds points. `told` may be told, and so may nothing finer that is equal to it."""

    def __init__(self, points: Iterable[Point], told: Iterable[Point] = ()) -> None:
        self._points = sorted({_by_north(point): point for point in points}.values(), key=_by_north)
        self._told = [(abs(north), abs(east)) for north, east in told]
        self._degrees = Space(np.array([(abs(n), abs(e)) for n, e in self._points]).reshape(-1, 2), NEAR_DEGREES)
        grids = [(at, _grid(point)) for at, point in enumerate(self._points)]
        told_cells = {cell for point in self._told for cell in _cells(_grid(point))}
        self._cells = {cell: at for at, grid in grids for cell in _cells(grid) if cell not in told_cells}
        self._metres = (
            _space(((at, utm(_position(p))) for at, p in enumerate(self._points) if _has_grid(p)), NEAR_METRES),
            _space(((at, _mercator(point)) for at, point in enumerate(self._points)), NEAR_METRES),
        )
        self._tiles = _space(((at, tile) for at, point in enumerate(self._points) for tile in _tiles(point)), 0.0)

    def found(self, numbers: Figures, text: str) -> Iterator[Point]:
        """The secret points that stand in a folded text, whose numbers these are."""
        if not self._points or len(numbers.values) < 2:
            return
        for left, right in _pairs(numbers):
            for at in self._degrees.found(left, right):
                if not self._is_told(left, right, self._degrees.pairs[at]):
                    yield self._points[at]
        yield from (self._points[at] for at in self._in_metres(numbers))
        for found in GRID.finditer(text):
            square, whole = found[1] + found[2], found[5] or ""
            half = len(whole) // 2
            east, north = (found[3], found[4]) if found[3] else (whole[:half], whole[half:])
            if len(east) == len(north) > 2 and (square, east[:3], north[:3]) in self._cells:
                yield self._points[self._cells[square, east[:3], north[:3]]]

    def _in_metres(self, numbers: Figures) -> Iterator[int]:
        values = numbers.values
        left, right = values[:-1], values[1:]
        large = (numbers.gaps[:-1] <= BETWEEN) & (left >= 1e5) & (right >= 1e5)
        for places, space in self._metres:
            yield from (places[at] for at in space.found(left[large], right[large]))
        whole = (numbers.gaps[:-1] <= WITHIN) & (numbers.decimals[:-1] + numbers.decimals[1:] == 0) & (left > 2**11)
        keys = self._tiles[1].pairs
        if len(keys):
            wanted = keys[:, 0] * 2**21 + keys[:, 1]
            for first, second in ((left, right), (right, left)):
                key = first[whole] * 2**21 + second[whole]
                hits = np.isin(key, wanted)
                yield from (self._tiles[0][int(np.flatnonzero(wanted == one)[0])] for one in key[hits])

    def _is_told(self, left: Numbers, right: Numbers, secret: Numbers) -> bool:
        """Whether all that is near this secret is a point that may be told."""
        if not self._told:
            return False
        for first, second in ((left, right), (right, left)):
            near = (np.abs(first - secret[0]) <= NEAR_DEGREES) & (np.abs(second - secret[1]) <= NEAR_DEGREES)
            for north, east in zip(first[near], second[near], strict=True):
                if not any(abs(north - n) <= TOLD_DEGREES and abs(east - e) <= TOLD_DEGREES for n, e in self._told):
                    return False
        return True


def _by_north(point: Point) -> tuple[float, float]:
    return abs(point[0]), abs(point[1])


def _space(pairs: Iterable[tuple[int, Point]], near: float) -> tuple[list[int], Space]:
    ordered = sorted(pairs, key=lambda pair: pair[1])
    return [at for at, _ in ordered], Space(np.array([pair for _, pair in ordered], np.float64).reshape(-1, 2), near)


def _pairs(numbers: Figures) -> Iterator[tuple[Numbers, Numbers]]:
    """Every two angles in degrees that the numbers can be read as, written to a hundred metres or finer."""
    v, d, gaps = numbers.values, numbers.decimals.astype(np.int32), numbers.gaps
    for count, least in ((1, 5), (2, 2), (3, 0)):  # degrees; with minutes; with seconds
        if len(v) < 2 * count:
            return
        last = len(v) - 2 * count + 1

        def column(at: int, last: int = last) -> Numbers:
            return v[at : at + last]

        good = np.ones(last, bool)
        for at in range(2 * count - 1):
            good &= gaps[at : at + last] <= (BETWEEN if at == count - 1 else WITHIN)
        for at in range(2 * count):
            if at % count:
                good &= (column(at) < 60) & (d[at - 1 : at - 1 + last] == 0)
        ends = d[count - 1 : count - 1 + last] + d[2 * count - 1 : 2 * count - 1 + last]
        angles = [sum(column(half * count + at) / 60**at for at in range(count)) for half in (0, 1)]
        fine = good & (ends >= least)
        yield angles[0][fine], angles[1][fine]
        if count == 1:
            yield from _scaled(column(0), column(1), good, d)
    yield from _fractions(v, gaps)


def _scaled(
    left: Numbers, right: Numbers, good: NDArray[np.bool_], d: NDArray[np.int32]
) -> Iterator[tuple[Numbers, Numbers]]:
    whole = good & (left >= 1e5) & (right >= 1e5)
    for scale in (1e5, 1e6, 1e7):
        yield left[whole] / scale, right[whole] / scale
    fine = good & (d[:-1] >= 5) & (d[1:] >= 5)
    yield np.degrees(left[fine]), np.degrees(right[fine])
    seconds = good & (left > 3600) & (right > 3600)
    yield left[seconds] / 3600, right[seconds] / 3600


def _fractions(v: Numbers, gaps: NDArray[np.int32]) -> Iterator[tuple[Numbers, Numbers]]:
    """35/1 42/1 4444/100, 51/1 23/1 5555/100, as Exif keeps them."""
    if len(v) < 12:
        return
    last = len(v) - 11
    good = np.ones(last, bool)
    for at in range(11):
        good &= gaps[at : at + last] <= (BETWEEN if at == 5 else WITHIN)
    for at in range(1, 12, 2):
        good &= v[at : at + last] > 0
    part = [v[at : at + last][good] for at in range(12)]
    angles = [sum(part[half + 2 * at] / part[half + 2 * at + 1] / 60**at for at in range(3)) for half in (0, 6)]
    yield angles[0], angles[1]


def unpacked(text: str) -> str:
    """1234.5678,N and 123456.7N with their parts apart."""
    return PACKED.sub(_apart, text) if re.search(r"\d{4}[\d.]*\s*,?\s*[nsew]", text) else text


def _apart(found: re.Match[str]) -> str:
    """Degrees of two digits, or three with a nought or one before; minutes of two; the rest are seconds."""
    whole, point, rest = found[0].partition(".")
    degrees = 3 if len(whole) in (5, 7) else 2
    minutes, seconds = whole[degrees : degrees + 2], whole[degrees + 2 :]
    return f"{whole[:degrees]} {minutes}{'' if seconds else point + rest} {seconds + point + rest if seconds else ''}"


def _grid(point: Point) -> str:
    return grid_reference(_position(point)) if _has_grid(point) else ""


def _position(point: Point) -> Position:
    return Position(latitude_degrees=point[0], longitude_degrees=point[1])


def _has_grid(point: Point) -> bool:
    return -80 <= point[0] <= 84


def _cells(grid: str) -> Iterator[tuple[str, str, str]]:
    """The square of a hundred metres."""
    if grid:
        digits = grid[-10:]
        yield grid[:-10].lower(), digits[:3], digits[5:8]


def _mercator(point: Point) -> Point:
    north = max(-85.0, min(85.0, point[0]))
    return abs(math.radians(point[1]) * EARTH_METRES), abs(math.asinh(math.tan(math.radians(north))) * EARTH_METRES)


def tile(point: Point, zoom: int) -> tuple[int, int]:
    """Column and row of the map tile that a point lies in."""
    north = math.radians(max(-85.0, min(85.0, point[0])))
    rows = (1 - math.asinh(math.tan(north)) / math.pi) / 2
    return int((point[1] + 180) / 360 * 2**zoom), int(rows * 2**zoom)


def _tiles(point: Point) -> Iterator[Point]:
    for zoom in ZOOMS:
        column, row = tile(point, zoom)
        yield float(column), float(row)


def quadkey(point: Point, zoom: int) -> str:
    """The tile's key of one digit a zoom level."""
    column, row = tile(point, zoom)
    return "".join(str((column >> bit & 1) + 2 * (row >> bit & 1)) for bit in range(zoom - 1, -1, -1))
