"""The log of a case as a screen asks it: read once, then only what was added since."""

from __future__ import annotations

import threading
from collections import defaultdict

from verifier.records import Assessment, CustodyEvent, Question, Verdict
from verifier.report.custody_history import AUDIT, OF_THE_LOG, found_broken
from verifier.store import Store
from verifier.workflow.people.conclude import same_person, waiting_among
from verifier.workflow.people.suggestions import REFUSED

CASE = "case"
# acts of people and of the log itself: no link, finding or recording is another after them
LIGHT = frozenset(
    {"verdict", "claim", "observe", "assess", "review", "resolve", "stage", "geolocate", "reveal", "reveal clip",
     "show side by side", "seal", "anchor", "audit", "export log", "export notes", "redacted report", REFUSED}
)  # fmt: skip
SAID = frozenset({"claim", "geolocate", "verdict", "stage"})  # but times, places and suggestions may be


class Ledger:
    """What people did and the log says, by what it is about. Threads may ask at the same time."""

    def __init__(self, store: Store) -> None:
        self._glances = store.glances
        self._lock = threading.Lock()
        self._last = 0
        self._events_of: dict[str, list[CustodyEvent]] = defaultdict(list)
        self._of_the_log: list[CustodyEvent] = []
        self._verdicts_of: dict[tuple[str, str], list[Verdict]] = defaultdict(list)
        self._verdicts: list[Verdict] = []
        self._assessments_of: dict[str, dict[str, Assessment]] = defaultdict(dict)
        self._last_of: dict[str, int] = {}
        self._changed = 0
        self._said = 0
        self._refused: set[str] = set()

    def read(self) -> int:
        """Read what was added; the number of the newest event."""
        with self._lock:
            if self._glances.last() > self._last:
                added = self._glances.added(self._last)
                for event in added.events:
                    self._file(event)
                for verdict in added.verdicts:
                    self._verdicts.append(verdict)
                    self._verdicts_of[verdict.left, verdict.right].append(verdict)
                for item in added.assessments:
                    self._assessments_of[item.exhibit][item.id] = item
            return self._last

    def _file(self, event: CustodyEvent) -> None:
        self._last = event.seq
        self._last_of[event.actor] = event.seq
        if event.action not in LIGHT:
            self._changed = event.seq
        if event.action not in LIGHT or event.action in SAID:
            self._said = event.seq
        if event.action == REFUSED:
            self._refused.add(str(event.detail.get("suggestion")))
        if event.subject != CASE:
            self._events_of[event.subject].append(event)
        if event.action in OF_THE_LOG or event.action == AUDIT:
            self._of_the_log.append(event)

    @property
    def changed(self) -> int:
        """The number of the last event after which links, findings or recordings may be others."""
        return self._changed

    @property
    def said(self) -> int:
        """The number of the last event after which times, places or suggestions may be others as well."""
        return self._said

    @property
    def refused(self) -> frozenset[str]:
        """Names of the suggestions that somebody refused."""
        with self._lock:
            return frozenset(self._refused)

    @property
    def is_broken(self) -> bool:
        """Whether the last audit found something broken."""
        audits = [event for event in self._of_the_log if event.action == AUDIT and event.subject == CASE]
        return bool(audits) and found_broken(audits[-1])

    def last_of(self, actor: str) -> int:
        """The number of the last event that a person did; 0 where there is none."""
        return self._last_of.get(actor, 0)

    def events_about(self, exhibit: str) -> tuple[CustodyEvent, ...]:
        """Events that name the exhibit, and those about the whole log."""
        return tuple(sorted((*self._events_of.get(exhibit, ()), *self._of_the_log), key=lambda event: event.seq))

    def verdicts(self, left: str, right: str) -> tuple[Verdict, ...]:
        """Everything that people decided of a pair, in order; the last one counts."""
        return tuple(self._verdicts_of.get((left, right), ()))

    def verdicts_after(self, count: int) -> tuple[Verdict, ...]:
        """What people decided after so many verdicts, in order."""
        return tuple(self._verdicts[count:])

    def assessments_waiting(self, actor: str) -> tuple[tuple[str, Question], ...]:
        """First assessments that nobody has filed beside, but for those that only another person may review."""
        found = []
        for exhibit, known in sorted(self._assessments_of.items()):
            for question in Question:
                first = waiting_among(known.values(), question)
                if first is not None and not (actor and same_person(first.analyst, actor)):
                    found.append((exhibit, question))
        return tuple(found)
