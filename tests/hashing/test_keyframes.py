"""Small pictures to find an exhibit by: few, spread, in bounded memory."""

from __future__ import annotations

import io

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image

from tests.media.making import exhibit, scene, still
from verifier.hashing.keyframes import MOST_KEYFRAMES, VIEWER, _Album
from verifier.instruments import Picture, Showing
from verifier.records import Derivative


def derivatives(album: _Album) -> list[Derivative]:
    made = list(album.conclude())
    assert all(isinstance(item, Derivative) for item in made)
    return made  # type: ignore[return-value]


def grey(seed: float = 0.0, width: int = 480, height: int = 270) -> np.ndarray:
    return np.ascontiguousarray(scene(width, height, seed)[:, :, 0])


def test_a_still_has_one_small_grey_thumbnail() -> None:
    showing = Showing(still=True, stored_width=480, stored_height=270)
    viewing = VIEWER.begin(exhibit(still()), showing, {})
    viewing.see(Picture(grey=grey()))
    (made,) = viewing.conclude()
    assert isinstance(made, Derivative) and made.recipe == "thumbnail/1" and made.media_type == "image/jpeg"
    with Image.open(io.BytesIO(made.content)) as image:
        assert image.size == (160, 90) and image.mode == "L" and "exif" not in image.info


@given(st.integers(min_value=1, max_value=600))
def test_key_frames_are_few_in_order_and_spread(count: int) -> None:
    album = _Album(still=False)
    flat = np.zeros((9, 16), np.uint8)
    for number in range(count):
        album.see(Picture(grey=flat, offset_seconds=number / 4, number=number))
        assert len(album._kept) <= 12
    made = derivatives(album)
    assert [item.recipe for item in made] == ["thumbnail/1"] + ["keyframes/1"] * min(count, MOST_KEYFRAMES)
    times = [item.offset_seconds for item in made[1:]]
    assert times == sorted(set(times))
    if count >= 24:
        duration = count / 4
        assert times[0] <= duration / 3 and times[-1] >= duration * 0.6
        gaps = np.diff(times)
        assert gaps.max() <= duration / 2


def test_the_thumbnail_is_not_the_black_beginning() -> None:
    album = _Album(still=False)
    for number in range(8):
        plane = np.zeros((270, 480), np.uint8) if number < 5 else grey(number)
        album.see(Picture(grey=plane, offset_seconds=number / 4))
    with Image.open(io.BytesIO(derivatives(album)[0].content)) as image:
        assert np.asarray(image).std() > 10


@pytest.mark.parametrize("damaged", [range(3), range(8)])
def test_damaged_pictures_are_passed_over_unless_there_are_no_others(damaged: range) -> None:
    album = _Album(still=False)
    for number in range(8):
        album.see(Picture(grey=grey(number), offset_seconds=float(number), damaged=number in damaged))
    times = [item.offset_seconds for item in derivatives(album)[1:]]
    assert times == ([0.0] if len(damaged) == 8 else [3.0, 4.0, 5.0, 6.0, 7.0])


def test_nothing_seen_nothing_made() -> None:
    assert derivatives(_Album(still=False)) == []
