"""Bytes by digest, read-only: the one place that evidence is read from once it has been taken in.

    objects/sha256/ab/<digest>   evidence, as it came
    derived/ab/<digest>          what we made from it: thumbnails, key frames, tables; never evidence
    tmp/<random>                 what is being copied

The order is what makes a case safe against a kill or a power cut: bytes are written under a random name, made durable,
renamed to their digest, the renames made durable; only then may a record speak of them. So a record means a whole,
durable object; an object without a record is harmless and is found again by its bytes; `tmp` is swept by whoever holds
the case's writer lock. One level of folders, for each new folder is one more thing to make durable. File modes only
guard against accidents: it is the digests and the custody log that show tampering.
"""

from __future__ import annotations

import hashlib
import os
import re
import shutil
import stat
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

from verifier.errors import IntegrityBroken
from verifier.evidence.durable import Temporary, discard, make_durable, rename_durably, writing
from verifier.records import Derivative, Problem

_DIGEST = re.compile(r"[0-9a-f]{64}")
_READ = os.O_RDONLY | getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_CLOEXEC", 0) | getattr(os, "O_BINARY", 0)


@dataclass(frozen=True, slots=True, kw_only=True)
class Pending:
    """Bytes that lie whole under `tmp`, and the digest they will be known by."""

    temporary: str
    digest: str
    size: int


class Vault:
    """The objects and derivatives of one case folder. Folders are made when first written to."""

    def __init__(self, case_root: Path) -> None:
        self.root = Path(case_root)
        self._objects = self.root / "objects" / "sha256"
        self._derived = self.root / "derived"
        self._temporary = self.root / "tmp"
        self._made: set[str] = set()

    # ------------------------------------------------------------ evidence

    def furnish(self) -> tuple[Path, Path]:
        """Make the only two folders that a worker may read, objects and passing copies: never the records beside."""
        with writing(self.root):
            for folder in (self._objects, self._temporary):
                folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        return self._objects, self._temporary

    def path_of(self, digest: str) -> str:
        """Where the object of that digest lies, or would lie. Raises ValueError for what is no digest."""
        return _shelf(self._objects, digest)

    def holds(self, digest: str) -> bool:
        """Whether an object of that digest is here, as a plain file."""
        return _is_plain_file(self.path_of(digest))

    def open(self, digest: str) -> BinaryIO:
        """A new stream over an object. Raises FileNotFoundError."""
        return os.fdopen(os.open(self.path_of(digest), _READ), "rb")

    def objects(self) -> Iterator[tuple[str, str, bool]]:
        """Everything that lies among the objects: its name there, its path, and whether it is named as an object is."""
        for path in _files(self._objects):
            name = path.relative_to(self._objects).as_posix()
            is_named = bool(_DIGEST.fullmatch(path.name)) and os.fspath(path) == self.path_of(path.name)
            yield name, os.fspath(path), is_named

    def put_aside(self, name: str, folder: Path) -> None:
        """Move what is no whole object (a name of `objects`) out of the way, unchanged and under the same name."""
        source, target = os.fspath(self._objects / name), folder / name
        with writing(self.root):
            target.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
            rename_durably([(source, os.fspath(target))], (os.fspath(folder), os.fspath(folder.parent)), self.root)

    def settle(self, pending: Sequence[Pending]) -> None:
        """Make copies durable and give them their names; those already here are dropped.

        An object that is here with another size is damaged, and what we hold is whole: it is replaced.
        Raises DiskFull, CaseUnwritable.
        """
        self._settle(self._objects, pending)

    # ------------------------------------------------------------ derivatives

    @property
    def derivatives(self) -> Path:
        """The folder that holds them all: for a worker that reads nothing else."""
        return self._derived

    def derivative_path(self, digest: str) -> str:
        """Where the derivative of that id lies, or would lie. Raises ValueError for what is no digest."""
        return _shelf(self._derived, digest)

    def has_derivative(self, digest: str) -> bool:
        """Whether a derivative of that id is here, as a plain file."""
        return _is_plain_file(self.derivative_path(digest))

    def keep_derivative(self, derivative: Derivative) -> None:
        """Keep one derivative. For many, `keep_derivatives` is far cheaper."""
        self.keep_derivatives([derivative])

    def keep_derivatives(self, derivatives: Iterable[Derivative]) -> None:
        """Keep derivatives, durable together. Raises ValueError where an id is not the digest of its content."""
        waiting: dict[str, Pending] = {}
        for derivative in derivatives:
            if hashlib.sha256(derivative.content).hexdigest() != derivative.id:
                raise ValueError(f"a derivative's id is not the digest of its content: {derivative.id}")
            if derivative.id not in waiting and not _is_plain_file(self.derivative_path(derivative.id)):
                waiting[derivative.id] = self.write(derivative.id, derivative.content)
        self._settle(self._derived, list(waiting.values()))

    def read_derivative(self, digest: str) -> bytes:
        """A derivative's bytes. Raises IntegrityBroken where they are gone or not what they were."""
        try:
            with os.fdopen(os.open(self.derivative_path(digest), _READ), "rb") as stream:
                content = stream.read()
        except OSError as error:
            raise IntegrityBroken(f"the derivative {digest} cannot be read: {error.strerror}") from error
        if hashlib.sha256(content).hexdigest() != digest:
            raise IntegrityBroken(f"the derivative {digest} is not what it was")
        return content

    # ------------------------------------------------------------ writing

    def begin(self) -> Temporary:
        """A new file under `tmp` to copy into."""
        self._make(self._temporary)
        return Temporary(self._temporary, self.root)

    def write(self, digest: str, content: bytes) -> Pending:
        """Put bytes that are already in memory under `tmp`."""
        temporary = self.begin()
        try:
            temporary.write(content)
        finally:
            temporary.close()
        return Pending(temporary=temporary.path, digest=digest, size=len(content))

    def sweep(self) -> int:
        """Remove what an interrupted run left under `tmp`; the caller holds the case's writer lock. How many."""
        if not self._temporary.is_dir():
            return 0
        stale = list(self._temporary.iterdir())
        with writing(self.root):
            for path in stale:
                if path.is_dir() and not path.is_symlink():  # the workspace of a report that was interrupted
                    shutil.rmtree(path)
                else:
                    discard(os.fspath(path))
        return len(stale)

    def _settle(self, shelf: Path, pending: Sequence[Pending]) -> None:
        fresh: dict[str, Pending] = {}
        for item in pending:
            known = fresh.get(item.digest)
            if known is not None or _is_plain_file(_shelf(shelf, item.digest), item.size):
                discard(item.temporary)
            else:
                fresh[item.digest] = item
        if not fresh:
            return
        with writing(self.root):
            make_durable([item.temporary for item in fresh.values()], self.root)
            moves = [(item.temporary, _shelf(shelf, item.digest)) for item in fresh.values()]
            made = [folder for _, target in moves for folder in self._make(Path(target).parent)]
            rename_durably(moves, made, self.root)

    def _make(self, folder: Path) -> list[str]:
        """Make a folder and its parents below the case; the parents of every new one, which must be made durable."""
        if os.fspath(folder) in self._made:
            return []
        changed = []
        with writing(self.root):
            for step in reversed([folder, *folder.parents[: len(folder.parts) - len(self.root.parts)]]):
                if not step.is_dir():
                    step.mkdir(mode=0o700, exist_ok=True)
                    changed.append(os.fspath(step.parent))
        self._made.add(os.fspath(folder))
        return changed

    # ------------------------------------------------------------ audit

    def broken_derivatives(self, expected: Iterable[str]) -> Iterator[Problem]:
        """Hash each of these derivatives again: those that are gone or changed."""
        for digest in expected:
            where = f"derivative {digest}"
            if not _DIGEST.fullmatch(digest):
                yield Problem(where=where, what="its id is no digest")
            elif (problem := _examine(self.derivative_path(digest), digest, where)) is not None:
                yield problem

    def audit(self, expected: Iterable[str], derived: Iterable[str] = ()) -> Iterator[Problem | None]:
        """Re-hash everything: one answer for each expected object (None: it is sound), then every other problem.

        `derived`: derivatives that must be there; those that are not expected are hashed as well.

        An object that nothing expects but whose bytes are what its name says was left by an interrupted run and is
        no problem. Nothing is repaired.
        """
        wanted = set()
        for digest in expected:
            wanted.add(digest)
            yield _examine(self.path_of(digest), digest, f"object {digest}")
        kept = set(derived)
        yield from self.broken_derivatives(sorted(kept))
        for shelf, noun, met in ((self._objects, "object", wanted), (self._derived, "derivative", kept)):
            for path in _files(shelf):
                name = path.name
                if name in met and path == Path(_shelf(shelf, name)):
                    continue
                where = f"{noun} {path.relative_to(shelf).as_posix()}"
                if not _DIGEST.fullmatch(name) or path != Path(_shelf(shelf, name)):
                    yield Problem(where=where, what="foreign: it was not put there by verify")
                elif (problem := _examine(os.fspath(path), name, where)) is not None:
                    yield problem


