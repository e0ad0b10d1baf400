"""A passing copy of bytes that the vault does not keep: even then decoders open digested bytes and nothing else.

An original that is only referred to may have been replaced since: the copy is digested while it is made, and refused
where it is not the exhibit any more. It lies under the vault's `tmp` and is dropped as soon as it has been examined.
"""

from __future__ import annotations

import os
from collections.abc import Iterable

from verifier.errors import PathNotFound
from verifier.evidence.durable import discard
from verifier.evidence.read_once import CHUNK_BYTES, Changed, Emptiness, open_below, read_once
from verifier.evidence.vault import Vault
from verifier.media.sniff import sniff
from verifier.records import Acquisition, Exhibit


def borrow(vault: Vault, exhibit: str, acquisitions: Iterable[Acquisition]) -> str | None:
    """The path of a copy, or None where no recorded path holds the exhibit's bytes any more. Give it back by `drop`."""
    for acquisition in acquisitions:
        if acquisition.inside is None:
            copied = _copy(vault, exhibit, acquisition.path)
            if copied is not None:
                return copied
    return None


def lend(vault: Vault, path: bytes) -> tuple[Exhibit, str]:
    """A passing copy of a file that is not taken in, as the exhibit it would be. Raises PathNotFound."""
    try:
        source = open_below(os.path.dirname(path), path)  # noqa: PTH120 - evidence paths are bytes
    except OSError as error:
        raise PathNotFound(os.fsdecode(path)) from error
    temporary = vault.begin()
    whole = False
    try:
        passed = read_once(source, temporary, memoryview(bytearray(CHUNK_BYTES)), lambda: True)
        whole = True
    except (Changed, Emptiness, OSError) as error:
        raise PathNotFound(os.fsdecode(path)) from error
    finally:
        os.close(source)
        temporary.close()
        if not whole:
            temporary.discard()
    kind, media_type = sniff(passed.head, passed.size, passed.tail)
    exhibit = Exhibit(id=passed.sha256, sha512=passed.sha512, size=passed.size, kind=kind, media_type=media_type)
    return exhibit, temporary.path


def drop(path: str) -> None:
    """Remove a borrowed copy."""
    discard(path)


def _copy(vault: Vault, exhibit: str, path: bytes) -> str | None:
    try:
        source = open_below(os.path.dirname(path), path)  # noqa: PTH120 - evidence paths are bytes
    except OSError:
        return None
    temporary = vault.begin()
    kept = False
    try:
        passed = read_once(source, temporary, memoryview(bytearray(CHUNK_BYTES)), lambda: True)
        kept = passed.sha256 == exhibit
    except (Changed, Emptiness, OSError):
        kept = False
    finally:
        os.close(source)
        temporary.close()
        if not kept:
            temporary.discard()
    return temporary.path if kept else None
