"""Lists of digests (`SHA256SUMS`, BagIt's `manifest-sha256.txt`): what somebody counted before the file came here."""

from __future__ import annotations

import re
from collections.abc import Iterator

from verifier.instruments import Analyser, Parameters, Source
from verifier.metadata.sidecars.telling import DIGEST, content, relative, told
from verifier.records import Exhibit, Kind, Record

MOST_LINES = 200_000
_LINE = re.compile(r"\\?([0-9a-fA-F]{64}|[0-9a-fA-F]{128}) [ *](.{1,4096})")
_TAGGED = re.compile(r"SHA(256|512) \((.{1,4096})\) = ([0-9a-fA-F]{64,128})")  # BSD

_ABSOLUTE = re.compile(r"[/\\]|[A-Za-z]:[/\\]")


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
            yield from told("checksums", {kind: digest.lower()}, f"line {number}", _subject(path, digest))


def _subject(path: str, digest: str) -> str:
    """The path as it is written; of a path from the top of another computer only the digest can be compared."""
    if _ABSOLUTE.match(path) and len(digest) == 64:
        return DIGEST + digest.lower()
    return relative(path)


ANALYSER = Analyser(
    name="sidecar-checksums",
    version=2,
    accepts=frozenset({Kind.SIDECAR}),
    media_types=frozenset({"text/plain", "text/csv"}),
    analyse=analyse,
)
