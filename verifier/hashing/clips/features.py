"""What is known of one clip for comparing it: hashes and small pictures of its frames, local features, sound.

Five derivatives hold it; each can be read without the others, because a search looks at hashes first and at the rest
of a few clips only. Times are seconds of presentation from the first frame.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from copy import copy
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any

import numpy as np
from numpy.typing import NDArray

from verifier.errors import Corrupt
from verifier.hashing import arrays as clip_arrays
from verifier.hashing.local_features import LocalFeatures

FRAMES_RECIPE = "clip-frames/1"
MOTION_RECIPE = "clip-motion/1"
SIFT_RECIPE = "clip-sift/1"
KEYS_RECIPE = "clip-keys/1"
FRAME_SECONDS = 0.25  # how long a kept frame stands for
SMALL_SIDE = 48  # long side of the small grey frames
_GREY_STEP = 2  # of the small frames' 256 levels: a finer step would keep the codec's noise only
_POSITION_STEP = 1 / 32

Loader = Callable[[], bytes]


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class ClipFrames:
    """Frames in order of time. Hashes are kept once a *run* of nearly equal frames; `run` leads from frame to hash.

    `times`: float32 (frames,). `run`, `shot`: uint32 (frames,). `wide`, `wide_box`: uint8 (runs, 32), PDQ of the whole
    frame and of the shot's content box. `low`, `low_box`: uint8 (runs, 8). `quality`, `quality_box`: uint8 (runs,).
    `boxes`: float32 (shots, 4): left, top, right, bottom of the content as shares of the frame.
    """

    width: int  # of the decoded grey frame, upright
    height: int
    duration: float
    times: NDArray[np.float32]
    run: NDArray[np.uint32]
    shot: NDArray[np.uint32]
    wide: NDArray[np.uint8]
    low: NDArray[np.uint8]
    quality: NDArray[np.uint8]
    wide_box: NDArray[np.uint8]
    low_box: NDArray[np.uint8]
    quality_box: NDArray[np.uint8]
    boxes: NDArray[np.float32]

    def __len__(self) -> int:
        return len(self.times)


_FRAME_ARRAYS = (
    "times", "run", "shot", "wide", "low", "quality", "wide_box", "low_box", "quality_box", "boxes",
)  # fmt: skip


def encode_frames(frames: ClipFrames) -> bytes:
    """The `clip-frames/1` derivative."""
    facts = {"width": frames.width, "height": frames.height, "duration_s": round(frames.duration, 3)}
    return clip_arrays.encode(FRAMES_RECIPE, {name: getattr(frames, name) for name in _FRAME_ARRAYS}, facts)


def decode_frames(content: bytes) -> ClipFrames:
    """Raises Corrupt where it is none, or where its parts do not fit one another."""
    arrays, facts = clip_arrays.decode(FRAMES_RECIPE, content)
    try:
        frames = ClipFrames(
            width=int(facts["width"] or 0),
            height=int(facts["height"] or 0),
            duration=float(facts["duration_s"] or 0),
            **{name: arrays[name] for name in _FRAME_ARRAYS},
        )
    except (KeyError, TypeError, ValueError):
        raise Corrupt("hashes of frames are missing") from None
    count, runs = len(frames.times), len(frames.wide)
    fits = (
        frames.run.shape == frames.shot.shape == frames.times.shape == (count,)
        and frames.wide.shape == frames.wide_box.shape == (runs, 32)
        and frames.low.shape == frames.low_box.shape == (runs, 8)
        and frames.quality.shape == frames.quality_box.shape == (runs,)
        and frames.boxes.ndim == 2
        and frames.boxes.shape[1:] == (4,)
        and (count == 0 or (frames.run.max() < runs and frames.shot.max() < len(frames.boxes)))
        and bool(np.isfinite(frames.times).all())
        and bool(np.isfinite(frames.boxes).all())
        and min(frames.width, frames.height) > 0
    )
    if not fits:
        raise Corrupt("hashes of frames do not fit one another")
    return frames


def encode_motion(small: NDArray[np.uint8]) -> bytes:
    """The `clip-motion/1` derivative of small grey frames, uint8 (frames, rows, columns): each as what it adds to the
    one before, in steps of two grey levels."""
    steps = small // _GREY_STEP
    return clip_arrays.encode(MOTION_RECIPE, {"steps": np.diff(steps, axis=0, prepend=np.uint8(0))})


def decode_motion(content: bytes) -> NDArray[np.float32]:
    """Small grey frames, float32 (frames, rows, columns). Raises Corrupt."""
    arrays, _ = clip_arrays.decode(MOTION_RECIPE, content)
    steps = arrays.get("steps")
    if steps is None or steps.dtype != np.uint8 or steps.ndim != 3 or 0 in steps.shape[1:]:
        raise Corrupt("small frames are missing")
    return np.cumsum(steps, axis=0, dtype=np.uint8).astype(np.float32) * _GREY_STEP


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class ClipSift:
    """Local features of scene-distinct frames. `frame`: uint32 (pictures,), number of the frame among the kept ones;
    `first`: uint32 (pictures + 1,), where each picture's points begin; coordinates are pixels of the grey frame."""

    width: int
    height: int
    frame: NDArray[np.uint32]
    first: NDArray[np.uint32]
    points: NDArray[np.float32]  # (points, 4): x, y, size, angle
    descriptors: NDArray[np.uint8]  # (points, 128)

    def __len__(self) -> int:
        return len(self.frame)

    def picture(self, index: int) -> LocalFeatures:
        """The features of one picture."""
        some = slice(int(self.first[index]), int(self.first[index + 1]))
        return LocalFeatures(self.width, self.height, self.points[some], self.descriptors[some])

    def part(self, first: int, end: int) -> ClipSift:
        """Pictures of some consecutive frames, numbered from the first of these."""
        low, high = (int(place) for place in np.searchsorted(self.frame, [first, end]))
        return replace(self, frame=self.frame[low:high] - np.uint32(first), first=self.first[low : high + 1])


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class ClipKeys:
    """What the search by local features reads of a clip, so that a question need not read all points of all clips.

    `count`: uint32 (pictures,), points of each; `buckets`: uint32 (points, tables), numbers of buckets.
    """

    count: NDArray[np.uint32]
    buckets: NDArray[np.uint32]


