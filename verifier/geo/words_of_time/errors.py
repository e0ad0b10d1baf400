"""The one error of this room."""

from __future__ import annotations

from typing import TypeVar

MOST_READINGS = 48


class TimeNotUnderstood(ValueError):
    """A time text that has no reading which uses every word; the message is one sentence."""


T = TypeVar("T")


def few(readings: list[T]) -> list[T]:
    """The readings, where they are few enough to be weighed. Raises TimeNotUnderstood: none is dropped in silence."""
    if len(readings) > MOST_READINGS:
        raise TimeNotUnderstood(f"it has more than {MOST_READINGS} readings")
    return readings
