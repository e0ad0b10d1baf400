"""The further frames and pages of an animation, a burst or a scan of several pages, each as a PNG of its own.

A viewer shows them one after another, and a photograph may have been taken from any; comparing sees the first.
"""

from __future__ import annotations

import hashlib
import io
import warnings
from collections.abc import Iterator
from dataclasses import dataclass

from PIL import Image

from verifier.errors import Corrupt
from verifier.instruments import Source
from verifier.media.image import DECODER_ERRORS, MOST_PIXELS, reason

SEQUENCES: dict[str, tuple[str, ...]] = {
    "image/webp": ("WEBP",), "image/png": ("PNG",), "image/gif": ("GIF",), "image/tiff": ("TIFF",),
    "image/avif": ("AVIF",), "image/heic": ("HEIF",), "image/heif": ("HEIF",),
}  # fmt: skip
MOST_FRAMES = 120
MOST_ALL_PIXELS = 400_000_000
MOST_ALL_BYTES = 32 << 20


@dataclass(frozen=True, slots=True, kw_only=True)
class Further:
    """One frame: its number, counted from 1, of how many, and the PNG."""

    number: int
    total: int
    png: bytes


def further_frames(source: Source, media_type: str) -> Iterator[Further]:
    """Frames after the first that differ from the one before. Raises Corrupt where one cannot be decoded.

    At most so many frames, pixels and bytes; a caller sees from `number` and `total` how far that was.
    """
    with warnings.catch_warnings(), source.open() as stream:
        warnings.simplefilter("ignore")
        try:
            with Image.open(stream, formats=SEQUENCES[media_type]) as image:
                yield from _further(image)
        except DECODER_ERRORS as error:
            raise Corrupt(f"a further frame cannot be decoded: {reason(error)}") from None


def _further(image: Image.Image) -> Iterator[Further]:
    total = int(getattr(image, "n_frames", 1))
    if total < 2:
        return
    last, pixels, spent = b"", 0, 0
    for index in range(min(total, MOST_FRAMES)):
        image.seek(index)
        pixels += image.width * image.height
        if image.width * image.height > MOST_PIXELS or pixels > MOST_ALL_PIXELS:
            return
        frame = image.convert("RGB")
        digest = hashlib.sha256(frame.tobytes()).digest()
        if index and digest != last:
            written = io.BytesIO()
            frame.save(written, "PNG", compress_level=3)
            spent += written.tell()
            if spent > MOST_ALL_BYTES:
                return
            yield Further(number=index + 1, total=total, png=written.getvalue())
        last = digest
