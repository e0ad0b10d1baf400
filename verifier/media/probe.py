"""Opening a recording with FFmpeg (through PyAV) so that it can only describe itself, and what its header says.

A protocol whitelist alone is not enough: a two-line playlist called `.mp4` makes FFmpeg decode the *neighbouring* file.
So three locks are turned at once: the demuxer is the one the first bytes call for and no other is allowed; no protocol
is allowed at all; and FFmpeg is given a stream of bytes, never a name from which it could form another.
"""

from __future__ import annotations

import contextlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

import av
import av.logging

from verifier.errors import Corrupt, Unsupported
from verifier.instruments import Source
from verifier.media.demuxers import DEMUXERS, whitelisted
from verifier.media.structure.movie import LEAST_HIDDEN_SECONDS, data_without_index, edits

# Streams without a container: their demuxers take any bytes, so that a stream without a size is none.
BARE = frozenset(
    {
        "video/h264",
        "video/h265",
        "video/mpv",
        "video/mp4v-es",
        "video/x-dahua",
        "video/x-ivf",
        "video/x-hikvision",
        "video/x-motion-jpeg",
    }
)

_OPTIONS = {
    "protocol_whitelist": "",
    "probesize": "8000000",  # bytes looked at to learn the streams
    "analyzeduration": "10000000",  # microseconds of the same
    "max_streams": "64",
    "max_index_size": "16777216",
}
BUFFER_BYTES = 1 << 18

# What PyAV raises on bytes that break the rules; MemoryError is not among them.
DECODER_ERRORS = (av.error.FFmpegError, ValueError, OverflowError, EOFError, LookupError, ZeroDivisionError)

av.logging.set_level(None)


@dataclass(frozen=True, slots=True, kw_only=True)
class StreamFacts:
    """What the header says of one stream. Names are FFmpeg's; None: not said."""

    index: int
    kind: str  # video | audio | subtitle | data | attachment
    codec: str | None
    profile: str | None = None
    pixel_format: str | None = None
    width: int | None = None
    height: int | None = None
    sample_aspect: str | None = None  # "num:den" where pixels are not square
    rotation_degrees: int | None = None  # clockwise turn that shows it upright; None for what is not video
    mirrored: bool = False
    frame_rate: float | None = None
    frames: int | None = None
    bit_rate: int | None = None
    duration_seconds: float | None = None
    start_seconds: float | None = None
    sample_rate: int | None = None
    channels: int | None = None
    language: str | None = None
    attached_picture: bool = False  # cover art, not a recording
    tags: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class RecordingFacts:
    """What the header says of the whole recording."""

    container: str
    duration_seconds: float | None
    start_seconds: float | None
    bit_rate: int | None
    tags: Mapping[str, str]
    streams: tuple[StreamFacts, ...]


def versions() -> dict[str, str]:
    """Versions of the decoders: pictures differ a little from one to the next."""
    return {"pyav": av.__version__, "ffmpeg": str(av.ffmpeg_version_info)}


@contextlib.contextmanager
def opened(source: Source, media_type: str, *, all_media: bool = False) -> Iterator[Any]:
    """PyAV's container over the exhibit's bytes. Raises Unsupported where no demuxer is known, else Corrupt.

    `all_media`: an edit list that hides a part of the pictures or the sound is not followed; times are the media's.
    """
    demuxer = DEMUXERS.get(media_type)
    if demuxer is None:
        raise Unsupported(f"no demuxer for {media_type}")
    options = {**_OPTIONS, "format_whitelist": whitelisted(demuxer)}
    if demuxer == "mov":
        _require_index(source)
        if all_media and hides_media(source):
            options["ignore_editlist"] = "1"
    with source.open() as stream:
        try:
            container = av.open(
                stream,
                format=demuxer,
                options=options,
                metadata_errors="backslashreplace",
                buffer_size=BUFFER_BYTES,
            )
        except MemoryError:  # FFmpeg's word for tables of impossible length, long before memory is short
            raise Corrupt("its header asks for more memory or more streams than are allowed") from None
        except DECODER_ERRORS as error:
            raise Corrupt(f"the {demuxer} container cannot be opened: {reason(error)}") from None
        try:
            yield container
        finally:
            container.close()


def _require_index(source: Source) -> None:
    with source.open() as stream:
        lost = data_without_index(stream, source.size)
    if lost is not None:
        raise Corrupt(
            f"its index (moov) is not there: the recording was not finished or was cut; {lost} bytes of pictures and "
            "sound (mdat) are, and a repair program can find them with a whole recording of the same device"
        )


def hides_media(source: Source) -> bool:
    """Whether an edit list leaves a part of the pictures or the sound unshown."""
    with source.open() as stream:
        return any(
            edit.hidden_seconds >= LEAST_HIDDEN_SECONDS
            for edit in edits(stream, source.size)
            if edit.handler in (b"vide", b"soun")
        )


def reason(error: BaseException) -> str:
    """One short line that names no path."""
    text = getattr(error, "strerror", None) or str(error).split(":")[0]
    return " ".join(str(text).split())[:200] or type(error).__name__


