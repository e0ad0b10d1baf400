"""The vault's copy of an exhibit, as an instrument sees it."""

from __future__ import annotations

import os
import stat
from functools import cached_property
from pathlib import Path
from typing import BinaryIO

from verifier.errors import Corrupt

HEAD_BYTES = 1 << 16


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
        """A new stream over the bytes. Raises Corrupt where the copy is no plain file."""
        flags = os.O_RDONLY | getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_CLOEXEC", 0) | getattr(os, "O_BINARY", 0)
        descriptor = os.open(self._path, flags)
        if not stat.S_ISREG(os.fstat(descriptor).st_mode):
            os.close(descriptor)
            raise Corrupt("the vault's copy is not a plain file")
        return os.fdopen(descriptor, "rb")

    def path(self) -> str:
        """Where the copy lies."""
        return self._path
