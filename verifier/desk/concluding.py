"""What a person concludes of an exhibit: reasons picked from what is known of it, a second person blind, a stage."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from urllib.parse import urlencode

from markupsafe import Markup
from starlette.responses import RedirectResponse, Response

from verifier.desk.case_desk import CaseDesk
from verifier.desk.pages import Blocks, page
from verifier.desk.rows import thumbnail
from verifier.dossier import ExhibitDossier
from verifier.errors import UsageError
from verifier.records import Assessment, Question
from verifier.records import Standing as Stood
from verifier.report.blocks import Cell, Exact, Word, shown
from verifier.report.language import Language, language
from verifier.report.pages.conclusions import Concluded, concluded, findings_on, stage
from verifier.report.pages.issue_rows import finding_cell
from verifier.report.pages.report_index import ReportIndex
from verifier.report.phrases import span
from verifier.visible import visible
from verifier.workflow.looking.case_view import named
from verifier.workflow.people.admissible import bounds
from verifier.workflow.people.conclude import (
    LEVELS,
    PRECISIONS,
    STAGES,
    assess,
    review,
    same_person,
    stand,
    waiting_for_review,
)

MOST_REASONS = 24  # that one form offers; a form has forty fields
LONGEST = 4000
FOR, AGAINST = "for", "against"


@dataclass(frozen=True, slots=True, kw_only=True)
class Offered:
    """A reason that can be picked: the word that names it, and what it says."""

    word: str
    told: Markup


def conclude(desk: CaseDesk, prefix: str, query: Mapping[str, str]) -> Response:
    """One question of an exhibit: what is known, what people concluded as far as it may be seen, and the form."""
    words = language(desk.session.lang)
    key = desk.store.exhibit(prefix).id
    question = _question(query.get("question", Question.TIME.value))
    index = desk.view.index((key,), words)
    dossier = index.case.exhibits[key]
    blocks = Blocks(words, frozenset(index.case.exhibits))
    known = concluded(dossier, question)
    offered = _offered(index, blocks, dossier, question)
    glances = desk.view.glances((key,))
    return page(
        "conclude.html.j2", desk.session, path=f"/exhibit/{key}/conclude?{urlencode({'question': question.value})}",
        title=words.word("desk", "conclude"), key=key, name=named(glances.get(key), key),
        thumbnail=thumbnail(glances.get(key)), question=question.value,
        questions=[(one.value, words.word("question", one.value), concluded(dossier, one).state) for one in Question],
        waits=_waits(desk, key, question), state=known.state, filed=_filed(known, words),
        resolves=known.first.id if known.state == "disagreed" and known.first is not None else "",
        offered=offered[:MOST_REASONS], unoffered=max(0, len(offered) - MOST_REASONS),
        levels=[(one, words.word("level", one)) for one in LEVELS],
        precisions=[(one, words.word("precision", one)) for one in PRECISIONS] if question is Question.PLACE else [],
        is_time=question is Question.TIME, stage=stage(dossier), told_stage=words.word("stage", stage(dossier)),
        stages=[(one, words.word("stage", one)) for one in STAGES], is_broken=desk.view.ledger.is_broken,
    )  # fmt: skip


def file_conclusion(desk: CaseDesk, prefix: str, fields: Mapping[str, str]) -> Response:
    """File it: as the first, as the second where another's first one waits, or as what settles two that differ."""
    key = desk.store.exhibit(prefix).id
    question = _question(fields.get("question", ""))
    numbered = sorted((_number(name), value) for name, value in fields.items())
    picked = [value for number, value in numbered if number]
    interval = "/".join(fields.get(name, "").strip()[:40] for name in ("earliest", "latest"))
    earliest, latest = bounds(interval) if interval != "/" else (None, None)
    said = Assessment(
        id="", exhibit=key, question=question, level=fields.get("level", ""), analyst=desk.session.actor, at="",
        earliest=earliest, latest=latest, precision=fields.get("precision") or None,
        because=_picked(picked, FOR), contrary=_picked(picked, AGAINST),
        note=fields.get("note", "").strip()[:LONGEST] or None, resolves=fields.get("resolves") or None,
    )  # fmt: skip
    with desk.writing() as store:
        first = waiting_for_review(store.exhibit_dossier(key), question)
        if said.resolves is None and first is not None and not same_person(first.analyst, said.analyst):
            both = review(store, said, clock=desk.clock)
            if both.agree:
                desk.session.say("both_agree")
            else:
                desk.session.say("both_differ")
        else:
            assess(store, said, clock=desk.clock)
            if said.resolves:
                desk.session.say("settled")
            else:
                desk.session.say("concluded")
    here = f"/exhibit/{key}/conclude?{urlencode({'question': question.value})}"
    return RedirectResponse(here, status_code=303)


