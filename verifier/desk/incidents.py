"""Incidents: suggestions as pictures to accept or refuse, what people filed with its counts, who stands apart."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace

from starlette.responses import RedirectResponse, Response

from verifier.desk import screens
from verifier.desk.case_desk import CaseDesk
from verifier.desk.pages import Blocks, page
from verifier.desk.rows import Row, row_of
from verifier.errors import UsageError
from verifier.findings.events.nearness import Reason
from verifier.findings.events.suggest import Suggestion
from verifier.records import Incident
from verifier.report.language import language
from verifier.report.pages.incidents import incident as incident_section
from verifier.visible import visible
from verifier.workflow.looking.case_view import MOST_MEMBERS
from verifier.workflow.people.admissible import bounds
from verifier.workflow.people.conclude import gather_incident
from verifier.workflow.people.suggestions import name_of, refuse

MOST_SUGGESTED, MOST_PICTURES, MOST_REASONS = 20, 12, 8
MOST_ADDED, LONGEST = 500, 4000


@dataclass(frozen=True, slots=True, kw_only=True)
class Offer:
    """A suggestion as a page shows it."""

    name: str
    incident: str
    pictures: list[Row]
    exhibits: int
    recordings: int
    reasons: list[str]
    against: list[str]
    place: str
    earliest: str
    latest: str


def incidents(desk: CaseDesk, query: Mapping[str, str]) -> Response:
    """What people filed, and what may be filed: no suggestion is one before a person takes it."""
    words, answer = language(desk.session.lang), desk.suggested()
    refused = desk.view.ledger.refused
    found = answer.value
    every = [*found.belonging, *found.new] if found is not None else []
    waiting = [one for one in every if name_of(one) not in refused]
    known = _filed(desk)
    return page(
        "incidents.html.j2", desk.session, path="/incidents", title=words.word("desk", "incidents"),
        incidents=[(one.id, visible(one.title, 200), len(one.members)) for one in known.values()],
        offers=[_offer(desk, one) for one in waiting[:MOST_SUGGESTED]], more=max(0, len(waiting) - MOST_SUGGESTED),
        refused=len(every) - len(waiting), is_known=found is not None,
        is_complete=found is None or found.is_complete,
        failed=answer.failed is not None, is_current=answer.is_current, is_broken=desk.view.ledger.is_broken,
    )  # fmt: skip


def incident(desk: CaseDesk, identity: str, query: Mapping[str, str]) -> Response:
    """One incident as the report tells it: recordings, counts, why they are independent, what links which."""
    words, known = language(desk.session.lang), _filed(desk).get(identity)
    if known is None:
        return screens.missing(desk)
    members = known.members[:MOST_MEMBERS]
    index = desk.view.index(members, words, with_custody=False)
    blocks = Blocks(words, frozenset(members))
    glances = desk.view.glances(members)
    section = incident_section(index, replace(known, members=members))
    return page(
        "incident.html.j2", desk.session, path=f"/incident/{identity}", title=visible(known.title, 200),
        identity=identity, members=[row_of(key, glances.get(key), words) for key in members],
        more=len(known.members) - len(members), drawn=blocks.blocks(section.blocks),
        is_broken=desk.view.ledger.is_broken,
    )  # fmt: skip


def create(desk: CaseDesk, fields: Mapping[str, str]) -> Response:
    """File a new incident of exhibits that are named by the beginnings of their ids."""
    return _file(desk, _said(_named(desk, fields), desk.session.actor, fields))


def add(desk: CaseDesk, identity: str, fields: Mapping[str, str]) -> Response:
    """Add exhibits, or reasons why recordings are independent; the earlier form stays in the log."""
    known = _filed(desk).get(identity)
    if known is None:
        raise UsageError(f"There is no incident {visible(identity, 20)}.")
    return _file(desk, _with(known, _named(desk, fields), desk.session.actor, fields))


def accept(desk: CaseDesk, name: str, fields: Mapping[str, str]) -> Response:
    """File a suggestion: as a new incident, or to the one that it belongs to."""
    one = _suggestion(desk, name)
    known = _filed(desk).get(one.incident) if one.incident else None
    if known is not None:
        return _file(desk, _with(known, one.further, desk.session.actor, fields))
    return _file(desk, _said(one.members, desk.session.actor, fields))


def decline(desk: CaseDesk, name: str, fields: Mapping[str, str]) -> Response:
    """Refuse a suggestion, for a reason."""
    one = _suggestion(desk, name)
    with desk.writing() as store:
        refuse(store, one, fields.get("reason", "")[:LONGEST], actor=desk.session.actor, clock=desk.clock)
    desk.session.say("refused")
    return RedirectResponse("/incidents", status_code=303)


def _file(desk: CaseDesk, said: Incident) -> Response:
    with desk.writing() as store:
        filed = gather_incident(store, said, clock=desk.clock)
    desk.session.say("incident")
    return RedirectResponse(f"/incident/{filed.id}", status_code=303)


def _filed(desk: CaseDesk) -> dict[str, Incident]:
    """Every incident by its id, each in its newest form."""
    with desk.store.search() as view:
        return {one.id: one for one in view.incidents()}


def _with(known: Incident, members: tuple[str, ...], by: str, fields: Mapping[str, str]) -> Incident:
    more = _lines(fields)
    return replace(
        known, members=tuple(sorted({*known.members, *members})), independence=(*known.independence, *more), by=by
    )  # fmt: skip


def _said(members: tuple[str, ...], by: str, fields: Mapping[str, str]) -> Incident:
    interval = "/".join(fields.get(name, "").strip()[:40] for name in ("earliest", "latest"))
    earliest, latest = bounds(interval) if interval != "/" else (None, None)
    return Incident(
        id="", title=fields.get("title", "").strip()[:400], members=members, by=by, at="",
        place=fields.get("place", "").strip()[:400] or None, earliest=earliest, latest=latest,
        independence=_lines(fields), note=fields.get("note", "").strip()[:LONGEST] or None,
    )  # fmt: skip


def _lines(fields: Mapping[str, str]) -> tuple[str, ...]:
    """Reasons why recordings are independent, a line each."""
    return tuple(line.strip() for line in fields.get("independent", "")[:LONGEST].splitlines() if line.strip())


def _named(desk: CaseDesk, fields: Mapping[str, str]) -> tuple[str, ...]:
    return tuple(sorted({desk.store.exhibit(word).id for word in fields.get("exhibits", "").split()[:MOST_ADDED]}))


def _suggestion(desk: CaseDesk, name: str) -> Suggestion:
    found = desk.suggested().value
    every = (*found.belonging, *found.new) if found is not None else ()
    one = next((one for one in every if name_of(one) == name), None)
    if one is None:
        raise UsageError("That suggestion is no longer made: the case has changed meanwhile. Load the page again.")
    return one


def _offer(desk: CaseDesk, one: Suggestion) -> Offer:
    words = language(desk.session.lang)
    shown = one.further[:MOST_PICTURES]
    glances = desk.view.glances(shown)
    return Offer(
        name=name_of(one), incident=one.incident or "",
        pictures=[row_of(key, glances.get(key), words) for key in shown],
        exhibits=len(one.further), recordings=len(one.recordings), reasons=_sentences(one.reasons),
        against=_sentences(one.against), place=visible(one.place or "", 200), earliest=one.earliest or "",
        latest=one.latest or "",
    )  # fmt: skip


def _sentences(reasons: tuple[Reason, ...]) -> list[str]:
    return [
        visible(f"{' – '.join(side[:12] for side in (one.left, one.right) if side)}: {one.text}", 400)
        for one in reasons[:MOST_REASONS]
    ]
