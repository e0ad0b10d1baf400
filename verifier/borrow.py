"""A passing copy of an exhibit that is only referred to: even then decoders open digested bytes and nothing else.

The original may have been replaced since it was recorded: the copy is digested while it is made, and refused where it
is not the exhibit any more. It lies under the vault's `tmp` and is dropped as soon as it has been examined.
"""

from __future__ import annotations

import os
from collections.abc import Iterable

from verifier.durable import discard
from verifier.intake import CHUNK_BYTES, Changed, Emptiness, open_below, read_once
from verifier.records import Acquisition
from verifier.vault import Vault


def borrow(vault: Vault, exhibit: str, acquisitions: Iterable[Acquisition]) -> str | None:
    """The path of a copy, or None where no recorded path holds the exhibit's bytes any more. Give it back by `drop`."""
    for acquisition in acquisitions:
        if acquisition.inside is None:
            copied = _copy(vault, exhibit, acquisition.path)
            if copied is not None:
                return copied
    return None


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
