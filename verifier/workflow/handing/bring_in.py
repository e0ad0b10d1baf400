"""Bring a package in: check it, keep its log, its exhibits and what its people said; lose nothing of either case.

Bytes first (each hashed while it is copied), then the package without them, then all records in one transaction with
one event. So an import that was interrupted is begun again and goes on; one that was done changes nothing.
"""

from __future__ import annotations

import hashlib
import json
import os
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from verifier.custody.verify_package import INDEX, OBJECTS, RECORDS, Package
from verifier.errors import PackageBroken, UsageError
from verifier.evidence.vault import Pending, Vault
from verifier.records import Acquisition, Exhibit, Problem, Scalar, Skipped
from verifier.store import Store
from verifier.store.handing.bringing_in import Brought, Said, record_of
from verifier.store.taking import BRING_IN
from verifier.visible import visible
from verifier.workflow.handing.differing import Difference, differences
from verifier.workflow.handing.kept import digest_of, imports, keep, problems_of
from verifier.workflow.integrity.look import look_first
from verifier.workflow.integrity.seal import origin_of_case
from verifier.workflow.progress import Clock, Progress

OBJECTS_A_TIME = 256
BYTES_A_TIME = 256 << 20
MOST_NAMED = 5
_BLOCK_BYTES = 1 << 20


@dataclass(frozen=True, slots=True, kw_only=True)
class BroughtIn:
    """What an import did. `is_known`: it was done before, or is of this very log, so nothing was changed."""

    origin: str
    events: int
    root: str
    is_known: bool
    counts: Mapping[str, Scalar]
    differences: tuple[Difference, ...] = ()


def bring_in(
    store: Store,
    vault: Vault,
    folder: Path,
    *,
    actor: str,
    clock: Clock,
    progress: Progress,
    roots: Sequence[str] = (),
) -> BroughtIn:
    """Merge a package into the case. Raises UsageError where it is none, PackageBroken where it is not whole.

    `roots`: what its sender told by another way; its log must have had each of them.
    """
    package = checked(folder)
    for told in roots:
        if told not in package.roots:
            raise PackageBroken(f"its log never had the root {told}: it was rewritten or cut, or is of another case")
    digest = digest_of(folder)
    look_first(store, None)
    origin, events, root = package.origin, len(package.events), package.roots[-1]
    if digest in {one.digest for one in imports(store)} or _is_own(store, package):
        return BroughtIn(origin=origin, events=events, root=root, is_known=True, counts={})
    vault.sweep()
    _objects(vault, package, progress)
    kept = keep(store.folder, folder, digest)
    broken = problems_of(kept, digest)
    if broken:  # it changed while it was read
        raise PackageBroken(f"it changed while it was read ({broken[0][0]}: {broken[0][1]})")
    brought = _brought(kept)
    found = differences(store, package, brought)
    detail: dict[str, Scalar] = {
        "package": digest, "root": root, "events": events, "scope": package.index["scope"],
        "differences": len(found),
    }  # fmt: skip
    counts = store.bring_in(brought, actor=actor, at=clock(), action=BRING_IN, subject=origin, detail=detail)
    return BroughtIn(origin=origin, events=events, root=root, is_known=False, counts=counts, differences=found)


def checked(folder: Path) -> Package:
    """The package, whole. Raises UsageError where the folder is no package, PackageBroken with the first places."""
    if not (folder / INDEX).is_file() or not (folder / "bagit.txt").is_file():
        raise UsageError(f"{visible(str(folder), 400)} is no package that verify export made.")
    package = Package(os.fspath(folder))
    problems = [Problem(where=where, what=what) for where, what in package.check()]
    if problems:
        named = "; ".join(f"{visible(one.where, 120)}: {visible(one.what, 200)}" for one in problems[:MOST_NAMED])
        more = f"; and {len(problems) - MOST_NAMED} more" if len(problems) > MOST_NAMED else ""
        raise PackageBroken(f"{named}{more}")
    return package


def _is_own(store: Store, package: Package) -> bool:
    """Whether the package is of this case's own log, as it is or was: then all of it is here."""
    if package.origin != origin_of_case(store):
        return False
    for event in store.custody():
        if event.seq == len(package.events):
            return event.digest == hashlib.sha256(_last_line(package)).hexdigest()
    return False


def _last_line(package: Package) -> bytes:
    with package.open("data/log/events.jsonl") as stream:
        return stream.read().rstrip(b"\n").rpartition(b"\n")[2]


def _objects(vault: Vault, package: Package, progress: Progress) -> None:
    """Copy the bytes that the vault does not have, each under the digests that the package states for it."""
    waiting: list[Pending] = []
    wanted = [one for one in package.index["exhibits"] if one["object"] and not vault.holds(one["id"])]
    for done, one in enumerate(wanted):
        progress("take in", done, len(wanted))
        waiting.append(_copied(vault, package, one["id"], one["sha512"]))
        if len(waiting) >= OBJECTS_A_TIME or sum(item.size for item in waiting) >= BYTES_A_TIME:
            vault.settle(waiting)
            waiting = []
    vault.settle(waiting)


def _copied(vault: Vault, package: Package, exhibit: str, sha512: str) -> Pending:
    one, other, size = hashlib.sha256(), hashlib.sha512(), 0
    temporary = vault.begin()
    try:
        with package.open(OBJECTS + exhibit) as stream:
            while block := stream.read(_BLOCK_BYTES):
                one.update(block)
                other.update(block)
                size += len(block)
                temporary.write(block)
    finally:
        temporary.close()
    if (one.hexdigest(), other.hexdigest()) != (exhibit, sha512):
        raise PackageBroken(f"it changed while it was read ({OBJECTS}{exhibit})")
    return Pending(temporary=temporary.path, digest=exhibit, size=size)


def _brought(kept: Path) -> Brought:
    """The records of a package that was checked. Raises UsageError where a newer version wrote them."""
    try:
        records = list(_records(kept))
    except ValueError as error:
        raise UsageError(
            f"A record of the package cannot be read ({error}); was it written by a newer verify?"
        ) from error
    exhibits = tuple(item for item in records if isinstance(item, Exhibit))
    acquisitions = tuple(item for item in records if isinstance(item, Acquisition))
    known = {item.id for item in exhibits}
    for item in records:
        strange = [name for name in _spoken_of(item) if name not in known]
        if strange:
            raise PackageBroken(f"a record speaks of exhibit {visible(strange[0], 64)}, which is not in it")
    return Brought(
        exhibits=exhibits,
        acquisitions=acquisitions,
        skipped=tuple(item for item in records if isinstance(item, Skipped)),
        said=tuple(item for item in records if isinstance(item, Said)),
    )


def _records(kept: Path) -> Iterator[object]:
    with (kept / RECORDS).open("rb") as stream:
        for line in stream:
            table, _, row = json.loads(line)[1]
            record = record_of(table, row)
            if record is not None:
                yield record


def _spoken_of(item: object) -> Iterator[str]:
    """The exhibits of which a record speaks."""
    for name in ("exhibit", "left", "right"):
        value = getattr(item, name, None)
        if isinstance(value, str):
            yield value
    yield from getattr(item, "members", ())
