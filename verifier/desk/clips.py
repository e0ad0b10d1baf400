"""Clips that are made while a page waits: one after another, kept in files without a name, forgotten with the desk.

A file has no name from the moment it is made: nobody can put other bytes in its place, and it is gone when the desk
ends, however it ends. What lies in the case's folder from earlier is never believed.
"""

from __future__ import annotations

import os
import secrets
import tempfile
import threading
import weakref
from collections import OrderedDict
from collections.abc import Callable, Hashable
from dataclasses import dataclass
from pathlib import Path

from verifier.errors import UsageError
from verifier.evidence.durable import writing
from verifier.guarded import caught

MOST_FILES = 24
MOST_BYTES = 1 << 30
MOST_NAMES = 200
MOST_WAITING = 6
BLOCK_BYTES = 1 << 20


@dataclass(frozen=True, slots=True, kw_only=True)
class Made:
    """The bytes of a clip, and what must be done before anybody may see it, each time it is asked for."""

    content: bytes
    note: Callable[[], object]


class Kept:
    """A clip in a file without a name. Raises DiskFull, CaseUnwritable."""

    def __init__(self, content: bytes, folder: Path) -> None:
        with writing(folder), tempfile.TemporaryFile(dir=folder) as file:
            file.write(content)
            file.flush()
            self._descriptor = os.dup(file.fileno())
        weakref.finalize(self, os.close, self._descriptor)  # when nobody keeps or reads it any more
        self.size = len(content)

    def read(self, first: int, count: int) -> bytes:
        """Some of its bytes; fewer at its end."""
        parts = []
        while count > 0 and (part := os.pread(self._descriptor, min(count, BLOCK_BYTES), first)):
            parts.append(part)
            first, count = first + len(part), count - len(part)
        return b"".join(parts)


@dataclass(slots=True, kw_only=True)
class Making:
    """One clip that somebody asked for. `share`: of it, made so far."""

    exhibits: tuple[str, ...]
    back: str  # the page that waits for it
    rate: float  # frames per second
    start: float  # seconds into the recording
    has_sound: bool
    key: Hashable
    is_look: bool
    share: float = 0.0
    error: BaseException | None = None
    kept: Kept | None = None


Make = Callable[[Callable[[float], object]], Made]


class Clips:
    """Makes clips in a thread of its own and keeps those that were asked for last. Threads may ask at the same time."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._asked: OrderedDict[str, Making] = OrderedDict()
        self._files: OrderedDict[Hashable, tuple[Kept, Made]] = OrderedDict()
        self._waiting: list[tuple[Making, Make, Callable[[], object]]] = []
        self._running: threading.Thread | None = None
        self._lock = threading.Lock()

    def ask(self, making: Making, make: Make, looked: Callable[[], object] = lambda: None) -> str:
        """Have a clip made; its name, which nobody can guess. `looked` is called once it may be seen. UsageError."""
        name = secrets.token_urlsafe(16)
        with self._lock:
            if len(self._waiting) >= MOST_WAITING:
                raise UsageError("Several clips are being made already. Wait for one of them, then ask again.")
            self._asked[name] = making
            while len(self._asked) > MOST_NAMES:
                self._asked.popitem(last=False)
            self._waiting.append((making, make, looked))
            if self._running is None:
                self._running = threading.Thread(target=self._work, name="make clips", daemon=True)
                self._running.start()
        return name

    def asked(self, name: str) -> Making | None:
        """What was asked for under a name, made or not."""
        with self._lock:
            return self._asked.get(name)

    def forget(self) -> None:
        """Let go of everything that is made."""
        with self._lock:
            self._asked = OrderedDict((name, one) for name, one in self._asked.items() if one.kept is None)
            self._files.clear()

    def _work(self) -> None:
        while True:
            with self._lock:
                if not self._waiting:
                    self._running = None
                    return
                making, make, looked = self._waiting[0]
            making.error = caught(self._made, making, make, looked)
            with self._lock:
                self._waiting.pop(0)

    def _made(self, making: Making, make: Make, looked: Callable[[], object]) -> None:
        def told(share: float) -> None:
            making.share = share

        with self._lock:
            known = self._files.get(making.key)
        if known is None:
            made = make(told)
            known = (Kept(made.content, self._folder), Made(content=b"", note=made.note))
            self._keep(making.key, known)
        known[1].note()
        looked()
        making.kept = known[0]

    def _keep(self, key: Hashable, known: tuple[Kept, Made]) -> None:
        """Keep it as the newest; a file that goes stays open for whoever still reads it."""
        with self._lock:
            self._files[key] = known
            while len(self._files) > 1 and (len(self._files) > MOST_FILES or self._size() > MOST_BYTES):
                _, (gone, _) = self._files.popitem(last=False)
                self._asked = OrderedDict((name, one) for name, one in self._asked.items() if one.kept is not gone)

    def _size(self) -> int:
        return sum(kept.size for kept, _ in self._files.values())
