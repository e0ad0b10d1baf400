"""The box on one screen: what an exhibit is, what people concluded, what argues against it, what it cannot show."""

from __future__ import annotations

from verifier.dossier import ExhibitDossier
from verifier.findings.examined import is_fully_examined
from verifier.records import Assessment, Question
from verifier.report.blocks import (
    Block,
    Cell,
    Chip,
    Exact,
    Inline,
    Picture,
    Shown,
    Soft,
    Table,
    Text,
    Word,
    joined,
    shown,
)
from verifier.report.pages.conclusions import (
    ASKED,
    EXCLUDED,
    FINAL,
    Concluded,
    concluded,
    stage,
)
from verifier.report.pages.issue_rows import issue_table, untold_line
from verifier.report.pages.report_index import MEDIA, ReportIndex
from verifier.report.phrases import clock, interval_cell, size
from verifier.visible import visible

LARGEST_TITLE = 160


def title(dossier: ExhibitDossier) -> Cell:
    """The names it came under."""
    names = dict.fromkeys(visible(a.name.decode("utf-8", "replace"), LARGEST_TITLE) for a in dossier.acquisitions)
    first = [name for name in names if name][:3]
    return joined([(Shown(name),) for name in first], " · ") or (Exact(dossier.exhibit.id[:12], mono=True),)


def line(desk: ReportIndex, dossier: ExhibitDossier) -> Cell:
    """One neutral sentence: kind, format, length, size."""
    parts: list[Cell] = [desk.word("kind", dossier.exhibit.kind.value), (Exact(dossier.exhibit.media_type),)]
    width, height = _number(dossier, "width"), _number(dossier, "height")
    if width and height:
        parts.append((Exact(f"{int(width)}×{int(height)}"),))
    seconds = _number(dossier, "duration_s")
    if seconds is not None:
        parts.append((Exact(clock(seconds, desk.words)),))
    parts.append((Shown(size(dossier.exhibit.size, desk.words)),))
    return joined(parts, " · ")


def _number(dossier: ExhibitDossier, question: str) -> float | None:
    fact = dossier.facts.get(question)
    value = fact.best.value if fact is not None else None
    return float(value) if isinstance(value, int | float) and not isinstance(value, bool) else None


def banner(desk: ReportIndex, dossier: ExhibitDossier) -> tuple[Chip, ...]:
    """Draft or final, restrictions, whether it may be graphic, the incidents it stands in."""
    standing = stage(dossier)
    chips = [Chip("final" if standing == FINAL else "draft", desk.w("stage", standing))]
    for batch in desk.batches_of(dossier):
        if batch.restriction:
            chips.append(Chip("restricted", f"{desk.w('exhibit', 'restriction')}: {visible(batch.restriction, 200)}"))
    if dossier.exhibit.kind.value in MEDIA:
        chips.append(Chip("plain", desk.w("exhibit", "graphic_unknown")))
    for incident in desk.incidents_of.get(dossier.exhibit.id, ()):
        chips.append(Chip("plain", f"{desk.w('exhibit', 'incident')}: {visible(incident.title, 120)}"))
    if any(not acquisition.preserved for acquisition in dossier.acquisitions):
        chips.append(Chip("contradicts", desk.w("exhibit", "referenced")))
    return tuple(chips)


def picture(desk: ReportIndex, dossier: ExhibitDossier) -> Picture | None:
    """The small grey picture, where one was made."""
    made = next((item for item in dossier.derivatives if item.recipe.startswith("thumbnail/")), None)
    if made is None:
        return None
    return Picture(made.id, desk.words.word("exhibit", "picture_of", id=dossier.exhibit.id[:12]))


def box(desk: ReportIndex, dossier: ExhibitDossier) -> tuple[Block, ...]:
    """What people concluded, the findings as issues, and on one line what could not be told."""
    blocks: list[Block | None] = [*_excluded(desk, dossier)]
    if dossier.exhibit.kind.value not in MEDIA:
        blocks.append(_without_media(desk, dossier))
    blocks += [_concluded(desk, dossier), issue_table(desk, dossier), untold_line(desk, dossier)]
    return tuple(block for block in blocks if block is not None)


def _concluded(desk: ReportIndex, dossier: ExhibitDossier) -> Table | None:
    """The questions on which a person concluded; that nobody did is said once for all exhibits."""
    rows = []
    for name, questions in ASKED:
        said = _levels(desk, dossier, questions)
        if said:
            rows.append((desk.word("asked", name), said))
    columns = (desk.w("column", "question"), desk.w("column", "concluded"))
    return Table(columns, tuple(rows), labelled=True, widths=(5, 11)) if rows else None


def _without_media(desk: ReportIndex, dossier: ExhibitDossier) -> Text:
    """What is true of an exhibit that is neither picture nor recording as far as its bytes show, in a few words."""
    known = held(dossier)
    return Text(desk.word("holds", known), "soft" if known == "no_picture_or_sound" else "warning")


def held(dossier: ExhibitDossier) -> str:
    """Whether it is a placeholder, holds no picture or sound, or is not known well enough to say."""
    if any(said.reading.key == "placeholder:service" for said in dossier.readings):
        return "placeholder_only"
    return "no_picture_or_sound" if is_fully_examined(dossier) else "not_known_what_it_holds"


def _excluded(desk: ReportIndex, dossier: ExhibitDossier) -> tuple[Block, ...]:
    if stage(dossier) != EXCLUDED:
        return ()
    newest = max(dossier.standings, key=lambda s: (s.at, s.id))
    return (Text((Word(desk.w("stage", EXCLUDED) + ": "), *shown(newest.reason)), "warning"),)


def _levels(desk: ReportIndex, dossier: ExhibitDossier, questions: tuple[Question, ...]) -> Cell:
    parts: list[Cell] = []
    for question in questions:
        known = concluded(dossier, question)
        if known.state == "none":
            continue
        named = (Word(desk.w("question", question.value) + ": "),) if len(questions) > 1 else ()
        parts.append((*named, *level_cell(desk, known)))
    return joined(parts, " ")


def level_cell(desk: ReportIndex, known: Concluded) -> Cell:
    """A question's level with what stands behind it: one person, two that agree, two that differ, a resolution."""
    first, second = known.first, known.second
    if first is None:
        return desk.word("text", "nobody_concluded")
    if known.state == "disagreed" and second is not None:
        return (
            Chip("contradicts", desk.w("level", first.level)), Word(" / "),
            Chip("contradicts", desk.w("level", second.level)), Soft(desk.word("text", "two_disagree")),
        )  # fmt: skip
    newest = known.newest or first
    parts: list[Inline] = [Chip(f"level-{newest.level}", desk.w("level", newest.level))]
    parts += [Soft(desk.word("review", known.state))]
    bounds = bounds_cell(desk, newest)
    return (*parts, Soft(bounds)) if bounds else tuple(parts)


def bounds_cell(desk: ReportIndex, said: Assessment) -> Cell:
    """The interval or precision of an assessment; empty where it has none."""
    parts: list[Cell] = []
    if said.earliest or said.latest:
        parts.append(interval_cell(said.earliest, said.latest, desk.words))
    if said.precision:
        parts.append(desk.word("precision", said.precision))
    return joined(parts, " · ") if parts else ()
