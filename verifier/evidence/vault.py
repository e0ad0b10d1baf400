"""Bytes by digest, read-only: the one place that evidence is read from once it has been taken in.

    objects/sha256/ab/<digest>   evidence, as it came
    derived/ab/<digest>          what we made from it: thumbnails, key frames, tables; never evidence
    tmp/<random>                 what is being copied
    cache/                       copies of what is kept in a bucket, where `storage.toml` names one

The order is what makes a case safe against a kill or a power cut: bytes are written under a random name, made durable,
renamed to their digest, the renames made durable; only then may a record speak of them. So a record means a whole,
durable object; an object without a record is harmless and is found again by its bytes; `tmp` is swept by whoever holds
the case's writer lock. File modes only guard against accidents: it is the digests and the custody log that show
tampering. Where the bytes are kept (`blobs`) is all that differs between a folder and a bucket.
"""

from __future__ import annotations

import hashlib
import os
import shutil
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import BinaryIO

from verifier.errors import IntegrityBroken, UsageError
from verifier.evidence.blobs import DIGEST, FOREIGN, Blobs, Pending, name_of
from verifier.evidence.durable import Temporary, discard, rename_durably, writing
from verifier.evidence.shelf import Shelf
from verifier.records import Derivative, Problem
from verifier.storage import CACHE, read_storage

__all__ = ["Pending", "Vault"]


