"""TIFF directories: both orders, BigTIFF, raw makers' magic numbers, and structures built to trap a reader."""

from __future__ import annotations

import io
import struct

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.metadata import forging
from tests.metadata.forging import ASCII, LONG, RATIONAL, SHORT, UNDEFINED
from verifier.errors import Corrupt
from verifier.media.structure.tiff import MOST_DIRECTORIES, MOST_ENTRIES_IN_ALL, Tiff


def opened(content: bytes, base: int = 0) -> Tiff:
    return Tiff(io.BytesIO(content), base, len(content) - base)


@pytest.mark.parametrize("order", ["<", ">"])
@pytest.mark.parametrize("magic", [42, 0x55, 0x4F52, 0x5352])
def test_values_in_both_orders(order: str, magic: int) -> None:
    fields = {0x0100: (SHORT, 7), 0x0101: (LONG, 70_000), 0x011A: (RATIONAL, [(72, 1)]), 0x010F: (ASCII, "ab")}
    content = forging.exif(fields, order=order, magic=magic)
    structure = opened(b"junk" + content, 4)
    entries = {entry.tag: entry for entry in structure.directories().entries}
    assert structure.numbers(entries[0x0100]) == [7]
    assert structure.numbers(entries[0x0101]) == [70_000]
    assert structure.numbers(entries[0x011A]) == [(72, 1)]
    assert structure.raw(entries[0x010F]) == b"ab\x00"


def test_bigtiff() -> None:
    entry = struct.pack("<HHQQ", 0x0100, 16, 1, 5_000_000_000)
    content = b"II" + struct.pack("<HHHQ", 43, 8, 0, 16) + struct.pack("<Q", 1) + entry + struct.pack("<Q", 0)
    structure = opened(content)
    (found,) = structure.directories().entries
    assert structure.numbers(found) == [5_000_000_000]


@pytest.mark.parametrize("content", [b"", b"II", b"II*\x00", b"XX*\x00\x08\x00\x00\x00", b"II\x99\x00\x08\x00\x00\x00"])
def test_no_header_is_refused(content: bytes) -> None:
    with pytest.raises(Corrupt, match="no TIFF header"):
        opened(content)


def test_a_chain_of_pages_ends_where_it_began() -> None:
    content = bytearray(forging.exif({0x0100: (SHORT, 1)}))
    struct.pack_into("<I", content, len(content) - 4, 8)
    found = opened(bytes(content)).directories()
    assert [entry.directory for entry in found.entries] == ["IFD0"]
    assert found.flaws == ["IFD1 points back at a directory that was already read"]


def test_the_number_of_directories_is_bounded() -> None:
    pages = b""
    for number in range(10 * MOST_DIRECTORIES):
        pages += struct.pack("<HHHIII", 1, 0x0100, SHORT, 1, number, 8 + 18 * (number + 1))
    found = opened(b"II*\x00\x08\x00\x00\x00" + pages).directories()
    assert len({entry.directory for entry in found.entries}) == MOST_DIRECTORIES
    assert found.flaws == ["more directories than this version reads"]


def test_the_number_of_entries_is_bounded() -> None:
    size = 200_000
    content = bytearray(b"II*\x00\x08\x00\x00\x00" + bytes(size))
    for at in range(8, size - 2, 2):
        struct.pack_into("<H", content, at, 0xFFFF)  # wherever a directory begins, it has 65,535 entries
    for link in range(64):
        struct.pack_into("<HHII", content, 10 + 12 * link, 0x014A, LONG, 16, 1000 + 64 * link)
    assert len(opened(bytes(content)).directories().entries) <= MOST_ENTRIES_IN_ALL + 1024


@given(st.binary(max_size=400))
def test_any_bytes_are_read_or_refused(content: bytes) -> None:
    try:
        structure = opened(b"II*\x00" + content)
    except Corrupt:
        return
    for entry in structure.directories().entries:
        structure.numbers(entry)
        structure.raw(entry)


def test_a_value_beyond_the_end_is_not_a_value() -> None:
    content = forging.exif({0x010F: (UNDEFINED, b"0123456789"), 0x0111: (LONG, [1, 2, 3])})[:-14]
    structure = opened(content)
    entries = {entry.tag: entry for entry in structure.directories().entries}
    assert structure.numbers(entries[0x0111]) == []
    assert len(structure.raw(entries[0x010F])) <= 10
