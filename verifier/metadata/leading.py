"""Bytes that stand before the file inside an exhibit: a recorder's own header, zeros of a recovery, a carrier's."""

from __future__ import annotations

from collections.abc import Iterator

from verifier.instruments import Analyser, Parameters, Source
from verifier.media.source import SourceBehind
from verifier.records import Exhibit, Kind, Reading, Record


def analyse(exhibit: Exhibit, source: Source, parameters: Parameters) -> Iterator[Record]:
    """`file:leading_bytes` and `file:leading_kind` where the file begins later than the exhibit does."""
    if isinstance(source, SourceBehind):
        yield Reading(key="file:leading_bytes", value=source.skipped, location="before the file's own beginning")
        yield Reading(key="file:leading_kind", value=source.skipped_kind, location="before the file's own beginning")
    elif exhibit.media_type == "video/x-hikvision":
        at = source.head.find(b"\x00\x00\x01\xba")
        yield Reading(key="file:recorder_header", value="IMKH (Hikvision)", location=f"first {at} bytes")


ANALYSER = Analyser(name="leading", version=1, accepts=frozenset({Kind.PHOTO, Kind.VIDEO, Kind.AUDIO}), analyse=analyse)
