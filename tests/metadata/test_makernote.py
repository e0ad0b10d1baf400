"""MakerNotes: silent unless asked, decoded when asked, and never run away with by a count."""

from __future__ import annotations

import struct
from pathlib import Path

import pytest

from tests.metadata import forging
from tests.metadata.forging import ASCII, UNDEFINED
from tests.metadata.reading import read, values
from verifier.metadata.makernote import ANALYSER

ASKED = {"makernotes": True}


def canon(*entries: tuple[int, int, int, bytes]) -> bytes:
    """A Canon MakerNote: a bare directory, offsets from the TIFF header; here every value fits its entry."""
    body = b"".join(
        struct.pack("<HHI", tag, kind, count) + value.ljust(4, b"\x00") for tag, kind, count, value in entries
    )
    return struct.pack("<H", len(entries)) + body + bytes(4)


def photo(note: bytes) -> bytes:
    return forging.jpeg_with_exif(forging.exif({0x010F: (ASCII, "Canon")}, {0x927C: (UNDEFINED, note)}))


def test_nothing_is_decoded_unless_asked() -> None:
    assert read(ANALYSER, photo(canon((0x0006, 2, 4, b"IMG\x00")))) == ([], "")


def test_a_tag_is_decoded_when_asked() -> None:
    found = values(read(ANALYSER, photo(canon((0x0006, 2, 4, b"IMG\x00"))), parameters=ASKED)[0])
    assert found["makernote:ImageType"] == "IMG"


def test_a_count_without_end_ends_the_reading() -> None:
    block = bytearray(
        forging.exif({0x010F: (ASCII, "Canon")}, {0x927C: (UNDEFINED, canon((0x0006, 2, 4, b"IMG\x00")))})
    )
    at = block.index(struct.pack("<HH", 0x927C, UNDEFINED))
    struct.pack_into("<I", block, at + 4, 0xFFFFFFF0)
    records, refusal = read(ANALYSER, forging.jpeg_with_exif(bytes(block)), parameters=ASKED)
    assert refusal == "the MakerNote states counts that no camera writes"
    assert records == []


def test_every_prefix_is_read_or_refused() -> None:
    content = photo(canon((0x0006, 2, 4, b"IMG\x00"), (0x0007, 2, 4, b"1.0\x00")))
    for end in range(0, len(content), 2):
        read(ANALYSER, content[:end], media_type="image/jpeg", parameters=ASKED)


@pytest.mark.samples
def test_real_cameras(samples: Path) -> None:
    (path,) = (samples / "metadata" / "media").glob("*/Casio2.jpg")
    (apple,) = (samples / "metadata" / "media").glob("*/Apple.jpg")
    for one in (path, apple):
        assert any(
            key.startswith("makernote:") for key in values(read(ANALYSER, one.read_bytes(), parameters=ASKED)[0])
        )
