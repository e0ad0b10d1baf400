"""Everything known of a case, put together from the store: what checks judge and reports show."""

from __future__ import annotations

from verifier.dossier import CaseDossier
from verifier.judge import prepare
from verifier.store import Store


def gather(store: Store) -> CaseDossier:
    """The case with the facts of every exhibit established."""
    return prepare(store.dossier())
