"""What people say – claims, verdicts – written down word for word, each a custody event."""

from __future__ import annotations

from dataclasses import replace

from verifier.canonical import digest
from verifier.errors import UsageError
from verifier.findings.claims import ReadClaim, bounds_of
from verifier.records import Claim, Verdict
from verifier.store import Store
from verifier.workflow.gathering.configured import with_settings
from verifier.workflow.progress import Clock

DECISIONS = ("same", "different", "unsure")


def claim(store: Store, said: Claim, *, actor: str, clock: Clock) -> ReadClaim:
    """Keep a claim, and say how its words are understood. Its id is their digest: said twice, it is one claim.

    Words that are not understood are kept word for word; the reading that comes back says so in its problems.
    """
    if said.place is None and said.time is None and said.description is None:
        raise UsageError("A claim says something: give --place, --time or --description.")
    known = replace(said, id=digest(replace(said, id="", at=None))[:16], at=clock())
    dossier = store.exhibit_dossier(known.exhibit) if known.exhibit is not None else None
    with store.search() as view:
        bare = with_settings(view.bare_case(), store)
    understood = bounds_of(known, bare, dossier)
    if dossier is None or known.id not in {item.id for item in dossier.claims}:
        store.say([known], actor=actor, at=clock(), action="claim")
    return understood


def verdict(store: Store, one: str, other: str, decision: str, note: str, *, actor: str, clock: Clock) -> Verdict:
    """Keep what a person decided of a pair; the next comparison obeys it. Raises UsageError."""
    if decision not in DECISIONS:
        raise UsageError(f"A verdict is one of {', '.join(DECISIONS)}, not {decision}.")
    left, right = sorted((store.exhibit(one).id, store.exhibit(other).id))
    if left == right:
        raise UsageError("A verdict is about two different exhibits.")
    known = Verdict(left=left, right=right, decision=decision, note=note, by=actor, at=clock())
    store.say([known], actor=actor, at=clock(), action="verdict")
    return known