def file_stage(desk: CaseDesk, prefix: str, fields: Mapping[str, str]) -> Response:
    """Move an exhibit on; refused while a review is missing or a difference is open."""
    key = desk.store.exhibit(prefix).id
    said = Stood(
        id="", exhibit=key, stage=fields.get("stage", ""), reason=fields.get("reason", "").strip()[:LONGEST] or None,
        by=desk.session.actor, at="",
    )  # fmt: skip
    with desk.writing() as store:
        known = stand(store, said, clock=desk.clock)
    desk.session.say("stood", stage=language(desk.session.lang).word("stage", known.stage))
    return RedirectResponse(f"/exhibit/{key}/conclude", status_code=303)


def _question(text: str) -> Question:
    try:
        return Question(text)
    except ValueError:
        raise UsageError(
            f"{text[:40]!r} is no question; choose from {', '.join(one.value for one in Question)}."
        ) from None


def _waits(desk: CaseDesk, key: str, question: Question) -> str:
    """Whose turn it is: "" nobody's, "mine" I filed and another must, "yours" another filed and it stays hidden."""
    first = waiting_for_review(desk.store.exhibit_dossier(key), question)
    if first is None:
        return ""
    return "mine" if same_person(first.analyst, desk.session.actor) else "yours"


def _filed(known: Concluded, words: Language) -> list[tuple[str, str, str, str, str, str]]:
    """What may be seen: by whom, level, for, against, note. A first one that waits is not among what a view holds."""
    if known.state == "single":
        return []
    return [
        (words.word("desk", which), visible(one.analyst), words.word("level", one.level),
         visible("; ".join(one.because)), visible("; ".join(one.contrary)), visible(one.note or ""))
        for which, one in (("first_one", known.first), ("second_one", known.second), ("settling", known.resolution))
        if one is not None
    ]  # fmt: skip


def _offered(index: ReportIndex, blocks: Blocks, dossier: ExhibitDossier, question: Question) -> list[Offered]:
    """The findings on the question, then every observation, claim and worksheet, each by the word that names it."""
    found = [
        Offered(word=finding.code, told=blocks.cell(finding_cell(index, finding)))
        for finding in findings_on(dossier, question)
    ]  # fmt: skip
    for seen in sorted(dossier.observations, key=lambda one: (one.start_seconds or 0.0, one.id)):
        cell: Cell = (
            Word(index.w("observed", seen.what) + " "),
            Exact(span(seen.start_seconds, seen.end_seconds, index.words)),
        )
        found.append(Offered(word=seen.id, told=blocks.cell((*cell, Word(" · "), *shown(seen.by)))))
    for claim in dossier.claims:
        said = " · ".join(text for text in (claim.place, claim.time, claim.description) if text)
        cell = (Word(index.w("text", "said_by") + " "), *shown(claim.by), Word(": "), *shown(said, 200))
        found.append(Offered(word=claim.id, told=blocks.cell(cell)))
    for sheet in dossier.worksheets:
        cell = (Word(index.w("text", "worksheet") + " "), *shown(sheet.by))
        found.append(Offered(word=sheet.id, told=blocks.cell(cell)))
    kept: dict[str, Offered] = {}
    for one in found:
        kept.setdefault(one.word, one)
    return list(kept.values())


def _number(name: str) -> int:
    """The number of a field `reason_N`, from 1; 0 for any other."""
    prefix, _, number = name.partition("_")
    is_one = prefix == "reason" and number.isascii() and number.isdigit() and len(number) < 3
    return int(number) if is_one else 0


def _picked(values: list[str], side: str) -> tuple[str, ...]:
    return tuple(word for value in values for which, _, word in [value.partition(":")] if which == side and word)
