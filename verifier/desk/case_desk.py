"""What every page and act of a desk has at hand: the case to read, the way to write it, pictures, the session."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from verifier.desk.session import Look, Session
from verifier.evidence.vault import Vault
from verifier.executors.local import LocalExecutor
from verifier.store import Store
from verifier.workflow.looking.case_view import CaseView
from verifier.workflow.looking.reveal import look
from verifier.workflow.people.conclude import must_sign
from verifier.workflow.sandboxing import admit

SECONDS_TO_WAIT_FOR_ANOTHER = 5.0


@dataclass(slots=True)
class CaseDesk:
    """One opened case. It is read all the time and written only within an act, so that the terminal can work too."""

    store: Store
    vault: Vault
    executor: LocalExecutor
    session: Session
    clock: Callable[[], str]
    weaker: bool
    keep_defect: Callable[[BaseException], object]  # what nobody foresaw, without names or values
    end: Callable[[], None] = field(default=lambda: None)
    view: CaseView = field(init=False)
    _writes: threading.Lock = field(default_factory=threading.Lock)
    _is_admitted: bool = False

    def __post_init__(self) -> None:
        self.view = CaseView(self.store)

    @property
    def root(self) -> Path:
        """The case's folder."""
        return self.store.folder

    @contextmanager
    def writing(self) -> Iterator[Store]:
        """The case opened to be written, with everything that others wrote before. Raises CaseInUse, UsageError."""
        must_sign(self.session.actor)
        with self._writes, Store.open(self.root, writing=True, wait_seconds=SECONDS_TO_WAIT_FOR_ANOTHER) as store:
            self.view.ledger.read()
            yield store
        self.view.ledger.read()

    def look(self, exhibit: str, *, is_grey: bool) -> str:
        """Have a picture made to be looked at; its name. Who looked stands in the log first. Raises UsageError."""
        with self.writing() as store:
            if not self._is_admitted:
                layers = self.executor.layers
                admit(layers, store, weaker=self.weaker, actor=self.session.actor, clock=self.clock)
                self._is_admitted = True
            made = look(
                store, self.vault, self.executor.one, exhibit,
                is_grey=is_grey, actor=self.session.actor, clock=self.clock,
            )  # fmt: skip
        return self.session.keep(
            Look(exhibit=exhibit, content=made.content, media_type=made.media_type, is_grey=is_grey)
        )  # fmt: skip
