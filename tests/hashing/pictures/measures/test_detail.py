"""Small places that were blurred, pixelated, covered, painted over or put in are found; whole changes are none."""

from __future__ import annotations

import numpy as np
import pytest
from skimage import data

from benchmarks import attacks_pictures as attacks
from benchmarks import attacks_small as small
from benchmarks.pictures_set import features
from verifier.hashing.pictures.match import match_all
from verifier.hashing.pictures.measures.detail import Detail, compared
from verifier.hashing.pictures.measures.pixels import framed
from verifier.hashing.pictures.verify import prepare
from verifier.records import Relation, Tier

SEEN = [name for name in small.ALTERATIONS if name != "recoloured"]  # which grey pictures do not show


def laid(left: np.ndarray, right: np.ndarray) -> Detail | None:
    one, other = prepare(features(left)), prepare(features(right))
    scale = np.diag([other.size[0] / one.size[0], other.size[1] / one.size[1], 1.0])
    found = framed(one.grey, other.grey, scale, np.array(one.size) / 2, 384)
    assert found is not None
    return compared(found)


@pytest.mark.parametrize("name", SEEN)
def test_what_was_changed_in_two_hundredths_is_found_where_it_is(name: str) -> None:
    attacks.PARTNERS[:] = [data.coffee()]
    left, right, box = small.ALTERATIONS[name](data.astronaut(), attacks.rng(4), 0.02)
    matches = list(match_all({"a": features(left), "b": features(attacks.jpeg(right, 80))}))
    assert len(matches) == 1
    match = matches[0]
    assert match.relation is Relation.ALTERED_PICTURE
    height, width = left.shape[:2]
    middle = (
        width * (float(str(match.because["region_left"])) + float(str(match.because["region_right"]))) / 2,
        height * (float(str(match.because["region_top"])) + float(str(match.because["region_bottom"]))) / 2,
    )
    assert box[0] - 12 <= middle[0] <= box[2] + 12
    assert box[1] - 12 <= middle[1] <= box[3] + 12


@pytest.mark.parametrize("name", ["webp20", "sharpened", "median", "equalised", "vignetted", "thrice", "noise", "dark"])
def test_a_change_of_the_whole_picture_is_no_small_change(name: str) -> None:
    found = laid(data.astronaut(), small.BENIGN[name](data.astronaut(), attacks.rng(3)))
    assert found is not None
    assert found.places == ()
    assert 0 < found.smallest < 0.05


def test_a_copy_says_how_small_a_change_would_have_shown() -> None:
    (match,) = match_all({"a": features(data.coffee()), "b": features(attacks.jpeg(data.coffee(), 70))})
    assert (match.relation, match.tier) == (Relation.SAME_PICTURE, Tier.CERTAIN)
    assert 0 < float(str(match.because["smallest_change_area"])) < 0.05


def test_flat_pictures_have_no_detail_to_compare() -> None:
    grey = np.full((300, 400, 3), 90, np.uint8)
    assert laid(grey, grey) is None


def test_a_stereo_pair_is_another_view_and_no_copy() -> None:
    left, right, _ = data.stereo_motorcycle()
    for match in match_all({"a": features(left), "b": features(right)}):
        assert match.relation in (Relation.SAME_SCENE, Relation.SHARED_OVERLAY) or match.tier is Tier.REVIEW
