"""`C0001M01.XML`, which Sony's cameras put beside `C0001.MP4`: the same document as in the movie's own box."""

from __future__ import annotations

from collections.abc import Iterator

from verifier.instruments import Analyser, Parameters, Source
from verifier.metadata.containers.sony_meta import is_sony, readings
from verifier.metadata.sidecars.telling import BESIDE, content
from verifier.records import Exhibit, Kind, Record


def analyse(exhibit: Exhibit, source: Source, parameters: Parameters) -> Iterator[Record]:
    """The document's readings, each about the clip beside it. Silent on any other XML."""
    if is_sony(source.head):
        yield from readings(content(source), "NonRealTimeMeta", subject=BESIDE)


ANALYSER = Analyser(
    name="sidecar-sony",
    version=1,
    accepts=frozenset({Kind.SIDECAR}),
    media_types=frozenset({"application/xml"}),
    analyse=analyse,
)
