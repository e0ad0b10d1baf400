"""What can be made again at any time and is kept to save the making: search indexes. No evidence, and not audited.

    search/<name>/list        the digests of the blocks that are in force, in order
    search/<name>/<digest>    a block

A block is read only under its digest; where the list or a block is missing or is not what it was, there is nothing to
be read, and the caller makes all of it again. The list is replaced at once, after the blocks that it names, so an
interrupted run leaves the earlier state. Blocks are mapped into memory: what is not looked at is not read twice.
"""

from __future__ import annotations

import hashlib
import mmap
import os
import re
import stat
from collections.abc import Sequence
from pathlib import Path

from verifier.evidence.durable import Temporary, discard, writing

FOLDER = "search"
_LIST = "list"
_DIGESTS = re.compile(rb"(?:[0-9a-f]{64}\n){0,100000}")
_MOST_LIST_BYTES = 65 * 100_000
_READ = os.O_RDONLY | getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_CLOEXEC", 0) | getattr(os, "O_BINARY", 0)


class KeptBlocks:
    """The blocks of one name in a case. Who keeps some holds the case's writer lock; who only reads may find none."""

    def __init__(self, case: Path, name: str) -> None:
        self._case, self._folder = case, case / FOLDER / name

    def read(self) -> list[tuple[str, memoryview]] | None:
        """Every block in order, with its digest; None where there are none or one is not what it was."""
        try:
            listed = _content(self._folder / _LIST, _MOST_LIST_BYTES)
            if listed is None or not _DIGESTS.fullmatch(listed):
                return None
            found = []
            for digest in bytes(listed).decode("ascii").split():
                block = _content(self._folder / digest)
                if block is None or hashlib.sha256(block).hexdigest() != digest:
                    return None
                found.append((digest, block))
            return found
        except OSError:
            return None

    def keep(self, blocks: Sequence[str | bytes]) -> None:
        """Make these the blocks, in this order; a digest stands for a block that is kept already.

        Raises DiskFull, CaseUnwritable.
        """
        with writing(self._case):
            self._folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        digests = [block if isinstance(block, str) else self._write(block) for block in blocks]
        listed = "".join(f"{digest}\n" for digest in digests).encode("ascii")
        self._place(listed, _LIST)
        with writing(self._case):
            for path in self._folder.iterdir():
                if path.name != _LIST and path.name not in digests and not path.is_dir():
                    discard(os.fspath(path))

    def forget(self) -> None:
        """Have no blocks."""
        with writing(self._case):
            for path in self._folder.iterdir() if self._folder.is_dir() else ():
                discard(os.fspath(path))

    def _write(self, block: bytes) -> str:
        digest = hashlib.sha256(block).hexdigest()
        self._place(block, digest)
        return digest

    def _place(self, content: bytes, name: str) -> None:
        """Not made durable: what a power cut leaves of it is found out by its digest."""
        temporary = Temporary(self._folder, self._case)
        try:
            temporary.write(content)
        finally:
            temporary.close()
        with writing(self._case):
            Path(temporary.path).replace(self._folder / name)


def _content(path: Path, most: int | None = None) -> memoryview | None:
    """A plain file, mapped; None where it is none."""
    descriptor = os.open(path, _READ)
    try:
        status = os.fstat(descriptor)
        if not stat.S_ISREG(status.st_mode) or (most is not None and status.st_size > most):
            return None
        if status.st_size == 0:
            return memoryview(b"")
        return memoryview(mmap.mmap(descriptor, 0, access=mmap.ACCESS_READ))
    finally:
        os.close(descriptor)
