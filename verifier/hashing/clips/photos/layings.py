"""How a photo may lie on a clip's frames: by points in common, by the look of the whole picture, and by following.

A laying is a proposal; what the pixels then say is judged in `clip_photo_standing`. Only some frames have points; where
the camera moves, the laying of such a frame is followed from frame to frame to the instant that the photo shows.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace

import cv2
import numpy as np
from numpy.typing import NDArray

from verifier.hashing.boxes import content_boxes
from verifier.hashing.clips.features import SMALL_SIDE, ClipFeatures
from verifier.hashing.clips.frames import bits as frame_bits
from verifier.hashing.clips.frames.hashes import frame_hash
from verifier.hashing.clips.frames.laying import Box, of_boxes
from verifier.hashing.clips.index import LocalVote
from verifier.hashing.clips.local import Pairing, geometry, grid
from verifier.hashing.clips.transform import corners
from verifier.hashing.local_features import LocalFeatures
from verifier.hashing.luma import reduced
from verifier.hashing.pdq import LEAST_QUALITY, TURNS, Turn
from verifier.hashing.pictures.features import PictureFeatures

HASH_WITHIN, LOW_WITHIN = 48, 10  # bits of 256 and of 64
MOST_POINTS = 400
PAIRS_TRIED = 24
MOST_SMALL_SIDE = 320  # pixels of the photo's grey self, where the clip's frame is a small part of it
WHOLE: Box = (0.0, 0.0, 1.0, 1.0)
_STEPS = 14  # frames that a laying is followed to either side
_LEAST_ECC = 0.6  # correlation below which following ends

Matrix = NDArray[np.float64]


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class View:
    """The whole photo, or the content of it without bars and a phone's ground: box in shares, and hashes."""

    box: Box
    wide: NDArray[np.uint8]  # (32,)
    low: NDArray[np.uint8]  # (8,)
    quality: int


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Photo:
    """What is compared of a photo: views with hashes, its strongest points, and its grey self, uint8."""

    views: tuple[View, ...]
    local: LocalFeatures
    grey: NDArray[np.uint8]

    @property
    def wide(self) -> NDArray[np.uint8]:
        """PDQ of the views that are worth asking with, uint8 (views, 32)."""
        return self._rows([view.wide for view in self.views if view.quality >= LEAST_QUALITY], frame_bits.WIDE_BYTES)

    @property
    def low(self) -> NDArray[np.uint8]:
        """Their coarse bits, uint8 (views, 8)."""
        return self._rows([view.low for view in self.views if view.quality >= LEAST_QUALITY], frame_bits.LOW_BYTES)

    @staticmethod
    def _rows(rows: list[NDArray[np.uint8]], width: int) -> NDArray[np.uint8]:
        return np.stack(rows) if rows else np.zeros((0, width), np.uint8)

    def small_for(self, homography: Matrix) -> NDArray[np.float32]:
        """Its grey self at the scale at which the clip's frame, laid so on it, has the size of a small frame."""
        share = float(np.sqrt(min(1.0, max(area_of(homography), 1e-4))))
        side = int(np.clip(round(SMALL_SIDE / share), SMALL_SIDE, MOST_SMALL_SIDE))
        return reduced(self.grey, side).astype(np.float32)


def photo_of(features: PictureFeatures) -> Photo:
    """Raises Corrupt where the grey picture cannot be read."""
    grey = features.grey()
    rows, columns = grey.shape
    views = [_view(grey, WHOLE)]
    for box in content_boxes(grey):
        views.append(_view(box.cut(grey), (box.left / columns, box.top / rows, box.right / columns, box.bottom / rows)))
    strongest = features.local.only(np.arange(min(len(features.local), MOST_POINTS)))
    return Photo(views=tuple(views), local=strongest, grey=grey)


def _view(grey: NDArray[np.uint8], box: Box) -> View:
    wide, low, quality = frame_hash(grey, grey.shape[1], grey.shape[0])
    return View(box=box, wide=np.frombuffer(wide, np.uint8), low=np.frombuffer(low, np.uint8), quality=quality)


def area_of(homography: Matrix) -> float:
    """Of the clip's frame on the photo, in shares of the photo."""
    return abs(float(cv2.contourArea(corners(homography))))


def shares(homography: Matrix) -> tuple[float, float]:
    """Share of the photo that lies on the frame, and of the frame that lies on the photo."""
    frame = np.array([[0, 0], [1, 0], [1, 1], [0, 1]], np.float32)
    quad = cv2.convexHull(corners(homography))
    common, _ = cv2.intersectConvexConvex(quad, frame)
    return float(np.clip(common, 0, 1)), float(np.clip(common / max(area_of(homography), 1e-6), 0, 1))


