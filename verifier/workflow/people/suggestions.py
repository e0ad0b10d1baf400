"""Suggested incidents that a person accepts or refuses. A refusal is an event of the log; the suggestion is not."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable

from verifier.errors import UsageError
from verifier.findings.events.suggest import Suggestion
from verifier.records import CustodyEvent, Scalar
from verifier.store import Store
from verifier.workflow.people.conclude import must_sign
from verifier.workflow.progress import Clock

REFUSED = "refuse suggestion"
CASE = "case"


def name_of(one: Suggestion) -> str:
    """What a suggestion is known by: the incident and the exhibits that it would add. Others make another one."""
    return hashlib.sha256("\n".join((one.incident or "", *one.further)).encode("ascii")).hexdigest()[:16]


def refused_in(log: Iterable[CustodyEvent]) -> dict[str, CustodyEvent]:
    """The last refusal of each suggestion that somebody refused, by its name."""
    return {str(event.detail.get("suggestion")): event for event in log if event.action == REFUSED}


def refuse(store: Store, one: Suggestion, reason: str, *, actor: str, clock: Clock) -> None:
    """Note that a person does not take it, and why. Raises UsageError for nobody or no reason."""
    must_sign(actor)
    if not reason.strip():
        raise UsageError("A suggestion is refused for a reason: write one.")
    detail: dict[str, Scalar] = {"suggestion": name_of(one), "exhibits": len(one.further), "reason": reason.strip()}
    store.note(REFUSED, one.incident or CASE, detail, actor=actor, at=clock())
