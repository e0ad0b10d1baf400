"""Compare everything: links and groups, stored in place of the earlier ones; work grows with what is new."""

from __future__ import annotations

import time
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, replace

from verifier import compare
from verifier.canonical import digest
from verifier.dossier import CaseDossier
from verifier.instruments import Outcome
from verifier.records import Exhibit, Fingerprint, Group, Kind, Match, Medium, Run
from verifier.registry import origin
from verifier.store import Store
from verifier.vault import Vault
from verifier.workflow.gather import gather
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
) -> Compared:
    """Compare what no comparer of this version has met with all there is. `everything`: forget earlier links first."""
    case = gather(store)
    new = _new(store) if not everything else {key for key, item in case.exhibits.items() if compare.is_picture(item)}
    progress("compare", 0, len(new))
    begun = time.monotonic()
    known = () if everything else case.matches
    shelf = picture_shelf(store, vault, case)
    matches = compare.pictures(shelf, new, [match for match in known if match.medium is Medium.IMAGE])
    groups = compare.groups(replace(case, matches=matches), matches)
    progress("compare", len(new), len(new))
    if matches != case.matches or groups != case.groups:
        detail = {"pictures": len(shelf), "new": len(new), "comparer": compare.PICTURES_VERSION}
        store.compared(matches, groups, actor=actor, at=clock(), detail=detail)
    _remember(store, new, time.monotonic() - begun, actor, clock)
    return Compared(new=len(new), matches=matches, groups=groups)


def _wanted(exhibit: Exhibit) -> Sequence[tuple[str, int]]:
    return [(compare.PICTURES_ALIKE, compare.PICTURES_VERSION)] if exhibit.kind is Kind.PHOTO else []


def _new(store: Store) -> set[str]:
    pending = store.pending(_wanted, parameters_digest=NO_PARAMETERS, retry_faults=False)
    return {exhibit.id for exhibit, _ in pending}


def _remember(store: Store, compared: set[str], seconds: float, actor: str, clock: Clock) -> None:
    """A run for each exhibit, so that the next comparison begins with what is new."""
    outcomes = [
        Outcome(
            exhibit=name,
            runs=(
                Run(
                    exhibit=name,
                    instrument=compare.PICTURES_ALIKE,
                    version=compare.PICTURES_VERSION,
                    origin=origin(),
                    parameters_digest=NO_PARAMETERS,
                    elapsed_seconds=seconds / len(compared),
                    result="done",
                ),
            ),
            records={},
        )
        for name in sorted(compared)
    ]
    if outcomes:
        store.record(outcomes, actor=actor, at=clock())


def picture_shelf(store: Store, vault: Vault, case: CaseDossier) -> compare.PictureShelf:
    """Where the features of every picture of a case lie."""
    fingerprints: dict[str, list[Fingerprint]] = defaultdict(list)
    for name, fingerprint in store.fingerprints("pdq"):
        fingerprints[name].append(fingerprint)
    derivatives: dict[str, dict[str, str]] = defaultdict(dict)
    for recipe in compare.PICTURE_RECIPES:
        for name, made in store.derivatives(recipe):
            derivatives[name][recipe] = made.id
    stored = {
        name: compare.Stored(
            fingerprints=tuple(fingerprints[name]),
            derivatives=recipes,
            captured=compare.captured(case.exhibits[name]) if name in case.exhibits else None,
        )
        for name, recipes in derivatives.items()
    }
    return compare.PictureShelf(stored=stored, read=vault.read_derivative)
