"""Local copies of bytes that are kept elsewhere, bounded, in a folder of the case that nobody else may read.

A copy is believed only under its digest, each time that it is asked for. A copy in use is held by a shared lock on an
open descriptor, so that neither this process nor another one on the same folder throws it away; the least recently
used of all others go first. When everything is in use the bound is passed, and met again afterwards.
"""

from __future__ import annotations

import hashlib
import os
import sys
import threading
from collections.abc import Callable
from pathlib import Path

from verifier.evidence.blobs import DIGEST, name_of
from verifier.evidence.durable import Temporary, discard, writing
from verifier.evidence.shelf import READ

MOST_BYTES = 20 << 30


class Cache:
    """Copies under one folder."""

    def __init__(self, folder: Path, root: Path, *, most_bytes: int = MOST_BYTES) -> None:
        self.folder = folder
        self._root, self._most_bytes = root, most_bytes
        self._held: dict[str, tuple[int, int]] = {}  # descriptor, how often
        self._bytes: int | None = None
        self._thread = threading.RLock()

    def path_of(self, digest: str) -> str:
        """Where a copy lies, or would lie."""
        return os.path.join(self.folder, *name_of(digest).split("/"))

    def take(self, digest: str, fetch: Callable[[Temporary], None]) -> str:
        """The path of a whole copy, held until `let_go`; `fetch` writes it where there is none.

        `fetch` raises what it likes, and must have checked what it wrote.
        """
        path = self.path_of(digest)
        with self._thread:
            if digest in self._held:
                descriptor, times = self._held[digest]
                self._held[digest] = (descriptor, times + 1)
                return path
        while (held := self._hold(path, digest)) is None:
            temporary = self.begin()
            whole = False
            try:
                fetch(temporary)
                whole = True
            finally:
                temporary.close()
                if not whole:
                    temporary.discard()
            held = os.open(temporary.path, READ)
            _lock(held, shared=True)  # before it has its name: nobody throws it away in between
            if self.place(temporary.path, digest):
                break
            os.close(held)  # another process was as fast: its copy is held
        with self._thread:
            if digest in self._held:  # another thread was as fast
                os.close(held)
                descriptor, times = self._held[digest]
                self._held[digest] = (descriptor, times + 1)
            else:
                self._held[digest] = (held, 1)
        return path

    def let_go(self, digest: str) -> None:
        """One user less."""
        with self._thread:
            descriptor, times = self._held.get(digest, (-1, 0))
            if times > 1:
                self._held[digest] = (descriptor, times - 1)
            elif times:
                del self._held[digest]
                os.close(descriptor)

    def begin(self) -> Temporary:
        """A new file to write a copy into."""
        with writing(self._root):
            self.folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        return Temporary(self.folder, self._root)

    def place(self, temporary: str, digest: str) -> bool:
        """Make a file under the case folder the copy of that digest; dropped, and False, where there is one."""
        path = self.path_of(digest)
        with writing(self._root):
            size = os.lstat(temporary).st_size
            Path(path).parent.mkdir(parents=True, exist_ok=True, mode=0o700)
            try:
                Path(path).hardlink_to(temporary)
            except FileExistsError:
                return False
            finally:
                discard(temporary)
        with self._thread:
            self._bytes = None if self._bytes is None else self._bytes + size
            if self._bytes is None or self._bytes > self._most_bytes:
                self._shrink()
        return True

    def _hold(self, path: str, digest: str) -> int | None:
        """A descriptor that holds the copy, if it is there and what it should be."""
        try:
            descriptor = os.open(path, READ)
        except FileNotFoundError:
            return None
        with open(descriptor, "rb", closefd=False) as stream:
            is_whole = hashlib.file_digest(stream, "sha256").hexdigest() == digest
        if is_whole and _lock(descriptor, shared=True) and _is_still(path, descriptor):
            os.utime(path)
            return descriptor
        os.close(descriptor)
        if not is_whole:
            discard(path)
        return None

    def _shrink(self) -> None:
        """Throw the least recently used copies away until the bound is met."""
        found = []
        for folder in self.folder.iterdir() if self.folder.is_dir() else ():
            for path in folder.iterdir() if folder.is_dir() else ():
                if DIGEST.fullmatch(path.name):
                    status = path.lstat()
                    found.append((status.st_mtime_ns, status.st_size, path))
        self._bytes = sum(size for _, size, _ in found)
        for _, size, path in sorted(found):
            if self._bytes <= self._most_bytes:
                return
            if _thrown_away(path):
                self._bytes -= size


def _thrown_away(path: Path) -> bool:
    try:
        descriptor = os.open(path, READ)
    except FileNotFoundError:
        return True
    try:
        if not _lock(descriptor, shared=False):
            return False
        if sys.platform != "win32":
            discard(os.fspath(path))
            return True
    finally:
        os.close(descriptor)
    try:
        discard(os.fspath(path))
    except PermissionError:  # Windows removes no file that is open somewhere
        return False
    return True


def _is_still(path: str, descriptor: int) -> bool:
    try:
        return os.path.samestat(os.lstat(path), os.fstat(descriptor))
    except FileNotFoundError:
        return False


if sys.platform == "win32":

    def _lock(descriptor: int, *, shared: bool) -> bool:
        return descriptor >= 0 or shared  # an open file is lock enough there

else:
    import fcntl

    def _lock(descriptor: int, *, shared: bool) -> bool:
        """Without waiting. Exclusive means: nobody uses it."""
        try:
            fcntl.flock(descriptor, (fcntl.LOCK_SH if shared else fcntl.LOCK_EX) | fcntl.LOCK_NB)
        except BlockingIOError:
            return False
        return True
