"""PDQ: a 256-bit perceptual hash of a whole picture, as Meta published it ("The TMK+PDQF Video-Hashing Algorithm and
the PDQ Image-Hashing Algorithm", 2019), with its quality and its eight dihedral variants.

The luma is smoothed twice by a box, sampled at 64 x 64 points, and the 16 x 16 lowest cosine coefficients (without the
constant ones) are compared with their median. A mirrored or turned picture changes only signs and order of those
coefficients, so all eight variants come from one transform; they are made on the query's side, never stored.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache

import cv2
import numpy as np
from numpy.typing import NDArray

from verifier.hashing.boxes import content_boxes
from verifier.hashing.luma import luma, reduced
from verifier.instruments import Parameters, Picture, Showing, Viewer
from verifier.records import Exhibit, Fingerprint, Kind, Record

BITS = 256
BYTES = 32
ALGORITHM = "pdq"
LEAST_QUALITY = 50  # below it a picture is too flat to be compared, as PDQ's authors advise
CERTAIN_WITHIN = 31
LIKELY_WITHIN = 48

Coefficients = NDArray[np.float32]


@dataclass(frozen=True, slots=True)
class Turn:
    """One of the eight ways to lay a picture: mirrored left to right first, then turned clockwise."""

    mirrored: bool
    rotation_degrees: int


TURNS = tuple(Turn(mirrored, degrees) for mirrored in (False, True) for degrees in (0, 90, 180, 270))


def inverse(turn: Turn) -> Turn:
    """The turn that undoes it: a mirrored turn undoes itself."""
    return turn if turn.mirrored else Turn(False, -turn.rotation_degrees % 360)


@dataclass(frozen=True, slots=True)
class Pdq:
    """The coefficients of one picture and its quality, 0 (flat) to 100."""

    coefficients: Coefficients  # float32 (16, 16): rows are vertical frequencies 1..16
    quality: int

    @property
    def bits(self) -> bytes:
        """The published 256 bits; `.hex()` gives the 64 digits that other tools exchange."""
        return quantise(self.coefficients)

    def turned(self, turn: Turn) -> bytes:
        """The bits of the picture laid as `turn` says, without seeing its pixels again."""
        return quantise(_lay(self.coefficients, turn))


@cache
def cosines() -> NDArray[np.float32]:
    """The 16 x 64 cosine transform, without its constant row."""
    rows, columns = np.arange(1, 17)[:, None], np.arange(64)[None, :]
    return np.asarray(np.sqrt(2 / 64) * np.cos(np.pi / 128 * rows * (2 * columns + 1)), np.float32)


def _smooth(grey: NDArray[np.float32], weights: NDArray[np.float32], axis: int) -> NDArray[np.float32]:
    """Mean over a window that shrinks at the edges; the published window is one sample longer after the centre."""
    window = (grey.shape[axis] + 127) // 128
    before = window - (window + 2) // 2
    size = (window, 1) if axis == 1 else (1, window)
    anchor = (before, 0) if axis == 1 else (0, before)
    total = cv2.boxFilter(grey, cv2.CV_32F, size, anchor=anchor, normalize=False, borderType=cv2.BORDER_CONSTANT)
    return np.asarray(total / weights, np.float32)


def _window_sizes(length: int) -> NDArray[np.float32]:
    window = (length + 127) // 128
    after = (window + 2) // 2
    place = np.arange(length)
    first = np.maximum(0, place - (window - after))
    return np.asarray(np.minimum(length, place + after) - first, np.float32)


def sample(grey: NDArray[np.float32]) -> NDArray[np.float32]:
    """The 64 x 64 samples that the hash is made of."""
    height, width = grey.shape
    row_weights, column_weights = _window_sizes(height)[:, None], _window_sizes(width)[None, :]
    for _ in range(2):
        grey = _smooth(grey, column_weights, 1)
        grey = _smooth(grey, row_weights, 0)
    rows = ((np.arange(64) + 0.5) * height / 64).astype(int)
    columns = ((np.arange(64) + 0.5) * width / 64).astype(int)
    return np.asarray(grey[np.ix_(rows, columns)], np.float32)


def quality(samples: NDArray[np.float32]) -> int:
    """How much there is to hash, 0..100: the sum of whole-percent steps between neighbouring samples."""
    down = np.abs(((samples[:-1] - samples[1:]) * 100 / 255).astype(int)).sum()
    across = np.abs(((samples[:, :-1] - samples[:, 1:]) * 100 / 255).astype(int)).sum()
    return min(100, int((down + across) / 90))


def pdq(picture: NDArray[np.uint8]) -> Pdq:
    """PDQ of a grey or RGB uint8 picture just as it is; callers reduce large ones first. Raises ValueError if empty."""
    if picture.size == 0:
        raise ValueError("a picture without pixels has no hash")
    samples = sample(luma(picture))
    table = cosines()
    return Pdq((table @ samples @ table.T).astype(np.float32), quality(samples))


def _lay(coefficients: Coefficients, turn: Turn) -> Coefficients:
    signs = np.where(np.arange(16) % 2 == 0, np.float32(-1), np.float32(1))  # odd frequencies change sign in a mirror
    if turn.mirrored:
        coefficients = coefficients * signs[None, :]
    for _ in range(turn.rotation_degrees // 90):
        coefficients = coefficients.T * signs[None, :]
    return coefficients


def turned_bits(bits: bytes, turn: Turn) -> bytes:
    """What `Pdq.turned` says, from the bits alone: signs flip as the coefficients' would, the median staying near zero.

    Within some bits of the truth; a search allows for that by its radius.
    """
    cells = np.unpackbits(np.frombuffer(bits, np.uint8))[::-1].reshape(16, 16)
    flips = (np.arange(16) % 2 == 0).astype(np.uint8)
    if turn.mirrored:
        cells = cells ^ flips[None, :]
    for _ in range(turn.rotation_degrees // 90):
        cells = cells.T ^ flips[None, :]
    return np.packbits(cells.ravel()[::-1]).tobytes()


def negative_bits(bits: bytes) -> bytes:
    """The hash of the picture with its tones turned over: every coefficient changes its sign, and the median too."""
    return bytes(255 - byte for byte in bits)


def quantise(coefficients: Coefficients) -> bytes:
    """Bits above the (lower) median, last coefficient first, as published."""
    median = np.partition(coefficients, 127, axis=None)[127]
    return np.packbits((coefficients > median).ravel()[::-1]).tobytes()


class _Viewing:
    def __init__(self) -> None:
        self._picture: NDArray[np.uint8] | None = None

    def see(self, picture: Picture) -> None:
        self._picture = reduced(picture.grey if picture.colour is None else picture.colour)

    def hear(self, sound: object) -> None:
        """A still says nothing."""

    def conclude(self) -> Iterator[Record]:
        if self._picture is None:
            return
        cuts = [box.cut(self._picture) for box in content_boxes(self._picture)]
        for number, cut in enumerate([self._picture, *cuts]):
            found = pdq(cut)
            if number and found.quality < LEAST_QUALITY:
                continue
            variant = f"box{number}" if number else "full"
            yield Fingerprint(algorithm=ALGORITHM, bits=found.bits, quality=found.quality, variant=variant)


def _begin(exhibit: Exhibit, showing: Showing, parameters: Parameters) -> _Viewing:
    return _Viewing()


VIEWER = Viewer(name=ALGORITHM, version=1, accepts=frozenset({Kind.PHOTO}), begin=_begin)
