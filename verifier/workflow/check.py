"""Judge stored readings against claims; no media is opened."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping

from verifier.executors.registry import load
from verifier.findings.judge import judgements
from verifier.records import Finding
from verifier.store import Store
from verifier.workflow.banks.search import with_bank_matches
from verifier.workflow.gather import gather
from verifier.workflow.telling import Clock, Progress


def check(store: Store, *, actor: str, clock: Clock, progress: Progress) -> Mapping[str, int]:
    """Run every check over the case and store the findings in place of the earlier ones. Counts by outcome.

    Exhibits are judged one after another and held no longer than that; findings that did not change are not rewritten.
    """
    case = with_bank_matches(gather(store, lazily=True))
    total = len(case.exhibits)
    progress("check", 0, total)
    checks = load().checks
    counts: Counter[str] = Counter()

    def judged() -> Iterator[tuple[str, tuple[Finding, ...]]]:
        for done, (exhibit, said) in enumerate(judgements(case, checks), start=1):
            counts.update(finding.outcome.value for finding in said)
            progress("check", done, total)
            yield exhibit, said

    versions = ", ".join(f"{name}/{item.version}" for name, item in sorted(checks.items()))
    store.judged(judged(), actor=actor, at=clock(), detail={"checks": versions})
    return dict(counts)
