"""Take evidence in and examine it: walk, keep, record; then every pending instrument, until nothing is pending."""

from __future__ import annotations

import hashlib
import itertools
import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace

from verifier.canonical import digest
from verifier.dossier import among
from verifier.errors import UsageError
from verifier.evidence.acquire import Acquirer
from verifier.evidence.borrow import borrow, drop
from verifier.evidence.vault import Vault
from verifier.evidence.walk import Found, walk
from verifier.executors import Executor
from verifier.executors.outcomes import failed, outcome
from verifier.findings.examined import Examination, examination
from verifier.instruments import Job, Outcome, Parameters
from verifier.records import Batch, Claim, Derivative, Exhibit, FaultKind, Member, Scalar, Skipped
from verifier.store import Store
from verifier.workflow.progress import NOT_STATED, Clock, Progress

FOUND_A_TIME = 512
OUTCOMES_A_COMMIT = 512
SECONDS_A_COMMIT = 1.0  # a commit waits for the disk; more of them than one a second make small exhibits slow
DERIVED_BYTES_A_COMMIT = 64 << 20


@dataclass(frozen=True, slots=True, kw_only=True)
class IngestOptions:
    """What the operator chose."""

    batch: Batch | None = None
    operator: str | None = None
    reference: bool = False
    fast: bool = False
    makernotes: bool = False
    c2pa_trust: str | None = None  # PEM text
    retry_faults: bool = False
    only: frozenset[str] | None = None  # names of instruments; None: all

    @property
    def actor(self) -> str:
        """The name in the custody log."""
        return self.operator or NOT_STATED

    def parameters(self) -> Parameters:
        """What instruments are told; part of every run's identity."""
        chosen: dict[str, Scalar] = {}
        if self.fast:
            chosen["fast"] = True
        if self.makernotes:
            chosen["makernotes"] = True
        if self.c2pa_trust is not None:
            chosen["c2pa_trust"] = self.c2pa_trust
        return chosen


@dataclass(slots=True, kw_only=True)
class Tally:
    """What one ingest did, counted while it goes."""

    new: int = 0
    again: int = 0  # bytes that the case already held, met at another path
    known: int = 0  # paths that were taken in before and have not changed
    skipped: int = 0
    bytes: int = 0
    members: int = 0
    examined: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Work:
    """The services that an ingest works with."""

    store: Store
    vault: Vault
    executor: Executor
    clock: Clock
    progress: Progress
    reads_here: bool = True  # False: the executor's workers fetch what they examine


def ingest(paths: Sequence[bytes], work: Work, options: IngestOptions) -> Tally:
    """Take in all that is new under `paths`, examine all that is pending. Safe to interrupt and to run again."""
    tally = Tally()
    actor = options.actor
    work.vault.sweep()
    take_in(paths, work, options, actor, tally)
    examine(work, options, actor, tally)
    return tally


def examined(store: Store) -> Examination:
    """What could not be examined of the whole case, as it stands now: also of what earlier ingests took in."""
    whole = store.dossier(lazily=True).exhibits
    short = examination(among(whole, store.tallies.perhaps_short()).values())  # of all others, everything could be done
    return replace(short, exhibits=len(whole))


def take_in(paths: Sequence[bytes], work: Work, options: IngestOptions, actor: str, tally: Tally) -> None:
    """Walk and keep. Each batch is durable in the vault before the store is told of it."""
    acquirer = Acquirer(work.vault)
    already_skipped = {_mark(entry) for entry in work.store.skipped()}
    if options.batch is not None:
        _say_batch(options.batch, work, actor)
    for chunk in _chunks(walk(paths, avoid=work.vault.root), FOUND_A_TIME):
        refused = [entry for entry in chunk if isinstance(entry, Skipped)]
        found = [entry for entry in chunk if isinstance(entry, Found)]
        seen = [(entry.path, entry.size, entry.modified_ns) for entry in found]
        known = work.store.known(seen, preserved=not options.reference)
        tally.known += len(known)
        fresh = [entry for entry in found if entry.path not in known]
        news = [
            replace(entry, at=work.clock(), batch=options.batch.id if options.batch else None)
            for entry in refused
            if _mark(entry) not in already_skipped
        ]
        tally.skipped += len(refused)
        if news:
            work.store.take_in([], news, batch=options.batch, actor=actor, at=work.clock())
        _keep(acquirer, fresh, work, options, actor, tally)
        work.progress("take in", tally.new + tally.again + tally.known, None, _size(tally.bytes))


