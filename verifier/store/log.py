"""An opened case: its engine, the right to write, and the custody log with its head.

One commit, one event: `intention` opens the transaction, and after it is durable the head beside the database is
replaced. The head may be one event behind after a power cut, never more: it is brought up to date before the next
event. A log that does not fit its head is never written to, because that would hide what happened.
"""

from __future__ import annotations

import sqlite3
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from sqlalchemy import Connection, func, select

from verifier.chain import Head, Tree, body, broken_links
from verifier.errors import IntegrityBroken
from verifier.records import CustodyEvent
from verifier.storage import read_storage
from verifier.store.columns import columns_of
from verifier.store.database import connect_to_read, open_engine, reading, translated, writing
from verifier.store.folder import CHECKPOINTS, CUSTODY, HEAD, Lock, is_begun, last_sealed, read_head, write_head
from verifier.store.schema import custody
from verifier.store.selecting import ROWS_A_FETCH, decoded
from verifier.store.writing import Writing


class Log:
    """The custody log of an opened case, and the way to its database."""

    def __init__(self, case: Path, *, lock: Lock | None) -> None:
        """`lock` is the right to write, None for reading only."""
        self.case = case
        self._lock = lock
        self.address = read_storage(case).database
        self._engine = open_engine(case, to_write=lock is not None)
        self._thread = threading.RLock()
        self._tree = Tree()
        self._last: CustodyEvent | None = None
        self._written_head: Head | None = None
        self._size_when_opened = 0

    def dispose(self) -> None:
        """Give back the database."""
        self._engine.dispose()

    def close(self) -> None:
        """Give back the database and the right to write."""
        self.dispose()
        if self._lock is not None:
            self._lock.release()
            self._lock = None

    @property
    def is_shared(self) -> bool:
        """Whether other machines write to it too."""
        return self.address is not None

    @contextmanager
    def reading(self) -> Iterator[Connection]:
        """One consistent view."""
        with reading(self._engine, self.case) as connection:
            yield connection

    @contextmanager
    def driver(self) -> Iterator[sqlite3.Connection]:
        """A driver's connection of one's own, for the audit, which reads cells raw."""
        with translated(self.case):
            connection = connect_to_read(self.case)
            try:
                connection.execute("BEGIN")
                yield connection
            finally:
                connection.close()

    @contextmanager
    def intention(self, *, prepare: Callable[[Connection], None] | None = None) -> Iterator[Writing]:
        """One transaction with one event. The block must call `conclude`; then all is durable, and the head is too.

        `prepare` is done first in the same transaction: the tables of a new case.
        """
        if self._lock is None:
            raise ValueError("the case was opened for reading")
        with self._thread:
            self._bring_head_up()
            with writing(self._engine, self.case) as connection:
                if prepare is not None:
                    prepare(connection)
                elif self.is_shared:
                    self._catch_up(connection)
                intention = Writing(connection, self._last)
                yield intention
                if intention.event is None:
                    raise ValueError("an intention must be concluded with its event")
            self._last = intention.event
            self._tree.append(body(intention.event))
            self._bring_head_up()

    def _catch_up(self, connection: Connection) -> None:
        """Read on what other machines have written since; nobody writes meanwhile. Raises `IntegrityBroken`."""
        last = self._last
        for event in events(connection, after=0 if last is None else last.seq - 1):
            if last is not None and event.seq == last.seq:
                if event != last:
                    raise IntegrityBroken(_ANOTHER.format(event.seq))
                last = None
                continue
            for sentence in broken_links(self._last, event):
                raise IntegrityBroken(f"custody event {event.seq}: {sentence}; nothing was written")
            self._tree.append(body(event))
            self._last = event
        if last is not None:
            raise IntegrityBroken(f"the log has lost event {last.seq}, which was seen here; nothing was written")

    def resume(self) -> None:
        """Read the log to its end before writing on. Raises `IntegrityBroken` where it does not fit its head."""
        self.read_through()
        self._bring_head_up()
        self._size_when_opened = self._tree.size

    def has_grown(self) -> bool:
        """Whether an event was written since the log was opened."""
        return self._tree.size > self._size_when_opened and self._lock is not None

    def read_through(self, *, without_head: bool = False) -> None:
        """Hold every event against the one before it, and the log against its head. Raises `IntegrityBroken`."""
        head = None if without_head else read_head(self.case)
        with self.reading() as connection:
            for event in events(connection):
                for sentence in broken_links(self._last, event):
                    raise IntegrityBroken(f"custody event {event.seq}: {sentence}; nothing was written")
                self._tree.append(body(event))
                self._last = event
                if head is not None and self._tree.size == head.size and head != self.state():
                    raise IntegrityBroken(_ANOTHER.format(event.seq))
        if not without_head:
            _fit_sizes(self.case, self._tree.size, head, head, shared=self.is_shared)
        self._written_head = head

    def fit(self) -> None:
        """Hold the log's length and the event that the head names against the head. Raises `IntegrityBroken`.

        For who only reads; another verify may be writing meanwhile, so the head is read before and after.
        """
        before = read_head(self.case)
        with self.reading() as connection:
            size = int(connection.execute(select(func.count()).select_from(custody)).scalar_one())
            wanted = select(custody.c.digest).where(custody.c.seq == (0 if before is None else before.size))
            digest = connection.execute(wanted).scalar_one_or_none()
        _fit_sizes(self.case, size, before, read_head(self.case), shared=self.is_shared)
        if before is not None and digest != before.digest:
            raise IntegrityBroken(_ANOTHER.format(before.size))

    def size(self) -> int:
        """Events so far."""
        with self.reading() as connection:
            return int(connection.execute(select(func.count()).select_from(custody)).scalar_one())

    def state(self) -> Head | None:
        """The head of the log as far as it was read and written; None before its first event."""
        if self._last is None:
            return None
        return Head(size=self._tree.size, digest=self._last.digest, root=self._tree.root())

    def _bring_head_up(self) -> None:
        state = self.state()
        if state is not None and state != self._written_head:
            write_head(self.case, state)
            self._written_head = state


