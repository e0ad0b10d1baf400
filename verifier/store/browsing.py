"""Looking through a large case without holding it: a page of dossiers, and what sidecars say of other exhibits."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from sqlalchemy import Connection, func, select

from verifier.dossier import ExhibitDossier, Said, Speaker
from verifier.records import Acquisition, Exhibit, Kind, Reading
from verifier.store.dossiers import exhibit_dossiers
from verifier.store.examining import RUN
from verifier.store.schema import RECORD_TABLES, entries
from verifier.store.selecting import records_of
from verifier.store.taking import TAKEN_IN
from verifier.store.writing import NUMBERS_A_STATEMENT, in_chunks

DOSSIERS_A_PAGE = 200
_EXHIBITS = RECORD_TABLES[Exhibit]
_READINGS = RECORD_TABLES[Reading]
_ACQUISITIONS = RECORD_TABLES[Acquisition]


def page_after(connection: Connection, after: str) -> list[ExhibitDossier]:
    """The next dossiers in order of id."""
    wanted = select(_EXHIBITS.c.id).where(_EXHIBITS.c.id > after).order_by(_EXHIBITS.c.id).limit(DOSSIERS_A_PAGE)
    ids = list(connection.execute(wanted).scalars())
    return list(exhibit_dossiers(connection, (ids[0], ids[-1])).values()) if ids else []


def some_of(connection: Connection, keys: Sequence[str]) -> list[ExhibitDossier]:
    """The dossiers of some ids, in order of id."""
    found: list[ExhibitDossier] = []
    for some in in_chunks(sorted(set(keys)), DOSSIERS_A_PAGE):
        found += exhibit_dossiers(connection, frozenset(some)).values()
    return found


def count_exhibits(connection: Connection) -> int:
    """How many there are."""
    return int(connection.execute(select(func.count()).select_from(_EXHIBITS)).scalar_one())


def speakers(connection: Connection) -> list[Speaker]:
    """Every exhibit with a reading about another, in order of id."""
    wanted = (
        select(entries.c.subject, _READINGS.c.subject)
        .join(entries, entries.c.number == _READINGS.c.entry)
        .where(_READINGS.c.subject.is_not(None))
        .distinct()
        .order_by(entries.c.subject, _READINGS.c.subject)
    )
    subjects: dict[str, list[str]] = {}
    for exhibit, subject in connection.execute(wanted):
        subjects.setdefault(str(exhibit), []).append(str(subject))
    came: dict[str, list[Acquisition]] = {}
    for some in in_chunks(sorted(subjects), NUMBERS_A_STATEMENT):
        of_them = (entries.c.superseded.is_(None), entries.c.kind == TAKEN_IN, entries.c.subject.in_(some))
        for key, _, acquisition in records_of(connection, Acquisition, *of_them):
            came.setdefault(str(key), []).append(acquisition)
    return [
        Speaker(exhibit=exhibit, subjects=tuple(names), acquisitions=tuple(came.get(exhibit, ())))
        for exhibit, names in sorted(subjects.items())
    ]


def can_be_spoken_of(connection: Connection) -> Iterator[Acquisition]:
    """Every acquisition of an exhibit that is no sidecar. Streams."""
    others = select(_EXHIBITS.c.id).where(_EXHIBITS.c.kind != Kind.SIDECAR.value)
    for _, _, acquisition in records_of(connection, Acquisition, _ACQUISITIONS.c.exhibit.in_(others)):
        yield acquisition


def told_of_others(connection: Connection, exhibits: Sequence[str]) -> dict[str, list[Said]]:
    """What these exhibits say of others, by speaker, in the order of a dossier."""
    told: dict[str, list[Said]] = {}
    for some in in_chunks(exhibits, NUMBERS_A_STATEMENT):
        of_them = (entries.c.superseded.is_(None), entries.c.kind == RUN, entries.c.subject.in_(some))
        for key, instrument, reading in records_of(connection, Reading, *of_them, _READINGS.c.subject.is_not(None)):
            said = Said(reading=reading, instrument=str(instrument), exhibit=str(key))
            told.setdefault(said.exhibit, []).append(said)
    return {key: sorted(some, key=lambda said: said.instrument) for key, some in told.items()}
