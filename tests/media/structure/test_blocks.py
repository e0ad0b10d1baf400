"""Where metadata blocks lie, and how much of them one file can make us hold."""

from __future__ import annotations

import io
import struct
import zlib

from hypothesis import given
from hypothesis import strategies as st

from tests.metadata import forging
from tests.metadata.forging import chunk, packet, segment
from tests.metadata.reading import Held, box, full
from verifier.media.structure.block import C2PA, EXIF, ICC, IPTC, PHOTOSHOP, XMP
from verifier.media.structure.blocks import MOST_BLOCKS, MOST_BYTES_IN_ALL, blocks, scan
from verifier.media.structure.chunks import gif_blocks, iso_boxes, photoshop_resources, png_chunks, riff_chunks
from verifier.media.structure.heif_items import metadata_items


def kinds(content: bytes, media_type: str) -> list[str]:
    return [block.kind for block in blocks(Held(content), media_type)]


def test_every_block_of_a_jpeg_with_its_place() -> None:
    iptc = forging.resource(0x0404, forging.dataset(2, 90, b"Kabul"))
    content = forging.jpeg(
        segment(0xE1, b"Exif\x00\x00" + forging.whole_exif()),
        segment(0xE1, b"http://ns.adobe.com/xap/1.0/\x00" + packet("")),
        segment(0xE2, b"ICC_PROFILE\x00\x01\x01" + bytes(20)),
        segment(0xEB, b"JP\x00\x01" + bytes(40)),
        segment(0xED, b"Photoshop 3.0\x00" + iptc),
    )
    found = blocks(Held(content), "image/jpeg")
    assert sorted(block.kind for block in found) == sorted([XMP, ICC, C2PA, EXIF, PHOTOSHOP, IPTC])
    for block in found:
        if block.offset is not None and block.kind in (EXIF, XMP):
            assert content[block.offset : block.offset + 4] == block.content[:4]


def test_an_unknown_container_has_none() -> None:
    assert kinds(b"anything", "application/octet-stream") == []


def test_the_last_resort_finds_signs_in_rubbish() -> None:
    content = bytes(1000) + b"Exif\x00\x00" + forging.whole_exif() + bytes(1000) + packet("", 'xmp:CreatorTool="T"')
    found = list(scan(Held(content)))
    assert [block.kind for block in found] == [EXIF, XMP]
    assert found[0].offset == 1006
    assert list(scan(Held(bytes(1000)))) == []


def test_many_beginnings_without_an_end_are_looked_at_once() -> None:
    assert list(scan(Held(b"<x:xmpmeta" * 400_000))) == []


def test_one_chunk_said_a_thousand_times_does_not_fill_the_memory() -> None:
    text = chunk(b"iTXt", b"XML:com.adobe.xmp\x00\x01\x00\x00\x00" + zlib.compress(b"<x:xmpmeta>" + bytes(8 << 20), 9))
    found = blocks(Held(forging.png(*[text] * 1000)), "image/png")
    assert sum(len(block.content) for block in found) <= MOST_BYTES_IN_ALL + (16 << 20)
    assert len(blocks(Held(forging.png(*[chunk(b"caBX", b"")] * 2000)), "image/png")) == MOST_BLOCKS


def test_entries_that_share_one_large_value_do_not_fill_the_memory() -> None:
    value = bytes(8 << 20)
    entries = 1000
    head = b"II*\x00\x08\x00\x00\x00" + struct.pack("<H", entries)
    where = len(head) + 12 * entries + 4
    content = head + struct.pack("<HHII", 0x02BC, 1, len(value), where) * entries + bytes(4) + value
    found = blocks(Held(content), "image/tiff")
    assert sum(len(block.content) for block in found) <= MOST_BYTES_IN_ALL + len(value)


def test_items_that_share_one_extent_do_not_fill_the_memory() -> None:
    number = 500
    infes = b"".join(full("infe", struct.pack(">HH", index, 0), b"Exif\x00", version=2) for index in range(number))
    iinf = full("iinf", struct.pack(">H", number), infes)
    rows = b"".join(struct.pack(">HHHII", index, 0, 1, 0, 8 << 20) for index in range(number))
    iloc = full("iloc", b"\x44\x00", struct.pack(">H", number), rows)
    content = box("ftyp", b"heic", bytes(4), b"heic") + full("meta", iinf, iloc) + box("mdat", bytes(8 << 20))
    assert sum(len(block.content) for block in blocks(Held(content), "image/heic")) <= MOST_BYTES_IN_ALL + (16 << 20)


WALKS = (
    lambda data: png_chunks(io.BytesIO(data)),
    lambda data: riff_chunks(io.BytesIO(data)),
    lambda data: gif_blocks(io.BytesIO(data)),
    lambda data: iso_boxes(io.BytesIO(data), len(data)),
    lambda data: photoshop_resources(data),
    lambda data: metadata_items(io.BytesIO(data), len(data)),
)
HEADS = (b"", b"\x89PNG\r\n\x1a\n", b"RIFF\x00\x00\x00\x00WEBP", b"GIF89a" + bytes(7), b"8BIM",
         full("meta", full("iinf", b"\x00\x01"))[:30])  # fmt: skip


@given(st.sampled_from(WALKS), st.sampled_from(HEADS), st.binary(max_size=400))
def test_any_bytes_end(walk: object, head: bytes, content: bytes) -> None:
    assert sum(1 for _ in walk(head + content)) <= 400  # type: ignore[operator]
