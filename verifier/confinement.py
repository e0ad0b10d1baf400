"""The layers that shut in a process which decodes hostile bytes, as values: what each is, and whether it is in force.

A process decodes only where every layer is held, unless a person chose otherwise; what is not said to be held is not.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum


class Layer(StrEnum):
    """One protection. All of them are asked for."""

    PROCESS = "process"  # of its own, ended with all it started
    PRIVILEGES = "privileges"  # no_new_privs, no capability but reading
    MEMORY = "memory_limit"
    WRITING = "file_limit"  # no file grows
    OPEN_FILES = "open_files"
    PROCESSES = "process_limit"
    FILES = "landlock"  # reads the interpreter and the vault only, writes nothing
    SYSTEM_CALLS = "seccomp"  # only the system calls that decoding needs


class State(StrEnum):
    """What became of a layer."""

    HELD = "held"
    IN_PART = "in part"
    NOT_HERE = "not on this system"
    REFUSED = "refused by the system"


@dataclass(frozen=True, slots=True, kw_only=True)
class Protection:
    """One layer as a process found it. `detail`: an ABI version, an error's name, a limit."""

    layer: Layer
    state: State
    detail: str = ""


def lacking(protections: Iterable[Protection]) -> tuple[Layer, ...]:
    """Layers that are not in force, in their order. One that nobody speaks of is not in force."""
    held: set[Layer] = set()
    broken: set[Layer] = set()
    for item in protections:
        (held if item.state is State.HELD else broken).add(item.layer)
    return tuple(layer for layer in Layer if layer in broken or layer not in held)


def named(layers: Iterable[str]) -> str:
    """Layers for a sentence."""
    return ", ".join(str(layer) for layer in layers)


def weaker_sentence(layers: Iterable[str]) -> str:
    """What a report in plain English says of a case whose exhibits were decoded without these layers."""
    return (
        "Exhibits were opened with less protection than verify asks for (--weaker-sandbox). Not in force on that "
        f"computer: {named(layers)}. A hostile file could have changed what instruments said, or more."
    )
