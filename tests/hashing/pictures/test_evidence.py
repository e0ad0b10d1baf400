"""What a person is shown of a link: four grey pictures that can be read back, and that show where the copy differs."""

from __future__ import annotations

import numpy as np
import pytest
from skimage import data

from benchmarks import attacks_pictures as attacks
from benchmarks.pictures_set import features
from verifier.hashing.pictures.evidence import AGREES, DIFFERS, link_pictures
from verifier.media.encode import decode_grey


def test_a_banner_is_dark_in_the_cells_and_bright_in_the_difference() -> None:
    original = data.astronaut()
    shown = link_pictures(features(original), features(attacks.banner(original, 1, 0.25)))
    assert shown is not None
    rows = shown.cells.shape[0]
    upper, lower = shown.cells[: int(rows * 0.65)], shown.cells[int(rows * 0.85) :]
    assert (upper == AGREES).mean() > 0.7
    assert (lower == DIFFERS).mean() > 0.7
    assert shown.difference[int(rows * 0.85) :].mean() > 5 * max(1, shown.difference[: int(rows * 0.65)].mean())


def test_every_picture_becomes_a_derivative_of_its_own_recipe() -> None:
    original = data.coffee()
    shown = link_pictures(features(attacks.mirror(original)), features(attacks.crop(original, attacks.rng(2), 0.25)))
    assert shown is not None
    made = {one.recipe: decode_grey(one.content) for one in shown.derivatives()}
    assert set(made) == {"link-aligned/1", "link-difference/1", "link-outlined/1", "link-cells/1"}
    assert np.array_equal(made["link-cells/1"], shown.cells)
    # the mirrored left picture is turned back so that both halves show the same way
    half = (shown.aligned.shape[1] - 6) // 2
    left, right = shown.aligned[:, :half].astype(float), shown.aligned[:, -half:].astype(float)
    assert np.corrcoef(left.ravel(), right.ravel())[0, 1] > 0.9


def test_the_same_pair_gives_the_same_bytes() -> None:
    one, other = features(data.chelsea()), features(attacks.jpeg(data.chelsea(), 50))
    first, second = link_pictures(one, other), link_pictures(one, other)
    assert first is not None and second is not None
    assert [each.id for each in first.derivatives()] == [each.id for each in second.derivatives()]


def test_nothing_in_common_shows_nothing() -> None:
    assert link_pictures(features(data.coffee()), features(np.full((300, 400, 3), 60, np.uint8))) is None


@pytest.mark.parametrize("name", ["rocket", "coffee"])
def test_a_frame_on_frame_pair_without_points_is_shown(name: str) -> None:
    """A soft, small copy has few points; the hashes lay it."""
    original = getattr(data, name)()
    small = attacks.fit(attacks.cv2.GaussianBlur(original, (0, 0), 8), 120)
    assert link_pictures(features(original), features(small)) is not None
