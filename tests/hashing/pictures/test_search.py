"""Candidates: the hash index against the brute-force truth, and the votes of local features."""

from __future__ import annotations

import cv2
import faiss
import numpy as np
import pytest
from skimage import data

from verifier.hashing.bits import distances
from verifier.hashing.local_features import extract
from verifier.hashing.pdq import BYTES, LIKELY_WITHIN, TURNS, pdq, turned_bits
from verifier.hashing.pictures import search as picture_search
from verifier.hashing.pictures.search import FeatureIndex, HashIndex

GENERATOR = np.random.default_rng(11)


def near(row: np.ndarray, flips: int) -> np.ndarray:
    bits = np.unpackbits(row)
    bits[GENERATOR.choice(256, flips, replace=False)] ^= 1
    return np.packbits(bits)


@pytest.fixture(scope="module")
def rows() -> np.ndarray:
    """Random hashes, and clusters around some of them at every distance up to 60."""
    random = GENERATOR.integers(0, 256, (3000, BYTES), dtype=np.uint8)
    clustered = [near(random[place % 20], flips) for place, flips in enumerate(np.tile(np.arange(61), 20))]
    return np.concatenate([random, np.array(clustered)])


def truth(rows: np.ndarray, query: bytes, radius: int) -> dict[int, int]:
    found: dict[int, int] = {}
    for turn in TURNS:
        apart = distances(np.frombuffer(turned_bits(query, turn), np.uint8), rows)
        for place in np.flatnonzero(apart <= radius).tolist():
            found[place] = min(found.get(place, 999), int(apart[place]))
    return found


@pytest.mark.parametrize("flat_limit", [10**9, 100], ids=["flat", "multi-hash"])
def test_the_hash_index_agrees_with_brute_force(rows: np.ndarray, flat_limit: int, monkeypatch) -> None:
    monkeypatch.setattr(picture_search, "FLAT_LIMIT", flat_limit)
    index = HashIndex()
    for place, row in enumerate(rows):
        index.add(place, [row.tobytes()])
    assert isinstance(index._index, faiss.IndexBinaryFlat) is (flat_limit > 100)
    for query in [*range(20), 100, 3050]:
        hits = index.within([rows[query].tobytes()], LIKELY_WITHIN)
        assert {hit.place: hit.distance for hit in hits} == truth(rows, rows[query].tobytes(), LIKELY_WITHIN)


def test_a_hit_tells_the_turn() -> None:
    picture = data.astronaut()
    index = HashIndex()
    index.add(7, [pdq(np.ascontiguousarray(np.rot90(picture[:, ::-1], -1))).bits])  # mirrored, then 90 clockwise
    (hit,) = index.within([pdq(picture).bits], LIKELY_WITHIN)
    assert (hit.place, hit.turn.mirrored, hit.turn.rotation_degrees) == (7, True, 90)


def test_an_empty_index_finds_nothing() -> None:
    assert HashIndex().within([bytes(BYTES)], 48) == []
    assert FeatureIndex().vote(extract(cv2.cvtColor(data.coffee(), cv2.COLOR_RGB2GRAY))) == []


def grey(name: str) -> np.ndarray:
    picture = getattr(data, name)()
    return cv2.cvtColor(picture, cv2.COLOR_RGB2GRAY) if picture.ndim == 3 else picture


@pytest.mark.parametrize("flat_points", [10**9, 1000], ids=["flat", "lists"])
def test_votes_point_to_a_crop_and_to_a_mirrored_copy(flat_points: int, monkeypatch) -> None:
    monkeypatch.setattr(picture_search, "_FLAT_POINTS", flat_points)
    names = ["coffee", "chelsea", "rocket", "camera", "coins", "brick", "page", "astronaut"]
    index = FeatureIndex()
    for place, name in enumerate(names):
        index.add(place, extract(grey(name)))
    crop = np.ascontiguousarray(grey("chelsea")[60:260, 120:400])
    assert index.vote(extract(crop))[0].place == names.index("chelsea")
    assert not index.vote(extract(crop))[0].mirrored
    mirrored = index.vote(extract(np.ascontiguousarray(grey("astronaut")[:, ::-1])))[0]
    assert (mirrored.place, mirrored.mirrored) == (names.index("astronaut"), True)


def test_pictures_can_be_added_after_asking() -> None:
    index = FeatureIndex()
    index.add(0, extract(grey("camera")))
    assert index.vote(extract(grey("camera")))[0].place == 0
    index.add(1, extract(grey("coffee")))
    assert index.vote(extract(grey("coffee")))[0].place == 1


def test_all_pairs_agree_with_brute_force(rows: np.ndarray) -> None:
    index = HashIndex()
    for place, row in enumerate(rows):
        index.add(place, [row.tobytes()])
    expected = set()
    for place in range(1, len(rows)):
        apart = distances(rows[place], rows[:place])
        expected |= {(other, place, int(apart[other])) for other in np.flatnonzero(apart <= 31).tolist()}
    assert len(expected) > 100
    assert set(index.pairs_within(31)) == expected
