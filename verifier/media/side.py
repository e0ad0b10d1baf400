"""Two exhibits beside one another as one derived clip, for people to compare: never evidence.

FFmpeg runs as a process of its own, in the sandbox of whoever hands in `run`: the demuxer is the one the type calls
for and no other is allowed, it reads from descriptors that are already open (no name from which it could form another)
and writes to a pipe. A still is not opened by it: our own reduced picture is shown.
"""

from __future__ import annotations

import tempfile
from collections.abc import Callable, Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path
from typing import IO, TYPE_CHECKING, Any

import ffmpeg
import imageio_ffmpeg

from verifier.errors import Corrupt, Unsupported
from verifier.media.demuxers import DEMUXERS, whitelisted

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

WIDTH, HEIGHT, FRAMES_PER_SECOND = 640, 360, 25
MOST_SECONDS = 120.0  # of the derived clip
MOST_BYTES = 256 << 20
MOST_MEMORY_BYTES = 3 << 30
PROCESS_SECONDS = 300.0
MEDIA_TYPE = "video/mp4"
Run = Callable[[Sequence[str], Sequence[int]], tuple[int, bytes, str]]


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Side:
    """One half. Either `path` (the vault's copy of a recording) with its media type, or `still` (a grey picture).

    `start`, seconds into the recording; `speed`: its seconds for each second of the derived clip. It is shown mirrored
    first, then turned clockwise, where that makes it lie as the other half does.
    """

    path: str | None = None
    media_type: str = ""
    still: NDArray[np.uint8] | None = None
    start: float = 0.0
    speed: float = 1.0
    has_sound: bool = False
    mirrored: bool = False
    quarter_turns: int = 0  # clockwise, 0 to 3


def side_by_side(
    left: Side,
    right: Side,
    *,
    seconds: float,
    run: Run,
    colour: bool = False,
    sound: bool = False,
    title: str = "",
) -> bytes:
    """An MP4 of both sides, grey and muted unless asked; with sound, the left exhibit is heard left, the right right.

    `run` starts a program with these descriptors open; it says how that ended, what was written, and what was said.
    Raises Unsupported where a kind cannot be opened or there is no FFmpeg, Corrupt where nothing could be decoded.
    """
    seconds = min(seconds, MOST_SECONDS)
    with ExitStack() as stack:
        opened = [_opened(side, stack) for side in (left, right)]
        inputs = [_input(side, stream, seconds) for side, stream in zip((left, right), opened, strict=True)]
        pictures = [
            _fitted(entry.video, side, seconds, colour=colour)
            for entry, side in zip(inputs, (left, right), strict=True)
        ]  # fmt: skip
        streams = [ffmpeg.filter(pictures, "hstack", inputs=2)]
        if sound and (left.has_sound or right.has_sound):
            heard = [
                _heard(entry, side, seconds) for entry, side in zip(inputs, (left, right), strict=True)
            ]  # fmt: skip
            streams.append(ffmpeg.filter(heard, "join", inputs=2, channel_layout="stereo"))
        output = ffmpeg.output(
            *streams, "pipe:1", f="mp4", movflags="frag_keyframe+empty_moov", vcodec="libx264", crf=26,
            preset="veryfast", pix_fmt="yuv420p", t=seconds, threads=1, map_metadata=-1, fflags="+bitexact",
            **{"metadata": f"title={title}", "flags:v": "+bitexact", "protocol_whitelist": "pipe"},
        ).global_args("-nostdin", "-hide_banner", "-loglevel", "error", "-filter_complex_threads", "1")  # fmt: skip
        try:
            command = ffmpeg.compile(output, cmd=imageio_ffmpeg.get_ffmpeg_exe())
        except RuntimeError:
            raise Unsupported("there is no FFmpeg program on this computer") from None
        code, content, said = run(command, [stream.fileno() for stream in opened])
    if code != 0 or not content or len(content) > MOST_BYTES:
        last = said.splitlines()[-1] if said else "it ended without a word"
        raise Corrupt(f"FFmpeg could not show them beside one another: {last[:200]}")
    return content


def _opened(side: Side, stack: ExitStack) -> IO[bytes]:
    if side.still is not None:
        stream: IO[bytes] = stack.enter_context(tempfile.TemporaryFile())  # noqa: SIM115 - the stack closes it
        stream.write(side.still.tobytes())
        stream.seek(0)
        return stream
    if side.path is None or side.media_type not in DEMUXERS:
        raise Unsupported(f"no demuxer for {side.media_type or 'this exhibit'}")
    return stack.enter_context(Path(side.path).open("rb"))


def _input(side: Side, stream: IO[bytes], seconds: float) -> Any:  # noqa: ANN401 - ffmpeg-python has no types
    where = {"fd": stream.fileno(), "protocol_whitelist": "fd"}
    if side.still is not None:
        rows, columns = side.still.shape
        return ffmpeg.input("fd:", f="rawvideo", pix_fmt="gray", s=f"{columns}x{rows}", framerate=1, **where)
    demuxer = DEMUXERS[side.media_type]
    return ffmpeg.input(
        "fd:",
        f=demuxer,
        format_whitelist=whitelisted(demuxer),
        ss=round(max(0.0, side.start), 3),
        t=round(seconds * side.speed + 0.5, 3),
        threads=1,
        **where,
    )


def _fitted(video: Any, side: Side, seconds: float, *, colour: bool) -> Any:  # noqa: ANN401
    video = video.filter("setpts", f"(PTS-STARTPTS)/{side.speed:.6f}").filter("fps", FRAMES_PER_SECOND)
    if side.mirrored:
        video = video.filter("hflip")
    for _ in range(side.quarter_turns % 4):
        video = video.filter("transpose", 1)
    video = video.filter("scale", WIDTH, HEIGHT, force_original_aspect_ratio="decrease").filter("setsar", 1)
    video = video.filter("pad", WIDTH, HEIGHT, "(ow-iw)/2", "(oh-ih)/2")
    video = video.filter("format", "yuv420p" if colour else "gray").filter("format", "yuv420p")
    return video.filter("tpad", stop_mode="clone", stop_duration=round(seconds, 3))


def _heard(entry: Any, side: Side, seconds: float) -> Any:  # noqa: ANN401
    if not side.has_sound:
        silence = ffmpeg.input("anullsrc=channel_layout=mono:sample_rate=48000", f="lavfi", t=seconds)
        return silence.audio
    heard = entry.audio.filter("asetpts", "PTS-STARTPTS").filter("aresample", 48000)
    heard = heard.filter("aformat", channel_layouts="mono")
    for factor in _tempo(side.speed):
        heard = heard.filter("atempo", factor)
    return heard.filter("apad", whole_dur=seconds)


def _tempo(speed: float) -> list[float]:
    """FFmpeg's atempo takes 0.5 to 2 at once."""
    factors = []
    while speed > 2.0:
        factors.append(2.0)
        speed /= 2.0
    while speed < 0.5:
        factors.append(0.5)
        speed /= 0.5
    return [*factors, round(speed, 6)] if abs(speed - 1) > 1e-3 else factors
