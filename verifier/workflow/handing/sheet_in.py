"""The office's sheet comes back: what was written into it that the case does not say, and filing it.

Everything goes the way of the commands, each with its refusals and its own custody event. Nothing is removed by an
empty cell, a row left out, or a sheet that is older than the case: a cell counts only where somebody changed it since
the sheet was written (`basis`), or where it bears no basis and differs from the case.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from verifier.dossier import CaseDossier, ExhibitDossier
from verifier.errors import AmbiguousExhibit, UnknownExhibit, UsageError
from verifier.findings.claims import bounds_of
from verifier.records import Claim
from verifier.report.exchange.rows import row_of
from verifier.report.exchange.sheet import (
    BASIS,
    BASIS_VERSION,
    CLAIM,
    COLUMNS,
    NOTE,
    STAGE,
    WRITABLE,
    group_digest,
    trimmed,
    writable,
)
from verifier.report.writers.csv_tables import DANGEROUS
from verifier.store import Store
from verifier.workflow.gathering.configured import with_settings
from verifier.workflow.people import notes
from verifier.workflow.people.admissible import check_stage
from verifier.workflow.people.conclude import STAGES
from verifier.workflow.progress import Clock

ACTION, SUBJECT = "import sheet", "case"
MOST_ROWS = 100_000
FIELDS = {"claim_by": "by", "claim_place": "place", "claim_time": "time", "claim_description": "description"}
NOTED_AS = "other"  # the word of the vocabulary for a note

# what is told of a row; `verifier.commands.sheet_in` has the sentence of each
UNKNOWN, AMBIGUOUS, NAMELESS = "unknown-exhibit", "several-exhibits", "no-exhibit"
STALE, REFUSED, CLEARED, REASON_ALONE = "changed-in-both", "refused", "cleared", "reason-alone"
NOT_UNDERSTOOD, COLUMN_NOT_READ, TWICE = "not-understood", "column-not-read", "stage-twice"


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    """Something of the sheet that is not filed, or filed otherwise than it may seem. `row` is the sheet's, from 1."""

    code: str
    row: int
    subject: str
    detail: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Planned:
    """What a sheet would file, in order, each with its row of the sheet; and what is told of it."""

    changes: tuple[tuple[int, notes.Change], ...]
    told: tuple[Told, ...]
    rows: int


@dataclass(slots=True)
class _Wanted:
    """Rows for `notes.plan`, by kind, each with its row of the sheet; and what is told."""

    said: dict[str, list[dict[str, Any]]] = field(default_factory=dict)
    rows: dict[str, list[int]] = field(default_factory=dict)
    told: list[Told] = field(default_factory=list)
    staged: set[str] = field(default_factory=set)

    def add(self, kind: str, number: int, row: dict[str, Any]) -> None:
        self.said.setdefault(kind, []).append(row)
        self.rows.setdefault(kind, []).append(number)


def plan(store: Store, rows: Sequence[Sequence[str]], *, operator: str) -> Planned:
    """What a sheet says that the case does not. `rows` begins with the heading. Raises UsageError."""
    columns, wanted = _columns(rows), _Wanted()
    case = with_settings(store.dossier(), store)
    wanted.told += [Told(code=COLUMN_NOT_READ, row=1, subject=name) for name in columns if name not in COLUMNS]
    count = 0
    for number, cells in _filled(columns, rows[1:]):
        count += 1
        dossier = _named(store, case, number, cells, wanted)
        if dossier is not None:
            _stage(dossier, number, cells, wanted)
            _claim(dossier, number, cells, wanted, operator)
            _note(dossier, number, cells, wanted)
    changes = [
        (wanted.rows[change.kind][change.row - 1], change)
        for change in notes.plan(store, wanted.said, operator=operator)
    ]
    changes.sort(key=lambda one: (one[0], one[1].kind))
    return Planned(changes=tuple(changes), told=(*wanted.told, *_not_understood(changes, case)), rows=count)


def apply(store: Store, planned: Planned, content: bytes, *, operator: str, clock: Clock) -> int:
    """File every change as an act of its own, and that a sheet was read, with its digest; how many."""
    filed = notes.apply(store, [change for _, change in planned.changes], operator=operator, clock=clock)
    digest = hashlib.sha256(content).hexdigest()
    store.note(ACTION, SUBJECT, {"sha256": digest, "rows": planned.rows, "filed": filed}, actor=operator, at=clock())
    return filed


def _columns(rows: Sequence[Sequence[str]]) -> list[str]:
    if len(rows) > MOST_ROWS + 1:
        raise UsageError(f"A sheet has at most {MOST_ROWS} rows.")
    columns = [name.strip().casefold() for name in rows[0]] if rows else []
    while columns and not columns[-1]:
        columns.pop()
    if "exhibit" not in columns:
        raise UsageError(
            "This is no sheet of a case: none of its columns is called exhibit. verify export --as writes one."
        )
    twice = sorted({name for name in columns if name and columns.count(name) > 1})
    if twice:
        raise UsageError(f"The column {twice[0]} stands twice.")
    return columns


def _filled(columns: Sequence[str], rows: Sequence[Sequence[str]]) -> Iterator[tuple[int, Mapping[str, str]]]:
    """The rows in which anything stands, each with its number in the sheet; cells without what made them inert."""
    for number, row in enumerate(rows, 2):
        if any(text.strip() for text in row):
            yield (
                number,
                dict.fromkeys(COLUMNS, "")
                | {name: trimmed(text) for name, text in zip(columns, row, strict=False) if name in COLUMNS},
            )


