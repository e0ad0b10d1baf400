"""Strips of recordings: which part of one is which part of another, drawn to one scale."""

from __future__ import annotations

from verifier.records import Match, Medium
from verifier.report.blocks import Drawing
from verifier.report.pages.drawings import LEFT, LINE, RIGHT, SOFT, opened, words_at
from verifier.report.pages.report_index import ReportIndex
from verifier.report.phrases import clock, number, span

BANDS = ("#0b4f8a", "#1d6b3a", "#7a4a00", "#7a1f6b", "#00606b", "#a3162a")
BANDED = 3  # so many recordings are joined by bands; more are laid beside the one that most are linked to
MOST_STRETCHES = 6


def strip(desk: ReportIndex, members: tuple[str, ...]) -> Drawing | None:
    """Recordings under each other, with the stretches that they have in common joined by bands."""
    lengths = {member: length for member in members if (length := _length(desk, member))}
    links = [
        match
        for member in lengths
        for match in desk.links.get(member, ())
        if match.left == member and match.right in lengths and any(s.left and s.right for s in match.segments)
    ][:12]
    used = [member for member in lengths if any(member in {m.left, m.right} for m in links)][:10]
    if len(used) < 2:
        return None
    used.sort(key=lambda member: (-lengths[member], member))
    links = [match for match in links if match.left in used and match.right in used]
    draw = _bands if len(used) <= BANDED else _beside_one
    svg = draw(desk, used, lengths, links)
    return Drawing(svg, desk.words.word("text", "strip_alternative", count=number(len(used), desk.words)))


def _length(desk: ReportIndex, member: str) -> float | None:
    dossier = desk.case.exhibits.get(member)
    fact = dossier.facts.get("duration_s") if dossier is not None else None
    value = fact.best.value if fact is not None else None
    return float(value) if isinstance(value, int | float) and value > 0 else None


def _bands(desk: ReportIndex, used: list[str], lengths: dict[str, float], links: list[Match]) -> str:
    """Few recordings: bands join what they have in common."""
    tall, apart = 16, 46
    scale = (RIGHT - LEFT) / max(lengths[member] for member in used)
    rows = {member: 10 + index * apart for index, member in enumerate(used)}
    height = 10 + apart * len(used) + 4
    parts = [opened(height)]
    for at, match in enumerate(links):
        colour, mark = BANDS[at % len(BANDS)], chr(65 + at % 26)
        upper, lower = sorted((match.left, match.right), key=lambda member: rows[member])
        for segment in match.segments[:6]:
            if segment.left is None or segment.right is None:
                continue
            sides = {match.left: segment.left, match.right: segment.right}
            (a, b), (c, d) = sides[upper], sides[lower]
            xs = [LEFT + scale * value for value in (a, b, d, c)]
            top, bottom = rows[upper] + tall, rows[lower]
            opacity = 0.35 if segment.medium is not Medium.AUDIO else 0.18
            parts.append(
                f'<path d="M{xs[0]:.1f} {top}L{xs[1]:.1f} {top}L{xs[2]:.1f} {bottom}L{xs[3]:.1f} {bottom}z" '
                f'fill="{colour}" fill-opacity="{opacity}" stroke="{colour}" stroke-width="0.7"/>'
            )
            parts.append(words_at((xs[0] + xs[1]) / 2, top + 11, mark, size=10, anchor="middle", colour=colour))
    for member in used:
        y = rows[member]
        parts.append(f'<rect x="{LEFT}" y="{y}" width="{scale * lengths[member]:.1f}" height="{tall}" '
                     f'fill="#eef2f6" stroke="{SOFT}"/>')  # fmt: skip
        parts.append(words_at(4, y + 12, member[:12], size=10, mono=True))
        parts.append(words_at(LEFT + 4, y + 12, clock(lengths[member], desk.words), size=10))
    return "".join([*parts, "</svg>"])


def _beside_one(desk: ReportIndex, used: list[str], lengths: dict[str, float], links: list[Match]) -> str:
    """Many recordings: each stretch lies where it belongs in the one that has most links, with its own times on it."""
    among = [match for member in used for match in desk.links.get(member, ()) if match.left == member]
    among = [match for match in among if match.right in used]
    first = max(used, key=lambda key: (sum(key in {m.left, m.right} for m in among), lengths[key], key))
    rows = {first: [((0.0, lengths[first]), (0.0, lengths[first]))]}
    for match in among:
        if first not in {match.left, match.right}:
            continue
        other = match.right if match.left == first else match.left
        seen = [s for s in match.segments if s.left and s.right]
        kept = [s for s in seen if s.medium is not Medium.AUDIO] or seen
        sides = [(s.left, s.right) if match.left == first else (s.right, s.left) for s in kept[:MOST_STRETCHES]]
        ranges = [(here, there) for here, there in sides if here and there]
        rows.setdefault(other, []).extend(
            (here, there) if here[0] <= here[1] else (here[::-1], there[::-1]) for here, there in ranges
        )
    scale = (RIGHT - LEFT) / lengths[first]
    tall, apart = 14, 22
    parts = [opened(16 + apart * len(rows))]
    for index, (member, stretches) in enumerate(rows.items()):
        y = 8 + apart * index
        parts.append(words_at(4, y + 11, member[:12], size=10, mono=True))
        parts.append(f'<path d="M{LEFT} {y + tall + 4}H{RIGHT}" stroke="{LINE}"/>')
        fill = "#eef2f6" if index == 0 else "#c9dcec"
        for here, there in dict.fromkeys(stretches):
            x, wide = LEFT + scale * here[0], max(scale * (here[1] - here[0]), 2)
            parts.append(
                f'<rect x="{x:.1f}" y="{y}" width="{wide:.1f}" height="{tall}" fill="{fill}" stroke="{SOFT}"/>'
            )
            parts.append(words_at(x + 3, y + 11, span(there[0], there[1], desk.words), size=9))
    return "".join([*parts, "</svg>"])
