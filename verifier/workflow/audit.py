"""Is everything still what it was?

Every object re-hashed, every record held against the log, the log against its head and its seals.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

from verifier.records import Problem
from verifier.store import Store
from verifier.vault import Vault
from verifier.workflow.seal import broken_seals
from verifier.workflow.telling import Progress


@dataclass(frozen=True, slots=True, kw_only=True)
class AuditResult:
    """What the audit looked at and what it found broken."""

    objects: int
    referenced: int  # exhibits recorded without a copy
    events: int
    checkpoints: int
    problems: tuple[Problem, ...]


def audit(
    store: Store, vault: Vault, progress: Progress, keys: Mapping[str, Ed25519PublicKey] | None = None
) -> AuditResult:
    """Check everything; never repairs anything. `keys` (by name) are those that every checkpoint must bear one of."""
    problems: list[Problem] = []
    expected = list(store.preserved())
    for done, problem in enumerate(vault.audit(expected)):
        if problem is not None:
            problems.append(problem)
        progress("audit", done, len(expected))
    problems += store.audit()
    checkpoints, broken = broken_seals(store, keys or {})
    problems += broken
    referenced = store.counts()["exhibits"] - len(expected)
    return AuditResult(
        objects=len(expected),
        referenced=referenced,
        events=store.custody_size(),
        checkpoints=checkpoints,
        problems=tuple(problems),
    )
