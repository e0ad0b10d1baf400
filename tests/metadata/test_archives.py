from __future__ import annotations

import bz2
import gzip
import io
import lzma
import tarfile
import zipfile
from collections.abc import Mapping

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.metadata.reading import read, values
from verifier.metadata.archives import ANALYSER, MOST_BYTES, profile_of
from verifier.records import Fault, Kind, Member, Reading, Record

JPEG = b"\xff\xd8\xff\xe0" + bytes(100)


def zipped(files: Mapping[str, bytes], compression: int = zipfile.ZIP_DEFLATED) -> bytes:
    held = io.BytesIO()
    with zipfile.ZipFile(held, "w", compression) as archive:
        for name, content in files.items():
            archive.writestr(zipfile.ZipInfo(name, (2023, 1, 2, 3, 4, 6)), content, compression)
    return held.getvalue()


def tarred(files: Mapping[str, bytes], *more: tarfile.TarInfo) -> bytes:
    held = io.BytesIO()
    with tarfile.open(fileobj=held, mode="w") as archive:
        for name, content in files.items():
            info = tarfile.TarInfo(name)
            info.size, info.mtime = len(content), 1_672_628_645
            archive.addfile(info, io.BytesIO(content))
        for info in more:
            archive.addfile(info)
    return held.getvalue()


def members(records: list[Record]) -> dict[bytes, Member]:
    return {record.path: record for record in records if isinstance(record, Member)}


def left(records: list[Record]) -> dict[str, str]:
    return {
        str(record.value): record.location
        for record in records
        if isinstance(record, Reading) and record.key == "archive:not_taken"
    }


def test_members_of_a_zip_with_their_clock_readings() -> None:
    records, refusal = read(ANALYSER, zipped({"a/b.jpg": JPEG, "c.txt": b"x", "folder/": b""}))
    assert not refusal
    found = members(records)
    assert found[b"a/b.jpg"].content == JPEG
    assert found[b"a/b.jpg"].modified_wall == "2023-01-02T03:04:06"
    assert (values(records)["archive:entries"], values(records)["archive:taken"]) == (3, 2)


@pytest.mark.parametrize("pack", [bytes, gzip.compress, bz2.compress, lzma.compress])
def test_members_of_a_tar_in_any_compression(pack) -> None:
    records, refusal = read(ANALYSER, pack(tarred({"a/b.jpg": JPEG})))
    assert not refusal
    assert members(records)[b"a/b.jpg"].content == JPEG
    assert members(records)[b"a/b.jpg"].modified_wall == "2023-01-02T03:04:05"


def test_one_compressed_file() -> None:
    records, _ = read(ANALYSER, gzip.compress(JPEG))
    assert members(records)[b"content"].content == JPEG


def test_names_are_bytes_and_only_labels() -> None:
    records, _ = read(ANALYSER, zipped({"../../etc/مظاهره.jpg": JPEG, "/abs.jpg": b"y"}))
    assert set(members(records)) == {"../../etc/مظاهره.jpg".encode(), b"/abs.jpg"}


def test_links_and_devices_are_not_followed() -> None:
    link, device = tarfile.TarInfo("link"), tarfile.TarInfo("device")
    link.type, link.linkname = tarfile.SYMTYPE, "/etc/passwd"
    device.type = tarfile.CHRTYPE
    records, _ = read(ANALYSER, tarred({"a": b"1"}, link, device))
    assert set(members(records)) == {b"a"}
    assert left(records) == {"link": "a link", "device": "no plain file"}
    held = io.BytesIO()
    with zipfile.ZipFile(held, "w") as archive:
        info = zipfile.ZipInfo("link")
        info.external_attr = 0o120777 << 16
        archive.writestr(info, "/etc/passwd")
    assert left(read(ANALYSER, held.getvalue())[0]) == {"link": "a link"}


def test_a_bomb_is_left_and_told() -> None:
    records, refusal = read(ANALYSER, zipped({"bomb": bytes(20 << 20), "photo.jpg": JPEG}))
    assert not refusal
    assert set(members(records)) == {b"photo.jpg"}
    assert "bomb" in left(records)["bomb"]
    assert any(isinstance(record, Fault) and "members not taken" in record.detail for record in records)


