"""Judge stored readings against claims; no media is opened."""

from __future__ import annotations

from collections.abc import Mapping

from verifier.judge import judge
from verifier.registry import load
from verifier.store import Store
from verifier.workflow.gather import gather
from verifier.workflow.telling import Clock, Progress


def check(store: Store, *, actor: str, clock: Clock, progress: Progress) -> Mapping[str, int]:
    """Run every check over the case and store the findings in place of the earlier ones. Counts by outcome."""
    case = gather(store)
    progress("check", 0, len(case.exhibits))
    checks = load().checks
    findings = judge(case, checks)
    progress("check", len(case.exhibits), len(case.exhibits))
    versions = ", ".join(f"{name}/{item.version}" for name, item in sorted(checks.items()))
    store.judged(findings, actor=actor, at=clock(), detail={"checks": versions})
    counts: dict[str, int] = {}
    for said in findings.values():
        for finding in said:
            counts[finding.outcome.value] = counts.get(finding.outcome.value, 0) + 1
    return counts
