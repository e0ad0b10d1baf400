"""How long a recording lasts by its own packets, whatever its header says: from the first timestamp to the last's end.

Nothing is decoded. A header may say nothing (a browser's recorder), the end of a clock that did not begin at zero (a
stream cut out of a longer one), or what was meant to be written and was not.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from verifier.errors import Corrupt
from verifier.instruments import Source
from verifier.media.probe import DECODER_ERRORS, opened, picture_stream, sound_stream

_MOST_PACKETS = 20_000_000
_WITHOUT_CLOCK = frozenset({"mjpeg", "h264", "hevc", "m4v", "mpegvideo"})  # FFmpeg makes their timestamps up
_BACKWARD_JUMP_SECONDS = 10.0  # a clock that falls back further begins anew; B-frames and wraps do less
_LONGEST_SECONDS = 366 * 86400.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Measured:
    """Seconds from the first to the end of the last packet; `start_seconds`, what the clock said at the first."""

    seconds: float
    start_seconds: float
    broken: bool  # the container broke off before its end


def measured(source: Source, media_type: str) -> Measured | None:
    """The length by timestamps; None where no packet bears one. Raises Corrupt, Unsupported as `opened` does."""
    with opened(source, media_type) as container:
        streams = [one for one in (picture_stream(container), sound_stream(container)) if one is not None]
        if container.format.name in _WITHOUT_CLOCK:
            return None
        if not streams:
            raise Corrupt("there is neither a picture nor a sound stream")
        from_zero = container.format.name.startswith("mov")  # its presentation begins at zero, whatever comes first
        spans = {stream.index: _Span(stream) for stream in streams}
        broken = False
        try:
            for number, packet in enumerate(container.demux(*streams)):
                if number >= _MOST_PACKETS:
                    broken = True
                    break
                if packet.size and not packet.is_discard:
                    spans[packet.stream.index].add(packet)
        except DECODER_ERRORS:
            broken = True
    known = [span for span in spans.values() if span.first is not None]
    if not known:
        return None
    start = min(span.first for span in known if span.first is not None)
    seconds = max(span.end for span in known) - (min(0.0, start) if from_zero else start)
    return Measured(seconds=seconds, start_seconds=start, broken=broken) if 0 < seconds < _LONGEST_SECONDS else None


class _Span:
    """First timestamp and furthest end of one stream, in seconds; a clock that is set back goes on from its place."""

    def __init__(self, stream: Any) -> None:  # noqa: ANN401 - PyAV exports no types
        rate = getattr(stream, "average_rate", None)
        self._usual = float(1 / rate) if rate and 0 < rate <= 1000 else 0.0
        self.first: float | None = None
        self.end = 0.0
        self._shift = 0.0

    def add(self, packet: Any) -> None:  # noqa: ANN401
        ticks = packet.pts if packet.pts is not None else packet.dts
        if ticks is None or not packet.time_base:
            return
        base = float(packet.time_base)
        length = packet.duration * base if packet.duration else self._usual
        at = ticks * base + self._shift
        if self.first is None:
            self.first, self.end = at, at
        elif at < self.end - _BACKWARD_JUMP_SECONDS:
            self._shift += self.end - at
            at = self.end
        self.first = min(self.first, at)
        self.end = max(self.end, at + length)
