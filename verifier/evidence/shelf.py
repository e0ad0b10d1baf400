"""Bytes by digest in a folder of the case.

A batch is written under random names, made durable, renamed to its digests, and the renames made durable. One level of
folders, for each new folder is one more thing to make durable.
"""

from __future__ import annotations

import hashlib
import os
import stat
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import BinaryIO

from verifier.evidence.blobs import MISSING, Pending, Stored, changed, name_of, stored
from verifier.evidence.durable import discard, make_durable, rename_durably, writing
from verifier.records import Problem

READ = os.O_RDONLY | getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_CLOEXEC", 0) | getattr(os, "O_BINARY", 0)


class Shelf:
    """One shelf of a case folder. Its folders are made when first written to."""

    def __init__(self, folder: Path, root: Path) -> None:
        self.folder = folder
        self._root = root
        self._made: set[str] = set()

    def path_of(self, digest: str) -> str:
        """Where those bytes lie, or would lie."""
        return os.path.join(self.folder, *name_of(digest).split("/"))

    def size_of(self, digest: str) -> int | None:
        """The size of a plain file of that name."""
        return plain_size(self.path_of(digest))

    def open(self, digest: str) -> BinaryIO:
        """A new stream over the bytes."""
        return os.fdopen(os.open(self.path_of(digest), READ), "rb")

    def at_hand(self, digest: str) -> str:
        """The bytes themselves."""
        path = self.path_of(digest)
        if plain_size(path) is None:
            raise FileNotFoundError(path)
        return path

    def let_go(self, digest: str) -> None:
        """Nothing: what is kept here stays."""

    def keep(self, pending: Sequence[Pending]) -> None:
        """Make copies durable and give them their names.

        What is here with another size is damaged, and what we hold is whole: it is replaced.
        """
        fresh: dict[str, Pending] = {}
        for item in pending:
            if item.digest in fresh or self.size_of(item.digest) == item.size:
                discard(item.temporary)
            else:
                fresh[item.digest] = item
        if not fresh:
            return
        with writing(self._root):
            make_durable([item.temporary for item in fresh.values()], self._root)
            moves = [(item.temporary, self.path_of(item.digest)) for item in fresh.values()]
            made = [folder for _, target in moves for folder in self.make(Path(target).parent)]
            rename_durably(moves, made, self._root)

    def make(self, folder: Path) -> list[str]:
        """Make a folder and its parents below the case; the parents of every new one, which must be made durable."""
        if os.fspath(folder) in self._made:
            return []
        parents = []
        with writing(self._root):
            for step in reversed([folder, *folder.parents[: len(folder.parts) - len(self._root.parts)]]):
                if not step.is_dir():
                    step.mkdir(mode=0o700, exist_ok=True)
                    parents.append(os.fspath(step.parent))
        self._made.add(os.fspath(folder))
        return parents

    def stored(self) -> Iterator[Stored]:
        """Everything that lies there and is no folder; links are named, not followed."""
        for path in _files(self.folder):
            yield stored(path.relative_to(self.folder).as_posix())

    def problem_of(self, name: str, digest: str, where: str) -> Problem | None:
        """What is wrong with a file."""
        path = os.path.join(self.folder, *name.split("/"))
        if not os.path.lexists(path):
            return Problem(where=where, what=MISSING)
        try:
            if plain_size(path) is None:
                return Problem(where=where, what="not a plain file")
            with open(os.open(path, READ), "rb") as stream:
                found = hashlib.file_digest(stream, "sha256").hexdigest()
        except OSError as error:
            return Problem(where=where, what=f"cannot be read: {error.strerror}")
        return None if found == digest else Problem(where=where, what=changed(found))


def plain_size(path: str) -> int | None:
    """The size of a plain file; None where there is none."""
    try:
        status = os.lstat(path)
    except FileNotFoundError:
        return None
    return status.st_size if stat.S_ISREG(status.st_mode) else None


def _files(folder: Path) -> Iterator[Path]:
    if not folder.is_dir():
        return
    for path in sorted(folder.iterdir()):
        if path.is_dir() and not path.is_symlink():
            yield from _files(path)
        else:
            yield path