def encode_keys(keys: ClipKeys) -> bytes:
    """The `clip-keys/1` derivative."""
    return clip_arrays.encode(KEYS_RECIPE, {"count": keys.count, "buckets": keys.buckets})


def decode_keys(content: bytes) -> ClipKeys:
    """Raises Corrupt."""
    arrays, _ = clip_arrays.decode(KEYS_RECIPE, content)
    count, buckets = arrays.get("count"), arrays.get("buckets")
    if count is None or buckets is None or count.dtype != np.uint32 or buckets.dtype != np.uint32:
        raise Corrupt("keys of local features are missing")
    if count.ndim != 1 or buckets.ndim != 2 or int(count.sum(dtype=np.int64)) != len(buckets):
        raise Corrupt("keys of local features do not fit one another")
    if buckets.size and int(buckets.max()) >= 1 << 20:
        raise Corrupt("a key of local features names no bucket")
    return ClipKeys(count=count, buckets=buckets)


def encode_sift(pictures: list[tuple[int, LocalFeatures]], width: int, height: int) -> bytes:
    """The `clip-sift/1` derivative of (frame number, features)."""
    counts = [len(features) for _, features in pictures]
    points = np.concatenate([features.points for _, features in pictures] or [np.zeros((0, 4), np.float32)])
    columns = np.empty(points.shape, np.uint16)
    for column in range(3):
        columns[:, column] = np.clip(np.rint(points[:, column] / _POSITION_STEP), 0, 65535)
    columns[:, 3] = np.rint(points[:, 3] / 360 * 65536).astype(np.int64) % 65536
    descriptors = [features.descriptors for _, features in pictures] or [np.zeros((0, 128), np.uint8)]
    arrays: dict[str, NDArray[Any]] = {
        "frame": np.array([number for number, _ in pictures], np.uint32),
        "first": np.cumsum([0, *counts]).astype(np.uint32),
        "points": columns,
        "descriptors": np.concatenate(descriptors),
    }
    return clip_arrays.encode(SIFT_RECIPE, arrays, {"width": width, "height": height})


