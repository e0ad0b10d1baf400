"""What stands after the exhibits: what was not examined, skipped or excluded, how it was done, and its limits."""

from __future__ import annotations

import tomllib
from collections.abc import Callable
from functools import cache, partial
from importlib.resources import files
from typing import Any

from verifier.dossier import ExhibitDossier
from verifier.records import Run
from verifier.report.blocks import (
    Bullets,
    Cell,
    Chip,
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
from verifier.report.pages.conclusions import EXCLUDED, stage
from verifier.report.pages.exhibit_box import held, title
from verifier.report.pages.exhibit_custody import how_to_check, six_questions
from verifier.report.pages.report_index import MEDIA, ReportIndex
from verifier.report.phrases import instant_cell, number
from verifier.report.told import phrased

LEVELS = ("established", "probable", "possible", "not-established", "contradicted")
TIERS = ("certain", "likely", "review")
OUTCOMES = ("supports", "contradicts", "notes", "inconclusive", "not_assessed")


def back(desk: ReportIndex) -> tuple[Section, ...]:
    """What stands after the exhibits."""
    builders: dict[str, Callable[[ReportIndex], Section | None]] = {
        "notes": _notes, "not_examined": _not_examined, "skipped": _skipped, "excluded": _excluded,
        "six_questions": six_questions, "method": _method, "case_limits": _limits, "check_yourself": _check,
    }  # fmt: skip
    made = [desk.made(key, partial(build, desk)) for key, build in builders.items()]
    return tuple(section for section in made if section is not None)


def _notes(desk: ReportIndex) -> Section | None:
    """What is said of several exhibits word for word, once; exhibits name it by its number."""
    rows = tuple(
        ((Exact(number(note.number, desk.words)),), note.text, (Exact(number(note.count, desk.words)),))
        for note in desk.said.in_order()
    )
    columns = tuple(desk.w("column", key) for key in ("number", "statement", "times_said"))
    return desk.section("notes", Table(columns, rows, widths=(1, 13, 2)), count=len(rows)) if rows else None


def _not_examined(desk: ReportIndex) -> Section:
    rows = tuple(
        (
            (Ref(identity), Soft(title(dossier))),
            exact(fault.instrument),
            (Chip("inconclusive", desk.w("fault", fault.kind.value)),),
            phrased(fault.detail, desk.words),
        )
        for identity, dossier in sorted(desk.case.exhibits.items())
        for fault in sorted(dossier.faults, key=lambda f: (f.instrument, f.kind, f.detail))
    )
    columns = tuple(desk.w("column", key) for key in ("exhibit", "instrument", "kind", "detail"))
    body = Table(columns, rows) if rows else Text(desk.word("text", "none_failed"))
    return desk.section("not_examined", body, folded=False, count=len(rows))


def _skipped(desk: ReportIndex) -> Section:
    rows = tuple(
        (shown(entry.path.decode("utf-8", "replace")), shown(entry.reason))
        for entry in sorted(desk.case.skipped, key=lambda s: (s.path, s.at))
    )
    columns = tuple(desk.w("column", key) for key in ("path", "reason"))
    body = Table(columns, rows) if rows else Text(desk.word("text", "nothing"))
    return desk.section("skipped", body, folded=False, count=len(rows))


def _excluded(desk: ReportIndex) -> Section:
    rows = []
    for identity, dossier in sorted(desk.case.exhibits.items()):
        if stage(dossier) == EXCLUDED:
            newest = max(dossier.standings, key=lambda s: (s.at, s.id))
            rows.append(((Ref(identity), Soft(title(dossier))), shown(newest.reason), shown(newest.by),
                         instant_cell(newest.at, desk.words)[:1]))  # fmt: skip
    columns = tuple(desk.w("column", key) for key in ("exhibit", "reason", "by", "at"))
    body = Table(columns, tuple(rows)) if rows else Text(desk.word("text", "none_excluded"))
    return desk.section("excluded", body, folded=False, count=len(rows))


@cache
def methods() -> list[dict[str, Any]]:
    """What each kind of instrument is known to do: threshold, and its error where that was measured."""
    text = (files("verifier.report") / "methods.toml").read_text(encoding="utf-8")
    known: list[dict[str, Any]] = tomllib.loads(text)["method"]
    return known


def _method(desk: ReportIndex) -> Section:
    defined: list[tuple[Cell, ...]] = []
    for section, keys in (("level", LEVELS), ("outcome", OUTCOMES), ("tier", TIERS)):
        defined += [
            (desk.word(section, key), desk.word("meaning", f"{section}_{key.replace('-', '_')}")) for key in keys
        ]
    columns = (desk.w("column", "word_used"), desk.w("column", "means"))
    return desk.section(
        "method",
        Text(desk.word("text", "method")),
        desk.section("scales", Table(columns, tuple(defined), labelled=True, widths=(3, 11)), folded=False),
        _measured(desk),
        _instruments(desk),
        check_sets(desk),
        folded=False,
    )


def check_sets(desk: ReportIndex) -> Section | None:
    """Which checks ran together, by the letter that exhibits name; which of all did not."""
    every = sorted({name for checks in desk.check_sets for name in checks})
    rows = []
    for checks, letter in sorted(desk.check_sets.items(), key=lambda item: (len(item[1]), item[1])):
        missing = [name for name in every if name not in checks]
        rows.append(((Exact(letter),), joined([exact(name) for name in checks], desk.comma) or exact(None),
                     joined([exact(name) for name in missing], desk.comma) or exact(None)))  # fmt: skip
    columns = tuple(desk.w("column", key) for key in ("check_set", "run", "not_run"))
    return desk.section("check_sets", Text(desk.word("text", "not_run_why"), "soft"),
                        Table(columns, tuple(rows), widths=(1, 7, 6)), count=len(rows)) if rows else None  # fmt: skip


def _measured(desk: ReportIndex) -> Section:
    rows = []
    for known in methods():
        error = known.get("error")
        told: Cell = (*shown(error, 500), Soft(exact(known["source"]))) if error else desk.word("text", "not_measured")
        rows.append((desk.word("method_name", known["name"]), shown(known.get("threshold"), 400), told))
    columns = tuple(desk.w("column", key) for key in ("method", "threshold", "error"))
    return desk.section("measured", Text(desk.word("text", "measured"), "soft"),
                        Table(columns, tuple(rows), labelled=True, widths=(3, 6, 6)), folded=False)  # fmt: skip


def _instruments(desk: ReportIndex) -> Section:
    runs: dict[str, list[Run]] = {}
    for dossier in desk.case.exhibits.values():
        for run in dossier.runs:
            runs.setdefault(run.instrument, []).append(run)
    rows = tuple(
        (
            exact(name),
            joined([(Exact(str(version)),) for version in sorted({run.version for run in known})], desk.comma),
            joined([shown(origin) for origin in sorted({run.origin for run in known})], desk.comma),
            exact(len(known)),
            exact(sum(run.result != "done" for run in known) or None),
        )
        for name, known in sorted(runs.items())
    )
    columns = tuple(desk.w("column", key) for key in ("instrument", "version", "origin", "runs", "failed"))
    return desk.section("instruments", Table(columns, rows), count=len(rows))


def _limits(desk: ReportIndex) -> Section:
    ours = [desk.word("text", key) for key in ("absence", "machine_limits")]
    ours += [desk.of_the_log(), *[desk.word("text", key) for key in ("never_new", "statistics")]]
    dossiers = desk.case.exhibits.values()
    searched = any(finding.code.startswith(BANK) for dossier in dossiers for finding in dossier.findings)
    named = "old_scope_banks" if searched else "old_scope"
    scope = desk.words.word("text", named, count=number(desk.exhibits, desk.words))
    ours += [(Word(scope),), *[desk.word("text", key) for key in ("shows_not", "candidates", "blind_rule")]]
    if any(not dossier.assessments for dossier in dossiers):
        ours.append(desk.word("text", "nobody_elsewhere"))
    if any(not a.preserved for d in dossiers for a in d.acquisitions):
        ours.append(desk.word("text", "reference_case"))
    ours += [desk.word("text", key) for key in HOLDS if any(_holds(d, key) for d in dossiers)]
    ours += [cell for cell in (desk.weaker(),) if cell is not None]
    return desk.section("case_limits", Bullets((*ours, *[shown(limit, 600) for limit in desk.case.limits])),
                        folded=False)  # fmt: skip


BANK = "bank."  # codes of what banks of earlier footage said
HOLDS = ("placeholder_only", "not_known_what_it_holds")


def _holds(dossier: ExhibitDossier, key: str) -> bool:
    """Whether the sentence of that name is of an exhibit."""
    return dossier.exhibit.kind.value not in MEDIA and held(dossier) == key


def _check(desk: ReportIndex) -> Section:
    return desk.section("check_yourself", *how_to_check(desk), folded=False)
