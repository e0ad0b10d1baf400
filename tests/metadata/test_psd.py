"""Photoshop's resources, wherever they lie."""

from __future__ import annotations

import struct

from tests.media.making import still
from tests.metadata import forging
from tests.metadata.forging import resource
from tests.metadata.reading import read, values
from verifier.metadata.psd import ANALYSER
from verifier.records import Derivative


def _name(text: str) -> bytes:
    return struct.pack(">I", len(text)) + text.encode("utf-16-be")


VERSION = resource(
    0x0421, struct.pack(">IB", 1, 1) + _name("Adobe Photoshop") + _name("Adobe Photoshop 7.0") + bytes(4)
)
QUALITY = resource(0x0406, struct.pack(">h", 6))


def test_versions_and_quality_in_jpeg_and_psd() -> None:
    in_jpeg = forging.jpeg(forging.segment(0xED, b"Photoshop 3.0\x00" + VERSION + QUALITY))
    for content in (in_jpeg, forging.psd(VERSION, QUALITY)):
        found = values(read(ANALYSER, content)[0])
        assert found["psd:WriterName"] == "Adobe Photoshop"
        assert found["psd:ReaderName"] == "Adobe Photoshop 7.0"
        assert found["psd:JPEGQuality"] == 10
        assert found["psd:resources"] == "VersionInfo JPEGQuality"


def test_the_thumbnail_becomes_a_derivative() -> None:
    picture = still("JPEG", 16, 8)
    body = struct.pack(">IIIIIIHH", 1, 16, 8, 48, 384, len(picture), 24, 1) + picture
    records, _ = read(ANALYSER, forging.psd(resource(0x040C, body)))
    assert [record.content for record in records if isinstance(record, Derivative)] == [picture]


def test_every_prefix_is_read_or_refused() -> None:
    content = forging.psd(VERSION, QUALITY)
    for end in range(len(content)):
        read(ANALYSER, content[:end], media_type="image/vnd.adobe.photoshop")
