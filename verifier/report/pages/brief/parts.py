"""The brief: what a reader who has ten minutes reads. Everything it rests on stands in the annex.

Names, not digests; copies counted once; times in Iran first; one line an issue, the strongest first.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Sequence
from functools import partial

from verifier.findings.copies.recordings import recordings
from verifier.findings.issues import Issue, Severity, rank
from verifier.findings.summary import undecided
from verifier.records import Finding, Question
from verifier.report.blocks import (
    Block,
    Bullets,
    Card,
    Cell,
    Chip,
    Commands,
    Inline,
    Section,
    Shown,
    Soft,
    Table,
    Text,
    Word,
    joined,
    lines,
    shown,
)
from verifier.report.pages.brief.drawings import places, timeline
from verifier.report.pages.brief.places import where_cell
from verifier.report.pages.brief.recordings import Told, conclusions_of, named, told_of, when, when_cell
from verifier.report.pages.conclusions import EXCLUDED, FINAL, concluded, stage
from verifier.report.pages.exhibit_box import picture
from verifier.report.pages.issue_rows import topic
from verifier.report.pages.report_index import ReportIndex
from verifier.report.phrases import local_interval, number
from verifier.report.sentences import brief_statement
from verifier.visible import visible

MOST_KEY, MOST_OTHERS, MOST_AGAINST, MOST_COPIES = 10, 30, 14, 12
MOST_INCIDENTS = 8
MOST_ISSUES, MOST_REASONS, MOST_NAMES = 3, 3, 4  # of one recording, of one issue, of one list


def brief(desk: ReportIndex) -> tuple[Section, ...]:
    """Its parts in order; one that cannot be written says so."""
    told = desk.guard.attempt((), lambda: told_of(desk), tuple[Told, ...](), instrument="report:brief")
    builders: dict[str, Callable[[ReportIndex, tuple[Told, ...]], Section | None]] = {
        "scope": _scope, "against": _against, "do_next": _do_next, "events_shown": _incidents,
        "key_recordings": _recordings,
        "copies_once": _copies, "not_known": _not_known, "when": timeline, "where": places, "how": _how,
        "how_to_check": _check,
    }  # fmt: skip
    made = [desk.made(key, partial(build, desk, told)) for key, build in builders.items()]
    return tuple(section for section in made if section is not None)


def _names(desk: ReportIndex, keys: Sequence[str], most: int = MOST_NAMES) -> Cell:
    """Some exhibits by name, and how many more."""
    cells = [named(desk, key) for key in keys[:most]]
    if len(keys) > most:
        cells.append((Word(desk.words.word("text", "and_more", count=number(len(keys) - most, desk.words))),))
    return joined(cells, desk.comma)


# ---------------------------------------------------------------- what was asked


def _scope(desk: ReportIndex, told: tuple[Told, ...]) -> Section:
    from verifier.report.pages.case import tiles

    counts = {name: number(count, desk.words) for name, count in tiles(desk.case).items()}
    blocks: list[Block] = [Text((Word(desk.words.word("text", "scope_case", **counts)),))]
    for batch in desk.case.batches[:MOST_NAMES]:
        parts: list[Inline] = [Word(desk.w("text", "hand_over_said") + " "), *shown(batch.title or batch.channel)]
        said = [
            (Word(desk.w("text", key) + " "), *_quoted(desk, value))
            for key, value in (("said_place", batch.claimed_place), ("said_time", batch.claimed_time))
            if value
        ]
        if said:
            parts += [Word(desk.semicolon + desk.w("text", "claimed_all") + " "), *joined(said, desk.comma)]
        blocks.append(Text(tuple(parts)))
    return desk.section("scope", *blocks, Text(desk.word("text", "scope_asked")), folded=False)


def _quoted(desk: ReportIndex, text: str) -> Cell:
    """A claim as it was said, between the marks of the page's language."""
    opened, closed = ("«", "»") if desk.words.direction == "rtl" else ("“", "”")
    return (Word(opened), *shown(text, 120), Word(closed))


