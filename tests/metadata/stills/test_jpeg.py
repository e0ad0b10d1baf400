"""How a JPEG is built: every table and marker of files that Pillow wrote, and what stands behind their end."""

from __future__ import annotations

import struct

import pytest

from tests.media.making import still
from tests.metadata import forging
from tests.metadata.forging import segment
from tests.metadata.reading import box, read, values
from verifier.metadata.stills.jpeg import ANALYSER, MOST_COMMENTS, MOST_SCANS
from verifier.metadata.stills.quantisation import Table, tables


def said(content: bytes) -> dict[str, object]:
    records, refusal = read(ANALYSER, content, media_type="image/jpeg")
    assert refusal == ""
    return values(records)


@pytest.mark.parametrize("quality", [10, 49, 50, 51, 75, 90, 95, 100])
def test_libjpegs_scaling_is_recognised(quality: int) -> None:
    found = said(still("JPEG", 32, 32, quality=quality))
    assert found["jpeg:quantisation.luma.standard"] is True
    assert found["jpeg:quantisation.luma.quality"] == quality
    assert found["jpeg:quantisation.chroma.quality"] == quality


def test_another_table_is_told_apart() -> None:
    table = [max(1, min(255, 3 + 2 * number)) for number in range(64)]
    found = said(still("JPEG", 32, 32, qtables=[table, table]))
    assert found["jpeg:quantisation.luma.standard"] is False
    assert "jpeg:quantisation.luma.quality" not in found


def test_tables_are_told_row_by_row() -> None:
    in_zigzag = bytes(range(1, 65))
    (table,) = tables(b"\x00" + in_zigzag)
    assert table.values[:4] == (1, 2, 6, 7)  # ITU-T T.81 figure 5
    (wide,) = tables(b"\x11" + b"".join(value.to_bytes(2, "big") for value in range(300, 364)))
    assert (wide.number, wide.values[0], wide.wide) == (1, 300, True)
    assert tables(b"\x00" + in_zigzag[:40]) == []
    assert Table(0, table.values).digest == table.digest


@pytest.mark.parametrize(("number", "name"), [(0, "4:4:4"), (1, "4:2:2"), (2, "4:2:0")])
def test_subsampling(number: int, name: str) -> None:
    assert said(still("JPEG", 32, 32, subsampling=number))["jpeg:subsampling"] == name


def test_progressive_has_many_scans_and_its_end_is_found() -> None:
    found = said(still("JPEG", 64, 48, progressive=True))
    assert found["jpeg:progressive"] is True
    assert found["jpeg:frame"] == "SOF2"
    assert int(str(found["jpeg:scans"])) > 4
    assert str(found["jpeg:marker_order"]).endswith("EOI")
    assert "jpeg:trailing_bytes" not in found


def test_restarts_comments_and_application_markers() -> None:
    content = forging.jpeg(
        segment(0xFE, b"CREATOR: gd-jpeg v1.0"),
        segment(0xEE, b"Adobe\x00\x64\x00\x00\x00\x00\x01"),
        picture=still("JPEG", 64, 48, restart_marker_rows=1),
    )
    found = said(content)
    assert found["jpeg:comment"] == "CREATOR: gd-jpeg v1.0"
    assert found["jpeg:adobe_app14"] == "version 100, transform 1"
    assert int(str(found["jpeg:restart_interval"])) > 0
    assert found["jpeg:jfif"] == "1.01"
    assert str(found["jpeg:marker_order"]).startswith("SOI COM APP14 APP0 DQT SOF0")


@pytest.mark.parametrize(
    ("behind", "kind"),
    [
        (box("ftyp", b"mp42", bytes(4), b"mp42"), "ISO base media (the video of a motion photo)"),
        (still("JPEG", 8, 8), "JPEG picture"),
        (b"PK\x03\x04" + bytes(30), "ZIP archive"),
        (bytes(40), "zeros"),
        (b"some words", "other bytes"),
        (b"some words" + b"SEFT", "Samsung trailer"),
    ],
)
def test_what_stands_behind_the_end_is_named(behind: bytes, kind: str) -> None:
    found = said(forging.jpeg(behind=behind))
    assert found["jpeg:trailing_bytes"] == len(behind)
    assert found["jpeg:trailing_kind"] == kind


def test_pictures_of_an_mpf_index_are_counted() -> None:
    index = b"MPF\x00" + b"II*\x00" + struct.pack("<I", 8) + struct.pack("<HHHII", 1, 0xB001, 4, 1, 2) + bytes(4)
    found = said(forging.jpeg(segment(0xE2, index), behind=still("JPEG", 8, 8)))
    assert found["jpeg:mpf"] == 2
    assert found["jpeg:trailing_kind"] == "pictures of the MPF index"


def test_a_file_that_breaks_off_is_refused_and_told_as_far_as_it_goes() -> None:
    whole = still("JPEG", 96, 64, quality=95)
    records, refusal = read(ANALYSER, whole[:-200], media_type="image/jpeg")
    assert refusal == "the file ends before the end marker"
    assert values(records)["jpeg:quantisation.luma.quality"] == 95
    for end in range(2, 640):
        assert read(ANALYSER, whole[:end], media_type="image/jpeg")[1] != ""


def test_endless_scans_are_refused() -> None:
    picture = still("JPEG", 16, 8, progressive=True)
    start = picture.index(b"\xff\xda")
    scan = segment(0xDA, b"\x01\x01\x00\x00\x3f\x00")
    records, refusal = read(ANALYSER, picture[:start] + scan * (2 * MOST_SCANS), media_type="image/jpeg")
    assert refusal == f"more than {MOST_SCANS} scans"
    assert len(records) < 100


def test_the_number_of_comments_is_bounded() -> None:
    records, _ = read(ANALYSER, forging.jpeg(*[segment(0xFE, b"x")] * 500))
    assert sum(getattr(record, "key", "") == "jpeg:comment" for record in records) == MOST_COMMENTS
