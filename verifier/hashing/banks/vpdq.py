"""vPDQ lists, as other tools exchange them: PDQ of a clip's frames, with quality and time.

Three written forms exist. Text, a line a frame: `number,quality,hash,seconds` (Meta's own program). JSON, a list of
`"hash,quality,seconds"` (its Python package today). JSON, an object by frame number (the same package until 2023).
All are read; the first two are written. A list from others can be searched like any clip, by hashes alone.
"""

from __future__ import annotations

import json
import math
import re
from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np

from verifier.errors import Corrupt
from verifier.hashing.clips.features import FRAME_SECONDS, ClipFrames
from verifier.hashing.clips.frames.bits import LOW_BYTES

MOST_FRAMES = 2_000_000
_HASH = re.compile(r"[0-9a-f]{64}")


@dataclass(frozen=True, slots=True, kw_only=True)
class VpdqFrame:
    """One frame of a list. `bits`: 32 bytes as PDQ prints them."""

    bits: bytes
    quality: int
    seconds: float
    number: int | None = None


def listed(frames: ClipFrames) -> list[VpdqFrame]:
    """Our frames as a vPDQ list; nearly equal frames carry the hash of the first of them."""
    return [
        VpdqFrame(
            bits=frames.wide[run].tobytes(),
            quality=int(frames.quality[run]),
            seconds=round(float(seconds), 3),
            number=n,
        )
        for n, (seconds, run) in enumerate(zip(frames.times, frames.run, strict=True))
    ]


def as_frames(listed_frames: Iterable[VpdqFrame], size: tuple[int, int] = (16, 9)) -> ClipFrames:
    """A list from others, to search with: whole frames only, and no coarse hashes, which PDQ's bits do not hold."""
    ordered = sorted(listed_frames, key=lambda frame: frame.seconds)
    count = len(ordered)
    wide = np.frombuffer(b"".join(frame.bits for frame in ordered), np.uint8).reshape(count, 32)
    quality = np.array([frame.quality for frame in ordered], np.uint8)
    blank = np.zeros((count, LOW_BYTES), np.uint8)
    return ClipFrames(
        width=size[0],
        height=size[1],
        duration=ordered[-1].seconds + FRAME_SECONDS if ordered else 0.0,
        times=np.array([frame.seconds for frame in ordered], np.float32),
        run=np.arange(count, dtype=np.uint32),
        shot=np.zeros(count, np.uint32),
        wide=wide,
        low=blank,
        quality=quality,
        wide_box=wide,
        low_box=blank,
        quality_box=np.zeros(count, np.uint8),
        boxes=np.array([[0, 0, 1, 1]], np.float32),
    )


def write_text(frames: Iterable[VpdqFrame]) -> str:
    """`number,quality,hash,seconds`, a line a frame."""
    lines = [
        f"{number if frame.number is None else frame.number},{frame.quality},{frame.bits.hex()},{frame.seconds:.3f}"
        for number, frame in enumerate(frames)
    ]
    return "\n".join(lines) + "\n" if lines else ""


def write_json(frames: Iterable[VpdqFrame]) -> str:
    """A list of `"hash,quality,seconds"`."""
    return json.dumps([f"{frame.bits.hex()},{frame.quality},{frame.seconds:.3f}" for frame in frames])


def read(text: str) -> list[VpdqFrame]:
    """Any of the three forms. Raises Corrupt where a line is none of a vPDQ list."""
    if text.lstrip()[:1] in ("[", "{"):
        try:
            plain = json.loads(text)
        except (ValueError, RecursionError):
            raise Corrupt("not the JSON of a vPDQ list") from None
        return _of_json(plain)
    lines = [line.strip() for line in text.splitlines() if line.strip()]
    if len(lines) > MOST_FRAMES:
        raise Corrupt("more frames than a vPDQ list has")
    return [_of_text(line) for line in lines]


def _of_json(plain: object) -> list[VpdqFrame]:
    if isinstance(plain, list) and all(isinstance(item, str) for item in plain):
        parts = [item.split(",") for item in plain[:MOST_FRAMES]]
        if any(len(part) != 3 for part in parts):
            raise Corrupt("a frame of a vPDQ list has a hash, a quality and a time")
        return [_frame(bits, quality, seconds, None) for bits, quality, seconds in parts]
    if isinstance(plain, dict) and all(isinstance(item, dict) for item in plain.values()):
        return [
            _frame(str(item.get("hash")), str(item.get("quality")), str(item.get("timestamp")), number)
            for number, item in list(plain.items())[:MOST_FRAMES]
        ]
    raise Corrupt("not the JSON of a vPDQ list")


def _of_text(line: str) -> VpdqFrame:
    parts = line.split(",")
    if len(parts) != 4:
        raise Corrupt("a line of a vPDQ list has a number, a quality, a hash and a time")
    number, quality, bits, seconds = parts
    return _frame(bits, quality, seconds, number)


def _frame(bits: str, quality: str, seconds: str, number: str | None) -> VpdqFrame:
    bits = bits.strip().lower()
    try:
        worth, when = int(quality), float(seconds)
        which = None if number is None else int(number)
    except ValueError:
        raise Corrupt("a frame of a vPDQ list has a quality and a time that are no numbers") from None
    if not _HASH.fullmatch(bits) or not 0 <= worth <= 100 or not math.isfinite(when) or not 0 <= when < 1e7:
        raise Corrupt("a frame of a vPDQ list is not a hash of 64 digits with a quality of 0 to 100 and a time")
    return VpdqFrame(bits=bytes.fromhex(bits), quality=worth, seconds=when, number=which)
