"""The drawings of the brief: when recordings were made, as bars on clocks in Iran, and where."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from verifier.geo.position import Position
from verifier.geo.timezone import TEHRAN, zone
from verifier.instants import in_zone, shifted
from verifier.report.blocks import Cell, Drawing, Section, Text, Word, joined
from verifier.report.maps.brief_map import Mark, brief_map
from verifier.report.pages.brief.places import spots
from verifier.report.pages.brief.recordings import Told, name_of, when
from verifier.report.pages.drawings import COLOURS, INK, LINE, RIGHT, SOFT, opened, words_at
from verifier.report.pages.report_index import ReportIndex
from verifier.report.phrases import day as gregorian_day
from verifier.report.phrases import digits, jalali_day, number, parsed
from verifier.visible import right_to_left, visible

MOST_ROWS, MOST_MARKS = 26, 300
ROW, LEFT, TOP, LETTERS = 17, 190, 38, 26
NEAR = timedelta(days=3)  # bars that lie nearer to the middle one than this are drawn to scale
RED = "#a3162a"


@dataclass(frozen=True, slots=True)
class Row:
    """A recording with the interval of its clock or of people, and by when it existed."""

    label: str
    clock: tuple[datetime, datetime] | None
    record: datetime | None

    @property
    def first(self) -> datetime:
        """What it is ordered by."""
        known = self.clock[0] if self.clock else self.record
        assert known is not None  # noqa: S101
        return known


def timeline(desk: ReportIndex, told: tuple[Told, ...]) -> Section | None:
    """Dated recordings as bars; those without any time are named in a line."""
    some = [one for one in told if one.number]
    rows = [row for one in some if (row := _row(desk, one)) is not None]
    if not rows:
        return None
    rows.sort(key=lambda row: (row.first, row.label))
    drawn = rows[:MOST_ROWS]
    alternative = desk.words.word("text", "timeline_brief_alternative", count=number(len(drawn), desk.words))
    undated = [one.best for one in some if not when(desk, one)]
    rest: Cell = ()
    if undated:
        head = desk.words.word("text", "undated", count=number(len(undated), desk.words))
        rest = (Word(" " + head),)
    return desk.section("when", Drawing(timeline_svg(desk, drawn), alternative),
                        Text((*desk.word("text", "timeline_brief"), *rest), "soft"), folded=False)  # fmt: skip


def _row(desk: ReportIndex, one: Told) -> Row | None:
    clock = record = None
    for known in when(desk, one):
        first, last = parsed(known.earliest), parsed(known.latest)
        if known.kind == "record":
            record = last
        elif clock is None and (first or last) is not None:
            clock = (first or last, last or first)
    if clock is None and record is None:
        return None
    name = name_of(desk.case.exhibits[one.best], LETTERS)
    return Row(f"{number(one.number, desk.words)}. {name}", clock, record)  # type: ignore[arg-type]


def _claimed(desk: ReportIndex) -> tuple[datetime, datetime] | None:
    """The one interval that is claimed of everything, as checks read it; None where claims differ."""
    found: set[tuple[datetime, datetime]] = set()
    for dossier in desk.case.exhibits.values():
        for finding in dossier.findings:
            values = finding.values if finding.code.startswith("time.") and "claim" in finding.values else {}
            first, last = parsed(values.get("earliest")), parsed(values.get("latest"))
            if first is not None and last is not None:
                found.add((first, last))
        if len(found) > 1:
            return None
    return next(iter(found), None)


def window_of(rows: list[Row], claimed: tuple[datetime, datetime] | None) -> tuple[datetime, datetime]:
    """The stretch in which most recordings lie, and the claim; what lies outside is cut at the edge, with an arrow."""
    points = sorted(point for row in rows for point in (row.clock or (row.record,)) if point is not None)
    middle = points[len(points) // 2]
    near = [point for point in points if abs(point - middle) <= NEAR] or [middle]
    if claimed is not None and abs(claimed[0] - middle) <= NEAR:
        near += claimed
    width = max(max(near) - min(near), timedelta(hours=1))
    return shifted(min(near), -width / 12), shifted(max(near), width / 12)


def timeline_svg(desk: ReportIndex, rows: list[Row]) -> str:
    """The bars."""
    claimed = _claimed(desk)
    start, end = window_of(rows, claimed)
    height = TOP + ROW * len(rows) + 26

    def place(moment: datetime) -> float:
        return LEFT + (RIGHT - LEFT) * min(max((moment - start) / (end - start), 0.0), 1.0)

    parts = [opened(height)]
    if claimed is not None:
        left, right = place(claimed[0]), place(claimed[1])
        parts.append(f'<rect x="{left:.1f}" y="{TOP - 4}" width="{max(right - left, 2):.1f}" '
                     f'height="{ROW * len(rows) + 4}" fill="{COLOURS["claim"]}" fill-opacity="0.45"/>')  # fmt: skip
    parts += _axis(desk, start, end, height)
    for index, row in enumerate(rows):
        y = TOP + ROW * index
        parts.append(words_at(LEFT - 8, y + 11, row.label, size=10, anchor="end"))
        if row.record is not None:
            parts.append(_existed(place(row.record), y, row.record, start, end))
        if row.clock is not None:
            left, right = place(row.clock[0]), place(row.clock[1])
            parts.append(f'<rect x="{min(left, right):.1f}" y="{y + 2}" width="{max(right - left, 3):.1f}" height="9" '
                         f'fill="{COLOURS["clock"]}"/>')  # fmt: skip
            parts += [_arrow(y, moment < start, RED) for moment in row.clock[:1] if not start <= moment <= end]
    x, y = LEFT, height - 8
    for kind in [*(["claim"] if claimed is not None else []), "clock", "record"]:
        parts.append(f'<rect x="{x}" y="{y - 8}" width="18" height="8" fill="{COLOURS[kind]}"/>')
        parts.append(words_at(x + 24, y, desk.w("bar", kind), size=10))
        x += 230
    return "".join([*parts, "</svg>"])


def _existed(x: float, y: int, moment: datetime, start: datetime, end: datetime) -> str:
    """A line that ends where a record shows that it existed; red where that lies before all that is drawn."""
    colour = COLOURS["record"]
    line = f'<path d="M{LEFT} {y + 7}H{x:.1f}" stroke="{colour}" stroke-width="2"/>'
    if moment < start:
        return _arrow(y, True, RED)
    return line + (f'<path d="M{x:.1f} {y + 2}v10" stroke="{colour}" stroke-width="2"/>' if moment <= end
                   else _arrow(y, False, SOFT))  # fmt: skip


def _arrow(y: int, before: bool, colour: str) -> str:
    edge, turn = (LEFT, 1) if before else (RIGHT, -1)
    return f'<path d="M{edge} {y + 7}l{6 * turn} -5v10z" fill="{colour}"/>'


def _axis(desk: ReportIndex, start: datetime, end: datetime, height: int) -> list[str]:
    """Hours on clocks in Iran; the day, of the Iranian calendar too, where a day begins there and at the first tick."""
    span = end - start
    steps = (5, 15, 30, 60, 180, 360, 720, 1440, 2880, 10080, 43200)
    step = next((timedelta(minutes=m) for m in steps if span / timedelta(minutes=m) <= 8), timedelta(days=365))
    local_zone = zone(TEHRAN)
    local = in_zone(start, local_zone)
    tick = shifted(start, -timedelta(hours=local.hour, minutes=local.minute, seconds=local.second))
    parts: list[str] = []
    told_day, edge = "", -1e9
    for _ in range(400):
        if tick > end:
            break
        if tick >= start:
            x = LEFT + (RIGHT - LEFT) * ((tick - start) / span)
            here = in_zone(tick, local_zone)
            parts.append(f'<path d="M{x:.1f} {TOP - 4}V{height - 24}" stroke="{LINE}"/>')
            if step < timedelta(days=1):
                parts.append(words_at(x, TOP - 7, digits(f"{here:%H:%M}", desk.words), size=10, anchor="middle"))
            today = _day(desk, here)
            if today != told_day and x - edge > 150 and x < RIGHT - 60:
                parts.append(words_at(max(x, LEFT + 40), TOP - 21, today, size=9, anchor="middle", colour=INK))
                told_day, edge = today, x
        tick = shifted(tick, step)
    return parts


def _day(desk: ReportIndex, local: datetime) -> str:
    both = (jalali_day(local, desk.words), gregorian_day(local, desk.words))
    return " · ".join(map(right_to_left, both)) if desk.words.code == "fa" else " · ".join(both[::-1])


# ---------------------------------------------------------------- where


def places(desk: ReportIndex, told: tuple[Told, ...]) -> Section | None:
    """The map of what is recorded or matched; None where nothing is."""
    marks = []
    count = 0
    for one in told:
        spot = next(spots(desk, one), None) if one.number else None
        if spot is not None:
            count += 1
            position = Position(latitude_degrees=spot.latitude_degrees, longitude_degrees=spot.longitude_degrees)
            kind = "matched" if spot.by_person else "recorded"
            marks.append(Mark(kind, one.number, position, name_of(desk.case.exhibits[one.best])))
    if not marks:
        return None
    left, marks, count = count - MOST_MARKS, marks[:MOST_MARKS], min(count, MOST_MARKS)
    more = Text((Word(desk.words.word("text", "against_more", count=number(left, desk.words))),)) if left > 0 else None
    svg = brief_map(tuple(marks), visible(desk.case.title), desk.words)
    kinds = [kind for kind in ("recorded", "matched") if any(mark.kind == kind for mark in marks)]
    legend = joined([desk.word("drawn", kind) for kind in kinds], " · ")
    alternative = desk.words.word("text", "map_brief_alternative", count=number(count, desk.words))
    return desk.section("where", Drawing(svg, alternative, wide=False),
                        Text((*desk.word("text", "map_brief"), Word(" ("), *legend, Word(")")), "soft"), more,
                        folded=False)  # fmt: skip
