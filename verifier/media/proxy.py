"""A stretch of a recording decoded and encoded again, small, for people to look at: never evidence.

FFmpeg runs as in `side`: a process of its own in the sandbox of whoever hands in `run`, one demuxer, open descriptors
only. A second of the clip is a second of the recording: frames come at a steady rate and begin where it begins.
"""

from __future__ import annotations

from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import ffmpeg
import imageio_ffmpeg

from verifier.errors import Corrupt, Unsupported
from verifier.media.demuxers import DEMUXERS, whitelisted
from verifier.media.side import Run

LONGER, LEAST_RATE, MOST_RATE, COMMON_RATE = 854, 1.0, 60.0, 25.0  # dots, frames per second
BLUR_DOTS = 18  # standard deviation
A_PART_SECONDS = 120.0  # of a recording in one clip: nobody waits long for it
MOST_BYTES = 256 << 20
MOST_MEMORY_BYTES = 3 << 30
PROCESS_SECONDS = 900.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """How a recording is to be shown. As it stands: grey, blurred and without sound."""

    colour: bool = False
    sharp: bool = False
    sound: bool = False
    start: float = 0.0  # seconds into the recording
    seconds: float = A_PART_SECONDS

    @property
    def is_look(self) -> bool:
        """Whether a person sees or hears what is covered otherwise."""
        return self.colour or self.sharp or self.sound


def rate_of(stated: float | None) -> float:
    """Frames per second of a clip of a recording that states so many."""
    return COMMON_RATE if not stated or not LEAST_RATE <= stated <= 1000 else min(stated, MOST_RATE)


def proxy(
    path: str,
    media_type: str,
    wanted: Wanted,
    *,
    has_pictures: bool,
    has_sound: bool,
    rate: float,
    run: Run,
    progress: int | None = None,
    title: str = "",
) -> bytes:
    """An MP4 of at most 854 dots. `progress`: an open descriptor on which FFmpeg says how far it is.

    Raises Unsupported where the kind cannot be opened or nothing is left to be shown, Corrupt where nothing could be
    decoded.
    """
    if media_type not in DEMUXERS:
        raise Unsupported(f"no demuxer for {media_type}")
    is_heard = has_sound and wanted.sound
    if not has_pictures and not is_heard:
        raise Unsupported("it has no pictures, and its sound was not asked for")
    with ExitStack() as stack:
        stream = stack.enter_context(Path(path).open("rb"))
        demuxer = DEMUXERS[media_type]
        entry = ffmpeg.input(
            "fd:", fd=stream.fileno(), protocol_whitelist="fd", f=demuxer, format_whitelist=whitelisted(demuxer),
            ss=round(max(0.0, wanted.start), 3), t=round(wanted.seconds, 3), threads=1,
        )  # fmt: skip
        streams = [_seen(entry.video, wanted, rate)] if has_pictures else []
        streams += [entry.audio.filter("aresample", 48000).filter("aformat", channel_layouts="stereo")] * is_heard
        told = [] if progress is None else ["-progress", f"pipe:{progress}", "-stats_period", "0.3"]
        output = ffmpeg.output(
            *streams, "pipe:1", f="mp4", movflags="frag_keyframe+empty_moov+default_base_moof", vcodec="libx264",
            crf=26, preset="superfast", bf=0, g=max(1, round(rate)), pix_fmt="yuv420p", threads=1, map_metadata=-1,
            map_chapters=-1, fflags="+bitexact",
            **{"metadata": f"title={title}", "flags:v": "+bitexact", "protocol_whitelist": "pipe"},
        ).global_args("-nostdin", "-hide_banner", "-loglevel", "error", "-filter_complex_threads", "1")  # fmt: skip
        output = output.global_args(*told)
        try:
            command = ffmpeg.compile(output, cmd=imageio_ffmpeg.get_ffmpeg_exe())
        except RuntimeError:
            raise Unsupported("there is no FFmpeg program on this computer") from None
        descriptors = [stream.fileno(), *(() if progress is None else (progress,))]
        code, content, said = run(command, descriptors)
    if code != 0 or not content or len(content) > MOST_BYTES:
        last = said.splitlines()[-1] if said else "it ended without a word"
        raise Corrupt(f"FFmpeg could not show it: {last[:200]}")
    return content


def _seen(video: Any, wanted: Wanted, rate: float) -> Any:  # noqa: ANN401 - ffmpeg-python has no types
    video = video.filter("fps", round(rate, 4), start_time=0)
    video = video.filter(
        "scale", f"min({LONGER},iw)", f"min({LONGER},ih)", force_original_aspect_ratio="decrease",
        force_divisible_by=2,
    ).filter("setsar", 1)  # fmt: skip
    if not wanted.sharp:
        video = video.filter("gblur", sigma=BLUR_DOTS, steps=2)
    return video.filter("format", "yuv420p" if wanted.colour else "gray").filter("format", "yuv420p")
