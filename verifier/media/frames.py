"""The one shared decode of a recording: pictures four times a second, and sound, in one pass of bounded memory.

Pictures stand on a grid of *presentation time* (phones and messengers write variable frame rates): the first frame at
or after each quarter of a second. Every frame is decoded, because skipping any costs accuracy and hardly any time less;
but only frames on the grid are scaled. Seeking is never used: it costs twice as much as decoding everything.
"""

from __future__ import annotations

import math
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any, TypeAlias

import numpy as np
from av.video.reformatter import Interpolation, VideoReformatter

from verifier.errors import Corrupt
from verifier.instruments import Picture, Showing, Sound, Source
from verifier.media.probe import DECODER_ERRORS, opened, picture_stream, reason, sound_stream, turn_of
from verifier.media.sound import Listener

if TYPE_CHECKING:
    from numpy.typing import NDArray

PICTURES_PER_SECOND = 4
LONG_SIDE = 480
MOST_PIXELS = 178_956_970  # 2^29 / 3, as for stills
_NEAR = 1e-3  # seconds; presentation times are rounded to the container's clock
_WAITING_SECONDS = 20.0  # sound kept back until the first picture says where time begins
_MOST_SECONDS = 30 * 86400.0  # no recording is longer
_BACKWARD_JUMP_SECONDS = 1.0  # presentation times that fall back further than this begin anew

Shown: TypeAlias = Showing | Picture | Sound


def watch(source: Source, media_type: str, *, key_frames_only: bool = False) -> Iterator[Shown]:
    """Yields one `Showing`, then `Picture`s and `Sound`s, each in presentation order.

    What an edit list hides is shown as well: times are those of the media, not of what players show of it.
    A recording without pictures yields its sound; one without either raises Corrupt, as does one that cannot be opened.
    What breaks off, or holds frames that cannot be decoded, yields what there is and *then* raises Corrupt.
    """
    with opened(source, media_type, all_media=True) as container:
        yield from _Pass(container, key_frames_only=key_frames_only).run()


