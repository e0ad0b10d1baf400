"""The filters that `list` and `find` share, and how an exhibit stands in one line of 80 columns."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

from verifier.visible import visible, visible_name

if TYPE_CHECKING:
    from verifier.store.search.view import Line
    from verifier.workflow.looking.listing import Row

KindOption = Annotated[
    str | None, typer.Option("--kind", help="photo, video, audio, document, archive, sidecar or other")
]
BatchOption = Annotated[str | None, typer.Option("--batch", help="Of a hand-over: its title or a part of it.")]
PlaceOption = Annotated[
    str | None, typer.Option("--place", help="Claimed or measured there, e.g. Tehran, تهران, 35.70,51.39.")
]
TimeOption = Annotated[
    str | None, typer.Option("--time", help="Claimed or clocked then, e.g. 2026-01-08, ۱۸ دی ۱۴۰۴, January 2026.")
]
FindingOption = Annotated[
    str | None, typer.Option("--finding", help="With such a finding: a code, an outcome (contradicts) or a question.")
]
StageOption = Annotated[
    str | None, typer.Option("--stage", help="received, triaged, analysed, second-reviewed, finalised or excluded")
]
SinceOption = Annotated[str | None, typer.Option("--since", help="Taken in since then, e.g. 2026-01-10.")]
UnexaminedOption = Annotated[bool, typer.Option("--unexamined", help="Only what was not fully examined.")]

NAME_COLUMNS, CLAIM_COLUMNS = 30, 22


def middle_cut(name: bytes, columns: int) -> str:
    """A name that keeps its beginning and its ending: what tells one IMG_… from another stands at the end."""
    text = visible_name(name)
    if len(text) <= columns:
        return text
    tail = columns // 2
    return f"{text[: columns - tail - 1]}…{text[-tail:]}"


def row_of(row: Row) -> tuple[str, ...]:
    """Name, kind, claim, what to know, id."""
    line = row.line
    claim = "; ".join(visible(part, 60) for part in (*row.places[:1], *row.times[:1]))
    return (
        middle_cut(line.name, NAME_COLUMNS),
        line.kind.value,
        claim if len(claim) <= CLAIM_COLUMNS else claim[: CLAIM_COLUMNS - 1] + "…",
        remarks(line),
        line.id[:8],
    )


def remarks(line: Line) -> str:
    """What to know of an exhibit in a word or two, the gravest first."""
    told = [f"{line.against} against"] if line.against else []
    told += ["not examined"] if line.faults else []
    told += [f"1 of {line.copies}"] if line.copies > 1 else []
    return ", ".join(told[:2])


def as_plain(row: Row) -> dict[str, object]:
    """An exhibit as JSON."""
    line = row.line
    return {
        "id": line.id,
        "names": [visible_name(name) for name in line.names],
        "kind": line.kind.value,
        "media_type": line.media_type,
        "size": line.size,
        "batches": list(row.batches),
        "claimed_places": list(row.places),
        "claimed_times": list(row.times),
        "taken_in_at": line.taken_in_at,
        "contradictions": line.against,
        "faults": sorted(line.faults),
        "stage": line.stage or "received",
        "copies": line.copies,
    }
