"""What is counted of exhibits and known of each in a word, by a query each: kinds, names, faults, contradictions.

One home for these questions: `status` asks them of all exhibits, a list of all, a screen of the few it shows (`among`).
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterator, Sequence

from sqlalchemy import ColumnElement, Connection, exists, func, or_, select

from verifier.errors import IntegrityBroken
from verifier.findings.examined import is_told, silent
from verifier.records import Acquisition, Assessment, Exhibit, Fault, FaultKind, Finding, FindingOutcome, Kind, Reading
from verifier.store.examining import RUN
from verifier.store.log import Log
from verifier.store.schema import RECORD_TABLES, entries
from verifier.store.selecting import records_of
from verifier.store.writing import FINDINGS, NUMBERS_A_STATEMENT, in_chunks

_EXHIBITS, _FINDINGS = RECORD_TABLES[Exhibit], RECORD_TABLES[Finding]
_ACQUISITIONS, _FAULTS, _READINGS = RECORD_TABLES[Acquisition], RECORD_TABLES[Fault], RECORD_TABLES[Reading]


class Tallies:
    """Questions of one number or word an exhibit. Use `Store.tallies`."""

    def __init__(self, log: Log) -> None:
        self._log = log

    def kinds(self) -> dict[str, Kind]:
        """The kind of every exhibit, in order of id."""
        wanted = select(_EXHIBITS.c.id, _EXHIBITS.c.kind).order_by(_EXHIBITS.c.id)
        with self._log.reading() as connection:
            try:
                return {str(key): Kind(kind) for key, kind in connection.execute(wanted)}
            except ValueError as error:
                raise IntegrityBroken(
                    "a row of exhibits holds what was never written there; run verify audit"
                ) from error

    def files_received(self) -> int:
        """How often something was taken in."""
        with self._log.reading() as connection:
            return int(connection.execute(select(func.count()).select_from(_ACQUISITIONS)).scalar_one())

    def contradictions(self) -> dict[str, int]:
        """How many findings contradict, by exhibit."""
        with self._log.reading() as connection:
            return contradictions(connection)

    def assessed(self) -> set[str]:
        """Exhibits that somebody assessed."""
        with self._log.reading() as connection:
            return set(connection.execute(select(RECORD_TABLES[Assessment].c.exhibit).distinct()).scalars())

    def perhaps_short(self) -> set[str]:
        """Exhibits with a fault, and those of which it is not plain that something was found in them.

        No other is among those that were not examined in full. Plain is a run that has no fault and recorded more than
        itself, of an instrument that looks at what is inside.
        """
        faulted = select(entries.c.subject).join(_FAULTS, _FAULTS.c.entry == entries.c.number).distinct()
        looked = entries.alias()
        found = exists().where(
            looked.c.kind == RUN,
            looked.c.subject == _EXHIBITS.c.id,
            looked.c.superseded.is_(None),
            looked.c.rows > 1,
            or_(looked.c.instrument != "c2pa", looked.c.instrument.is_(None)),
            ~exists().where(_FAULTS.c.entry == looked.c.number),
        )
        unclear = select(_EXHIBITS.c.id).where(~found)
        with self._log.reading() as connection:
            asked = [key for wanted in (faulted, unclear) for key in connection.execute(wanted).scalars()]
        return {str(key) for key in asked if key is not None}

    def first_names(self, exhibits: Sequence[str]) -> dict[str, bytes]:
        """The name under which each of these was first taken in."""
        found: dict[str, bytes] = {}
        with self._log.reading() as connection:
            for some in in_chunks(sorted(exhibits), NUMBERS_A_STATEMENT):
                wanted = (
                    select(_ACQUISITIONS.c.exhibit, _ACQUISITIONS.c.name)
                    .where(_ACQUISITIONS.c.exhibit.in_(some))
                    .order_by(_ACQUISITIONS.c.entry, _ACQUISITIONS.c.position)
                )
                for key, name in connection.execute(wanted):
                    found.setdefault(str(key), bytes(name))
        return found

    def readings_like(self, exhibits: Sequence[str], pattern: str) -> dict[str, list[Reading]]:
        """What instruments read of these exhibits under keys of a pattern (SQL's LIKE)."""
        found: dict[str, list[Reading]] = {}
        with self._log.reading() as connection:
            for some in in_chunks(sorted(exhibits), NUMBERS_A_STATEMENT):
                of_them = (entries.c.superseded.is_(None), entries.c.kind == RUN, entries.c.subject.in_(some))
                for key, _, reading in records_of(connection, Reading, *of_them, _READINGS.c.key.like(pattern)):
                    found.setdefault(str(key), []).append(reading)
        return found


def contradictions(connection: Connection, among: Collection[str] | None = None) -> dict[str, int]:
    """How many findings contradict, by exhibit; 0 is left out."""
    found: dict[str, int] = {}
    for where in _living(FINDINGS, among):
        wanted = (
            select(entries.c.subject, func.count())
            .join(_FINDINGS, _FINDINGS.c.entry == entries.c.number)
            .where(*where, _FINDINGS.c.outcome == FindingOutcome.CONTRADICTS.value)
            .group_by(entries.c.subject)
        )
        found |= {str(key): int(count) for key, count in connection.execute(wanted)}
    return found


def faults(
    connection: Connection, kinds: dict[str, Kind], among: Collection[str] | None = None
) -> dict[str, set[FaultKind]]:
    """The kinds of the faults of each exhibit of `kinds` (all, or `among` them), its silence told; none is left out."""
    found: dict[str, set[FaultKind]] = defaultdict(set)
    for where in _living(RUN, among):
        wanted = select(entries.c.subject, _FAULTS.c.kind).join(_FAULTS, _FAULTS.c.entry == entries.c.number)
        for key, kind in connection.execute(wanted.where(*where).distinct()):
            found[str(key)].add(_fault_kind(kind))
    unclear = {key: kind for key, kind in kinds.items() if not is_told(found.get(key, ()))}
    for key in silent(unclear, _where_something_was_found(connection, among)):
        found[key].add(FaultKind.UNSUPPORTED)
    return {key: some for key, some in found.items() if some}


def _fault_kind(kind: str) -> FaultKind:
    try:
        return FaultKind(kind)
    except ValueError as error:
        raise IntegrityBroken("a row of faults holds what was never written there; run verify audit") from error


def _where_something_was_found(connection: Connection, among: Collection[str] | None) -> Iterator[tuple[str, str]]:
    """(exhibit, instrument) of every run that wrote more than itself and its faults."""
    failed = select(_FAULTS.c.entry, func.count().label("faults")).group_by(_FAULTS.c.entry).subquery()
    for where in _living(RUN, among):
        wanted = (
            select(entries.c.subject, entries.c.instrument)
            .outerjoin(failed, failed.c.entry == entries.c.number)
            .where(*where, entries.c.rows > 1 + func.coalesce(failed.c.faults, 0))
        )
        for key, instrument in connection.execute(wanted):
            yield str(key), str(instrument)


def _living(kind: str, among: Collection[str] | None) -> Iterator[tuple[ColumnElement[bool], ...]]:
    """What narrows a query to living entries of a kind, by the index on them; once for every few exhibits."""
    alive = (entries.c.superseded.is_(None), entries.c.kind == kind)
    if among is None:
        yield alive
        return
    for some in in_chunks(sorted(among), NUMBERS_A_STATEMENT):
        yield (*alive, entries.c.subject.in_(some))
