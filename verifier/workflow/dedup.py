"""Compare everything: links and groups, stored in place of the earlier ones; work grows with what is new."""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field, replace

from verifier import guarded
from verifier.compare import clips, pictures
from verifier.compare.copies import groups as group
from verifier.dossier import CaseDossier
from verifier.evidence.vault import Vault
from verifier.guarded import Guard
from verifier.records import Group, Kind, Match, Medium, Scalar
from verifier.store import Store
from verifier.workflow.comparison_runs import (
    GROUPS,
    NO_PARAMETERS,
    comparer_of,
    remember,
    remember_grouping,
    wanted,
)
from verifier.workflow.embed import Model, proposals
from verifier.workflow.gather import gather
from verifier.workflow.looking.evidence import with_evidence
from verifier.workflow.progress import Clock, Progress
from verifier.workflow.shelves import Shown, clip_shelf, picture_blocks, picture_shelf, streams_of


@dataclass(frozen=True, slots=True, kw_only=True)
class Compared:
    """What one comparison found, and how often it failed: at a pair, an exhibit or a group."""

    new: int
    matches: tuple[Match, ...]
    groups: tuple[Group, ...]
    faults: Counter[str] = field(default_factory=Counter)  # of both exhibits of a pair, by kind


def dedup(
    store: Store,
    vault: Vault,
    *,
    actor: str,
    clock: Clock,
    progress: Progress,
    deep: bool = False,
    everything: bool = False,
    embedder: Model | None = None,
    retry_faults: bool = False,
) -> Compared:
    """Compare what no comparer of this version has met with all there is. `everything`: forget earlier links first.

    What cannot be compared becomes a fault of what it is about; all else is done. `retry_faults`: try these again.

    `embedder`: an analyst's own model that proposes pairs of pictures; verification decides, over the whole case.
    """
    case = gather(store, lazily=True)
    everything = everything or deep or embedder is not None
    kinds = store.tallies.kinds()
    new = {key: comparer for key, kind in kinds.items() if (comparer := comparer_of(kind)) is not None}
    if not everything:
        pending = store.pending(wanted, parameters_digest=NO_PARAMETERS, retry_faults=retry_faults)
        new = {exhibit.id: new[exhibit.id] for exhibit, _ in pending if exhibit.id in new}
    begun = time.monotonic()
    guard, grouping = Guard("compare", seconds=guarded.PAIR_SECONDS), Guard(GROUPS, seconds=guarded.SEARCH_SECONDS)
    matches = _compared(
        store, vault, case, set(new), everything, _Steps(progress, kinds, new), guard, deep=deep, embedder=embedder
    )
    matches = with_evidence(store, vault, case, matches, actor=actor, clock=clock, progress=progress, guard=guard)
    groups = group(replace(case, matches=matches), matches, grouping)
    if matches != case.matches or groups != case.groups:
        detail: dict[str, Scalar] = {
            "new": len(new),
            "pictures": pictures.VERSION,
            "clips": clips.VERSION,
            "deep": deep,
        }
        if embedder is not None:
            detail["embedder"] = embedder.digest
        store.compared(matches, groups, actor=actor, at=clock(), detail=detail)
    remember(store, kinds, new, guard.faults, time.monotonic() - begun, actor=actor, clock=clock)
    remember_grouping(store, grouping.faults, actor=actor, clock=clock)
    faults = Counter(fault.kind.value for fault in (*guard.all(), *grouping.all()))
    return Compared(new=len(new), matches=matches, groups=groups, faults=faults)


class _Steps:
    """Progress over what is compared: each new photo with photos and with clips, each new recording once."""

    def __init__(self, progress: Progress, kinds: Mapping[str, Kind], new: Collection[str]) -> None:
        photos = sum(kinds[name] is Kind.PHOTO for name in new)
        self._progress, self._done = progress, 0
        self._total = len(new) + photos
        progress("compare", 0, self._total)

    def __call__(self) -> None:
        """One more is done."""
        self._done = min(self._done + 1, self._total)
        self._progress("compare", self._done, self._total)


def _compared(
    store: Store,
    vault: Vault,
    case: CaseDossier,
    new: set[str],
    everything: bool,
    step: _Steps,
    guard: Guard,
    *,
    deep: bool,
    embedder: Model | None,
) -> tuple[Match, ...]:
    known = [] if everything else [m for m in case.matches if m.left not in new and m.right not in new]
    images = [match for match in known if match.medium is Medium.IMAGE]
    others = [match for match in known if match.medium is not Medium.IMAGE and not _is_streams(match)]
    if not new and not everything:
        return case.matches
    photos = picture_shelf(store, vault, Shown(case))
    exhibits = {exhibit.id: exhibit for exhibit in store.exhibits()} if embedder is not None else {}
    proposed = proposals(embedder, vault, photos, exhibits, new) if embedder is not None else []
    index = picture_blocks(store)
    if everything:
        index.forget()
    found = list(pictures.match_new(photos, new, images, step, proposed, guard, index))
    shelf, sound = clip_shelf(store, vault, guard)
    found += clips.match_photos(photos, shelf, new, step, guard)
    found += clips.match_new(shelf, sound, new, others, step, deep=deep, guard=guard)
    found += clips.same_streams(streams_of(store))
    return tuple(sorted(found, key=lambda match: (match.left, match.right, match.relation, match.method)))


def _is_streams(match: Match) -> bool:
    return match.method.startswith("packet-digests")
