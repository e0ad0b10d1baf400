"""What a glance at a case needs, by a few queries: kinds, names, counts, and which exhibits are worth a look."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import Connection, exists, func, or_, select

from verifier.errors import IntegrityBroken
from verifier.records import Acquisition, Assessment, Exhibit, Fault, Finding, FindingOutcome, Kind, Reading
from verifier.store.examining import RUN
from verifier.store.schema import RECORD_TABLES, entries
from verifier.store.selecting import records_of
from verifier.store.writing import NUMBERS_A_STATEMENT, in_chunks

_EXHIBITS, _FINDINGS = RECORD_TABLES[Exhibit], RECORD_TABLES[Finding]
_ACQUISITIONS, _FAULTS, _READINGS = RECORD_TABLES[Acquisition], RECORD_TABLES[Fault], RECORD_TABLES[Reading]
_AGAINST = _FINDINGS.c.outcome == FindingOutcome.CONTRADICTS.value


def kinds(connection: Connection) -> dict[str, Kind]:
    """The kind of every exhibit, in order of id."""
    wanted = select(_EXHIBITS.c.id, _EXHIBITS.c.kind).order_by(_EXHIBITS.c.id)
    try:
        return {str(key): Kind(kind) for key, kind in connection.execute(wanted)}
    except ValueError as error:
        raise IntegrityBroken("a row of exhibits holds what was never written there; run verify audit") from error


def files_received(connection: Connection) -> int:
    """How often something was taken in."""
    return int(connection.execute(select(func.count()).select_from(_ACQUISITIONS)).scalar_one())


def contradictions(connection: Connection) -> dict[str, int]:
    """How many findings contradict, by exhibit."""
    wanted = select(_FINDINGS.c.exhibit, func.count()).where(_AGAINST).group_by(_FINDINGS.c.exhibit)
    return {str(key): int(count) for key, count in connection.execute(wanted)}


def assessed(connection: Connection) -> set[str]:
    """Exhibits that somebody assessed."""
    return set(connection.execute(select(RECORD_TABLES[Assessment].c.exhibit).distinct()).scalars())


def perhaps_short(connection: Connection) -> set[str]:
    """Exhibits with a fault, and those of which it is not plain that something was found in them.

    Plain is a run that has no fault and recorded more than itself, of an instrument that looks at what is inside.
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
    silent = select(_EXHIBITS.c.id).where(~found)
    return {str(key) for wanted in (faulted, silent) for key in connection.execute(wanted).scalars() if key is not None}


def first_names(connection: Connection, exhibits: Sequence[str]) -> dict[str, bytes]:
    """The name under which each of these was first taken in."""
    found: dict[str, bytes] = {}
    for some in in_chunks(sorted(exhibits), NUMBERS_A_STATEMENT):
        wanted = (
            select(_ACQUISITIONS.c.exhibit, _ACQUISITIONS.c.name)
            .where(_ACQUISITIONS.c.exhibit.in_(some))
            .order_by(_ACQUISITIONS.c.entry, _ACQUISITIONS.c.position)
        )
        for key, name in connection.execute(wanted):
            found.setdefault(str(key), bytes(name))
    return found


def readings_like(connection: Connection, exhibits: Sequence[str], pattern: str) -> dict[str, list[Reading]]:
    """What instruments read of these exhibits under keys of a pattern (SQL's LIKE)."""
    found: dict[str, list[Reading]] = {}
    for some in in_chunks(sorted(exhibits), NUMBERS_A_STATEMENT):
        of_them = (entries.c.superseded.is_(None), entries.c.kind == RUN, entries.c.subject.in_(some))
        for key, _, reading in records_of(connection, Reading, *of_them, _READINGS.c.key.like(pattern)):
            found.setdefault(str(key), []).append(reading)
    return found
