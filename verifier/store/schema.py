"""The tables of a case.

`custody` is the log: one row an event. `entries` says what an event wrote: one row for each exhibit it took in, each
instrument it ran on an exhibit, each set of findings …, with the digest of the rows that were written. Every other
table holds the fields of one kind of record, and its rows name their entry and their position within it. So every cell
is covered: cells by the digest of their entry, entries by the records digest of their event, events by the chain.

Rows of an entry that was replaced by a later one are removed; the entry itself stays, with the number of the event
that superseded it, and that event's records digest covers it.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from sqlalchemy import REAL, BigInteger, Column, Double, ForeignKey, Index, Integer, MetaData, Table, Text, text

from verifier.records import (
    Acquisition,
    Assessment,
    Batch,
    Claim,
    CustodyEvent,
    Event,
    Exhibit,
    Fault,
    Finding,
    Fingerprint,
    Group,
    Incident,
    Match,
    Observation,
    Reading,
    Run,
    Scalar,
    Skipped,
    Standing,
    Verdict,
    Worksheet,
)
from verifier.store.columns import columns_of

LAYOUT = "0001"  # the newest migration
METADATA = MetaData()
DOUBLE: REAL[float] = REAL().with_variant(Double(), "postgresql")  # REAL has 4 bytes there
BIG = BigInteger().with_variant(Integer, "sqlite")  # SQLite's INTEGER has 64 bits and is the name STRICT knows
_KINDS: dict[type, Any] = {BigInteger: BIG, REAL: DOUBLE}


@dataclass(frozen=True, slots=True, kw_only=True)
class Setting:
    """A named value of the case."""

    name: str
    value: Scalar


@dataclass(frozen=True, slots=True, kw_only=True)
class Kept:
    """A derivative that lies in the vault: what `Derivative` says without its bytes."""

    id: str
    recipe: str
    media_type: str
    offset_seconds: float | None = None


def _fields(record: type, *, key: str | None = None) -> list[Column[Any]]:
    return [
        Column(
            column.name,
            _KINDS.get(column.kind) or column.kind(),
            primary_key=column.name == key,
            nullable=column.nullable,
            autoincrement=False if column.name == key else "auto",
        )
        for column in columns_of(record)
    ]


def _table(name: str, record: type) -> Table:
    return Table(
        name,
        METADATA,
        Column(
            "entry",
            BIG,
            ForeignKey("entries.number", deferrable=True, initially="DEFERRED"),
            primary_key=True,
            autoincrement=False,
        ),
        Column("position", BIG, primary_key=True, autoincrement=False),
        *_fields(record),
        sqlite_with_rowid=False,
        sqlite_strict=True,
    )


custody = Table("custody", METADATA, *_fields(CustodyEvent, key="seq"), sqlite_strict=True)

entries = Table(
    "entries",
    METADATA,
    Column("number", BIG, primary_key=True, autoincrement=False),
    Column("seq", BIG, ForeignKey("custody.seq", deferrable=True, initially="DEFERRED"), nullable=False),
    Column("kind", Text, nullable=False),  # "taken in", "run", "findings" …
    Column("subject", Text),  # the exhibit's id, the setting's name
    Column("instrument", Text),
    Column("rows", BIG, nullable=False),
    Column("digest", Text, nullable=False),
    Column("superseded", BIG, ForeignKey("custody.seq", deferrable=True, initially="DEFERRED")),
    sqlite_strict=True,
)
_LIVING = text("superseded IS NULL")
Index("entries_living", entries.c.kind, entries.c.subject, sqlite_where=_LIVING)
Index("entries_seq", entries.c.seq)
_PAST = text("superseded IS NOT NULL")
Index("entries_superseded", entries.c.superseded, sqlite_where=_PAST)

RECORD_TABLES: dict[type, Table] = {
    record: _table(name, record)
    for record, name in (
        (Acquisition, "acquisitions"),
        (Assessment, "assessments"),
        (Batch, "batches"),
        (Claim, "claims"),
        (Event, "events"),
        (Exhibit, "exhibits"),
        (Fault, "faults"),
        (Finding, "findings"),
        (Fingerprint, "fingerprints"),
        (Group, "groups"),
        (Incident, "incidents"),
        (Kept, "derivatives"),
        (Match, "matches"),
        (Observation, "observations"),
        (Reading, "readings"),
        (Run, "runs"),
        (Setting, "settings"),
        (Skipped, "skipped"),
        (Standing, "standings"),
        (Verdict, "verdicts"),
        (Worksheet, "worksheets"),
    )
}
TABLE_NAMES = tuple(sorted(table.name for table in RECORD_TABLES.values()))

Index("exhibits_id", RECORD_TABLES[Exhibit].c.id, unique=True)
Index("acquisitions_path", RECORD_TABLES[Acquisition].c.path)
Index("acquisitions_exhibit", RECORD_TABLES[Acquisition].c.exhibit)
Index("fingerprints_algorithm", RECORD_TABLES[Fingerprint].c.algorithm)
Index("derivatives_recipe", RECORD_TABLES[Kept].c.recipe)
