"""What can be done: a verdict, its undoing, a claim, an observation, a look. Each goes the way of its command."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from urllib.parse import urlencode

from starlette.responses import JSONResponse, RedirectResponse, Response

from verifier.desk.case_desk import CaseDesk
from verifier.errors import UsageError
from verifier.records import Claim, Observation, Verdict
from verifier.report.language import codes, language
from verifier.workflow.people.admissible import moments
from verifier.workflow.people.conclude import observe as file_observation
from verifier.workflow.people.say import claim as file_claim
from verifier.workflow.people.say import verdict as file_verdict

LONGEST_NOTE = 4000
MOST_COPIES = 100  # pairs of copies that one verdict is filed of
UNDONE = {"same": "unsure", "different": "unsure", "unsure": "unsure"}  # where nobody had decided before


@dataclass(frozen=True, slots=True, kw_only=True)
class Filed:
    """A verdict, and what others filed between the page and this."""

    verdict: Verdict
    meanwhile: tuple[Verdict, ...]
    is_new: bool = True


def decide(desk: CaseDesk, left: str, right: str, decision: str, note: str, seen: int) -> Filed:
    """File a verdict. `seen`: how many there were on the page. What others filed meanwhile stays, and is told.

    The same said twice by one person, as by a second press of a key, is filed once.
    """
    with desk.writing() as store:
        earlier = desk.view.ledger.verdicts(left, right)
        meanwhile = earlier[max(0, seen) :]
        mine = [one for one in meanwhile if one.by == desk.session.actor]
        if mine and mine[-1] is earlier[-1] and (mine[-1].decision, mine[-1].note) == (decision, note):
            return Filed(verdict=mine[-1], meanwhile=(), is_new=False)
        known = file_verdict(store, left, right, decision, note, actor=desk.session.actor, clock=desk.clock)
    return Filed(verdict=known, meanwhile=tuple(one for one in meanwhile if one.by != desk.session.actor))


def verdict(desk: CaseDesk, left: str, right: str, fields: Mapping[str, str]) -> Response:
    """Same, different or unsure; on to the next pair, or back to this one where somebody else filed meanwhile."""
    one, other = sorted(desk.store.exhibit(prefix).id for prefix in (left, right))
    note = fields.get("note", "").strip()[:LONGEST_NOTE]
    decision = fields.get("decision", "")
    filed = decide(desk, one, other, decision, note, _integer(fields.get("seen")))
    laid = desk.view.laid()
    copies = desk.view.pairs_beside(laid, (one, other)) if fields.get("copies") == "1" and laid is not None else ()
    for pair in copies[:MOST_COPIES]:
        decide(desk, *pair, decision, note, len(desk.view.ledger.verdicts(*pair)))
    here = f"/pair/{one}/{other}"
    words = language(desk.session.lang)
    if filed.meanwhile:
        last = filed.meanwhile[-1]
        told = {"who": last.by, "theirs": words.word("verdict", last.decision)}
        desk.session.say("conflict", mine=words.word("verdict", filed.verdict.decision), **told)
        return RedirectResponse(here, status_code=303)
    desk.session.say("kept", mine=words.word("verdict", filed.verdict.decision), back=here)
    if fields.get("stay"):
        return RedirectResponse(here, status_code=303)
    following = desk.view.next_waiting(laid, after=(one, other)) if laid is not None else None
    return RedirectResponse("/pair/{}/{}".format(*following) if following else here, status_code=303)


def undo(desk: CaseDesk, left: str, right: str, fields: Mapping[str, str]) -> Response:
    """A new verdict that says again what stood before one's own last one; the log keeps both."""
    one, other = sorted(desk.store.exhibit(prefix).id for prefix in (left, right))
    earlier = desk.view.ledger.verdicts(one, other)
    if not earlier or earlier[-1].by != desk.session.actor:
        raise UsageError(language(desk.session.lang).word("desk", "nothing_to_undo"))
    before = earlier[-2].decision if len(earlier) > 1 else UNDONE[earlier[-1].decision]
    filed = decide(desk, one, other, before, f"undone: {earlier[-1].decision}", len(earlier))
    desk.session.say("undone", mine=language(desk.session.lang).word("verdict", filed.verdict.decision))
    return RedirectResponse(f"/pair/{one}/{other}", status_code=303)


