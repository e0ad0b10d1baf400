"""Digests of a recording's streams without decoding: what is left when the container is taken away.

Moving a recording from one container to another (`-c copy`, messengers' "file" sending) keeps every coded packet but
for its framing: H.264 and HEVC stand in MP4 as lengths and in a transport stream as start codes. So NAL units are
digested one by one, without parameter sets and delimiters, which containers move about; other codecs' packets as a
whole.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from verifier.errors import Corrupt
from verifier.instruments import Source
from verifier.media.probe import DECODER_ERRORS, opened, picture_stream, reason, sound_stream

_START_CODES = (b"\x00\x00\x00\x01", b"\x00\x00\x01")
_LEFT_OUT = {"h264": {7, 8, 9, 12}, "hevc": {32, 33, 34, 35, 38, 39}}  # parameter sets, delimiters, filler, notes
_MOST_PACKETS = 20_000_000


@dataclass(frozen=True, slots=True, kw_only=True)
class StreamDigest:
    """`kind`: video or audio; `codec`: FFmpeg's name; SHA-256 over the packets in the order of the file."""

    kind: str
    codec: str
    packets: int
    bytes: int
    digest: str


def stream_digests(source: Source, media_type: str) -> list[StreamDigest]:
    """One for the video stream and one for the audio stream, where there are any. Raises Corrupt, Unsupported."""
    with opened(source, media_type) as container:
        streams = [one for one in (picture_stream(container), sound_stream(container)) if one is not None]
        if not streams:
            raise Corrupt("there is neither a picture nor a sound stream")
        tallies = {stream.index: _Tally(stream) for stream in streams}
        try:
            for number, packet in enumerate(container.demux(*streams)):
                if number > _MOST_PACKETS:
                    raise Corrupt("more packets than any recording has")
                if packet.size:
                    tallies[packet.stream.index].add(bytes(packet))
        except DECODER_ERRORS as error:
            raise Corrupt(f"the container breaks off: {reason(error)}") from None
        return [tally.result() for tally in tallies.values() if tally.packets]


class _Tally:
    """The running digest of one stream."""

    def __init__(self, stream: Any) -> None:  # noqa: ANN401 - PyAV exports no types
        self._kind, self._codec = stream.type, stream.codec_context.name
        extra = stream.codec_context.extradata or b""
        self._length_bytes = _length_bytes(self._codec, extra)
        self._digest = hashlib.sha256()
        self.packets, self._bytes = 0, 0

    def add(self, packet: bytes) -> None:
        self.packets += 1
        parts = self._units(packet) if self._codec in _LEFT_OUT else [_without_framing(self._codec, packet)]
        for part in parts:
            self._bytes += len(part)
            self._digest.update(len(part).to_bytes(8, "big") + part)

    def _units(self, packet: bytes) -> Iterator[bytes]:
        units = _by_start_code(packet) if self._length_bytes == 0 else _by_length(packet, self._length_bytes)
        for unit in units:
            kind = (unit[0] & 0x1F) if self._codec == "h264" else (unit[0] >> 1) & 0x3F
            if kind not in _LEFT_OUT[self._codec]:
                yield unit.rstrip(b"\x00")

    def result(self) -> StreamDigest:
        return StreamDigest(
            kind=self._kind,
            codec=self._codec,
            packets=self.packets,
            bytes=self._bytes,
            digest=self._digest.hexdigest(),
        )


def _length_bytes(codec: str, extra: bytes) -> int:
    """How many bytes state a NAL unit's length; 0 where units are parted by start codes."""
    if codec == "h264" and len(extra) > 4 and extra[0] == 1:
        return (extra[4] & 3) + 1
    if codec == "hevc" and len(extra) > 21 and extra[:3] != b"\x00\x00\x01" and extra[:4] != b"\x00\x00\x00\x01":
        return (extra[21] & 3) + 1
    return 0


def _by_length(packet: bytes, length_bytes: int) -> Iterator[bytes]:
    place = 0
    while place + length_bytes <= len(packet):
        length = int.from_bytes(packet[place : place + length_bytes], "big")
        place += length_bytes
        unit = packet[place : place + length]
        place += length
        if unit:
            yield unit


def _by_start_code(packet: bytes) -> Iterator[bytes]:
    place = packet.find(_START_CODES[1])
    while place >= 0:
        begin = place + 3
        place = packet.find(_START_CODES[1], begin)
        unit = packet[begin : place if place >= 0 else len(packet)]
        if unit:
            yield unit


def _without_framing(codec: str, packet: bytes) -> bytes:
    """AAC stands in a transport stream behind an ADTS header of its own."""
    if codec == "aac" and len(packet) > 7 and packet[0] == 0xFF and packet[1] & 0xF6 == 0xF0:
        return packet[7 if packet[1] & 1 else 9 :]
    return packet
