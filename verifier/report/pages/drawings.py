"""Drawings of our own: when each exhibit can have been made, and which part of a recording is which part of another.

Intervals are bars, never dots: a bound is not a moment. The SVG loads nothing, holds no script and no evidence text
but ids, and every drawing has a table beside it that says the same.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from html import escape

from verifier.calendars import gregorian_to_jalali
from verifier.dossier import ExhibitDossier
from verifier.instants import shifted
from verifier.records import Moment
from verifier.report.blocks import Cell, Drawing, Ref, Soft, Table, exact, joined
from verifier.report.pages.exhibit_box import title
from verifier.report.pages.report_index import ReportIndex
from verifier.report.phrases import interval_cell, parsed

MOST_ROWS = 60
ROW, LEFT, RIGHT, TOP = 18, 110, 890, 34
WIDTH = 900
INK, SOFT, LINE = "#1c2430", "#55606e", "#d5dbe2"
COLOURS = {"claim": "#b9c4d0", "record": "#0b4f8a", "clock": "#1d6b3a"}


@dataclass(frozen=True, slots=True)
class Bar:
    """One interval of one exhibit: what a claim says, what a record bounds, what a clock says."""

    kind: str
    earliest: datetime | None
    latest: datetime | None


def bars_of(desk: ReportIndex, dossier: ExhibitDossier) -> tuple[Bar, ...]:
    """Claimed interval, clock interval, and by when it existed."""
    bars: list[Bar] = []
    for finding in dossier.findings:
        values = finding.values
        if finding.code == "time.bounds":
            if values.get("clock_earliest"):
                bars.append(Bar("clock", parsed(values["clock_earliest"]), parsed(values["clock_latest"])))
            if values.get("not_after"):
                bars.append(Bar("record", None, parsed(values["not_after"])))
        elif finding.code.startswith("time.") and values.get("earliest") and values.get("latest"):
            bars.append(Bar("claim", parsed(values["earliest"]), parsed(values["latest"])))
    if not any(bar.kind == "clock" for bar in bars):
        fact = dossier.facts.get("captured_at")
        if fact is not None and isinstance(fact.best.value, Moment) and fact.best.value.instant is not None:
            bars.append(Bar("clock", fact.best.value.instant, fact.best.value.instant))
    bars += [Bar("claim", parsed(c.earliest), parsed(c.latest)) for c in dossier.claims if c.earliest or c.latest]
    return tuple(dict.fromkeys(bar for bar in bars if bar.earliest or bar.latest))


def timeline(desk: ReportIndex) -> tuple[Drawing, Table] | None:
    """Every exhibit with a bound, in order of its clock; the drawing shows the first ones, the table all."""
    known = {key: bars_of(desk, dossier) for key, dossier in desk.case.exhibits.items()}
    rows = sorted(((key, bars) for key, bars in known.items() if bars), key=lambda row: (_first(row[1]), row[0]))
    if not rows:
        return None
    columns = (desk.w("column", "exhibit"), *[desk.w("bar", kind) for kind in COLOURS])
    lines_of: list[tuple[Cell, ...]] = []
    for key, bars in rows:
        cells: list[Cell] = [(Ref(key), Soft(title(desk.case.exhibits[key])))]
        for kind in COLOURS:
            told = [interval_cell(_iso(bar.earliest), _iso(bar.latest), desk.words) for bar in bars if bar.kind == kind]
            cells.append(joined(told[:3], " ") or exact(None))
        lines_of.append(tuple(cells))
    drawn = rows[:MOST_ROWS]
    alternative = desk.words.word("text", "timeline_alternative", count=len(drawn), all=len(rows))
    return Drawing(_timeline_svg(desk, drawn), alternative), Table(columns, tuple(lines_of), widths=(3, 4, 4, 4))


def _iso(moment: datetime | None) -> str | None:
    return None if moment is None else moment.isoformat()


def _first(bars: tuple[Bar, ...]) -> datetime:
    clocks = [bar.earliest or bar.latest for bar in bars if bar.kind == "clock"]
    every = [moment for moment in (*clocks, *(bar.latest or bar.earliest for bar in bars)) if moment is not None]
    return every[0] if every else datetime(1970, 1, 1, tzinfo=UTC)


def _window(rows: list[tuple[str, tuple[Bar, ...]]]) -> tuple[datetime, datetime]:
    """The stretch that most bars lie in; what lies outside is cut at the edge, with an arrow."""
    points = sorted(
        moment
        for _, bars in rows
        for bar in bars
        if bar.kind != "record"
        for moment in (bar.earliest, bar.latest)
        if moment is not None
    ) or sorted(bar.latest for _, bars in rows for bar in bars if bar.latest is not None)
    middle = points[len(points) // 2]
    near = [point for point in points if abs(point - middle) <= timedelta(days=3)] or [middle]
    width = max(near[-1] - near[0], timedelta(hours=1))
    return shifted(near[0], -width / 8), shifted(near[-1], width / 3)


def _timeline_svg(desk: ReportIndex, rows: list[tuple[str, tuple[Bar, ...]]]) -> str:
    start, end = _window(rows)
    height = TOP + ROW * len(rows) + 30
    parts = [opened(height), *_axis(start, end, height)]

    def place(moment: datetime) -> float:
        share = (moment - start) / (end - start)
        return LEFT + (RIGHT - LEFT) * min(max(share, 0.0), 1.0)

    for index, (key, bars) in enumerate(rows):
        y = TOP + ROW * index
        parts.append(words_at(4, y + 12, key[:12], size=10, mono=True))
        for bar in sorted(bars, key=lambda b: list(COLOURS).index(b.kind)):
            parts.append(_bar(bar, place, y, start, end))
    y = height - 10
    x = LEFT
    for kind in COLOURS:
        parts.append(f'<rect x="{x}" y="{y - 8}" width="18" height="8" fill="{COLOURS[kind]}"/>')
        parts.append(words_at(x + 24, y, desk.w("bar", kind), size=10))
        x += 250
    return "".join([*parts, "</svg>"])


def _bar(bar: Bar, place: Callable[[datetime], float], y: int, start: datetime, end: datetime) -> str:
    left = place(bar.earliest) if bar.earliest is not None else float(LEFT)
    right = place(bar.latest) if bar.latest is not None else float(RIGHT)
    tall = {"claim": (2, 13), "record": (6, 2), "clock": (4, 9)}[bar.kind]
    colour = COLOURS[bar.kind]
    shape = (
        f'<rect x="{left:.1f}" y="{y + tall[0]}" width="{max(right - left, 3):.1f}" height="{tall[1]}" '
        f'fill="{colour}"/>'
    )
    if (
        bar.kind == "record" and bar.latest is not None and bar.latest <= end
    ):  # an end, not a beginning: a line that is closed on its right
        shape += f'<path d="M{right:.1f} {y + 2}v11" stroke="{colour}" stroke-width="2"/>'
    outside = [moment for moment in (bar.earliest, bar.latest) if moment is not None and not start <= moment <= end]
    if outside:
        edge, turn = (LEFT, 1) if outside[0] < start else (RIGHT, -1)
        later = bar.kind == "record" and turn == -1  # that it existed by some later day is no surprise
        shape += f'<path d="M{edge} {y + 7}l{6 * turn} -5v10z" fill="{SOFT if later else "#a3162a"}"/>'
    return shape


def _axis(start: datetime, end: datetime, height: int) -> list[str]:
    """Ticks in UTC, with the day in both calendars where a day begins and at the first tick."""
    span = end - start
    steps = (5, 15, 30, 60, 180, 360, 720, 1440, 2880, 10080, 43200, 525600)
    step = next((timedelta(minutes=m) for m in steps if span / timedelta(minutes=m) <= 9), timedelta(days=3650))
    tick = datetime(start.year, 1, 1, tzinfo=UTC)
    tick += ((start - tick) // step) * step
    parts: list[str] = []
    for _ in range(14):
        if tick > end:
            break
        if tick >= start:
            x = LEFT + (RIGHT - LEFT) * ((tick - start) / span)
            both = f"{tick:%Y-%m-%d} UTC{_jalali(tick)}"
            label = f"{tick:%Y-%m-%d}" if step >= timedelta(days=1) else f"{tick:%H:%M}"
            parts.append(f'<path d="M{x:.1f} {TOP - 4}V{height - 26}" stroke="{LINE}"/>')
            parts.append(words_at(x, TOP - 8, label, size=10, anchor="middle"))
            if step >= timedelta(days=1) or tick.hour == 0 or not any("UTC" in part for part in parts):
                parts.append(words_at(x, TOP - 20, both, size=9, anchor="middle"))
        if tick == (tick := shifted(tick, step)):
            break
    return parts


def _jalali(tick: datetime) -> str:
    try:
        year, month, day = gregorian_to_jalali(tick.date())
    except ValueError:  # outside that calendar
        return ""
    return f" · {year}/{month:02d}/{day:02d}"


def opened(height: int) -> str:
    """The beginning of an SVG of our width."""
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {height}" '
        f'font-family="Vazirmatn, system-ui, sans-serif" fill="{INK}">'
    )


def words_at(x: float, y: float, text: str, *, size: int, anchor: str = "start", mono: bool = False,
          colour: str = INK) -> str:  # fmt: skip
    """A text at a place, escaped."""
    family = ' font-family="DejaVu Sans Mono, monospace"' if mono else ""
    return (
        f'<text x="{x:.1f}" y="{y:.1f}" font-size="{size}" text-anchor="{anchor}" fill="{colour}"{family}>'
        f"{escape(text)}</text>"
    )
