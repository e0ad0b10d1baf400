"""What a bank holds comes back as it went in; what is no bank is refused."""

from __future__ import annotations

from dataclasses import fields, replace
from datetime import date

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from verifier.errors import Corrupt
from verifier.hashing import arrays as clip_arrays
from verifier.hashing.banks.bank import (
    RECIPE,
    Bank,
    BankHash,
    BankItem,
    ItemKind,
    decode,
    empty,
    encode,
    extended,
)

BITS = bytes(range(0, 256, 8))
PICTURE = BankItem(
    id="a" * 64, kind=ItemKind.PICTURE, hashes=(BankHash(bits=BITS, quality=80),), latest=date(2019, 11, 20)
)
CLIP = BankItem(
    id="list-1",
    kind=ItemKind.CLIP,
    hashes=(
        BankHash(bits=BITS[::-1], quality=100, begin=0.0, end=2.5),
        BankHash(bits=BITS, quality=None, variant=1, begin=2.5, end=4.0),
    ),
    earliest=date(2018, 1, 2),
)

day = st.none() | st.dates(date(1900, 1, 1), date(2100, 1, 1))
row = st.builds(
    BankHash,
    bits=st.binary(min_size=32, max_size=32),
    quality=st.none() | st.integers(0, 100),
    variant=st.integers(0, 3),
)
item = st.builds(
    BankItem,
    id=st.text("abcXYZ019._:-", min_size=1, max_size=20),
    kind=st.just(ItemKind.PICTURE),
    hashes=st.lists(row, min_size=1, max_size=3).map(tuple),
    earliest=day,
    latest=day,
)


@settings(max_examples=40, deadline=None)
@given(st.lists(item, max_size=6, unique_by=lambda one: one.id))
def test_items_come_back_as_they_went_in(items: list[BankItem]) -> None:
    known = decode(encode(extended(empty("b"), items)))
    assert list(known.items()) == items


def test_days_and_spans_of_clips_are_kept_and_covered() -> None:
    known = decode(encode(extended(empty("bank"), [PICTURE, CLIP])))
    assert (known.name, known.revision) == ("bank", 1)
    assert list(known.items()) == [PICTURE, CLIP]
    assert known.coverage == (date(2018, 1, 2), date(2019, 11, 20))
    assert extended(empty("bank"), [replace(PICTURE, latest=None)]).coverage == (None, None)


def test_an_id_is_added_once_and_nothing_new_is_no_revision() -> None:
    known = extended(empty("bank"), [PICTURE])
    assert extended(known, [replace(PICTURE, latest=date(2024, 1, 1))]) is known
    grown = extended(known, [CLIP, CLIP])
    assert (len(grown), grown.revision, grown.dates_of(0)[1]) == (2, 2, date(2019, 11, 20))


def test_the_same_bank_is_the_same_bytes_and_holds_no_word_but_ids_and_its_name() -> None:
    content = encode(extended(empty("bank"), [PICTURE, CLIP]))
    assert content == encode(extended(empty("bank"), [PICTURE, CLIP]))
    arrays, facts = clip_arrays.decode(RECIPE, content)
    assert set(facts) == {"name", "revision"}
    assert bytes(arrays["ids"]) == (PICTURE.id + CLIP.id).encode()
    assert {name for name, array in arrays.items() if array.dtype == np.uint8} == {
        "ids", "kind", "bits", "quality", "variant"}  # fmt: skip


def test_hashes_of_flat_pictures_and_of_low_quality_are_kept_but_not_compared() -> None:
    flat = BankItem(id="flat", kind=ItemKind.PICTURE, hashes=(BankHash(bits=bytes(32)),))
    weak = BankItem(id="weak", kind=ItemKind.PICTURE, hashes=(BankHash(bits=BITS, quality=49),))
    known = extended(empty("bank"), [flat, weak, PICTURE])
    assert known.worthy.tolist() == [False, False, True]


@pytest.mark.parametrize("name", ["", "two words", "a/b", "x" * 65, "a:b"])
def test_a_name_is_one_word(name: str) -> None:
    with pytest.raises(ValueError, match="one word"):
        empty(name)


def test_an_id_with_other_letters_is_refused() -> None:
    with pytest.raises(ValueError, match="not an id"):
        extended(empty("bank"), [replace(PICTURE, id="Neda's phone")])


def test_every_cut_of_a_bank_is_refused() -> None:
    content = encode(extended(empty("bank"), [PICTURE, CLIP]))
    for length in range(len(content)):
        with pytest.raises(Corrupt):
            decode(content[:length])


def _changed(bank: Bank, **arrays: object) -> bytes:
    parts = {item.name: getattr(bank, item.name) for item in fields(Bank) if item.name not in ("name", "revision")}
    return clip_arrays.encode(RECIPE, {**parts, **arrays}, {"name": bank.name, "revision": bank.revision})  # type: ignore[dict-item]


@pytest.mark.parametrize(
    ("part", "value"),
    [
        ("owner", np.array([0, 0, 7], np.uint32)),
        ("owner", np.array([1, 0, 1], np.uint32)),
        ("id_first", np.array([0, 64, 900], np.uint32)),
        ("id_first", np.array([0, 0, 70], np.uint32)),
        ("kind", np.array([0, 2], np.uint8)),
        ("begin", np.array([np.nan, np.inf, 2.5], np.float32)),
        ("begin", np.array([1.0, 0.0, 2.5], np.float32)),
        ("end", np.array([np.nan, 2.5, 1.0], np.float32)),
        ("latest", np.array([2_000_000_000, 0], np.int32)),
        ("bits", np.zeros((3, 31), np.uint8)),
        ("quality", np.zeros(2, np.uint8)),
        ("ids", np.frombuffer(b"<" * 70, np.uint8)),
        ("ids", np.zeros(70, np.uint16)),
        ("extra", np.zeros(1, np.uint8)),
    ],
)
def test_parts_that_do_not_fit_are_refused(part: str, value: object) -> None:
    bank = extended(empty("bank"), [PICTURE, CLIP])
    assert list(decode(_changed(bank)).items()) == [PICTURE, CLIP]
    with pytest.raises(Corrupt):
        decode(_changed(bank, **{part: value}))


def test_another_recipe_is_refused() -> None:
    with pytest.raises(Corrupt):
        decode(clip_arrays.encode("verify-bank/2", {}, {"name": "bank", "revision": 1}))
