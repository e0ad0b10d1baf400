from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.metadata.reading import read, values
from verifier.metadata.containers.mpegts import ANALYSER
from verifier.records import Kind, Moment

UUID = bytes.fromhex("17ee8c60f84d11d98cd60800200c9a66") + b"MDPM"


def transport(content: bytes, *, stamped: bool = True) -> bytes:
    """Packets of one stream, 184 bytes of content each."""
    out = b""
    for at in range(0, len(content), 184):
        part = content[at : at + 184].ljust(184, b"\xff")
        out += (b"\0\0\0\0" if stamped else b"") + b"\x47\x10\x11\x10" + part
    return out


def block(zone: int = 0x02, *more: tuple[int, bytes]) -> bytes:
    entries = [(0x18, bytes([zone]) + bytes.fromhex("200812")), (0x19, bytes.fromhex("31231624")), *more]
    return UUID + bytes([len(entries)]) + b"".join(bytes([tag]) + body for tag, body in entries)


def when(content: bytes) -> str:
    found = values(read(ANALYSER, content, kind=Kind.VIDEO, media_type="video/mp2t")[0])["h264:MDPM.DateTimeOriginal"]
    assert isinstance(found, Moment)
    return found.iso()


@pytest.mark.parametrize(
    ("zone", "suffix"), [(0x02, "+01:00"), (0x22, "-01:00"), (0x0B, "+05:30"), (0x00, "+00:00"), (0xFF, "")]
)
def test_the_date_and_its_zone(zone: int, suffix: str) -> None:
    assert when(transport(bytes(200) + block(zone) + bytes(300))) == f"2008-12-31T23:16:24{suffix}"


def test_a_block_across_two_packets_is_put_together() -> None:
    assert when(transport(bytes(184 - 12) + block() + bytes(300), stamped=False)) == "2008-12-31T23:16:24+01:00"


def test_maker_and_position() -> None:
    north = [(0xB1, b"N\0\0\0"), (0xB2, b"\0\x23\0\x01"), (0xB3, b"\0\x1e\0\x01"), (0xB4, b"\0\x24\0\x01")]
    west = [(0xB5, b"W\0\0\0"), (0xB6, b"\0\x33\0\x01"), (0xB7, b"\0\x00\0\x01"), (0xB8, b"\0\x00\0\x01")]
    content = transport(block(2, (0xE0, b"\x10\x11\x30\0"), *north, *west) + bytes(200))
    found = values(read(ANALYSER, content, kind=Kind.VIDEO, media_type="video/mp2t")[0])
    assert found["h264:MDPM.make"] == "Canon"
    assert (found["h264:MDPM.latitude"], found["h264:MDPM.longitude"]) == (35.51, -51.0)


def test_the_encoder_names_itself_across_packets() -> None:
    content = transport(bytes(170) + b"x264 - core 164 - options: cabac=1" + bytes(300))
    found = values(read(ANALYSER, content, kind=Kind.VIDEO, media_type="video/mp2t")[0])
    assert found["sei:encoder"] == "x264 - core 164 - options: cabac=1"


def test_a_stream_without_the_block_says_nothing() -> None:
    assert read(ANALYSER, transport(bytes(600)), kind=Kind.VIDEO, media_type="video/mp2t") == ([], "")


def test_packets_out_of_step_are_corrupt() -> None:
    assert read(ANALYSER, bytes(1000), kind=Kind.VIDEO, media_type="video/mp2t")[1]


@settings(max_examples=200, deadline=None)
@given(st.integers(0, 1 << 20), st.integers(0, 255), st.integers(0, 800))
def test_damage_raises_only_what_an_instrument_may(at: int, byte: int, cut: int) -> None:
    content = bytearray(transport(bytes(100) + block() + bytes(300)))
    content[at % len(content)] = byte
    read(ANALYSER, bytes(content[:cut]), kind=Kind.VIDEO, media_type="video/mp2t")


@pytest.mark.samples
def test_a_real_camcorder(samples: Path) -> None:
    assert when((samples / "metadata/media/798f804f/M2TS.mts").read_bytes()) == "2008-12-31T23:16:24+01:00"
