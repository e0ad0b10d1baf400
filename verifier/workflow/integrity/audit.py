"""Is everything still what it was?

Every object re-hashed, every record held against the log, the log against its head and its seals. An audit is an act:
it stands in the log, so that a report can say when each exhibit's bytes were last what they were. Nothing is repaired,
and what is found broken in the records themselves is left untouched, with no event added.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

from verifier.evidence.vault import Vault
from verifier.records import Problem
from verifier.store import Store
from verifier.workflow.handing.kept import broken_imports
from verifier.workflow.integrity.held import Held, hold
from verifier.workflow.integrity.recover import ENDED as RECOVERED
from verifier.workflow.integrity.seal import KeyUsed, broken_seals, keys_used, origin_of_case
from verifier.workflow.progress import Clock, Progress
from verifier.workflow.redactions import broken_ledgers

ACTION = "audit"
MOST_NAMED = 10_000  # broken objects with an event of their own


@dataclass(frozen=True, slots=True, kw_only=True)
class AuditResult:
    """What the audit looked at and what it found broken."""

    objects: int
    referenced: int  # exhibits recorded without a copy
    events: int
    checkpoints: int
    problems: tuple[Problem, ...]
    broken_objects: tuple[tuple[str, str], ...] = ()  # exhibit and what is wrong with its bytes
    recoveries: tuple[tuple[int, str], ...] = ()  # number and time of every event that ended a recovery
    is_log_sound: bool = True  # records, log, head, seals and what others keep: only then may an event be added
    keys: tuple[KeyUsed, ...] = ()  # those that signatures were checked with
    held: tuple[Held, ...] = ()  # what others keep, with whether the log begins with it


def audit(
    store: Store,
    vault: Vault,
    progress: Progress,
    keys: Mapping[str, Ed25519PublicKey] | None = None,
    kept: Sequence[Held] = (),
) -> AuditResult:
    """Check everything; never repairs anything. `keys` (by name) are those that every checkpoint must bear one of.

    `kept`: roots and checkpoints that somebody else kept, with which the log must begin.
    """
    problems: list[Problem] = []
    broken_objects: list[tuple[str, str]] = []
    expected = list(store.preserved())
    for done, problem in enumerate(vault.audit(expected, store.kept())):
        if problem is not None:
            problems.append(problem)
            if done < len(expected):
                broken_objects.append((expected[done], problem.what))
        progress("audit", done, len(expected))
    checkpoints, broken = broken_seals(store, keys or {})
    of_log = [*store.audit(), *broken, *broken_ledgers(store), *broken_imports(store)]
    held = hold(kept, origin_of_case(store), store.custody()) if kept else ()
    problems += of_log
    referenced = store.counts()["exhibits"] - len(expected)
    return AuditResult(
        objects=len(expected),
        referenced=referenced,
        events=store.custody_size(),
        checkpoints=checkpoints,
        problems=tuple(problems),
        broken_objects=tuple(broken_objects),
        recoveries=tuple((event.seq, event.at) for event in store.custody() if event.action == RECOVERED),
        is_log_sound=not of_log and all(one.fits for one in held),
        keys=keys_used(store, keys or {}),
        held=held,
    )


def record_audit(store: Store, result: AuditResult, *, actor: str, clock: Clock) -> None:
    """Put an audit of a sound log into the log: an event for each broken object, then one for the audit itself.

    All of one audit bear one time.
    """
    at = clock()
    for exhibit, what in result.broken_objects[:MOST_NAMED]:
        store.note(ACTION, exhibit, {"result": "broken", "what": what}, actor=actor, at=at)
    detail = {
        "objects": result.objects,
        "referenced": result.referenced,
        "broken": len(result.broken_objects),
        "events": result.events,
        "checkpoints": result.checkpoints,
        "problems": len(result.problems),
    }
    store.note(ACTION, "case", detail, actor=actor, at=at)
