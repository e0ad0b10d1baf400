"""Local features: RootSIFT points that survive cropping, pasting, turning and perspective.

Points are taken from the shared grey picture (short side at most 480). The strongest of each part of the picture are
kept, so that the sharp letters of a banner or a phone's screen do not crowd out the picture itself. The descriptor of a
mirrored picture is a permutation of the same 128 numbers, so mirrors need neither a second extraction nor a second
index (Lowe 2004 for SIFT; Arandjelovic and Zisserman 2012 for RootSIFT).
"""

from __future__ import annotations

import hashlib
import struct
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache

import cv2
import numpy as np
from numpy.typing import NDArray

from verifier.errors import Corrupt
from verifier.instruments import Parameters, Picture, Showing, Viewer
from verifier.media import plane
from verifier.media.encode import decode_grey, encode_jpeg
from verifier.records import Derivative, Exhibit, Kind, Record

RECIPE = "rootsift/1"
GREY_RECIPE = "grey/2"  # the grey picture itself: what candidates are judged on
MEDIA_TYPE = "application/x-rootsift"
MOST_POINTS = 800
GRID = 6  # the picture is parted into GRID x GRID for a fair share of points
FAIR_SHARE = 16  # points that each part may keep before strength alone decides
CONTRAST, EDGE = 0.02, 12

_MAGIC = b"RSIFT\x01"
_HEAD = struct.Struct("<6sHHH")
_POSITION_STEP = 1 / 32  # pixels
_ANGLE_STEP = 360 / 65536
_SIZE_STEP = 1 / 64

# Descriptor cells are (row, column, direction); seen along the point's own axis a mirror reverses rows and directions.
MIRROR = np.array([((3 - r) * 4 + c) * 8 + (8 - o) % 8 for r in range(4) for c in range(4) for o in range(8)])
# In a negative every gradient points the other way, the point's own axis too: cells lie half a turn away.
NEGATIVE = np.array([((3 - r) * 4 + 3 - c) * 8 + o for r in range(4) for c in range(4) for o in range(8)])


@dataclass(frozen=True, slots=True, eq=False)
class LocalFeatures:
    """Points of one picture; a prefix of them is spread over it, the strongest of each part first.

    `points`: float32 (count, 4): x, y in pixels of the grey picture, size in pixels, angle in degrees clockwise.
    `descriptors`: uint8 (count, 128).
    """

    width: int
    height: int
    points: NDArray[np.float32]
    descriptors: NDArray[np.uint8]

    def __len__(self) -> int:
        return len(self.points)

    def mirrored(self) -> LocalFeatures:
        """The features of the picture mirrored left to right."""
        points = self.points.copy()
        points[:, 0] = self.width - 1 - points[:, 0]
        points[:, 3] = (180 - points[:, 3]) % 360
        return LocalFeatures(self.width, self.height, points, np.ascontiguousarray(self.descriptors[:, MIRROR]))

    def negative(self) -> LocalFeatures:
        """The features of the picture with its tones turned over."""
        points = self.points.copy()
        points[:, 3] = (points[:, 3] + 180) % 360
        return LocalFeatures(self.width, self.height, points, np.ascontiguousarray(self.descriptors[:, NEGATIVE]))

    def only(self, keep: NDArray[np.bool_] | NDArray[np.intp]) -> LocalFeatures:
        """Some of the points."""
        return LocalFeatures(self.width, self.height, self.points[keep], self.descriptors[keep])


@cache
def _detector() -> cv2.Feature2D:
    return cv2.SIFT_create(  # type: ignore[attr-defined, no-any-return]
        nfeatures=0, contrastThreshold=CONTRAST, edgeThreshold=EDGE
    )


