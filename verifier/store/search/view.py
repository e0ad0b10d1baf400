"""What a search and a list read of a case: texts by the entries that wrote them, and one short row an exhibit.

Every question here is a query of its own, so that a list of many thousand exhibits fetches no dossier.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

from sqlalchemy import Connection, case, func, select

from verifier.dossier import CaseDossier
from verifier.records import (
    Acquisition,
    Assessment,
    Batch,
    Claim,
    Exhibit,
    Finding,
    Group,
    Incident,
    Kind,
    Reading,
    Standing,
)
from verifier.store.columns import columns_of
from verifier.store.dossiers import case_settings
from verifier.store.log import Log
from verifier.store.schema import RECORD_TABLES, custody, entries
from verifier.store.search.tallies import contradictions, faults
from verifier.store.selecting import ROWS_A_FETCH, decoded, records_of

_READINGS = RECORD_TABLES[Reading]
_ACQUISITIONS = RECORD_TABLES[Acquisition]
_FINDINGS = RECORD_TABLES[Finding]
_LATITUDE, _LONGITUDE = "latitude", "longitude"


@dataclass(frozen=True, slots=True, kw_only=True)
class End:
    """Where the log ends: its last event and the last entry of all."""

    seq: int
    digest: str
    entry: int


@dataclass(slots=True, kw_only=True)
class Line:
    """One exhibit in a list. `names` and `batches` in the order of taking in; `against` counts contradictions."""

    id: str
    kind: Kind
    media_type: str
    size: int
    names: list[bytes] = field(default_factory=list)
    batches: list[str] = field(default_factory=list)
    taken_in_at: str = ""
    against: int = 0
    faults: set[str] = field(default_factory=set)
    stage: str | None = None
    copies: int = 1  # exhibits of its recording, as the last comparison joined them

    @property
    def name(self) -> bytes:
        """The first name, or the beginning of the id where it came with none."""
        return self.names[0] if self.names else self.id[:12].encode("ascii")


@contextmanager
def view(log: Log) -> Iterator[Searching]:
    """One consistent view of a case's log."""
    with log.reading() as connection:
        yield Searching(connection)