def claim(desk: CaseDesk, prefix: str, fields: Mapping[str, str]) -> Response:
    """Keep what somebody says of an exhibit, word for word; say what of it was not understood."""
    key = desk.store.exhibit(prefix).id
    said = Claim(
        id="", exhibit=key, batch=None, by=_text(fields, "by") or desk.session.actor, place=_text(fields, "place"),
        time=_text(fields, "time"), description=_text(fields, "description"),
    )  # fmt: skip
    with desk.writing() as store:
        understood = file_claim(store, said, actor=desk.session.actor, clock=desk.clock)
    if understood.problems:
        desk.session.say("claim_partly", problems="; ".join(understood.problems))
    else:
        desk.session.say("claim_kept")
    return RedirectResponse(f"/exhibit/{key}", status_code=303)


def observe(desk: CaseDesk, prefix: str, fields: Mapping[str, str]) -> Response:
    """Keep what a person saw or heard."""
    key = desk.store.exhibit(prefix).id
    start, end = moments(_text(fields, "at"))
    said = Observation(
        id="", exhibit=key, what=fields.get("what", ""), by=desk.session.actor, at="", start_seconds=start,
        end_seconds=end, least=_count(fields.get("least", "")), most=_count(fields.get("most", "")),
        note=_text(fields, "note"),
    )  # fmt: skip
    with desk.writing() as store:
        file_observation(store, said, clock=desk.clock)
    desk.session.say("observed")
    return RedirectResponse(f"/exhibit/{key}", status_code=303)


def look(desk: CaseDesk, prefix: str, fields: Mapping[str, str], *, as_json: bool) -> Response:
    """Show an exhibit unblurred. It is noted in the log before it is shown."""
    key = desk.store.exhibit(prefix).id
    name = desk.look(key, is_grey=fields.get("colour") != "1")
    if as_json:
        return JSONResponse({"picture": f"/look/{name}", "name": name, "looks": desk.session.looks})
    back, side = fields.get("back", ""), fields.get("side", "look")
    if side not in {"look", "look_a", "look_b"} or not back.startswith(("/pair/", "/exhibit/")):
        back, side = f"/exhibit/{key}", "look"
    kept = {key: value for key in ("look_a", "look_b") if (value := fields.get(f"kept_{key}", "")) and key != side}
    return RedirectResponse(f"{back.partition('?')[0]}?{urlencode({**kept, side: name})}", status_code=303)


def settle(desk: CaseDesk, fields: Mapping[str, str]) -> Response:
    """Language, name, keys, a break, blur again: of this session only."""
    session = desk.session
    if fields.get("lang") in codes():
        session.lang = fields["lang"]
    if "actor" in fields:
        session.actor = " ".join(fields["actor"].split())[:80]
        session.last_act = desk.view.ledger.last_of(session.actor)
    if "keys" in fields:
        session.has_keys = fields["keys"] == "1"
    if fields.get("rest"):
        session.rest()
    if fields.get("hide"):
        session.hide()
        desk.clips.forget()
    back = fields.get("back", "/")
    return RedirectResponse(back if _is_ours(back) else "/", status_code=303)


def end(desk: CaseDesk) -> Response:
    """End the desk."""
    desk.end()
    return RedirectResponse("/", status_code=303)


def _is_ours(address: str) -> bool:
    """Whether an address can only lead to a page of the desk."""
    return address.startswith("/") and not address.startswith("//") and "\\" not in address and address.isprintable()


def _text(fields: Mapping[str, str], name: str) -> str | None:
    return fields.get(name, "").strip()[:LONGEST_NOTE] or None


def _integer(text: str | None) -> int:
    return int(text) if text and text.isascii() and text.isdigit() and len(text) < 10 else 0


def _count(text: str) -> int | None:
    stripped = text.strip()
    if not stripped:
        return None
    if not (stripped.isdigit() and len(stripped) < 10):
        raise UsageError(f"{stripped[:40]!r} is no number of things.")
    return int(stripped)
