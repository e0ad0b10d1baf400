"""Judge stored readings against claims; no media is opened."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from verifier import guarded
from verifier.canonical import digest
from verifier.dossier import CaseDossier, LazyDossiers
from verifier.evidence.kept import KeptBlocks
from verifier.executors.registry import load, origin
from verifier.findings.judge import CHECK_PREFIX, FACTS, judgement, ties_of
from verifier.guarded import Guard
from verifier.instruments import Check, Outcome
from verifier.records import CustodyEvent, Fault, Finding, Run, Scalar
from verifier.store import Store
from verifier.store.store import CASE
from verifier.workflow import rejudging
from verifier.workflow.banks.search import with_bank_matches
from verifier.workflow.gather import Lenders, gather_lazily
from verifier.workflow.gathering.configured import stated_settings
from verifier.workflow.progress import Clock, Progress

JUDGE, MEMORY, UNSETTLED = "judge", "memory", "unsettled"  # the log's action, and what its detail names


@dataclass(frozen=True, slots=True, kw_only=True)
class Checked:
    """Findings by outcome, and how often a check failed on an exhibit, by kind of fault."""

    outcomes: Counter[str]
    faults: Counter[str]


def check(store: Store, *, actor: str, clock: Clock, progress: Progress, everything: bool = False) -> Checked:
    """Run the checks over what is new in the case, and what that may touch; findings take the place of the earlier.

    Exhibits are judged one after another and held no longer than that; findings that did not change are not rewritten,
    and where nothing is new nothing is written. `everything`: judge every exhibit, whatever was judged before.
    A check that fails on an exhibit is a run and a fault of both; it goes when that check succeeds on it again.
    """
    checks = load(judging=True).checks
    detail: dict[str, Scalar] = {
        "checks": ", ".join(f"{name}/{item.version}" for name, item in sorted(checks.items())),
        "given": digest({"settings": stated_settings(store), "origin": origin()}),
    }
    last = None if everything else store.last_event(JUDGE, CASE)
    if last is not None and any(last.detail.get(name) != value for name, value in detail.items()):
        last = None
    if last is not None and not last.detail.get(UNSETTLED) and rejudging.nothing_new(store, last.seq):
        return Checked(outcomes=store.outcomes(), faults=Counter())
    guard = Guard("check", seconds=guarded.CHECK_SECONDS)
    _Judging(store, tuple(checks.values()), guard, progress).run(last, detail, actor=actor, at=clock())
    return Checked(outcomes=store.outcomes(), faults=Counter(fault.kind.value for fault in guard.all()))


class _Judging:
    """One judgement: of all exhibits, or of those that `rejudging.plan` names."""

    def __init__(self, store: Store, checks: tuple[Check, ...], guard: Guard, progress: Progress) -> None:
        self._store, self._checks, self._guard, self._progress = store, checks, guard, progress
        self._blocks = KeptBlocks(store.folder, rejudging.MEMORY)
        self._now = rejudging.Memory()
        self._asked: rejudging.Asked | None = None  # None: every exhibit
        self._case: CaseDossier

    def run(self, last: CustodyEvent | None, detail: Mapping[str, Scalar], *, actor: str, at: str) -> None:
        """Judge and store. `last`: the judgement before, which everything that did not change since stands by."""
        case, lenders = gather_lazily(self._store)
        self._now.lent = rejudging.lent_to(lenders)
        self._now.links = rejudging.links_of(case, self._store.links())
        self._case = self._narrowed(case, lenders, last)
        checks = {item.name: item for item in self._checks}
        self._store.judged(
            self._judged(),
            actor=actor,
            at=at,
            detail=detail,
            outcomes=lambda: _outcomes(self._guard.faults, self._failed_before(), checks),
            more=self._remembered,
            among=None if self._asked is None else sorted(self._asked),
        )

    def _narrowed(self, case: CaseDossier, lenders: Lenders, last: CustodyEvent | None) -> CaseDossier:
        """The case as it is gone through: all of it, or what is near to what is new."""
        memory = None if last is None else rejudging.Memory.read(self._blocks, last.detail.get(MEMORY))
        changed = None if last is None else rejudging.changed_since(self._store, last.seq)
        if memory is not None and changed is not None and isinstance(case.exhibits, LazyDossiers):
            found = rejudging.plan(case, memory, self._now, changed, lenders, self._checks)
            if len(found.near) < len(case.exhibits):
                self._asked, self._now.ties = found.asked, found.ties
                case = replace(case, exhibits=case.exhibits.among(found.near))
        return with_bank_matches(case)

    def _judged(self) -> Iterator[tuple[str, tuple[Finding, ...]]]:
        total = len(self._case.exhibits if self._asked is None else self._asked)
        self._progress("check", 0, total)
        done = 0
        for key, dossier in self._case.exhibits.items():
            if self._asked is not None and key not in self._asked:
                continue
            anew = None if self._asked is None else self._asked[key]
            if self._asked is None:
                self._now.ties[key] = ties_of(dossier, self._checks)
            yield key, judgement(dossier, self._case, self._checks, self._guard, anew=anew)
            done += 1
            self._progress("check", done, total)

    def _failed_before(self) -> set[tuple[str, str]]:
        failed = ((exhibit, fault.instrument) for exhibit, fault in self._store.faults())
        return {key for key in failed if key[1].startswith(CHECK_PREFIX)}

    def _remembered(self) -> dict[str, Scalar]:
        """What the log's event says of the memory, which is written now."""
        self._now.ties = {key: ties for key, ties in self._now.ties.items() if ties}
        self._now.unsettled = frozenset(self._guard.faults)
        told: dict[str, Scalar] = {MEMORY: self._now.keep(self._blocks)}
        return told | {UNSETTLED: len(self._now.unsettled)} if self._now.unsettled else told


def _outcomes(
    faults: Mapping[str, Sequence[Fault]], before: Collection[tuple[str, str]], checks: Mapping[str, Check]
) -> list[Outcome]:
    """A run for each exhibit and check that failed now, or did before and does no more."""
    failed = {
        (exhibit, fault.instrument): fault
        for exhibit, some in faults.items()
        for fault in some
        if fault.instrument != FACTS  # not kept: what could not be established stands in every dossier that is gathered
    }
    of = {CHECK_PREFIX + name: check for name, check in checks.items()}
    return [
        _outcome(exhibit, instrument, failed.get((exhibit, instrument)), of.get(instrument))
        for exhibit, instrument in sorted({*failed, *before})
    ]


def _outcome(exhibit: str, instrument: str, fault: Fault | None, of: Check | None) -> Outcome:
    run = Run(
        exhibit=exhibit,
        instrument=instrument,
        version=of.version if of is not None else 0,  # a check that is no longer there has nothing to say
        origin=origin(),
        parameters_digest=digest({}),
        elapsed_seconds=0.0,
        result=fault.kind.value if fault is not None else "done",
    )
    return Outcome(exhibit=exhibit, runs=(run,), records={}, faults=(fault,) if fault is not None else ())
