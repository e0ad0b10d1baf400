"""What a list of exhibits is narrowed to."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """What a list is narrowed to; everything that is given must hold."""

    words: Sequence[str] = ()
    kind: str | None = None
    batch: str | None = None
    place: str | None = None
    time: str | None = None
    finding: str | None = None
    stage: str | None = None
    since: str | None = None
    unexamined: bool = False
