"""The whole report as blocks, in the order that both the page and the paper print."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import TypeVar

from verifier.dossier import CaseDossier, ExhibitDossier
from verifier.guarded import UNGUARDED, Guard
from verifier.records import FindingOutcome, Moment
from verifier.report.blocks import Break, Cell, Entry, Report, Text, Word, exact, shown
from verifier.report.language import language
from verifier.report.pages.annex import back
from verifier.report.pages.brief.parts import brief
from verifier.report.pages.case import front, tiles
from verifier.report.pages.conclusions import EXCLUDED, FINAL, stage
from verifier.report.pages.exhibit_box import banner, box, line, picture, title
from verifier.report.pages.exhibit_parts import parts
from verifier.report.pages.exhibit_record import record
from verifier.report.pages.report_index import MEDIA, ReportIndex, desk
from verifier.report.phrases import instant_cell, number

T = TypeVar("T")
REDACTED = ("coordinates", "times", "pictures", "digests")  # what a policy chooses, in the order in which it is told


def report(case: CaseDossier, lang: str, guard: Guard = UNGUARDED) -> Report:
    """All pages of a case, the brief and the annex. A section that cannot be written says so, and is a fault (`guard`)
    of what it is about."""
    laid = desk(case, language(lang), guard)
    return replace(_annex(laid), brief=brief(laid), tiles=_tiles(laid))


def brief_report(case: CaseDossier, lang: str, guard: Guard = UNGUARDED) -> Report:
    """The brief alone."""
    laid = desk(case, language(lang), guard)
    return replace(_bare(laid), brief=brief(laid), tiles=_tiles(laid))


def annex_report(case: CaseDossier, lang: str, guard: Guard = UNGUARDED) -> Report:
    """The annex alone."""
    return _annex(desk(case, language(lang), guard))


def _bare(laid: ReportIndex) -> Report:
    final = is_final(laid.case)
    return Report(
        title=shown(laid.case.title),
        banner=Text(laid.word("page", "final" if final else "draft"), "final" if final else "warning"),
        note=laid.w("page", "instruments"),
        notices=_notices(laid),
        front=(),
        entries=(),
        back=(),
        foot=_foot(laid),
    )


def _annex(laid: ReportIndex) -> Report:
    return replace(
        _bare(laid),
        front=front(laid),
        entries=tuple(entry(laid, dossier) for _, dossier in sorted(laid.case.exhibits.items())),
        back=back(laid),
    )


LISTS = {  # where the brief lists what a number counts
    "recordings": "key_recordings", "groups": "copies_once", "contradictions": "against", "faults": "not_known",
    "matches": "copies_once", "links_waiting": "do_next",
}  # fmt: skip


def _tiles(laid: ReportIndex) -> tuple[tuple[str, str, str], ...]:
    return tuple(
        (number(count, laid.words), laid.w("summary", name), LISTS.get(name, ""))
        for name, count in tiles(laid.case).items()
        if count or name not in {"excluded", "concluded"}
    )


def _notices(laid: ReportIndex) -> tuple[Text, ...]:
    """That the last audit failed; of a redacted report, what was left out or made coarse, and that its ids are new."""
    broken = (Text(laid.word("text", "audit_broken"), "warning"),) if laid.is_broken else ()
    if not laid.redacted:
        return broken
    chosen = {name: str(laid.case.settings.get(f"redacted.{name}", "none")) for name in REDACTED}
    told = " ".join(laid.w("redacted", f"{name}_{value}") for name, value in chosen.items())
    sentences = [laid.w("redacted", "left_out"), told, laid.w("redacted", "ids")]
    return (*broken, Text((Word(laid.w("redacted", "title")), Break(), Word(" ".join(sentences))), "redacted"))


def is_final(case: CaseDossier) -> bool:
    """Whether people have finalised or excluded every picture and sound: until then every page says draft."""
    media = [dossier for dossier in case.exhibits.values() if dossier.exhibit.kind.value in MEDIA]
    return bool(media) and all(stage(dossier) in {FINAL, EXCLUDED} for dossier in media)


def entry(laid: ReportIndex, dossier: ExhibitDossier) -> Entry:
    """One exhibit's part of the report."""
    failed = Text(laid.word("text", "not_written"), "warning")

    def attempt(name: str, build: Callable[[], T], otherwise: T) -> T:
        return laid.guard.attempt((dossier.exhibit.id,), build, otherwise, instrument=f"report:{name}")

    return Entry(
        id=dossier.exhibit.id,
        title=attempt("title", lambda: title(dossier), exact(dossier.exhibit.id[:12])),
        line=attempt("line", lambda: line(laid, dossier), laid.word("text", "not_written")),
        banner=attempt("banner", lambda: banner(laid, dossier), ()),
        picture=attempt("picture", lambda: picture(laid, dossier), None),
        box=attempt("box", lambda: box(laid, dossier), (failed,)),
        sections=(*parts(laid, dossier), *record(laid, dossier)),
        traits=attempt("traits", lambda: _traits(laid, dossier), ()),
    )


def _traits(laid: ReportIndex, dossier: ExhibitDossier) -> tuple[tuple[str, str], ...]:
    captured = dossier.facts.get("captured_at")
    moment = captured.best.value.iso() if captured is not None and isinstance(captured.best.value, Moment) else ""
    against = any(finding.outcome is FindingOutcome.CONTRADICTS for finding in dossier.findings)
    flags = [
        name
        for name, holds in (
            ("against", against),
            ("fault", bool(dossier.faults)),
            ("linked", dossier.exhibit.id in laid.links),
            ("concluded", bool(dossier.assessments)),
        )
        if holds
    ]
    return (
        ("kind", dossier.exhibit.kind.value),
        ("time", moment),
        ("size", str(dossier.exhibit.size)),
        ("is", " ".join(flags)),
    )


def _foot(laid: ReportIndex) -> Cell:
    case = laid.case
    return (
        Word(f"{laid.w('page', 'made_with')} "),
        *exact(f"{case.tool_name} {case.tool_version}"),
        Word(f" · {laid.w('page', 'case_created')} "),
        *instant_cell(case.created_at, laid.words)[:1],
        Word(" · " + laid.words.word("page", "made_from", size=number(case.custody_size, laid.words))),
    )
