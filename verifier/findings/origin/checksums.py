"""Whether a list of digests that came with the evidence names an exhibit's own digest."""

from __future__ import annotations

from collections.abc import Iterator

from verifier.dossier import CaseDossier, ExhibitDossier
from verifier.instruments import Check
from verifier.records import Finding, FindingOutcome, Question


def check(dossier: ExhibitDossier, case: CaseDossier) -> Iterator[Finding]:
    """Whether a listed digest is the exhibit's own."""
    exhibit = dossier.exhibit
    for said in dossier.readings:
        own = {"checksums:sha256": exhibit.id, "checksums:sha512": exhibit.sha512}.get(said.reading.key)
        if own is None:
            continue
        agrees = said.reading.value == own
        yield Finding(
            exhibit=exhibit.id,
            question=Question.INTEGRITY,
            outcome=FindingOutcome.SUPPORTS if agrees else FindingOutcome.INCONCLUSIVE,
            code="checksums.agree" if agrees else "checksums.differ",
            statement=(
                "A list of digests that came with the evidence names this exhibit's own digest."
                if agrees
                else "A list of digests names another digest for a file of this name; its bytes were others."
            ),
            because=(f"{said.reading.key}: {said.reading.value} ({said.reading.location} of {said.exhibit[:12]})",),
            caveat=(
                "The list proves only that nothing changed since it was written, and its own origin must be known."
                if agrees
                else "Another file may bear the same name, and a list may be older than a later, openly made change."
            ),
            values={"listed": str(said.reading.value), "sidecar": said.exhibit},
        )


CHECK = Check(name="checksums", version=1, codes=("checksums.agree", "checksums.differ"), check=check)
