"""Watches a clip and writes down what it can be recognised by: hashes of frames, small frames, local features.

Four frames a second come from the shared decode. Hashes of the whole frame and of the shot's content box come from one
small transform each. Nearly equal frames share one hash. Local features are costly
and so are taken only where a scene has changed since they were last taken.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field

import cv2
import numpy as np
from numpy.typing import NDArray

from verifier.hashing import arrays as clip_arrays
from verifier.hashing.bits import hamming
from verifier.hashing.boxes import Box
from verifier.hashing.clips import events as clip_events
from verifier.hashing.clips import features as clip_features
from verifier.hashing.clips.features import FRAME_SECONDS, SMALL_SIDE, ClipFrames
from verifier.hashing.clips.frames.boxes import ENOUGH_FRAMES, content_box
from verifier.hashing.clips.frames.hashes import FrameHash, frame_hash
from verifier.hashing.clips.frames.points import describe
from verifier.hashing.clips.frames.shots import is_cut
from verifier.hashing.clips.index import keys_of
from verifier.hashing.local_features import LocalFeatures
from verifier.hashing.luma import reduced
from verifier.instruments import Limits, Parameters, Picture, Showing, Sound, Viewer
from verifier.records import Exhibit, Fault, FaultKind, Kind, Record

NAME = "clip-frames"
FADE_FRAMES = 4  # a second
SAME_RUN_BITS = 4  # of PDQ's 256
MOST_FRAMES = 90 * 60 * 4  # an hour and a half: what one instrument may hand over
SIFT_EVERY_SECONDS = 1.5
SHORT_SECONDS, SIFT_EVERY_SHORT_SECONDS = 10.0, 0.5  # a short clip must not have its whole motion between two pictures
SIFT_CHANGED_BITS = 28  # of PDQ's 256, since the last picture that was described
MOST_SIFT_PICTURES = 500


@dataclass(slots=True)
class _Tables:
    """Rows as they grow; `run` and `shot` are numbers of rows in the hashes and in `boxes`."""

    times: list[float] = field(default_factory=list)
    run: list[int] = field(default_factory=list)
    shot: list[int] = field(default_factory=list)
    hashes: list[tuple[bytes, bytes, int, bytes, bytes, int]] = field(default_factory=list)
    boxes: list[tuple[float, float, float, float]] = field(default_factory=list)
    small: list[NDArray[np.uint8]] = field(default_factory=list)


class _Watching:
    """Frames of a shot wait until its content box is known, eight at most."""

    def __init__(self, name: str, native: tuple[int, int], *, is_short: bool) -> None:
        self._name = name
        self._native = native  # pixels: width and height as shown
        self._tables = _Tables()
        self._waiting: list[NDArray[np.uint8]] = []
        self._box: Box | None = None
        self._is_box_known = False
        self._full: list[FrameHash] = []  # hashes of the whole frame, of those that wait
        self._size: tuple[int, int] | None = None
        self._is_cut_short = False
        self._sift = _Describing(SIFT_EVERY_SHORT_SECONDS if is_short else SIFT_EVERY_SECONDS)

    def see(self, picture: Picture) -> None:
        tables = self._tables
        if len(tables.times) >= MOST_FRAMES:
            self._is_cut_short = True
            return
        grey = picture.grey
        if self._size is None:
            self._size = grey.shape[1], grey.shape[0]
        elif (grey.shape[1], grey.shape[0]) != self._size:  # a stream that changes its size half way
            grey = np.asarray(cv2.resize(grey, self._size, interpolation=cv2.INTER_AREA), np.uint8)
        small = reduced(grey, SMALL_SIDE)
        if not tables.small or is_cut(tables.small[-1], small) or self._has_faded(small):
            self._end_shot()
        tables.times.append(float(picture.offset_seconds or 0.0))
        tables.shot.append(len(tables.boxes))
        tables.small.append(small)
        self._full.append(frame_hash(grey, *self._native))
        self._sift.consider(len(tables.times) - 1, tables.times[-1], grey, self._full[-1])
        self._waiting.append(grey)
        if self._is_box_known or len(self._waiting) == ENOUGH_FRAMES:
            self._settle()

    def _has_faded(self, small: NDArray[np.uint8]) -> bool:
        """Whether the picture is another than a second ago, and was then at rest in a shot: a fade."""
        tables = self._tables
        if len(tables.small) < FADE_FRAMES + ENOUGH_FRAMES or tables.shot[-1] != tables.shot[-FADE_FRAMES]:
            return False
        if len(tables.boxes) != tables.shot[-FADE_FRAMES - 2]:
            return False
        return is_cut(tables.small[-FADE_FRAMES], small) and not is_cut(tables.small[-1], small)

    def _settle(self) -> None:
        """Hash the content of the frames that wait, now that its box is known."""
        if not self._is_box_known:
            self._box, self._is_box_known = content_box(self._waiting), True
        for grey, whole in zip(self._waiting, self._full, strict=True):
            inside = whole
            if self._box is not None:
                rows, columns = grey.shape
                width = round(self._native[0] * (self._box.right - self._box.left) / columns)
                height = round(self._native[1] * (self._box.bottom - self._box.top) / rows)
                inside = frame_hash(self._box.cut(grey), width, height)
            self._keep((*whole, *inside))
        self._shape = self._waiting[-1].shape if self._waiting else (1, 1)
        self._waiting, self._full = [], []

    def _keep(self, row: tuple[bytes, bytes, int, bytes, bytes, int]) -> None:
        tables = self._tables
        last = tables.hashes[-1] if tables.hashes else None
        is_same = (
            last is not None
            and tables.shot[len(tables.run)] == tables.shot[len(tables.run) - 1]
            and hamming(last[0], row[0]) <= SAME_RUN_BITS
            and hamming(last[3], row[3]) <= SAME_RUN_BITS
        )
        if not is_same:
            tables.hashes.append(row)
        tables.run.append(len(tables.hashes) - 1)

    def _end_shot(self) -> None:
        if not self._tables.times:
            return
        if self._waiting:
            self._settle()
        rows, columns = self._shape
        box = self._box or Box(0, 0, columns, rows)
        self._tables.boxes.append((box.left / columns, box.top / rows, box.right / columns, box.bottom / rows))
        self._box, self._is_box_known = None, False

    def hear(self, sound: Sound) -> None:
        """Sound is another viewer's."""

    def conclude(self) -> Iterator[Record]:
        self._end_shot()
        tables = self._tables
        if not tables.times or self._size is None:
            return
        columns = list(zip(*tables.hashes, strict=True))
        frames = ClipFrames(
            width=self._size[0],
            height=self._size[1],
            duration=tables.times[-1] + FRAME_SECONDS,
            times=np.array(tables.times, np.float32),
            run=np.array(tables.run, np.uint32),
            shot=np.array(tables.shot, np.uint32),
            wide=_rows(columns[0]),
            low=_rows(columns[1]),
            quality=np.array(columns[2], np.uint8),
            wide_box=_rows(columns[3]),
            low_box=_rows(columns[4]),
            quality_box=np.array(columns[5], np.uint8),
            boxes=np.array(tables.boxes, np.float32),
        )
        yield clip_arrays.derivative(clip_features.FRAMES_RECIPE, clip_features.encode_frames(frames))
        yield clip_arrays.derivative(clip_features.MOTION_RECIPE, clip_features.encode_motion(np.stack(tables.small)))
        sift = clip_features.encode_sift(self._sift.pictures, *self._size)
        yield clip_arrays.derivative(clip_features.SIFT_RECIPE, sift)
        keys = clip_features.encode_keys(keys_of(clip_features.decode_sift(sift)))
        yield clip_arrays.derivative(clip_features.KEYS_RECIPE, keys)
        times, small = np.array(tables.times, np.float32), np.stack(tables.small)
        for tell in (clip_events.cuts, clip_events.frozen, clip_events.repeated):
            yield from tell(times, small)
        if self._is_cut_short:
            detail = f"only the first {MOST_FRAMES / 4 / 3600:g} hours are compared with other clips"
            yield Fault(kind=FaultKind.UNSUPPORTED, detail=detail, instrument=self._name)


