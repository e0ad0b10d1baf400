from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.hashing.drawn_clips import filmed, seen
from verifier.errors import Corrupt
from verifier.hashing import arrays as clip_arrays
from verifier.hashing.clips import features as clip_features


def test_what_was_written_is_read_again() -> None:
    arrays = {"a": np.arange(12, dtype=np.uint32).reshape(3, 4), "b": np.zeros((0, 32), np.uint8)}
    content = clip_arrays.encode("made/1", arrays, {"width": 7, "name": "x"})
    found, facts = clip_arrays.decode("made/1", content)
    assert facts == {"width": 7, "name": "x"}
    assert (found["a"] == arrays["a"]).all() and found["b"].shape == (0, 32)
    assert clip_arrays.encode("made/1", arrays, {"name": "x", "width": 7}) == content


def test_another_recipe_is_refused() -> None:
    content = clip_arrays.encode("made/1", {"a": np.zeros(3, np.uint8)})
    with pytest.raises(Corrupt):
        clip_arrays.decode("made/2", content)


def test_objects_are_not_kept() -> None:
    with pytest.raises(ValueError):
        clip_arrays.encode("made/1", {"a": np.array([object()])})


def test_a_small_array_cannot_unpack_to_a_large_one() -> None:
    content = clip_arrays.encode("made/1", {"a": np.zeros(100_000, np.uint8)})
    lying = content.replace(b"[100000]", b"[  9999]")
    with pytest.raises(Corrupt):
        clip_arrays.decode("made/1", lying)


DERIVATIVES = seen(filmed(1, 3))[0]
DECODERS = {
    clip_features.FRAMES_RECIPE: clip_features.decode_frames,
    clip_features.MOTION_RECIPE: clip_features.decode_motion,
    clip_features.SIFT_RECIPE: clip_features.decode_sift,
}


@pytest.mark.parametrize("recipe", sorted(DECODERS))
@given(data=st.data())
def test_damaged_derivatives_raise_only_corrupt(recipe: str, data: st.DataObject) -> None:
    content = bytearray(DERIVATIVES[recipe])
    for _ in range(data.draw(st.integers(0, 4))):
        content[data.draw(st.integers(0, min(len(content) - 1, 2000)))] ^= data.draw(st.integers(1, 255))
    cut = data.draw(st.integers(0, len(content)))
    try:
        DECODERS[recipe](bytes(content[:cut]))
    except Corrupt:
        return
    assert cut == len(content)


def test_small_frames_survive_within_a_step() -> None:
    small = np.random.default_rng(0).integers(0, 256, (9, 27, 48)).astype(np.uint8)
    again = clip_features.decode_motion(clip_features.encode_motion(small))
    assert np.abs(again - small).max() <= 1


def test_features_are_small_enough() -> None:
    content, _ = seen(filmed(2, 20))
    frames = 80
    assert len(content[clip_features.FRAMES_RECIPE]) / frames < 200
    assert len(content[clip_features.MOTION_RECIPE]) / frames < 1400
