"""The clocks of one exhibit held against each other: camera, GPS, container, name, file system, sidecars.

Clocks are wrong more often than tags are forged. So a difference is told with its size and its innocent reasons, and
only what cannot be the time of capture at all (after the taking in, after the upload) contradicts.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator

from verifier.dossier import CaseDossier, ExhibitDossier
from verifier.findings.own import Own, own
from verifier.findings.time import clock_container, clock_outside, clock_tags
from verifier.instruments import Check
from verifier.records import Finding

RULES: tuple[Callable[[Own, CaseDossier], Iterator[Finding]], ...] = (
    clock_tags.against_gps,
    clock_tags.digitised,
    clock_tags.modified,
    clock_container.container,
    clock_container.tracks,
    clock_container.epoch,
    clock_tags.reset,
    clock_outside.names,
    clock_outside.file_time,
    clock_outside.future,
    clock_outside.after_upload,
)


def check(dossier: ExhibitDossier, case: CaseDossier) -> Iterator[Finding]:
    """Every rule in turn."""
    view = own(dossier)
    for rule in RULES:
        yield from rule(view, case)


CHECK = Check(
    name="clocks",
    version=2,
    codes=(*clock_tags.CODES, *clock_container.CODES, *clock_outside.CODES),
    check=check,
    ties=clock_tags.ties,
)
