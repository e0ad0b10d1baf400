"""The box on one screen: what an exhibit is, what people concluded, what argues against it, what it cannot show."""

from __future__ import annotations

from verifier.dossier import ExhibitDossier
from verifier.findings.copies.recordings import independent_of
from verifier.findings.examined import is_fully_examined
from verifier.findings.stated import states_container_time, states_position, states_sound, states_time
from verifier.records import Assessment, Kind, Question
from verifier.report.blocks import (
    Block,
    Bullets,
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
    findings_on,
    stage,
    strongest_against,
)
from verifier.report.pages.report_index import COPIES, MEDIA, ReportIndex
from verifier.report.phrases import clock, interval_cell, number, size
from verifier.report.sentences import caveat, statement
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
    parts.append((Exact(size(dossier.exhibit.size, desk.words)),))
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
    """The five questions, the strongest reason against, what it does not show."""
    if dossier.exhibit.kind.value not in MEDIA:
        return (_without_media(desk, dossier), *_excluded(desk, dossier))
    rows = []
    for name, questions in ASKED:
        if name == "audio" and dossier.exhibit.kind is Kind.PHOTO:
            continue
        rows.append((desk.word("asked", name), _levels(desk, dossier, questions), _pointers(desk, dossier, questions)))
    columns = tuple(desk.w("column", key) for key in ("question", "concluded", "instruments_say"))
    return (
        *_excluded(desk, dossier),
        Table(columns, tuple(rows), labelled=True, widths=(3, 5, 8)),
        Text((Word(desk.w("text", "strongest_against") + " "), *_against(desk, dossier))),
        Text(_counted(desk, dossier)),
        Text(desk.word("text", "does_not_show"), "soft"),
        Bullets(_not_shown(desk, dossier)),
    )


def _without_media(desk: ReportIndex, dossier: ExhibitDossier) -> Text:
    """What is true of an exhibit that is neither picture nor recording as far as its bytes show."""
    if any(said.reading.key == "placeholder:service" for said in dossier.readings):
        return Text(desk.word("text", "placeholder_only"), "warning")
    if is_fully_examined(dossier):
        return Text(desk.word("text", "no_picture_or_sound"), "soft")
    return Text(desk.word("text", "not_known_what_it_holds"), "warning")


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
    return joined(parts, " ") if parts else (Soft(desk.word("text", "nobody_concluded")),)


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


def _pointers(desk: ReportIndex, dossier: ExhibitDossier, questions: tuple[Question, ...]) -> Cell:
    """The two findings that point most; where none points, what was noted, quietly."""
    known = findings_on(dossier, *questions)
    if not known:
        return (Soft(desk.word("text", "not_asked")),)
    found = [finding for finding in known if finding.outcome.value in {"contradicts", "supports"}]
    if not found:
        return (Soft(desk.word("text", "nothing_points")), Soft(statement(known[0], desk.words)))
    parts: list[Inline] = []
    for finding in found[:2]:
        parts += [Chip(finding.outcome.value, desk.w("outcome", finding.outcome.value)), Word(" ")]
        parts += [*statement(finding, desk.words), Word(" ")]
    if len(found) > 2:
        parts.append(Soft((Word(desk.words.word("text", "more_below", count=number(len(found) - 2, desk.words))),)))
    return tuple(parts)


def _against(desk: ReportIndex, dossier: ExhibitDossier) -> Cell:
    finding = strongest_against(dossier)
    if finding is None:
        return desk.word("text", "nothing_against" if is_fully_examined(dossier) else "nothing_against_unread")
    parts: list[Inline] = [Chip(finding.outcome.value, desk.w("question", finding.question.value)), Word(" ")]
    parts += statement(finding, desk.words)
    doubt = caveat(finding, desk.words)
    return (*parts, Soft(doubt)) if doubt else tuple(parts)


def _counted(desk: ReportIndex, dossier: ExhibitDossier) -> Cell:
    identity = dossier.exhibit.id
    copies = {m.left if m.right == identity else m.right for m in desk.links.get(identity, ()) if m.relation in COPIES}
    others = sum(len(independent_of(incident, desk.case, identity)) for incident in desk.incidents_of.get(identity, ()))
    parts: list[Cell] = [(Word(desk.words.word("text", "copies_count", count=number(len(copies), desk.words))),)]
    if desk.incidents_of.get(identity):
        parts.append((Word(desk.words.word("text", "other_recordings", count=number(others, desk.words))),))
    else:
        parts.append(desk.word("text", "no_incident"))
    return joined(parts, " ")


def _not_shown(desk: ReportIndex, dossier: ExhibitDossier) -> tuple[Cell, ...]:
    missing = ["who"]
    if not states_time(dossier):
        missing.append("when_captured" if states_container_time(dossier) else "when")
    if not states_position(dossier):
        missing.append("where")
    if dossier.exhibit.kind is Kind.VIDEO and not states_sound(dossier):
        missing.append("sound")
    missing.append("before_and_after" if dossier.exhibit.kind is not Kind.PHOTO else "moment_only")
    return tuple(desk.word("not_shown", key) for key in missing)
