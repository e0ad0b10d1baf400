"""Lists that other tools write, read without their words; and ours, read back."""

from __future__ import annotations

import json
from datetime import date

import pytest

from verifier.errors import Corrupt
from verifier.hashing.banks.bank import BankHash, BankItem, ItemKind
from verifier.hashing.banks.lists import ListForm, form_of, read, write

ONE, OTHER = "0f" * 32, "a3" * 32


def bits(items: list[BankItem]) -> list[str]:
    return [row.bits.hex() for item in items for row in item.hashes]


def test_a_plain_list_with_comments_and_repeats() -> None:
    items = read(f"# from a partner\n{ONE}\n{OTHER.upper()}\n\n{ONE}\n", latest=date(2020, 1, 1))
    assert bits(items) == [ONE, OTHER]
    assert {item.latest for item in items} == {date(2020, 1, 1)} and items[0].hashes[0].quality is None
    assert len({item.id for item in items}) == 2


@pytest.mark.parametrize("line", [ONE[:-1], ONE + "0", ONE[:-1] + "g", f"{ONE} x"])
def test_a_plain_list_is_strict(line: str) -> None:
    with pytest.raises(Corrupt, match="line 2"):
        read(f"{OTHER}\n{line}\n", ListForm.PLAIN)


def test_an_auto_archiver_result_gives_hashes_and_drops_every_word() -> None:
    document = {
        "metadata": {"url": "https://example.org/post/7", "title": "Neda", "timestamp": "2022-09-20T11:00:00+00:00"},
        "status": "done",
        "media": [
            {"filename": "x.jpg", "properties": {"pdq_hash": ONE.lstrip("0"), "author": "somebody"}},
            {"properties": {"thumbnails": [{"filename": "t.jpg", "properties": {"pdq_hash": OTHER}}]}},
        ],
    }
    items = read(json.dumps(document))
    assert bits(items) == [ONE, OTHER]
    said = " ".join(item.id for item in items)
    assert not any(word in said for word in ("example", "Neda", "somebody", "x.jpg"))


def test_a_day_that_an_object_states_holds_for_what_lies_in_it() -> None:
    document = [{"date": "2021-05-06", "media": [{"pdq": ONE}, {"pdq": OTHER, "dated_on_or_before": "2019-01-31"}]}]
    assert [item.latest for item in read(json.dumps(document), latest=date(2024, 1, 1))] == [
        date(2021, 5, 6),
        date(2019, 1, 31),
    ]


def test_a_date_that_is_none_is_not_guessed_at() -> None:
    (item,) = read(json.dumps([{"pdq": ONE, "date": "2021-13-40", "timestamp": "yesterday"}]))
    assert item.latest is None


def test_threatexchange_indicators_are_read_by_their_type() -> None:
    document = {
        "data": [
            {"type": "HASH_PDQ", "indicator": ONE, "owner": "somebody"},
            {"type": "HASH_MD5", "indicator": OTHER},
            {"type": "HASH_SHA256", "indicator": OTHER},
        ]
    }
    assert bits(read(json.dumps(document))) == [ONE]
    lines = "\n".join(json.dumps(entry) for entry in document["data"])
    assert bits(read(lines)) == [ONE]


def test_csv_with_quality_and_day() -> None:
    text = f"name,PDQ_Hash,quality,date\nsecret,{ONE},77,2020-02-03 10:00\nother,,,\nthird,{OTHER},900,\n"
    first, second = read(text)
    assert (first.hashes[0].quality, first.latest) == (77, date(2020, 2, 3))
    assert (second.hashes[0].quality, second.latest) == (None, None)


def test_a_vpdq_list_is_one_clip_with_its_times() -> None:
    text = f"0,90,{ONE},0.000\n1,100,{OTHER},1.500\n"
    assert form_of(text) is ListForm.VPDQ
    (item,) = read(text, latest=date(2020, 1, 1))
    assert item.kind is ItemKind.CLIP
    assert [(row.quality, row.begin, row.end) for row in item.hashes] == [(90, 0.0, 1.5), (100, 1.5, 1.5)]
    assert bits(read(json.dumps([f"{ONE},90,0.0"]))) == [ONE]


@pytest.mark.parametrize(
    "text", ["", "hello", "[]", "{}", '{"a": 1}', "[" * 100_000, "a,b\n1,2\n", "{" + '"a":{' * 60 + "}" * 61, "\x00"]
)
def test_what_holds_no_hash_is_refused(text: str) -> None:
    with pytest.raises(Corrupt):
        read(text)


def test_a_sha256_in_a_field_of_no_pdq_name_is_not_taken_for_one() -> None:
    with pytest.raises(Corrupt, match="no PDQ hash"):
        read(json.dumps([{"sha256": ONE, "hash": OTHER}]))


@pytest.mark.parametrize("form", [ListForm.PLAIN, ListForm.CSV, ListForm.JSON])
def test_what_is_written_is_read(form: ListForm) -> None:
    rows = (BankHash(bits=bytes.fromhex(ONE), quality=70), BankHash(bits=bytes.fromhex(OTHER), quality=70, variant=1))
    item = BankItem(id="x", kind=ItemKind.PICTURE, hashes=rows, latest=date(2019, 1, 1))
    text = write([item], form)
    assert form_of(text) is form
    (back,) = read(text)
    assert bits([back]) == [ONE]
    if form is not ListForm.PLAIN:
        assert (back.hashes[0].quality, back.latest) == (70, date(2019, 1, 1))


def test_a_clip_is_written_as_vpdq_and_read() -> None:
    item = BankItem(
        id="c", kind=ItemKind.CLIP, hashes=(BankHash(bits=bytes.fromhex(ONE), quality=70, begin=1.0, end=2.0),)
    )
    (back,) = read(write([item], ListForm.VPDQ))
    assert (back.hashes[0].bits.hex(), back.hashes[0].begin, back.hashes[0].quality) == (ONE, 1.0, 70)
    with pytest.raises(ValueError, match="one clip"):
        write([], ListForm.VPDQ)
