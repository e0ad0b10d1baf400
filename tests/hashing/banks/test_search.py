"""A bank finds what is in it, within its radius, turned and mirrored, and lays clips along one another in time."""

from __future__ import annotations

from datetime import date

import cv2
import numpy as np
import pytest
from skimage import data

from tests.hashing.drawn_clips import Frames, clip, filmed
from verifier.hashing import pdq
from verifier.hashing.banks import items as bank_items
from verifier.hashing.banks.bank import BankHash, BankItem, ItemKind, empty, extended
from verifier.hashing.banks.hits import BankHit, Searched
from verifier.hashing.banks.search import BankIndex
from verifier.hashing.bits import hamming
from verifier.records import Tier

DAY = date(2019, 11, 20)
ME = "f" * 64


def clip_item(name: str, frames: Frames) -> BankItem:
    rows = tuple(bank_items.of_clip(clip(name, frames).frames))
    return BankItem(id=name, kind=ItemKind.CLIP, hashes=rows, latest=DAY)


def picture_item(name: str, picture: np.ndarray) -> BankItem:
    found = pdq.pdq(np.ascontiguousarray(picture))
    return BankItem(
        id=name, kind=ItemKind.PICTURE, hashes=(BankHash(bits=found.bits, quality=found.quality),), latest=DAY
    )


@pytest.fixture(scope="module")
def index() -> BankIndex:
    items = [clip_item(f"k{seed}", filmed(seed, 12)) for seed in (1, 2, 3)]
    items.append(clip_item("stands", filmed(9, 12, moving=False)))
    items += [picture_item("cat", data.chelsea()), picture_item("coffee", data.coffee())]
    items.append(picture_item("frame-of-2", filmed(2, 12)[20]))
    return BankIndex(extended(empty("old"), items), "d" * 64)


def asked(index: BankIndex, frames: Frames) -> dict[str, BankHit]:
    return {hit.item: hit for hit in index.clip(ME, clip("q", frames).frames).hits}


def pictured(index: BankIndex, picture: np.ndarray) -> dict[str, BankHit]:
    return {hit.item: hit for hit in index.picture(ME, [pdq.pdq(np.ascontiguousarray(picture)).bits]).hits}


def test_every_hash_within_the_radius_is_found_and_none_beyond() -> None:
    chance = np.random.default_rng(3)
    query = chance.integers(0, 256, 32, np.uint8)
    rows = chance.integers(0, 256, (3000, 32), np.uint8)
    for place in range(200):  # planted at 0..66 bits
        bits = np.unpackbits(query)
        bits[chance.permutation(256)[: place // 3]] ^= 1
        rows[place] = np.packbits(bits)
    items = [
        BankItem(id=str(n), kind=ItemKind.PICTURE, hashes=(BankHash(bits=row.tobytes(), quality=100),))
        for n, row in enumerate(rows)
    ]
    bank = extended(empty("b"), items)
    found = BankIndex(bank, "0" * 64).picture(ME, [query.tobytes()])
    turned = [pdq.turned_bits(query.tobytes(), turn) for turn in pdq.TURNS]
    truth = {n: min(hamming(bits, row.tobytes()) for bits in turned) for n, row in enumerate(rows)}
    near = sorted((apart, str(n)) for n, apart in truth.items() if apart <= pdq.LIKELY_WITHIN)
    assert len(near) > 64  # more than are reported: the nearest are
    assert [hit.distance for hit in found.hits] == [apart for apart, _ in near][:64]
    assert all(truth[int(hit.item)] == hit.distance for hit in found.hits)
    assert all((hit.tier is Tier.LIKELY) is (hit.distance <= pdq.CERTAIN_WITHIN) for hit in found.hits)


def test_a_turned_and_mirrored_copy_of_a_picture_is_found_as_such(index: BankIndex) -> None:
    small = cv2.resize(data.chelsea(), (225, 150), interpolation=cv2.INTER_AREA)
    found = pictured(index, cv2.rotate(small[:, ::-1], cv2.ROTATE_90_CLOCKWISE))
    assert list(found) == ["cat"]
    hit = found["cat"]
    assert (hit.relation, hit.tier, hit.mirrored, hit.latest) == ("same-picture", Tier.LIKELY, True, "2019-11-20")
    assert hit.rotation_degrees in (90, 270)


def test_no_hit_says_what_was_searched(index: BankIndex) -> None:
    answer = index.picture(ME, [pdq.pdq(data.astronaut()).bits])
    assert answer.hits == ()
    assert answer.bank == f"old revision 1 (SHA-256 {'d' * 16})"
    assert (answer.scope.items, answer.scope.radius, answer.scope.comparable) == (7, 48, True)
    assert (answer.scope.earliest, answer.scope.latest) == ("2019-11-20", "2019-11-20")


def test_a_picture_without_a_worthy_hash_is_not_comparable(index: BankIndex) -> None:
    assert index.picture(ME, []).scope.comparable is False


def test_the_same_bytes_are_certain() -> None:
    item = BankItem(id=ME, kind=ItemKind.PICTURE, hashes=(BankHash(bits=bytes(range(32)), quality=3),), latest=DAY)
    answer = BankIndex(extended(empty("b"), [item]), "0" * 64).picture(ME, [])
    (hit,) = answer.hits
    assert (hit.relation, hit.tier, hit.distance) == ("same-bytes", Tier.CERTAIN, 0)
    assert answer.scope.comparable


def test_a_part_of_a_clip_is_found_from_when_to_when(index: BankIndex) -> None:
    found = asked(index, filmed(1, 12)[12:36])
    assert list(found) == ["k1"]
    hit = found["k1"]
    assert (hit.relation, hit.tier, hit.mirrored) == ("clip", Tier.LIKELY, False)
    (stretch,) = hit.stretches
    assert stretch.own is not None and stretch.item is not None
    assert stretch.item[0] - stretch.own[0] == pytest.approx(3.0, abs=0.6)


def test_a_whole_mirrored_copy_is_the_same_picture(index: BankIndex) -> None:
    hit = asked(index, [cv2.resize(frame[:, ::-1], (320, 180)) for frame in filmed(3, 12)])["k3"]
    assert (hit.relation, hit.tier, hit.mirrored) == ("same-picture", Tier.LIKELY, True)


def test_one_fixed_view_at_another_time_is_for_review(index: BankIndex) -> None:
    found = asked(index, filmed(9, 12, moving=False, start=400, crowd=5))
    assert found["stands"].tier is Tier.REVIEW


def test_a_picture_is_found_in_a_clip_and_a_clips_frame_among_pictures(index: BankIndex) -> None:
    found = pictured(index, filmed(2, 12)[20])
    assert found["k2"].relation == "clip" and found["k2"].stretches[0].own is None
    assert found["k2"].stretches[0].item is not None
    assert found["k2"].stretches[0].item[0] == pytest.approx(5, abs=0.6)
    hit = asked(index, filmed(2, 12)[14:30])["frame-of-2"]
    assert hit.relation == "clip" and hit.stretches[0].item is None
    assert hit.stretches[0].own is not None and hit.stretches[0].own[0] == pytest.approx(1.5, abs=0.6)


def test_strangers_are_not_found(index: BankIndex) -> None:
    assert asked(index, filmed(6, 12)) == {}


def test_an_empty_bank_answers(index: BankIndex) -> None:
    answer: Searched = BankIndex(empty("none"), "0" * 64).clip(ME, clip("q", filmed(6, 2)).frames)
    assert answer.hits == () and answer.scope.items == 0 and answer.scope.latest is None
