"""What the pixels of one overlap mean, where a whole search would hardly bring the case about again."""

from __future__ import annotations

import cv2
import numpy as np
from skimage import data

from verifier.hashing.pictures.judgement import Judgement, judge
from verifier.hashing.pictures.measures.pixels import Overlap, overlap
from verifier.hashing.pictures.measures.placement import Placement
from verifier.hashing.pictures.rules import Measures
from verifier.records import Relation, Tier


def sharing(top: float, bottom: float) -> Overlap:
    """Two different pictures whose rows from `top` to `bottom` (shares) are a third one."""
    frames = [cv2.resize(cv2.cvtColor(one, cv2.COLOR_RGB2GRAY), (320, 200)) for one in (data.coffee(), data.chelsea())]
    shared = cv2.resize(data.page(), (320, 200))
    rows = slice(round(200 * top), round(200 * bottom))
    for frame in frames:
        frame[rows] = shared[rows]
    laid = overlap(frames[0], frames[1], np.eye(3), np.array([160.0, 100.0]))
    assert laid is not None
    return laid


def placed(narrow: float) -> Placement:
    """As seen with banners of different height: a small part of one picture, most of the other."""
    return Placement(left=0.28, right=0.7, left_narrow=narrow / 2, right_narrow=narrow, alike=False)


def test_a_strip_that_two_pictures_share_is_no_inset() -> None:
    assert not judge(sharing(0.46, 1.0), 24, placed(0.55)).joins


def test_a_thick_part_that_two_pictures_share_joins_them() -> None:
    judged = judge(sharing(0.46, 1.0), 24, placed(1.0))
    assert judged.joins


def test_other_words_outrank_what_may_be_covered_and_nothing_that_joins() -> None:
    measures = Measures(
        left=1, right=1, narrow=1, alike=True, mirrored=False, inliers=50, agreement=0.5, extent=0.4
    )  # fmt: skip
    words = Judgement(relation=Relation.SHARED_OVERLAY, tier=Tier.LIKELY, rule="other_writing", measures=measures)
    behind = Judgement(relation=Relation.ALTERED_PICTURE, tier=Tier.REVIEW, rule="behind_window", measures=measures)
    copy = Judgement(relation=Relation.ALTERED_PICTURE, tier=Tier.LIKELY, rule="pasted", measures=measures)
    assert behind.rank < words.rank < copy.rank