def _strongest(points: NDArray[np.float32], response: NDArray[np.float32], width: int, height: int) -> NDArray[np.intp]:
    """Indices: each part's strongest first in turn for FAIR_SHARE rounds, then by strength alone."""
    order = np.lexsort((points[:, 1], points[:, 0], -response))
    cell = np.minimum(points[:, 0] * GRID / width, GRID - 1).astype(int) * GRID
    cell += np.minimum(points[:, 1] * GRID / height, GRID - 1).astype(int)
    taken = [0] * (GRID * GRID)
    round_of = np.empty(len(order), int)
    for place, part in enumerate(cell[order].tolist()):
        round_of[place] = min(taken[part], FAIR_SHARE)
        taken[part] += 1
    return np.asarray(order[np.argsort(round_of, kind="stable")][:MOST_POINTS], np.intp)


def extract(grey: NDArray[np.uint8]) -> LocalFeatures:
    """RootSIFT points of a grey uint8 picture; none in a flat one."""
    height, width = grey.shape
    keypoints, raw = _detector().detectAndCompute(grey, None)
    if raw is None or len(keypoints) == 0:
        return LocalFeatures(width, height, np.zeros((0, 4), np.float32), np.zeros((0, 128), np.uint8))
    points = np.array([(*point.pt, point.size, point.angle) for point in keypoints], np.float32)
    response = np.array([point.response for point in keypoints], np.float32)
    chosen = _strongest(points, response, width, height)
    descriptors = raw[chosen]
    descriptors = np.sqrt(descriptors / (descriptors.sum(axis=1, keepdims=True) + 1e-9)) * 512
    return LocalFeatures(width, height, points[chosen], np.clip(descriptors, 0, 255).astype(np.uint8))


def encode(features: LocalFeatures) -> bytes:
    """Magic, width, height, count; x and y in 1/32 pixel, size in 1/64 pixel, angle in 1/65536 turn; descriptors."""
    count = len(features)
    columns = np.empty((count, 4), "<u2")
    for column, step in enumerate((_POSITION_STEP, _POSITION_STEP, _SIZE_STEP)):
        columns[:, column] = np.clip(np.rint(features.points[:, column] / step), 0, 65535)
    columns[:, 3] = np.rint(features.points[:, 3] / _ANGLE_STEP).astype(np.int64) % 65536
    head = _HEAD.pack(_MAGIC, features.width, features.height, count)
    return head + columns.tobytes() + features.descriptors.tobytes()


def decode(content: bytes) -> LocalFeatures:
    """The features that `encode` wrote. Raises Corrupt on anything else."""
    if len(content) < _HEAD.size:
        raise Corrupt("local features are cut off")
    magic, width, height, count = _HEAD.unpack_from(content)
    if magic != _MAGIC or width == 0 or height == 0 or len(content) != _HEAD.size + count * (8 + 128):
        raise Corrupt("not a table of local features")
    columns = np.frombuffer(content, "<u2", count * 4, _HEAD.size).reshape(count, 4).astype(np.float32)
    points = columns * np.array([_POSITION_STEP, _POSITION_STEP, _SIZE_STEP, _ANGLE_STEP], np.float32)
    descriptors = np.frombuffer(content, np.uint8, count * 128, _HEAD.size + count * 8).reshape(count, 128)
    return LocalFeatures(width, height, points, descriptors)


class _Viewing:
    def __init__(self) -> None:
        self._grey: NDArray[np.uint8] | None = None

    def see(self, picture: Picture) -> None:
        self._grey = picture.grey

    def hear(self, sound: object) -> None:
        """A still says nothing."""

    def conclude(self) -> Iterator[Record]:
        if self._grey is None:
            return
        yield _derivative(RECIPE, MEDIA_TYPE, encode(extract(self._grey)))
        # once through JPEG: what the thresholds of comparing were measured on
        yield _derivative(GREY_RECIPE, plane.MEDIA_TYPE, plane.pack(decode_grey(encode_jpeg(self._grey))))


def _derivative(recipe: str, media_type: str, content: bytes) -> Derivative:
    digest = hashlib.sha256(content).hexdigest()
    return Derivative(id=digest, recipe=recipe, media_type=media_type, content=content)


def _begin(exhibit: Exhibit, showing: Showing, parameters: Parameters) -> _Viewing:
    return _Viewing()


VIEWER = Viewer(name="sift", version=2, accepts=frozenset({Kind.PHOTO}), begin=_begin)
