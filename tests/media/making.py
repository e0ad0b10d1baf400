"""Small media made in memory, for tests."""

from __future__ import annotations

import fractions
import hashlib
import io
import math
from pathlib import Path

import av
import numpy as np
import pillow_heif
from PIL import Image

from verifier.instruments import Job
from verifier.media.sniff import sniff
from verifier.records import Exhibit, Kind

pillow_heif.register_heif_opener()


def scene(width: int = 96, height: int = 64, at: float = 0.0) -> np.ndarray:
    """uint8 (height, width, 3): soft texture that moves with time."""
    y, x = np.mgrid[0:height, 0:width].astype(np.float64)
    red = 128 + 100 * np.sin(x / 7 + at) * np.cos(y / 11)
    green = 128 + 100 * np.sin(y / 5 - at)
    blue = 255 * x / width
    return np.clip(np.dstack([red, green, blue]), 0, 255).astype(np.uint8)


def still(form: str = "JPEG", width: int = 96, height: int = 64, mode: str = "RGB", **options: object) -> bytes:
    """A picture in one of Pillow's formats."""
    stream = io.BytesIO()
    image = Image.fromarray(scene(width, height)).convert(mode)
    image.save(stream, form, **options)
    return stream.getvalue()


def clip(
    form: str = "mp4",
    *,
    codec: str = "mpeg4",
    seconds: float = 1.0,
    rate: int = 10,
    size: tuple[int, int] = (96, 64),
    sound: str | None = "aac",
    sound_delay_seconds: float = 0.0,
    times: list[float] | None = None,
    options: dict[str, str] | None = None,
) -> bytes:
    """A recording of `scene` with a tone of 440 Hz. `times`: presentation times where they are not regular."""
    stream = io.BytesIO()
    with av.open(stream, "w", format=form, options=options or {}) as container:
        video = container.add_stream(codec, rate=rate)
        video.width, video.height, video.pix_fmt = size[0], size[1], "yuv420p"
        clock = rate if form == "avi" else 1000  # AVI has frame numbers instead of times
        video.time_base = video.codec_context.time_base = fractions.Fraction(1, clock)
        audio = container.add_stream(sound, rate=16000, layout="mono") if sound else None
        for at in times if times is not None else [number / rate for number in range(round(seconds * rate))]:
            frame = av.VideoFrame.from_ndarray(scene(*size, at=at), format="rgb24")
            frame.pts, frame.time_base = round(at * clock), fractions.Fraction(1, clock)
            container.mux(video.encode(frame))
        container.mux(video.encode(None))
        if audio is not None:
            _tone(container, audio, seconds, sound_delay_seconds)
    return stream.getvalue()


def tone(form: str = "wav", codec: str = "pcm_s16le", seconds: float = 1.0, rate: int = 16000) -> bytes:
    """A tone of 440 Hz."""
    stream = io.BytesIO()
    with av.open(stream, "w", format=form) as container:
        audio = container.add_stream(codec, rate=rate, layout="mono")
        _tone(container, audio, seconds, 0.0)
    return stream.getvalue()


def _tone(container, audio, seconds: float, delay_seconds: float) -> None:
    rate = audio.rate
    count = round(seconds * rate)
    samples = (0.5 * np.sin(2 * math.pi * 440 * np.arange(count) / rate)).astype(np.float32)
    resampler = av.AudioResampler(format=audio.format, layout="mono", rate=rate, frame_size=audio.frame_size or 1024)
    for start in range(0, count, 1024):
        frame = av.AudioFrame.from_ndarray(samples[None, start : start + 1024], format="flt", layout="mono")
        frame.sample_rate, frame.pts = rate, start + round(delay_seconds * rate)
        for piece in resampler.resample(frame):
            container.mux(audio.encode(piece))
    for piece in resampler.resample(None):
        container.mux(audio.encode(piece))
    container.mux(audio.encode(None))


def exhibit(content: bytes) -> Exhibit:
    """What acquisition would make of the bytes."""
    kind, media_type = sniff(content[: 1 << 16], len(content), content[-(1 << 16) :])
    return Exhibit(
        id=hashlib.sha256(content).hexdigest(),
        sha512=hashlib.sha512(content).hexdigest(),
        size=len(content),
        kind=kind,
        media_type=media_type,
    )


def stored(vault: Path, content: bytes) -> Path:
    """Put the bytes where a vault would."""
    place = vault / hashlib.sha256(content).hexdigest()
    place.write_bytes(content)
    return place


def job(vault: Path, content: bytes, *instruments: str, kind: Kind | None = None, **parameters: bool) -> Job:
    """A job for bytes that are put into the vault."""
    subject = exhibit(content)
    assert kind is None or subject.kind is kind
    return Job(exhibit=subject, path=str(stored(vault, content)), instruments=instruments, parameters=parameters)
