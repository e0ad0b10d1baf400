"""Lists of digests (`SHA256SUMS`, BagIt's `manifest-sha256.txt`): what somebody counted before the file came here."""

from __future__ import annotations

import re
from collections.abc import Iterator

from verifier.dossier import CaseDossier, ExhibitDossier
from verifier.instruments import Analyser, Check, Parameters, Source
from verifier.metadata.sidecars.telling import base_name, content, told
from verifier.records import Exhibit, Finding, FindingOutcome, Kind, Question, Record

MOST_LINES = 200_000
_LINE = re.compile(r"\\?([0-9a-fA-F]{64}|[0-9a-fA-F]{128}) [ *](.{1,4096})")
_TAGGED = re.compile(r"SHA(256|512) \((.{1,4096})\) = ([0-9a-fA-F]{64,128})")  # BSD


def analyse(exhibit: Exhibit, source: Source, parameters: Parameters) -> Iterator[Record]:
    """Readings `checksums:sha256` and `checksums:sha512`, each about the file that its line names."""
    first = source.head[:8192].decode("utf-8", "replace").split("\n")[0].strip()
    if not (_LINE.fullmatch(first) or _TAGGED.fullmatch(first)):
        return
    for number, raw in enumerate(content(source).decode("utf-8", "backslashreplace").split("\n"), 1):
        line = raw.strip("\r")
        if number > MOST_LINES:
            return
        plain, tagged = _LINE.fullmatch(line), _TAGGED.fullmatch(line)
        digest, path = (plain.group(1), plain.group(2)) if plain else (tagged[3], tagged[2]) if tagged else ("", "")
        if digest:
            kind = "sha256" if len(digest) == 64 else "sha512"
            yield from told("checksums", {kind: digest.lower()}, f"line {number}", base_name(path))


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


ANALYSER = Analyser(
    name="sidecar-checksums",
    version=1,
    accepts=frozenset({Kind.SIDECAR}),
    media_types=frozenset({"text/plain", "text/csv"}),
    analyse=analyse,
)
CHECK = Check(name="checksums", version=1, codes=("checksums.agree", "checksums.differ"), check=check)
