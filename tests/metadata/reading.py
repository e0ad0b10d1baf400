"""How the tests of this room let an analyser read bytes, and how they build small recordings by hand."""

from __future__ import annotations

import io
import struct
from collections.abc import Mapping
from pathlib import Path
from typing import BinaryIO

from verifier.errors import Corrupt, Unsupported
from verifier.instruments import Analyser
from verifier.media.sniff import sniff
from verifier.records import Exhibit, Kind, Reading, Record, Scalar, Value


class Held:
    """A `Source` over bytes in memory; `path` writes them to a file only when asked."""

    def __init__(self, content: bytes, folder: Path | None = None) -> None:
        self._content, self._folder = content, folder

    @property
    def size(self) -> int:
        return len(self._content)

    @property
    def head(self) -> bytes:
        return self._content[: 1 << 16]

    def open(self) -> BinaryIO:
        return io.BytesIO(self._content)

    def path(self) -> str:
        assert self._folder is not None, "this test gave no folder"
        where = self._folder / "held"
        where.write_bytes(self._content)
        return str(where)


def exhibit_of(content: bytes, kind: Kind | None = None, media_type: str | None = None) -> Exhibit:
    found, named = sniff(content[: 1 << 16], len(content), content[-(1 << 16) :])
    return Exhibit(id="0" * 64, sha512="0" * 128, size=len(content), kind=kind or found, media_type=media_type or named)


def read(
    analyser: Analyser,
    content: bytes,
    *,
    media_type: str | None = None,
    kind: Kind | None = None,
    parameters: Mapping[str, Scalar] | None = None,
) -> tuple[list[Record], str]:
    """All records and the sentence of the refusal ("": none). Any other exception is the test's failure."""
    records: list[Record] = []
    try:
        for record in analyser.analyse(exhibit_of(content, kind, media_type), Held(content), parameters or {}):
            records.append(record)
    except (Corrupt, Unsupported) as refusal:
        return records, str(refusal)
    return records, ""


def values(records: list[Record]) -> dict[str, Value]:
    """First value of each key."""
    found: dict[str, Value] = {}
    for record in records:
        if isinstance(record, Reading):
            found.setdefault(record.key, record.value)
    return found


# ---------------------------------------------------------------- boxes


def box(name: bytes | str, *parts: bytes) -> bytes:
    raw = name.encode("latin-1") if isinstance(name, str) else name
    body = b"".join(parts)
    return struct.pack(">I4s", len(body) + 8, raw) + body


def full(name: bytes | str, *parts: bytes, version: int = 0, flags: int = 0) -> bytes:
    return box(name, struct.pack(">I", version << 24 | flags), *parts)


def mvhd(created: int = 0, modified: int = 0, scale: int = 1000, length: int = 5000, version: int = 0) -> bytes:
    form = ">QQIQ" if version else ">IIII"
    return full("mvhd", struct.pack(form, created, modified, scale, length), bytes(80), version=version)


MATRICES = {
    0: (1, 0, 0, 1),
    90: (0, 1, -1, 0),
    180: (-1, 0, 0, -1),
    270: (0, -1, 1, 0),
}


def tkhd(created: int = 0, *, turn: int = 0, width: int = 640, height: int = 360, number: int = 1) -> bytes:
    a, b, c, d = (value << 16 for value in MATRICES[turn])
    matrix = struct.pack(">9i", a, b, 0, c, d, 0, 0, 0, 1 << 30)
    head = struct.pack(">IIIII", created, created, number, 0, 5000)
    return full("tkhd", head, bytes(16), matrix, struct.pack(">II", width << 16, height << 16))


def mdhd(created: int = 0, scale: int = 1000, length: int = 5000) -> bytes:
    return full("mdhd", struct.pack(">IIIIHH", created, created, scale, length, 0x55C4, 0))


def hdlr(kind: bytes = b"vide", name: bytes = b"VideoHandle") -> bytes:
    return full("hdlr", bytes(4), kind, bytes(12), name + b"\x00")


def stsd_video(codec: bytes = b"avc1", width: int = 640, height: int = 360) -> bytes:
    entry = box(codec, bytes(24), struct.pack(">HH", width, height), bytes(50))
    return full("stsd", struct.pack(">I", 1), entry)


def trak(
    *parts: bytes,
    handler: tuple[bytes, bytes] = (b"vide", b"VideoHandle"),
    created: int = 0,
    turn: int = 0,
    stbl: bytes | None = None,
) -> bytes:
    table = stbl if stbl is not None else stsd_video() + full("stts", struct.pack(">III", 1, 150, 33))
    media = box("mdia", mdhd(created), hdlr(*handler), box("minf", box("stbl", table)))
    return box("trak", tkhd(created, turn=turn), media, *parts)


def movie(
    *tags: bytes,
    created: int = 0,
    brand: bytes = b"isom",
    compatible: bytes = b"isomiso2avc1mp41",
    tracks: bytes | None = None,
    mdat: bytes = b"\x00" * 64,
) -> bytes:
    head = box("ftyp", brand, struct.pack(">I", 512), compatible)
    moov = box("moov", mvhd(created, created), tracks if tracks is not None else trak(created=created), *tags)
    return head + box("mdat", mdat) + moov


def key_tags(pairs: Mapping[str, str]) -> bytes:
    """`moov/meta` as Apple writes it."""
    keys = b"".join(struct.pack(">I4s", len(key) + 8, b"mdta") + key.encode() for key in pairs)
    items = b"".join(
        box(struct.pack(">I", number), box("data", struct.pack(">II", 1, 0), value.encode()))
        for number, value in enumerate(pairs.values(), 1)
    )
    return box("meta", hdlr(b"mdta", b""), full("keys", struct.pack(">I", len(pairs)), keys), box("ilst", items))


def text_tag(name: str, text: str, language: int = 0x15C7) -> bytes:
    raw = text.encode()
    return box(name, struct.pack(">HH", len(raw), language), raw)
