"""Which exhibits must be judged again, so that what is stored is what judging everything would give.

An exhibit is judged again where something was recorded of it since the last judgement, where sidecars lend it
something else, or where a link leads from it, over `REACH` links at most, to such a one. Checks with ties are asked
again of every exhibit that has one in common with it. What cannot be known from the log since then was remembered
with the last judgement: the ties, the links and who was lent what. The log states the digest of that memory, so what
was not remembered just so is not believed, and everything is judged.
"""

from __future__ import annotations

import hashlib
import json
from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field
from typing import TypeAlias

from verifier import canonical
from verifier.dossier import CaseDossier
from verifier.evidence.kept import KeptBlocks
from verifier.findings.judge import CHECK_PREFIX, NOT_FOLLOWED, REACH, ties_of
from verifier.instruments import Check
from verifier.records import Batch, Claim, Incident, Verdict
from verifier.store import Store
from verifier.store.store import Statement
from verifier.workflow.gather import Lenders

MEMORY = "judged-1"
Asked: TypeAlias = dict[str, frozenset[str] | None]  # names of the checks by exhibit; None: every one
_NOT_READ = frozenset({"findings", "groups", "skipped"})  # kinds of entries that no check reads
_EXHIBITS = frozenset({"taken in", "run"})


@dataclass(slots=True)
class Memory:
    """What the last judgement saw. `ties`: by exhibit and check; `links`: digest and other ends by left exhibit."""

    ties: dict[str, dict[str, tuple[str, ...]]] = field(default_factory=dict)
    lent: dict[str, str] = field(default_factory=dict)
    links: dict[str, tuple[str, tuple[str, ...]]] = field(default_factory=dict)
    unsettled: frozenset[str] = frozenset()  # exhibits on which a check failed, or whose facts were not established

    def keep(self, blocks: KeptBlocks) -> str:
        """Write it; its digest."""
        plain = {"ties": self.ties, "lent": self.lent, "links": self.links, "unsettled": sorted(self.unsettled)}
        content = canonical.encode(plain)
        blocks.keep([content])
        return hashlib.sha256(content).hexdigest()

    @staticmethod
    def read(blocks: KeptBlocks, digest: object) -> Memory | None:
        """The memory of that digest; None where it is not there."""
        kept = blocks.read()
        if kept is None or [found for found, _ in kept] != [digest]:
            return None
        try:
            plain = json.loads(bytes(kept[0][1]))
            return Memory(
                ties={
                    name: {check: tuple(some) for check, some in ties.items()} for name, ties in plain["ties"].items()
                },
                lent=dict(plain["lent"]),
                links={left: (digest, tuple(ends)) for left, (digest, ends) in plain["links"].items()},
                unsettled=frozenset(plain["unsettled"]),
            )
        except (ValueError, RecursionError, KeyError, TypeError, AttributeError):
            return None


def lent_to(lenders: Lenders) -> dict[str, str]:
    """A digest of who lends what to each exhibit that is lent something."""
    return {about: canonical.digest(some) for about, some in lenders.items()}


def told_of_by(speakers: Collection[str], lenders: Lenders) -> set[str]:
    """Exhibits that one of the speakers speaks of."""
    return {about for about, some in lenders.items() if any(speaker in speakers for speaker, _ in some)}


def links_of(case: CaseDossier, digests: Mapping[str, str]) -> dict[str, tuple[str, tuple[str, ...]]]:
    """Digest and other ends by left exhibit."""
    ends: dict[str, list[str]] = defaultdict(list)
    for match in case.matches:
        if match.relation not in NOT_FOLLOWED:
            ends[match.left].append(match.right)
    return {left: (digest, tuple(ends[left])) for left, digest in digests.items() if left in ends}


def changed_since(store: Store, event: int) -> set[str] | None:
    """Exhibits of which something that checks read was recorded after an event; None where it may be of all."""
    found: set[str] = set()
    for entry in store.written_since(event):
        if entry.kind in _EXHIBITS and entry.subject is not None:
            if not (entry.instrument or "").startswith(CHECK_PREFIX):
                found.add(entry.subject)
        elif entry.kind not in _NOT_READ | {"said", "batch", "matches"}:
            return None
    statements = store.said_since(event)
    batches = {one.id for one in statements if isinstance(one, Batch)}
    batches |= {one.batch for one in statements if isinstance(one, Claim) and one.batch is not None}
    found |= store.came_with(sorted(batches)) if batches else set()
    for one in statements:
        found.update(_spoken_of(one))
    return found


