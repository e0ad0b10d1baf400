"""Compare everything: links and groups, stored in place of the earlier ones; work grows with what is new."""

from __future__ import annotations

import time
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace

from verifier.canonical import digest
from verifier.compare import clips, pictures
from verifier.compare.copies import groups as group
from verifier.dossier import CaseDossier
from verifier.evidence.vault import Vault
from verifier.executors.registry import origin
from verifier.instruments import Outcome
from verifier.records import Exhibit, Group, Kind, Match, Medium, Run, Scalar
from verifier.store import Store
from verifier.workflow.embed import Model, proposals
from verifier.workflow.gather import gather
from verifier.workflow.looking.evidence import with_evidence
from verifier.workflow.shelves import clip_shelf, moments_of_capture, picture_shelf
from verifier.workflow.telling import Clock, Progress

NO_PARAMETERS = digest({})


@dataclass(frozen=True, slots=True, kw_only=True)
class Compared:
    """What one comparison found."""

    new: int
    matches: tuple[Match, ...]
    groups: tuple[Group, ...]


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
) -> Compared:
    """Compare what no comparer of this version has met with all there is. `everything`: forget earlier links first.

    `embedder`: an analyst's own model that proposes pairs of pictures; verification decides, over the whole case.
    """
    case = gather(store, lazily=True)
    everything = everything or deep or embedder is not None
    kinds = {exhibit.id: exhibit.kind for exhibit in store.exhibits()}
    new = {key: comparer for key, kind in kinds.items() if (comparer := _comparer(kind)) is not None}
    if not everything:
        pending = store.pending(_wanted, parameters_digest=NO_PARAMETERS, retry_faults=False)
        new = {exhibit.id: new[exhibit.id] for exhibit, _ in pending if exhibit.id in new}
    begun = time.monotonic()
    matches = _compared(
        store, vault, case, set(new), everything, _Steps(progress, kinds, new), deep=deep, embedder=embedder
    )
    matches = with_evidence(store, vault, case, matches, actor=actor, clock=clock, progress=progress)
    groups = group(replace(case, matches=matches), matches)
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
    _remember(store, new, time.monotonic() - begun, actor, clock)
    return Compared(new=len(new), matches=matches, groups=groups)


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
    *,
    deep: bool,
    embedder: Model | None,
) -> tuple[Match, ...]:
    known = [] if everything else [m for m in case.matches if m.left not in new and m.right not in new]
    images = [match for match in known if match.medium is Medium.IMAGE]
    others = [match for match in known if match.medium is not Medium.IMAGE and not _is_streams(match)]
    photos = picture_shelf(store, vault, moments_of_capture(case) if new else {})
    exhibits = {exhibit.id: exhibit for exhibit in store.exhibits()} if embedder is not None else {}
    proposed = proposals(embedder, vault, photos, exhibits, new) if embedder is not None else []
    found = list(pictures.match_new(photos, new, images, step, proposed))
    shelf, sound = clip_shelf(store, vault)
    found += clips.match_photos(photos, shelf, new, step)
    found += clips.match_new(shelf, sound, new, others, step, deep=deep)
    found += clips.same_streams(case.exhibits)
    return tuple(sorted(found, key=lambda match: (match.left, match.right, match.relation, match.method)))


def _is_streams(match: Match) -> bool:
    return match.method.startswith("packet-digests")


def _comparer(kind: Kind) -> tuple[str, int] | None:
    if kind is Kind.PHOTO:
        return pictures.NAME, pictures.VERSION
    return (clips.NAME, clips.VERSION) if kind in clips.KINDS else None


def _wanted(exhibit: Exhibit) -> Sequence[tuple[str, int]]:
    comparer = _comparer(exhibit.kind)
    return [comparer] if comparer is not None else []


def _remember(store: Store, compared: dict[str, tuple[str, int]], seconds: float, actor: str, clock: Clock) -> None:
    """A run for each exhibit, so that the next comparison begins with what is new."""
    outcomes = [
        Outcome(
            exhibit=name,
            runs=(
                Run(
                    exhibit=name,
                    instrument=comparer,
                    version=version,
                    origin=origin(),
                    parameters_digest=NO_PARAMETERS,
                    elapsed_seconds=seconds / len(compared),
                    result="done",
                ),
            ),
            records={},
        )
        for name, (comparer, version) in sorted(compared.items())
    ]
    if outcomes:
        store.record(outcomes, actor=actor, at=clock())
