"""Where a recording was made, as far as it is recorded or was matched by a person; and all such places for the map."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from verifier.lengths import distance
from verifier.records import Finding
from verifier.report.blocks import Cell, Exact, Inline, Shown, Word
from verifier.report.pages.brief.recordings import Told
from verifier.report.pages.report_index import ReportIndex
from verifier.report.phrases import digits

RECORDED = "place.recorded_position"


@dataclass(frozen=True, slots=True, kw_only=True)
class Spot:
    """A point on the Earth that a recording states or a person matched."""

    latitude_degrees: float
    longitude_degrees: float
    by_person: str | None = None
    near: Cell = ()
    lent: bool = False


def where_cell(desk: ReportIndex, one: Told) -> Cell:
    """The best place of a recording on one line, or that it is not known."""
    spot = next(spots(desk, one), None)
    if spot is None:
        return desk.word("text", "place_unknown")
    label = "place_matched" if spot.by_person else "place_recorded"
    point = (Exact(f"{round(spot.latitude_degrees, 5):g}, {round(spot.longitude_degrees, 5):g}"),)
    parts: list[Inline] = [Word(desk.w("text", label) + " "), *(spot.near or point)]
    if spot.lent:
        parts.append(Word(" " + desk.w("text", "lent_by_copy")))
    return tuple(parts)


def spots(desk: ReportIndex, one: Told) -> Iterator[Spot]:
    """A person's place first, then that of the best copy's own bytes, then those of others."""
    members = (one.best, *(member for member in one.members if member != one.best))
    for member in members:
        for sheet in desk.case.exhibits[member].worksheets:
            yield Spot(latitude_degrees=sheet.latitude_degrees, longitude_degrees=sheet.longitude_degrees,
                       by_person=sheet.by)  # fmt: skip
    for lent in (False, True):
        for member in members:
            for finding in desk.case.exhibits[member].findings:
                if finding.code == RECORDED and (finding.values.get("copy") is not None) is lent:
                    yield from _recorded(desk, finding, lent)
    for member in members:  # a redacted case has coarse positions and no values of findings
        facts = desk.case.exhibits[member].facts
        both = [facts[name].best.value for name in ("position_latitude", "position_longitude") if name in facts]
        if len(both) == 2 and isinstance(both[0], int | float) and isinstance(both[1], int | float):
            yield Spot(latitude_degrees=float(both[0]), longitude_degrees=float(both[1]))


def _recorded(desk: ReportIndex, finding: Finding, lent: bool) -> Iterator[Spot]:
    values = finding.values
    latitude, longitude = values.get("latitude"), values.get("longitude")
    if not isinstance(latitude, int | float) or not isinstance(longitude, int | float):
        return
    yield Spot(latitude_degrees=float(latitude), longitude_degrees=float(longitude), lent=lent,
               near=_near(desk, finding))  # fmt: skip


def _near(desk: ReportIndex, finding: Finding) -> Cell:
    """ "220 m from the centre of Punak", by the nearest named place."""
    near, metres = finding.values.get("near"), finding.values.get("metres_near")
    name = finding.values.get("near_name") if desk.words.code == "fa" else None
    if name is not None and isinstance(metres, int | float):
        amount, unit = distance(metres)
        told = f"{digits(amount, desk.words)} {desk.w('unit', unit)}"
        before, after = desk.w("text", "from_centre").replace("{distance}", told).split("{name}")
        return (Word(before), Shown(str(name)), Word(after))
    return (Shown(str(near)),) if near else ()
