"""Look before speaking: whoever reports on a case, or seals it, first holds what is spoken of against what was written.

The records and the log cell by cell, the seals, and every recorded derivative by its digest. Objects are not read
again: that is the audit's work, and it takes as long as the evidence is large.
"""

from __future__ import annotations

from verifier.errors import IntegrityBroken
from verifier.evidence.vault import Vault
from verifier.records import Problem
from verifier.store import Store
from verifier.workflow.handing.kept import broken_imports
from verifier.workflow.integrity.seal import broken_seals
from verifier.workflow.redactions import broken_ledgers

MOST_NAMED = 3


def look_first(store: Store, vault: Vault | None) -> None:
    """Raise `IntegrityBroken` with the places where the case is not what was written. `vault`: derivatives as well."""
    problems = [*store.audit(), *broken_seals(store, {})[1], *broken_ledgers(store), *broken_imports(store)]
    if vault is not None:
        problems += vault.broken_derivatives(store.kept())
    if problems:
        raise IntegrityBroken(sentence_of(problems))


def sentence_of(problems: list[Problem]) -> str:
    """The first places, and where to learn of all."""
    named = "; ".join(f"{problem.where}: {problem.what}" for problem in problems[:MOST_NAMED])
    more = len(problems) - MOST_NAMED
    return f"{named}{f'; and {more} more' if more > 0 else ''}. Nothing was written; verify audit names every place"
