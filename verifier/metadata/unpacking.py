"""Entries of ZIP and tar archives as hostile bytes: listed within bounds, read one at a time, written to no path."""

from __future__ import annotations

import bz2
import gzip
import io
import lzma
import struct
import tarfile
import zipfile
import zlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import BinaryIO

from verifier.errors import Corrupt, Unsupported
from verifier.metadata.within.zip_local import Local, local_members
from verifier.metadata.within.zip_names import name_of

MOST_ENTRIES = 20_000
LARGEST_DIRECTORY = 16 << 20  # bytes of a ZIP's central directory
MOST_UNPACKED = 256 << 20  # bytes that a compressed tar may unpack to before it is given up
LARGEST_READ = 64 << 20
DAMAGE = (
    zipfile.BadZipFile, tarfile.TarError, zlib.error, lzma.LZMAError, EOFError, OSError, ValueError, struct.error,
    OverflowError, NotImplementedError, RuntimeError, IndexError, KeyError,
)  # fmt: skip
_OPENERS: dict[str, Callable[[BinaryIO], BinaryIO]] = {
    "application/gzip": lambda stream: gzip.GzipFile(fileobj=stream),  # type: ignore[dict-item,return-value]
    "application/x-bzip2": lambda stream: bz2.BZ2File(stream),  # type: ignore[dict-item,return-value]
    "application/x-xz": lambda stream: lzma.LZMAFile(stream),  # type: ignore[dict-item,return-value]  # noqa: SIM115
}


@dataclass(frozen=True, slots=True)
class Entry:
    """One entry. `read(most)` gives at most that many bytes; `packed` is its size in the archive where known."""

    path: bytes
    kind: str  # file | folder | link | special
    size: int
    packed: int | None
    wall: str | None  # clock reading; a ZIP's is local, a tar's is UTC
    encrypted: bool
    read: Callable[[int], bytes]


def zip_entries(stream: BinaryIO, size: int) -> Iterator[Entry]:
    """Entries of a ZIP in the order of its directory; those before a break where there is none, which is then told.

    Raises Corrupt and Unsupported.
    """
    try:
        _check_directory(stream, size)
        archive = _archive(stream)
    except Corrupt as broken:
        whole = 0
        for member in local_members(stream, size):
            whole += member.content is not None
            yield _local_entry(member)
        raise Corrupt(f"{broken}; {whole} whole members were found by the headers before them") from None
    for number, info in enumerate(archive.infolist()):  # not closed: the stream is the caller's
        if number >= MOST_ENTRIES:
            raise Unsupported(f"more than {MOST_ENTRIES} entries; the rest was not read")
        yield _zip_entry(archive, info)


def _archive(stream: BinaryIO) -> zipfile.ZipFile:
    try:
        return zipfile.ZipFile(stream)
    except DAMAGE as error:
        raise Corrupt(f"the ZIP cannot be opened: {type(error).__name__}") from None


def _local_entry(member: Local) -> Entry:
    def read(most: int) -> bytes:
        if member.content is None:
            raise zipfile.BadZipFile("cut or damaged")
        return member.content[:most]

    day, time = member.time
    parts = ((day >> 9) + 1980, day >> 5 & 15, day & 31, time >> 11, time >> 5 & 63, (time & 31) * 2)
    return Entry(
        path=member.path,
        kind="folder" if member.path.endswith(b"/") else "file",
        size=len(member.content or b""),
        packed=member.packed,
        wall=_zip_wall(parts),
        encrypted=member.encrypted,
        read=read,
    )


def _check_directory(stream: BinaryIO, size: int) -> None:
    """Refuse a directory too large to hold in memory before `zipfile` reads it."""
    stream.seek(max(0, size - 66_000))
    tail = stream.read()
    end, wide = tail.rfind(b"PK\x05\x06"), tail.rfind(b"PK\x06\x06")
    if end < 0 or len(tail) < end + 22:
        raise Corrupt("the ZIP has no directory at its end: it is cut")
    (length,) = struct.unpack_from("<I", tail, end + 12)
    if length == 0xFFFFFFFF and 0 <= wide <= len(tail) - 48:
        (length,) = struct.unpack_from("<Q", tail, wide + 40)
    if length > LARGEST_DIRECTORY:
        raise Unsupported(f"a directory of {length} bytes is too large to read")
    stream.seek(0)


