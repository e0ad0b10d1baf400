"""Is everything still what it was? Every object re-hashed, every record against the log, the log against its head."""

from __future__ import annotations

from dataclasses import dataclass

from verifier.records import Problem
from verifier.store import Store
from verifier.vault import Vault
from verifier.workflow.telling import Progress


@dataclass(frozen=True, slots=True, kw_only=True)
class AuditResult:
    """What the audit looked at and what it found broken."""

    objects: int
    referenced: int  # exhibits recorded without a copy
    events: int
    problems: tuple[Problem, ...]


def audit(store: Store, vault: Vault, progress: Progress) -> AuditResult:
    """Check everything; never repairs anything."""
    problems: list[Problem] = []
    expected = list(store.preserved())
    for done, problem in enumerate(vault.audit(expected)):
        if problem is not None:
            problems.append(problem)
        progress("audit", done, len(expected))
    problems += store.audit()
    referenced = store.counts()["exhibits"] - len(expected)
    return AuditResult(
        objects=len(expected), referenced=referenced, events=store.custody_size(), problems=tuple(problems)
    )
