"""Writing files so that they, and their names, survive a power cut.

One `syncfs` before and one after the renames of a batch is some twenty times cheaper than `fsync` of each file and
reaches the same state; where there is none (not Linux) or the batch is small, each file and folder is synced. macOS
needs F_FULLFSYNC for the disk's own cache. Windows has no handle on a folder to sync: NTFS journals its names.
"""

from __future__ import annotations

import ctypes
import errno
import os
import secrets
import sys
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from functools import cache
from pathlib import Path

from verifier.errors import CaseUnwritable, DiskFull

FEW_FILES = 4  # up to here, syncing each is cheaper than a whole file system with everybody's data


_CREATE = os.O_WRONLY | os.O_CREAT | os.O_EXCL | getattr(os, "O_CLOEXEC", 0) | getattr(os, "O_BINARY", 0)


@contextmanager
def writing(root: Path) -> Iterator[None]:
    """Turns the system's refusal to write into the sentence that the operator needs."""
    try:
        yield
    except OSError as error:
        if error.errno in (errno.ENOSPC, errno.EDQUOT):
            raise DiskFull(root) from error
        raise CaseUnwritable(root, error.strerror or type(error).__name__) from error


class Temporary:
    """A new read-only file of a random name, being written. Raises DiskFull or CaseUnwritable."""

    def __init__(self, folder: Path, root: Path) -> None:
        self._root = root
        self._has_hole = False
        self._size = 0
        self.path = os.path.join(folder, secrets.token_hex(16))
        with writing(root):
            self._descriptor = os.open(self.path, _CREATE, 0o400)

    def write(self, content: memoryview | bytes) -> None:
        """Append bytes."""
        view = memoryview(content)
        self._size += len(view)
        with writing(self._root):
            while view:
                view = view[os.write(self._descriptor, view) :]

    def skip(self, count: int) -> None:
        """Leave a hole of that many zero bytes."""
        self._size += count
        self._has_hole = True
        with writing(self._root):
            os.lseek(self._descriptor, count, os.SEEK_CUR)

    def close(self) -> None:
        """Write no more."""
        try:
            if self._has_hole:
                with writing(self._root):
                    os.ftruncate(self._descriptor, self._size)
        finally:
            with writing(self._root):  # a network file system may tell of a full disk only now
                os.close(self._descriptor)

    def discard(self) -> None:
        """Remove it."""
        with writing(self._root):
            discard(self.path)


def discard(path: str) -> None:
    """Remove a file that is read-only. One that is gone already is no error."""
    try:
        os.unlink(path)
    except FileNotFoundError:
        return
    except PermissionError:  # Windows does not remove what is read-only
        os.chmod(path, 0o600)
        os.unlink(path)


def make_durable(files: Sequence[str], root: Path) -> None:
    """The bytes of files that lie on the file system of `root`. Raises OSError."""
    if len(files) > FEW_FILES and (everything := _syncfs()) is not None:
        everything(root)
        return
    for path in files:
        _sync(path, os.O_RDONLY if os.name != "nt" else os.O_RDWR)


def rename_durably(moves: Sequence[tuple[str, str]], made: Iterable[str], root: Path) -> None:
    """Give files their names and make the names durable; `made` are folders in which new folders appeared."""
    for source, target in moves:
        os.replace(source, target)
    if len(moves) > FEW_FILES and (everything := _syncfs()) is not None:
        everything(root)
        return
    if os.name == "nt":
        return
    folders = {os.path.dirname(path) for move in moves for path in move}
    for folder in sorted(folders | set(made)):
        _sync(folder, os.O_RDONLY)


def _sync(path: str, flags: int) -> None:
    descriptor = os.open(path, flags)
    try:
        if sys.platform == "darwin":
            import fcntl

            fcntl.fcntl(descriptor, fcntl.F_FULLFSYNC)
        else:
            os.fsync(descriptor)
    finally:
        os.close(descriptor)


@cache
def _syncfs() -> Callable[[Path], None] | None:
    """Linux' way to make one whole file system durable, or None."""
    if sys.platform != "linux":
        return None
    function = getattr(ctypes.CDLL(None, use_errno=True), "syncfs", None)
    if function is None:
        return None

    def everything(root: Path) -> None:
        descriptor = os.open(root, os.O_RDONLY)
        try:
            if function(descriptor) != 0:
                number = ctypes.get_errno()
                raise OSError(number, os.strerror(number), os.fspath(root))
        finally:
            os.close(descriptor)

    return everything
