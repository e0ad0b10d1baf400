from __future__ import annotations

import struct
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.metadata.reading import read, values
from verifier.metadata.containers.asf import ANALYSER
from verifier.records import Kind, Moment

HEADER = bytes.fromhex("3026b2758e66cf11a6d900aa0062ce6c")
FILE = bytes.fromhex("a1dcab8c47a9cf118ee400c00c205365")
STREAM = bytes.fromhex("9107dcb7b7a9cf118ee600c00c205365")
VIDEO = bytes.fromhex("c0ef19bc4d5bcf11a8fd00805f5c442b")


def part(name: bytes, body: bytes) -> bytes:
    return name + struct.pack("<Q", len(body) + 24) + body


def asf(created: int = (11_644_473_600 + 1_000_000_000) * 10_000_000) -> bytes:
    file = part(FILE, bytes(16) + struct.pack("<QQQQQQ", 5000, created, 10, 53_000_000, 0, 300) + bytes(16))
    bitmap = struct.pack("<IIB", 320, 240, 2) + struct.pack("<H", 40) + struct.pack("<IIiHH", 40, 320, 240, 1, 24)
    stream = part(STREAM, VIDEO + bytes(38) + bitmap + b"WMV3" + bytes(20))
    parts = file + stream
    return HEADER + struct.pack("<QIH", 30 + len(parts), 2, 0x201) + parts


def test_date_length_size_codec() -> None:
    found = values(read(ANALYSER, asf())[0])
    when = found["asf:CreationDate"]
    assert isinstance(when, Moment)
    assert when.iso() == "2001-09-09T01:46:40Z"
    assert found["asf:duration_s"] == 5.0
    assert (found["asf:width"], found["asf:height"], found["asf:video_codec"]) == (320, 240, "wmv3")


def test_no_date_is_not_told_as_1601() -> None:
    assert "asf:CreationDate" not in values(read(ANALYSER, asf(0))[0])


def test_every_truncation_raises_only_what_an_instrument_may() -> None:
    content = asf()
    for cut in range(len(content)):
        read(ANALYSER, content[:cut], kind=Kind.VIDEO, media_type="video/x-ms-asf")
    assert read(ANALYSER, content[:30], kind=Kind.VIDEO, media_type="video/x-ms-asf")[1]


@settings(max_examples=200, deadline=None)
@given(st.integers(0, 1 << 20), st.integers(0, 255))
def test_any_changed_byte_raises_only_what_an_instrument_may(at: int, byte: int) -> None:
    content = bytearray(asf())
    content[at % len(content)] = byte
    read(ANALYSER, bytes(content), kind=Kind.VIDEO, media_type="video/x-ms-asf")


@pytest.mark.samples
def test_a_real_file(samples: Path) -> None:
    when = values(read(ANALYSER, (samples / "metadata/media/c3cafee1/ASF.wmv").read_bytes())[0])["asf:CreationDate"]
    assert isinstance(when, Moment)
    assert when.iso() == "2004-10-28T17:23:34Z"
