from __future__ import annotations

import struct

from hypothesis import given, settings
from hypothesis import strategies as st

from tests.metadata.reading import read, values
from verifier.metadata.containers.matroska import ANALYSER
from verifier.records import Kind, Moment


def element(number: int, *parts: bytes, unknown: bool = False) -> bytes:
    body = b"".join(parts)
    name = number.to_bytes((number.bit_length() + 7) // 8, "big")
    size = b"\x01" + b"\xff" * 7 if unknown else struct.pack(">Q", len(body) | 1 << 56)
    return name + size + body


def matroska(*parts: bytes, live: bool = False) -> bytes:
    info = element(
        0x1549A966,
        element(0x2AD7B1, (1_000_000).to_bytes(3, "big")),
        element(0x4489, struct.pack(">d", 2500.0)),
        element(0x4461, struct.pack(">q", 86_400 * 1_000_000_000)),
        element(0x4D80, b"Lavf58.1"),
        element(0x5741, b"Lavf58.1"),
    )
    video = element(0xE0, element(0xB0, b"\x05\x00"), element(0xBA, b"\x02\xd0"))
    tracks = element(0x1654AE6B, element(0xAE, element(0x83, b"\x01"), element(0x86, b"V_VP8"), video))
    segment = element(0x18538067, info, tracks, *parts, element(0x1F43B675, bytes(20)), unknown=live)
    return element(0x1A45DFA3, element(0x4282, b"webm")) + segment


def test_date_programs_size_and_length() -> None:
    found = values(read(ANALYSER, matroska())[0])
    when = found["matroska:DateUTC"]
    assert isinstance(when, Moment)
    assert when.iso() == "2001-01-02T00:00:00Z"
    assert (found["matroska:width"], found["matroska:height"], found["matroska:video_codec"]) == (1280, 720, "vp8")
    assert found["matroska:duration_s"] == 2.5
    assert found["matroska:MuxingApp"] == "Lavf58.1"


def test_a_live_recording_has_no_sizes_and_is_read_all_the_same() -> None:
    assert values(read(ANALYSER, matroska(live=True))[0])["matroska:width"] == 1280


def test_the_encoder_names_itself_in_the_first_cluster() -> None:
    content = matroska().replace(bytes(20), bytes(4) + b"x264 - core 164" + bytes(1))
    assert values(read(ANALYSER, content)[0])["sei:encoder"] == "x264 - core 164"


def test_tags_come_by_their_names() -> None:
    tag = element(0x67C8, element(0x45A3, b"DATE_RECORDED"), element(0x4487, b"2021-02-03 04:05:06"))
    found = values(read(ANALYSER, matroska(element(0x1254C367, element(0x7373, tag))))[0])
    assert isinstance(found["matroska:tag.DATE_RECORDED"], Moment)


def test_no_segment_is_corrupt() -> None:
    assert read(ANALYSER, b"\x1aE\xdf\xa3" + bytes(40))[1] == "no Matroska segment was found"


def test_every_truncation_raises_only_what_an_instrument_may() -> None:
    content = matroska()
    for cut in range(len(content)):
        read(ANALYSER, content[:cut], kind=Kind.VIDEO, media_type="video/webm")


@settings(max_examples=300, deadline=None)
@given(st.integers(0, 1 << 20), st.integers(0, 255))
def test_any_changed_byte_raises_only_what_an_instrument_may(at: int, byte: int) -> None:
    content = bytearray(matroska())
    content[at % len(content)] = byte
    read(ANALYSER, bytes(content), kind=Kind.VIDEO, media_type="video/webm")
