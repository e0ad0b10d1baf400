"""The case as a whole, before its exhibits: denominators, what argues against, when, where, copies, incidents."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import replace
from functools import partial

from verifier.dossier import CaseDossier, ExhibitDossier
from verifier.findings.summary import summary_of
from verifier.records import Finding, FindingOutcome, Moment, Question
from verifier.report.blocks import (
    Cell,
    Chip,
    Drawing,
    Exact,
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
from verifier.report.maps.drawn import Drawn, drawn_of
from verifier.report.maps.map import map_svg
from verifier.report.pages.conclusions import EXCLUDED, concluded, findings_on, stage
from verifier.report.pages.drawings import intervals
from verifier.report.pages.exhibit_box import title
from verifier.report.pages.groups import groups
from verifier.report.pages.incidents import incident
from verifier.report.pages.report_index import ReportIndex
from verifier.report.phrases import instant_cell, number
from verifier.report.sentences import brief_statement, statement
from verifier.visible import visible

MOST_CONTRADICTIONS = 250


def tiles(case: CaseDossier) -> dict[str, int]:
    """The counts of a case by name."""
    exhibits = case.exhibits.values()
    counted = summary_of(case)
    return {
        "received": counted.files_received,
        "exhibits": counted.exhibits,
        "recordings": counted.recordings,
        "composites": counted.composites,
        "contradictions": counted.contradictions,
        "links_waiting": counted.links_waiting,
        "faults": counted.not_fully_examined,
        "skipped": counted.skipped,
        "concluded": sum(bool(dossier.assessments) for dossier in exhibits),
        "excluded": sum(stage(dossier) == EXCLUDED for dossier in exhibits),
    }


def front(desk: ReportIndex) -> tuple[Section, ...]:
    """What stands before the exhibits."""
    builders: dict[str, Callable[[ReportIndex], Section | None]] = {
        "summary": _summary, "batches": _batches, "attention": _attention, "intervals": _timeline, "map": _map,
        "groups": groups, "incidents": _incidents, "index": _index,
    }  # fmt: skip
    made = [desk.made(key, partial(build, desk)) for key, build in builders.items()]
    return tuple(section for section in made if section is not None)


def _summary(desk: ReportIndex) -> Section:
    counts = {name: number(count, desk.words) for name, count in tiles(desk.case).items()}
    kinds = Counter(dossier.exhibit.kind.value for dossier in desk.case.exhibits.values())
    listed = joined(
        [(Exact(number(count, desk.words)), Word(" " + desk.w("kind", kind))) for kind, count in sorted(kinds.items())],
        " · ",
    )
    both = sum(
        all(concluded(d, q).newest is not None for q in (Question.TIME, Question.PLACE))
        for d in desk.case.exhibits.values()
    )
    sentence = desk.words.word("text", "denominators", **counts, both=number(both, desk.words))
    return desk.section("summary", Text((Word(sentence),)), Text(listed, "soft"),
                        Text(desk.word("text", "recordings_not_witnesses"), "soft"), folded=False)  # fmt: skip


def _batches(desk: ReportIndex) -> Section | None:
    if not desk.case.batches:
        return None
    columns = tuple(desk.w("column", key) for key in ("hand_over", "channel", "relay_chain", "received_at", "claims"))
    rows = tuple(
        (
            (*shown(b.title or b.id), *((Soft(shown(b.restriction)),) if b.restriction else ())),
            shown(b.channel),
            joined([shown(who) for who in b.relay_chain], f" {desk.w('page', 'arrow')} ") or exact(None),
            instant_cell(b.received_at, desk.words),
            (*shown(b.claimed_place), Soft(shown(b.claimed_time))),
        )
        for b in desk.case.batches
    )
    return desk.section("batches", Table(columns, rows), folded=False)


def _attention(desk: ReportIndex) -> Section:
    rows = []
    for identity, dossier in sorted(desk.case.exhibits.items()):
        for finding in findings_on(dossier, *Question):
            if finding.outcome is FindingOutcome.CONTRADICTS:
                chip = Chip("contradicts", desk.w("question", finding.question.value))
                rows.append(((Ref(identity), Soft(title(dossier))), (chip,), _briefly(desk, finding)))
        for question in Question:
            known = concluded(dossier, question)
            newest = known.newest
            if known.state == "disagreed" or (newest is not None and newest.level in {"contradicted"}):
                level = "two_disagree" if newest is None else "people_contradict"
                chip = Chip("contradicts", desk.w("question", question.value))
                rows.append(((Ref(identity), Soft(title(dossier))), (chip,), desk.word("text", level)))
    columns = tuple(desk.w("column", key) for key in ("exhibit", "question", "statement"))
    table = Table(columns, tuple(rows[:MOST_CONTRADICTIONS]), widths=(3, 2, 9)) if rows else None
    more = max(len(rows) - MOST_CONTRADICTIONS, 0)
    rest = Text((Word(desk.words.word("text", "more_at_exhibits", count=number(more, desk.words))),), "warning")
    body = table or Text(desk.word("text", "nothing"))
    note = Text(desk.word("text", "exculpatory"), "soft")
    return desk.section("attention", body, rest if more else None, note, folded=False, count=len(rows))


def _briefly(desk: ReportIndex, finding: Finding) -> Cell:
    """The short sentence of a finding, or its own where its code has none; reasons stand with the exhibit."""
    return brief_statement(finding, desk.words) or statement(finding, desk.words)


def _timeline(desk: ReportIndex) -> Section | None:
    """The intervals of every exhibit that has one, as a table; the brief draws those of recordings."""
    table = intervals(desk)
    return None if table is None else desk.section("intervals", table, count=len(table.rows))


def _map(desk: ReportIndex) -> Section | None:
    things = drawn_of(desk.case)
    if not things:
        return None
    svg = map_svg(_once_a_place(things), visible(desk.case.title))
    columns = tuple(desk.w("column", key) for key in ("exhibit", "kind_of_place", "position", "place"))
    rows = tuple(
        (
            (Ref(thing.exhibit),),
            desk.word("drawn", thing.kind),
            exact(f"{thing.position.latitude_degrees:.5f}, {thing.position.longitude_degrees:.5f}"),
            shown(thing.title),
        )
        for thing in things[:400]
    )
    alternative = desk.words.word("text", "map_alternative", count=number(len(things), desk.words))
    return desk.section("map", Drawing(svg, alternative),
                        desk.section("coordinates", Table(columns, rows), count=len(rows)), folded=False)  # fmt: skip


def _once_a_place(things: Sequence[Drawn]) -> tuple[Drawn, ...]:
    """What lies on one spot (about ten metres) is drawn once, with how many more lie there; the table has them all."""
    spots: dict[tuple[str, float, float, float | None], list[Drawn]] = {}
    for thing in things:
        at = thing.position
        spot = (thing.kind, round(at.latitude_degrees, 4), round(at.longitude_degrees, 4), at.radius_metres)
        spots.setdefault(spot, []).append(thing)
    return tuple(
        replace(some[0], title=f"{some[0].title} +{len(some) - 1}") if len(some) > 1 else some[0]
        for some in spots.values()
    )


def _incidents(desk: ReportIndex) -> Section | None:
    if not desk.case.incidents:
        return None
    shown_ones = tuple(incident(desk, item) for item in sorted(desk.case.incidents, key=lambda i: (i.title, i.id)))
    return desk.section("incidents", *shown_ones, folded=False, count=len(shown_ones))


def _index(desk: ReportIndex) -> Section:
    """One line an exhibit: who stands where, sortable."""
    rows = tuple(
        (
            (Ref(identity), Soft(title(dossier))),
            desk.word("kind", dossier.exhibit.kind.value),
            desk.word("stage", stage(dossier)),
            exact(_captured(dossier)),
            exact(len(desk.links.get(identity, ())) or None),
            exact(sum(f.outcome is FindingOutcome.CONTRADICTS for f in dossier.findings) or None),
        )
        for identity, dossier in sorted(desk.case.exhibits.items())
    )
    columns = tuple(desk.w("column", key) for key in ("exhibit", "kind_word", "stage", "captured", "links", "against"))
    return desk.section("index", Table(columns, rows, widths=(6, 2, 2, 4, 1, 1)), count=len(rows))


def _captured(dossier: ExhibitDossier) -> str | None:
    fact = dossier.facts.get("captured_at")
    return fact.best.value.iso() if fact is not None and isinstance(fact.best.value, Moment) else None
