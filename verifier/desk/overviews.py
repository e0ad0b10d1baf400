"""The whole case in time and on a map: recordings as rows with bars, places with their error on outlines of our own."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from html import escape
from urllib.parse import urlencode

from markupsafe import Markup
from starlette.responses import Response

from verifier.desk.case_desk import CaseDesk
from verifier.desk.pages import Blocks, page
from verifier.desk.rows import Row, row_of, thumbnail
from verifier.dossier import Glance
from verifier.report.language import Language, language
from verifier.report.maps.drawn import Drawn
from verifier.report.maps.map import COLOURS as MAP_COLOURS
from verifier.report.maps.map import Frame, frame_at, linked_map
from verifier.report.pages.drawings import COLOURS
from verifier.report.phrases import day, local_interval, number
from verifier.workflow.looking.case_view import named
from verifier.workflow.looking.overview import Dated, Overview, Placed

A_PAGE, FEW_UNDATED, MOST_MARKS, MOST_LISTED = 24, 24, 400, 100
WIDTH, TALL = 1000, 26
EDGE = "#55606e"  # around a bar, for the paler ones are too pale to be seen without
LEAST_WINDOW = timedelta(hours=2)
MARGIN = 0.02  # of the window, left of the first and right of the last


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """A recording on the time line: its bars drawn, and the same in words."""

    row: Row
    address: str
    count: int
    bars: Markup
    told: list[Markup]
    together: int


def timeline(desk: CaseDesk, query: Mapping[str, str]) -> Response:
    """Recordings in order of time; a window of days, a page at a time."""
    words, answer = language(desk.session.lang), desk.overview()
    known = answer.value
    if known is None:
        return _waiting(desk, "/timeline", "timeline", answer.failed)
    window = _window(known, query)
    rows = [one for one in known.dated if _touches(one, window)]
    first = _integer(query.get("after"))
    shown = rows[first : first + A_PAGE]
    undated = known.undated[:FEW_UNDATED]
    glances = desk.view.glances(tuple({*(one.best for one in shown), *undated}))
    days = {name: query[name] for name in ("from", "to") if query.get(name)}

    def address(start: int) -> str:
        return f"/timeline?{urlencode({**days, 'after': start})}"

    return page(
        "timeline.html.j2", desk.session, path=address(first), title=words.word("desk", "timeline"),
        lines=[_line(one, glances, window, words) for one in shown], count=len(rows), whole=len(known.dated),
        axis=_axis(window, words), first_day=window[0].date().isoformat(), last_day=window[1].date().isoformat(),
        before=address(max(0, first - A_PAGE)) if first else None,
        after=address(first + A_PAGE) if first + A_PAGE < len(rows) else None, zooms=_zooms(window),
        undated=[row_of(key, glances.get(key), words) for key in undated], undated_count=len(known.undated),
        kinds=[(kind, words.word("bar", kind), _swatch(colour)) for kind, colour in COLOURS.items()],
        is_current=answer.is_current, is_broken=desk.view.ledger.is_broken,
    )  # fmt: skip


def map_of(desk: CaseDesk, query: Mapping[str, str]) -> Response:
    """Recorded positions, claimed places, worksheets, on outlines that are shipped: nothing is asked of a network."""
    words, answer = language(desk.session.lang), desk.overview()
    known = answer.value
    if known is None:
        return _waiting(desk, "/map", "map", answer.failed)
    kind = query["kind"] if query.get("kind") in MAP_COLOURS else ""
    things = [one for one in known.places if kind in ("", one.thing.kind)]
    frame = _frame(known.frames[kind], query)
    inside = tuple(one.thing for one in things if _is_inside(one, frame))
    kinds = {name: words.word("drawn", name) for name in MAP_COLOURS}
    title = words.word("desk", "map")
    middle = ((frame.south + frame.north) / 2, (frame.west + frame.east) / 2, frame.north - frame.south)

    def address(north: float, east: float, factor: float) -> str:
        moved = (middle[0] + north * middle[2], middle[1] + east * (frame.east - frame.west), middle[2] * factor)
        chosen = {"kind": kind} if kind else {}
        return f"/map?{urlencode({'at': ','.join(f'{value:.6f}' for value in moved), **chosen})}"

    glances = desk.view.glances(tuple({one.exhibit for one in inside[:MOST_LISTED]}))
    return page(
        "map.html.j2", desk.session, path=address(0, 0, 1), title=title, count=len(things), kinds=kinds, kind=kind,
        drawn=Markup(linked_map(inside[:MOST_MARKS], frame, title, words.code, kinds, "/exhibit/")),  # noqa: S704 - escaped there
        inside=len(inside), left_out=max(0, len(inside) - MOST_MARKS), is_whole=known.is_whole,
        moves=[("larger", address(0, 0, 0.5)), ("smaller", address(0, 0, 2)), ("north", address(0.3, 0, 1)),
               ("south", address(-0.3, 0, 1)), ("west", address(0, -0.3, 1)), ("east", address(0, 0.3, 1))],
        whole="/map" + (f"?{urlencode({'kind': kind})}" if kind else ""),
        marks=[(kinds.get(one.kind, one.kind), one, named(glances.get(one.exhibit), one.exhibit), _error(one, words))
               for one in inside[:MOST_LISTED]],
        unlisted=max(0, len(inside) - MOST_LISTED), is_current=answer.is_current,
        is_broken=desk.view.ledger.is_broken,
    )  # fmt: skip


def _waiting(desk: CaseDesk, path: str, title: str, failed: BaseException | None) -> Response:
    """A page that loads itself again until there is something to show. Raises what went wrong."""
    if failed is not None:
        raise failed
    words = language(desk.session.lang)
    return page("waiting.html.j2", desk.session, path=path, title=words.word("desk", title), is_broken=False)


# ---------------------------------------------------------------- time


def _window(known: Overview, query: Mapping[str, str]) -> tuple[datetime, datetime]:
    """The days that are asked for, else everything that is dated, with a little room."""
    start = known.first or datetime(2000, 1, 1, tzinfo=UTC)
    end = known.last or start
    room = max((end - start) * MARGIN, LEAST_WINDOW / 4)
    start, end = _shifted(start, -room), _shifted(end, room)
    start = _day(query.get("from"), 0) or start
    end = _day(query.get("to"), 1) or end
    return (start, end) if end - start >= LEAST_WINDOW else (start, _shifted(start, LEAST_WINDOW))


def _shifted(moment: datetime, by: timedelta) -> datetime:
    try:
        return moment + by
    except OverflowError:
        return moment


def _day(text: str | None, days: int) -> datetime | None:
    try:
        return datetime.fromisoformat(text or "").replace(tzinfo=UTC) + timedelta(days=days)
    except (ValueError, OverflowError):
        return None


def _touches(one: Dated, window: tuple[datetime, datetime]) -> bool:
    return (one.low is None or one.low <= window[1]) and (one.high is None or one.high >= window[0])


def _zooms(window: tuple[datetime, datetime]) -> list[tuple[str, str]]:
    """Closer and wider, by the name of the word."""
    third = (window[1] - window[0]) / 4
    closer = (_shifted(window[0], third), _shifted(window[1], -third))
    wider = (_shifted(window[0], -2 * third), _shifted(window[1], 2 * third))
    return [
        (name, f"/timeline?{urlencode({'from': start.date().isoformat(), 'to': end.date().isoformat()})}")
        for name, (start, end) in (("larger", closer), ("smaller", wider))
    ]


def _line(one: Dated, glances: Mapping[str, Glance], window: tuple[datetime, datetime], words: Language) -> Line:
    blocks = Blocks(words, frozenset())
    row = Row(address=f"/exhibit/{one.best}", name=named(glances.get(one.best), one.best),
              thumbnail=thumbnail(glances.get(one.best)), told="")  # fmt: skip
    told = []
    for kind in COLOURS:
        for bar in [bar for bar in one.bars if bar.kind == kind][:2]:
            cell = local_interval(
                bar.earliest and bar.earliest.isoformat(), bar.latest and bar.latest.isoformat(), words
            )
            told.append(Markup("{}: {}").format(words.word("bar", kind), blocks.cell(cell)))
    return Line(
        row=row, address=f"/recording/{one.recording}" if len(one.members) > 1 else row.address,
        count=len(one.members), bars=_drawn(one, window, words), told=told, together=one.together,
    )  # fmt: skip


def _place(moment: datetime, window: tuple[datetime, datetime]) -> float:
    return min(1.0, max(0.0, (moment - window[0]) / (window[1] - window[0]))) * WIDTH


def _drawn(one: Dated, window: tuple[datetime, datetime], words: Language) -> Markup:
    """The bars: a bound without a beginning is a thin line that comes from the left."""
    shapes = []
    for index, (kind, colour) in enumerate(COLOURS.items()):
        y = 2 + 8 * index
        for bar in one.bars:
            if bar.kind != kind or not (bar.earliest or bar.latest):
                continue
            left = _place(bar.earliest, window) if bar.earliest else 0.0
            right = _place(bar.latest, window) if bar.latest else float(WIDTH)
            tall = 6 if bar.earliest and bar.latest else 2
            shapes.append(
                f'<rect x="{left:.1f}" y="{y}" width="{max(right - left, 3.0):.1f}" height="{tall}" fill="{colour}" '
                f'stroke="{EDGE}" vector-effect="non-scaling-stroke">'
                f"<title>{escape(words.word('bar', kind))}</title></rect>"
            )
    return Markup(  # noqa: S704 - numbers, our own words escaped
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {TALL}" preserveAspectRatio="none" '
        f'aria-hidden="true">{"".join(shapes)}</svg>'
    )


def _axis(window: tuple[datetime, datetime], words: Language) -> list[str]:
    """The days at the ends and between."""
    return [day(_shifted(window[0], (window[1] - window[0]) * share), words) for share in (0.0, 0.25, 0.5, 0.75, 1.0)]


def _swatch(colour: str) -> Markup:
    return Markup(
        '<svg viewBox="0 0 16 8" class="swatch" aria-hidden="true">'
        '<rect width="16" height="8" fill="{}" stroke="{}"/></svg>'
    ).format(colour, EDGE)


# ---------------------------------------------------------------- place


def _frame(whole: Frame, query: Mapping[str, str]) -> Frame:
    """The part that is asked for (`at`: latitude, longitude, degrees high), else everything."""
    try:
        latitude, longitude, tall = (float(part) for part in query.get("at", "").split(","))
    except ValueError:
        return whole
    if not (all(map(math.isfinite, (latitude, longitude, tall))) and abs(latitude) <= 90 and abs(longitude) <= 360):
        return whole
    return frame_at(latitude, longitude, tall)


def _is_inside(one: Placed, frame: Frame) -> bool:
    return one.west <= frame.east and one.east >= frame.west and one.south <= frame.north and one.north >= frame.south


def _error(one: Drawn, words: Language) -> str:
    """The radius in metres; where it is not known, a dash."""
    radius = one.position.radius_metres
    return f"{number(radius, words)} {words.word('unit', 'm')}" if radius else "–"


def _integer(text: str | None) -> int:
    return int(text) if text and text.isascii() and text.isdigit() and len(text) < 10 else 0
