"""A BagIt 1.0 bag that is being written: files with both their digests, then the manifests, then its name.

It grows in a folder beside the one it will be (`.NAME.exporting`), and takes its name when it is whole and durable. One
that was interrupted is thrown away when it is begun again.
"""

from __future__ import annotations

import hashlib
import os
import shutil
from collections.abc import Iterable
from pathlib import Path

from verifier.errors import UsageError
from verifier.evidence.durable import make_durable, rename_durably, writing

DECLARATION = b"BagIt-Version: 1.0\nTag-File-Character-Encoding: UTF-8\n"
MARK = ".verify-is-exporting"  # so that nothing but an unfinished bag of ours is ever thrown away
ALGORITHMS = ("sha256", "sha512")
PAYLOAD = "data/"


class Bag:
    """An unfinished bag. `digests` and `sizes`: of every file so far, by its path in the bag."""

    def __init__(self, out: Path) -> None:
        """Begin in a folder beside `out`. Raises UsageError where `out` holds something, DiskFull, CaseUnwritable."""
        self.out = out
        self.folder = out.with_name(f".{out.name}.exporting")
        self.digests: dict[str, tuple[str, str]] = {}
        self.sizes: dict[str, int] = {}
        if out.is_symlink() or (out.exists() and (not out.is_dir() or any(out.iterdir()))):
            raise UsageError("A package goes into an empty folder, so that nothing else is given away with it.")
        if self.folder.exists() and not (self.folder / MARK).is_file():
            raise UsageError(f"{self.folder} is in the way; move it.")
        with writing(out.parent):
            out.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
            self._discard()
            self.folder.mkdir(mode=0o700)
            (self.folder / MARK).touch(mode=0o600)

    def add(self, name: str, content: bytes | Iterable[bytes]) -> tuple[str, str]:
        """Write a file; its SHA-256 and SHA-512."""
        path = self.folder / name
        one, other, size = hashlib.sha256(), hashlib.sha512(), 0
        with writing(self.out.parent):
            for folder in reversed([*path.relative_to(self.folder).parents][:-1]):
                (self.folder / folder).mkdir(exist_ok=True, mode=0o700)
            descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL | getattr(os, "O_BINARY", 0), 0o600)
        with os.fdopen(descriptor, "wb") as stream:
            for block in (content,) if isinstance(content, bytes) else content:
                one.update(block)
                other.update(block)
                size += len(block)
                with writing(self.out.parent):
                    stream.write(block)
            with writing(self.out.parent):
                stream.flush()
        self.digests[name], self.sizes[name] = (one.hexdigest(), other.hexdigest()), size
        return self.digests[name]

    def take_over(self, name: str) -> None:
        """Count in a file that lies in the bag already."""
        with (self.folder / name).open("rb") as stream:
            content = iter(lambda: stream.read(1 << 20), b"")
            one, other, size = hashlib.sha256(), hashlib.sha512(), 0
            for block in content:
                one.update(block)
                other.update(block)
                size += len(block)
        self.digests[name], self.sizes[name] = (one.hexdigest(), other.hexdigest()), size

    def close(self) -> None:
        """The declaration and the manifests. Nothing may be added after it but by `finish`."""
        self.add("bagit.txt", DECLARATION)
        for at, algorithm in enumerate(ALGORITHMS):
            self.add(f"manifest-{algorithm}.txt", self._manifest(at, is_payload=True))
        tags = [self._manifest(at, is_payload=False) for at in range(len(ALGORITHMS))]
        for algorithm, content in zip(ALGORITHMS, tags, strict=True):
            self.add(f"tagmanifest-{algorithm}.txt", content)
        with writing(self.out.parent):
            (self.folder / MARK).unlink()

    def finish(self) -> None:
        """Make it durable and give it its name."""
        with writing(self.out.parent):
            make_durable([str(self.folder / name) for name in self.digests], self.out.parent)
            if self.out.is_dir():
                self.out.rmdir()
            rename_durably([(str(self.folder), str(self.out))], (), self.out.parent)

    def abandon(self) -> None:
        """Throw away what was written, if it did not get its name."""
        with writing(self.out.parent):
            shutil.rmtree(self.folder, ignore_errors=True)

    def _manifest(self, at: int, *, is_payload: bool) -> bytes:
        names = sorted(name for name in self.digests if name.startswith(PAYLOAD) == is_payload)
        return "".join(f"{self.digests[name][at]}  {name}\n" for name in names).encode()

    def _discard(self) -> None:
        if (self.folder / MARK).is_file():
            shutil.rmtree(self.folder)
