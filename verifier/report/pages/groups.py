"""Groups of copies: each folded, with its strip, its generations as a drawing and as a table, and why it is one."""

from __future__ import annotations

from verifier.findings.copies.originals import recordings_of
from verifier.records import Composite, Group, Medium
from verifier.report.blocks import (
    Block,
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
)
from verifier.report.pages.exhibit_box import title
from verifier.report.pages.generation_tree import descent, tree
from verifier.report.pages.issue_rows import note_mark
from verifier.report.pages.report_index import ReportIndex
from verifier.report.pages.strips import strip
from verifier.report.phrases import clock, number
from verifier.report.told import counted_links, phrased


def groups(desk: ReportIndex) -> Section:
    ordered = sorted(desk.case.groups, key=lambda group: (-len(group.members), group.id))
    blocks: list[Block] = [group_section(desk, group) for group in ordered]
    if not blocks:
        blocks.append(Text(desk.word("text", "nothing")))
    else:
        ordered_at_all = any(member in desk.steps for group in ordered for member in group.members)
        blocks.insert(0, Text(desk.word("descent", "note" if ordered_at_all else "none"), "soft"))
    composites = recordings_of(desk.case).composites
    if composites:
        blocks += [Text(desk.word("text", "composites")), _composites(desk, composites)]
    return desk.section("groups", *blocks, folded=False, count=len(desk.case.groups))


def group_section(desk: ReportIndex, group: Group) -> Section:
    """One group, folded: why it is one, its strip, its generations."""
    members = tuple(member for member in group.members if member in desk.case.exhibits)
    rows = tuple(
        (
            (Ref(member), Soft(title(desk.case.exhibits[member]))),
            _generation(desk, group, member),
            _to_best(desk, group, member),
        )
        for member in sorted(members, key=lambda m: (m != group.best, m != group.earliest, m))
    )
    columns = tuple(desk.w("column", key) for key in ("exhibit", "generation", "relation"))
    name = desk.words.word("text", "group_of", count=number(len(group.members), desk.words))
    drawn = tree(desk, group, members)
    blocks: list[Block | None] = [
        Text(counted_links(group.reason, desk.words), "soft"), strip(desk, members), drawn, Table(columns, rows),
        *[_note(desk, note) for note in group.notes[:8]],
    ]  # fmt: skip
    kept = tuple(block for block in blocks if block is not None)
    return Section("group", name, kept, folded=True)


def _note(desk: ReportIndex, note: str) -> Text:
    """What is noted of a group; where several groups say the same, its number among the notes."""
    told = phrased(note, desk.words, 400)
    at = desk.said.number(told)
    return Text(told if at is None else note_mark(desk, at), "soft")


def _composites(desk: ReportIndex, composites: tuple[Composite, ...]) -> Table:
    """What is made of parts: where each part stands in it, and what it was found in."""
    rows = []
    for made in composites:
        for number_of, part in enumerate(made.parts):
            spans = [segment.left for segment in part.segments if segment.left and segment.medium is not Medium.AUDIO]
            when = ", ".join(f"{clock(min(span), desk.words)}–{clock(max(span), desk.words)}" for span in spans)
            rows.append(
                (_named(desk, made.exhibit) if not number_of else (), exact(when or None), _named(desk, part.exhibit))
            )
        if not made.parts:
            rows.append((_named(desk, made.exhibit), exact(None), exact(None)))
    columns = tuple(desk.w("column", key) for key in ("composite", "segments", "part_of"))
    return Table(columns, tuple(rows))


def _named(desk: ReportIndex, identity: str) -> Cell:
    if identity not in desk.case.exhibits:
        return (Exact(identity[:12]),)
    return (Ref(identity), Soft(title(desk.case.exhibits[identity])))


def _generation(desk: ReportIndex, group: Group, member: str) -> Cell:
    parts: list[Inline] = []
    if member == group.best:
        parts.append(Chip("likely", desk.w("exhibit", "best")))
    if member == group.earliest:
        parts.append(Chip("plain", desk.w("exhibit", "earliest")))
    origin = descent(desk, member)
    if origin:
        parts.append(Soft(origin))
    return tuple(parts) or desk.word("descent", "undetermined")


def _to_best(desk: ReportIndex, group: Group, member: str) -> Cell:
    """How a member hangs on the best one, or else on any other."""
    links = [m for m in desk.links.get(member, ()) if {m.left, m.right} <= set(group.members)]
    chosen = next((m for m in links if group.best in {m.left, m.right}), links[0] if links else None)
    if chosen is None or member == group.best:
        return exact(None)
    other = chosen.right if chosen.left == member else chosen.left
    return (Word(desk.w("relation", chosen.relation.value) + " "), Ref(other), Word(" "),
            Chip(chosen.tier.value, desk.w("tier", chosen.tier.value)))  # fmt: skip
