"""Small pictures to bytes and back, for people to find their way by and for comparing: never evidence.

Evidence is opened by `image` and `frames`; what is read here are derivatives. A worker made them, and it may have been
taken over: `derived` looks at them first.
"""

from __future__ import annotations

import io
from typing import TYPE_CHECKING

import cv2
import numpy as np
from PIL import Image

from verifier.errors import Corrupt
from verifier.media import derived

if TYPE_CHECKING:
    from numpy.typing import NDArray

SMALL_MEDIA_TYPE = "image/jpeg"
_QUALITY = 70


def small(grey: NDArray[np.uint8], long_side: int) -> NDArray[np.uint8]:
    """A plane, uint8 (rows, columns) or (rows, columns, 3), of at most that long side; averaged, never enlarged."""
    rows, columns = grey.shape[:2]
    scale = min(1.0, long_side / max(rows, columns))
    if scale == 1.0:
        return grey
    size = (max(1, round(columns * scale)), max(1, round(rows * scale)))
    return np.asarray(Image.fromarray(grey).resize(size, Image.Resampling.BOX), dtype=np.uint8)


def jpeg(grey: NDArray[np.uint8]) -> bytes:
    """A plane, uint8, grey or RGB, as JPEG without any metadata; the same plane gives the same bytes."""
    stream = io.BytesIO()
    Image.fromarray(grey).save(stream, "JPEG", quality=_QUALITY, optimize=True)
    return stream.getvalue()


def _write(picture: NDArray[np.uint8], suffix: str, options: list[int]) -> bytes:
    channels = picture if picture.ndim == 2 else cv2.cvtColor(picture, cv2.COLOR_RGB2BGR)
    done, content = cv2.imencode(suffix, channels, options)
    if not done:
        raise ValueError(f"a picture of shape {picture.shape} cannot be written as {suffix}")
    return content.tobytes()


def encode_png(picture: NDArray[np.uint8]) -> bytes:
    """Grey or RGB pixels as PNG, lossless (image/png)."""
    return _write(picture, ".png", [cv2.IMWRITE_PNG_COMPRESSION, 6])


def encode_jpeg(picture: NDArray[np.uint8], quality: int = 85) -> bytes:
    """Grey or RGB pixels as JPEG (image/jpeg), good enough to be compared pixel by pixel; a few milliseconds."""
    return _write(picture, ".jpg", [cv2.IMWRITE_JPEG_QUALITY, quality])


def encode_webp(picture: NDArray[np.uint8], quality: int = 80) -> bytes:
    """Grey or RGB pixels as WebP (image/webp); a quality above 100 is lossless."""
    return _write(picture, ".webp", [cv2.IMWRITE_WEBP_QUALITY, quality])


def decode_grey(content: bytes, media_type: str | None = None) -> NDArray[np.uint8]:
    """The grey pixels of a derivative. Raises Corrupt where it is none, or not of the kinds that we make."""
    columns, rows = derived.size(content, media_type)
    picture = cv2.imdecode(np.frombuffer(content, np.uint8), cv2.IMREAD_GRAYSCALE | cv2.IMREAD_IGNORE_ORIENTATION)
    if picture is None or picture.shape != (rows, columns):
        raise Corrupt("the derivative is no picture that can be read")
    return np.asarray(picture, np.uint8)
