"""The map of the brief: zoomed to where most recordings lie, labels that do not overlap, an inset for what is farther.

A label is the number of a recording; recordings of one spot share a mark. What lies outside the frame is drawn in the
inset, which shows everything.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from verifier.geo.position import Position
from verifier.report.language import Language
from verifier.report.maps.drawn import Drawn
from verifier.report.maps.kml import escaped
from verifier.report.maps.map import (
    COLOURS,
    HEIGHT,
    WIDTH,
    Frame,
    background,
    foreground,
    frame_of,
)
from verifier.report.phrases import number
from verifier.visible import right_to_left

TOGETHER_METRES = 40_000.0  # recordings of one town and its surroundings
LEAST_TALL_DEGREES = 0.03
MOST_MIDDLES = 500
EARTH_RADIUS_METRES = 6_371_009.0
LETTER, LINE = 7.0, 13.0  # of labels, in dots of paper
MOST_NUMBERS = 6  # of one label
INSET = 0.3  # share of the paper's width


@dataclass(frozen=True, slots=True)
class Mark:
    """A place of one recording."""

    kind: str
    number: int
    position: Position
    name: str


@dataclass(frozen=True, slots=True)
class Box:
    """A rectangle of paper that is taken."""

    left: float
    top: float
    right: float
    bottom: float

    def meets(self, other: Box) -> bool:
        """Whether the two overlap."""
        return (
            self.left < other.right and other.left < self.right and self.top < other.bottom and other.top < self.bottom
        )


def brief_map(marks: tuple[Mark, ...], title: str, words: Language) -> str:
    """The map as an SVG document."""
    near = together(marks)
    within = {mark.number for mark in near}
    far = tuple(mark for mark in marks if mark.number not in within)
    frame = _frame(near)
    inset = Box(WIDTH * (1 - INSET) - 8, 8, WIDTH - 8, 8 + HEIGHT * INSET) if far else None
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH:g} {HEIGHT:g}" width="{WIDTH:g}" '
        f'height="{HEIGHT:g}" role="img" font-family="Vazirmatn, DejaVu Sans, sans-serif" font-size="10">'
        f"<title>{escaped(title)}</title>",
        background(frame, words.code),
        *_marked(near, frame, words, [inset] if inset else [], large=True),
        foreground(frame, words.code, compass_y=HEIGHT - 60),
    ]
    if inset is not None:
        parts.append(_inset(marks, far, inset, words))
    return "\n".join([*parts, "</svg>"])


def together(marks: tuple[Mark, ...]) -> tuple[Mark, ...]:
    """The most marks that lie near one of them; of equals, those of the recording with the least number.

    Marks of one spot (about a kilometre) are counted together, and of very many spots only those with most marks are
    tried as the middle: a large case is not compared each with each.
    """
    ordered = sorted(marks, key=lambda mark: mark.number)
    spots: dict[tuple[float, float], list[Mark]] = {}
    for mark in ordered:
        at = (round(mark.position.latitude_degrees, 2), round(mark.position.longitude_degrees, 2))
        spots.setdefault(at, []).append(mark)
    tried = sorted(spots, key=lambda at: (-len(spots[at]), spots[at][0].number))[:MOST_MIDDLES]
    points, counts = np.radians(np.array(list(spots))), np.array([len(some) for some in spots.values()])
    near = [_metres(np.radians(np.array(at)), points) <= TOGETHER_METRES for at in tried]
    chosen = max(range(len(tried)), key=lambda one: (int(counts[near[one]].sum()), -spots[tried[one]][0].number))
    kept = {at for at, is_near in zip(spots, near[chosen], strict=True) if is_near}
    return tuple(mark for at in spots if at in kept for mark in spots[at])


def _metres(one: NDArray[np.float64], others: NDArray[np.float64]) -> NDArray[np.float64]:
    """Great-circle distances on a sphere: enough to tell one town from another."""
    half = (
        np.sin((others[:, 0] - one[0]) / 2) ** 2
        + np.cos(one[0]) * np.cos(others[:, 0]) * np.sin((others[:, 1] - one[1]) / 2) ** 2
    )
    metres: NDArray[np.float64] = 2 * EARTH_RADIUS_METRES * np.arcsin(np.sqrt(np.minimum(half, 1.0)))
    return metres


def _frame(marks: tuple[Mark, ...], least: float = LEAST_TALL_DEGREES) -> Frame:
    frame = frame_of(tuple(Drawn(kind=m.kind, title="", position=m.position) for m in marks), margin=0.3)
    tall = frame.north - frame.south
    if tall >= least:
        return frame
    more, wide = (least - tall) / 2, (frame.east - frame.west) * (least / tall - 1) / 2
    return Frame(frame.south - more, frame.west - wide, frame.north + more, frame.east + wide)


def spots_of(marks: tuple[Mark, ...], frame: Frame) -> list[tuple[float, float, str, tuple[Mark, ...]]]:
    """Marks that fall on one dot of paper, together: x, y, kind, and the marks in order of number."""
    found: dict[tuple[int, int, str], list[Mark]] = {}
    for mark in marks:
        x, y = frame.at(mark.position.longitude_degrees, mark.position.latitude_degrees)
        found.setdefault((round(x / 6), round(y / 6), mark.kind), []).append(mark)
    spots = []
    for (_, _, kind), some in found.items():
        x, y = frame.at(some[0].position.longitude_degrees, some[0].position.latitude_degrees)
        spots.append((x, y, kind, tuple(sorted(some, key=lambda mark: mark.number))))
    return sorted(spots, key=lambda spot: spot[3][0].number)


def _marked(marks: tuple[Mark, ...], frame: Frame, words: Language, taken: list[Box], *, large: bool) -> list[str]:
    scale = 1.0 if large else 2.6
    spots = spots_of(marks, frame)
    taken = [*taken, *(Box(x - 5 * scale, y - 5 * scale, x + 5 * scale, y + 5 * scale) for x, y, _, _ in spots)]
    parts = []
    for x, y, kind, some in spots:
        colour = COLOURS.get(kind, "#666666")
        text = label_of([mark.number for mark in some], words)
        box = free_place(x, y, text, taken, scale)
        names = escaped(", ".join(mark.name for mark in some[:MOST_NUMBERS]))
        parts.append(f'<circle cx="{x:g}" cy="{y:g}" r="{4.5 * scale:g}" fill="{colour}" stroke="#fff">'
                     f"<title>{names}</title></circle>")  # fmt: skip
        if box is not None:
            taken.append(box)
            parts.append(f'<text x="{box.left:.1f}" y="{box.bottom - 3 * scale:.1f}" font-size="{12 * scale:g}" '
                         f'font-weight="bold" fill="{colour}" stroke="#fff" stroke-width="{2.4 * scale:g}" '
                         f'paint-order="stroke">{escaped(text)}</text>')  # fmt: skip
    return parts


def label_of(numbers: list[int], words: Language) -> str:
    """ "1, 4, 7" in the digits of the language, and how many more."""
    comma = "، " if words.direction == "rtl" else ", "
    text = comma.join(number(one, words) for one in numbers[:MOST_NUMBERS])
    left = len(numbers) - MOST_NUMBERS
    text = f"{text} +{number(left, words)}" if left > 0 else text
    return right_to_left(text) if words.direction == "rtl" else text


def free_place(x: float, y: float, text: str, taken: list[Box], scale: float = 1.0) -> Box | None:
    """Where a label can stand beside its mark without covering another; None where there is no such place."""
    wide, tall, gap = LETTER * scale * len(text), LINE * scale, 7 * scale
    corners = [
        (x + gap, y - tall / 2), (x - gap - wide, y - tall / 2), (x - wide / 2, y - gap - tall),
        (x - wide / 2, y + gap),
        (x + gap, y + gap), (x + gap, y - gap - tall), (x - gap - wide, y + gap), (x - gap - wide, y - gap - tall),
    ]  # fmt: skip
    for left, top in corners:
        box = Box(left, top, left + wide, top + tall)
        inside = box.left >= 0 and box.top >= 0 and box.right <= WIDTH and box.bottom <= HEIGHT
        if inside and not any(box.meets(other) for other in taken):
            return box
    return None


def _inset(marks: tuple[Mark, ...], far: tuple[Mark, ...], box: Box, words: Language) -> str:
    """Everything small, with the numbers of what lies outside the large map."""
    frame = _frame(marks, 1.0)
    inner = "\n".join([background(frame, words.code, names=False), *_marked(far, frame, words, [], large=False)])
    near = [mark for mark in marks if mark not in far]
    x, y = frame.at(near[0].position.longitude_degrees, near[0].position.latitude_degrees)
    inner += f'<rect x="{x - 14:g}" y="{y - 14:g}" width="28" height="28" fill="none" stroke="#333" stroke-width="3"/>'
    return (
        f'<svg x="{box.left:.1f}" y="{box.top:.1f}" width="{box.right - box.left:.1f}" '
        f'height="{box.bottom - box.top:.1f}" viewBox="0 0 {WIDTH:g} {HEIGHT:g}">{inner}'
        f'<rect width="{WIDTH:g}" height="{HEIGHT:g}" fill="none" stroke="#333" stroke-width="5"/></svg>'
    )
