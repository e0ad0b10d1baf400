"""IPTC: names, texts in their codes, dates as Moments, and datasets that claim more than there is."""

from __future__ import annotations

import struct

from tests.metadata import forging
from tests.metadata.forging import dataset
from tests.metadata.reading import read, values
from verifier.metadata.iptc import ANALYSER, MOST_DATASETS, iptc_moment
from verifier.records import Moment, Zone

BLOCK = (
    dataset(1, 90, b"\x1b%G")
    + dataset(2, 0, b"\x00\x04")
    + dataset(2, 40, b"FBMD01000abc")
    + dataset(2, 55, b"20240506")
    + dataset(2, 60, b"070809+0330")
    + dataset(2, 80, "شهروند".encode())
    + dataset(2, 25, b"one")
    + dataset(2, 25, b"two")
)


def jpeg(block: bytes) -> bytes:
    return forging.jpeg(forging.segment(0xED, b"Photoshop 3.0\x00" + forging.resource(0x0404, block)))


def test_datasets_and_their_moment() -> None:
    records, refusal = read(ANALYSER, jpeg(BLOCK))
    found = values(records)
    assert refusal == ""
    assert found["iptc:SpecialInstructions"] == "FBMD01000abc"
    assert found["iptc:By-line"] == "شهروند"
    assert found["iptc:ApplicationRecordVersion"] == 4
    assert [r.value for r in records if getattr(r, "key", "") == "iptc:Keywords"] == ["one", "two"]
    moment = found["iptc:DateTimeCreated"]
    assert isinstance(moment, Moment)
    assert moment.iso() == "2024-05-06T07:08:09+03:30"


def test_a_date_without_a_time_is_no_moment() -> None:
    assert iptc_moment("20240506", "") is None
    assert iptc_moment("20240230", "070809") is None
    local = iptc_moment("20240506", "070809")
    assert local is not None
    assert local.zone is Zone.LOCAL


def test_latin_text_without_a_code() -> None:
    assert values(read(ANALYSER, jpeg(dataset(2, 90, b"M\xfcnchen")))[0])["iptc:City"] == "München"


def test_a_cut_dataset_is_refused_and_the_rest_kept() -> None:
    records, refusal = read(ANALYSER, jpeg(dataset(2, 90, b"Kabul") + dataset(2, 101, b"Afghanistan")[:-4]))
    assert values(records)["iptc:City"] == "Kabul"
    assert "cut off" in refusal


def test_an_extended_length_is_read_and_bounded() -> None:
    long = struct.pack(">BBBHI", 0x1C, 2, 120, 0x8004, 5000) + b"y" * 5000
    value = values(read(ANALYSER, jpeg(long))[0])["iptc:Caption-Abstract"]
    assert str(value).endswith("(5000 bytes)")
    assert "cut off" in read(ANALYSER, jpeg(struct.pack(">BBBH", 0x1C, 2, 120, 0x8009)))[1]


def test_the_number_of_datasets_is_bounded() -> None:
    records, _ = read(ANALYSER, forging.exif({0x83BB: (forging.UNDEFINED, dataset(2, 25, b"x") * (3 * MOST_DATASETS))}))
    assert len(records) == MOST_DATASETS


def test_words_swapped_by_a_little_endian_writer() -> None:
    block = dataset(2, 90, b"Kabul!!")
    swapped = b"".join(block[at : at + 4][::-1] for at in range(0, len(block), 4))
    content = forging.exif({0x83BB: (forging.LONG, swapped)})
    assert values(read(ANALYSER, content)[0])["iptc:City"] == "Kabul!!"


def test_every_prefix_is_read_or_refused() -> None:
    content = jpeg(BLOCK)
    for end in range(len(content)):
        read(ANALYSER, content[:end], media_type="image/jpeg")
