"""Putting together everything known of a case, or of one exhibit, with one query a table."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from typing import TypeAlias, TypeVar

from sqlalchemy import ColumnElement, Connection, or_, select

from verifier import __version__
from verifier.dossier import CaseDossier, ExhibitDossier, Made, Said
from verifier.findings.examined import with_silence_told
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
from verifier.store.examining import RUN
from verifier.store.schema import RECORD_TABLES, Kept, Setting, entries
from verifier.store.selecting import living_between, records_of
from verifier.store.taking import TAKEN_IN
from verifier.store.writing import FINDINGS

T = TypeVar("T")
TOOL = "verify"
Span: TypeAlias = tuple[str, str]  # ids, from the first to the last
Only: TypeAlias = Span | frozenset[str]  # or just these, no more than one statement can name


@dataclass(slots=True)
class _Pile:
    """What is collected of one exhibit while the tables are read; each with the instrument to sort by."""

    acquisitions: list[Acquisition] = field(default_factory=list)
    readings: list[Said] = field(default_factory=list)
    derivatives: list[Made] = field(default_factory=list)
    events: list[tuple[str, Event]] = field(default_factory=list)
    faults: list[Fault] = field(default_factory=list)
    runs: list[Run] = field(default_factory=list)
    findings: list[Finding] = field(default_factory=list)
    has_fingerprints: bool = False


def exhibit_dossiers(connection: Connection, only: Only | None = None) -> dict[str, ExhibitDossier]:
    """The dossiers of all exhibits, or of those from one id to another, in order of id. No facts are established."""
    where = [_within(RECORD_TABLES[Exhibit].c.id, only)] if only is not None else []
    found = {item.id: item for _, _, item in records_of(connection, Exhibit, *where)}
    piles: dict[str, _Pile] = defaultdict(_Pile)
    _fill(connection, piles, only)
    claims = _claims(connection, {key: pile.acquisitions for key, pile in piles.items()}, only)
    assessments = _by_exhibit(_latest(_said(connection, Assessment, only), lambda item: item.id))
    observations = _by_exhibit(_latest(_said(connection, Observation, only), lambda item: item.id))
    standings = _by_exhibit(_latest(_said(connection, Standing, only), lambda item: item.id))
    worksheets = _by_exhibit(_latest(_said(connection, Worksheet, only), lambda item: item.id))
    return {
        key: replace(
            _dossier(found[key], piles[key]),
            claims=tuple(claims.get(key, ())),
            assessments=tuple(assessments.get(key, ())),
            observations=tuple(observations.get(key, ())),
            standings=tuple(standings.get(key, ())),
            worksheets=tuple(worksheets.get(key, ())),
        )
        for key in sorted(found)
    }


def _within(column: ColumnElement[str], only: Only) -> ColumnElement[bool]:
    return column.in_(sorted(only)) if isinstance(only, frozenset) else column.between(*only)


def _dossier(exhibit: Exhibit, pile: _Pile) -> ExhibitDossier:
    dossier = ExhibitDossier(
        exhibit=exhibit,
        acquisitions=tuple(pile.acquisitions),
        readings=tuple(sorted(pile.readings, key=lambda said: said.instrument)),
        derivatives=tuple(sorted(pile.derivatives, key=lambda made: made.instrument)),
        events=tuple(event for _, event in sorted(pile.events, key=lambda pair: pair[0])),
        faults=tuple(sorted(pile.faults, key=lambda fault: fault.instrument)),
        runs=tuple(sorted(pile.runs, key=lambda run: run.instrument)),
        findings=tuple(pile.findings),
    )
    return with_silence_told(dossier, has_fingerprints=pile.has_fingerprints)


def _fill(connection: Connection, piles: dict[str, _Pile], only: Only | None) -> None:
    def every(record: type[T], kind: str) -> Iterator[tuple[str | None, str | None, T]]:
        if only is None:
            return records_of(connection, record)
        if not isinstance(only, frozenset):
            return living_between(connection, record, kind, *only)
        living = (entries.c.superseded.is_(None), entries.c.kind == kind)  # by the index on what is living
        return records_of(connection, record, *living, _within(entries.c.subject, only))

    for key, _, acquisition in every(Acquisition, TAKEN_IN):
        piles[str(key)].acquisitions.append(acquisition)
    for key, instrument, reading in every(Reading, RUN):
        said = Said(reading=reading, instrument=str(instrument), exhibit=str(key))
        piles[str(key)].readings.append(said)
    for key, instrument, kept in every(Kept, RUN):
        piles[str(key)].derivatives.append(made(kept, str(instrument)))
    for key, instrument, event in every(Event, RUN):
        piles[str(key)].events.append((str(instrument), event))
    for key, _, fault in every(Fault, RUN):
        piles[str(key)].faults.append(fault)
    for key, _, run in every(Run, RUN):
        piles[str(key)].runs.append(run)
    for key, _, finding in every(Finding, FINDINGS):
        piles[str(key)].findings.append(finding)
    for key in _fingerprinted(connection, only):
        piles[key].has_fingerprints = True


def _fingerprinted(connection: Connection, only: Only | None) -> Iterator[str]:
    """Exhibits that have a fingerprint; the fingerprints themselves stay where they are."""
    table = RECORD_TABLES[Fingerprint]
    wanted = (
        select(entries.c.subject)
        .join(table, table.c.entry == entries.c.number)
        .where(entries.c.superseded.is_(None), entries.c.kind == RUN)
        .distinct()
    )
    if only is not None:
        wanted = wanted.where(_within(entries.c.subject, only))
    return (str(subject) for (subject,) in connection.execute(wanted))


def made(kept: Kept, instrument: str) -> Made:
    """A kept derivative with the instrument that made it."""
    return Made(
        id=kept.id,
        recipe=kept.recipe,
        media_type=kept.media_type,
        offset_seconds=kept.offset_seconds,
        instrument=instrument,
    )


def _claims(
    connection: Connection, acquisitions: Mapping[str, Iterable[Acquisition]], only: Only | None
) -> dict[str, list[Claim]]:
    """Claims by exhibit: its own, then those of every batch it came with."""
    own: dict[str, list[Claim]] = defaultdict(list)
    of_batch: dict[str, list[Claim]] = defaultdict(list)
    table = RECORD_TABLES[Claim]
    where = [or_(_within(table.c.exhibit, only), table.c.exhibit.is_(None))] if only is not None else []
    for claim in _latest((item for _, _, item in records_of(connection, Claim, *where)), lambda item: item.id):
        if claim.exhibit is not None:
            own[claim.exhibit].append(claim)
        elif claim.batch is not None:
            of_batch[claim.batch].append(claim)
    if of_batch:
        for key, some in acquisitions.items():
            for batch in dict.fromkeys(item.batch for item in some if item.batch is not None):
                own[key] += of_batch.get(batch, [])
    return own


def _said(connection: Connection, record: type[T], only: Only | None) -> Iterator[T]:
    table = RECORD_TABLES[record]
    where: list[ColumnElement[bool]] = [_within(table.c.exhibit, only)] if only is not None else []
    for _, _, item in records_of(connection, record, *where):
        yield item


def _latest(items: Iterable[T], identity: Callable[[T], str]) -> list[T]:
    """The last word under each identity; what was said before it stays in the table and the log."""
    return list({identity(item): item for item in items}.values())


def _by_exhibit(items: Iterable[T]) -> dict[str, list[T]]:
    found: dict[str, list[T]] = defaultdict(list)
    for item in items:
        found[item.exhibit].append(item)  # type: ignore[attr-defined]
    return found


def case_dossier(
    connection: Connection,
    *,
    custody: tuple[CustodyEvent, ...],
    root: str,
    checkpoint: str | None,
    exhibits: Mapping[str, ExhibitDossier] | None = None,
) -> CaseDossier:
    """Everything known of the case; `exhibits` where they are fetched later."""
    settings = case_settings(connection)

    def every(record: type[T]) -> Iterator[T]:
        return (item for _, _, item in records_of(connection, record))

    return CaseDossier(
        id=str(settings.get("case.id", "")),
        title=str(settings.get("case.title", "")),
        created_at=str(settings.get("case.created_at", "")),
        tool_name=TOOL,
        tool_version=__version__,
        custody_size=len(custody),
        custody_root=root,
        custody_checkpoint=checkpoint,
        exhibits=exhibit_dossiers(connection) if exhibits is None else exhibits,
        batches=tuple(_latest(every(Batch), lambda item: item.id)),
        matches=tuple(sorted(every(Match), key=lambda match: (match.left, match.right, match.relation, match.method))),
        groups=tuple(sorted(every(Group), key=lambda group: group.id)),
        verdicts=tuple(every(Verdict)),
        incidents=tuple(_latest(every(Incident), lambda item: item.id)),
        skipped=tuple(sorted(every(Skipped), key=lambda item: (item.path, item.at))),
        custody=custody,
        settings=settings,
    )


def case_settings(connection: Connection) -> dict[str, Scalar]:
    """Every setting of the case by name."""
    return {setting.name: setting.value for _, _, setting in records_of(connection, Setting)}
