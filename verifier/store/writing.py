"""One intention: one transaction, its entries, and the one custody event that carries their digests."""

from __future__ import annotations

import hashlib
import itertools
import json
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

from sqlalchemy import Connection, Select, delete, func, insert, select, update

from verifier.canonical import to_plain
from verifier.chain import link
from verifier.records import CustodyEvent, Finding, Group, Match, Scalar
from verifier.store.columns import Row, stored_text, to_row
from verifier.store.schema import RECORD_TABLES, custody, entries

FINDINGS, MATCHES, GROUPS = "findings", "matches", "groups"
_TABLES_OF: Mapping[str, tuple[type, ...]] = {FINDINGS: (Finding,), MATCHES: (Match,), GROUPS: (Group,)}
ROWS_A_STATEMENT = 4000
NUMBERS_A_STATEMENT = 500
SUBJECTS_A_TIME = 500


def entry_digest(tables: Iterable[tuple[str, Iterable[tuple[int, Mapping[str, Any]]]]]) -> str:
    """SHA-256 over one canonical JSON line a row: table, position, cells that are not null. Tables in order of name.

    Empty cells are left out, so that a later layout may add columns without changing what was sealed.
    """
    running = hashlib.sha256()
    for name, rows in tables:
        for position, row in rows:
            running.update(row_line(name, position, row))
    return running.hexdigest()


def row_line(table: str, position: int, row: Mapping[str, Any]) -> bytes:
    """What an entry's digest covers of one row."""
    return _line([table, position, {name: _plain(cell) for name, cell in row.items() if cell is not None}])


def entry_line(number: int, kind: str, subject: str | None, instrument: str | None, rows: int, digest: str) -> bytes:
    """What an event's records digest covers of an entry that it wrote."""
    return _line(["entry", *map(_plain, (number, kind, subject, instrument, rows, digest))])


def superseded_line(number: int, digest: str) -> bytes:
    """What an event's records digest covers of an entry that it superseded."""
    return _line(["superseded", *map(_plain, (number, digest))])


# The form of `canonical.encode`, for what is plain already: cells come by the million, and one encoder serves them all.
_ENCODER = json.JSONEncoder(sort_keys=True, ensure_ascii=False, separators=(",", ":"), allow_nan=False)


def _line(plain: list[Any]) -> bytes:
    return _ENCODER.encode(plain).encode("utf-8", "surrogatepass") + b"\n"


def _plain(cell: object) -> object:
    return to_plain(cell) if isinstance(cell, bytes) else cell


