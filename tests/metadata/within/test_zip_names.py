"""Names of members by field, flag and code page, and members of a ZIP that broke off."""

from __future__ import annotations

import io
import struct
import zipfile
import zlib
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.media.making import still
from tests.metadata.reading import read
from verifier.metadata.archives import ANALYSER
from verifier.metadata.within.zip_local import local_members
from verifier.metadata.within.zip_names import name_of, readings_of
from verifier.records import Member, Reading, Record

NAME = "تظاهرات تهران.jpg"


def field(raw: bytes, name: bytes, version: int = 1) -> bytes:
    body = struct.pack("<BI", version, zlib.crc32(raw)) + name
    return struct.pack("<HH", 0x7075, len(body)) + body


def stored(name: bytes, content: bytes, extra: bytes = b"", flags: int = 0) -> bytes:
    """One member behind its local header, without a directory."""
    sizes = (zlib.crc32(content), len(content), len(content), len(name), len(extra))
    return struct.pack("<4sHHHHHIIIHH", b"PK\x03\x04", 20, flags, 0, 0, 0x56A4, *sizes) + name + extra + content


def written(*members: tuple[str, bytes], stream: io.RawIOBase | None = None) -> bytes:
    target = io.BytesIO()
    with zipfile.ZipFile(_Unseekable(target) if stream else target, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in members:
            archive.writestr(name, content)
    return target.getvalue()


class _Unseekable(io.RawIOBase):
    """A pipe: a writer to it puts sizes behind the data."""

    def __init__(self, target: io.BytesIO) -> None:
        self._target = target

    def writable(self) -> bool:
        return True

    def write(self, content: object) -> int:
        return self._target.write(bytes(content))  # type: ignore[call-overload]


def paths(records: list[Record]) -> list[bytes]:
    return [record.path for record in records if isinstance(record, Member)]


def test_a_unicode_path_whose_crc_fits_is_the_name() -> None:
    assert name_of(b"????.jpg", field(b"????.jpg", NAME.encode())) == NAME.encode()


@pytest.mark.parametrize(
    "extra",
    [b"", field(b"another.jpg", NAME.encode()), field(b"????.jpg", b"\xff\xfe"), field(b"????.jpg", b"x", version=2),
     field(b"????.jpg", NAME.encode())[:-3], b"\x75\x70\x02\x00\x01\x00"],
)  # fmt: skip
def test_a_unicode_path_that_does_not_fit_is_not(extra: bytes) -> None:
    assert name_of(b"????.jpg", extra) == b"????.jpg"


def test_a_name_of_arabic_windows_is_a_reading_of_its_bytes() -> None:
    raw = NAME.encode("windows-1256")
    assert readings_of(raw)[0] == ("windows-1256", NAME)
    records, _ = read(ANALYSER, stored(raw, still("JPEG")))
    assert paths(records) == [raw]
    told = [record for record in records if isinstance(record, Reading) and record.key == "archive:name"]
    assert NAME in [record.value for record in told]
    assert all("as " in record.location for record in told)


def test_a_name_of_another_page_is_not_called_arabic() -> None:
    assert next(page for page, _ in readings_of("Grüße.jpg".encode("cp437"))) == "cp437"
    assert readings_of(NAME.encode()) == []
    assert readings_of(b"plain.jpg") == []


@pytest.mark.parametrize("piped", [False, True])
def test_a_cut_archive_yields_its_whole_members(piped: bool) -> None:
    members = [(f"IMG_{number}.jpg", still("JPEG", width=96 + number)) for number in range(3)]
    content = written(*members, stream=io.RawIOBase() if piped else None)
    third = content.index(b"IMG_2.jpg")
    records, refusal = read(ANALYSER, content[: third + 200], media_type="application/zip")
    assert paths(records) == [b"IMG_0.jpg", b"IMG_1.jpg"]
    assert [record.content for record in records if isinstance(record, Member)] == [item for _, item in members[:2]]
    assert "cut" in refusal
    assert "2 whole members" in refusal


def test_every_prefix_yields_only_whole_members() -> None:
    members = {b"a.jpg": still("JPEG"), b"b.txt": b"text " * 40}
    for piped in (False, True):
        content = written(*((name.decode(), body) for name, body in members.items()),
                          stream=io.RawIOBase() if piped else None)  # fmt: skip
        for end in range(0, len(content), 3):
            for member in local_members(io.BytesIO(content[:end]), end):
                assert member.content in (None, members[member.path])


@given(content=st.binary(max_size=300), at=st.integers(0, 60), value=st.integers(0, 255))
@settings(max_examples=150, deadline=None)
def test_no_bytes_stop_it(content: bytes, at: int, value: int) -> None:
    whole = bytearray(stored(b"a.jpg", b"x" * 20, field(b"a.jpg", b"b.jpg")) + b"PK\x03\x04" + content)
    whole[at] = value
    list(local_members(io.BytesIO(bytes(whole)), len(whole)))
    readings_of(content)
    name_of(content[:5], content[5:])


@pytest.mark.samples
def test_the_reported_archives(samples: Path) -> None:
    folder = samples / "reported" / "14-archive-names" / "in"
    records, _ = read(ANALYSER, (folder / "unicode_path.zip").read_bytes())
    assert paths(records) == [NAME.encode()]
    records, _ = read(ANALYSER, (folder / "windows-1256.zip").read_bytes())
    assert NAME in [record.value for record in records if isinstance(record, Reading)]
    records, refusal = read(ANALYSER, (folder / "cut.zip").read_bytes())
    assert paths(records) == [b"IMG_2.jpg"]
    assert "cut" in refusal