class Searching:
    """A view of a case that answers in short rows."""

    def __init__(self, connection: Connection) -> None:
        """Use `view`."""
        self._connection = connection

    def end(self) -> End:
        """Where the log ends now."""
        newest = select(custody.c.seq, custody.c.digest).order_by(custody.c.seq.desc()).limit(1)
        seq, digest = self._connection.execute(newest).first() or (0, "")
        last = self._connection.execute(select(func.coalesce(func.max(entries.c.number), 0))).scalar_one()
        return End(seq=int(seq), digest=str(digest), entry=int(last))

    def digest_of(self, seq: int) -> str | None:
        """The digest of an event, where the log has it."""
        found = self._connection.execute(select(custody.c.digest).where(custody.c.seq == seq)).scalar_one_or_none()
        return None if found is None else str(found)

    def gone_since(self, seq: int) -> list[int]:
        """Entries that events after this one superseded."""
        wanted = select(entries.c.number).where(entries.c.superseded.is_not(None), entries.c.superseded > seq)
        return [int(number) for number in self._connection.execute(wanted).scalars()]

    def written_since(self, record: type, entry: int) -> Iterator[tuple[int, str | None, object]]:
        """(entry, its subject, record) of every living record of a kind that was written after an entry. Streams."""
        table = RECORD_TABLES[record]
        names = [column.name for column in columns_of(record)]
        wanted = (
            select(table.c.entry, entries.c.subject, *(table.c[name] for name in names))
            .join(entries, entries.c.number == table.c.entry)
            .where(table.c.entry > entry, entries.c.superseded.is_(None))
            .order_by(table.c.entry, table.c.position)
        )
        for number, subject, *cells in self._connection.execute(wanted, execution_options={"yield_per": ROWS_A_FETCH}):
            yield int(number), subject, decoded(record, cells, table.name)

    def lines(self) -> dict[str, Line]:
        """Every exhibit as a line, in order of id."""
        exhibits = RECORD_TABLES[Exhibit]
        known = {
            key: Line(id=key, kind=Kind(kind), media_type=media_type, size=int(size))
            for key, kind, media_type, size in self._connection.execute(
                select(exhibits.c.id, exhibits.c.kind, exhibits.c.media_type, exhibits.c.size).order_by(exhibits.c.id)
            )
        }
        self._add_acquisitions(known)
        self._add_findings(known)
        self._add_faults(known)
        self._add_work(known)
        return known

    def _add_acquisitions(self, known: dict[str, Line]) -> None:
        came = select(
            _ACQUISITIONS.c.exhibit, _ACQUISITIONS.c.name, _ACQUISITIONS.c.batch, _ACQUISITIONS.c.acquired_at
        ).order_by(_ACQUISITIONS.c.entry, _ACQUISITIONS.c.position)
        for key, name, batch, at in self._connection.execute(came):
            line = known.get(key)
            if line is None:
                continue
            line.taken_in_at = line.taken_in_at or at
            if name not in line.names:
                line.names.append(name)
            if batch is not None and batch not in line.batches:
                line.batches.append(batch)

    def _add_findings(self, known: dict[str, Line]) -> None:
        for key, count in contradictions(self._connection).items():
            if key in known:
                known[key].against = count

    def _add_faults(self, known: dict[str, Line]) -> None:
        kinds = {key: line.kind for key, line in known.items()}
        for key, found in faults(self._connection, kinds).items():
            if key in known:
                known[key].faults |= {kind.value for kind in found}

    def _add_work(self, known: dict[str, Line]) -> None:
        for _, _, said in records_of(self._connection, Standing):
            if said.exhibit in known:
                known[said.exhibit].stage = said.stage
        for _, _, group in records_of(self._connection, Group):
            for member in group.members:
                if member in known:
                    known[member].copies = len(group.members)

    def bearing_finding(self, name: str) -> set[str]:
        """Exhibits with a finding of this code, of codes that begin so up to a dot, of this outcome or question."""
        columns = (_FINDINGS.c.code, _FINDINGS.c.outcome, _FINDINGS.c.question)
        named = case(
            (columns[0] == name, 1), (columns[1] == name, 1), (columns[2] == name, 1),
            (columns[0].startswith(f"{name.rstrip('.')}.", autoescape=True), 1), else_=0,
        )  # fmt: skip
        return {
            str(key)
            for key in self._connection.execute(select(_FINDINGS.c.exhibit).where(named == 1).distinct()).scalars()
        }

    def positions(self) -> dict[str, list[tuple[float, float]]]:
        """Every position that stands in an exhibit, by exhibit: readings that end in latitude and longitude, paired."""
        wanted = (
            select(entries.c.subject, _READINGS.c.key, _READINGS.c.value)
            .join(entries, entries.c.number == _READINGS.c.entry)
            .where(_READINGS.c.key.endswith(_LATITUDE) | _READINGS.c.key.endswith(_LONGITUDE))
            .order_by(_READINGS.c.entry, _READINGS.c.position)
        )
        waiting: dict[tuple[str, str], list[float]] = defaultdict(list)
        found: dict[str, list[tuple[float, float]]] = defaultdict(list)
        for exhibit, key, value in self._connection.execute(wanted):
            try:
                degrees = float(value)
            except ValueError:
                continue
            stem = str(key).removesuffix(_LATITUDE).removesuffix(_LONGITUDE)
            if str(key).endswith(_LATITUDE):
                waiting[exhibit, stem].append(degrees)
            elif waiting[exhibit, stem]:
                found[exhibit].append((waiting[exhibit, stem].pop(0), degrees))
        return found

    def moments(self) -> Iterator[tuple[str, Reading]]:
        """(exhibit, reading) of every reading that is a time. Streams."""
        for subject, _, reading in records_of(self._connection, Reading, _READINGS.c.value.contains('"wall"')):
            yield str(subject), reading

    def said_claims(self) -> list[Claim]:
        """Every claim with its last word, in order of id."""
        latest = {claim.id: claim for _, _, claim in records_of(self._connection, Claim)}
        return [latest[key] for key in sorted(latest)]

    def assessments(self) -> list[Assessment]:
        """Every assessment, in the order of filing."""
        return [said for _, _, said in records_of(self._connection, Assessment)]

    def incidents(self) -> list[Incident]:
        """Every incident in its newest form, in the order of first filing."""
        return list({said.id: said for _, _, said in records_of(self._connection, Incident)}.values())

    def bare_case(self) -> CaseDossier:
        """The case without exhibits, matches and log: what the reading of a claim needs."""
        settings = case_settings(self._connection)
        batches = {batch.id: batch for _, _, batch in records_of(self._connection, Batch)}
        return CaseDossier(
            id=str(settings.get("case.id", "")),
            title=str(settings.get("case.title", "")),
            created_at=str(settings.get("case.created_at", "")),
            tool_name="verify",
            tool_version="",
            custody_size=0,
            custody_root="",
            custody_checkpoint=None,
            exhibits={},
            batches=tuple(batches.values()),
            settings=settings,
        )
