"""The coarse look of a preview, held against what a decoder library makes of the same bytes."""

from __future__ import annotations

import io

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image

from tests.media.making import scene
from verifier.errors import Corrupt
from verifier.media.coarse import block_means
from verifier.media.encode import encode_jpeg, encode_png, jpeg


def by_library(content: bytes) -> np.ndarray:
    """Means of 8 x 8 blocks; what stands at an edge is left out where it is no whole block."""
    with Image.open(io.BytesIO(content)) as image:
        image.draft(None, None)
        planes = image.convert("YCbCr") if image.mode == "RGB" else image
        luma = np.asarray(planes)[..., 0] if image.mode == "RGB" else np.asarray(planes)
    rows, columns = luma.shape[0] // 8, luma.shape[1] // 8
    return luma[: rows * 8, : columns * 8].reshape(rows, 8, columns, 8).mean(axis=(1, 3))


@pytest.mark.parametrize("write", [jpeg, encode_jpeg])
@pytest.mark.parametrize("colour", [False, True])
@pytest.mark.parametrize("size", [(160, 120), (160, 90), (97, 61), (8, 8), (3, 5), (160, 23)])
def test_it_agrees_with_a_decoder(write: object, colour: bool, size: tuple[int, int]) -> None:
    picture = scene(*size)
    content = write(picture if colour else np.ascontiguousarray(picture[..., 1]))  # type: ignore[operator]
    means, expected = block_means(content), by_library(content)
    assert means.shape == (-(-size[1] // 8), -(-size[0] // 8))
    inner = means[: expected.shape[0], : expected.shape[1]]
    assert np.abs(inner - expected).max(initial=0) <= 4  # clipped pixels move a mean; the library rounds each pixel


def test_black_and_white_stay_so() -> None:
    grey = np.zeros((64, 64), np.uint8)
    grey[:, 32:] = 255
    means = block_means(jpeg(grey))
    assert means[:, :4].max() <= 2 and means[:, 4:].min() >= 253


def saved(**options: object) -> bytes:
    stream = io.BytesIO()
    Image.fromarray(scene(64, 48)).save(stream, "JPEG", **options)
    return stream.getvalue()


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"\xff\xd8",
        saved(progressive=True),
        saved(restart_marker_blocks=2),
        encode_png(scene(64, 48)),
        jpeg(scene(800, 20)),
        jpeg(scene(64, 48))[:-40],
        jpeg(scene(64, 48)) + bytes(1 << 20),
    ],
)
def test_what_is_never_made_is_not_read(content: bytes) -> None:
    with pytest.raises(Corrupt):
        block_means(content)


@given(st.data())
@settings(max_examples=150, deadline=None)
def test_damage_is_a_sentence_or_a_picture_of_the_same_bounds(data: st.DataObject) -> None:
    content = bytearray(WHOLE)
    for _ in range(data.draw(st.integers(1, 4))):
        content[data.draw(st.integers(0, len(content) - 1))] = data.draw(st.integers(0, 255))
    try:
        means = block_means(bytes(content))
    except Corrupt:
        return
    assert means.dtype == np.uint8 and max(means.shape) <= 80


WHOLE = jpeg(scene(48, 40))