def decode_sift(content: bytes) -> ClipSift:
    """Raises Corrupt."""
    arrays, facts = clip_arrays.decode(SIFT_RECIPE, content)
    try:
        frame, first, columns, descriptors = (arrays[name] for name in ("frame", "first", "points", "descriptors"))
        width, height = int(facts["width"] or 0), int(facts["height"] or 0)
    except (KeyError, TypeError, ValueError):
        raise Corrupt("local features of frames are missing") from None
    count = len(columns)
    if (
        first.shape != (len(frame) + 1,)
        or columns.shape != (count, 4)
        or descriptors.shape != (count, 128)
        or int(first[0]) != 0
        or int(first[-1]) != count
        or bool((np.diff(first.astype(np.int64)) < 0).any())
    ):
        raise Corrupt("local features of frames do not fit one another")
    points = columns.astype(np.float32) * np.array([_POSITION_STEP] * 3 + [360 / 65536], np.float32)
    return ClipSift(width=width, height=height, frame=frame, first=first, points=points, descriptors=descriptors)


class ClipFeatures:
    """One clip: its id, its hashes, and the rest as it is asked for (read once)."""

    def __init__(self, exhibit: str, content: Mapping[str, bytes | Loader]) -> None:
        """`content`: derivatives' bytes by recipe, or functions that fetch them. Raises Corrupt without hashes."""
        if FRAMES_RECIPE not in content:
            raise Corrupt("a clip without hashes of frames cannot be compared")
        self.exhibit = exhibit
        self._content = dict(content)
        self.frames = decode_frames(self._bytes(FRAMES_RECIPE))

    def __len__(self) -> int:
        return len(self.frames)

    def _bytes(self, recipe: str) -> bytes:
        held = self._content[recipe]
        return held if isinstance(held, bytes) else held()

    @cached_property
    def small(self) -> NDArray[np.float32]:
        """Small grey frames, float32 (frames, rows, columns). Raises Corrupt."""
        if MOTION_RECIPE not in self._content:
            raise Corrupt("a clip without small frames cannot be compared for motion")
        small = decode_motion(self._bytes(MOTION_RECIPE))
        if len(small) != len(self.frames):
            raise Corrupt("small frames and hashes are not of one clip")
        return small

    def keys(self) -> ClipKeys | None:
        """Keys of the local features, where they were kept. Raises Corrupt."""
        return decode_keys(self._bytes(KEYS_RECIPE)) if KEYS_RECIPE in self._content else None

    @cached_property
    def sift(self) -> ClipSift | None:
        """Local features, where they were made. Raises Corrupt."""
        if SIFT_RECIPE not in self._content:
            return None
        sift = decode_sift(self._bytes(SIFT_RECIPE))
        if len(sift) and int(sift.frame.max()) >= len(self.frames):
            raise Corrupt("local features and hashes are not of one clip")
        return sift

    def part(self, first: int, end: int) -> ClipFeatures:
        """Some consecutive frames (`end` excluded) with all that is known of them; times stay as they are."""
        frames = self.frames
        run = frames.run[first:end]
        low, high = (int(run.min()), int(run.max()) + 1) if len(run) else (0, 0)
        rows = {
            name: getattr(frames, name)[low:high]
            for name in ("wide", "low", "quality", "wide_box", "low_box", "quality_box")
        }
        some = copy(self)
        some.frames = replace(
            frames, times=frames.times[first:end], run=run - np.uint32(low), shot=frames.shot[first:end], **rows
        )
        some.__dict__["small"] = self.small[first:end]
        some.__dict__["sift"] = None if self.sift is None else self.sift.part(first, end)
        return some
