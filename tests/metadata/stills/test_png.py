"""PNG's own chunks, and the damage that their checksums show."""

from __future__ import annotations

import zlib

from tests.metadata import forging
from tests.metadata.forging import chunk
from tests.metadata.reading import read, values
from verifier.metadata.stills.png import ANALYSER
from verifier.records import Moment, Zone


def test_texts_of_three_kinds() -> None:
    content = forging.png(
        chunk(b"tEXt", b"Software\x00Screenshot 4"),
        chunk(b"zTXt", b"Comment\x00\x00" + zlib.compress("caf\xe9".encode("latin-1"))),
        chunk(b"iTXt", b"Title\x00\x01\x00fa\x00\x00" + zlib.compress("عکس".encode())),
        chunk(b"tEXt", b"date:create\x002024-05-06T07:08:09+03:30"),
    )
    found = values(read(ANALYSER, content)[0])
    assert found["png:tEXt.Software"] == "Screenshot 4"
    assert found["png:zTXt.Comment"] == "café"
    assert found["png:iTXt.Title"] == "عکس"
    moment = found["png:tEXt.date:create"]
    assert isinstance(moment, Moment)
    assert moment.iso() == "2024-05-06T07:08:09+03:30"


def test_its_time_is_utc_and_an_impossible_one_is_told() -> None:
    good = values(read(ANALYSER, forging.png(chunk(b"tIME", b"\x07\xe8\x05\x06\x07\x08\x09")))[0])["png:tIME"]
    assert isinstance(good, Moment)
    assert good.zone is Zone.UTC
    bad = values(read(ANALYSER, forging.png(chunk(b"tIME", b"\x07\xe8\x0d\x06\x07\x08\x09")))[0])
    assert bad["png:tIME"] == "2024-13-06T07:08:09"
    assert "png:problem" in bad


def test_order_and_what_follows_the_end() -> None:
    found = values(read(ANALYSER, forging.png(chunk(b"tEXt", b"a\x00b")) + b"hidden")[0])
    assert found["png:chunk_order"] == "IHDR tEXt IDAT IEND"
    assert found["png:trailing_bytes"] == 6


def test_a_wrong_checksum_is_told_and_refused() -> None:
    broken = bytearray(forging.png(chunk(b"tEXt", b"Software\x00Screenshot 4")))
    broken[broken.index(b"Screenshot")] ^= 1
    records, refusal = read(ANALYSER, bytes(broken))
    assert "checksum" in refusal
    assert str(values(records)["png:wrong_checksum"]).startswith("tEXt at byte")


def test_a_cut_file_is_refused() -> None:
    assert read(ANALYSER, forging.png()[:-8], media_type="image/png")[1] == "the PNG ends before its IEND chunk"


def test_text_that_swells_is_bounded() -> None:
    bomb = chunk(b"zTXt", b"Comment\x00\x00" + zlib.compress(b"\x00" * (64 << 20), 9))
    value = values(read(ANALYSER, forging.png(bomb))[0])["png:zTXt.Comment"]
    assert str(value).endswith(f"({1 << 20} bytes)")