def _mark(entry: Skipped) -> bytes:
    """Stands for a path and a reason where a hundred thousand of them must be remembered."""
    return hashlib.blake2b(entry.path + b"\0" + entry.reason.encode(), digest_size=16).digest()


def _keep(acquirer: Acquirer, fresh: list[Found], work: Work, options: IngestOptions, actor: str, tally: Tally) -> None:
    batch_id = options.batch.id if options.batch else None
    for kept in acquirer.acquire(
        fresh, at=work.clock, batch=batch_id, operator=options.operator, reference=options.reference
    ):
        new = work.store.take_in(kept.taken, kept.skipped, batch=options.batch, actor=actor, at=work.clock())
        tally.new += new
        tally.again += len(kept.taken) - new
        tally.skipped += len(kept.skipped)
        tally.bytes += kept.bytes
        work.progress("take in", tally.new + tally.again + tally.known, None, _size(tally.bytes))


def _say_batch(batch: Batch, work: Work, actor: str) -> None:
    """The note itself, and what it says of place and time as a claim about everything that came with it."""
    if batch.id in {known.id for known in work.store.batches()}:
        return
    said: list[Batch | Claim] = [batch]
    if batch.claimed_place is not None or batch.claimed_time is not None:
        said.append(
            Claim(
                id=f"batch-{batch.id}",
                exhibit=None,
                batch=batch.id,
                by="the hand-over's note",
                place=batch.claimed_place,
                time=batch.claimed_time,
                at=work.clock(),
            )
        )
    work.store.say(said, actor=actor, at=work.clock(), action="receive")


def examine(work: Work, options: IngestOptions, actor: str, tally: Tally) -> None:
    """Run every pending instrument on every exhibit; members found in archives are taken in and examined as well."""
    parameters, wanted = options.parameters(), _wanted(work, options.only)
    identity = digest(parameters)
    retry = options.retry_faults
    for _ in range(MOST_NESTING):
        total = work.store.count_pending(wanted, parameters_digest=identity, retry_faults=retry)
        work.progress("examine", 0, total)
        pending = work.store.pending(wanted, parameters_digest=identity, retry_faults=retry)
        members = _examine_once(pending, work, parameters, actor, tally)
        if not members:
            return
        retry = False  # a fault of this very run is not tried again


MOST_NESTING = 4  # an archive in an archive in an archive: deeper ones are recorded, not opened


def _wanted(work: Work, only: frozenset[str] | None) -> Callable[[Exhibit], Sequence[tuple[str, int]]]:
    """What the workers announced, so that this process need not import a single instrument.

    Raises UsageError for a name in `only` that no instrument bears.
    """
    known = work.executor.catalogue
    strange = sorted((only or frozenset()) - set(known))
    if strange:
        raise UsageError(f"There is no instrument {strange[0]!r}; there are {', '.join(sorted(known))}.")
    catalogue = tuple(entry for name, entry in known.items() if only is None or name in only)

    def wanted(exhibit: Exhibit) -> Sequence[tuple[str, int]]:
        return [
            (entry.name, entry.version)
            for entry in catalogue
            if exhibit.kind in entry.accepts and (entry.media_types is None or exhibit.media_type in entry.media_types)
        ]

    return wanted


