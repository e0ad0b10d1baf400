"""The generations of a group drawn: who can have been made from whom, and who hangs there without an order.

An arrow is drawn only where `hashing.generations` states a step. The drawing holds ids, sizes and our own words; the
table beside it says the same.
"""

from __future__ import annotations

from verifier.findings.copies.generations import in_rows
from verifier.records import Group
from verifier.report.blocks import Cell, Drawing, Ref, Word
from verifier.report.pages.drawings import INK, LINE, SOFT, opened, words_at
from verifier.report.pages.report_index import ReportIndex
from verifier.report.phrases import clock, number

ROW, TALL, WIDE, STEP, EDGE = 30, 22, 300, 36, 14
DEEPEST = 9  # what lies deeper is drawn at this depth
MOST_ROWS = 40
KNOWN, LOOSE, BEST = "#eef2f6", "#ffffff", "#c9dcec"


def descent(desk: ReportIndex, member: str) -> Cell:
    """What a copy can have been made from and why, in a line; nothing where it is not known."""
    step = desk.steps.get(member)
    if step is None:
        return ()
    why = desk.comma.join(desk.w("descent", reason) for reason in step.because)
    return (Word(desk.w("descent", "from") + " "), Ref(step.source), Word(f" ({why})"))


def tree(desk: ReportIndex, group: Group, members: tuple[str, ...]) -> Drawing | None:
    """The drawing; None where nothing orders any two of the copies."""
    known = [desk.steps[member] for member in members if member in desk.steps]
    if not known:
        return None
    rows, loose = in_rows(members, known)
    ordered, rest = rows[:MOST_ROWS], loose[: max(MOST_ROWS - len(rows), 0)]
    parts: list[str] = []
    at: dict[str, tuple[float, float]] = {}
    y = 6.0
    for member, depth in ordered:
        x = EDGE + STEP * min(depth, DEEPEST)
        step = desk.steps.get(member)
        if step is not None:
            parts.append(_arrow(at[step.source], x, y))
        at[member] = (x, y)
        parts.append(_copy(desk, group, member, x, y, KNOWN))
        y += ROW
    if rest:
        parts.append(words_at(EDGE, y + 12, desk.w("descent", "undetermined"), size=11, colour=SOFT))
        parts += [_hanging(desk, group, member, y + 20 + ROW * index, y + 20) for index, member in enumerate(rest)]
        y += 20 + ROW * len(rest)
    counts = {"count": len(ordered) + len(rest), "all": len(members)}
    said = {key: number(count, desk.words) for key, count in counts.items()}
    told = desk.words.word("descent", "alternative", **said)
    return Drawing("".join([opened(int(y)), *parts, "</svg>"]), told)


def _copy(desk: ReportIndex, group: Group, member: str, x: float, y: float, fill: str, dashes: str = "") -> str:
    """One copy: its id, how large and long it is, and what it is in its group; beside it, why it hangs there."""
    best = member == group.best
    box = (
        f'<rect x="{x}" y="{y}" width="{WIDE}" height="{TALL}" rx="3" fill="{BEST if best else fill}" '
        f'stroke="{INK if best else SOFT}"{dashes}/>'
    )
    marks = [desk.w("exhibit", "best")] if best else []
    marks += [desk.w("exhibit", "earliest")] if member == group.earliest else []
    step = desk.steps.get(member)
    marks += [desk.comma.join(desk.w("descent", reason) for reason in step.because)] if step is not None else []
    return (
        box + words_at(x + 8, y + 15, member[:12], size=11, mono=True)
        + words_at(x + WIDE - 78, y + 15, _size(desk, member), size=11, anchor="end")
        + words_at(x + WIDE - 8, y + 15, _length(desk, member), size=11, anchor="end")
        + words_at(x + WIDE + 10, y + 15, " · ".join(marks), size=11, colour=SOFT)
    )  # fmt: skip


def _size(desk: ReportIndex, member: str) -> str:
    width, height = _number(desk, member, "width"), _number(desk, member, "height")
    return f"{width:.0f}×{height:.0f}" if width and height else ""


def _length(desk: ReportIndex, member: str) -> str:
    seconds = _number(desk, member, "duration_s")
    return clock(seconds, desk.words) if seconds else ""


def _number(desk: ReportIndex, member: str, question: str) -> float | None:
    fact = desk.case.exhibits[member].facts.get(question)
    value = fact.best.value if fact is not None else None
    return float(value) if isinstance(value, int | float) else None


def _arrow(source: tuple[float, float], x: float, y: float) -> str:
    """From under the source down and to the copy's edge, with a head."""
    left, top = source[0] + EDGE, source[1] + TALL
    middle = y + TALL / 2
    return (
        f'<path d="M{left:.1f} {top:.1f}V{middle:.1f}H{x - 6:.1f}" fill="none" stroke="{INK}"/>'
        f'<path d="M{x - 1:.1f} {middle:.1f}l-7 -4v8z" fill="{INK}"/>'
    )


def _hanging(desk: ReportIndex, group: Group, member: str, y: float, top: float) -> str:
    """A copy without an order: on a broken line that leads from nowhere."""
    x, middle = EDGE + STEP, y + TALL / 2
    line = (
        f'<path d="M{EDGE * 2} {top - 4:.1f}V{middle:.1f}H{x}" fill="none" stroke="{LINE}" stroke-width="1.5" '
        'stroke-dasharray="4 3"/>'
    )
    return line + _copy(desk, group, member, x, y, LOOSE, ' stroke-dasharray="4 3"')
