"""One solid part that agrees is a covered picture; a strip, or a frame with a hole, is a shared cover."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from skimage import data

from benchmarks import attacks_pictures as attacks
from benchmarks.pictures_set import features
from verifier.hashing.pictures.measures.body import Body, body_of
from verifier.hashing.pictures.measures.pixels import overlap
from verifier.hashing.pictures.verify import prepare


def colour(picture: np.ndarray) -> np.ndarray:
    return np.repeat(picture[..., None], 3, 2) if picture.ndim == 2 else picture


def body(left: np.ndarray, right: np.ndarray) -> Body | None:
    """Of two pictures of one size laid frame on frame."""
    one, other = prepare(features(colour(left))), prepare(features(colour(right)))
    laid = overlap(one.grey, other.grey, np.eye(3), np.array(one.size) / 2)
    assert laid is not None
    return body_of(laid)


@pytest.mark.parametrize("name", ["moon", "rocket", "astronaut"])
def test_a_picture_under_a_wide_banner_keeps_a_solid_part(name: str) -> None:
    original = colour(getattr(data, name)())
    found = body(original, attacks.jpeg(attacks.banner(original, 41, 0.28), 70))
    assert found is not None
    assert found.solidity > 0.8 and found.narrow > 0.65 and found.purity > 0.7


def test_what_two_pictures_under_one_banner_share_is_a_strip() -> None:
    size = (480, 640)
    pictures = [attacks.banner(attacks.resize(colour(one), size[1], size[0]), 1, 0.28) for one in
                (data.coffee(), data.chelsea())]  # fmt: skip
    found = body(*pictures)
    assert found is None or not found.is_picture(strictly=False)


def test_one_phone_screen_around_two_pictures_is_a_frame() -> None:
    screens = [attacks.phone(colour(one), 2) for one in (data.astronaut(), data.coffee())]
    height = min(len(screen) for screen in screens)
    found = body(*[attacks.resize(screen, screen.shape[1], height) for screen in screens])
    assert found is None or not found.is_picture(strictly=True)


def test_two_empty_pictures_have_no_solid_part() -> None:
    found = body(attacks.label(attacks.flat_frame(1), 1), attacks.label(attacks.flat_frame(1), 1))
    assert found is None or not found.is_picture(strictly=False)


def test_a_smooth_picture_is_known_by_its_shading() -> None:
    original = colour(data.moon())
    found = body(original, attacks.jpeg(attacks.banner(original, 2), 75))
    assert found is not None
    bare = replace(found, texture=0.05)
    assert bare.is_picture(strictly=True)
    other = attacks.resize(colour(data.clock()), original.shape[1], original.shape[0])
    laid = body(attacks.banner(original, 2), attacks.banner(other, 2))
    assert laid is None or not laid.is_picture(strictly=True)
