"""What the pixels say of a photo that is laid on a clip's frame: whether it is that frame, and when that was.

That a photo is *this* frame, and not the same view at another time, is told by what the clip changes: the photo must
differ from the clip's usual picture as the frame does.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from verifier.hashing.clips.features import FRAME_SECONDS, ClipFeatures
from verifier.hashing.clips.frames.levels import fitted, levelled, restless_share, usual_frame
from verifier.hashing.clips.local import Pairing, instant_of
from verifier.hashing.clips.motion import FIXED_VIEW, OVERLAID_LEVELS, STIR, Laying, Overlay
from verifier.hashing.clips.photos.layings import Photo, followed, shares

LEAST_SHOWN = 0.5  # of the common region, when the rest is taken for a banner
SURE, FAIR = 0.88, 0.78  # residual
FAINT_INLIERS, FAINT_RESIDUAL = 14, 0.86  # a laying by so few points must agree better
LEAST_WITHIN = 0.7  # of the photo within the frame, or of the frame within the photo: two crops of a third are neither
STILL_LIKENESS = 0.97  # of a clip in which nothing moves
LEAST_UNUSUAL = 3.0  # grey levels by which a photo differs from the usual picture where anything moves: else any time
PEAKINESS = 1.08
AROUND_SECONDS = 2.5
MOST_FRAMES = 2400  # around the one meant, of a long clip

Floats = NDArray[np.float32]


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Standing:
    """A photo on a clip's frame. `residual`: likeness of what sets both apart from the clip's usual picture."""

    pairing: Pairing
    seconds: tuple[float, float]
    likeness: float
    residual: float
    elsewhere: float
    stirred: int
    moving_share: float  # of the shot's content that is seldom at rest
    shares: tuple[float, float]  # of the photo on the frame, of the frame on the photo
    bits: int | None = None
    is_overlaid: bool = False  # compared without what a banner covers
    unusual: float = 0.0  # root mean square by which the photo differs from the usual picture where anything moves

    @property
    def is_fixed_view(self) -> bool:
        """Whether the camera stands: one view at all times, and only what comes and goes tells the time."""
        return self.moving_share < FIXED_VIEW

    @property
    def is_another_moment(self) -> bool:
        """Whether the photo shows something before a fixed camera that no frame of the clip shows."""
        return self.is_fixed_view and self.unusual >= LEAST_UNUSUAL and self.residual < FAIR

    @property
    def is_like_the_frame(self) -> bool:
        """Whether the photo differs from the clip's usual picture as this frame does."""
        return self.stirred >= 20 and self.residual >= FAIR and self.likeness >= 0.7

    @property
    def is_faint(self) -> bool:
        """Whether little speaks for the laying itself."""
        few = self.bits is None and self.pairing.inliers < FAINT_INLIERS
        return max(self.shares) < LEAST_WITHIN or (few and self.residual < FAINT_RESIDUAL)

    @property
    def grade(self) -> int:
        """2: certain; 1: likely; 0: to be looked at.

        Before a fixed camera always 0: a moment of another hour, when those who stand in this clip were away, agrees by
        .998 and stands out of every other moment of it by .8. No clip tells what its view looks like at other times.
        """
        if not self.is_like_the_frame or self.residual < PEAKINESS * self.elsewhere:
            return 0
        if self.is_faint or self.is_fixed_view:
            return 0
        return 2 if self.residual >= SURE and not self.is_overlaid else 1

    @property
    def worth(self) -> tuple[int, float]:
        """For choosing among frames: one that the photo shows whole goes before one that it shows in part."""
        within, other = max(self.shares), min(self.shares)
        return min(self.grade, 1), self.residual + 2 * self.likeness + within + 0.3 * other


MovingShares = dict[tuple[int, int], float]  # of one clip, by window and shot: the same for every laying


def standing(
    photo: Photo, clip: ClipFeatures, pairing: Pairing, bits: int | None, moving: MovingShares
) -> Standing | None:
    """The photo on the frame near the laying's that it agrees with best; None where they hardly overlap."""
    small = photo.small_for(pairing.homography)
    near = around(clip, pairing.known_seconds)
    if bits is None:
        pairing = instant_of(small, clip.small[near], clip.frames.times[near], pairing)
    return _standing(small, clip, pairing, near, bits, moving)


def sharpened(photo: Photo, clip: ClipFeatures, found: Standing, moving: MovingShares) -> Standing:
    """The same before a camera that moves, at the instant at which the followed laying fits best."""
    if found.is_fixed_view:
        return found
    small = photo.small_for(found.pairing.homography)
    near = around(clip, found.pairing.known_seconds)
    tracked = sorted(followed(small, clip, found.pairing, near), key=_fit, reverse=True)
    best = found
    for pairing in tracked[:3]:
        frame = int(np.abs(clip.frames.times - pairing.known_seconds).argmin())
        other = _standing(small, clip, pairing, np.array([frame]), found.bits, moving)
        if other is not None and other.worth > best.worth:
            best = other
    return best


def _fit(pairing: Pairing) -> float:
    one, other = shares(pairing.homography)
    return 2 * pairing.likeness + max(one, other) + 0.3 * min(one, other)