def by_points(photo: Photo, clip: ClipFeatures, votes: list[LocalVote]) -> Iterator[Pairing]:
    """Layings that points in common say, of frames that have points."""
    for vote in votes[:PAIRS_TRIED]:
        if clip.sift is None:
            return
        local = photo.local.mirrored() if vote.mirrored else photo.local
        laid = geometry(local, clip.sift.picture(vote.known_picture))
        if laid is None:
            continue
        homography, inliers, spread = laid
        if vote.mirrored:
            homography = np.array([[-1.0, 0, 1], [0, 1, 0], [0, 0, 1]]) @ homography
        when = float(clip.frames.times[int(clip.sift.frame[vote.known_picture])])
        yield Pairing(
            mirrored=vote.mirrored,
            seconds=0.0,
            known_seconds=when,
            homography=homography,
            inliers=inliers,
            spread=spread,
        )


def by_look(photo: Photo, clip: ClipFeatures) -> Iterator[tuple[Pairing, int]]:
    """Layings of whole frames, or of their content, on the whole photo or its content; with PDQ's bits apart."""
    frames = clip.frames
    kinds = ((False, frames.wide, frames.quality), (True, frames.wide_box, frames.quality_box))
    for view in photo.views if len(frames.wide) else ():
        for is_box, rows, quality in kinds if view.quality >= LEAST_QUALITY else ():
            best = (HASH_WITHIN + 1, 0, TURNS[0])
            for turn in TURNS:
                apart = frame_bits.between(frame_bits.laid(view.wide[None], turn), rows)[0]
                apart[quality < LEAST_QUALITY] = frame_bits.WIDE_BYTES * 8
                run = int(apart.argmin())
                if apart[run] < best[0]:
                    best = (int(apart[run]), run, turn)
            bits, run, turn = best
            frame = int(np.flatnonzero(frames.run == run)[0])
            box = _box(clip, frame) if is_box else WHOLE
            if bits <= HASH_WITHIN and not (is_box and box == WHOLE):
                yield _looking(clip, frame, view, box, turn), bits


def _box(clip: ClipFeatures, frame: int) -> Box:
    left, top, right, bottom = (float(side) for side in clip.frames.boxes[clip.frames.shot[frame]])
    return (left, top, right, bottom)


def _looking(clip: ClipFeatures, frame: int, view: View, box: Box, turn: Turn) -> Pairing:
    return Pairing(
        mirrored=turn.mirrored,
        seconds=0.0,
        known_seconds=float(clip.frames.times[frame]),
        homography=of_boxes(view.box, box, turn).homography,
        inliers=0,
        spread=1.0,
    )


def followed(
    small: NDArray[np.float32], clip: ClipFeatures, pairing: Pairing, near: NDArray[np.intp]
) -> Iterator[Pairing]:
    """The laying on frames around its own: each is made exact on the small frame, beginning from its neighbour's.

    `near`: numbers of the frames that may be meant, consecutive.
    """
    start = int(near[np.abs(clip.frames.times[near] - pairing.known_seconds).argmin()])
    own = _exact(small, clip.small[start], pairing.homography)
    if own is None:
        return
    yield replace(pairing, homography=own[0], likeness=own[1])
    for step in (1, -1):
        homography, frame = own[0], start + step
        while near[0] <= frame <= near[-1] and abs(frame - start) <= _STEPS:
            moved = _exact(small, clip.small[frame], homography)
            if moved is None:
                break
            homography = moved[0]
            yield replace(
                pairing,
                homography=homography,
                likeness=moved[1],
                known_seconds=float(clip.frames.times[frame]),
            )
            frame += step


def _exact(small: NDArray[np.float32], other: NDArray[np.float32], homography: Matrix) -> tuple[Matrix, float] | None:
    """The homography (frame to photo) that correlates best, and how well (Evangelidis and Psarakis 2008)."""
    rows, columns = other.shape
    there = grid(columns, rows)
    pixels = grid(small.shape[1], small.shape[0]) @ homography @ np.linalg.inv(there)
    flags = cv2.INTER_LINEAR | cv2.WARP_INVERSE_MAP
    warped = cv2.warpPerspective(small, pixels, (columns, rows), flags=flags, borderMode=cv2.BORDER_REPLICATE)
    mask = cv2.warpPerspective(np.full_like(small, 255), pixels, (columns, rows), flags=flags)
    inside = (mask > 250).astype(np.uint8)
    if inside.sum() < 60 or float(warped[inside > 0].std()) < 3:
        return None
    start = np.eye(2, 3, dtype=np.float32)
    criteria = (cv2.TERM_CRITERIA_EPS | cv2.TERM_CRITERIA_COUNT, 25, 1e-3)
    try:
        value, moved = cv2.findTransformECC(other, warped, start, cv2.MOTION_AFFINE, criteria, inside, 3)
    except cv2.error:  # it does not converge where the two have nothing in common
        return None
    if value < _LEAST_ECC or float(np.abs(np.asarray(moved)[:, 2]).max()) > columns / 4:
        return None
    change = np.vstack([moved, [0, 0, 1]]).astype(np.float64)
    laid = homography @ np.linalg.inv(there) @ change @ there
    return np.asarray(laid / laid[2, 2], np.float64), float(value)
