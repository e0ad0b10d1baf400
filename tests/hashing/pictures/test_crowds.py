"""Of many copies each is joined, and links grow with the copies; of few, every pair is linked as ever."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from skimage import data

from benchmarks import attacks_pictures as attacks
from benchmarks.pictures_set import features
from verifier.hashing.pictures import crowds
from verifier.hashing.pictures.crowds import Crowds
from verifier.hashing.pictures.features import PictureFeatures
from verifier.hashing.pictures.match import Matcher, build, match_all
from verifier.records import Match, Tier

COPIES = 14


@pytest.fixture(scope="module")
def copied() -> dict[str, PictureFeatures]:
    """Fourteen copies of one small picture, one of them cut, and two others."""
    small = np.ascontiguousarray(data.chelsea()[::2, ::2])
    known = {f"a{number:02d}": features(attacks.jpeg(small, 40 + 4 * number)) for number in range(COPIES - 1)}
    known["a-cut"] = features(attacks.crop(data.chelsea(), attacks.rng(2), 0.3))
    return known | {"b": features(data.coffee()[::2, ::2]), "c": features(data.rocket()[::2, ::2])}


def sets(matches: list[Match]) -> set[frozenset[str]]:
    """What is joined, directly or through others."""
    of: dict[str, set[str]] = {}
    for match in matches:
        if match.tier is not Tier.REVIEW:
            both = of.get(match.left, {match.left}) | of.get(match.right, {match.right})
            of |= dict.fromkeys(both, both)
    return {frozenset(some) for some in of.values()}


def test_many_copies_are_joined_by_few_links(copied: dict[str, PictureFeatures], monkeypatch) -> None:
    every_pair = list(match_all(copied))
    monkeypatch.setattr(crowds, "MANY", 4)
    monkeypatch.setattr(crowds, "REPRESENTATIVES", 2)
    few = list(match_all(copied))
    assert sets(few) == sets(every_pair) == {frozenset(name for name in copied if name.startswith("a"))}
    assert len(every_pair) > 60
    assert len(few) < 4 * COPIES
    found = {(match.left, match.right): match.relation for match in every_pair}
    assert {key: found[key] for key in found if "a-cut" in key} == {
        (match.left, match.right): match.relation for match in few if "a-cut" in (match.left, match.right)
    }  # no representative joins it surely, so all are compared


def test_one_more_into_a_crowd_asks_a_few(copied: dict[str, PictureFeatures], monkeypatch) -> None:
    monkeypatch.setattr(crowds, "MANY", 4)
    monkeypatch.setattr(crowds, "REPRESENTATIVES", 2)
    sure = [("a00", f"a{number:02d}") for number in range(1, COPIES - 2)]
    matcher = Matcher(build(copied), sure, sure)
    matcher.ask(f"a{COPIES - 2:02d}")
    matcher.expand()
    asked = [pair for pair in matcher.pairs.values() if pair.distance is not None]
    assert len(asked) == 2
    assert all(pair.joins for pair in asked)


@given(st.lists(st.tuples(st.integers(0, 60), st.integers(0, 60)), max_size=200))
def test_only_a_crowd_is_represented_and_only_to_its_own(pairs: list[tuple[int, int]]) -> None:
    joined = [(str(one), str(other)) for one, other in pairs if one != other]
    known = Crowds(joined)
    of = {str(number): {str(number)} for number in range(61)}
    for one, other in joined:
        both = of[one] | of[other]
        of |= dict.fromkeys(both, both)
    for one in of:
        for other in of:
            if known.represent(other, to=one):
                assert other in of[one]
                assert len(of[one]) > crowds.MANY
                assert sum(one in pair for pair in joined) >= crowds.REPRESENTATIVES
