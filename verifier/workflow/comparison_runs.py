"""What comparers met, as runs of exhibits: so that the next comparison begins with what is new, and faults are kept.

A pair that could not be compared is a fault of both its exhibits, each naming the other. It goes when the pair is
compared again: when one of the two is new or tried again, or everything is compared anew.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import replace

from verifier.canonical import digest
from verifier.compare import comparers
from verifier.executors.registry import origin
from verifier.guarded import SHORT
from verifier.instruments import Outcome
from verifier.records import Exhibit, Fault, Kind, Run
from verifier.store import Store
from verifier.workflow.progress import Clock

NO_PARAMETERS = digest({})
GROUPS, GROUPS_VERSION = "groups", 2  # stands for grouping where that failed


def comparer_of(kind: Kind) -> tuple[str, int] | None:
    """Name and version of what compares exhibits of a kind."""
    if kind is Kind.PHOTO:
        return comparers.PICTURES
    return comparers.CLIPS if kind in comparers.MOVING else None


def wanted(exhibit: Exhibit) -> Sequence[tuple[str, int]]:
    """For the store's question what is pending."""
    comparer = comparer_of(exhibit.kind)
    return [comparer] if comparer is not None else []


def remember(
    store: Store,
    kinds: Mapping[str, Kind],
    new: Collection[str],
    faults: Mapping[str, Sequence[Fault]],
    seconds: float,
    *,
    actor: str,
    clock: Clock,
) -> int:
    """A run of each exhibit that is new, that has a fault now, or whose earlier one is over; how many faults of now."""
    earlier: dict[str, list[Fault]] = defaultdict(list)
    for exhibit, fault in store.faults(comparers.PICTURES[0], comparers.CLIPS[0]):
        earlier[exhibit].append(fault)
    over = {exhibit for exhibit, some in earlier.items() if any(_is_over(fault, new) for fault in some)}
    outcomes = []
    told = 0
    for exhibit in sorted({*new, *faults, *over} & {*kinds}):
        comparer = comparer_of(kinds[exhibit])
        if comparer is None:
            continue
        current = [replace(fault, instrument=comparer[0]) for fault in faults.get(exhibit, ())]
        told += len(current)
        kept = [] if exhibit in new else [fault for fault in earlier[exhibit] if not _is_over(fault, new)]
        outcomes.append(_outcome(exhibit, comparer, [*kept, *current], seconds / max(1, len(new))))
    if outcomes:
        store.record(outcomes, actor=actor, at=clock())
    return told


def remember_grouping(store: Store, faults: Mapping[str, Sequence[Fault]], *, actor: str, clock: Clock) -> int:
    """Faults of grouping in place of the earlier ones: groups are always made of the whole case."""
    before = {exhibit for exhibit, _ in store.faults(GROUPS)}
    outcomes = [
        _outcome(exhibit, (GROUPS, GROUPS_VERSION), faults.get(exhibit, ()), 0.0)
        for exhibit in sorted({*faults, *before} - {""})
    ]
    if outcomes:
        store.record(outcomes, actor=actor, at=clock())
    return sum(len(some) for some in faults.values())


def _is_over(fault: Fault, new: Collection[str]) -> bool:
    """Whether it is of a pair with something that was compared now."""
    return bool({*_others(fault)} & {one[:SHORT] for one in new})


def _others(fault: Fault) -> Iterator[str]:
    """The beginning of the other exhibit's id, as `Guard.attempt` writes it."""
    head, _, rest = fault.detail.partition(": ")
    if rest and head.startswith("with "):
        yield from head.removeprefix("with ").split(", ")


def _outcome(exhibit: str, comparer: tuple[str, int], faults: Sequence[Fault], seconds: float) -> Outcome:
    run = Run(
        exhibit=exhibit,
        instrument=comparer[0],
        version=comparer[1],
        origin=origin(),
        parameters_digest=NO_PARAMETERS,
        elapsed_seconds=seconds,
        result=faults[0].kind.value if faults else "done",
    )
    return Outcome(exhibit=exhibit, runs=(run,), records={}, faults=tuple(faults))
