"""The vault's copy of an exhibit, as an instrument sees it."""

from __future__ import annotations

import io
import os
import stat
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, BinaryIO

from verifier.errors import Corrupt
from verifier.instruments import Source
from verifier.media.sniff import leading_bytes

if TYPE_CHECKING:
    from _typeshed import WriteableBuffer

HEAD_BYTES = 1 << 16


class _Within(io.BufferedReader):
    """A file of known size."""

    def __init__(self, descriptor: int, size: int) -> None:
        super().__init__(io.FileIO(descriptor, "rb"), 1 << 16)
        self._size = size

    def read(self, size: int | None = -1, /) -> bytes:
        """At most what is left."""
        if size is not None and size > 1 << 16:
            size = min(size, max(0, self._size - self.tell()))
        return super().read(size)

    def seek(self, offset: int, whence: int = 0, /) -> int:
        """As usual; an offset that no file has leads to the end, and one before the start is a ValueError."""
        if whence:
            offset += self.tell() if whence == 1 else self._size
        if offset < 0:
            raise ValueError("negative seek position")
        return super().seek(min(offset, self._size))


class VaultSource:
    """`instruments.Source` over a file whose name is a digest; links are never followed."""

    def __init__(self, path: str | Path) -> None:
        self._path = os.fspath(path)

    @cached_property
    def size(self) -> int:
        """Bytes."""
        with self.open() as stream:
            return os.fstat(stream.fileno()).st_size

    @cached_property
    def head(self) -> bytes:
        """The first 64 KiB, read once."""
        with self.open() as stream:
            return stream.read(HEAD_BYTES)

    def open(self) -> BinaryIO:
        """A new stream over the bytes. Raises Corrupt where the copy is no plain file.

        Reading more than there is, or seeking beyond any file's end, costs nothing: a length that hostile bytes state
        (2 GiB in a file of 70 bytes) must not make the reader set that much memory aside.
        """
        flags = os.O_RDONLY | getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_CLOEXEC", 0) | getattr(os, "O_BINARY", 0)
        descriptor = os.open(self._path, flags)
        if not stat.S_ISREG(os.fstat(descriptor).st_mode):
            os.close(descriptor)
            raise Corrupt("the vault's copy is not a plain file")
        return _Within(descriptor, os.fstat(descriptor).st_size)

    def path(self) -> str:
        """Where the copy lies."""
        return self._path


class _Behind(io.RawIOBase):
    """A file that begins at an offset of another."""

    def __init__(self, inner: BinaryIO, start: int) -> None:
        super().__init__()
        self._inner, self._start = inner, start
        inner.seek(start)

    def readable(self) -> bool:
        return True

    def seekable(self) -> bool:
        return True

    def readinto(self, buffer: WriteableBuffer, /) -> int:
        view = memoryview(buffer).cast("B")
        read = self._inner.read(len(view))
        view[: len(read)] = read
        return len(read)

    def seek(self, offset: int, whence: int = 0, /) -> int:
        if whence == 0:
            if offset < 0:
                raise ValueError("negative seek position")
            return self._inner.seek(offset + self._start) - self._start
        return max(0, self._inner.seek(offset, whence) - self._start)

    def tell(self) -> int:
        return self._inner.tell() - self._start

    def close(self) -> None:
        self._inner.close()
        super().close()


class SourceBehind:
    """A source whose file begins after `skipped` bytes that do not belong to it; offsets count from its beginning."""

    def __init__(self, whole: Source, skipped: int) -> None:
        self._whole, self.skipped = whole, skipped

    @property
    def skipped_kind(self) -> str:
        """`zeros` or `other`."""
        return "other" if self._whole.head[: self.skipped].strip(b"\x00") else "zeros"

    @property
    def size(self) -> int:
        """Bytes from the beginning on."""
        return self._whole.size - self.skipped

    @property
    def head(self) -> bytes:
        """As much of the first 64 KiB as belongs to the file."""
        return self._whole.head[self.skipped :]

    def open(self) -> BinaryIO:
        """A new stream that begins where the file does."""
        return io.BufferedReader(_Behind(self._whole.open(), self.skipped), 1 << 16)

    def path(self) -> str:
        """Where the whole copy lies."""
        return self._whole.path()


def from_beginning(source: Source) -> Source:
    """The source without the bytes that stand before the file it holds."""
    skipped = leading_bytes(source.head, source.size)
    return SourceBehind(source, skipped) if skipped else source
