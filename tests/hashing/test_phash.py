"""pHash agrees with the library whose name it bears."""

from __future__ import annotations

import cv2
import imagehash
import numpy as np
import pytest
from PIL import Image
from skimage import data

from verifier.hashing.bits import hamming
from verifier.hashing.phash import VIEWER, as_imagehash, phash
from verifier.instruments import Picture, Showing
from verifier.records import Exhibit, Kind

EXHIBIT = Exhibit(id="0" * 64, sha512="0" * 128, size=1, kind=Kind.PHOTO, media_type="image/png")


@pytest.mark.parametrize("name", ["astronaut", "coffee", "chelsea", "rocket", "camera", "coins", "page"])
def test_equal_to_imagehash_but_for_rounding(name: str) -> None:
    picture = getattr(data, name)()
    theirs = imagehash.phash(Image.fromarray(picture))
    assert as_imagehash(phash(picture)) - theirs <= 2


def test_the_text_form_is_that_of_the_library() -> None:
    bits = phash(data.astronaut())
    assert imagehash.hex_to_hash(str(as_imagehash(bits))) == as_imagehash(bits)
    assert str(as_imagehash(bits)) == bits.hex()


def test_an_empty_picture_is_refused() -> None:
    with pytest.raises(ValueError):
        phash(np.zeros((4, 0), np.uint8))


def test_the_viewer_yields_one_fingerprint_that_survives_resizing() -> None:
    def watch(picture: np.ndarray) -> bytes:
        showing = Showing(still=True, stored_width=picture.shape[1], stored_height=picture.shape[0])
        viewing = VIEWER.begin(EXHIBIT, showing, {})
        viewing.see(Picture(grey=cv2.cvtColor(picture, cv2.COLOR_RGB2GRAY), colour=picture))
        (fingerprint,) = viewing.conclude()
        return fingerprint.bits

    picture = data.coffee()
    smaller = cv2.resize(picture, (300, 200), interpolation=cv2.INTER_AREA)
    assert hamming(watch(picture), watch(smaller)) <= 4
    assert hamming(watch(picture), watch(data.chelsea())) > 8
