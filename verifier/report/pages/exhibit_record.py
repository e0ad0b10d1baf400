"""What was done to one exhibit and by whom: the ledger of checks, limits, review, custody, how to check it again."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

from verifier.dossier import ExhibitDossier
from verifier.records import Assessment, Question
from verifier.report.blocks import (
    Block,
    Bullets,
    Cell,
    Chip,
    Section,
    Soft,
    Table,
    Text,
    Word,
    exact,
    joined,
    lines,
    shown,
)
from verifier.report.pages.conclusions import concluded
from verifier.report.pages.exhibit_box import bounds_cell
from verifier.report.pages.exhibit_custody import check, custody
from verifier.report.pages.report_index import ReportIndex, checks_of
from verifier.report.phrases import instant_cell, number
from verifier.report.told import phrased


def record(desk: ReportIndex, dossier: ExhibitDossier) -> tuple[Section, ...]:
    """Ledger, review, custody, how to check; what is the same of every exhibit is said once, behind the exhibits."""
    builders: dict[str, Callable[[ReportIndex, ExhibitDossier], Section | None]] = {
        "ledger": _ledger, "review": _review, "custody": custody, "check_yourself": check,
    }  # fmt: skip
    sections = [desk.made(key, partial(build, desk, dossier), dossier.exhibit.id) for key, build in builders.items()]
    return tuple(section for section in sections if section is not None and section.blocks)


def _ledger(desk: ReportIndex, dossier: ExhibitDossier) -> Section:
    """Which set of checks ran, by its letter (`check_sets`), and each that failed."""
    failed = [run for run in dossier.runs if run.result != "done"]
    done = sum(run.result == "done" for run in dossier.runs)
    letter = desk.check_sets.get(checks_of(dossier), "–")
    counts = {"set": letter, "count": number(done, desk.words), "failed": number(len(failed), desk.words)}
    blocks: list[Block] = [Text((Word(desk.words.word("text", "checks_of_set", **counts)),))]
    if failed or dossier.faults:
        columns = tuple(desk.w("column", key) for key in ("instrument", "kind", "detail"))
        rows = [
            (exact(f.instrument), (Chip("inconclusive", desk.w("fault", f.kind.value)),), phrased(f.detail, desk.words))
            for f in sorted(dossier.faults, key=lambda f: (f.instrument, f.kind, f.detail))
        ]
        told = {fault.instrument for fault in dossier.faults}
        rows += [
            (exact(run.instrument), (Chip("inconclusive", desk.w("fault", run.result)),), exact(None))
            for run in failed
            if run.instrument not in told
        ]
        blocks.append(Table(columns, tuple(rows)))
    return desk.section("ledger", *blocks, count=len(dossier.runs))


def _review(desk: ReportIndex, dossier: ExhibitDossier) -> Section:
    rows: list[tuple[Cell, ...]] = []
    for question in Question:
        known = concluded(dossier, question)
        for role, said in (("first", known.first), ("second", known.second), ("resolution", known.resolution)):
            if said is not None:
                rows.append(_assessment(desk, question, role, said))
        if known.state in {"agreed", "disagreed"}:
            rows.append((desk.word("question", question.value), desk.word("review", known.state), (), (), ()))
    columns = tuple(desk.w("column", key) for key in ("question", "role", "level", "by", "basis"))
    table = Table(columns, tuple(rows), labelled=True) if rows else None
    steps = [
        (*desk.word("stage", s.stage), Word(" · "), *shown(s.by), Word(" · "), *instant_cell(s.at, desk.words)[:1],
         *((Word(": "), *shown(s.reason)) if s.reason else ()))
        for s in sorted(dossier.standings, key=lambda s: (s.at, s.id))
    ]  # fmt: skip
    return desk.section("review", table, Bullets(tuple(steps)) if steps else None, count=len(dossier.assessments))


def _assessment(desk: ReportIndex, question: Question, role: str, said: Assessment) -> tuple[Cell, ...]:
    bounds = bounds_cell(desk, said)
    reasons: list[Cell] = [joined([shown(item, 120) for item in said.because])] if said.because else []
    if said.contrary:
        reasons.append((Word(desk.w("column", "contrary") + ": "), *joined([shown(i, 120) for i in said.contrary])))
    if said.note:
        reasons.append(shown(said.note, 400))
    return (
        desk.word("question", question.value),
        desk.word("review", role),
        (Chip(f"level-{said.level}", desk.w("level", said.level)), *((Soft(bounds),) if bounds else ())),
        (*shown(said.analyst), Soft(instant_cell(said.at, desk.words)[:1])),
        lines(reasons) or exact(None),
    )
