"""What a case's `verify.toml` says, beside the settings that the case itself keeps."""

from __future__ import annotations

from dataclasses import replace

from verifier.dossier import CaseDossier
from verifier.settings import case_values, read_settings
from verifier.store import Store


def with_settings(case: CaseDossier, store: Store) -> CaseDossier:
    """The case with known events, gazetteers and region for the checks. Raises BadSettings."""
    said = case_values(read_settings(store.folder / "verify.toml"), store.folder)
    return replace(case, settings={**case.settings, **said})