def _do_next(desk: ReportIndex, told: tuple[Told, ...]) -> Section | None:
    """For a working copy only: a final or redacted one asks nothing of its reader."""
    media = [one for one in told if one.number]
    members = [desk.case.exhibits[member] for one in media for member in one.members]
    if desk.redacted or not media or all(stage(dossier) in {FINAL, EXCLUDED} for dossier in members):
        return None
    word, items = desk.words.word, []
    first = next((one for one in told if one.against), None)
    if first is not None:
        items.append(word("text", "next_against", name="\0"))
    waiting = len(undecided(desk.case))
    if waiting:
        items.append(word("text", "next_review", count=number(waiting, desk.words)))
    second = sum(concluded(dossier, question).state == "single" for dossier in members for question in Question)
    if second:
        items.append(word("text", "next_second", count=number(second, desk.words)))
    items.append(word("text", "next_conclude"))
    cells: list[Cell] = []
    for item in items:
        before, mark, after = item.partition("\0")
        at = named(desk, first.best) if mark and first is not None else ()
        cells.append((Word(before), *at, Word(after)) if mark else (Word(item),))
    return desk.section("do_next", Bullets(tuple(cells)), folded=False)


# ---------------------------------------------------------------- what argues against


def _against(desk: ReportIndex, told: tuple[Told, ...]) -> Section:
    """One line an issue of a recording, the strongest first; what is the same of several is said once of all."""
    merged: dict[tuple[Cell, ...], list[Told]] = {}
    some = sorted((one for one in told if one.against), key=lambda one: (rank(one.against[0].lead), one.number))
    for one in some:
        told_lines = tuple(issue_line(desk, one, issue) for issue in one.against[:MOST_ISSUES])
        merged.setdefault(told_lines, []).append(one)
    rows = tuple(
        (_names(desk, [_leading(one) for one in ones]), lines(told_lines))
        for told_lines, ones in list(merged.items())[:MOST_AGAINST]
    )
    columns = (desk.w("column", "exhibit"), desk.w("column", "issue"))
    body = Table(columns, rows, widths=(4, 11)) if rows else Text(desk.word("text", "nothing_argues"))
    left = len(merged) - len(rows)
    more = Text((Word(desk.words.word("text", "against_more", count=number(left, desk.words))),)) if left > 0 else None
    return desk.section("against", body, more, Text(desk.word("text", "exculpatory"), "soft"), folded=False,
                        count=len(some))  # fmt: skip


def _leading(one: Told) -> str:
    """The copy that its strongest issue is of."""
    return one.against[0].lead.exhibit if one.against else one.best


def issue_line(desk: ReportIndex, one: Told, issue: Issue) -> Cell:
    """Severity, the lead's sentence, and below it the further reasons; a copy is named where it is not the first."""
    chip = Chip("contradicts" if issue.severity is Severity.CONTRADICTS else "inconclusive",
                desk.matter(issue.subject))  # fmt: skip
    parts: list[Inline] = [chip, Word(" "), *sentence(desk, issue, issue.lead)]
    seen = {sentence(desk, issue, issue.lead)}
    further: list[Cell] = []
    for finding in issue.reasons:
        said = sentence(desk, issue, finding)
        if said not in seen and len(further) < MOST_REASONS:
            seen.add(said)
            of_copy = (*named(desk, finding.exhibit), Word(": ")) if finding.exhibit != _leading(one) else ()
            further.append((*of_copy, *said))
    if further:
        parts.append(Soft((Word(desk.w("text", "reasons_too") + " "), *joined(further, " "))))
    return tuple(parts)


def sentence(desk: ReportIndex, issue: Issue, finding: Finding) -> Cell:
    """The short sentence of a finding; where none can be filled, what it is about and which way it points."""
    return brief_statement(finding, desk.words) or (
        Word(f"{desk.w('question', finding.question.value)}: {desk.w('severity', issue.severity.value)}."),
    )


# ---------------------------------------------------------------- incidents and recordings


def _incidents(desk: ReportIndex, told: tuple[Told, ...]) -> Section | None:
    """What people put together as one event: when, where, how many recordings, and why they are independent."""
    some = sorted(desk.case.incidents, key=lambda incident: (incident.title, incident.id))
    blocks: list[Block] = []
    for said in some[:MOST_INCIDENTS]:
        counts = {"exhibits": number(len(said.members), desk.words),
                  "recordings": number(len(recordings(said, desk.case)), desk.words)}  # fmt: skip
        parts: list[Cell] = [(Shown(visible(said.title, 200)),)]
        if said.place:
            parts.append(shown(said.place, 120))
        if said.earliest or said.latest:
            parts.append(local_interval(said.earliest, said.latest, desk.words))
        why = joined([shown(reason, 200) for reason in said.independence[:MOST_REASONS]], desk.semicolon)
        blocks.append(Text(joined(parts, " · ")))
        blocks.append(Text((Word(desk.words.word("text", "incident_counts", **counts) + " "),
                            *(why or desk.word("text", "independence_short"))), "soft"))  # fmt: skip
    left = len(some) - MOST_INCIDENTS
    more = Text((Word(desk.words.word("text", "against_more", count=number(left, desk.words))),)) if left > 0 else None
    return desk.section("events_shown", *blocks, more, folded=False, count=len(some)) if some else None


