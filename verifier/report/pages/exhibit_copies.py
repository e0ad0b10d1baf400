"""What one exhibit is alike to: links with their ranges and pictures; the search for older footage and its scope."""

from __future__ import annotations

from collections.abc import Sequence

from verifier.dossier import ExhibitDossier
from verifier.records import Match
from verifier.report.blocks import (
    Cell,
    Chip,
    Exact,
    Picture,
    Pictures,
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
from verifier.report.pages.report_index import ReportIndex
from verifier.report.phrases import number, span
from verifier.report.told import reason

FEW_LINKS, MOST_LINKS, MOST_BRIEFLY = 12, 40, 12
MOST_EVIDENCE = 3


def copies(desk: ReportIndex, dossier: ExhibitDossier) -> Section | None:
    """The strongest link to each other exhibit, and on screen every link with its range, why, and what was decided."""
    own, links = dossier.exhibit.id, desk.links.get(dossier.exhibit.id, ())
    if not links:
        return None
    strongest: dict[str, Match] = {}
    for match in links:
        strongest.setdefault(match.right if match.left == own else match.left, match)
    shown_ones = list(strongest.items())[:MOST_BRIEFLY]
    brief = tuple(_briefly(desk, own, other, match) for other, match in shown_ones)
    columns = tuple(desk.w("column", key) for key in ("exhibit", "relation", "tier", "segments"))
    left = len(strongest) - len(brief)
    rest = Text((Word(desk.words.word("text", "and_more", count=number(left, desk.words))),), "soft")
    return desk.section("copies", Table(columns, brief, widths=(4, 5, 3, 4)), rest if left > 0 else None,
                        _every_link(desk, dossier, links), _evidence(desk, dossier, links),
                        count=len(links))  # fmt: skip


def _briefly(desk: ReportIndex, own: str, other: str, match: Match) -> tuple[Cell, ...]:
    verdict = desk.verdict_of.get((match.left, match.right))
    decided: Cell = ()
    if verdict is not None:
        decided = (Soft((Word(desk.w("verdict", verdict.decision) + " · "), *shown(verdict.by))),)
    first = segments_cell(desk, match, own, most=1)
    return (
        (Ref(other),),
        (Word(f"{desk.w('relation', match.relation.value)} ({desk.w('medium', match.medium.value)})"), *decided),
        (Chip(match.tier.value, desk.w("tier", match.tier.value)),),
        first,
    )


def _every_link(desk: ReportIndex, dossier: ExhibitDossier, links: Sequence[Match]) -> Section:
    columns = tuple(desk.w("column", key) for key in ("exhibit", "relation", "tier", "segments", "because"))
    rows = tuple(_link(desk, dossier.exhibit.id, match) for match in links[: desk.most(FEW_LINKS, MOST_LINKS)])
    more = len(links) - len(rows)
    rest = Text((Word(desk.words.word("text", "more_in_json", count=number(more, desk.words))),), "soft")
    return desk.section("every_link", Table(columns, rows), rest if more else None, screen_only=True,
                        count=len(links))  # fmt: skip


def _link(desk: ReportIndex, own: str, match: Match) -> tuple[Cell, ...]:
    other = match.right if match.left == own else match.left
    verdict = desk.verdict_of.get((match.left, match.right))
    decided: Cell = ()
    if verdict is not None:
        decided = (Soft((Word(desk.w("verdict", verdict.decision) + " · "), *shown(verdict.by))),)
    why = [reason(key, value, desk.words) for key, value in sorted(match.because.items()) if value is not None][:6]
    return (
        (Ref(other),),
        (Word(f"{desk.w('relation', match.relation.value)} ({desk.w('medium', match.medium.value)})"), *decided),
        (Chip(match.tier.value, desk.w("tier", match.tier.value)), Soft(exact(f"{match.score:.2f}"))),
        segments_cell(desk, match, own),
        (Soft((*exact(match.method), Word(" · "), *joined(why, " · "))),),
    )


def segments_cell(desk: ReportIndex, match: Match, own: str, most: int = 8) -> Cell:
    """Which part of this exhibit is which part of the other one, and how it was turned."""
    parts: list[Cell] = []
    for segment in match.segments[:most]:
        here, there = (segment.left, segment.right) if match.left == own else (segment.right, segment.left)
        text = f"{_stretch(desk, here)} ↔ {_stretch(desk, there)}"
        parts.append((Exact(text + (f" ×{segment.speed:.2f}" if abs(segment.speed - 1) > 0.005 else "")),))
    turned = match.transform
    if turned is not None and (turned.mirrored or round(turned.rotation_degrees)):
        told = [desk.w("text", "mirrored")] if turned.mirrored else []
        if round(turned.rotation_degrees):
            told.append(desk.words.word("text", "turned", degrees=number(round(turned.rotation_degrees), desk.words)))
        parts.append((Soft((Word(" · ".join(told)),)),))
    return lines(parts) or exact(None)


def _stretch(desk: ReportIndex, side: tuple[float, float] | None) -> str:
    return "–" if side is None else span(side[0], side[1], desk.words)


def _evidence(desk: ReportIndex, dossier: ExhibitDossier, links: Sequence[Match]) -> Pictures | None:
    """Side-by-side pictures that show what agrees, where they were made."""
    named = {identity: match for match in links for identity in match.evidence}
    own = [made for made in dossier.derivatives if made.recipe.startswith("evidence")]
    known = {made.id for made in own}
    ids = [*(made.id for made in own), *(identity for identity in named if identity not in known)]
    if not ids:
        return None
    items = []
    for identity in ids[:MOST_EVIDENCE]:
        match = named.get(identity)
        other = None if match is None else (match.right if match.left == dossier.exhibit.id else match.left)
        kind = desk.recipes.get(identity, "evidence").partition("/")[0]
        named_so = desk.word("evidence", kind)
        beside: Cell = () if other is None else (Word(f" · {desk.w('text', 'beside')} "), Ref(other))
        caption = (*named_so, *beside)
        items.append(Picture(identity, desk.words.word("exhibit", "evidence_of", id=dossier.exhibit.id[:12]), caption))
    return Pictures(tuple(items))