def _named(
    store: Store, case: CaseDossier, number: int, cells: Mapping[str, str], wanted: _Wanted
) -> ExhibitDossier | None:
    name = cells["exhibit"]
    if not name:
        if any(cells[one] for one in WRITABLE):
            wanted.told.append(Told(code=NAMELESS, row=number, subject=""))
        return None
    if name in case.exhibits:
        return case.exhibits[name]
    try:
        return case.exhibits[store.exhibit(name).id]
    except UnknownExhibit:
        wanted.told.append(Told(code=UNKNOWN, row=number, subject=name))
    except AmbiguousExhibit:
        wanted.told.append(Told(code=AMBIGUOUS, row=number, subject=name))
    return None


def _touched(cells: Mapping[str, str], shown: Mapping[str, str], names: Sequence[str], place: int) -> tuple[bool, bool]:
    """Whether somebody changed these cells, and whether the case's changed as well since the sheet was written."""
    now, here = group_digest(cells, names), group_digest(shown, names)
    parts = cells[BASIS].split(":")
    then = parts[place] if len(parts) == 3 and parts[0] == BASIS_VERSION else None
    if then is None:
        return now != here, False
    return now not in (then, here), here != then


def _stage(dossier: ExhibitDossier, number: int, cells: Mapping[str, str], wanted: _Wanted) -> None:
    shown, identity = writable(row_of(dossier)), dossier.exhibit.id
    is_touched, has_moved = _touched(cells, shown, STAGE, 1)
    if not is_touched:
        return
    stage, before = _plain(cells["stage"]).casefold(), shown["stage"]
    if not stage:
        if before:
            wanted.told.append(Told(code=CLEARED, row=number, subject="stage"))
    elif stage == before:
        wanted.told.append(Told(code=REASON_ALONE, row=number, subject=identity))
    elif has_moved:
        wanted.told.append(Told(code=STALE, row=number, subject=identity, detail=f"{before or '-'} / {stage}"))
    elif identity in wanted.staged:
        wanted.told.append(Told(code=TWICE, row=number, subject=identity))
    else:
        reason = _plain(cells["stage_reason"]) if cells["stage_reason"] != shown["stage_reason"] else ""
        refusal = _refusal(dossier, stage, reason)
        if refusal:
            wanted.told.append(Told(code=REFUSED, row=number, subject=identity, detail=refusal))
            return
        wanted.staged.add(identity)
        wanted.add("stages", number, {"exhibit": identity, "stage": stage, "reason": reason or None})


def _refusal(dossier: ExhibitDossier, stage: str, reason: str) -> str:
    if stage not in STAGES:
        return f"{stage} is no stage; there are {', '.join(STAGES)}."
    if stage == "excluded" and not reason:
        return "An exhibit is excluded for a reason: write it into stage_reason."
    try:
        check_stage(dossier, stage)
    except UsageError as error:
        return error.sentence
    return ""


def _claim(dossier: ExhibitDossier, number: int, cells: Mapping[str, str], wanted: _Wanted, operator: str) -> None:
    row = row_of(dossier)
    shown = writable(row)
    is_touched, _ = _touched(cells, shown, CLAIM, 2)
    if not is_touched:
        return
    wanted.told += [
        Told(code=CLEARED, row=number, subject=name)
        for name in CLAIM
        if shown[name] and not cells[name] and _has(cells)
    ]
    if all(not cells[name] or cells[name] == trimmed(shown[name]) for name in CLAIM):
        return
    said = {FIELDS[name]: _as_said(row.claim, name, cells, shown) for name in CLAIM if cells[name]}
    if set(said) == {"by"}:
        wanted.told.append(Told(code=REFUSED, row=number, subject=dossier.exhibit.id,
                                detail="A claim says something: claim_by alone is none."))  # fmt: skip
        return
    wanted.add("claims", number, {"exhibit": dossier.exhibit.id, "by": operator} | said)


def _has(cells: Mapping[str, str]) -> bool:
    """Whether the row came out of a case: a cell left empty in a sheet of somebody's own is not cleared."""
    return bool(cells[BASIS])


def _as_said(claim: Claim | None, name: str, cells: Mapping[str, str], shown: Mapping[str, str]) -> str:
    """What the cell says; where nobody touched it, the very words of the case and not how they were shown."""
    if claim is not None and cells[name] == trimmed(shown[name]):
        return str(getattr(claim, FIELDS[name]))
    return _plain(cells[name])


def _note(dossier: ExhibitDossier, number: int, cells: Mapping[str, str], wanted: _Wanted) -> None:
    """A note is filed once, whoever brings the sheet in again."""
    text = _plain(cells[NOTE])
    if text and not any(one.what == NOTED_AS and one.note == text for one in dossier.observations):
        wanted.add("observations", number, {"exhibit": dossier.exhibit.id, "what": NOTED_AS, "note": text})


def _plain(text: str) -> str:
    """A cell without the apostrophe that keeps a spreadsheet from taking it for a formula."""
    return text[1:] if text.startswith("'") and text[1:].lstrip(" ").startswith(DANGEROUS) else text


def _not_understood(changes: Sequence[tuple[int, notes.Change]], case: CaseDossier) -> Iterator[Told]:
    for number, change in changes:
        if isinstance(change.after, Claim) and change.after.exhibit is not None:
            understood = bounds_of(change.after, case, case.exhibits[change.after.exhibit])
            for problem in understood.problems:
                yield Told(code=NOT_UNDERSTOOD, row=number, subject=change.after.exhibit, detail=problem)
