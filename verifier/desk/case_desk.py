"""What every page and act of a desk has at hand: the case to read, the way to write it, pictures, the session."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

from verifier.confinement import lacking
from verifier.desk.clips import Clips, Made, Making
from verifier.desk.session import Look, Session
from verifier.errors import CaseInUse
from verifier.evidence.vault import Vault
from verifier.executors.local import LocalExecutor
from verifier.findings.events.suggest import Suggested, suggest
from verifier.media.proxy import Wanted
from verifier.media.side import FRAMES_PER_SECOND
from verifier.report.language import language
from verifier.store import Store
from verifier.workflow.gather import gather
from verifier.workflow.looking.case_view import CaseView
from verifier.workflow.looking.later import Answer, Later
from verifier.workflow.looking.overview import Overview, overview_of
from verifier.workflow.looking.proxies import check_playable, clip_of, frames_per_second
from verifier.workflow.looking.reveal import note_look, unblurred
from verifier.workflow.looking.side_by_side import beside
from verifier.workflow.people.conclude import must_sign
from verifier.workflow.sandboxing import admit

if TYPE_CHECKING:
    from verifier.desk.handing import Handing

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
    clips: Clips
    handing: Handing
    keep_defect: Callable[[BaseException], object]  # what nobody foresaw, without names or values
    end: Callable[[], None] = field(default=lambda: None)
    view: CaseView = field(init=False)
    _writes: threading.Lock = field(default_factory=threading.Lock)
    _is_admitted: bool = False
    _overview: Later[Overview] = field(init=False)
    _suggested: Later[Suggested] = field(init=False)

    def __post_init__(self) -> None:
        self.view = CaseView(self.store)
        turn = threading.Lock()  # each goes through the whole case
        self._suggested = Later(lambda: suggest(gather(self.store, lazily=True)), turn)
        self._overview = Later(lambda: overview_of(gather(self.store, lazily=True)), turn)

    @property
    def root(self) -> Path:
        """The case's folder."""
        return self.store.folder

    @contextmanager
    def writing(self) -> Iterator[Store]:
        """The case opened to be written, with everything that others wrote before. Raises CaseInUse, UsageError."""
        must_sign(self.session.actor)
        if not self._writes.acquire(timeout=SECONDS_TO_WAIT_FOR_ANOTHER):  # a report of this desk is being written
            raise CaseInUse(self.root)
        try:
            with Store.open(self.root, writing=True, wait_seconds=SECONDS_TO_WAIT_FOR_ANOTHER) as store:
                self.view.ledger.read()
                yield store
        finally:
            self._writes.release()
        self.view.ledger.read()

    def overview(self) -> Answer[Overview]:
        """The case in time and on the map, as far as it is laid out."""
        self.view.ledger.read()
        return self._overview.ask(self.view.ledger.said)

    def suggested(self) -> Answer[Suggested]:
        """What may be one event, as far as it is looked for."""
        self.view.ledger.read()
        return self._suggested.ask(self.view.ledger.said)

    def look(self, exhibit: str, *, is_grey: bool) -> str:
        """Have a picture made to be looked at; its name. Who looked stands in the log first. Raises UsageError."""
        must_sign(self.session.actor)
        self._admit()
        made = unblurred(self.store, self.vault, self.executor.one, exhibit, is_grey=is_grey)
        with self.writing() as store:
            note_look(store, exhibit, made, actor=self.session.actor, clock=self.clock)
        return self.session.keep(Look(exhibits=(exhibit,), content=made.content, media_type=made.media_type))

    def play(self, exhibit: str, wanted: Wanted, back: str) -> str:
        """Have a clip of one recording made; its name. What it uncovers stands in the log first. UsageError."""
        dossier = self.view.index((exhibit,), language("en"), with_custody=False).case.exhibits[exhibit]
        check_playable(dossier, wanted)
        if wanted.is_look:
            must_sign(self.session.actor)
        actor = self.session.actor

        def make(told: Callable[[float], object]) -> Made:
            made = clip_of(dossier, self.vault, wanted, weaker=self.weaker, told=told)

            def note() -> None:
                if made.wanted.is_look or lacking(made.layers):
                    with self.writing() as store:
                        made.note(store, weaker=self.weaker, actor=actor, clock=self.clock)

            return Made(content=made.content, note=note)

        making = Making(
            exhibits=(exhibit,), back=back, rate=frames_per_second(dossier), start=wanted.start,
            has_sound=wanted.sound, key=(exhibit, wanted, actor), is_look=wanted.is_look,
        )  # fmt: skip
        return self.clips.ask(making, make, self.session.looked if wanted.is_look else lambda: None)

    def play_pair(self, left: str, right: str, *, colour: bool, sound: bool) -> str:
        """Have a clip made of two exhibits beside one another; its name. It stands in the log first. UsageError."""
        must_sign(self.session.actor)
        actor = self.session.actor
        case = self.view.index((left, right), language("en"), with_custody=False).case

        def make(told: Callable[[float], object]) -> Made:
            made = beside(case, self.vault, left, right, colour=colour, sound=sound, weaker=self.weaker)

            def note() -> None:
                with self.writing() as store:
                    made.note(store, weaker=self.weaker, actor=actor, clock=self.clock)

            return Made(content=made.content, note=note)

        making = Making(
            exhibits=(left, right), back=f"/pair/{left}/{right}", rate=float(FRAMES_PER_SECOND), start=0.0,
            has_sound=sound, key=(left, right, colour, sound, actor), is_look=True,
        )  # fmt: skip
        return self.clips.ask(making, make, self.session.looked)

    def _admit(self) -> None:
        """Once: note what the workers lack, if that is allowed; else whatever is asked of them is refused."""
        if not self._is_admitted:
            with self.writing() as store:
                admit(self.executor.layers, store, weaker=self.weaker, actor=self.session.actor, clock=self.clock)
            self._is_admitted = True
