"""Pictures to bytes and back: only for derivatives, which *we* make. Evidence is opened by `image` and `frames`.

Grey (rows, columns) or RGB (rows, columns, 3) uint8. The bytes are a function of the pixels and of OpenCV's version.
"""

from __future__ import annotations

import cv2
import numpy as np
from numpy.typing import NDArray

from verifier.errors import Corrupt

Pixels = NDArray[np.uint8]


def _write(picture: Pixels, suffix: str, options: list[int]) -> bytes:
    channels = picture if picture.ndim == 2 else cv2.cvtColor(picture, cv2.COLOR_RGB2BGR)
    done, content = cv2.imencode(suffix, channels, options)
    if not done:
        raise ValueError(f"a picture of shape {picture.shape} cannot be written as {suffix}")
    return content.tobytes()


def encode_png(picture: Pixels) -> bytes:
    """PNG, lossless (image/png)."""
    return _write(picture, ".png", [cv2.IMWRITE_PNG_COMPRESSION, 6])


def encode_jpeg(picture: Pixels, quality: int = 85) -> bytes:
    """JPEG (image/jpeg): twenty times faster to write than WebP at half again its size."""
    return _write(picture, ".jpg", [cv2.IMWRITE_JPEG_QUALITY, quality])


def encode_webp(picture: Pixels, quality: int = 80) -> bytes:
    """WebP (image/webp); a quality above 100 is lossless."""
    return _write(picture, ".webp", [cv2.IMWRITE_WEBP_QUALITY, quality])


def decode_grey(content: bytes) -> Pixels:
    """The grey pixels of a derivative. Raises Corrupt where it is none."""
    picture = cv2.imdecode(np.frombuffer(content, np.uint8), cv2.IMREAD_GRAYSCALE) if content else None
    if picture is None:
        raise Corrupt("the derivative is no picture that can be read")
    return np.asarray(picture, np.uint8)