class _Pass:
    """State of one pass. Times are seconds from the first picture."""

    def __init__(self, container: Any, *, key_frames_only: bool) -> None:  # noqa: ANN401 - PyAV exports no types
        self._container = container
        self._video, self._audio = picture_stream(container), sound_stream(container)
        self._key_frames_only = key_frames_only
        self._frame_rate = _frame_rate(self._video)
        self._frame_seconds = 1 / (self._frame_rate or 25.0)
        self._scaler = VideoReformatter()
        self._begin: float | None = None  # container time of the first picture
        self._last = -math.inf
        self._next_slot = 0
        self._kept = 0
        self._damaged = 0
        self._flaw: str | None = None
        self._listener = Listener(self._audio) if self._audio is not None else None
        self._kept_back: list[Sound] = []
        self._showing: Showing | None = None
        self._opened = False  # a picture was decoded
        self._turn, self._mirrored = 0, False
        self._reached = 0.0

    def run(self) -> Iterator[Shown]:
        streams = [stream for stream in (self._video, self._audio) if stream is not None]
        if not streams:
            raise Corrupt("there is neither a picture nor a sound that can be decoded")
        self._prepare()
        for packet in self._packets(streams):
            if packet.stream is self._audio:
                yield from self._hear(packet)
            else:
                yield from self._see(packet)
        yield from self._finish()

    def _prepare(self) -> None:
        if self._video is not None:
            self._video.thread_type = "NONE"
            self._video.codec_context.thread_count = 1
            if self._key_frames_only:
                self._video.codec_context.skip_frame = "NONKEY"
        if self._audio is not None:
            self._audio.thread_type = "NONE"
            self._audio.codec_context.thread_count = 1

    def _packets(self, streams: list[Any]) -> Iterator[Any]:
        """Packets until the end, or until the container breaks."""
        demuxed = self._container.demux(*streams)
        while True:
            try:
                packet = next(demuxed, None)
            except MemoryError:
                raise
            except DECODER_ERRORS as error:
                self._flaw = f"the container breaks off: {reason(error)}"
                return
            if packet is None:
                return
            yield packet

    # ------------------------------------------------------------ pictures

    def _see(self, packet: Any) -> Iterator[Shown]:  # noqa: ANN401
        try:
            frames = packet.decode()
        except MemoryError:
            raise
        except DECODER_ERRORS:
            self._damaged += 1
            return
        for frame in frames:
            if frame.is_corrupt:
                self._damaged += 1
            seconds = self._presented(frame)
            if not self._opened:
                yield from self._open(frame)
            if seconds + _NEAR < self._next_slot / PICTURES_PER_SECOND:
                continue
            self._next_slot = math.floor((seconds + _NEAR) * PICTURES_PER_SECOND) + 1
            yield self._picture(frame, seconds)

    def _presented(self, frame: Any) -> float:  # noqa: ANN401
        """Seconds from the first picture; made up from the frame rate where the container does not say."""
        told = frame.time
        if self._begin is None:
            self._begin = told if told is not None else 0.0
        seconds = self._last + self._frame_seconds if told is None else told - self._begin
        if math.isinf(seconds):
            seconds = 0.0
        if seconds < self._last - _BACKWARD_JUMP_SECONDS or seconds > _MOST_SECONDS:
            # a clock that was set back, or mad: go on from where we are
            self._begin -= self._last + self._frame_seconds - seconds
            seconds = self._last + self._frame_seconds
        self._last = max(self._last, seconds)
        self._reached = max(self._reached, self._last + self._frame_seconds)
        return max(0.0, seconds)

    def _open(self, frame: Any) -> Iterator[Shown]:  # noqa: ANN401
        if frame.width * frame.height > MOST_PIXELS:
            raise Corrupt(f"{frame.width} × {frame.height} pixels a frame are more than this version decodes")
        self._opened = True
        self._turn, self._mirrored = turn_of(frame)
        if self._showing is None:
            yield from self._show(frame.width, frame.height)

    def _show(self, width: int, height: int) -> Iterator[Shown]:
        duration = self._container.duration
        self._showing = Showing(
            still=False,
            stored_width=width,
            stored_height=height,
            rotation_degrees=self._turn,
            duration_seconds=duration / 1e6 if duration and 0 < duration < 86400e6 * 366 else None,
            frame_rate=self._frame_rate,
            has_sound=self._audio is not None,
            key_frames_only=self._key_frames_only,
        )
        yield self._showing
        for sound in self._kept_back:
            yield self._placed(sound)
        self._kept_back = []

    def _picture(self, frame: Any, seconds: float) -> Picture:  # noqa: ANN401
        picture = Picture(
            grey=self._grey(frame),
            offset_seconds=seconds,
            number=self._kept,
            damaged=bool(frame.is_corrupt),
            is_key=bool(frame.key_frame),
        )
        self._kept += 1
        return picture

    def _grey(self, frame: Any) -> NDArray[np.uint8]:  # noqa: ANN401
        """uint8 (rows, columns), long side at most 480, square pixels, upright."""
        width, height = shown_size(frame.width, frame.height, self._sample_aspect())
        try:
            scaled = self._scaler.reformat(
                frame, width=width, height=height, format="gray", interpolation=Interpolation.AREA, threads=1
            )
            grey = np.asarray(scaled.to_ndarray(), dtype=np.uint8)
        except DECODER_ERRORS as error:
            raise Corrupt(f"a frame cannot be converted: {reason(error)}") from None
        if self._mirrored:
            grey = grey[:, ::-1]
        return np.ascontiguousarray(np.rot90(grey, -self._turn // 90)) if self._turn or self._mirrored else grey

    def _sample_aspect(self) -> float:
        aspect = self._video.sample_aspect_ratio if self._video is not None else None
        value = float(aspect) if aspect else 1.0
        return value if 0.25 <= value <= 4 else 1.0

    # ------------------------------------------------------------ sound

    def _hear(self, packet: Any) -> Iterator[Shown]:  # noqa: ANN401
        if self._listener is None:
            return
        for sound in self._listener.hear(packet):
            yield from self._sounded(sound)

    def _sounded(self, sound: Sound) -> Iterator[Shown]:
        if self._showing is not None:
            yield self._placed(sound)
            return
        self._kept_back.append(sound)
        if self._video is None or len(self._kept_back) >= _WAITING_SECONDS:  # blocks are a second long
            yield from self._without_picture()

    def _without_picture(self) -> Iterator[Shown]:
        """Begin although no picture came: time is the sound's own."""
        if self._begin is None:
            first = self._kept_back[0].start_seconds if self._kept_back else 0.0
            start = self._video.start_time if self._video is not None else None
            self._begin = float(start * self._video.time_base) if start is not None and self._video else first
        wide = (self._video.width, self._video.height) if self._video is not None else (0, 0)
        yield from self._show(*wide)

    def _placed(self, sound: Sound) -> Sound:
        return Sound(samples=sound.samples, start_seconds=sound.start_seconds - (self._begin or 0.0))

    # ------------------------------------------------------------ the end

    def _finish(self) -> Iterator[Shown]:
        if self._listener is not None:
            for sound in self._listener.rest():
                yield from self._sounded(sound)
        if self._showing is None and self._kept_back:
            yield from self._without_picture()
        if self._showing is None:
            raise Corrupt(self._flaw or "nothing in it can be decoded")
        if self._video is not None and not self._kept:
            raise Corrupt("no frame of its picture can be decoded")
        flaw = self._flaw or self._shortfall()
        if flaw or self._damaged:
            raise Corrupt("; ".join(filter(None, (flaw, self._damage()))))

    def _damage(self) -> str:
        return f"{self._damaged} damaged frames" if self._damaged else ""

    def _shortfall(self) -> str | None:
        """A recording that ends well before its own header says so."""
        stated = self._video.duration if self._video is not None else None
        if stated is None or self._video is None or not self._video.time_base or self._key_frames_only:
            return None
        seconds = float(stated * self._video.time_base)
        if self._reached + max(1.0, 0.05 * seconds) >= seconds or seconds > 86400 * 366:
            return None
        return f"it breaks off at {self._reached:.1f} of the {seconds:.1f} seconds that its header states"


def _frame_rate(video: Any | None) -> float | None:  # noqa: ANN401
    """Pictures a second on average, as the header says; None for what is absent or absurd."""
    rate = video.average_rate if video is not None else None
    return float(rate) if rate and 0 < rate <= 1000 else None


def shown_size(width: int, height: int, sample_aspect: float) -> tuple[int, int]:
    """Columns and rows of the grey plane, not yet turned: square pixels, long side at most 480, never enlarged."""
    wide, high = float(width), float(height)
    if sample_aspect <= 1:
        wide *= sample_aspect
    else:
        high /= sample_aspect
    scale = min(1.0, LONG_SIDE / max(wide, high))
    return max(1, round(wide * scale)), max(1, round(high * scale))
