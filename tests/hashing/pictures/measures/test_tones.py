"""Turned tones, marks all over, windows over a picture; and that none of them joins different pictures."""

from __future__ import annotations

import cv2
import numpy as np
import pytest
from skimage import data

from benchmarks import attacks_pictures as attacks
from benchmarks.pictures_set import features
from verifier.hashing.local_features import extract
from verifier.hashing.pictures.evidence import link_pictures
from verifier.hashing.pictures.match import match_all
from verifier.records import Match, Relation, Tier

JOINED = {Relation.SAME_PICTURE, Relation.ALTERED_PICTURE}


def link(left: np.ndarray, right: np.ndarray) -> Match | None:
    return next(iter(match_all({"a": features(left), "b": features(right)})), None)


def solarised(picture: np.ndarray) -> np.ndarray:
    return np.where(picture < 128, picture, 255 - picture).astype(np.uint8)


def tiled(picture: np.ndarray) -> np.ndarray:
    """White words, a fifth of the way to solid, in rows over the whole picture."""
    marked = picture.copy()
    height, width = picture.shape[:2]
    for row, y in enumerate(range(30, height, 70)):
        for x in range(-40 * (row % 2), width, 190):
            attacks.text(marked, "SAMPLE", x, y, 26, (255, 255, 255), 4)
    return np.asarray(np.rint(0.4 * picture + 0.6 * marked), np.uint8)


def behind_a_window(picture: np.ndarray, window: np.ndarray) -> np.ndarray:
    """A studio: the picture fills the frame, another one lies over its left part, a banner below."""
    scale = max(1280 / picture.shape[1], 720 / picture.shape[0])
    frame = cv2.resize(picture, None, fx=scale, fy=scale)[:720, :1280].copy()
    frame[90:560, 60:560] = cv2.resize(window, (500, 470), interpolation=cv2.INTER_AREA)
    return attacks.banner(frame, 2, 0.18)


@pytest.mark.parametrize("name", ["astronaut", "coffee", "chelsea"])
def test_a_negative_is_an_altered_copy(name: str) -> None:
    original = getattr(data, name)()
    match = link(original, attacks.jpeg(255 - original, 85))
    assert match is not None
    assert (match.relation, match.tier, match.because["rule"]) == (
        Relation.ALTERED_PICTURE, Tier.LIKELY, "tones_turned",
    )  # fmt: skip
    assert link_pictures(features(original), features(255 - original)) is not None


def test_points_of_a_negative_need_no_second_extraction() -> None:
    grey = cv2.cvtColor(data.coffee(), cv2.COLOR_RGB2GRAY)
    turned, made = extract(grey).negative(), extract(np.asarray(255 - grey, np.uint8))
    near = np.linalg.norm(turned.points[:, None, :2] - made.points[None, :, :2], axis=2)
    same = near.argmin(axis=1)
    right = (near.min(axis=1) < 0.5) & (np.abs((turned.points[:, 3] - made.points[same, 3] + 180) % 360 - 180) < 2)
    assert right.mean() > 0.8
    one, other = turned.descriptors[right].astype(float), made.descriptors[same[right]].astype(float)
    cosine = (one * other).sum(axis=1) / (np.linalg.norm(one, axis=1) * np.linalg.norm(other, axis=1))
    assert np.median(cosine) > 0.95


@pytest.mark.parametrize("name", ["astronaut", "coffee"])
def test_a_solarised_picture_is_an_altered_copy(name: str) -> None:
    original = getattr(data, name)()
    match = link(original, attacks.jpeg(solarised(original), 85))
    assert match is not None
    assert match.relation in JOINED
    assert match.tier is not Tier.REVIEW


@pytest.mark.parametrize("name", ["astronaut", "chelsea", "coffee"])
def test_a_picture_under_tiled_marks_is_a_copy(name: str) -> None:
    original = getattr(data, name)()
    match = link(original, attacks.jpeg(tiled(original), 80))
    assert match is not None
    assert match.relation in JOINED
    assert match.tier is not Tier.REVIEW


def test_two_pictures_under_the_same_tiled_marks_are_no_copies() -> None:
    match = link(tiled(data.coffee()), tiled(cv2.resize(data.chelsea(), (600, 400))))
    assert match is None or match.relation not in JOINED or match.tier is Tier.REVIEW


def test_a_picture_behind_a_window_is_linked_and_two_in_one_studio_are_not_joined() -> None:
    one, other = behind_a_window(data.astronaut(), data.chelsea()), behind_a_window(data.coffee(), data.chelsea())
    match = link(data.astronaut(), one)
    assert match is not None
    assert match.relation in JOINED
    studio = link(one, other)
    assert studio is None or studio.relation not in JOINED or studio.tier is Tier.REVIEW
