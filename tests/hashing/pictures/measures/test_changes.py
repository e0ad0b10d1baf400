"""What changed in a small place is told; what compression, tone and size change is not."""

from __future__ import annotations

import cv2
import numpy as np
import pytest
from skimage import data

from benchmarks import attacks_pictures as attacks
from benchmarks.pictures_set import features
from verifier.hashing.pictures.match import match_all
from verifier.hashing.pictures.measures.changes import changed_places
from verifier.hashing.pictures.measures.pixels import Overlap, overlap
from verifier.hashing.pictures.verify import prepare
from verifier.records import Match, Relation, Tier


def laid(left: np.ndarray, right: np.ndarray) -> Overlap:
    one, other = prepare(features(left)), prepare(features(right))
    scale = np.diag([other.size[0] / one.size[0], other.size[1] / one.size[1], 1.0])
    found = overlap(one.grey, other.grey, scale, np.array(one.size) / 2)
    assert found is not None
    return found


def moved() -> tuple[np.ndarray, np.ndarray]:
    """Two moments of one view: a dark disc stands elsewhere."""
    first, later = data.coffee().copy(), data.coffee().copy()
    cv2.circle(first, (70, 60), 14, (15, 15, 20), -1, cv2.LINE_AA)
    cv2.circle(later, (560, 60), 14, (15, 15, 20), -1, cv2.LINE_AA)
    return first, attacks.jpeg(later, 70)


@pytest.mark.parametrize(
    "name",
    ["whatsapp", "telegram", "heavy480q20", "dark", "lowcontrast", "gray", "noise", "stretch75", "pixelate3", "sepia",
     "gamma2", "contrast", "blur", "bright"],
)  # fmt: skip
@pytest.mark.parametrize("picture", ["astronaut", "coffee", "chelsea"])
def test_a_plain_copy_has_no_changed_place(name: str, picture: str) -> None:
    original = getattr(data, picture)()
    assert changed_places(laid(original, attacks.ATTACKS[name](original, attacks.rng(2), 0))) == []


def test_both_places_of_what_moved_are_found() -> None:
    found = laid(*moved())
    centres = sorted(np.argwhere(place).mean(axis=0)[1] / place.shape[1] for place in changed_places(found))
    assert centres == pytest.approx([70 / 600, 560 / 600], abs=0.03)


def only(matches: list[Match]) -> Match:
    assert len(matches) == 1
    return matches[0]


def test_two_moments_of_one_view_are_not_called_the_same_picture() -> None:
    first, later = moved()
    match = only(list(match_all({"a": features(first), "b": features(later)})))
    assert (match.relation, match.tier, match.because["rule"]) == (
        Relation.ALTERED_PICTURE, Tier.LIKELY, "small_change",
    )  # fmt: skip
    assert match.because["differing_regions"] == 2
    assert match.because["region_area"] < 0.02


def test_flat_pictures_have_no_changed_place() -> None:
    grey = np.full((300, 400, 3), 90, np.uint8)
    noisy = np.clip(grey + attacks.rng(1).normal(0, 6, grey.shape), 0, 255).astype(np.uint8)
    one, other = prepare(features(grey)), prepare(features(noisy))
    found = overlap(one.grey, other.grey, np.eye(3), np.array(one.size) / 2)
    assert found is not None
    assert changed_places(found) == []
