"""Further copies settle what a pair leaves open, and only where their ways agree."""

from __future__ import annotations

from dataclasses import replace

import cv2
import numpy as np
import pytest
from skimage import data

from benchmarks import attacks_pictures as attacks
from benchmarks.pictures_set import features
from verifier.hashing.pictures.pair import Pair
from verifier.hashing.pictures.verify import Prepared, prepare, verify
from verifier.hashing.pictures.witness import Witnesses
from verifier.records import Relation, Tier

Pictures = dict[str, Prepared]
Pairs = dict[tuple[str, str], Pair]


@pytest.fixture(scope="module")
def pictures() -> Pictures:
    """`a` and `b` are copies, `b` mirrored; `c` and `d` are copies of both; `x` shows something else."""
    original = data.astronaut()
    made = {
        "a": original,
        "b": attacks.mirror(original),
        "c": attacks.jpeg(original, 60),
        "d": cv2.resize(original, None, fx=0.7, fy=0.7, interpolation=cv2.INTER_AREA),
        "x": data.coffee(),
    }
    return {name: prepare(features(picture)) for name, picture in made.items()}


def pairs_of(pictures: Pictures, names: str) -> Pairs:
    pairs: Pairs = {}
    for place, right in enumerate(names):
        for left in names[:place]:
            found = tuple(verify(pictures[left], pictures[right]))
            pairs[left, right] = Pair(left, right, found)
    return pairs


def left_open(pairs: Pairs) -> Pair:
    """The pair of `a` and `b` as if its own points had said nothing."""
    return replace(pairs["a", "b"], found=())


def test_two_copies_lay_a_mirrored_pair_on_each_other(pictures: Pictures) -> None:
    pairs = pairs_of(pictures, "abcd")
    open_pair = left_open(pairs)
    settled = Witnesses({**pairs, ("a", "b"): open_pair}, (), pictures.__getitem__).borne_out(open_pair)
    assert settled.joins
    assert settled.best is not None
    judgement = settled.best.judgement
    assert (judgement.relation, judgement.tier, judgement.rule) == (
        Relation.ALTERED_PICTURE, Tier.LIKELY, "copies_bear_it_out",
    )  # fmt: skip
    assert settled.best.alignment.mirrored


def test_one_copy_that_is_not_certain_of_both_settles_nothing(pictures: Pictures) -> None:
    pairs = pairs_of(pictures, "abc")
    link = pairs["a", "c"]
    assert link.best is not None
    unsure = replace(link.best, judgement=replace(link.best.judgement, tier=Tier.LIKELY))
    pairs["a", "c"] = replace(link, found=(unsure,))
    open_pair = left_open(pairs)
    assert Witnesses({**pairs, ("a", "b"): open_pair}, (), pictures.__getitem__).borne_out(open_pair) is open_pair


def test_two_pictures_of_one_collage_are_not_joined_through_it(pictures: Pictures) -> None:
    pairs = pairs_of(pictures, "abcd")
    for key in (("a", "c"), ("a", "d"), ("b", "c"), ("b", "d")):
        best = pairs[key].best
        assert best is not None
        pairs[key] = replace(pairs[key], found=(replace(best, judgement=replace(best.judgement, inset=True)),))
    open_pair = left_open(pairs)
    assert Witnesses({**pairs, ("a", "b"): open_pair}, (), pictures.__getitem__).borne_out(open_pair) is open_pair


def test_ways_that_lead_to_different_places_settle_nothing(pictures: Pictures) -> None:
    pairs = pairs_of(pictures, "abcd")
    for number, key in enumerate((("a", "c"), ("a", "d"))):
        best = pairs[key].best
        assert best is not None
        moved = np.array([[1, 0, 400 - 800 * number], [0, 1, 0], [0, 0, 1]]) @ best.alignment.matrix
        pairs[key] = replace(pairs[key], found=(replace(best, alignment=replace(best.alignment, matrix=moved)),))
    open_pair = left_open(pairs)
    assert Witnesses({**pairs, ("a", "b"): open_pair}, (), pictures.__getitem__).borne_out(open_pair) is open_pair


def test_copies_of_one_picture_do_not_speak_for_another(pictures: Pictures) -> None:
    pairs = pairs_of(pictures, "abcdx")
    witnesses = Witnesses(pairs, (), pictures.__getitem__)
    assert not any(witnesses.borne_out(pair).joins for key, pair in pairs.items() if "x" in key)


def test_a_collage_that_shares_one_cell_does_not_speak_for_another_cell() -> None:
    """Two collages of one partner; a copy of what lies beside it in the first is in the second nowhere."""
    original, shared = data.astronaut(), data.coffee()
    made = {
        "a": original,
        "b": attacks.collage([original, shared], 2),
        "c": attacks.jpeg(attacks.collage([original, shared], 2), 70),
        "d": attacks.collage([shared, data.chelsea()], 2),
    }
    pictures = {name: prepare(features(picture)) for name, picture in made.items()}
    pairs = pairs_of(pictures, "abcd")
    for key, pair in pairs.items():  # as if no seam had told that the links are insets
        found = [replace(one, judgement=replace(one.judgement, inset=False)) for one in pair.found]
        pairs[key] = replace(pair, found=tuple(found))
    assert pairs["a", "b"].joins and pairs["b", "d"].joins and pairs["a", "c"].joins and pairs["c", "d"].joins
    assert not Witnesses(pairs, (), pictures.__getitem__).borne_out(pairs["a", "d"]).joins
