"""What is new since an event of the log: the few values by which work can be kept to what is new."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import Connection, func, or_, select

from verifier.records import (
    Acquisition,
    Assessment,
    Batch,
    Claim,
    Finding,
    Incident,
    Observation,
    Standing,
    Verdict,
    Worksheet,
)
from verifier.store.schema import RECORD_TABLES, entries
from verifier.store.selecting import records_of
from verifier.store.writing import NUMBERS_A_STATEMENT, in_chunks

Statement = Claim | Verdict | Assessment | Observation | Incident | Batch | Standing | Worksheet
_NAMED: tuple[type[Statement], ...] = (Assessment, Batch, Claim, Incident, Observation, Standing, Worksheet)


@dataclass(frozen=True, slots=True, kw_only=True)
class Written:
    """An entry that was written, or superseded."""

    kind: str
    subject: str | None
    instrument: str | None


def written(connection: Connection, event: int) -> list[Written]:
    """Entries of later events, and entries that later events superseded."""
    wanted = select(entries.c.kind, entries.c.subject, entries.c.instrument).where(
        or_(entries.c.seq > event, entries.c.superseded > event)
    )
    return [Written(kind=kind, subject=subject, instrument=instrument)
            for kind, subject, instrument in connection.execute(wanted)]  # fmt: skip


def said(connection: Connection, event: int) -> list[Statement]:
    """Statements of later events, and the earlier ones whose place they take."""
    found: list[Statement] = [item for _, _, item in records_of(connection, Verdict, entries.c.seq > event)]
    for record in _NAMED:
        found += _with_earlier(connection, record, event)
    return found


def _with_earlier(connection: Connection, record: type[Statement], event: int) -> list[Statement]:
    table = RECORD_TABLES[record]
    later = select(table.c.id).join(entries, entries.c.number == table.c.entry).where(entries.c.seq > event)
    ids = sorted(set(connection.execute(later).scalars()))
    return [
        item
        for some in in_chunks(ids, NUMBERS_A_STATEMENT)
        for _, _, item in records_of(connection, record, table.c.id.in_(some))
    ]


def came_with(connection: Connection, batches: Sequence[str]) -> set[str]:
    """Exhibits that an acquisition brought with one of these hand-overs."""
    table = RECORD_TABLES[Acquisition]
    found: set[str] = set()
    for some in in_chunks(sorted(batches), NUMBERS_A_STATEMENT):
        found.update(connection.execute(select(table.c.exhibit).where(table.c.batch.in_(some))).scalars())
    return found


def outcomes(connection: Connection) -> Counter[str]:
    """Findings by outcome."""
    table = RECORD_TABLES[Finding]
    wanted = select(table.c.outcome, func.count()).group_by(table.c.outcome)
    return Counter({str(outcome): int(count) for outcome, count in connection.execute(wanted)})
