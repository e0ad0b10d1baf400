"""An exhibit shown unblurred, on demand: made by a guarded worker from the vault's copy, noted before it is shown."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path

from verifier.errors import PathNotFound, UsageError
from verifier.evidence.vault import Vault
from verifier.executors import Executor
from verifier.hashing.keyframes import GREY, UNBLURRED, VIEWER
from verifier.instruments import Job, Outcome
from verifier.records import Derivative, Scalar
from verifier.store import Store
from verifier.workflow.people.conclude import must_sign
from verifier.workflow.progress import Clock


def unblurred(
    store: Store, vault: Vault, examine: Callable[[Job], Outcome], exhibit: str, *, is_grey: bool = False
) -> Derivative:
    """The picture of one exhibit. Nobody may see it before `note_look`. Raises UsageError where it cannot be made.

    It is derived and no evidence: a photo in colour unless `is_grey`, of a recording its clearest frame in grey, each
    of at most 1280 pixels. Nothing of it is kept in the case.
    """
    known = store.exhibit(exhibit)
    if known.kind not in VIEWER.accepts:
        raise UsageError(f"{known.id[:12]} is neither a photo nor a recording with pictures.")
    if not vault.holds(known.id):
        raise PathNotFound(f"the vault's copy of {known.id[:12]}")
    parameters = {UNBLURRED: True, **({GREY: True} if is_grey else {})}
    answer = examine(
        Job(exhibit=known, path=vault.at_hand(known.id), instruments=(VIEWER.name,), parameters=parameters)
    )  # fmt: skip
    made = next((one for one in answer.records.get(VIEWER.name, ()) if isinstance(one, Derivative)), None)
    if made is None:
        why = "; ".join(fault.detail for fault in answer.faults) or "no picture could be decoded"
        raise UsageError(f"{known.id[:12]} cannot be shown: {why}.")
    return made


def note_look(store: Store, exhibit: str, made: Derivative, *, actor: str, clock: Clock) -> None:
    """Note that a picture of this exhibit is shown to somebody. Raises UsageError for nobody."""
    must_sign(actor)
    detail: dict[str, Scalar] = {"derivative": made.id, "offset_seconds": made.offset_seconds}
    store.note("reveal", exhibit, detail, actor=actor, at=clock())


def reveal(
    store: Store, vault: Vault, executor: Executor, exhibit: str, out: Path, *, actor: str, clock: Clock
) -> Derivative:
    """Write the picture to `out`; that it is shown stands in the log first. Raises UsageError."""
    must_sign(actor)
    if os.path.lexists(out):
        raise UsageError(f"{out} is there already; nothing is overwritten.")
    if not out.parent.is_dir():
        raise PathNotFound(out.parent)
    key = store.exhibit(exhibit).id
    made = unblurred(store, vault, lambda job: next(iter(executor.run([job]))), key)
    note_look(store, key, made, actor=actor, clock=clock)
    try:
        descriptor = os.open(out, os.O_WRONLY | os.O_CREAT | os.O_EXCL | getattr(os, "O_NOFOLLOW", 0), 0o600)
        with os.fdopen(descriptor, "wb") as stream:
            stream.write(made.content)
    except OSError as error:
        raise UsageError(f"{out} cannot be written: {error.strerror}. The log says that it was asked for.") from error
    return made
