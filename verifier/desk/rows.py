"""Lines of lists: where each leads, what it is called, its small picture, what is said of it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from markupsafe import Markup

from verifier.desk.case_desk import CaseDesk
from verifier.desk.pages import Blocks
from verifier.dossier import Glance
from verifier.records import Match
from verifier.report.blocks import Soft
from verifier.report.language import Language
from verifier.report.phrases import number
from verifier.report.sentences import caveat, statement
from verifier.workflow.looking.case_view import Laid, Pending, named


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """A line of a list: where it leads, what it is called, its picture, what is said of it."""

    address: str
    name: str
    thumbnail: str | None
    told: Markup | str


def listed_rows(desk: CaseDesk, laid: Laid, name: str, first: int, most: int, words: Language) -> tuple[int, list[Row]]:
    """How many lines a list has, and some of them."""
    if laid.standing is None:
        return 0, []
    if name == "pairs":
        waiting = desk.view.waiting(laid)
        shown = waiting[first : first + most]
        glances = desk.view.glances(tuple(key for pending in shown for key in pending.pairs[0]))
        return len(waiting), [_waiting(pending, glances, words) for pending in shown]
    if name == "copies":
        copied = sorted(
            (one for one in laid.recordings.values() if len(one.members) > 1),
            key=lambda one: (-len(one.members), one.id),
        )
        chosen = copied[first : first + most]
        glances = desk.view.glances(tuple(one.best for one in chosen))
        return len(copied), [
            Row(address=f"/recording/{one.id}", name=named(glances.get(one.best), one.best),
                thumbnail=thumbnail(glances.get(one.best)),
                told=words.word("text", "group_of", count=number(len(one.members), words)))
            for one in chosen
        ]  # fmt: skip
    told = _told(desk, laid, name, words)
    chosen_ids = list(told)[first : first + most]
    glances = desk.view.glances(tuple(chosen_ids))
    rows = []
    for key in chosen_ids:
        row = row_of(key, glances.get(key), words)
        said = _strongest(laid, key, words) if name == "against" else ", ".join(told[key])
        rows.append(Row(address=row.address, name=row.name, thumbnail=row.thumbnail, told=said))
    return len(told), rows


def _told(desk: CaseDesk, laid: Laid, name: str, words: Language) -> dict[str, list[str]]:
    """Exhibits of a list, each with what the list says of it."""
    assert laid.standing is not None  # noqa: S101 - asked by whoever calls
    found: dict[str, list[str]] = {}
    if name == "against":
        for contradiction in laid.standing.contradictions:
            found.setdefault(contradiction.exhibit, []).append(contradiction.code)
        return dict(sorted(found.items(), key=lambda item: -len(item[1])))
    if name == "assessments":
        for key, question in desk.view.ledger.assessments_waiting(desk.session.actor):
            found.setdefault(key, []).append(words.word("question", question.value))
        return found
    return {key: [words.word("fault", kind) for kind in kinds] for key, kinds in laid.standing.unexamined}


def _strongest(laid: Laid, key: str, words: Language) -> Markup:
    """The sentence of the strongest contradiction of an exhibit, with what may be wrong with it."""
    assert laid.standing is not None  # noqa: S101 - asked by whoever calls
    finding = next(one.finding for one in laid.standing.contradictions if one.exhibit == key)
    doubt = caveat(finding, words)
    return Blocks(words, frozenset()).cell((*statement(finding, words), *((Soft(doubt),) if doubt else ())))


def _waiting(pending: Pending, glances: Mapping[str, Glance], words: Language) -> Row:
    left, right = pending.pairs[0]
    names = " · ".join(named(glances.get(key), key) for key in (left, right))
    more = len(pending.pairs) - 1
    told = relation_of(pending.shown, words)
    if more:
        told += " · " + words.word("desk", "more_pairs", count=number(more, words))
    return Row(address=pair_address(left, right), name=names, thumbnail=thumbnail(glances.get(left)), told=told)


def row_of(key: str, glance: Glance | None, words: Language) -> Row:
    told = []
    if glance is not None:
        told.append(words.word("kind", glance.exhibit.kind.value))
        if glance.contradictions:
            told.append(words.word("desk", "against_count", count=number(glance.contradictions, words)))
        told += [words.word("fault", kind) for kind in glance.faults]
    return Row(
        address=f"/exhibit/{key}", name=named(glance, key), thumbnail=thumbnail(glance), told=" · ".join(told)
    )  # fmt: skip


def thumbnail(glance: Glance | None) -> str | None:
    return f"/small/{glance.thumbnail}" if glance is not None and glance.thumbnail else None


def pair_address(one: str, other: str) -> str:
    left, right = sorted((one, other))
    return f"/pair/{left}/{right}"


def relation_of(match: Match, words: Language) -> str:
    return f"{words.word('relation', match.relation.value)} · {words.word('tier', match.tier.value)}"
