from __future__ import annotations

import struct

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.metadata.reading import read, values
from verifier.metadata.containers.avi import ANALYSER, MOST_CHUNKS, chunks, date
from verifier.metadata.containers.isobmff import Bytes
from verifier.records import Kind, Moment


def chunk(name: bytes, body: bytes) -> bytes:
    return name + struct.pack("<I", len(body)) + body + bytes(len(body) & 1)


def rows(name: bytes, *parts: bytes) -> bytes:
    return chunk(b"LIST", name + b"".join(parts))


def avi(*tags: bytes, info: bytes = b"", strd: bytes = b"") -> bytes:
    main = chunk(b"avih", struct.pack("<10I", 40_000, 0, 0, 16, 250, 0, 1, 0, 640, 480) + bytes(16))
    head = chunk(b"strh", b"vidsmjpg" + bytes(40))
    stream = rows(b"strl", head, chunk(b"strf", bytes(40)), chunk(b"strd", strd) if strd else b"")
    body = b"AVI " + rows(b"hdrl", main, stream, *tags) + info + rows(b"movi", chunk(b"00dc", bytes(20)))
    return b"RIFF" + struct.pack("<I", len(body)) + body


def test_size_length_and_codec() -> None:
    found = values(read(ANALYSER, avi())[0])
    assert (found["avi:width"], found["avi:height"], found["avi:duration_s"]) == (640, 480, 10.0)
    assert found["avi:video_codec"] == "mjpeg"


@pytest.mark.parametrize(
    ("text", "iso"),
    [
        ("Mon Mar 10 15:04:43 2003", "2003-03-10T15:04:43"),
        ("WED AUG 05 09:12:11 2009", "2009-08-05T09:12:11"),
        ("2009/10/27 12:14:34", "2009-10-27T12:14:34"),
        ("2005/11/28/ 09:19", "2005-11-28T09:19:00"),
        ("2001/ 1/27  1:42PM", "2001-01-27T13:42:00"),
        ("2001/ 1/27 12:42AM", "2001-01-27T00:42:00"),
        ("2010-01-02 03:04:05", "2010-01-02T03:04:05"),
    ],
)
def test_the_forms_of_dates_in_the_field(text: str, iso: str) -> None:
    found = values(read(ANALYSER, avi(chunk(b"IDIT", text.encode() + b"\n\x00")))[0])["avi:IDIT"]
    assert isinstance(found, Moment)
    assert (found.iso(), found.text) == (iso, text)


@pytest.mark.parametrize("text", ["", "Mon Foo 10 15:04:43 2003", "2009/13/27 12:14:34", "2009/02/30 12:14:34"])
def test_an_impossible_date_stays_text(text: str) -> None:
    assert date(text) is None
    assert values(read(ANALYSER, avi(chunk(b"IDIT", text.encode())))[0])["avi:IDIT"] == text


def test_the_makers_own_block_and_the_program() -> None:
    info = rows(b"INFO", chunk(b"ISFT", b"PENTAX K-x   \x00"))
    found = values(read(ANALYSER, avi(info=info, strd=b"AVIF" + bytes(9) + b"2009:10:27 12:14:34\x00"))[0])
    assert found["avi:ISFT"] == "PENTAX K-x"
    moment = found["avi:strd.DateTimeOriginal"]
    assert isinstance(moment, Moment)
    assert moment.iso() == "2009-10-27T12:14:34"


def test_a_file_without_headers_is_corrupt() -> None:
    assert read(ANALYSER, b"RIFF\x10\x00\x00\x00AVI " + bytes(8))[1] == "no AVI header was found"


def test_every_truncation_and_loop_is_survived() -> None:
    content = avi(chunk(b"IDIT", b"Mon Mar 10 15:04:43 2003\n\x00"))
    for cut in range(len(content)):
        read(ANALYSER, content[:cut], kind=Kind.VIDEO, media_type="video/x-msvideo")
    empty = b"RIFF" + bytes(4) + b"AVI " + chunk(b"JUNK", b"") * (MOST_CHUNKS * 3)

    class Whole(Bytes):
        def __init__(self) -> None:
            import io

            super().__init__(io.BytesIO(empty), len(empty))

    assert len(list(chunks(Whole()))) == MOST_CHUNKS


@settings(max_examples=200, deadline=None)
@given(st.integers(0, 1 << 20), st.integers(0, 255))
def test_any_changed_byte_raises_only_what_an_instrument_may(at: int, byte: int) -> None:
    content = bytearray(avi(chunk(b"IDIT", b"Mon Mar 10 15:04:43 2003\n\x00")))
    content[at % len(content)] = byte
    read(ANALYSER, bytes(content), kind=Kind.VIDEO, media_type="video/x-msvideo")
