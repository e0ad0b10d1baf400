"""A picture that breaks off is shown as far as it is there: the decoder's filling is no part of it."""

from __future__ import annotations

import io
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from tests.metadata.reading import Held
from verifier.media.image import show


def textured(width: int = 640, height: int = 480, orientation: int = 1) -> bytes:
    noise = np.random.default_rng(7).integers(0, 256, (height // 8, width // 8, 3), dtype=np.uint8)
    stream, exif = io.BytesIO(), Image.Exif()
    exif[0x0112] = orientation
    Image.fromarray(noise).resize((width, height), Image.Resampling.BICUBIC).save(stream, "JPEG", quality=90, exif=exif)
    return stream.getvalue()


@pytest.mark.parametrize("orientation", range(1, 9))
@pytest.mark.parametrize("share", [0.3, 0.6, 0.9])
def test_what_is_there_is_the_part_of_the_whole(share: float, orientation: int) -> None:
    content = textured(orientation=orientation)
    whole = show(Held(content), "image/jpeg").picture.grey
    part = show(Held(content[: int(len(content) * share)]), "image/jpeg")
    grey = part.picture.grey
    assert part.flaw
    assert part.picture.damaged
    assert share - 0.12 < grey.size / whole.size < share + 0.05
    corners = [whole[:h, :w] if not flip else whole[-h:, -w:] for flip in (False, True) for h, w in [grey.shape]]
    assert min(int(np.abs(corner.astype(int) - grey.astype(int)).max()) for corner in corners) <= 6


def test_a_picture_of_one_colour_that_breaks_off_stays_as_it_is() -> None:
    stream = io.BytesIO()
    Image.new("RGB", (640, 480), (90, 90, 90)).save(stream, "JPEG")
    part = show(Held(stream.getvalue()[:-40]), "image/jpeg")
    assert part.picture.grey.shape == (480, 640)


@pytest.mark.samples
def test_the_reported_half_is_three_fifths(samples: Path) -> None:
    folder = samples / "reported" / "15-lengths-and-turns" / "in"
    part = show(Held((folder / "half.jpg").read_bytes()), "image/jpeg").picture.grey
    whole = show(Held((folder / "half in full.jpg").read_bytes()), "image/jpeg").picture.grey
    rows = part.shape[0]
    assert rows / whole.shape[0] == pytest.approx(0.6, abs=0.05)
    assert np.abs(whole[: rows - 16].astype(int) - part[: rows - 16].astype(int)).mean() < 4
