"""What FFmpeg reads in the header of any recording: for containers without a walker of our own, and to confirm it."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from verifier.instruments import Analyser, Limits, Parameters, Source
from verifier.metadata.moments import from_text
from verifier.records import Exhibit, Kind, Reading, Record, Value

if TYPE_CHECKING:
    from verifier.media.measure import Measured
    from verifier.media.probe import RecordingFacts, StreamFacts

MOST_TAGS = 200
CLOCKLESS = frozenset({"mjpeg"})  # pictures one behind the other: FFmpeg's 25 a second is its own
MOST_DIFFERENCE_SECONDS = 1.0  # between the header's length and the packets': rounding, priming, a last long frame
MOST_DIFFERENCE = 0.02
LONGEST_TAG = 4096  # characters
_DATES = ("creation_time", "date", "creationdate", "date_recorded", "creation-date", "timecode_date")

# Decoders whose name is not the codec's: FFmpeg's `codec_name` is wanted.
_CANONICAL = {
    "flv": "flv1", "libdav1d": "av1", "libaom-av1": "av1", "libvpx": "vp8", "libvpx-vp9": "vp9", "mp3float": "mp3",
    "mp2float": "mp2", "mp1float": "mp1", "amrnb": "amr_nb", "amrwb": "amr_wb", "libopus": "opus",
    "libvorbis": "vorbis", "ac3_fixed": "ac3", "aac_fixed": "aac", "libopencore_amrnb": "amr_nb",
    "libopencore_amrwb": "amr_wb", "libspeex": "speex",
}  # fmt: skip


def analyse(exhibit: Exhibit, source: Source, parameters: Parameters) -> Iterator[Record]:
    """Readings `container:*`. Raises Corrupt where FFmpeg cannot open it, Unsupported where it knows no such kind."""
    from verifier.media.measure import measured  # FFmpeg belongs into workers, and whoever reads the registry is none
    from verifier.media.probe import probe

    facts = probe(source, exhibit.media_type)
    yield from _whole(facts)
    yield from _length(facts.duration_seconds, measured(source, exhibit.media_type))
    yield from _picture(_main_picture(facts.streams), has_clock=facts.container not in CLOCKLESS)
    sound = next((stream for stream in facts.streams if stream.kind == "audio" and stream.codec), None)
    if sound is not None:
        yield from _readings(
            f"stream {sound.index}",
            audio_codec=_codec(sound),
            sample_rate=sound.sample_rate,
            channels=sound.channels,
        )
    yield from _tags(facts)


def _whole(facts: RecordingFacts) -> Iterator[Reading]:
    kinds = [stream.kind for stream in facts.streams if not stream.attached_picture]
    yield from _readings(
        "header",
        format=facts.container,
        duration_s=_rounded(facts.duration_seconds),
        start_s=_rounded(facts.start_seconds),
        bit_rate=facts.bit_rate,
        streams=",".join(kinds) or None,
    )


def _length(stated: float | None, found: Measured | None) -> Iterator[Reading]:
    """The length by packets, told where the header states none or another one."""
    if found is None:
        return
    if stated is not None and abs(stated - found.seconds) <= max(MOST_DIFFERENCE_SECONDS, MOST_DIFFERENCE * stated):
        return
    where = f"packets, from {found.start_seconds:.3f} s" + (", as far as they can be read" if found.broken else "")
    yield Reading(key="container:measured_duration_s", value=round(found.seconds, 3), location=where)
    if stated is not None:
        yield Reading(key="container:stated_duration_s", value=round(stated, 3), location="header")


def _main_picture(streams: tuple[StreamFacts, ...]) -> StreamFacts | None:
    pictures = [stream for stream in streams if stream.kind == "video" and not stream.attached_picture]
    return max(pictures, key=lambda stream: (stream.width or 0) * (stream.height or 0), default=None)


def _picture(stream: StreamFacts | None, *, has_clock: bool) -> Iterator[Reading]:
    if stream is None:
        return
    yield from _readings(
        f"stream {stream.index}",
        video_codec=_codec(stream),
        video_profile=stream.profile,
        pixel_format=stream.pixel_format,
        width=stream.width,
        height=stream.height,
        sample_aspect=stream.sample_aspect,
        rotation_degrees=stream.rotation_degrees or None,  # upright and "not said" look alike here
        mirrored=True if stream.mirrored else None,
        frame_rate=None if stream.frame_rate is None or not has_clock else round(stream.frame_rate, 4),
        frames=stream.frames,
    )


def _codec(stream: StreamFacts) -> str | None:
    return _CANONICAL.get(stream.codec, stream.codec) if stream.codec else None


def _readings(where: str, **values: Value) -> Iterator[Reading]:
    for name, value in values.items():
        if value is not None:
            yield Reading(key=f"container:{name}", value=value, location=where)


def _rounded(seconds: float | None) -> float | None:
    return None if seconds is None else round(seconds, 6)


def _tags(facts: RecordingFacts) -> Iterator[Reading]:
    """Tags verbatim; those that are dates become Moments."""
    places = [("header", facts.tags), *((f"stream {stream.index}", stream.tags) for stream in facts.streams)]
    told = 0
    for where, tags in places:
        for name, text in tags.items():
            told += 1
            if told > MOST_TAGS:
                return
            yield Reading(key=f"container:tag.{name[:128]}", value=_value(name, text), location=where)


def _value(name: str, text: str) -> Value:
    if name.lower() in _DATES:
        moment = from_text(text)  # FFmpeg ends what is UTC in Z; AVI's IDIT has no zone
        if moment is not None:
            return moment
    return text[:LONGEST_TAG]


ANALYSER = Analyser(
    name="container",
    version=2,
    accepts=frozenset({Kind.VIDEO, Kind.AUDIO}),
    analyse=analyse,
    limits=Limits(seconds=30.0, seconds_per_megabyte=0.05),
)