class Vault:
    """The objects and derivatives of one case. Folders are made when first written to."""

    def __init__(self, case_root: Path) -> None:
        """Where the case's `storage.toml` names a bucket, the bytes are kept there. Raises BadSettings, UsageError."""
        self.root = Path(case_root)
        self._temporary = self.root / "tmp"
        self._own = Shelf(self._temporary, self.root)
        self._objects_folder = self.root / "objects" / "sha256"
        self._derived_folder = self.root / "derived"
        bucket = read_storage(self.root).objects
        self._is_folder = bucket is None
        self._objects: Blobs
        self._derived: Blobs
        if bucket is None:
            self._objects = Shelf(self._objects_folder, self.root)
            self._derived = Shelf(self._derived_folder, self.root)
            return
        from verifier.evidence.bucket import Bucket, BucketBlobs
        from verifier.evidence.cache import Cache

        opened, cache = Bucket(bucket), self.root / CACHE
        self._objects_folder, self._derived_folder = cache / "objects", cache / "derived"
        self._objects = BucketBlobs(opened, "objects/sha256", Cache(self._objects_folder, self.root))
        self._derived = BucketBlobs(opened, "derived", Cache(self._derived_folder, self.root))

    # ------------------------------------------------------------ evidence

    def furnish(self) -> tuple[Path, Path]:
        """Make the only two folders that a worker may read, objects and passing copies: never the records beside."""
        with writing(self.root):
            for folder in (self._objects_folder, self._temporary):
                folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        return self._objects_folder, self._temporary

    def path_of(self, digest: str) -> str:
        """Where the object of that digest lies here, or would lie. Raises ValueError for what is no digest."""
        return self._objects.path_of(digest)

    def at_hand(self, digest: str) -> str:
        """The path of an object on this machine, which stays until `let_go`. Raises FileNotFoundError."""
        return self._objects.at_hand(digest)

    def let_go(self, digest: str) -> None:
        """An object at hand is not used any more."""
        self._objects.let_go(digest)

    def holds(self, digest: str) -> bool:
        """Whether an object of that digest is kept, as a plain file."""
        return self._objects.size_of(digest) is not None

    def open(self, digest: str) -> BinaryIO:
        """A new stream over an object. Raises FileNotFoundError."""
        return self._objects.open(digest)

    def objects(self) -> Iterator[tuple[str, str, bool]]:
        """Everything that lies among the objects: its name there, its path, and whether it is named as an object is.

        Raises UsageError where they are kept in a bucket: what meets them again reads files.
        """
        self._in_a_folder()
        for item in self._objects.stored():
            yield item.name, os.path.join(self._objects_folder, *item.name.split("/")), item.is_named

    def put_aside(self, name: str, folder: Path) -> None:
        """Move what is no whole object (a name of `objects`) out of the way, unchanged and under the same name."""
        self._in_a_folder()
        source, target = os.fspath(self._objects_folder / name), folder / name
        with writing(self.root):
            target.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
            rename_durably([(source, os.fspath(target))], (os.fspath(folder), os.fspath(folder.parent)), self.root)

    def _in_a_folder(self) -> None:
        if not self._is_folder:
            raise UsageError(
                "The objects of this case are kept in a bucket. Copy them into the folder of a case without one first."
            )

    def settle(self, pending: Sequence[Pending]) -> None:
        """Make copies durable and give them their names; those already here are dropped.

        An object that is here with another size is damaged, and what we hold is whole: it is replaced.
        Raises DiskFull, CaseUnwritable, ObjectsLacking.
        """
        self._objects.keep(pending)

    # ------------------------------------------------------------ derivatives

    @property
    def derivatives(self) -> Path:
        """The folder that holds those at hand: for a worker that reads nothing else."""
        return self._derived_folder

    def derivative_path(self, digest: str) -> str:
        """Where the derivative of that id lies here, or would lie. Raises ValueError for what is no digest."""
        return self._derived.path_of(digest)

    def derivative_at_hand(self, digest: str) -> str:
        """The path of a derivative on this machine, which stays until `let_derivative_go`. Raises FileNotFoundError."""
        return self._derived.at_hand(digest)

    def let_derivative_go(self, digest: str) -> None:
        """A derivative at hand is not used any more."""
        self._derived.let_go(digest)

    def has_derivative(self, digest: str) -> bool:
        """Whether a derivative of that id is kept, as a plain file."""
        return self._derived.size_of(digest) is not None

    def keep_derivative(self, derivative: Derivative) -> None:
        """Keep one derivative. For many, `keep_derivatives` is far cheaper."""
        self.keep_derivatives([derivative])

    def keep_derivatives(self, derivatives: Iterable[Derivative]) -> None:
        """Keep derivatives, durable together. Raises ValueError where an id is not the digest of its content."""
        waiting: dict[str, Pending] = {}
        for derivative in derivatives:
            if hashlib.sha256(derivative.content).hexdigest() != derivative.id:
                raise ValueError(f"a derivative's id is not the digest of its content: {derivative.id}")
            if derivative.id in waiting or (self._is_folder and self.has_derivative(derivative.id)):
                continue  # a bucket is not asked first: it refuses what it has
            waiting[derivative.id] = self.write(derivative.id, derivative.content)
        self._derived.keep(list(waiting.values()))

    def read_derivative(self, digest: str) -> bytes:
        """A derivative's bytes. Raises IntegrityBroken where they are gone or not what they were."""
        try:
            with self._derived.open(digest) as stream:
                content = stream.read()
        except OSError as error:
            why = error.strerror or "it is not there"
            raise IntegrityBroken(f"the derivative {digest} cannot be read: {why}") from error
        if hashlib.sha256(content).hexdigest() != digest:
            raise IntegrityBroken(f"the derivative {digest} is not what it was")
        return content

    # ------------------------------------------------------------ writing

    def begin(self) -> Temporary:
        """A new file under `tmp` to copy into."""
        self._own.make(self._temporary)
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

    # ------------------------------------------------------------ audit

    def broken_derivatives(self, expected: Iterable[str]) -> Iterator[Problem]:
        """Hash each of these derivatives again: those that are gone or changed."""
        for digest in expected:
            where = f"derivative {digest}"
            if not DIGEST.fullmatch(digest):
                yield Problem(where=where, what="its id is no digest")
            elif (problem := self._derived.problem_of(name_of(digest), digest, where)) is not None:
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
            yield self._objects.problem_of(name_of(digest), digest, f"object {digest}")
        kept = set(derived)
        yield from self.broken_derivatives(sorted(kept))
        for blobs, noun, met in ((self._objects, "object", wanted), (self._derived, "derivative", kept)):
            for item in blobs.stored():
                if item.is_named and item.digest in met:
                    continue
                where = f"{noun} {item.name}"
                if not item.is_named:
                    yield Problem(where=where, what=FOREIGN)
                elif (problem := blobs.problem_of(item.name, item.digest, where)) is not None:
                    yield problem
