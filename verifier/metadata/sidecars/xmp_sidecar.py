"""`NAME.xmp` beside a picture: what an editor or a catalogue says of it without writing into it."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterator

from verifier.errors import Corrupt
from verifier.instruments import Analyser, Parameters, Source
from verifier.metadata.rdf import read_rdf
from verifier.metadata.sidecars.telling import BESIDE, EXTENSION, base_name, content, relative
from verifier.metadata.xmp import readings
from verifier.records import Exhibit, Kind, Record


def analyse(exhibit: Exhibit, source: Source, parameters: Parameters) -> Iterator[Record]:
    """The readings of the packet, each about the exhibit that lies beside it. Raises Corrupt for broken XML."""
    packet = read_rdf(content(source))
    subject = _subject(dict(reversed(packet.properties)))
    for reading in readings(packet, "XMP sidecar"):
        yield dataclasses.replace(reading, subject=subject)
    if packet.flaw:
        raise Corrupt(f"the XMP cannot be read to its end: {packet.flaw}")


def _subject(said: dict[str, str]) -> str:
    """A catalogue may say which of `NAME.CR2` and `NAME.JPG` it wrote `NAME.xmp` for."""
    raw = said.get("crs:RawFileName", "")
    if raw and base_name(raw) == raw:
        return relative(raw)
    extension = said.get("photoshop:SidecarForExtension", "").lstrip(".")
    return EXTENSION + extension if extension.isalnum() else BESIDE


ANALYSER = Analyser(
    name="sidecar-xmp",
    version=2,
    accepts=frozenset({Kind.SIDECAR}),
    media_types=frozenset({"application/rdf+xml"}),
    analyse=analyse,
)
