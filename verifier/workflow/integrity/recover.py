"""Make a case of what a lost database has left: objects, head and seals.

Every object is hashed again; one whose bytes are what its name says becomes an exhibit with an acquisition that says
that nothing is known of how it came. What the old head and the old seals stated stands in the new log. Nothing that was
there is deleted: what does not go on lies under `custody/before-recovery-N`, as it was.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

from verifier.custody import seal as sealing
from verifier.evidence.acquire import met_again
from verifier.evidence.vault import Vault
from verifier.records import Acquisition, Batch, Exhibit, Problem, Scalar
from verifier.store import Store
from verifier.store.recovering import Remains, recovering
from verifier.workflow.progress import Clock, Progress

ACTION = "recover"
ENDED = "recovered"
HOW = "recovered: original path, time and batch are not known"
NAME = b"not known"
OBJECTS_A_TIME = 256
OBJECT = "object "
MOST_NAMED = 10_000
LARGEST_BYTES = 1 << 16


@dataclass(frozen=True, slots=True, kw_only=True)
class Recovered:
    """What a recovery rebuilt, and what it met that it could not."""

    folder: str  # where the remains lie, relative to the case
    is_continued: bool  # the old database goes on; only its head was lost or did not fit
    database: str
    old_events: int | None  # what the old head stated; None where there was none
    events: int  # of the log now
    exhibits: int  # taken in by this recovery
    seals: int
    broken: tuple[Problem, ...]


def recover(
    case: Path, vault: Vault, *, title: str, tool_version: str, actor: str, clock: Clock, progress: Progress,
    wait_seconds: float,
) -> Recovered:  # fmt: skip
    """Rebuild the case. Raises `UsageError` where nothing is lost, `NoCase` and `NotACase` where there is none."""
    making = recovering(case, title=title, at=clock(), tool_version=tool_version, wait_seconds=wait_seconds)
    with making as (remains, store):
        seals = tuple(_seals(remains.folder))
        _say_what_was(store, remains, seals, actor=actor, clock=clock)
        exhibits, broken = _take_in(store, vault, remains, actor=actor, clock=clock, progress=progress)
        detail: dict[str, Scalar] = {"exhibits": exhibits, "broken": len(broken), "kept_in": remains.name}
        store.note(ENDED, "case", detail, actor=actor, at=clock())
        return Recovered(
            folder=remains.name,
            is_continued=remains.is_continued,
            database=remains.database,
            old_events=remains.head.size if remains.head is not None else None,
            events=store.custody_size(),
            exhibits=exhibits,
            seals=len(seals),
            broken=broken,
        )


# ---------------------------------------------------------------- the old log


def _say_what_was(
    store: Store, remains: Remains, seals: tuple[Mapping[str, Scalar], ...], *, actor: str, clock: Clock
) -> None:
    """An event with what the old head stated, and one for every old seal; once, also where a recovery goes on."""
    said = {(event.subject, event.detail.get("kept_in")) for event in store.custody() if event.action == ACTION}
    if ("case", remains.name) not in said:
        head = remains.head
        detail: dict[str, Scalar] = {
            "kept_in": remains.name,
            "database": remains.database,
            "old_events": head.size if head is not None else None,
            "old_digest": head.digest if head is not None else None,
            "old_root": head.root if head is not None else None,
            "seals": len(seals),
        }
        store.note(ACTION, "case", detail, actor=actor, at=clock())
    for seal in seals:
        subject = f"seal {seal['file']}"
        if (subject, remains.name) not in said:
            store.note(ACTION, subject, {"kept_in": remains.name, **seal}, actor=actor, at=clock())


def _seals(folder: Path) -> Iterator[Mapping[str, Scalar]]:
    """Every checkpoint that was put aside: its digest, and what it states and who signed, where it can be read."""
    keys = dict(_keys(folder / "keys"))
    for path in [*_files(folder, "checkpoint"), *_files(folder / "checkpoints", "*")]:
        content = path.read_bytes()[:LARGEST_BYTES]
        told: dict[str, Scalar] = {
            "file": path.relative_to(folder).as_posix(), "sha256": hashlib.sha256(content).hexdigest()
        }  # fmt: skip
        if path.suffix != ".tsr":
            told |= _stated(content.decode("utf-8", "surrogateescape"), keys)
        yield told


def _stated(note: str, keys: Mapping[str, Ed25519PublicKey]) -> Mapping[str, Scalar]:
    signers: tuple[str, ...] = ()
    problem: str | None = None
    try:
        point, signers = sealing.verify(note, keys)
    except sealing.BadSeal as error:
        problem = str(error)
        try:
            point = sealing.read_text(note)
        except sealing.BadSeal:
            return {"problem": problem}
    told: dict[str, Scalar] = {"origin": _text(point.origin), "events": point.size, "root": point.root}
    told["signed_by"] = ", ".join(signers) or None
    return told | ({"problem": problem} if problem else {})


def _text(value: str) -> str:
    return value.encode("utf-8", "backslashreplace").decode("utf-8")[:200]


def _keys(folder: Path) -> Iterator[tuple[str, Ed25519PublicKey]]:
    for path in _files(folder, "*.pem"):
        try:
            yield path.stem, sealing.read_public(path.read_bytes()[:LARGEST_BYTES])
        except sealing.BadSeal:
            continue  # its seals are told as signed by nobody known


def _files(folder: Path, pattern: str) -> list[Path]:
    return sorted(path for path in folder.glob(pattern) if path.is_file() and not path.is_symlink())


# ---------------------------------------------------------------- the objects


def _take_in(
    store: Store, vault: Vault, remains: Remains, *, actor: str, clock: Clock, progress: Progress
) -> tuple[int, tuple[Problem, ...]]:
    """Take in every object that is whole and that no record speaks of; put aside what is not what its name says."""
    known = {exhibit.id for exhibit in store.exhibits()}
    batch = Batch(id=f"{ACTION} {remains.folder.name}", title="Recovered", note=HOW)
    broken: list[Problem] = []
    waiting: list[Exhibit] = []
    count = 0

    def commit() -> None:
        nonlocal count
        taken = [(exhibit, _acquisition(exhibit, batch, actor, clock)) for exhibit in waiting]
        count += store.take_in(taken, [], batch=batch, actor=actor, at=clock())
        waiting.clear()

    for done, (name, answer) in enumerate(met_again(vault)):
        progress("recover", done, None, name)
        if isinstance(answer, Exhibit):
            if answer.id not in known:
                waiting.append(answer)
        elif name.rpartition("/")[2] not in known:
            broken.append(Problem(where=OBJECT + name, what=answer))
        if len(waiting) >= OBJECTS_A_TIME:
            commit()
    if waiting:
        commit()
    _say_broken(store, broken, actor=actor, clock=clock)
    for problem in broken:
        vault.put_aside(problem.where.removeprefix(OBJECT), remains.folder / "objects")
    return count, tuple(broken)


def _say_broken(store: Store, broken: Iterable[Problem], *, actor: str, clock: Callable[[], str]) -> None:
    at = clock()
    for problem in list(broken)[:MOST_NAMED]:
        detail = {"result": "broken", "what": _text(problem.what)}
        store.note(ACTION, _text(problem.where), detail, actor=actor, at=at)


def _acquisition(exhibit: Exhibit, batch: Batch, actor: str, clock: Clock) -> Acquisition:
    """Each in a folder of its own, so that no rule about names and neighbours binds one to another."""
    return Acquisition(
        exhibit=exhibit.id,
        path=b"/".join((HOW.encode(), exhibit.id.encode(), NAME)),
        name=NAME,
        size=exhibit.size,
        modified_ns=None,
        device=None,
        inode=None,
        acquired_at=clock(),
        batch=batch.id,
        operator=actor,
    )
