"""Which traces lie together in time and in place, found by a grid of places and an order of times, never by all pairs.

Time alone never joins, and place alone never joins: a square is filmed every day, and a city films at every hour. Two
recordings are joined when both agree, and when what agrees is not one sentence that somebody said of the whole
hand-over.
"""

from __future__ import annotations

import math
from bisect import bisect_left
from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from verifier.findings.events.traces import LONGEST, WIDEST_METRES, Span, Spot, Trace
from verifier.geo.position import metres_between
from verifier.lengths import distance, told

SLACK = timedelta(minutes=15)  # between two intervals of one event
NEAR_METRES = 500.0  # between the edges of two circles: what two people in one crowd film
FAR_METRES = 2_000.0  # beyond it two recordings are not of one spot
MOST_LOOKS = 2_000_000  # pairs of traces that one run compares; what is left then is told
_CELL_DEGREES = 0.05
_NORTHMOST = 85.0  # beyond it a grid of degrees is none


@dataclass(frozen=True, slots=True, kw_only=True, order=True)
class Reason:
    """Why two exhibits may, or may not, show one event: what agrees, in a sentence, and what says so."""

    left: str
    right: str
    kind: str  # match | time | place | told-apart …
    joins: bool
    text: str
    references: tuple[str, ...] = ()


def agreeing(one: Trace, other: Trace) -> tuple[Reason, ...]:
    """The nearest agreement in time and in place, if there is any; both join where both are there."""
    times, places = _time(one, other), _place(one, other)
    joins = times is not None and places is not None
    found = []
    if times is not None:
        left, right = times
        found.append(_reason(left, right, "time", joins, f"{left.told} and {right.told}"))
    if places is not None:
        here, there, metres = places
        text = f"{here.told} and {there.told}: {metres:.0f} m between their edges"
        found.append(_reason(here, there, "place", joins, text))
    return tuple(found)


def excluding(one: Trace, other: Trace) -> tuple[Reason, ...]:
    """What holds two traces apart: no two of their times meet, or no two of their places are near."""
    found = []
    gaps = [(_gap(a, b), a, b) for a in one.spans for b in other.spans if not _is_one(a, b)]
    if gaps:
        gap, left, right = min(gaps, key=lambda entry: (entry[0], entry[1].reference, entry[2].reference))
        if gap > SLACK:
            text = f"{left.told} and {right.told} exclude one another: {gap} at least lies between them"
            found.append(_reason(left, right, "time", False, text))
    distances = [(_between(a, b), a, b) for a in one.spots for b in other.spots if not _is_one(a, b)]
    if distances:
        metres, here, there = min(distances, key=lambda entry: (entry[0], entry[1].reference, entry[2].reference))
        if metres > FAR_METRES:
            text = f"{here.told} and {there.told} are {told(distance(metres))} apart at least"
            found.append(_reason(here, there, "place", False, text))
    return tuple(found)


def _reason(left: Span | Spot, right: Span | Spot, kind: str, joins: bool, text: str) -> Reason:
    return Reason(
        left=left.exhibit,
        right=right.exhibit,
        kind=kind,
        joins=joins,
        text=text,
        references=(left.reference, right.reference),
    )


def _is_one(one: Span | Spot, other: Span | Spot) -> bool:
    """Whether both are the same sentence about the whole hand-over."""
    return one.shared is not None and one.shared == other.shared


def _gap(one: Span, other: Span) -> timedelta:
    return max(one.earliest - other.latest, other.earliest - one.latest, timedelta(0))


def _between(one: Spot, other: Spot) -> float:
    return max(0.0, metres_between(one.position, other.position) - one.radius_metres - other.radius_metres)


def _time(one: Trace, other: Trace) -> tuple[Span, Span] | None:
    for left in one.spans:
        for right in other.spans:
            if not _is_of_both(left, right, one, other) and _gap(left, right) <= SLACK:
                return left, right
    return None


def _is_of_both(left: Span | Spot, right: Span | Spot, one: Trace, other: Trace) -> bool:
    """Whether a side is a sentence about a whole hand-over to which both belong: it ties no two of them together."""
    return bool({left.shared, right.shared} & one.shared & other.shared)


def _place(one: Trace, other: Trace) -> tuple[Spot, Spot, float] | None:
    for here in one.spots:
        for there in other.spots:
            if not _is_of_both(here, there, one, other):
                metres = _between(here, there)
                if metres <= NEAR_METRES:
                    return here, there, metres
    return None


class Neighbours:
    """Finds, for a trace, those that may agree with it in time and place, by key and in an order that never varies."""

    def __init__(self, traces: Mapping[str, Trace]) -> None:
        self._traces = traces
        self.looks = 0
        rows: dict[tuple[int, int], list[tuple[datetime, datetime, str]]] = defaultdict(list)
        for key, trace in sorted(traces.items()):
            for spot in trace.spots:
                for cell in _cells(spot, 0.0):
                    rows[cell] += [(span.earliest, span.latest, key) for span in trace.spans]
        self._rows = {cell: sorted(set(entries)) for cell, entries in rows.items()}

    @property
    def is_spent(self) -> bool:
        """Whether pairs were left out because there were too many."""
        return self.looks >= MOST_LOOKS

    def of(self, trace: Trace, leave_out: set[str]) -> Iterator[str]:
        """Keys of traces in a cell around, at a time around; each once. Ends when the looks are spent."""
        met: set[str] = set()
        for cell in sorted({cell for spot in trace.spots for cell in _cells(spot, NEAR_METRES)}):
            for span in trace.spans:
                for key in self._at(cell, span):
                    if self.is_spent:
                        return
                    if key not in met and key not in leave_out:
                        met.add(key)
                        yield key

    def _at(self, cell: tuple[int, int], span: Span) -> Iterator[str]:
        """Keys in one cell whose interval meets a span; none begins more than the longest interval before it."""
        row = self._rows.get(cell, [])
        first = bisect_left(row, (span.earliest - SLACK - LONGEST,))
        for earliest, latest, key in row[first:]:
            if earliest > span.latest + SLACK or self.is_spent:
                return
            self.looks += 1
            if latest >= span.earliest - SLACK:
                yield key


def _cells(spot: Spot, further_metres: float) -> Iterator[tuple[int, int]]:
    """Cells of the grid that a circle touches."""
    reach = min(spot.radius_metres, WIDEST_METRES) + further_metres
    latitude, longitude = spot.position.latitude_degrees, spot.position.longitude_degrees
    if abs(latitude) > _NORTHMOST:
        yield (int(math.copysign(9_999, latitude)), 0)  # about a pole all are neighbours
        return
    high = reach / 110_000
    wide = high / math.cos(math.radians(min(abs(latitude) + high, _NORTHMOST)))
    round_the_world = round(360 / _CELL_DEGREES)
    for row in range(_cell(latitude - high), _cell(latitude + high) + 1):
        for column in range(_cell(longitude - wide), _cell(longitude + wide) + 1):
            yield (row, column % round_the_world)


def _cell(degrees: float) -> int:
    return math.floor(degrees / _CELL_DEGREES)
