"""What the signatures of a ProofMode bundle say of the exhibit that they were made for."""

from __future__ import annotations

from collections.abc import Iterator

from verifier.dossier import CaseDossier, ExhibitDossier
from verifier.instruments import Check
from verifier.records import Finding, FindingOutcome, Question


def check(dossier: ExhibitDossier, case: CaseDossier) -> Iterator[Finding]:
    """What the signatures of a bundle say of the exhibit."""
    said = {item.reading.key: item.reading for item in dossier.readings if item.reading.key.startswith("proofmode:")}
    state = said.get("proofmode:signature.medium")
    if state is None:
        return
    agrees = said.get("proofmode:file_hash_agrees")
    broken = state.value == "bad" or (agrees is not None and agrees.value is False)
    if state.value != "good" and not broken:
        return
    key = said.get("proofmode:signature.medium.key")
    yield Finding(
        exhibit=dossier.exhibit.id,
        question=Question.INTEGRITY,
        outcome=FindingOutcome.INCONCLUSIVE if broken else FindingOutcome.SUPPORTS,
        code="proofmode.broken" if broken else "proofmode.intact",
        statement=(
            "The ProofMode bundle does not fit these bytes: its signature or digest is of other bytes."
            if broken
            else "These bytes are those that the key in the ProofMode bundle signed."
        ),
        because=tuple(f"{item.key}: {item.value}" for item in (state, agrees, key) if item is not None),
        caveat=(
            "A copy that was compressed again, or a proof laid beside the wrong file, has the same effect as a change."
            if broken
            else "The key came with the bundle: compare its fingerprint with the owner by another way."
        ),
        values={"key": str(key.value) if key is not None else None},
    )


CHECK = Check(name="proofmode", version=1, codes=("proofmode.intact", "proofmode.broken"), check=check)
