from __future__ import annotations

import dataclasses

import numpy as np
import pytest

from tests.hashing.drawn_clips import clip, filmed, seen
from verifier.errors import Corrupt
from verifier.hashing.clips import features as clip_features
from verifier.hashing.clips import index as clip_index
from verifier.hashing.clips.features import ClipFeatures
from verifier.hashing.clips.index import LocalIndex, keys_of
from verifier.hashing.clips.match import ClipIndex


@pytest.fixture(scope="module")
def known() -> dict[str, ClipFeatures]:
    return {f"k{seed}": clip(f"k{seed}", filmed(seed, 14)) for seed in range(1, 5)}


def crop() -> ClipFeatures:
    return clip("crop", [frame[40:220, 60:380] for frame in filmed(2, 14)])


def test_the_first_answers_equal_those_of_the_sorted_tables(known: dict[str, ClipFeatures]) -> None:
    query, index = crop(), ClipIndex(known)
    first = index.by_points(query)
    assert next(iter(first)) == "k2"
    for _ in range(clip_index.FEW_QUESTIONS + 1):
        assert index.by_points(query) == first


def test_a_clip_that_is_added_later_is_found_before_and_after_sorting(known: dict[str, ClipFeatures]) -> None:
    query, sift = crop(), known["k2"].sift
    assert query.sift is not None and sift is not None
    pictures = [query.sift.picture(number) for number in range(len(query.sift))]
    for asked_before in (0, clip_index.FEW_QUESTIONS + 2):
        index = LocalIndex()
        other = known["k1"].sift
        assert other is not None
        index.add(0, keys_of(other))
        for _ in range(asked_before):
            index.votes(pictures)
        index.add(7, keys_of(sift))
        assert index.votes(pictures)[7]


def test_clips_that_were_examined_before_keys_were_kept_answer_alike() -> None:
    content, _ = seen(filmed(2, 14))
    older = {recipe: body for recipe, body in content.items() if recipe != clip_features.KEYS_RECIPE}
    query = crop()
    assert clip_features.KEYS_RECIPE in content
    answers = [ClipIndex({"k2": ClipFeatures("k2", one)}).by_points(query) for one in (content, older)]
    assert answers[0] and answers[0] == answers[1]


def test_damaged_keys_are_refused() -> None:
    sift = crop().sift
    assert sift is not None
    keys = keys_of(sift)
    assert np.array_equal(clip_features.decode_keys(clip_features.encode_keys(keys)).buckets, keys.buckets)
    for damaged in (
        dataclasses.replace(keys, count=keys.count[1:]),
        dataclasses.replace(keys, buckets=keys.buckets + np.uint32(1 << 20)),
        dataclasses.replace(keys, buckets=keys.buckets.astype(np.uint16)),
    ):
        with pytest.raises(Corrupt):
            clip_features.decode_keys(clip_features.encode_keys(damaged))
