"""Examining: which instruments an exhibit has not met, and what they answered."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import replace
from typing import TypeAlias

from sqlalchemy import Connection, Text, cast, func, select

from verifier.instruments import Outcome
from verifier.records import (
    Derivative,
    Event,
    Exhibit,
    Fault,
    FaultKind,
    Fingerprint,
    Member,
    Reading,
    Record,
    Run,
    Scalar,
)
from verifier.store.columns import NotStorable, Row, bounded_value, columns_of, to_row
from verifier.store.schema import RECORD_TABLES, Kept, entries
from verifier.store.selecting import decoded
from verifier.store.writing import Writing, living

RUN = "run"
DONE = "done"
RUN_TABLES = (Run, Reading, Fingerprint, Kept, Event, Fault)
EXHIBITS_A_PAGE = 1000

Wanted: TypeAlias = Callable[[Exhibit], Sequence[tuple[str, int]]]

_EXHIBITS = RECORD_TABLES[Exhibit]
_RUNS = RECORD_TABLES[Run]


def exhibit_page(connection: Connection, after: str) -> list[Exhibit]:
    """The next exhibits in order of id."""
    columns = [_EXHIBITS.c[column.name] for column in columns_of(Exhibit)]
    wanted = select(*columns).where(_EXHIBITS.c.id > after).order_by(_EXHIBITS.c.id).limit(EXHIBITS_A_PAGE)
    return [decoded(Exhibit, tuple(row), _EXHIBITS.name) for row in connection.execute(wanted)]


def pending_of_page(
    connection: Connection, page: Sequence[Exhibit], wanted: Wanted, *, parameters_digest: str, retry_faults: bool
) -> Iterator[tuple[Exhibit, tuple[str, ...]]]:
    """Exhibits of the page with the instruments they have not met under these parameters."""
    asked = [(exhibit, named) for exhibit in page if (named := wanted(exhibit))]
    if not asked:
        return
    all_named = sorted({name for _, named in asked for name, _ in named})
    runs = (  # an exhibit's on one row: most have the same, which is taken apart once
        select(entries.c.subject, func.aggregate_strings(_RUNS.c.instrument + "/" + cast(_RUNS.c.version, Text), ","))
        .join(_RUNS, _RUNS.c.entry == entries.c.number)
        .where(
            entries.c.kind == RUN,
            entries.c.superseded.is_(None),
            entries.c.subject.between(asked[0][0].id, asked[-1][0].id),
            _RUNS.c.parameters_digest == parameters_digest,
            _RUNS.c.instrument.in_(all_named),
        )
        .group_by(entries.c.subject)
    )
    if retry_faults:
        runs = runs.where(_RUNS.c.result == DONE)
    taken_apart: dict[str, frozenset[str]] = {}
    met = {
        subject: taken_apart.setdefault(text, frozenset(text.split(","))) for subject, text in connection.execute(runs)
    }
    for exhibit, named in asked:
        had = met.get(exhibit.id, frozenset())
        names = tuple(name for name, version in named if f"{name}/{version}" not in had)
        if names:
            yield exhibit, names


def record(writing: Writing, outcomes: Sequence[Outcome]) -> Mapping[str, Scalar]:
    """Enter every run with what it yielded, in place of the same instrument's earlier answer; detail for the log."""
    subjects = sorted({outcome.exhibit for outcome in outcomes})
    there = {
        (str(row.subject), str(row.instrument)): (int(row.number), str(row.digest))
        for row in living(writing.connection, RUN, subjects=subjects)
    }
    superseded: list[tuple[int, str]] = []
    runs = faults = 0
    fresh: dict[tuple[str, str], dict[str, list[Row]]] = {}
    for outcome in outcomes:
        for instrument in _instruments(outcome):
            if (outcome.exhibit, instrument) in there:
                superseded.append(there.pop((outcome.exhibit, instrument)))
            fresh[outcome.exhibit, instrument] = _rows(outcome, instrument)
    writing.supersede(superseded, RUN_TABLES)
    for (exhibit, instrument), rows in fresh.items():
        writing.enter_rows(RUN, rows, subject=exhibit, instrument=instrument)
        runs += len(rows.get(_RUNS.name, ()))
        faults += len(rows.get(RECORD_TABLES[Fault].name, ()))
    return {"exhibits": len(subjects), "runs": runs, "faults": faults}


def _instruments(outcome: Outcome) -> list[str]:
    names = [run.instrument for run in outcome.runs]
    names += [name for name, records in outcome.records.items() if records]
    names += [fault.instrument for fault in outcome.faults]
    return list(dict.fromkeys(names))


def _rows(outcome: Outcome, instrument: str) -> dict[str, list[Row]]:
    """Cells of all that one instrument answered. What no cell can hold becomes a fault of ours, never an omission."""
    rows: dict[str, list[Row]] = defaultdict(list)
    told: list[Fault] = [fault for fault in outcome.faults if fault.instrument == instrument]
    refused: set[str] = set()
    for item in outcome.records.get(instrument, ()):
        if isinstance(item, Member):  # taken in as an exhibit of its own
            continue
        if isinstance(item, Fault):
            told.append(item)
            continue
        try:
            kept = _storable(item)
            row = to_row(kept)
        except NotStorable as error:
            refused.add(f"one {type(item).__name__.lower()} or more could not be kept: {error}")
            continue
        rows[RECORD_TABLES[type(kept)].name].append(row)
    told += [Fault(kind=FaultKind.DEFECT, detail=why, instrument=instrument) for why in sorted(refused)]
    for fault in dict.fromkeys(told):
        rows[RECORD_TABLES[Fault].name].append(to_row(fault))
    for run in outcome.runs:
        if run.instrument == instrument:
            result = FaultKind.DEFECT.value if refused and run.result == DONE else run.result
            rows[_RUNS.name].append(to_row(replace(run, result=result)))
    return dict(rows)


def _storable(item: Record) -> object:
    if isinstance(item, Reading):
        return bounded_value(item)
    if isinstance(item, Derivative):
        return Kept(id=item.id, recipe=item.recipe, media_type=item.media_type, offset_seconds=item.offset_seconds)
    return item
