"""What a screen asks of a case: a page of exhibits, what was added to the log, one exhibit's acts.

Each question is answered by an index or by what was added since, so that its work does not grow with the case.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import TypeVar

from sqlalchemy import ColumnElement, Connection, func, select

from verifier.dossier import Glance, TakenIn
from verifier.records import (
    Acquisition,
    Assessment,
    CustodyEvent,
    Exhibit,
    Kind,
    Verdict,
)
from verifier.store.columns import columns_of
from verifier.store.examining import RUN
from verifier.store.log import Log
from verifier.store.proving import taken_in
from verifier.store.schema import RECORD_TABLES, Kept, custody, entries
from verifier.store.search.tallies import contradictions, faults
from verifier.store.selecting import decoded, records_of
from verifier.store.taking import TAKEN_IN

T = TypeVar("T")
THUMBNAIL = "thumbnail/%"
_EXHIBITS = RECORD_TABLES[Exhibit]
_ACQUISITIONS = RECORD_TABLES[Acquisition]


@dataclass(frozen=True, slots=True, kw_only=True)
class Added:
    """What the log and people's words gained after an event, in their order."""

    events: tuple[CustodyEvent, ...]
    verdicts: tuple[Verdict, ...]
    assessments: tuple[Assessment, ...]


class Glances:
    """Questions of one screen. Use `Store.glances`."""

    def __init__(self, log: Log) -> None:
        self._log = log

    def last(self) -> int:
        """The number of the newest event."""
        with self._log.reading() as connection:
            return int(connection.execute(select(func.max(custody.c.seq))).scalar_one() or 0)

    def last_other_than(self, actions: Collection[str]) -> int:
        """The number of the newest event that is none of these actions; 0 where there is none."""
        wanted = select(custody.c.seq).where(custody.c.action.not_in(actions)).order_by(custody.c.seq.desc()).limit(1)
        with self._log.reading() as connection:
            return int(connection.execute(wanted).scalar_one_or_none() or 0)

    def added(self, after: int) -> Added:
        """What came after that event; 0: everything."""
        columns = [custody.c[column.name] for column in columns_of(CustodyEvent)]
        wanted = select(*columns).where(custody.c.seq > after).order_by(custody.c.seq)
        with self._log.reading() as connection:
            events = tuple(decoded(CustodyEvent, tuple(row), custody.name) for row in connection.execute(wanted))
            return Added(
                events=events,
                verdicts=_said_after(connection, Verdict, after),
                assessments=_said_after(connection, Assessment, after),
            )

    def page(self, *, after: str, count: int, kind: Kind | None = None, backwards: bool = False) -> tuple[str, ...]:
        """Ids of the next exhibits in order of id; `backwards`: of those before it, still in order of id."""
        column = _EXHIBITS.c.id
        wanted = select(column).where(column < after if backwards else column > after)
        if kind is not None:
            wanted = wanted.where(_EXHIBITS.c.kind == kind.value)
        wanted = wanted.order_by(column.desc() if backwards else column).limit(count)
        with self._log.reading() as connection:
            return tuple(sorted(str(key) for key in connection.execute(wanted).scalars()))

    def newest(self, count: int) -> tuple[str, ...]:
        """Ids of the exhibits taken in last, the last first."""
        wanted = select(_ACQUISITIONS.c.exhibit).order_by(_ACQUISITIONS.c.entry.desc(), _ACQUISITIONS.c.position.desc())
        with self._log.reading() as connection:
            found = connection.execute(wanted.limit(4 * count)).scalars()
            return tuple(dict.fromkeys(str(key) for key in found))[:count]

    def taken_in_after(self, event: int) -> int:
        """How many exhibits were taken in, or came again, after that event."""
        wanted = select(func.count(func.distinct(entries.c.subject))).where(
            entries.c.kind == TAKEN_IN, entries.c.seq > event
        )
        with self._log.reading() as connection:
            return int(connection.execute(wanted).scalar_one())

    def of(self, exhibits: Sequence[str]) -> dict[str, Glance]:
        """Exhibits as lines of a list, in the order of `exhibits`; what is not known is left out."""
        asked = list(dict.fromkeys(exhibits))
        with self._log.reading() as connection:
            known = {item.id: item for _, _, item in records_of(connection, Exhibit, _EXHIBITS.c.id.in_(asked))}
            came: dict[str, Acquisition] = {}
            for _, _, item in records_of(connection, Acquisition, _ACQUISITIONS.c.exhibit.in_(asked)):
                came.setdefault(item.exhibit, item)
            pictures = _thumbnails(connection, asked)
            against = contradictions(connection, asked)
            found = faults(connection, {key: item.kind for key, item in known.items()}, asked)
        return {
            key: Glance(
                exhibit=known[key],
                name=came[key].name if key in came else None,
                acquired_at=came[key].acquired_at if key in came else None,
                thumbnail=pictures.get(key),
                contradictions=against.get(key, 0),
                faults=tuple(sorted(kind.value for kind in found.get(key, ()))),
            )
            for key in asked
            if key in known
        }

    def instruments(self) -> tuple[str, ...]:
        """The names of all that has run in this case. Goes through every run once."""
        wanted = select(entries.c.instrument).where(entries.c.superseded.is_(None), entries.c.kind == RUN).distinct()
        with self._log.reading() as connection:
            return tuple(sorted(str(name) for name in connection.execute(wanted).scalars() if name is not None))

    def taken_in(self, exhibit: str) -> tuple[TakenIn, ...]:
        """The acts that took one exhibit in, with the lines that the log's digests cover."""
        with self._log.reading() as connection:
            return tuple(taken_in(connection, exhibit).get(exhibit, ()))


def _said_after(connection: Connection, record: type[T], after: int) -> tuple[T, ...]:
    return tuple(item for _, _, item in records_of(connection, record, entries.c.seq > after))


def _thumbnails(connection: Connection, asked: Sequence[str]) -> dict[str, str]:
    table = RECORD_TABLES[Kept]
    wanted = (
        select(entries.c.subject, table.c.id)
        .join(table, table.c.entry == entries.c.number)
        .where(*_living(RUN, asked), table.c.recipe.like(THUMBNAIL))
    )
    return {str(key): str(made) for key, made in connection.execute(wanted)}


def _living(kind: str, asked: Sequence[str]) -> tuple[ColumnElement[bool], ...]:
    """By the index on what is living."""
    return (entries.c.superseded.is_(None), entries.c.kind == kind, entries.c.subject.in_(asked))