def _shelf(shelf: Path, digest: str) -> str:
    if not _DIGEST.fullmatch(digest):
        raise ValueError(f"not a SHA-256 in lower-case hexadecimal: {digest!r}")
    return os.path.join(shelf, digest[:2], digest)


def _is_plain_file(path: str, size: int | None = None) -> bool:
    try:
        status = os.lstat(path)
    except FileNotFoundError:
        return False
    return stat.S_ISREG(status.st_mode) and size in (None, status.st_size)


def _files(folder: Path) -> Iterator[Path]:
    """Everything under a shelf that is no folder, sorted; links are named, not followed."""
    if not folder.is_dir():
        return
    for path in sorted(folder.iterdir()):
        if path.is_dir() and not path.is_symlink():
            yield from _files(path)
        else:
            yield path


def _examine(path: str, digest: str, where: str) -> Problem | None:
    if not os.path.lexists(path):
        return Problem(where=where, what="missing")
    try:
        if not _is_plain_file(path):
            return Problem(where=where, what="not a plain file")
        with open(os.open(path, _READ), "rb") as stream:
            found = hashlib.file_digest(stream, "sha256").hexdigest()
    except OSError as error:
        return Problem(where=where, what=f"cannot be read: {error.strerror}")
    return None if found == digest else Problem(where=where, what=f"changed: its bytes now have the digest {found}")
