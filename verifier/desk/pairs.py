"""The pair: two exhibits beside each other, why they are linked, what people decided. Nothing here writes."""

from __future__ import annotations

from collections.abc import Mapping

from markupsafe import Markup
from starlette.responses import RedirectResponse, Response

from verifier.desk.case_desk import CaseDesk
from verifier.desk.pages import Blocks, page
from verifier.desk.rows import pair_address, thumbnail
from verifier.desk.shown import looked, played
from verifier.records import Kind, Match, Verdict
from verifier.report.language import Language, language
from verifier.report.pages.exhibit_box import line as exhibit_line
from verifier.report.pages.exhibit_copies import segments_cell
from verifier.report.pages.report_index import ReportIndex
from verifier.report.pages.strips import strip
from verifier.report.phrases import instant_cell
from verifier.report.told import reason
from verifier.visible import visible
from verifier.workflow.looking.case_view import Laid, named

MOST_REASONS, MOST_VERDICTS, MOST_COPIES = 12, 20, 100


def pair(desk: CaseDesk, left: str, right: str, query: Mapping[str, str]) -> Response:
    """Two exhibits beside each other: what links them and why, what people decided, and the three verdicts."""
    words = language(desk.session.lang)
    one, other = (desk.store.exhibit(prefix).id for prefix in (left, right))
    if one == other:
        return RedirectResponse(f"/exhibit/{one}", status_code=303)
    if one > other:
        return RedirectResponse(pair_address(one, other), status_code=303)
    matches = desk.view.matches(one, other)
    index = desk.view.index((one, other), words, links=matches, with_custody=False)
    glances = desk.view.glances((one, other))
    blocks = Blocks(words, frozenset({one, other}))
    looks = [looked(desk, key, query.get(side)) for key, side in ((one, "look_a"), (other, "look_b"))]
    laid = desk.view.with_links()
    following = desk.view.next_waiting(laid, after=(one, other))
    verdicts = desk.view.ledger.verdicts(one, other)
    sides = [
        {"key": key, "name": named(glances.get(key), key), "thumbnail": thumbnail(glances.get(key)), "look": look,
         "line": blocks.cell(exhibit_line(index, index.case.exhibits[key])), "letter": letter}
        for key, look, letter in zip((one, other), looks, "AB", strict=True)
    ]  # fmt: skip
    evidence = [identity for match in matches for identity in match.evidence]
    shown = next((query[side] for look, side in zip(looks, ("look_a", "look_b"), strict=True) if look), None)
    return page(
        "pair.html.j2", desk.session, path=pair_address(one, other), title=words.word("desk", "pair"), one=one,
        other=other, sides=sides, links=[_link(index, blocks, match, one, words) for match in matches],
        verdicts=[_verdict(verdict, blocks, words) for verdict in verdicts[-MOST_VERDICTS:]], seen=len(verdicts),
        can_undo=bool(verdicts) and verdicts[-1].by == desk.session.actor,
        following=pair_address(*following) if following is not None else None,
        waiting=len(desk.view.waiting(laid)) if laid.standing is not None else None,
        strip=_strip(index, blocks, one, other), copies=_copies(desk, laid, one, other),
        evidence=[f"/link-picture/{shown}/{one}/{other}/{identity}" for identity in evidence[:6]] if shown else [],
        has_evidence=bool(evidence), clip=played(desk, (one, other), query.get("clip")),
        is_playable=any(glances[key].exhibit.kind is Kind.VIDEO for key in (one, other) if key in glances),
        is_current=desk.view.is_current(laid), is_broken=desk.view.ledger.is_broken,
    )  # fmt: skip


def _link(index: ReportIndex, blocks: Blocks, match: Match, one: str, words: Language) -> dict[str, object]:
    why = [(key, value) for key, value in sorted(match.because.items()) if value is not None][:MOST_REASONS]
    return {
        "relation": words.word("relation", match.relation.value),
        "medium": words.word("medium", match.medium.value),
        "tier": words.word("tier", match.tier.value),
        "kind": match.tier.value,
        "score": f"{match.score:.2f}",
        "method": match.method,
        "parts": blocks.cell(segments_cell(index, match, one)),
        "why": [blocks.cell(reason(key, value, words)) for key, value in why],
    }


def _strip(index: ReportIndex, blocks: Blocks, one: str, other: str) -> Markup:
    """Both time lines with what they share."""
    drawn = strip(index, (one, other))
    return blocks.blocks((drawn,)) if drawn is not None else Markup("")


def _copies(desk: CaseDesk, laid: Laid, one: str, other: str) -> list[tuple[str, str, str]]:
    """The other pairs of the same two recordings that are linked and wait, with what each is called."""
    pairs = desk.view.pairs_beside(laid, (one, other))[:MOST_COPIES]
    glances = desk.view.glances(tuple({key for pair in pairs for key in pair}))
    return [(left, right, f"{named(glances.get(left), left)} · {named(glances.get(right), right)}")
            for left, right in pairs]  # fmt: skip


def _verdict(verdict: Verdict, blocks: Blocks, words: Language) -> dict[str, object]:
    return {
        "decision": words.word("verdict", verdict.decision),
        "by": visible(verdict.by),
        "at": blocks.cell(instant_cell(verdict.at, words)),
        "note": visible(verdict.note) if verdict.note else "",
    }