def _rows(bits: tuple[bytes, ...]) -> NDArray[np.uint8]:
    return np.frombuffer(b"".join(bits), np.uint8).reshape(len(bits), -1)


class _Describing:
    """Chooses the frames whose local features are worth their cost."""

    def __init__(self, every_seconds: float) -> None:
        self.pictures: list[tuple[int, LocalFeatures]] = []
        self._last: tuple[float, bytes] | None = None
        self._every = every_seconds

    def consider(self, number: int, seconds: float, grey: NDArray[np.uint8], whole: tuple[bytes, bytes, int]) -> None:
        bits, _, quality = whole
        if self._last is not None:
            since, known = self._last
            if seconds - since < self._every or hamming(known, bits) < SIFT_CHANGED_BITS:
                return
        if quality < 10:  # black, white, or a single colour
            return
        self._last = seconds, bits
        self.pictures.append((number, describe(grey)))
        if len(self.pictures) > MOST_SIFT_PICTURES:
            self.pictures = self.pictures[::2]
            self._every *= 2


def _begin(exhibit: Exhibit, showing: Showing, parameters: Parameters) -> _Watching:
    width, height = showing.stored_width, showing.stored_height
    if showing.rotation_degrees in (90, 270):
        width, height = height, width
    is_short = showing.duration_seconds is not None and showing.duration_seconds <= SHORT_SECONDS
    return _Watching(NAME, (width, height), is_short=is_short)


VIEWER = Viewer(
    name=NAME,
    version=3,
    accepts=frozenset({Kind.VIDEO}),
    begin=_begin,
    limits=Limits(seconds=20, seconds_per_megabyte=2.0, most_seconds=3600, memory_bytes=1 << 30),
)
