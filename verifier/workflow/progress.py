"""How the story is told while it happens: progress without a console, and a clock that is handed in."""

from __future__ import annotations

from collections.abc import Callable
from typing import Protocol, TypeAlias

Clock: TypeAlias = Callable[[], str]  # RFC 3339 UTC


class Progress(Protocol):
    """Told after every step. `total` is None while it is not known yet (a walk streams)."""

    def __call__(self, stage: str, done: int, total: int | None, detail: str = "") -> None:
        """`stage` is one of: take in, examine, compare, check, write, audit, recover, index."""
        ...


def silent(stage: str, done: int, total: int | None, detail: str = "") -> None:
    """A progress that nobody watches."""


NOT_STATED = "not stated"
