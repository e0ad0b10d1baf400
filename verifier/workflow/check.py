"""Judge stored readings against claims; no media is opened."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass

from verifier import guarded
from verifier.canonical import digest
from verifier.executors.registry import load, origin
from verifier.findings.judge import CHECK_PREFIX, FACTS, judgements
from verifier.guarded import Guard
from verifier.instruments import Check, Outcome
from verifier.records import Fault, Finding, Run
from verifier.store import Store
from verifier.workflow.banks.search import with_bank_matches
from verifier.workflow.gather import gather
from verifier.workflow.progress import Clock, Progress


@dataclass(frozen=True, slots=True, kw_only=True)
class Checked:
    """Findings by outcome, and how often a check failed on an exhibit, by kind of fault."""

    outcomes: Counter[str]
    faults: Counter[str]


def check(store: Store, *, actor: str, clock: Clock, progress: Progress) -> Checked:
    """Run every check over the case and store the findings in place of the earlier ones.

    Exhibits are judged one after another and held no longer than that; findings that did not change are not rewritten.
    A check that fails on an exhibit is a run and a fault of both; it goes when that check succeeds on it again.
    """
    case = with_bank_matches(gather(store, lazily=True))
    total = len(case.exhibits)
    progress("check", 0, total)
    checks = load().checks
    counts: Counter[str] = Counter()
    guard = Guard("check", seconds=guarded.CHECK_SECONDS)
    failed = ((exhibit, fault.instrument) for exhibit, fault in store.faults())
    before = {key for key in failed if key[1].startswith(CHECK_PREFIX)}

    def judged() -> Iterator[tuple[str, tuple[Finding, ...]]]:
        for done, (exhibit, said) in enumerate(judgements(case, checks, guard), start=1):
            counts.update(finding.outcome.value for finding in said)
            progress("check", done, total)
            yield exhibit, said

    versions = ", ".join(f"{name}/{item.version}" for name, item in sorted(checks.items()))
    store.judged(
        judged(),
        actor=actor,
        at=clock(),
        detail={"checks": versions},
        outcomes=lambda: _outcomes(guard.faults, before, checks),
    )
    return Checked(outcomes=counts, faults=Counter(fault.kind.value for fault in guard.all()))


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
