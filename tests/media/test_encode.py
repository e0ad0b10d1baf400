"""Derivatives survive their way to bytes and back."""

from __future__ import annotations

import cv2
import numpy as np
import pytest
from skimage import data

from verifier.errors import Corrupt
from verifier.media.encode import decode_grey, encode_jpeg, encode_png, encode_webp


def test_png_and_lossless_webp_keep_every_pixel() -> None:
    grey = data.camera()
    assert np.array_equal(decode_grey(encode_png(grey)), grey)
    assert np.array_equal(decode_grey(encode_webp(grey, 101)), grey)


@pytest.mark.parametrize("write", [encode_jpeg, encode_webp])
def test_lossy_forms_stay_close_and_are_small(write) -> None:
    grey = data.camera()
    content = write(grey)
    assert cv2.PSNR(decode_grey(content), grey) > 30
    assert len(content) < grey.size / 4


def test_colour_keeps_its_order() -> None:
    red = np.zeros((8, 8, 3), np.uint8)
    red[..., 0] = 255
    back = cv2.imdecode(np.frombuffer(encode_png(red), np.uint8), cv2.IMREAD_COLOR)
    assert back[0, 0].tolist() == [0, 0, 255]  # OpenCV reads blue first


@pytest.mark.parametrize("content", [b"", b"\xff\xd8\xff nothing", encode_png(np.zeros((9, 9), np.uint8))[:20]])
def test_what_is_no_picture_is_refused(content: bytes) -> None:
    with pytest.raises(Corrupt):
        decode_grey(content)
