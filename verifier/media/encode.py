"""Small grey pictures of what was decoded, for people to find their way by: never evidence."""

from __future__ import annotations

import io
from typing import TYPE_CHECKING

import numpy as np
from PIL import Image

if TYPE_CHECKING:
    from numpy.typing import NDArray

SMALL_MEDIA_TYPE = "image/jpeg"
_QUALITY = 70


def small(grey: NDArray[np.uint8], long_side: int) -> NDArray[np.uint8]:
    """A grey plane, uint8 (rows, columns), of at most that long side; area averages, never enlarged."""
    rows, columns = grey.shape
    scale = min(1.0, long_side / max(rows, columns))
    if scale == 1.0:
        return grey
    size = (max(1, round(columns * scale)), max(1, round(rows * scale)))
    return np.asarray(Image.fromarray(grey).resize(size, Image.Resampling.BOX), dtype=np.uint8)


def jpeg(grey: NDArray[np.uint8]) -> bytes:
    """A grey plane, uint8 (rows, columns), as JPEG without any metadata; the same plane gives the same bytes."""
    stream = io.BytesIO()
    Image.fromarray(grey).save(stream, "JPEG", quality=_QUALITY, optimize=True)
    return stream.getvalue()