def _examine_once(
    pending: Iterable[tuple[Exhibit, tuple[str, ...]]], work: Work, parameters: Parameters, actor: str, tally: Tally
) -> int:
    """One pass over what is pending; how many members of archives it brought."""
    borrowed: dict[str, str] = {}
    lost: list[Job] = []
    jobs = _jobs(pending, work, parameters, borrowed, lost)
    waiting: list[Outcome] = []
    held_bytes = members = 0
    committed = time.monotonic()
    for done, answer in enumerate(work.executor.run(jobs), start=1):
        if answer.exhibit in borrowed:
            drop(borrowed.pop(answer.exhibit))
        work.vault.let_go(answer.exhibit)
        waiting.append(answer)
        held_bytes += _derived_bytes(answer)
        is_time = time.monotonic() - committed >= SECONDS_A_COMMIT
        if is_time or len(waiting) >= OUTCOMES_A_COMMIT or held_bytes >= DERIVED_BYTES_A_COMMIT:
            members += _commit(waiting, work, actor, tally)
            waiting, held_bytes = [], 0
            committed = time.monotonic()
        work.progress("examine", done, None)
    waiting += [_not_there(job, work) for job in lost]
    return members + _commit(waiting, work, actor, tally)


def _jobs(
    pending: Iterable[tuple[Exhibit, tuple[str, ...]]],
    work: Work,
    parameters: Parameters,
    borrowed: dict[str, str],
    lost: list[Job],
) -> Iterator[Job]:
    """A job for every pending exhibit; one that was only referred to is borrowed for as long as it is examined."""
    for exhibit, names in pending:
        job = Job(
            exhibit=exhibit,
            path=work.vault.path_of(exhibit.id),
            instruments=names,
            parameters=parameters,
        )
        if not work.reads_here and work.vault.holds(exhibit.id):
            yield job
            continue
        try:
            job = replace(job, path=work.vault.at_hand(exhibit.id))
        except FileNotFoundError:
            copy = borrow(work.vault, exhibit.id, work.store.exhibit_dossier(exhibit.id).acquisitions)
            if copy is None:
                lost.append(job)
                continue
            borrowed[exhibit.id] = copy
            job = replace(job, path=copy)
        yield job


def _not_there(job: Job, work: Work) -> Outcome:
    detail = "the bytes were recorded without a copy, and are no longer at any recorded path"
    answers = {name: failed(name, FaultKind.ABSENT, detail) for name in job.instruments}
    return outcome(job, answers, work.executor.catalogue)


def _derived_bytes(answer: Outcome) -> int:
    return sum(
        len(record.content)
        for records in answer.records.values()
        for record in records
        if isinstance(record, Derivative | Member)
    )


def _commit(outcomes: list[Outcome], work: Work, actor: str, tally: Tally) -> int:
    """Derivatives first, then members, then the records that speak of them: a row never speaks of bytes not there."""
    if not outcomes:
        return 0
    derivatives: list[Derivative] = []
    members: list[tuple[str, Member]] = []
    for answer in outcomes:
        for record in itertools.chain.from_iterable(answer.records.values()):
            if isinstance(record, Derivative):
                derivatives.append(record)
            elif isinstance(record, Member):
                members.append((answer.exhibit, record))
    work.vault.keep_derivatives(derivatives)
    if members:
        taken = Acquirer(work.vault).acquire_members(members, at=work.clock())
        tally.members += work.store.take_in(taken, [], batch=None, actor=actor, at=work.clock())
    work.store.record(outcomes, actor=actor, at=work.clock())
    tally.examined += len(outcomes)
    return len(members)


def _chunks(entries: Iterable[Found | Skipped], size: int) -> Iterator[list[Found | Skipped]]:
    iterator = iter(entries)
    while chunk := list(itertools.islice(iterator, size)):
        yield chunk


def _size(count: float) -> str:
    for unit in ("bytes", "kB", "MB", "GB"):
        if count < 1000 or unit == "GB":
            return f"{count:.0f} {unit}" if unit == "bytes" else f"{count:.1f} {unit}"
        count /= 1000
    raise AssertionError("unreachable")