def _standing(
    small: Floats,
    clip: ClipFeatures,
    pairing: Pairing,
    near: NDArray[np.intp],
    bits: int | None,
    shares_moving: MovingShares,
) -> Standing | None:
    window = _window(len(clip.small), int(near[len(near) // 2]))
    overlay = Overlay(small[None], clip.small[window], Laying(homography=pairing.homography))
    if overlay.is_empty:
        return None
    here, frames = overlay.query[0], levelled(overlay.known)
    within = near - window.start
    within = within[(within >= 0) & (within < len(frames))]
    nearest = int(within[_alike(here, frames[within]).argmax()])
    of_shot = window.start, int(clip.frames.shot[nearest + window.start])
    if of_shot not in shares_moving:
        shares_moving[of_shot] = _moving_share(clip, nearest + window.start, window)
    moving = shares_moving[of_shot]
    if moving < FIXED_VIEW:  # one laying serves a whole shot
        shot = clip.frames.shot[window]
        within = np.flatnonzero(shot == shot[nearest])
    given = _Given(pairing=pairing, bits=bits, moving_share=moving, times=clip.frames.times[window])
    found = _compared(here, frames, within, given)
    if found.grade == 0 and found.likeness < STILL_LIKENESS:
        shown = _shown(here, frames[int(within[_alike(here, frames[within]).argmax()])])
        if shown is not None:
            found = _compared(here[shown], frames[:, shown], within, given, is_overlaid=True)
    return found


def _window(count: int, middle: int) -> slice:
    """The frames that are compared: all, or those around."""
    if count <= MOST_FRAMES:
        return slice(0, count)
    first = int(np.clip(middle - MOST_FRAMES // 2, 0, count - MOST_FRAMES))
    return slice(first, first + MOST_FRAMES)


def around(clip: ClipFeatures, seconds: float) -> NDArray[np.intp]:
    """Frames that a described frame speaks for: from the one described before it to the one after, 2.5 s at least."""
    times = clip.frames.times
    first, last = seconds - AROUND_SECONDS, seconds + AROUND_SECONDS
    if clip.sift is not None and len(clip.sift):
        described = times[clip.sift.frame.astype(np.intp)]
        earlier, later = described[described < seconds - 1e-3], described[described > seconds + 1e-3]
        first = min(first, float(earlier[-1]) if len(earlier) else 0.0)
        last = max(last, float(later[0]) if len(later) else float(times[-1]))
    return np.flatnonzero((times >= first) & (times <= last))


def _moving_share(clip: ClipFeatures, frame: int, window: slice) -> float:
    """How much of the frame's shot moves: a camera that stands shows one view at all times."""
    shot = clip.frames.shot
    of_shot = np.flatnonzero(shot[window] == shot[frame]) + window.start
    left, top, right, bottom = (float(side) for side in clip.frames.boxes[shot[frame]])
    rows, columns = clip.small.shape[1:]
    content = clip.small[of_shot, int(top * rows) : max(1, round(bottom * rows)), int(left * columns) :]
    content = content[:, :, : max(1, round((right - left) * columns))]
    return restless_share(levelled(content.reshape(len(content), -1)))


def _alike(here: Floats, frames: Floats) -> Floats:
    return _likeness(here[None] - here.mean(), frames - frames.mean(axis=1, keepdims=True))


def _shown(here: Floats, frame: Floats) -> NDArray[np.bool_] | None:
    """Points of the photo that no banner covers; None where there is none, or it covers too much."""
    gain, offset = fitted(frame, here)
    shown = np.abs(here - gain * frame - offset) <= OVERLAID_LEVELS
    return shown if LEAST_SHOWN <= float(shown.mean()) <= 0.97 else None


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class _Given:
    """What is the same with and without a banner's points."""

    pairing: Pairing
    bits: int | None
    moving_share: float
    times: Floats


def _compared(
    here: Floats, frames: Floats, near: NDArray[np.intp], given: _Given, *, is_overlaid: bool = False
) -> Standing:
    """The frame near by that is most like the photo, and how much of that is more than the clip's usual picture."""
    alike = _alike(here, frames)
    usual = usual_frame(frames)
    moving = frames.std(axis=0) > STIR
    apart, unusual = np.zeros(len(frames), np.float32), 0.0
    frame = int(near[np.argmax(alike[near])])
    if moving.sum() >= 2:
        gain, offset = fitted(here, frames[frame])
        own = (gain * here + offset - usual)[moving]
        unusual = float(np.sqrt(np.square(own).mean()))
        apart = _likeness(own[None], (frames - usual)[:, moving])
        if given.moving_share < FIXED_VIEW:  # what stands outweighs what moves, which alone tells the time
            frame = int(near[np.argmax((alike + apart)[near])])
    stand = _run(alike, frame)
    begin, end = float(given.times[stand[0]]), float(given.times[stand[1]]) + FRAME_SECONDS
    others = (given.times < begin - 1.5) | (given.times > end + 1.5)
    return Standing(
        pairing=given.pairing,
        seconds=(begin, end),
        likeness=float(alike[frame]),
        residual=float(apart[frame]),
        elsewhere=float(apart[others].max()) if others.any() else 0.0,
        stirred=int(moving.sum()),
        moving_share=given.moving_share,
        shares=shares(given.pairing.homography),
        bits=given.bits,
        is_overlaid=is_overlaid,
        unusual=unusual,
    )


def _run(alike: Floats, frame: int) -> tuple[int, int]:
    """First and last frame around that is as much alike."""
    good = alike >= alike[frame] - 0.01
    first = last = frame
    while first > 0 and good[first - 1]:
        first -= 1
    while last < len(good) - 1 and good[last + 1]:
        last += 1
    return first, last


def _likeness(one: Floats, rows: Floats) -> Floats:
    weight = np.sqrt(np.square(one).sum() * np.square(rows).sum(axis=1))
    return np.asarray((rows * one).sum(axis=1) / np.maximum(weight, 1e-6), np.float32)