def probe(source: Source, media_type: str) -> RecordingFacts:
    """Facts of the container and its streams. One frame is decoded to learn which way is up. Raises as `opened`."""
    with opened(source, media_type) as container:
        try:
            picture = picture_stream(container)
            if picture is None and media_type in BARE:
                raise Corrupt("there is no picture in the stream")
            rotation, mirrored = _first_turn(container, picture)
            return RecordingFacts(
                container=container.format.name,
                duration_seconds=_seconds(container.duration, 1, av.time_base),
                start_seconds=_seconds(container.start_time, 1, av.time_base),
                bit_rate=container.bit_rate or None,
                tags=dict(container.metadata),
                streams=tuple(
                    _stream_facts(stream, rotation if stream is picture else 0, mirrored and stream is picture)
                    for stream in container.streams
                ),
            )
        except DECODER_ERRORS as error:
            raise Corrupt(f"the header cannot be read: {reason(error)}") from None


def picture_stream(container: Any) -> Any | None:  # noqa: ANN401 - PyAV's own types are not exported
    """The video stream to look at: the largest that is no cover art and can be decoded; None if there is none."""
    found = [
        stream
        for stream in container.streams.video
        if stream.codec_context is not None and not _is_cover(stream) and stream.width and stream.height
    ]
    return max(found, key=lambda stream: stream.width * stream.height, default=None)


def sound_stream(container: Any) -> Any | None:  # noqa: ANN401
    """The first audio stream that can be decoded; None if there is none."""
    return next((item for item in container.streams.audio if item.codec_context is not None and item.rate), None)


def turn_of(frame: Any) -> tuple[int, bool]:  # noqa: ANN401
    """(clockwise degrees 0, 90, 180 or 270, mirrored left to right before turning) that show a frame upright."""
    for side in frame.side_data:
        if getattr(side.type, "name", "") == "DISPLAYMATRIX":
            cells = memoryview(bytes(side)).cast("i")
            return _matrix_turn(cells[0], cells[1], cells[3], cells[4]) if len(cells) >= 5 else (0, False)
    return 0, False


def _matrix_turn(a: int, b: int, c: int, d: int) -> tuple[int, bool]:
    """The nearest quarter turn of a display matrix [[a b] [c d]] that maps (x, y) to (ax + cy, bx + dy)."""
    mirrored = a * d - b * c < 0
    if mirrored:
        a, b = -a, -b
    if abs(a) >= abs(b):
        return (0 if a >= 0 else 180), mirrored
    return (90 if b > 0 else 270), mirrored


def _first_turn(container: Any, picture: Any | None) -> tuple[int, bool]:  # noqa: ANN401
    if picture is None:
        return 0, False
    picture.thread_type, picture.codec_context.thread_count = "NONE", 1
    packets = 0
    try:
        for packet in container.demux(picture):
            for frame in packet.decode():
                return turn_of(frame)
            packets += 1
            if packets >= 64:
                break
    except DECODER_ERRORS:
        return 0, False  # the header's facts stand; `frames` reports what cannot be decoded
    return 0, False


def _is_cover(stream: Any) -> bool:  # noqa: ANN401
    return bool(stream.disposition & av.stream.Disposition.attached_pic)


def _seconds(value: int | None, numerator: int, denominator: int) -> float | None:
    """None for what is absent or impossible: a recording of over a year, or of no length."""
    if value is None or not denominator:
        return None
    seconds = value * numerator / denominator
    return seconds if -86400 * 366 < seconds < 86400 * 366 else None


def _stream_facts(stream: Any, rotation: int, mirrored: bool) -> StreamFacts:  # noqa: ANN401
    context, base = stream.codec_context, stream.time_base
    timing = (base.numerator, base.denominator) if base else (0, 0)
    facts: dict[str, Any] = {
        "index": stream.index,
        "kind": stream.type or "data",
        "codec": context.name if context is not None else None,
        "profile": getattr(stream, "profile", None),
        "duration_seconds": _seconds(stream.duration, *timing),
        "start_seconds": _seconds(stream.start_time, *timing),
        "frames": stream.frames or None,
        "language": stream.language,
        "tags": dict(stream.metadata),
    }
    if context is not None:
        facts["bit_rate"] = context.bit_rate or None
    if stream.type == "video" and context is not None:
        aspect, rate = stream.sample_aspect_ratio, stream.average_rate
        facts |= {
            "width": context.width or None,
            "height": context.height or None,
            "pixel_format": context.pix_fmt,
            "sample_aspect": f"{aspect.numerator}:{aspect.denominator}" if aspect and aspect != 1 else None,
            "rotation_degrees": rotation,
            "mirrored": mirrored,
            "frame_rate": float(rate) if rate else None,
            "attached_picture": _is_cover(stream),
        }
    if stream.type == "audio" and context is not None:
        facts |= {"sample_rate": context.sample_rate or None, "channels": context.layout.nb_channels or None}
    return StreamFacts(**facts)