def _recordings(desk: ReportIndex, told: tuple[Told, ...]) -> Section:
    some = [one for one in told if one.number]
    cards: list[Block] = [_card(desk, one) for one in some[:MOST_KEY]]
    rest = some[MOST_KEY:]
    rows = tuple(
        (_numbered(desk, one), _when_line(desk, one), where_cell(desk, one)) for one in rest[:MOST_OTHERS]
    )  # fmt: skip
    columns = tuple(desk.w("column", key) for key in ("recording", "when", "where"))
    table = Table(columns, rows, widths=(5, 6, 4)) if rows else None
    left = len(rest) - len(rows)
    more = Text((Word(desk.words.word("text", "against_more", count=number(left, desk.words))),)) if left > 0 else None
    return desk.section("key_recordings", *cards, table, more, folded=False,
                        count=sum(one.parts is None for one in some))  # fmt: skip


def _numbered(desk: ReportIndex, one: Told) -> Cell:
    parts = (Word(f"{number(one.number, desk.words)}. "), *named(desk, one.best))
    return (*parts, Soft(_made_of(desk, one))) if one.parts is not None else parts


def _made_of(desk: ReportIndex, one: Told) -> Cell:
    return (Word(desk.words.word("text", "made_of_parts", count=number(one.parts or 0, desk.words))),)


def _when_line(desk: ReportIndex, one: Told) -> Cell:
    known = when(desk, one)
    return lines([when_cell(desk, item) for item in known]) or desk.word("text", "time_unknown")


def _card(desk: ReportIndex, one: Told) -> Card:
    dossier = desk.case.exhibits[one.best]
    beside: list[Cell] = [_title(desk, one), _when_line(desk, one), where_cell(desk, one)]
    said = conclusions_of(desk, one)
    if said:
        each = [
            (Word(f"{desk.w('question', question.value)} – "),
             Chip(f"level-{known.newest.level}" if known.newest else "contradicts",
                  desk.w("level", known.newest.level) if known.newest else desk.w("review", "disagreed")),
             Word(" "), *shown((known.newest or known.first).analyst if known.first else None), Word(" "),
             Word(f"({desk.w('review', known.state)})"))
            for question, known in said
        ]  # fmt: skip
        beside.append((Word(desk.w("text", "concluded_short") + " "), *joined(each, desk.semicolon)))
    if one.against:
        labels: list[Cell] = [
            (Chip("contradicts" if issue.severity is Severity.CONTRADICTS else "inconclusive",
                  f"{desk.w('issue', issue.subject)}: {desk.w('severity', issue.severity.value)}"),)
            for issue in one.against[:MOST_ISSUES]
        ]  # fmt: skip
        beside.append((Word(desk.w("text", "strongest_short") + " "), *joined(labels, " · ")))
    last: list[str] = []
    if one.parts is not None:
        last.append(desk.words.word("text", "made_of_parts", count=number(one.parts, desk.words)))
    if len(one.members) > 1:
        last.append(desk.words.word("text", "copies_short", count=number(len(one.members), desk.words)))
    if one.untold:
        last.append(f"{desk.w('text', 'untested_short')} {desk.comma.join(_topics(desk, one.untold))}")
    if last:
        beside.append((Soft((Word(" · ".join(last)),)),))
    return Card(picture(desk, dossier), tuple(beside))


def _title(desk: ReportIndex, one: Told) -> Cell:
    kind = desk.w("kind", desk.case.exhibits[one.best].exhibit.kind.value)
    return (Word(f"{number(one.number, desk.words)}. "), *named(desk, one.best),
            Word(f" · {kind}"))  # fmt: skip


def _topics(desk: ReportIndex, findings: Sequence[Finding]) -> list[str]:
    """What was not told of, without its reasons; each topic once."""
    return list(dict.fromkeys(topic(desk, finding).partition(" (")[0] for finding in findings))


