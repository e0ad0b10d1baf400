"""The vault's copy of an exhibit, as an instrument sees it."""

from __future__ import annotations

import io
import os
import stat
from functools import cached_property
from pathlib import Path
from typing import BinaryIO

from verifier.errors import Corrupt

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