def test_what_is_too_much_is_left_and_told_and_smaller_members_are_taken() -> None:
    big = {"big.bin": bytes(MOST_BYTES + 1), "photo.jpg": JPEG}
    records, _ = read(ANALYSER, zipped(big, zipfile.ZIP_STORED))
    assert set(members(records)) == {b"photo.jpg"}
    assert "take the folder in" in left(records)["big.bin"]


def test_a_compressed_tar_is_given_up_where_it_unpacks_without_end(monkeypatch) -> None:
    monkeypatch.setattr("verifier.metadata.unpacking.MOST_UNPACKED", 1 << 20)
    records, refusal = read(ANALYSER, gzip.compress(tarred({"a.jpg": JPEG, "zero": bytes(8 << 20), "b.jpg": JPEG})))
    assert set(members(records)) == {b"a.jpg"}
    assert "unpacks to more than" in refusal


def test_encrypted_members_are_counted() -> None:
    content = bytearray(zipped({"secret.jpg": JPEG}))
    for sign, at in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        content[content.find(sign) + at] |= 1
    records, _ = read(ANALYSER, bytes(content))
    assert not members(records)
    assert values(records)["archive:encrypted"] == 1


def test_a_member_that_lies_about_its_size() -> None:
    content = bytearray(zipped({"a.jpg": JPEG}, zipfile.ZIP_STORED))
    at = content.find(b"PK\x01\x02")
    content[at + 24 : at + 28] = (3).to_bytes(4, "little")  # says 3 bytes; its checksum is of 104
    records, _ = read(ANALYSER, bytes(content))
    assert not members(records)
    assert left(records)


@pytest.mark.parametrize(
    ("names", "profile"),
    [
        ({"datapackage.json", "archive/data.warc.gz"}, "WACZ (web archive)"),
        ({"bag/bagit.txt", "bag/data/a.jpg"}, "BagIt"),
        ({"abc.jpg.proof.csv"}, "ProofMode"),
        ({"WhatsApp Chat with X.txt"}, "WhatsApp chat export"),
        ({"a.jpg"}, None),
    ],
)
def test_bundles_are_recognised(names: set[str], profile: str | None) -> None:
    assert profile_of(names) == profile


@pytest.mark.parametrize("magic", [b"7z\xbc\xaf\x27\x1c", b"Rar!\x1a\x07\x01\x00"], ids=["7z", "rar"])
def test_what_is_not_opened_says_what_to_do(magic: bytes) -> None:
    assert "take the folder in" in read(ANALYSER, magic + bytes(50))[1]


@pytest.mark.parametrize(
    "content",
    [zipped({"a.jpg": JPEG}), tarred({"a.jpg": JPEG}), gzip.compress(JPEG, mtime=0)],
    ids=["zip", "tar", "gzip"],
)
def test_truncations_raise_only_what_an_instrument_may(content: bytes) -> None:
    media_type = {b"PK": "application/zip", b"\x1f\x8b": "application/gzip"}.get(content[:2], "application/x-tar")
    for cut in range(0, min(len(content), 2048)):
        read(ANALYSER, content[:cut], kind=Kind.ARCHIVE, media_type=media_type)


@settings(max_examples=300, deadline=None)
@given(st.integers(0, 1 << 20), st.integers(0, 255), st.sampled_from(["zip", "tar", "gz", "xz"]))
def test_any_changed_byte_raises_only_what_an_instrument_may(at: int, byte: int, form: str) -> None:
    files = {"a.jpg": JPEG, "b": b"b" * 40}
    whole, media_type = {
        "zip": (zipped(files), "application/zip"),
        "tar": (tarred(files), "application/x-tar"),
        "gz": (gzip.compress(tarred(files)), "application/gzip"),
        "xz": (lzma.compress(tarred(files)), "application/x-xz"),
    }[form]
    content = bytearray(whole)
    content[at % len(content)] = byte
    read(ANALYSER, bytes(content), kind=Kind.ARCHIVE, media_type=media_type)
