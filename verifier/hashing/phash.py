"""pHash as the ImageHash library defines it: 64 bits, for exchange with other tools; never used to join exhibits.

The hash is made here with OpenCV's cosine transform and a Lanczos reduction like Pillow's, because decoded pictures
are arrays in this house; `as_imagehash` gives the library's own type for comparing and printing.
"""

from __future__ import annotations

from collections.abc import Iterator

import cv2
import imagehash
import numpy as np
from numpy.typing import NDArray

from verifier.hashing.luma import luma, reduced
from verifier.instruments import Parameters, Picture, Showing, Viewer
from verifier.records import Exhibit, Fingerprint, Kind, Record

ALGORITHM = "phash"
SIDE = 8
SAMPLES = 32


def _lanczos(length: int, samples: int) -> NDArray[np.float32]:
    """Weights (samples, length) of an antialiased Lanczos-3 reduction, as Pillow's `resize` applies them."""
    scale = length / samples
    reach = 3.0 * max(scale, 1.0)
    centres = (np.arange(samples) + 0.5) * scale
    offsets = (np.arange(length)[None, :] + 0.5 - centres[:, None]) / max(scale, 1.0)
    weights = np.where(np.abs(offsets) * max(scale, 1.0) < reach, np.sinc(offsets) * np.sinc(offsets / 3), 0.0)
    return np.asarray(weights / weights.sum(axis=1, keepdims=True), np.float32)


def phash(picture: NDArray[np.uint8]) -> bytes:
    """64 bits, row by row, of a grey or RGB uint8 picture. Raises ValueError if it is empty."""
    if picture.size == 0:
        raise ValueError("a picture without pixels has no hash")
    grey = np.rint(luma(picture))
    rows, columns = _lanczos(grey.shape[0], SAMPLES), _lanczos(grey.shape[1], SAMPLES)
    samples = np.clip(np.rint(rows @ grey @ columns.T), 0, 255).astype(np.float64)
    low = np.asarray(cv2.dct(samples))[:SIDE, :SIDE].copy()
    low[0, :] *= np.sqrt(2)  # ImageHash's transform is not normalised: its constant row and column weigh more
    low[:, 0] *= np.sqrt(2)
    return np.packbits(low > np.median(low)).tobytes()


def as_imagehash(bits: bytes) -> imagehash.ImageHash:
    """ImageHash's own type; `str()` of it gives the 16 digits that other tools exchange."""
    return imagehash.ImageHash(np.unpackbits(np.frombuffer(bits, np.uint8)).reshape(SIDE, SIDE).astype(bool))


class _Viewing:
    def __init__(self) -> None:
        self._bits: bytes | None = None

    def see(self, picture: Picture) -> None:
        self._bits = phash(reduced(picture.grey if picture.colour is None else picture.colour))

    def hear(self, sound: object) -> None:
        """A still says nothing."""

    def conclude(self) -> Iterator[Record]:
        if self._bits is not None:
            yield Fingerprint(algorithm=ALGORITHM, bits=self._bits)


def _begin(exhibit: Exhibit, showing: Showing, parameters: Parameters) -> _Viewing:
    return _Viewing()


VIEWER = Viewer(name=ALGORITHM, version=1, accepts=frozenset({Kind.PHOTO}), begin=_begin)
