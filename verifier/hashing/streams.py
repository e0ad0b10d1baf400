"""Same streams in another container: what `-c copy` and "send as file" leave behind.

Equal digests of a stream's packets mean equal coded pictures or sound, bit for bit; nothing is decoded.
"""

from __future__ import annotations

from collections.abc import Iterator

from verifier.instruments import Analyser, Limits, Parameters, Source
from verifier.records import Exhibit, Kind, Reading, Record

LEAST_PACKETS = 4  # fewer may be equal by chance: a second of silence


def _analyse(exhibit: Exhibit, source: Source, parameters: Parameters) -> Iterator[Record]:
    from verifier.media.packets import stream_digests  # FFmpeg belongs into workers

    for found in stream_digests(source, exhibit.media_type):
        location = f"{found.kind} stream, {found.codec}, {found.packets} packets"
        yield Reading(key=f"stream:{found.kind}.digest", value=found.digest, location=location)
        yield Reading(key=f"stream:{found.kind}.packets", value=found.packets, location=location)


ANALYSER = Analyser(
    name="streams",
    version=1,
    accepts=frozenset({Kind.VIDEO, Kind.AUDIO}),
    analyse=_analyse,
    limits=Limits(seconds=20, seconds_per_megabyte=0.2),
)
