"""An incident: exhibits that a person says show one event; how many recordings that is, why they are independent."""

from __future__ import annotations

from verifier.findings.copies.recordings import recordings
from verifier.records import Incident
from verifier.report.blocks import (
    Block,
    Bullets,
    Cell,
    Chip,
    Exact,
    Inline,
    Ref,
    Section,
    Soft,
    Table,
    Text,
    Word,
    exact,
    joined,
    shown,
)
from verifier.report.pages.exhibit_box import title
from verifier.report.pages.report_index import ReportIndex
from verifier.report.pages.strips import strip
from verifier.report.phrases import interval_cell, number, span
from verifier.visible import visible

MOST_IN_MATRIX = 16
COUNTED = ("casualty", "force", "vehicle", "weapon")


def incident(desk: ReportIndex, said: Incident) -> Section:
    """One incident's part of the report."""
    counted = recordings(said, desk.case)
    head: list[Inline] = [Word(desk.w("text", "said_by") + " "), *shown(said.by)]
    if said.place:
        head += [Word(f" · {desk.w('column', 'place')}: "), *shown(said.place)]
    if said.earliest or said.latest:
        head += [Word(f" · {desk.w('column', 'time')}: "), *interval_cell(said.earliest, said.latest, desk.words)]
    sentence = desk.words.word(
        "text", "corroboration", exhibits=number(len(said.members), desk.words),
        recordings=number(len(counted), desk.words),
    )  # fmt: skip
    blocks: list[Block | None] = [
        Text(tuple(head)), Text((Word(sentence),)), Text(desk.word("text", "recordings_not_witnesses"), "soft"),
        _members(desk, counted),
        strip(desk, said.members),
        Bullets(tuple(shown(reason, 400) for reason in said.independence)) if said.independence
        else Text(desk.word("text", "independence_unwritten"), "warning"),
        _matrix(desk, counted),
        _observed(desk, said),
        Text(shown(said.note, 600)) if said.note else None,
    ]  # fmt: skip
    kept = tuple(block for block in blocks if block is not None)
    return Section("incident", visible(said.title, 200), kept, folded=False)


def _members(desk: ReportIndex, counted: tuple[tuple[str, ...], ...]) -> Table:
    rows = []
    for index, members in enumerate(counted, start=1):
        named = [(Ref(m), *((Soft(title(desk.case.exhibits[m])),) if m in desk.case.exhibits else ())) for m in members]
        rows.append(((Exact(f"R{index}"),), joined(named, " "), exact(len(members))))
    columns = tuple(desk.w("column", key) for key in ("recording", "exhibit", "copies"))
    return Table(columns, tuple(rows), labelled=True)


def _matrix(desk: ReportIndex, counted: tuple[tuple[str, ...], ...]) -> Section | None:
    """What links each two recordings: links found between any of their copies, and devices that are one."""
    shown_ones = counted[:MOST_IN_MATRIX]
    if len(shown_ones) < 2:
        return None
    rows = []
    for index, left in enumerate(shown_ones):
        cells: list[Cell] = [(Exact(f"R{index + 1}"),)]
        cells += [_between(desk, left, right) if right is not left else (Word("·"),) for right in shown_ones]
        rows.append(tuple(cells))
    columns = ("", *[f"R{index + 1}" for index in range(len(shown_ones))])
    table = Table((desk.w("column", "recording"), *columns[1:]), tuple(rows), labelled=True)
    return desk.section("independence", Text(desk.word("text", "matrix_note"), "soft"), table, folded=False)


def _between(desk: ReportIndex, left: tuple[str, ...], right: tuple[str, ...]) -> Cell:
    found = dict.fromkeys(
        match.relation.value
        for member in left
        for match in desk.links.get(member, ())
        if (match.left in right) or (match.right in right)
    )
    chips = [part for relation in found for part in (Chip("plain", desk.w("relation", relation)), Word(" "))]
    if _serials(desk, left) & _serials(desk, right):
        chips.append(Chip("inconclusive", desk.w("text", "one_device")))
    return tuple(chips) or desk.word("text", "no_link_short")


def _serials(desk: ReportIndex, members: tuple[str, ...]) -> set[str]:
    facts = [desk.case.exhibits[m].facts.get("serial") for m in members if m in desk.case.exhibits]
    return {str(fact.best.value) for fact in facts if fact is not None}


def _observed(desk: ReportIndex, said: Incident) -> Section | None:
    """Counts as people filed them, exhibit by exhibit: never summed, for one person may be seen in several."""
    rows = []
    for member in said.members:
        dossier = desk.case.exhibits.get(member)
        for o in sorted(dossier.observations, key=lambda o: (o.start_seconds or 0.0, o.id)) if dossier else ():
            if o.what in COUNTED:
                least = "–" if o.least is None else number(o.least, desk.words)
                most = "–" if o.most is None else number(o.most, desk.words)
                rows.append(((Ref(member),), desk.word("observed", o.what), (Exact(f"{least} … {most}"),),
                             (Exact(span(o.start_seconds, o.end_seconds, desk.words)),), shown(o.by)))  # fmt: skip
    if not rows:
        return None
    columns = tuple(desk.w("column", key) for key in ("exhibit", "observed", "how_many", "start", "by"))
    return desk.section("counted", Text(desk.word("text", "never_summed")), Table(columns, tuple(rows)), folded=False)