def _zip_entry(archive: zipfile.ZipFile, info: zipfile.ZipInfo) -> Entry:
    raw = info.orig_filename.encode("utf-8" if info.flag_bits & 0x800 else "cp437", "replace")
    path = name_of(raw, info.extra)
    mode = info.external_attr >> 16 & 0o170000
    kind = {0: "file", 0o100000: "file", 0o040000: "folder", 0o120000: "link"}.get(mode, "special")
    if info.filename.endswith("/"):
        kind = "folder"

    def read(most: int) -> bytes:
        with archive.open(info) as member:
            return member.read(most)

    return Entry(
        path=path,
        kind=kind,
        size=info.file_size,
        packed=info.compress_size,
        wall=_zip_wall(info.date_time),
        encrypted=bool(info.flag_bits & 1),
        read=read,
    )


def _zip_wall(parts: tuple[int, int, int, int, int, int]) -> str | None:
    try:
        return datetime(*parts).isoformat()  # noqa: DTZ001 - a ZIP keeps a local clock reading
    except ValueError:
        return None


class _Capped(io.RawIOBase):
    """A stream that gives up after so many bytes: a small file may unpack to a thousand times its size."""

    def __init__(self, stream: BinaryIO) -> None:
        self._stream, self._left = stream, MOST_UNPACKED

    def readable(self) -> bool:
        return True

    def read(self, amount: int = -1, /) -> bytes:
        if not 0 <= amount <= LARGEST_READ:
            raise Unsupported("one part of the archive is too large to read")
        piece = self._stream.read(amount)
        self._left -= len(piece)
        if self._left < 0:
            raise Unsupported(f"it unpacks to more than {MOST_UNPACKED >> 20} MiB; the rest was not read")
        return piece


def opened(stream: BinaryIO, media_type: str) -> BinaryIO:
    """The bytes inside a compression, capped."""
    opener = _OPENERS.get(media_type)
    return _Capped(opener(stream) if opener else stream)  # type: ignore[return-value]


def tar_entries(stream: BinaryIO, media_type: str) -> Iterator[Entry]:
    """Entries of a tar, also inside gzip, bzip2 or xz, read from front to back. Raises Corrupt and Unsupported."""
    try:
        archive = tarfile.open(  # noqa: SIM115 - closed below
            fileobj=opened(stream, media_type), mode="r|", errors="surrogateescape"
        )
    except DAMAGE as error:
        raise Corrupt(f"the tar cannot be opened: {type(error).__name__}") from None
    with archive:
        for _ in range(MOST_ENTRIES):
            try:
                info = archive.next()
            except DAMAGE as error:
                raise Corrupt(f"the tar breaks off: {type(error).__name__}") from None
            if info is None:
                return
            archive.members = []  # type: ignore[attr-defined]  # streaming keeps every header otherwise
            yield _tar_entry(archive, info)
    raise Unsupported(f"more than {MOST_ENTRIES} entries; the rest was not read")


def _tar_entry(archive: tarfile.TarFile, info: tarfile.TarInfo) -> Entry:
    kind = "file" if info.isfile() else "folder" if info.isdir() else "special"
    if info.issym() or info.islnk():
        kind = "link"

    def read(most: int) -> bytes:
        member = archive.extractfile(info)
        return member.read(most) if member is not None else b""

    return Entry(
        path=info.name.encode("utf-8", "surrogateescape"),
        kind=kind,
        size=info.size,
        packed=None,
        wall=_tar_wall(info.mtime),
        encrypted=False,
        read=read,
    )


def _tar_wall(seconds: float) -> str | None:
    try:
        return datetime.fromtimestamp(int(seconds), UTC).replace(tzinfo=None).isoformat()
    except (ValueError, OverflowError, OSError):
        return None