class Writing:
    """Collects what one event says; `conclude` seals it. Use within one transaction."""

    def __init__(self, connection: Connection, previous: CustodyEvent | None) -> None:
        self._connection = connection
        self._previous = previous
        self._seq = 1 if previous is None else previous.seq + 1
        self._next = int(connection.execute(select(func.coalesce(func.max(entries.c.number), 0))).scalar_one()) + 1
        self._records = hashlib.sha256()
        self._waiting: dict[str, list[dict[str, Any]]] = defaultdict(list)
        self._entries: list[dict[str, Any]] = []
        self._held = 0
        self._gone: dict[int, str] = {}
        self.event: CustodyEvent | None = None

    @property
    def connection(self) -> Connection:
        """The transaction's connection, to look before writing."""
        return self._connection

    def enter(
        self, kind: str, records: Sequence[object], *, subject: str | None, instrument: str | None = None
    ) -> None:
        """Add an entry with its records. Raises `NotStorable` before anything of it is kept."""
        self.enter_rows(kind, rows_by_table(records), subject=subject, instrument=instrument)

    def enter_rows(
        self, kind: str, rows: Mapping[str, Sequence[Row]], *, subject: str | None, instrument: str | None = None
    ) -> None:
        """Add an entry whose cells are made already."""
        number, count = self._next, sum(len(some) for some in rows.values())
        digest = digest_of(rows)
        self._next += 1
        self._records.update(entry_line(number, kind, subject, instrument, count, digest))
        self._entries.append(
            {
                "number": number,
                "seq": self._seq,
                "kind": kind,
                "subject": subject,
                "instrument": instrument,
                "rows": count,
                "digest": digest,
                "superseded": None,
            }
        )
        for table, some in rows.items():
            self._waiting[table] += [{"entry": number, "position": at, **row} for at, row in enumerate(some)]
        self._held += count + 1
        if self._held >= ROWS_A_STATEMENT:
            self._flush()

    def replace(self, kind: str, wanted: Iterable[tuple[str, Sequence[object]]]) -> None:
        """Make the entries of a kind say exactly this (subject, records): what is said already stays untouched."""
        self._say_exactly(kind, wanted, living(self._connection, kind))

    def replace_in_order(self, kind: str, wanted: Iterable[tuple[str, Sequence[object]]]) -> None:
        """The same of subjects in ascending order, some at a time; ValueError where they are not."""
        after = ""
        coming = iter(wanted)
        while some := list(itertools.islice(coming, SUBJECTS_A_TIME)):
            subjects = [after, *(subject for subject, _ in some)]
            if any(one >= other for one, other in itertools.pairwise(subjects)):
                raise ValueError("the subjects do not come in ascending order")
            self._say_exactly(kind, some, self._living_between(kind, after, subjects[-1]))
            after = subjects[-1]
        self._say_exactly(kind, (), self._living_between(kind, after, None))

    def replace_among(self, kind: str, wanted: Iterable[tuple[str, Sequence[object]]], subjects: Sequence[str]) -> None:
        """The same of these subjects alone, which all that is wanted is of."""
        self._say_exactly(kind, wanted, living(self._connection, kind, subjects=subjects))

    def count_rows(self, record: type) -> int:
        """How many records of a type there are, with what was entered now."""
        self._flush()
        return int(self._connection.execute(select(func.count()).select_from(RECORD_TABLES[record])).scalar_one())

    def _living_between(self, kind: str, after: str, last: str | None) -> Iterator[Any]:
        wanted = _living(kind).where(entries.c.subject > after)
        yield from self._connection.execute(wanted if last is None else wanted.where(entries.c.subject <= last))

    def _say_exactly(
        self, kind: str, wanted: Iterable[tuple[str, Sequence[object]]], said_already: Iterable[Any]
    ) -> None:
        there = {str(row.subject): (int(row.number), str(row.digest)) for row in said_already}
        tables: set[type] = {*_TABLES_OF[kind]}
        for subject, records in wanted:
            rows = rows_by_table(records)
            number, digest = there.pop(subject, (0, ""))
            if digest == digest_of(rows):
                continue
            if number:
                self.supersede([(number, digest)], tables)
            self.enter_rows(kind, rows, subject=subject)
        self.supersede(there.values(), tables)

    def supersede(self, among: Iterable[tuple[int, str]], tables: Iterable[type]) -> None:
        """Remove the rows of earlier entries (number, digest); the entries stay, marked with this event."""
        gone = dict(among)
        self._gone.update(gone)
        for numbers in in_chunks(sorted(gone), NUMBERS_A_STATEMENT):
            for record in tables:
                table = RECORD_TABLES[record]
                self._connection.execute(delete(table).where(table.c.entry.in_(numbers)))
            self._connection.execute(update(entries).where(entries.c.number.in_(numbers)).values(superseded=self._seq))

    def conclude(self, *, at: str, actor: str, action: str, subject: str, detail: Mapping[str, Scalar]) -> CustodyEvent:
        """Write the event. Nothing may be entered after it."""
        self._flush()
        for number, digest in sorted(self._gone.items()):
            self._records.update(superseded_line(number, digest))
        told = dict(detail)
        if self._gone:
            told["superseded_entries"] = len(self._gone)
        event = link(
            self._previous,
            at=stored_text(at),
            actor=stored_text(actor),
            action=stored_text(action),
            subject=stored_text(subject),
            detail=told,
            records_digest=self._records.hexdigest(),
        )
        self._connection.execute(insert(custody), [to_row(event)])
        self.event = event
        return event

    def _flush(self) -> None:
        if self._entries:
            self._connection.execute(insert(entries), self._entries)
        for name, rows in self._waiting.items():
            if rows:
                self._connection.execute(insert(_BY_NAME[name]), rows)
        self._entries, self._held = [], 0
        self._waiting.clear()


_BY_NAME = {table.name: table for table in RECORD_TABLES.values()}


def rows_by_table(records: Iterable[object]) -> dict[str, list[Row]]:
    """Records as cells, by the name of their table. Raises `NotStorable`."""
    rows: dict[str, list[Row]] = defaultdict(list)
    for record in records:
        rows[RECORD_TABLES[type(record)].name].append(to_row(record))
    return dict(rows)


def digest_of(rows: Mapping[str, Sequence[Row]]) -> str:
    """The digest of an entry from its cells."""
    return entry_digest((name, enumerate(rows[name])) for name in sorted(rows))


def living(connection: Connection, *kinds: str, subjects: Sequence[str] | None = None) -> Iterator[Any]:
    """Entries (number, kind, subject, instrument, digest) that were not superseded, in order of number."""
    wanted = _living(*kinds).order_by(entries.c.number)
    if subjects is None:
        yield from connection.execute(wanted)
        return
    for some in in_chunks(subjects, NUMBERS_A_STATEMENT):
        yield from connection.execute(wanted.where(entries.c.subject.in_(some)))


def _living(*kinds: str) -> Select[Any]:
    return select(entries.c.number, entries.c.kind, entries.c.subject, entries.c.instrument, entries.c.digest).where(
        entries.c.kind.in_(kinds), entries.c.superseded.is_(None)
    )


def in_chunks(items: Sequence[Any], size: int) -> Iterator[Sequence[Any]]:
    """Slices of at most `size`."""
    for start in range(0, len(items), size):
        yield items[start : start + size]
