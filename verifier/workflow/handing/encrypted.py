"""A package as one encrypted file: packed in the case's own folder, streamed from there, never plain anywhere else.

The file is a tar archive in the age format; `age -d -i KEY FILE | tar -x` opens it. Who has none of those
keys can neither read nor change it unnoticed; that it is encrypted, its size and the number of keys can be seen.
"""

from __future__ import annotations

import hashlib
import os
import tarfile
import tempfile
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from verifier.custody.age import encrypt, recipients_of
from verifier.errors import UsageError
from verifier.evidence.durable import Temporary, make_durable, rename_durably, writing
from verifier.evidence.vault import Vault
from verifier.records import Scalar
from verifier.store import Store
from verifier.visible import visible
from verifier.workflow.handing.export import Exported, export
from verifier.workflow.progress import Clock, Progress

ACTION, SUBJECT = "export encrypted", "package"
ROOT = "package"  # the folder within the archive
EPOCH_SECONDS = 946_684_800  # 2000-01-01: when it was packed is in its log
_BLOCK_BYTES = 1 << 20


@dataclass(frozen=True, slots=True, kw_only=True)
class Encrypted:
    """An encrypted package that was written."""

    package: Exported
    path: Path
    bytes: int
    sha256: str
    recipients: int


def export_encrypted(
    store: Store,
    vault: Vault,
    path: Path,
    *,
    recipients: Sequence[str],
    exhibits: Sequence[str],
    lang: str,
    actor: str,
    clock: Clock,
    progress: Progress,
) -> Encrypted:
    """Pack these exhibits (whole ids; none means all) and encrypt the package to these public keys into a new file.

    Raises as `export`; then there is no file. The plain package is gone in every case.
    """
    keys = recipients_of(recipients)
    if store.folder in path.parents:
        raise UsageError("A package does not go into the folder of the case.")
    if path.exists() or path.is_symlink():
        raise UsageError(f"There is something at {visible(str(path), 1000)} already; choose another name.")
    workspace = store.folder / "tmp"
    with writing(store.folder):
        workspace.mkdir(mode=0o700, exist_ok=True)
    with tempfile.TemporaryDirectory(prefix="exporting-", dir=workspace) as folder:
        out = Path(folder) / ROOT
        done = export(
            store, vault, out, exhibits=exhibits, lang=lang, actor=actor, clock=clock, progress=progress, passing=True
        )
        size, digest = _write(path, _tar(out), keys)
    detail: dict[str, Scalar] = {"sha256": digest, "bytes": size, "recipients": len(keys), "root": done.head.root}
    store.note(ACTION, SUBJECT, detail, actor=actor, at=clock())
    return Encrypted(package=done, path=path, bytes=size, sha256=digest, recipients=len(keys))


def _write(path: Path, blocks: Iterator[bytes], keys: Sequence[object]) -> tuple[int, str]:
    """Whole and durable, or not at all; how long it is, and its SHA-256."""
    with writing(path.parent):
        path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    temporary, digest, sizes = Temporary(path.parent, path.parent), hashlib.sha256(), [0]

    def write(content: bytes) -> None:
        temporary.write(content)
        digest.update(content)
        sizes[0] += len(content)

    try:
        encrypt(blocks, write, keys)
        temporary.close()
        with writing(path.parent):
            Path(temporary.path).chmod(0o600)
            make_durable([temporary.path], path.parent)
            rename_durably([(temporary.path, str(path))], (), path.parent)
    finally:
        temporary.discard()
    return sizes[0], digest.hexdigest()


def _tar(folder: Path) -> Iterator[bytes]:
    """The folder as a tar archive, block by block, in order of names; nothing of this computer stands in it."""
    for base, folders, names in os.walk(folder):
        folders.sort()
        for name in sorted(names):
            path = Path(base) / name
            entry = tarfile.TarInfo(f"{ROOT}/{path.relative_to(folder).as_posix()}")
            entry.size, entry.mode, entry.mtime = path.stat().st_size, 0o600, EPOCH_SECONDS
            yield entry.tobuf(tarfile.PAX_FORMAT)
            with path.open("rb") as stream:
                while block := stream.read(_BLOCK_BYTES):
                    yield block
            yield bytes(-entry.size % tarfile.BLOCKSIZE)
    yield bytes(2 * tarfile.BLOCKSIZE)
