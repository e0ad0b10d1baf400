"""What takes longer than a page may: made in the background, kept until what it was made from has changed."""

from __future__ import annotations

import threading
from collections.abc import Callable
from dataclasses import dataclass
from typing import Generic, TypeVar

from verifier.guarded import caught

T = TypeVar("T")


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer(Generic[T]):
    """The newest that is made, None before; whether nothing has changed since; what went wrong with the last try."""

    value: T | None
    is_current: bool
    failed: BaseException | None


class Later(Generic[T]):
    """One such thing. Threads may ask at the same time."""

    def __init__(self, make: Callable[[], T], turn: threading.Lock) -> None:
        """`turn`: shared by those of which only one is made at a time."""
        self._make, self._turn = make, turn
        self._lock = threading.Lock()
        self._value: T | None = None
        self._as_of = self._tried = -1
        self._failed: BaseException | None = None
        self._running: threading.Thread | None = None

    def ask(self, as_of: int) -> Answer[T]:
        """What there is now; where something has changed up to the event `as_of`, it is begun to be made anew."""
        with self._lock:
            is_stale = self._as_of < as_of
            if is_stale and self._tried < as_of and (self._running is None or not self._running.is_alive()):
                self._running = threading.Thread(target=self._work, args=(as_of,), name="later", daemon=True)
                self._running.start()
            return Answer(value=self._value, is_current=not is_stale, failed=self._failed if is_stale else None)

    def wait(self, seconds: float) -> None:
        """Wait until what is being made is made."""
        running = self._running
        if running is not None:
            running.join(seconds)

    def _work(self, as_of: int) -> None:
        made: list[T] = []
        with self._turn:
            failed = caught(lambda: made.append(self._make()))
        with self._lock:
            self._tried, self._failed = as_of, failed
            if failed is None:
                self._value, self._as_of = made[0], as_of
