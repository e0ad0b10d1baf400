"""A case with its recordings decided, and narrowed to some of its exhibits."""

from __future__ import annotations

from dataclasses import replace

from verifier import guarded
from verifier.dossier import CaseDossier, among
from verifier.findings.copies.originals import recordings_of
from verifier.guarded import Guard
from verifier.records import Recordings


def decided(case: CaseDossier, guard: Guard, around: frozenset[str] | None = None) -> CaseDossier:
    """The case with its recordings decided, once for all pages, and before a narrower one is cut from it.

    `around`: only those that these exhibits and what is linked with them belong to.
    """
    nothing = Recordings(recordings=(), composites=())
    originals = guard.attempt(
        (), lambda: recordings_of(case, around), nothing, instrument="report:recordings", seconds=guarded.SEARCH_SECONDS
    )
    return replace(case, originals=originals)


def only(case: CaseDossier, chosen: frozenset[str]) -> CaseDossier:
    """The case narrowed to some exhibits, with every match that touches them."""
    return replace(
        case,
        exhibits=dict(among(case.exhibits, chosen).items()),
        matches=tuple(match for match in case.matches if match.left in chosen or match.right in chosen),
        proofs=tuple(proof for proof in case.proofs if proof.event in _events_of(case, chosen)),
        groups=tuple(group for group in case.groups if chosen & set(group.members)),
        originals=_touching(case.originals, chosen) if case.originals is not None else None,
        limits=(*case.limits, f"This report is narrowed to {len(chosen)} of {len(case.exhibits)} exhibits."),
    )


def _touching(known: Recordings, chosen: frozenset[str]) -> Recordings:
    return Recordings(
        recordings=tuple(one for one in known.recordings if chosen & set(one.members)),
        composites=tuple(
            one
            for one in known.composites
            if one.exhibit in chosen or any(part.exhibit in chosen for part in one.parts)
        ),
    )


def _events_of(case: CaseDossier, chosen: frozenset[str]) -> set[int]:
    return {act.event for key in chosen if key in case.exhibits for act in case.exhibits[key].taken_in}
