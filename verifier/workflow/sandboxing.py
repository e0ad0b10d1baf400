"""Whether hostile files may be decoded here: every layer in force, or a person's word that less will do, in the log."""

from __future__ import annotations

from collections.abc import Iterable

from verifier.confinement import Layer, Protection, lacking, named
from verifier.errors import SandboxLacking
from verifier.records import CustodyEvent, Scalar
from verifier.store import Store
from verifier.workflow.progress import Clock

ACTION = "weaken sandbox"
CASE = "case"


def admit(
    layers: Iterable[Protection], store: Store, *, weaker: bool, outside: Iterable[str] = (), actor: str, clock: Clock
) -> tuple[str, ...]:
    """The layers that are not in force, noted in the log where there are any. Raises SandboxLacking unless `weaker`.

    `outside`: programs that are run on exhibits without any layer; each counts as one that is missing.
    """
    known = tuple(layers)
    missing: tuple[Layer, ...] = lacking(known)
    programs = tuple(outside)
    names = (*missing, *(f"{program} runs outside" for program in programs))
    if not names:
        return ()
    if not weaker:
        raise SandboxLacking(named(names))
    states = {item.layer: f"{item.state}{f' ({item.detail})' if item.detail else ''}" for item in known}
    detail: dict[str, Scalar] = {str(layer): states.get(layer, "not said") for layer in missing}
    detail |= dict.fromkeys(programs, "outside the sandbox")
    store.note(ACTION, CASE, detail, actor=actor, at=clock())
    return tuple(str(name) for name in (*missing, *programs))


def weakened(log: Iterable[CustodyEvent]) -> tuple[str, ...]:
    """Every layer that was ever missing when exhibits of the case were decoded, as its log says."""
    return tuple(sorted({name for event in log if event.action == ACTION for name in event.detail}))