def _spoken_of(one: Statement) -> Iterable[str]:
    if isinstance(one, Verdict):
        return (one.left, one.right)
    if isinstance(one, Incident):
        return one.members
    if isinstance(one, Batch):
        return ()
    return () if one.exhibit is None else (one.exhibit,)


def perhaps_unsettled(store: Store) -> set[str] | None:
    """Exhibits whose facts may not be established: those of the last judgement, and what is new since.

    None where that is not known: any exhibit may be one.
    """
    last = store.last_event("judge", "case")
    if last is None:
        return None
    changed = changed_since(store, last.seq)
    if not last.detail.get("unsettled"):
        return changed if "memory" in last.detail else None
    memory = Memory.read(KeptBlocks(store.folder, MEMORY), last.detail.get("memory"))
    return None if memory is None or changed is None else {*changed, *memory.unsettled}


def nothing_new(store: Store, event: int) -> bool:
    """Whether nothing that a check could read was written after an event."""
    return all(
        entry.kind in _NOT_READ or (entry.kind == "run" and (entry.instrument or "").startswith(CHECK_PREFIX))
        for entry in store.written_since(event)
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """Whom to judge, what is near enough to be read for it, and the ties as they are now."""

    asked: Asked
    near: frozenset[str]
    ties: dict[str, dict[str, tuple[str, ...]]]


def plan(
    case: CaseDossier,
    memory: Memory,
    now: Memory,
    changed: Collection[str],
    lenders: Lenders,
    checks: Collection[Check],
) -> Plan:
    """Who is judged again. `case`: prepared; `now`: links and loans as they are."""
    seeds = {*changed, *memory.unsettled, *_differing(memory.lent, now.lent), *told_of_by(changed, lenders)}
    for left in _differing(memory.links, now.links):
        for known in (memory.links, now.links):
            seeds.update((left, *known[left][1]) if left in known else ())
    whole = {name for name in _within(seeds, (memory.links, now.links)) if name in case.exhibits}
    fresh = {key: ties_of(case.exhibits[key], checks) for key in sorted(seeds & whole)}
    ties = {**memory.ties, **fresh}
    touched = _keys(memory.ties, seeds) | _keys(ties, seeds)
    holders = _holders(ties)
    asked: Asked = {}
    for check, tie in touched:
        for name in holders.get((check, tie), ()):
            asked[name] = (asked.get(name) or frozenset()) | {check}
    asked |= dict.fromkeys(whole)
    near = set(asked)
    for key in _keys(ties, asked):
        near.update(holders.get(key, ()))
    return Plan(asked=asked, near=frozenset(near), ties=ties)


def _differing(one: Mapping[str, object], other: Mapping[str, object]) -> set[str]:
    return {key for key in one.keys() | other.keys() if one.get(key) != other.get(key)}


def _within(seeds: Collection[str], links: Iterable[Mapping[str, tuple[str, tuple[str, ...]]]]) -> set[str]:
    """What links lead to from the seeds."""
    beside: dict[str, set[str]] = defaultdict(set)
    for known in links:
        for left, (_, ends) in known.items():
            for right in ends:
                beside[left].add(right)
                beside[right].add(left)
    reached, edge = set(seeds), set(seeds)
    for _ in range(REACH):
        edge = {other for one in edge for other in beside[one]} - reached
        reached |= edge
    return reached


def _keys(ties: Mapping[str, Mapping[str, tuple[str, ...]]], of: Iterable[str]) -> set[tuple[str, str]]:
    return {(check, tie) for name in of for check, some in ties.get(name, {}).items() for tie in some}


def _holders(ties: Mapping[str, Mapping[str, tuple[str, ...]]]) -> dict[tuple[str, str], list[str]]:
    found: dict[tuple[str, str], list[str]] = defaultdict(list)
    for name, of_check in ties.items():
        for check, some in of_check.items():
            for tie in some:
                found[check, tie].append(name)
    return found
