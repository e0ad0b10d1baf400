"""Packages that were brought in: each kept whole but for its objects, which lie in the vault, and held to its log.

    custody/imported/<digest>/    the package; its digest is the SHA-256 of its `tagmanifest-sha256.txt`, which covers
                                  the manifests and so every file; the event of the import states it

The names of its files are those of the package, so its own `verify_package.py` reads them.
"""

from __future__ import annotations

import hashlib
import os
import shutil
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from verifier.custody.verify_package import OBJECTS, Package
from verifier.evidence.durable import make_durable, rename_durably, writing
from verifier.records import CustodyEvent, Problem
from verifier.store import Store
from verifier.store.taking import BRING_IN

FOLDER = "custody/imported"
TAGS = "tagmanifest-sha256.txt"
_LONGEST_NAME = 16  # digits of the digest


@dataclass(frozen=True, slots=True, kw_only=True)
class Imported:
    """An import of which the log speaks."""

    event: CustodyEvent
    place: str
    digest: str


def digest_of(folder: Path) -> str:
    """The digest of a package, or of one that was kept."""
    with (folder / TAGS).open("rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()


def place_of(digest: str) -> str:
    """Where the package of that digest is kept, within the case."""
    return f"{FOLDER}/{digest[:_LONGEST_NAME]}"


def imports(store: Store) -> Iterator[Imported]:
    """Every import of which the log speaks, in order."""
    for event in store.custody():
        if event.action == BRING_IN:
            digest = str(event.detail.get("package", ""))
            yield Imported(event=event, place=place_of(digest), digest=digest)


def keep(case: Path, package: Path, digest: str) -> Path:
    """Copy a package without its objects, durably and at once; one that is kept already is left as it is."""
    target = case / place_of(digest)
    if target.is_dir() and not problems_of(target, digest):
        return target
    passing = case / FOLDER / f".{digest[:_LONGEST_NAME]}"
    with writing(case):
        (case / FOLDER).mkdir(parents=True, exist_ok=True, mode=0o700)
        for stale in (passing, target):  # of an import that was interrupted: no event speaks of it
            shutil.rmtree(stale, ignore_errors=True)
        passing.mkdir(mode=0o700)
        made = [str(_copied(package, passing, name)) for name in sorted(_files(package)) if not is_object(name)]
        make_durable(made, case)
        rename_durably([(str(passing), str(target))], (str(case / FOLDER), str(case / "custody")), case)
    return target


def _files(package: Path) -> Iterator[str]:
    for folder, _, names in os.walk(package):
        for name in names:
            yield (Path(folder) / name).relative_to(package).as_posix()


def _copied(package: Path, passing: Path, name: str) -> Path:
    path = passing / name
    for folder in reversed([*Path(name).parents][:-1]):
        (passing / folder).mkdir(exist_ok=True, mode=0o700)
    shutil.copyfile(package / name, path, follow_symlinks=False)
    path.chmod(0o600)
    return path


def problems_of(kept: Path, digest: str) -> list[tuple[str, str]]:
    """What of a kept package is not what was brought in: place within it, and what is wrong."""
    if not kept.is_dir():
        return [(".", "it is missing")]
    try:
        found = digest_of(kept)
    except OSError as error:
        return [(TAGS, f"it cannot be read ({error.strerror})")]
    if found != digest:
        return [(TAGS, "it is not that of the package of which the log speaks")]
    return Package(os.fspath(kept), is_kept=True).check()


def broken_imports(store: Store) -> Iterator[Problem]:
    """Packages of which the log says that they were brought in, and that are gone or changed."""
    for known in {one.digest: one for one in imports(store)}.values():
        for where, what in problems_of(store.folder / known.place, known.digest):
            place = known.place if where == "." else f"{known.place}/{where}"
            yield Problem(where=place, what=f"{what} (brought in by custody event {known.event.seq})")


def is_object(name: str) -> bool:
    """Whether a path in a package is of an exhibit's bytes."""
    return name.startswith(OBJECTS)
