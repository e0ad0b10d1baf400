"""What a case's `verify.toml` says, beside the settings that the case itself keeps."""

from __future__ import annotations

from dataclasses import replace

from verifier.dossier import CaseDossier
from verifier.records import Scalar
from verifier.settings import case_values, read_settings
from verifier.store import Store


def stated_settings(store: Store) -> dict[str, Scalar]:
    """What `verify.toml` says that checks are given. Raises BadSettings."""
    return case_values(read_settings(store.folder / "verify.toml"), store.folder)


def with_settings(case: CaseDossier, store: Store) -> CaseDossier:
    """The case with known events, gazetteers and region for the checks. Raises BadSettings."""
    return replace(case, settings={**case.settings, **stated_settings(store)})
