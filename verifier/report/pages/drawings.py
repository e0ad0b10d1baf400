"""Drawings of our own: when each exhibit can have been made, and which part of a recording is which part of another.

Intervals are bars, never dots: a bound is not a moment. The SVG loads nothing, holds no script and no evidence text
but ids, and every drawing has a table beside it that says the same.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from html import escape

from verifier.dossier import ExhibitDossier
from verifier.records import Moment
from verifier.report.blocks import Cell, Ref, Soft, Table, exact, joined
from verifier.report.pages.exhibit_box import title
from verifier.report.pages.report_index import ReportIndex
from verifier.report.phrases import local_interval, local_time, parsed

MOST_ROWS = 60
ROW, LEFT, RIGHT, TOP = 18, 110, 890, 34
WIDTH = 900
INK, SOFT, LINE = "#1c2430", "#55606e", "#d5dbe2"
OWN_ACTS = frozenset({"acquisition", "batch note"})  # bounds that date the hand-over, not the recording
COLOURS = {"claim": "#b9c4d0", "record": "#0b4f8a", "clock": "#1d6b3a"}


@dataclass(frozen=True, slots=True)
class Bar:
    """One interval of one exhibit: what a claim says, what a record bounds, what a clock says."""

    kind: str
    earliest: datetime | None
    latest: datetime | None


def bars_of(dossier: ExhibitDossier) -> tuple[Bar, ...]:
    """Claimed interval, clock interval, and by when it existed."""
    bars: list[Bar] = []
    for finding in dossier.findings:
        values = finding.values
        if finding.code == "time.bounds":
            if values.get("clock_earliest"):
                bars.append(Bar("clock", parsed(values["clock_earliest"]), parsed(values["clock_latest"])))
            if values.get("not_after") and values.get("not_after_basis") not in OWN_ACTS:
                bars.append(Bar("record", None, parsed(values["not_after"])))
        elif finding.code.startswith("time.") and values.get("earliest") and values.get("latest"):
            bars.append(Bar("claim", parsed(values["earliest"]), parsed(values["latest"])))
    if not any(bar.kind == "clock" for bar in bars):
        fact = dossier.facts.get("captured_at")
        if fact is not None and isinstance(fact.best.value, Moment) and fact.best.value.instant is not None:
            bars.append(Bar("clock", fact.best.value.instant, fact.best.value.instant))
    bars += [Bar("claim", parsed(c.earliest), parsed(c.latest)) for c in dossier.claims if c.earliest or c.latest]
    return tuple(dict.fromkeys(bar for bar in bars if bar.earliest or bar.latest))


def intervals(desk: ReportIndex) -> Table | None:
    """Every exhibit with a bound, in order of its clock; what dates the taking in alone is left out."""
    known = {key: bars_of(dossier) for key, dossier in desk.case.exhibits.items()}
    rows = sorted(((key, bars) for key, bars in known.items() if bars), key=lambda row: (_first(row[1]), row[0]))
    if not rows:
        return None
    columns = (desk.w("column", "exhibit"), *[desk.w("bar", kind) for kind in COLOURS])
    lines_of: list[tuple[Cell, ...]] = []
    for key, bars in rows:
        cells: list[Cell] = [(Ref(key), Soft(title(desk.case.exhibits[key])))]
        for kind in COLOURS:
            told = [
                local_time(_iso(bar.latest), desk.words) if bar.earliest is None
                else local_interval(_iso(bar.earliest), _iso(bar.latest), desk.words)
                for bar in bars if bar.kind == kind
            ]  # fmt: skip
            cells.append(joined(told[:3], " ") or exact(None))
        lines_of.append(tuple(cells))
    return Table(columns, tuple(lines_of), widths=(3, 4, 4, 4))


def _iso(moment: datetime | None) -> str | None:
    return None if moment is None else moment.isoformat()


def _first(bars: tuple[Bar, ...]) -> datetime:
    clocks = [bar.earliest or bar.latest for bar in bars if bar.kind == "clock"]
    every = [moment for moment in (*clocks, *(bar.latest or bar.earliest for bar in bars)) if moment is not None]
    return every[0] if every else datetime(1970, 1, 1, tzinfo=UTC)


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
