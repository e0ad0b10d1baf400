"""Contact sheets show both sides at the moments that are held to be one, small enough for a report."""

from __future__ import annotations

import hashlib

import cv2
import numpy as np
import pytest

from tests.hashing.drawn_clips import clip, filmed
from verifier.hashing.clips.link_sheet import MOST_BYTES, TILE, as_derivative, frame_at, moments, sheet
from verifier.media.encode import decode_grey
from verifier.records import Medium, Segment


def segment(
    left: tuple[float, float] | None, right: tuple[float, float] | None, medium: Medium = Medium.VIDEO
) -> Segment:
    return Segment(left=left, right=right, speed=1.0, medium=medium)


def test_moments_lie_in_the_segments_and_belong_together() -> None:
    found = moments([segment((10.0, 14.0), (2.0, 6.0)), segment((50.0, 52.0), (9.0, 11.0))], (60.0, 20.0))
    assert len(found) == 6
    for one in found:
        assert one.left is not None and one.right is not None
        assert one.left - one.right == pytest.approx(8 if one.left < 20 else 41, abs=0.02)
    assert sum(one.left is not None and one.left > 20 for one in found) == 2  # by their share of the time


def test_sound_is_no_segment_of_pictures_and_without_segments_both_whole_lengths_count() -> None:
    found = moments([segment((0.0, 1.0), (5.0, 6.0), Medium.AUDIO)], (12.0, 24.0))
    assert [(one.left, one.right) for one in found][:2] == [(1.0, 2.0), (3.0, 6.0)]


def test_a_picture_beside_a_clip_has_no_time() -> None:
    found = moments([segment(None, (3.0, 6.0))], (None, 20.0))
    assert [(one.left, one.right) for one in found] == [(None, 3.5), (None, 4.5), (None, 5.5)]


def test_the_frame_at_a_moment_is_the_one_shown_then() -> None:
    frames = filmed(2, 6)
    found = frame_at(clip("c", frames), 3.0).astype(np.float32)
    size = (found.shape[1], found.shape[0])
    apart = [np.abs(cv2.resize(frame, size, interpolation=cv2.INTER_AREA) - found).mean() for frame in frames]
    assert int(np.argmin(apart)) == 12


def test_a_sheet_has_a_column_a_moment_and_pads_what_is_lower() -> None:
    wide, tall = np.full((27, 48), 80, np.uint8), np.full((300, 200), 160, np.uint8)
    drawn = sheet([wide, wide], [tall, wide], [("a 1.0 s", "b 2.0 s")] * 2)
    assert drawn.shape[1] == 2 * TILE + 4
    assert drawn[20, 20] == 80 and drawn[150, 20] == 160
    assert drawn[-1, -1] == 255


@pytest.mark.parametrize("shape", [(200, 400), (2000, 3000), (40, 3000)])
def test_an_evidence_picture_is_grey_and_at_most_30_kb(shape: tuple[int, int]) -> None:
    noise = np.random.default_rng(1).integers(0, 256, shape, np.uint8)
    made = as_derivative("evidence-aligned/1", noise)
    assert len(made.content) <= MOST_BYTES and made.media_type == "image/jpeg"
    assert made.id == hashlib.sha256(made.content).hexdigest()
    assert decode_grey(made.content).ndim == 2
    assert as_derivative("evidence-aligned/1", noise) == made
