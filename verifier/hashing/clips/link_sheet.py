"""A contact sheet of a link between clips: what each side shows at the moments that are held to be one.

Made from the small grey frames that comparing keeps, so no recording is opened again. Above the left exhibit, below the
right one, each with its second; what the link says is mirrored is shown mirrored back, so that the eye can compare.
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from verifier.hashing.clips.features import ClipFeatures
from verifier.media.encode import encode_jpeg, small
from verifier.records import Derivative, Medium, Segment

MOST_MOMENTS = 6
TILE = 150  # width of a tile, pixels
GAP, CAPTION = 4, 14
LONG_SIDE = 960  # of any evidence picture
MOST_BYTES = 30_000
_QUALITIES = (80, 60, 40, 25, 10)

Grey = NDArray[np.uint8]


@dataclass(frozen=True, slots=True, kw_only=True)
class PairedMoment:
    """One moment of both sides, seconds; None for a picture's side."""

    left: float | None
    right: float | None


def moments(segments: Sequence[Segment], durations: tuple[float | None, float | None]) -> list[PairedMoment]:
    """Up to six moments spread over the segments of pictures; over both whole lengths where there are none.

    A side of no duration is a picture; beside it three moments are enough.
    """
    spans = [(segment.left, segment.right) for segment in segments if segment.medium is not Medium.AUDIO]
    spans = spans or [(_whole(durations[0]), _whole(durations[1]))]
    most = MOST_MOMENTS if None not in durations else MOST_MOMENTS // 2
    lengths = [max(_length(left), _length(right), 1e-3) for left, right in spans]
    total = sum(lengths)
    found = []
    for number in range(most):
        place = total * (number + 0.5) / most
        for (left, right), length in zip(spans, lengths, strict=True):
            if place <= length or (left, right) == spans[-1]:
                share = min(1.0, place / length)
                found.append(PairedMoment(left=_at(left, share), right=_at(right, share)))
                break
            place -= length
    return list(dict.fromkeys(found))


def _whole(duration: float | None) -> tuple[float, float] | None:
    return None if duration is None else (0.0, duration)


def _length(span: tuple[float, float] | None) -> float:
    return 0.0 if span is None else span[1] - span[0]


def _at(span: tuple[float, float] | None, share: float) -> float | None:
    return None if span is None else round(span[0] + share * (span[1] - span[0]), 2)


def frame_at(clip: ClipFeatures, seconds: float) -> Grey:
    """The small frame nearest to a moment. Raises Corrupt where there is none."""
    nearest = int(np.abs(clip.frames.times - seconds).argmin())
    return np.asarray(np.clip(np.rint(clip.small[nearest]), 0, 255), np.uint8)


def sheet(tops: Sequence[Grey], bottoms: Sequence[Grey], captions: Sequence[tuple[str, str]]) -> Grey:
    """Tiles in two rows, uint8 (rows, columns); `captions` above the upper and below the lower row."""
    columns = [
        np.vstack([_caption(words[0]), _tile(top), np.full((GAP, TILE), 255, np.uint8), _tile(bottom),
                   _caption(words[1])])
        for top, bottom, words in zip(tops, bottoms, captions, strict=True)
    ]  # fmt: skip
    tallest = max(column.shape[0] for column in columns)
    between = np.full((tallest, GAP), 255, np.uint8)
    parts: list[Grey] = []
    for column in columns:
        short = tallest - column.shape[0]
        parts += [np.pad(column, ((0, short), (0, 0)), constant_values=255), between]
    return np.asarray(np.hstack(parts[:-1]), np.uint8)


def _tile(grey: Grey) -> Grey:
    height = max(1, min(3 * TILE, round(grey.shape[0] * TILE / grey.shape[1])))
    way = cv2.INTER_CUBIC if grey.shape[1] < TILE else cv2.INTER_AREA
    return np.asarray(cv2.resize(grey, (TILE, height), interpolation=way), np.uint8)


def _caption(words: str) -> Grey:
    strip = np.full((CAPTION, TILE), 255, np.uint8)
    cv2.putText(strip, words, (2, CAPTION - 3), cv2.FONT_HERSHEY_SIMPLEX, 0.38, 0, 1, cv2.LINE_AA)
    return strip


def as_derivative(recipe: str, picture: Grey) -> Derivative:
    """A grey evidence picture of at most 30 kB."""
    shown = small(picture, LONG_SIDE)
    content = b""
    for quality in _QUALITIES:
        content = encode_jpeg(shown, quality)
        if len(content) <= MOST_BYTES:
            break
    while len(content) > MOST_BYTES:
        shown = small(shown, max(shown.shape) * 2 // 3)
        content = encode_jpeg(shown, _QUALITIES[-1])
    return Derivative(
        id=hashlib.sha256(content).hexdigest(), recipe=recipe, media_type="image/jpeg", content=content
    )  # fmt: skip
