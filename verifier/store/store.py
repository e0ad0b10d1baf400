"""The store: some twenty intentions over a case. Every one that writes is one transaction with one custody event."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager
from pathlib import Path
from types import TracebackType
from typing import Self, TypeVar

from sqlalchemy import func, select

from verifier.chain import Tree, body
from verifier.custody.seal import Checkpoint, origin_of
from verifier.dossier import CaseDossier, ExhibitDossier, LazyDossiers, Made, Said, Speaker, TakenIn
from verifier.errors import AmbiguousExhibit, UnknownExhibit, UsageError
from verifier.instruments import Outcome
from verifier.records import (
    Acquisition,
    Assessment,
    Batch,
    Claim,
    CustodyEvent,
    Exhibit,
    Fault,
    Finding,
    Fingerprint,
    Group,
    Incident,
    Match,
    Observation,
    Problem,
    Scalar,
    Skipped,
    Standing,
    Verdict,
    Worksheet,
)
from verifier.store import browsing, examining, proving, since, taking
from verifier.store.audit import audit
from verifier.store.columns import NotStorable
from verifier.store.database import translated
from verifier.store.dossiers import case_dossier, case_settings, exhibit_dossiers, made
from verifier.store.examining import Wanted
from verifier.store.folder import read_checkpoint, read_head, write_latest
from verifier.store.handing import bringing_in, handing_over
from verifier.store.handing.bringing_in import Brought
from verifier.store.log import Log, events, last_event
from verifier.store.opening import SETTING, case_layout, make_case, open_case
from verifier.store.schema import RECORD_TABLES, Kept, Setting, custody
from verifier.store.search import naming
from verifier.store.search.screens import Glances
from verifier.store.search.tallies import Tallies
from verifier.store.search.view import Searching, view
from verifier.store.selecting import records_of
from verifier.store.since import Written
from verifier.store.writing import FINDINGS, GROUPS, MATCHES, living
from verifier.visible import visible_name

Statement = Claim | Verdict | Assessment | Observation | Incident | Batch | Standing | Worksheet
CASE, SAID = "case", "said"
MOST_LISTED = 8  # exhibits of an ambiguous name in its refusal
T = TypeVar("T")


class Store:
    """An opened case. Many may read, one writes. A context manager."""

    def __init__(self, log: Log) -> None:
        """Use `Store.open`."""
        self._log = log

    @staticmethod
    def create(case: Path, *, title: str, at: str, tool_version: str) -> None:
        """Make a case. Where there is one already, nothing happens. Raises `NotACase` for an unrelated folder.

        Raises `LostDatabase` where a case has been.
        """
        make_case(case, title=title, at=at, tool_version=tool_version)

    @property
    def folder(self) -> Path:
        """The case's folder."""
        return self._log.case

    @staticmethod
    def exists(case: Path) -> bool:
        """Whether there is a case. Raises `LostDatabase` where there has been one."""
        return case_layout(case) is not None

    @classmethod
    def open(cls, case: Path, *, writing: bool, wait_seconds: float = 0.0) -> Store:
        """The case. Raises `NoCase`, `NotACase`, `NewerCase`, `IntegrityBroken`; `CaseInUse` after `wait_seconds`."""
        return cls(open_case(case, to_write=writing, wait_seconds=wait_seconds))

    def fit(self) -> None:
        """Refuse a log that does not fit its head, as whoever writes does. Raises `IntegrityBroken`."""
        self._log.fit()

    def close(self) -> None:
        """Give back the database and the right to write."""
        self._log.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        try:
            if self._log.has_grown():
                self._state_checkpoint()
        finally:
            self.close()

    def _state_checkpoint(self) -> None:
        """Keep an unsigned checkpoint of the log as it is now, for whoever wants to note it down."""
        state = self._log.state()
        if state is not None:
            origin = origin_of(str(self.setting("case.id") or ""))
            write_latest(self.folder, Checkpoint(origin=origin, size=state.size, root=state.root).text())

    # ------------------------------------------------------------ taking in

    def take_in(
        self,
        taken: Sequence[tuple[Exhibit, Acquisition]],
        skipped: Sequence[Skipped],
        *,
        batch: Batch | None,
        actor: str,
        at: str,
    ) -> int:
        """Record acquisitions and what was skipped; how many exhibits are new. Nothing to record is no event."""
        if not taken and not skipped:
            return 0
        subject = CASE if batch is None else batch.id
        with self._log.intention() as intention:
            detail = taking.take_in(intention, taken, skipped, batch)
            intention.conclude(at=at, actor=actor, action="take in", subject=subject, detail=detail)
        return int(detail["exhibits"] or 0)

    def known(self, paths: Sequence[tuple[bytes, int, int]], *, preserved: bool = False) -> dict[bytes, str]:
        """Exhibit ids of those paths (path, size, modified_ns) that were taken in and have not changed.

        With `preserved`, what was only referenced does not count.
        """
        with self._log.reading() as connection:
            return taking.known_paths(connection, paths, preserved=preserved)

    def skipped(self) -> Iterator[Skipped]:
        """Every directory entry that became no exhibit. Streams."""
        with self._log.reading() as connection:
            for _, _, item in records_of(connection, Skipped):
                yield item

    def batches(self) -> tuple[Batch, ...]:
        """Every hand-over, with the last word on each."""
        with self._log.reading() as connection:
            return tuple({item.id: item for _, _, item in records_of(connection, Batch)}.values())

    # ------------------------------------------------------------ exhibits

    def exhibits(self) -> Iterator[Exhibit]:
        """Every exhibit in order of id. The case may be written to meanwhile."""
        for page in self._pages():
            yield from page

    def exhibit(self, words: str) -> Exhibit:
        """The one exhibit whose id begins so or that bears this name. Raises `UnknownExhibit` or `AmbiguousExhibit`."""
        table = RECORD_TABLES[Exhibit]
        with self._log.reading() as connection:
            found = naming.meant(connection, words)
            if len(found) > 1:
                raise AmbiguousExhibit(words, _listed(found))
            for one in found:
                for _, _, exhibit in records_of(connection, Exhibit, table.c.id == one.id):
                    return exhibit
        raise UnknownExhibit(words)

    def acquisitions(self) -> Iterator[Acquisition]:
        """Every act of taking in, in the order of recording. Streams."""
        with self._log.reading() as connection:
            for _, _, item in records_of(connection, Acquisition):
                yield item

    def preserved(self) -> Iterator[str]:
        """Ids of the exhibits whose bytes must lie in the vault, in order."""
        table = RECORD_TABLES[Acquisition]
        with self._log.reading() as connection:
            wanted = select(table.c.exhibit).where(table.c.preserved == 1).distinct().order_by(table.c.exhibit)
            ids = list(connection.execute(wanted).scalars())
        yield from ids

    def kept(self) -> Iterator[str]:
        """Ids of the derivatives whose bytes must lie in the vault, in order."""
        table = RECORD_TABLES[Kept]
        with self._log.reading() as connection:
            ids = list(connection.execute(select(table.c.id).distinct().order_by(table.c.id)).scalars())
        yield from ids

    # ------------------------------------------------------------ examining

    def pending(
        self, wanted: Wanted, *, parameters_digest: str, retry_faults: bool
    ) -> Iterator[tuple[Exhibit, tuple[str, ...]]]:
        """Exhibits with the instruments that have no run of their version under these parameters, in order of id.

        `retry_faults` adds those whose run did not end as "done". Outcomes may be recorded while this is read.
        """
        for page in self._pages():
            with self._log.reading() as connection:
                found = list(
                    examining.pending_of_page(
                        connection, page, wanted, parameters_digest=parameters_digest, retry_faults=retry_faults
                    )
                )
            yield from found

    def count_pending(self, wanted: Wanted, *, parameters_digest: str, retry_faults: bool) -> int:
        """How many exhibits `pending` would yield."""
        return sum(1 for _ in self.pending(wanted, parameters_digest=parameters_digest, retry_faults=retry_faults))

    def record(self, outcomes: Sequence[Outcome], *, actor: str, at: str) -> None:
        """Record runs with their readings, fingerprints, derivatives, events and faults, in place of earlier ones.

        Members are not recorded here: the caller takes them in. Derivatives must lie in the vault already.
        """
        if not outcomes:
            return
        with self._log.intention() as intention:
            detail = examining.record(intention, outcomes)
            intention.conclude(at=at, actor=actor, action="examine", subject=CASE, detail=detail)

    def faults(self, *instruments: str) -> Iterator[tuple[str, Fault]]:
        """(exhibit id, fault) of these instruments, of all where none is named, in the order of recording."""
        table = RECORD_TABLES[Fault]
        where = [table.c.instrument.in_(instruments)] if instruments else []
        with self._log.reading() as connection:
            for exhibit, _, item in records_of(connection, Fault, *where):
                yield str(exhibit), item

    def fingerprints(self, algorithm: str) -> Iterator[tuple[str, Fingerprint]]:
        """(exhibit id, fingerprint) of one algorithm, in the order of recording."""
        table = RECORD_TABLES[Fingerprint]
        with self._log.reading() as connection:
            for exhibit, _, item in records_of(connection, Fingerprint, table.c.algorithm == algorithm):
                yield str(exhibit), item

    def algorithms(self) -> tuple[str, ...]:
        """Every algorithm that fingerprints of the case were made with, in order of name."""
        table = RECORD_TABLES[Fingerprint]
        with self._log.reading() as connection:
            wanted = select(table.c.algorithm).distinct().order_by(table.c.algorithm)
            return tuple(str(name) for name in connection.execute(wanted).scalars())

    def derivatives(self, recipe: str) -> Iterator[tuple[str, Made]]:
        """(exhibit id, derivative) of one recipe, in the order of recording."""
        table = RECORD_TABLES[Kept]
        with self._log.reading() as connection:
            for exhibit, instrument, item in records_of(connection, Kept, table.c.recipe == recipe):
                yield str(exhibit), made(item, str(instrument))

    # ------------------------------------------------------------ what it means, what people say

    def compared(
        self,
        matches: Sequence[Match],
        groups: Sequence[Group],
        *,
        actor: str,
        at: str,
        detail: Mapping[str, Scalar],
    ) -> None:
        """Record the result of a comparison of the whole case in place of the earlier one."""
        of_left: dict[str, list[Match]] = defaultdict(list)
        for match in matches:
            of_left[match.left].append(match)
        of_id: dict[str, list[Group]] = defaultdict(list)
        for group in groups:
            of_id[group.id].append(group)
        with self._log.intention() as intention:
            intention.replace(MATCHES, sorted(of_left.items()))
            intention.replace(GROUPS, sorted(of_id.items()))
            told = {"matches": len(matches), "groups": len(groups), **detail}
            intention.conclude(at=at, actor=actor, action="compare", subject=CASE, detail=told)

    def judged(
        self,
        findings: Mapping[str, Sequence[Finding]] | Iterable[tuple[str, Sequence[Finding]]],
        *,
        actor: str,
        at: str,
        detail: Mapping[str, Scalar],
        outcomes: Callable[[], Sequence[Outcome]] = tuple,
        more: Callable[[], Mapping[str, Scalar]] = dict,
        among: Sequence[str] | None = None,
    ) -> None:
        """Record the findings on the whole case in place of the earlier ones; what has not changed stays untouched.

        Findings that come one exhibit after another come in order of id, and none is held. `outcomes`: asked after the
        last of them; runs of checks that failed, and of those that failed before and did not now. `more`: asked then
        too, for the log's detail. `among`: the exhibits that were judged; of all others, what was found stands.
        """

        def spoken() -> Iterator[tuple[str, Sequence[Finding]]]:
            said = sorted(findings.items()) if isinstance(findings, Mapping) else findings
            return ((key, some) for key, some in said if some)

        with self._log.intention() as intention:
            if among is None:
                intention.replace_in_order(FINDINGS, spoken())
            else:
                intention.replace_among(FINDINGS, spoken(), among)
            found = intention.count_rows(Finding)
            told: dict[str, Scalar] = {"findings": found, **detail, **more()}
            runs = outcomes()
            if runs:
                told["faults"] = examining.record(intention, runs)["faults"]
            intention.conclude(at=at, actor=actor, action="judge", subject=CASE, detail=told)

    # ------------------------------------------------------------ what is new since an event

    def written_since(self, event: int) -> list[Written]:
        """The entries that events after this one wrote or superseded."""
        with self._log.reading() as connection:
            return since.written(connection, event)

    def said_since(self, event: int) -> list[Statement]:
        """What people said after this event, and what of it they had said before under the same id."""
        with self._log.reading() as connection:
            return since.said(connection, event)

    def links(self) -> dict[str, str]:
        """The digest of the links that are stored under each exhibit, the left of them."""
        with self._log.reading() as connection:
            return {str(row.subject): str(row.digest) for row in living(connection, MATCHES)}

    def came_with(self, batches: Sequence[str]) -> set[str]:
        """Exhibits that came with one of these hand-overs."""
        with self._log.reading() as connection:
            return since.came_with(connection, batches)

    def outcomes(self) -> Counter[str]:
        """How many findings there are, by outcome."""
        with self._log.reading() as connection:
            return since.outcomes(connection)

    def say(self, records: Sequence[Statement], *, actor: str, at: str, action: str) -> None:
        """Record what people say. What is said again under the same id is the last word; the earlier word is kept."""
        if not records:
            return
        with self._log.intention() as intention:
            try:
                intention.enter(SAID, records, subject=None)
            except NotStorable as error:
                raise UsageError(f"This cannot be recorded: {error}.") from error
            intention.conclude(at=at, actor=actor, action=action, subject=CASE, detail={"records": len(records)})

    def bring_in(
        self, brought: Brought, *, actor: str, at: str, action: str, subject: str, detail: Mapping[str, Scalar]
    ) -> Mapping[str, Scalar]:
        """Record what another case recorded, beside what is here; how much of it was new."""
        with self._log.intention() as intention:
            counts = bringing_in.bring_in(intention, brought)
            intention.conclude(at=at, actor=actor, action=action, subject=subject, detail={**detail, **counts})
        return counts

    def said(self, kind: type[T]) -> tuple[T, ...]:
        """Everything of a kind that people said, earlier words too, in the order of recording."""
        with self._log.reading() as connection:
            return tuple(item for _, _, item in records_of(connection, kind))

    def note(self, action: str, subject: str, detail: Mapping[str, Scalar], *, actor: str, at: str) -> None:
        """Put an event without records into the log: an export, an audit, a seal."""
        with self._log.intention() as intention:
            intention.conclude(at=at, actor=actor, action=action, subject=subject, detail=detail)

    def setting(self, name: str) -> Scalar:
        """A setting of the case, or None."""
        with self._log.reading() as connection:
            return case_settings(connection).get(name)

    def set_setting(self, name: str, value: Scalar, *, actor: str, at: str) -> None:
        """Change a setting of the case."""
        with self._log.intention() as intention:
            earlier = [(row.number, row.digest) for row in living(intention.connection, SETTING, subjects=[name])]
            intention.supersede(earlier, (Setting,))
            intention.enter(SETTING, [Setting(name=name, value=value)], subject=name)
            intention.conclude(at=at, actor=actor, action="set", subject=name, detail={"value": value})

    # ------------------------------------------------------------ looking

    @property
    def tallies(self) -> Tallies:
        """What is counted of exhibits, and known of each in a word."""
        return Tallies(self._log)

    @property
    def glances(self) -> Glances:
        """What is asked for one screen at a time, in work that does not grow with the case."""
        return Glances(self._log)

    def dossier(self, *, lazily: bool = False) -> CaseDossier:
        """Everything known of the case; facts are left for `judge` to establish.

        `lazily`: the exhibits are on a shelf and fetched when asked for, while the case is open. Whoever reads so
        should be the one who writes: a dossier is what it is when it is fetched.
        """
        shelf = self._shelf() if lazily else None
        with self._log.reading() as connection:
            log = tuple(events(connection))
            tree = Tree()
            for event in log:
                tree.append(body(event))
            checkpoint = read_checkpoint(self._log.case)
            return case_dossier(connection, custody=log, root=tree.root(), checkpoint=checkpoint, exhibits=shelf)

    def _shelf(self) -> LazyDossiers:
        def page(after: str) -> list[ExhibitDossier]:
            with self._log.reading() as connection:
                return browsing.page_after(connection, after)

        def one(key: str) -> ExhibitDossier | None:
            with self._log.reading() as connection:
                return exhibit_dossiers(connection, (key, key)).get(key)

        def some(keys: Sequence[str]) -> list[ExhibitDossier]:
            with self._log.reading() as connection:
                return browsing.some_of(connection, keys)

        with self._log.reading() as connection:
            count = browsing.count_exhibits(connection)
        return LazyDossiers(count=count, page=page, one=one, some=some, kinds=self.tallies.kinds)

    def taken_in(self) -> dict[str, list[TakenIn]]:
        """Every act of taking in, by exhibit, with the lines that the log's digests cover."""
        with self._log.reading() as connection:
            return proving.taken_in(connection)

    def acts_on(self) -> dict[str, list[int]]:
        """Numbers of the events that wrote something about an exhibit, by exhibit."""
        with self._log.reading() as connection:
            return proving.acts_on(connection)

    def record_lines(self, numbers: Sequence[int]) -> dict[int, tuple[str, ...]]:
        """The lines that the records digests of these events cover, by event."""
        with self._log.reading() as connection:
            return proving.record_lines(connection, numbers)

    def entry_lines(self) -> Iterator[tuple[int, bytes]]:
        """(event, line that its records digest covers) of the whole log. Streams."""
        with self._log.reading() as connection:
            yield from handing_over.entry_lines(connection)

    def entered(self, kind: str) -> list[tuple[str, int, int]]:
        """(subject, entry, event) of every entry of a kind that was not superseded."""
        with self._log.reading() as connection:
            return handing_over.entered(connection, kind)

    def rows_of_entries(self) -> Iterator[tuple[int, str, str | None, list[bytes]]]:
        """(number, kind, subject, lines that its digest covers) of every entry that has rows. Streams."""
        with self._log.reading() as connection:
            yield from handing_over.rows_of_entries(connection)

    def speakers(self) -> list[Speaker]:
        """Exhibits that speak of others, in order of id."""
        with self._log.reading() as connection:
            return browsing.speakers(connection)

    def can_be_spoken_of(self) -> Iterator[Acquisition]:
        """Every acquisition of what is no sidecar."""
        with self._log.reading() as connection:
            yield from browsing.can_be_spoken_of(connection)

    def told_of_others(self, speakers: Sequence[str]) -> dict[str, list[Said]]:
        """What these exhibits say of others, by speaker, in the order of their dossiers."""
        with self._log.reading() as connection:
            return browsing.told_of_others(connection, speakers)

    def search(self) -> AbstractContextManager[Searching]:
        """One consistent view for a search or a list, which fetches no dossier."""
        return view(self._log)

    def exhibit_dossier(self, exhibit: str) -> ExhibitDossier:
        """Everything known of one exhibit (its whole id). Raises `UnknownExhibit`."""
        with self._log.reading() as connection:
            found = exhibit_dossiers(connection, (exhibit, exhibit))
        if exhibit not in found:
            raise UnknownExhibit(exhibit)
        return found[exhibit]

    def counts(self) -> Mapping[str, int]:
        """Rows of every table, by its name, and `custody`: events."""
        with self._log.reading() as connection:
            tables = [*RECORD_TABLES.values(), custody]
            return {
                table.name: connection.execute(select(func.count()).select_from(table)).scalar_one() for table in tables
            }

    def custody(self) -> Iterator[CustodyEvent]:
        """The log from its first event."""
        with self._log.reading() as connection:
            yield from events(connection)

    def last_event(self, action: str, subject: str) -> CustodyEvent | None:
        """The newest event of that action on that subject."""
        with self._log.reading() as connection:
            return last_event(connection, action, subject)

    def custody_size(self) -> int:
        """How many events the log has."""
        return self._log.size()

    def audit(self) -> Iterator[Problem]:
        """Everything of the database and its log that is not what it was. Raises `IntegrityBroken` for a bad head."""
        head = read_head(self._log.case)
        if self._log.address is not None:
            from verifier.store.postgres.auditing import audit_postgres
            from verifier.store.postgres.engine import cursors

            with translated(self.folder), cursors(self._log.address) as rows:
                yield from audit_postgres(rows, head)
            return
        with self._log.driver() as connection:
            yield from audit(connection, head)

    def _pages(self) -> Iterator[list[Exhibit]]:
        after = ""
        while True:
            with self._log.reading() as connection:
                page = examining.exhibit_page(connection, after)
            if not page:
                return
            yield page
            after = page[-1].id


def _listed(found: Sequence[naming.Meant]) -> str:
    """ "3f2a91c04d11 (IMG_2034.jpg)", at most so many, and how many more."""
    told = [one.id[:12] + (f" ({visible_name(one.name, 60)})" if one.name is not None else "") for one in found]
    more = f" and {len(told) - MOST_LISTED} more" if len(told) > MOST_LISTED else ""
    return ", ".join(told[:MOST_LISTED]) + more