def _copies(desk: ReportIndex, told: tuple[Told, ...]) -> Section | None:
    some = [one for one in told if one.number and len(one.members) > 1]
    if not some:
        return None
    rows = []
    for one in sorted(some, key=lambda one: (-len(one.members), one.number))[:MOST_COPIES]:
        others = [member for member in one.members if member != one.best]
        unlike = any(f.code == "copies.sound_differs" for issue in one.issues for f in issue.findings)
        note = (Soft(desk.word("text", "sound_unlike")),) if unlike else ()
        rows.append((_numbered(desk, one), (Word(number(len(one.members), desk.words)),),
                     (*_names(desk, others, 6), *note)))  # fmt: skip
    columns = tuple(desk.w("column", key) for key in ("recording", "copies", "also_as"))
    return desk.section("copies_once", Table(columns, tuple(rows), widths=(5, 1, 9)), folded=False, count=len(some))


# ---------------------------------------------------------------- what is not known


def _not_known(desk: ReportIndex, told: tuple[Told, ...]) -> Section:
    some = [one for one in told if one.number]
    without = sum(not conclusions_of(desk, one) for one in some)
    blocks: list[Block | None] = []
    if without:
        counts = {"count": number(without, desk.words), "all": number(len(some), desk.words)}
        nobody = "nobody_at_all" if without == len(some) else "nobody_on"
        blocks.append(Text((Word(desk.words.word("text", nobody, **counts)),)))
    counted = Counter(name for one in some for name in _topics(desk, one.untold))
    if counted:
        listed = [f"{name} ({number(count, desk.words)})" for name, count in sorted(counted.items())]
        blocks.append(Text((Word(f"{desk.w('text', 'untold_counts')} {desk.comma.join(listed)}"),)))
    short = [(key, dossier) for key, dossier in sorted(desk.case.exhibits.items()) if dossier.faults]
    if short:
        cells: list[Cell] = [
            (*named(desk, key), Word(f" ({desk.comma.join(_reasons(desk, dossier.faults))})"))
            for key, dossier in short[: MOST_NAMES * 2]
        ]
        if len(short) > len(cells):
            left = number(len(short) - len(cells), desk.words)
            cells.append((Word(desk.words.word("text", "and_more", count=left)),))
        blocks.append(Text((Word(desk.w("text", "short_of") + " "), *joined(cells, desk.comma))))
    undated = [one.best for one in some if not when(desk, one)]
    if undated:
        count = number(len(undated), desk.words)
        head = (Word(desk.words.word("text", "undated_named", count=count) + " "),)
        blocks.append(Text((*head, *_names(desk, undated, MOST_NAMES * 2))))
    blocks.append(Text(desk.word("text", "absence"), "soft"))
    return desk.section("not_known", *blocks, folded=False)


def _reasons(desk: ReportIndex, faults: Sequence[object]) -> list[str]:
    kinds = sorted({str(getattr(fault, "kind", "")) for fault in faults})
    return [desk.w("fault", kind) for kind in kinds]


# ---------------------------------------------------------------- how it was done, how to check it


def _how(desk: ReportIndex, told: tuple[Told, ...]) -> Section:
    items = [desk.word("text", key) for key in ("machine_limits", "never_new", "statistics")]
    items += [cell for cell in (desk.weaker(),) if cell is not None]
    items += [shown(limit, 300) for limit in desk.case.limits[:3]] if not desk.redacted else []
    return desk.section("how", Text(desk.word("text", "method")), Bullets((desk.of_the_log(), *items)),
                        Text(desk.word("text", "how_annex"), "soft"), folded=False)  # fmt: skip


def _check(desk: ReportIndex, told: tuple[Told, ...]) -> Section:
    if desk.redacted:
        return desk.section("how_to_check", Text(desk.word("check", "redacted")),
                            Commands(("sha256sum --check SHA256SUMS",)), folded=False)  # fmt: skip
    return desk.section(
        "how_to_check", Text(desk.word("text", "check_digest")), Commands(("sha256sum FILE",)),
        Text(desk.word("text", "check_audit")), Commands(("verify audit --case CASE",)),
        Text(desk.word("text", "root_is")), Commands((desk.case.custody_root,)), folded=False,
    )  # fmt: skip
