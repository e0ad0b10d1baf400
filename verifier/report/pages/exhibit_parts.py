"""What is known of one exhibit, part by part, in the order of the guide for judges and fact-finders."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

from verifier.dossier import ExhibitDossier
from verifier.records import Moment, Question, Sourced, Worksheet
from verifier.report.blocks import (
    Block,
    Break,
    Cell,
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
    lines,
    shown,
)
from verifier.report.document import FACTS, TIMES
from verifier.report.pages.conclusions import findings_on
from verifier.report.pages.drawings import OWN_ACTS
from verifier.report.pages.exhibit_copies import copies
from verifier.report.pages.generation_tree import descent
from verifier.report.pages.report_index import ReportIndex
from verifier.report.phrases import (
    clock,
    local_interval,
    local_time,
    moment_cell,
    number,
    span,
)
from verifier.report.told import phrased

FEW_READINGS, MOST_READINGS = 10, 32
MOST_EVENTS = 24
OUR_WORDS = frozenset({"whatsapp:date_order"})  # readings that can hold a sentence of ours; no other is translated


def parts(desk: ReportIndex, dossier: ExhibitDossier) -> tuple[Section, ...]:
    """Identity to observations; parts that an exhibit has nothing of are left out."""
    media = dossier.exhibit.kind.value in {"photo", "video", "audio"}
    builders: dict[str, Callable[[ReportIndex, ExhibitDossier], Section | None]] = {
        "identity": _identity, "authenticity": _authenticity, "metadata": _metadata, "provenance": _provenance,
        "place": _place, "time": _time, "observations": _observations, "copies": copies,
    }  # fmt: skip
    sections = [
        desk.made(key, partial(build, desk, dossier), dossier.exhibit.id)
        for key, build in builders.items()
        if media or key in {"identity", "metadata", "provenance"}
    ]
    return tuple(section for section in sections if section is not None and section.blocks)


def _identity(desk: ReportIndex, dossier: ExhibitDossier) -> Section:
    exhibit = dossier.exhibit
    rows: list[tuple[Cell, ...]] = [
        (desk.word("column", "sha256"), exact(exhibit.id, mono=True)),
        (desk.word("column", "sha512"), exact(exhibit.sha512, mono=True)),
        (desk.word("column", "bytes"), (Exact(number(exhibit.size, desk.words)), Word(" · "),
                                         *exact(exhibit.media_type))),
        (desk.word("column", "hashed_again"), desk.word("fixity_shown", desk.history.shown(dossier))),
    ]  # fmt: skip
    table = Table((desk.w("column", "what"), desk.w("column", "value")), tuple(rows), labelled=True, widths=(3, 13))
    return desk.section("identity", table)


def _authenticity(desk: ReportIndex, dossier: ExhibitDossier) -> Section | None:
    """Content credentials, where something was found of them; the findings stand above."""
    state = next((said.reading.value for said in dossier.readings if said.reading.key == "c2pa:state"), None)
    if state is None or state == "none":
        return None
    return desk.section("authenticity", Text((Word(desk.w("text", "c2pa") + " "), *desk.word("c2pa", str(state)))))


def _metadata(desk: ReportIndex, dossier: ExhibitDossier) -> Section:
    rows = []
    for question in (*FACTS, "position_latitude", "position_longitude", "position_altitude_m"):
        fact = dossier.facts.get(question)
        if fact is None:
            continue
        differing = [other for other in fact.others if other.value != fact.best.value]
        agreeing = len(fact.others) - len(differing)
        others: list[Cell] = [(*_value(desk, question, other), Soft(_where(desk, other))) for other in differing[:4]]
        if agreeing:
            others.append((Word(desk.words.word("text", "agree", count=number(agreeing, desk.words))),))
        value, where = _value(desk, question, fact.best), _where(desk, fact.best)
        rows.append((desk.word("fact", question), value, where, lines(others) or ()))
    columns = tuple(desk.w("column", key) for key in ("what", "value", "where_it_sits", "others"))
    table = Table(columns, tuple(rows), labelled=True, widths=(3, 5, 5, 4)) if rows else None
    return desk.section("metadata", table, _readings(desk, dossier), count=len(rows))


def _where(desk: ReportIndex, sourced: Sourced) -> Cell:
    return (*exact(sourced.basis, mono=True), Break(), *phrased(sourced.location, desk.words, 120))


def _value(desk: ReportIndex, question: str, sourced: Sourced) -> Cell:
    value = sourced.value
    if isinstance(value, Moment):
        return moment_cell(value, desk.words) if question in TIMES else exact(value.iso())
    return exact(value) if isinstance(value, int | float) else shown(value)


def _readings(desk: ReportIndex, dossier: ExhibitDossier) -> Section | None:
    if not dossier.readings:
        return None
    said = sorted(dossier.readings, key=lambda s: (s.instrument, s.reading.key, s.reading.location))
    rows = []
    for item in said[: desk.most(FEW_READINGS, MOST_READINGS)]:
        value = item.reading.value.iso() if isinstance(item.reading.value, Moment) else item.reading.value
        lent = (Word(" "), Ref(item.exhibit)) if item.exhibit != dossier.exhibit.id else ()
        place = phrased(item.reading.location, desk.words, 100)
        told = phrased(value, desk.words, 160) if item.reading.key in OUR_WORDS else shown(value, 160)
        rows.append((exact(item.reading.key, mono=True), told, (*place, *lent)))
    columns = tuple(desk.w("column", key) for key in ("key", "value", "location"))
    more = len(said) - len(rows)
    rest = Text((Word(desk.words.word("text", "more_in_json", count=number(more, desk.words))),), "soft")
    return desk.section(
        "readings",
        Table(columns, tuple(rows), widths=(4, 6, 5)),
        rest if more else None,
        screen_only=True,
        count=len(said),
    )


def _provenance(desk: ReportIndex, dossier: ExhibitDossier) -> Section:
    """With which hand-over it came, what it is a copy of, and what is said of it."""
    handed = [shown(batch.title or batch.id) for batch in desk.batches_of(dossier)]
    blocks: list[Block | None] = []
    if handed:
        blocks.append(Text((Word(desk.w("column", "hand_over") + ": "), *joined(handed, " · "))))
    group = desk.group_of.get(dossier.exhibit.id)
    if group is not None:
        blocks.append(Text(_in_group(desk, dossier, group.best, group.earliest, group.members)))
    blocks.append(_claims(desk, dossier))
    return desk.section("provenance", *blocks)


def _in_group(
    desk: ReportIndex, dossier: ExhibitDossier, best: str, earliest: str | None, members: tuple[str, ...]
) -> Cell:
    own = dossier.exhibit.id
    text = desk.words.word("text", "one_of_copies", count=number(len(members), desk.words))
    parts: list[Inline] = [Word(text), Word(" ")]
    parts += [Word(desk.w("exhibit", "best") + ": "), *(desk.word("text", "this_one") if best == own else (Ref(best),))]
    if earliest is not None:
        told = desk.word("text", "this_one") if earliest == own else (Ref(earliest),)
        parts += [Word(desk.semicolon + desk.w("exhibit", "earliest") + ": "), *told]
    origin = descent(desk, own)
    return (*parts, Word(desk.semicolon), *origin) if origin else tuple(parts)


def _claims(desk: ReportIndex, dossier: ExhibitDossier) -> Table | None:
    """What is said of it alone; what is said of a whole hand-over stands with the hand-overs."""
    own = [claim for claim in desk.claims_of(dossier) if claim.batch is None]
    if not own:
        return None
    columns = tuple(desk.w("column", key) for key in ("by", "place", "time", "detail"))
    rows = tuple((phrased(c.by, desk.words), shown(c.place), shown(c.time), shown(c.description)) for c in own[:20])
    return Table(columns, rows)


def _place(desk: ReportIndex, dossier: ExhibitDossier) -> Section:
    """What people filed of the place; that nobody did is said once for all exhibits."""
    sheets = [block for sheet in dossier.worksheets for block in _worksheet(desk, sheet)]
    return desk.section("place", *sheets, count=len(dossier.worksheets))


def _worksheet(desk: ReportIndex, sheet: Worksheet) -> tuple[Block, ...]:
    head: list[Inline] = [
        Word(desk.w("text", "worksheet") + " "), *shown(sheet.by), Word(": "),
        Exact(f"{sheet.latitude_degrees:.5f}, {sheet.longitude_degrees:.5f}"), Word(" · "),
        Word(desk.w("precision", sheet.precision)),
    ]  # fmt: skip
    if sheet.bearing_degrees is not None:
        head += [Word(f" · {desk.w('column', 'bearing')} "), Exact(f"{sheet.bearing_degrees:.0f}°")]
    columns = tuple(desk.w("column", key) for key in ("number", "start", "feature", "reference", "position"))
    rows = tuple(
        (
            (Exact(str(f.number)),),
            (Exact(clock(f.offset_seconds, desk.words)),) if f.offset_seconds is not None else exact(None),
            shown(f.description),
            (*shown(f.reference), Soft(exact(f.reference_date))) if f.reference_date else shown(f.reference),
            exact(None if f.latitude_degrees is None else f"{f.latitude_degrees:.5f}, {f.longitude_degrees or 0:.5f}"),
        )
        for f in sheet.features
    )
    told = [
        Text((Word(desk.w("column", key) + ": "), *joined([shown(item) for item in items])), "soft")
        for key, items in (("negatives", sheet.negatives), ("alternatives", sheet.alternatives))
        if items
    ]
    return (Text(tuple(head)), Table(columns, rows), *told)


def _time(desk: ReportIndex, dossier: ExhibitDossier) -> Section:
    """The bounds: by when it existed, what its clock says, what is claimed of it alone; times in Iran first."""
    rows: list[tuple[Cell, ...]] = []
    for finding in findings_on(dossier, Question.TIME):
        values = finding.values
        if finding.code != "time.bounds":
            continue
        if values.get("not_after") and values.get("not_after_basis") not in OWN_ACTS:
            source = values.get("not_after_from")
            other = (Word(" "), Ref(str(source))) if source and source != dossier.exhibit.id else ()
            rows.append((desk.word("text", "not_after"), local_time(values["not_after"], desk.words),
                         (*exact(values.get("not_after_basis")), *other), desk.word("strength", "record")))  # fmt: skip
        if values.get("clock_earliest"):
            rows.append((desk.word("text", "not_before"), local_interval(values["clock_earliest"],
                         values["clock_latest"], desk.words), exact(values.get("clock_basis")),
                         desk.word("strength", "clock_late" if values.get("clock_is_late") else "clock")))  # fmt: skip
    for claim in desk.claims_of(dossier):
        if claim.batch is None and (claim.earliest or claim.latest):
            rows.append((desk.word("text", "claimed"), local_interval(claim.earliest, claim.latest, desk.words),
                         phrased(claim.by, desk.words), desk.word("strength", "claim")))  # fmt: skip
    columns = tuple(desk.w("column", key) for key in ("bound", "value", "basis", "strength"))
    return desk.section("time", Table(columns, tuple(rows), labelled=True, widths=(2, 6, 3, 3)) if rows else None)


def _observations(desk: ReportIndex, dossier: ExhibitDossier) -> Section:
    columns = tuple(desk.w("column", key) for key in ("start", "observed", "how_many", "by", "note"))
    known = sorted(dossier.observations, key=lambda o: (o.start_seconds or 0.0, o.id))
    rows = tuple(
        (
            (Exact(span(o.start_seconds, o.end_seconds, desk.words)),),
            (*desk.word("observed", o.what), *_expert(desk, o.alternatives, o.expert)),
            (Word(_count(desk, o.least, o.most)),),
            shown(o.by),
            shown(o.note),
        )
        for o in known
    )
    seen = Table(columns, rows) if rows else None
    return desk.section("observations", seen, _events(desk, dossier), count=len(known))


def _expert(desk: ReportIndex, alternatives: tuple[str, ...], expert: str | None) -> Cell:
    if not alternatives:
        return ()
    named = joined([shown(item) for item in alternatives], " / ")
    signed = (*desk.word("text", "expert_signed"), Word(" "), *shown(expert)) if expert else desk.word(
        "text", "expert_needed")  # fmt: skip
    return (Soft((*named, Word(" · "), *signed)),)


def _count(desk: ReportIndex, least: int | None, most: int | None) -> str:
    if least is None and most is None:
        return "–"
    if most is None:
        return desk.words.word("text", "at_least", count=number(least or 0, desk.words))
    if least is None:
        return desk.words.word("text", "at_most", count=number(most, desk.words))
    return desk.words.word("text", "least_most", least=number(least, desk.words), most=number(most, desk.words))


def _events(desk: ReportIndex, dossier: ExhibitDossier) -> Text | None:
    """Candidates of instruments, a line a kind with its times."""
    events = sorted(dossier.events, key=lambda e: (e.start_seconds, e.kind))
    told: list[Cell] = []
    for kind in dict.fromkeys(event.kind for event in events):
        of_kind = [event for event in events if event.kind == kind]
        times: list[Cell] = [(Exact(span(e.start_seconds, e.end_seconds, desk.words)),) for e in of_kind[:MOST_EVENTS]]
        left = len(of_kind) - len(times)
        if left > 0:
            times.append((Word(desk.words.word("text", "and_more", count=number(left, desk.words))),))
        told.append((Word(desk.w("event", kind) + ": "), *joined(times, desk.comma)))
    return Text(lines(told)) if told else None