_ANOTHER = f"the log up to event {{}} is not the one that {CUSTODY}/{HEAD} states"


def _fit_sizes(case: Path, size: int, before: Head | None, after: Head | None, *, shared: bool) -> None:
    """`before` and `after` are the head as it was before and after the log's size was read.

    The head of a shared log is what this machine last saw: it may be behind by what others wrote, and is missing where
    the case was never written from here.
    """
    if shared:
        if size == 0 or (before is not None and size < before.size):
            seen = 1 if before is None else before.size
            raise IntegrityBroken(f"the log has {size} events, but {seen} were seen here; nothing was written")
    elif before is None or after is None:
        is_being_made = size == 1 and is_begun(case)
        if not is_being_made:
            raise IntegrityBroken(f"the log has {size} events, but {CUSTODY}/{HEAD} is missing; nothing was written")
    elif size == 0 or not before.size <= size <= after.size + 1:
        raise IntegrityBroken(
            f"the log has {size} events, but {CUSTODY}/{HEAD} states {before.size}; nothing was written"
        )
    sealed = last_sealed(case)
    if sealed > size:
        raise IntegrityBroken(
            f"the log has {size} events, but {CUSTODY}/{CHECKPOINTS} holds a seal of {sealed}; nothing was written"
        )


def events(connection: Connection, *, after: int = 0) -> Iterator[CustodyEvent]:
    """The log from its first event, or from the one after a number. Streams."""
    columns = [custody.c[column.name] for column in columns_of(CustodyEvent)]
    wanted = select(*columns).where(custody.c.seq > after).order_by(custody.c.seq)
    for row in connection.execute(wanted, execution_options={"yield_per": ROWS_A_FETCH}):
        yield decoded(CustodyEvent, tuple(row), custody.name)


def last_event(connection: Connection, action: str, subject: str) -> CustodyEvent | None:
    """The newest event of that action on that subject."""
    columns = [custody.c[column.name] for column in columns_of(CustodyEvent)]
    of_it = (custody.c.action == action, custody.c.subject == subject)
    row = connection.execute(select(*columns).where(*of_it).order_by(custody.c.seq.desc()).limit(1)).first()
    return None if row is None else decoded(CustodyEvent, tuple(row), custody.name)
