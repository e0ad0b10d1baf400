"""RootSIFT points: the mirror permutation, the byte form, and what hostile bytes do to it."""

from __future__ import annotations

import cv2
import numpy as np
import pytest
from skimage import data

from verifier.errors import Corrupt
from verifier.hashing.local_features import (
    GREY_RECIPE,
    MOST_POINTS,
    RECIPE,
    VIEWER,
    LocalFeatures,
    decode,
    encode,
    extract,
)
from verifier.instruments import Picture, Showing
from verifier.media import plane
from verifier.records import Derivative, Exhibit, Kind

EXHIBIT = Exhibit(id="0" * 64, sha512="0" * 128, size=1, kind=Kind.PHOTO, media_type="image/png")
GREY = cv2.cvtColor(data.astronaut(), cv2.COLOR_RGB2GRAY)


def test_a_mirror_is_a_permutation_of_the_same_numbers() -> None:
    """Descriptors of the mirrored picture, found anew at the same places, point the same way (cosine >= 0.95)."""
    permuted = extract(GREY).mirrored()
    anew = extract(np.ascontiguousarray(GREY[:, ::-1]))
    cosines = []
    for point, descriptor in zip(anew.points, anew.descriptors.astype(np.float64), strict=True):
        turn = np.abs((permuted.points[:, 3] - point[3] + 180) % 360 - 180)
        near = (np.abs(permuted.points[:, :2] - point[:2]).max(axis=1) < 0.7) & (turn < 8)
        near &= np.abs(permuted.points[:, 2] / point[2] - 1) < 0.1
        if near.sum() == 1:
            other = permuted.descriptors[near][0].astype(np.float64)
            cosines.append(descriptor @ other / np.linalg.norm(descriptor) / np.linalg.norm(other))
    assert len(cosines) > 300
    assert np.median(cosines) >= 0.98
    assert np.percentile(cosines, 10) >= 0.95


def test_twice_mirrored_is_unchanged() -> None:
    features = extract(GREY)
    back = features.mirrored().mirrored()
    assert np.array_equal(back.descriptors, features.descriptors)
    assert np.allclose(back.points[:, :2], features.points[:, :2], atol=1e-3)


def test_the_byte_form_keeps_what_matching_needs() -> None:
    features = extract(GREY)
    back = decode(encode(features))
    assert (back.width, back.height) == (512, 512)
    assert np.array_equal(back.descriptors, features.descriptors)
    assert np.abs(back.points[:, :2] - features.points[:, :2]).max() <= 1 / 64 + 1e-4
    assert encode(back) == encode(features)


def test_equal_to_the_bit_when_made_twice() -> None:
    assert encode(extract(GREY)) == encode(extract(GREY.copy()))


@pytest.mark.parametrize("cut", [0, 5, 11, 12, 13, 200, -1])
def test_cut_bytes_are_refused(cut: int) -> None:
    content = encode(extract(GREY))
    with pytest.raises(Corrupt):
        decode(content[:cut])


def test_bytes_of_another_kind_are_refused() -> None:
    content = encode(extract(GREY))
    with pytest.raises(Corrupt):
        decode(b"PSIFT\x01" + content[6:])
    with pytest.raises(Corrupt):
        decode(content + b"\0")


def test_a_flat_picture_has_no_points() -> None:
    features = extract(np.full((100, 120), 77, np.uint8))
    assert len(features) == 0
    assert len(decode(encode(features))) == 0


def test_points_are_spread_and_limited() -> None:
    """A half full of letters does not take every place."""
    picture = np.full((480, 640), 128, np.uint8)
    for row in range(20, 480, 16):
        cv2.putText(picture, "LETTERS AND MORE LETTERS", (4, row), cv2.FONT_HERSHEY_SIMPLEX, 0.5, 255, 1)
    picture[:, 400:] = cv2.resize(GREY, (240, 480)) // 4 + 96  # the picture proper, of little contrast
    features = extract(picture)
    assert len(features) == MOST_POINTS
    assert (features.points[:300, 0] >= 400).sum() >= 60


def test_the_viewer_yields_features_and_the_grey_picture() -> None:
    viewing = VIEWER.begin(EXHIBIT, Showing(still=True, stored_width=512, stored_height=512), {})
    viewing.see(Picture(grey=GREY, colour=data.astronaut()))
    made = {record.recipe: record for record in viewing.conclude() if isinstance(record, Derivative)}
    assert set(made) == {RECIPE, GREY_RECIPE}
    assert isinstance(decode(made[RECIPE].content), LocalFeatures)
    assert cv2.PSNR(plane.unpack(made[GREY_RECIPE].content), GREY) > 33
