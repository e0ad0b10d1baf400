"""A case as screens ask it: one exhibit, one pair, one recording, each in work that does not grow with the case.

What can only be known by going through the whole case (links by exhibit, recordings, totals) is laid out in the
background and kept until an act of a machine changes it; people's acts are read from the log as they come. Until it is
laid out, whoever asks is told so.
"""

from __future__ import annotations

import threading
from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace

from verifier.dossier import CaseDossier, ExhibitDossier, Glance, LazyDossiers
from verifier.errors import UnknownExhibit, UsageError
from verifier.findings.copies.generations import Step, steps_of
from verifier.findings.copies.originals import recordings_of
from verifier.findings.summary import undecided_links
from verifier.guarded import caught
from verifier.records import Group, Match, Recording, Recordings
from verifier.report.language import Language
from verifier.report.pages.report_index import ReportIndex, desk
from verifier.store import Store
from verifier.visible import visible_name
from verifier.workflow.gather import gather
from verifier.workflow.gathering.naming import NAME_LETTERS
from verifier.workflow.looking.ledger import Ledger
from verifier.workflow.people.review import Answered, Between
from verifier.workflow.standing import Standing, standing_of

SECONDS_TO_WAIT = 20.0  # for links, which are there long before recordings
MOST_MEMBERS = 60  # of one recording that a screen lays out


@dataclass(frozen=True, slots=True, kw_only=True)
class Pending:
    """Two recordings that wait for a person, and the pairs of their exhibits that are linked, the strongest first."""

    recordings: tuple[str, str]
    shown: Match
    pairs: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Laid:
    """The whole case as it was after the event `as_of`. Recordings and totals are None until they are known."""

    as_of: int
    case: CaseDossier
    links_of: Mapping[str, tuple[Match, ...]]
    group_of: Mapping[str, Group]
    recording_of: Mapping[str, Recording]
    recordings: Mapping[str, Recording]
    waiting: tuple[Pending, ...]
    standing: Standing | None = None
    instruments: frozenset[str] = frozenset()


class CaseView:
    """Answers the screens. Threads may ask at the same time."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self.ledger = Ledger(store)
        self._lock = threading.Lock()
        self._laid: Laid | None = None
        self._has_links = threading.Event()
        self._running: threading.Thread | None = None
        self._steps: dict[tuple[int, str], Mapping[str, Step]] = {}
        self.failed: BaseException | None = None
        self._failed_as_of = -1

    # ------------------------------------------------------------ the whole case

    def laid(self) -> Laid | None:
        """The whole case as far as it is laid out; what changed since is being laid out anew. None: not yet."""
        self.ledger.read()
        with self._lock:
            known = self._laid
            is_stale = known is None or known.as_of < self.ledger.changed
            is_tried = self.failed is not None and self._failed_as_of >= self.ledger.changed
            if is_stale and not is_tried and (self._running is None or not self._running.is_alive()):
                self._running = threading.Thread(target=self._lay_out, name="lay out", daemon=True)
                self._running.start()
        return known

    def is_current(self, laid: Laid) -> bool:
        """Whether nothing that a machine does has changed the case since."""
        return laid.as_of >= self.ledger.changed

    def with_links(self) -> Laid:
        """The case with its links by exhibit. Raises UsageError where that takes too long, or what went wrong."""
        known = self.laid()
        if known is None:
            self._has_links.wait(SECONDS_TO_WAIT)
            known = self._laid
        if known is None:
            if self.failed is not None:
                raise self.failed
            raise UsageError("The case is still being read. Load this page again in a moment.")
        return known

    def wait(self, seconds: float) -> bool:
        """Wait until everything is laid out; whether it is."""
        self.laid()
        running = self._running
        if running is not None:
            running.join(seconds)
        return self._laid is not None and self._laid.standing is not None

    def _lay_out(self) -> None:
        as_of = self.ledger.changed
        self.failed = caught(self._lay, as_of)
        self._failed_as_of = as_of

    def _lay(self, as_of: int) -> None:
        case = gather(self._store, lazily=True)
        links: dict[str, list[Match]] = defaultdict(list)
        for match in sorted(case.matches, key=lambda match: -match.score):
            links[match.left].append(match)
            links[match.right].append(match)
        first = Laid(
            as_of=as_of,
            case=case,
            links_of={key: tuple(some) for key, some in links.items()},
            group_of={member: group for group in case.groups for member in group.members},
            recording_of={},
            recordings={},
            waiting=(),
        )
        if self._laid is None:
            self._laid = first
            self._has_links.set()
        case = replace(case, originals=recordings_of(case))
        known = standing_of(case, self._store)
        of = {member: one for one in known.originals.recordings for member in one.members}
        self._laid = replace(
            first,
            case=case,
            recording_of=of,
            recordings={one.id: one for one in known.originals.recordings},
            waiting=_pending(case, of),
            standing=known,
            instruments=frozenset(self._store.glances.instruments()),
        )

    # ------------------------------------------------------------ lists

    def waiting(self, laid: Laid) -> tuple[Pending, ...]:
        """Pairs of recordings that wait for a person still, whatever was decided since the case was laid out."""
        answered = self._answered(laid)
        return tuple(pending for pending in laid.waiting if not answered.holds(pending))

    def next_waiting(self, laid: Laid, *, after: tuple[str, str] | None = None) -> tuple[str, str] | None:
        """The exhibits of the next pair of recordings that waits, after those of that pair; round and round."""
        answered, order = self._answered(laid), laid.waiting
        at = next((index for index, one in enumerate(order) if after in one.pairs), -1)
        following = order[at + 1 :] + order[: max(at, 0)]
        return next((one.pairs[0] for one in following if not answered.holds(one)), None)

    def pairs_beside(self, laid: Laid, pair: tuple[str, str]) -> tuple[tuple[str, str], ...]:
        """The other linked pairs of copies of the two recordings of a pair that waits, without a verdict of their own.

        Nothing where the pair did not wait when the case was laid out.
        """
        pending = next((one for one in laid.waiting if pair in one.pairs), None)
        others = pending.pairs if pending is not None else ()
        return tuple(dict.fromkeys(one for one in others if one != pair and not self.ledger.verdicts(*one)))

    def _answered(self, laid: Laid) -> Answered:
        answered, last = Answered(), {}
        for verdict in self.ledger.verdicts_after(len(laid.case.verdicts)):
            last[verdict.left, verdict.right] = verdict
        for verdict in last.values():
            answered.keep(Between(recordings=_homes(verdict.left, verdict.right, laid.recording_of)), verdict.decision)
        return answered

    def glances(self, ids: tuple[str, ...]) -> dict[str, Glance]:
        """Exhibits as lines of a list."""
        return self._store.glances.of(ids)

    # ------------------------------------------------------------ one thing

    def index(
        self,
        ids: tuple[str, ...],
        words: Language,
        *,
        links: tuple[Match, ...] | None = None,
        with_custody: bool = True,
    ) -> ReportIndex:
        """Some exhibits laid out as in a report, with everything that is known of them now.

        Counts of the whole case stay those of the whole case. Raises UnknownExhibit.
        """
        laid = self.with_links()
        shelf = laid.case.exhibits
        fresh = shelf.seen_through(lambda dossier: dossier) if isinstance(shelf, LazyDossiers) else shelf
        exhibits = {}
        for key in ids:
            if key not in fresh:
                raise UnknownExhibit(key)
            taken_in = self._store.glances.taken_in(key) if with_custody else ()
            exhibits[key] = replace(fresh[key], taken_in=taken_in)
        chosen = frozenset(ids)
        incidents = tuple(item for item in laid.case.incidents if chosen & set(item.members))
        for key in {member for item in incidents for member in item.members} - chosen:
            if key in fresh:  # who counts the other recordings of an incident looks at its members
                exhibits[key] = fresh[key]
        matches = links if links is not None else _links_of(exhibits, laid)
        groups = {laid.group_of[key].id: laid.group_of[key] for key in ids if key in laid.group_of}
        originals = {laid.recording_of[key].id: laid.recording_of[key] for key in exhibits if key in laid.recording_of}
        case = replace(
            laid.case,
            exhibits=exhibits,
            matches=matches,
            groups=tuple(groups.values()),
            originals=Recordings(recordings=tuple(originals.values()), composites=()),
            verdicts=tuple(v for match in matches for v in self.ledger.verdicts(match.left, match.right)),
            incidents=incidents,
            custody=tuple({e.seq: e for key in ids for e in self.ledger.events_about(key)}.values()),
            proofs=(),
        )
        known = desk(case, words, notes=False)
        steps = {key: step for group in groups.values() for key, step in self._steps_within(group, laid, fresh).items()}
        return replace(
            known, instruments=laid.instruments or known.instruments, exhibits=len(laid.case.exhibits), steps=steps
        )

    def _steps_within(self, group: Group, laid: Laid, shelf: Mapping[str, ExhibitDossier]) -> Mapping[str, Step]:
        """What each copy of a group can have been made from; looked up once, for every member must be read for it."""
        key = (laid.as_of, group.id)
        if key not in self._steps:
            members = group.members[:MOST_MEMBERS]
            matches = _links_of(members, laid)
            verdicts = [v for match in matches for v in self.ledger.verdicts(match.left, match.right)]
            exhibits = {member: shelf[member] for member in members if member in shelf}
            case = replace(laid.case, exhibits=exhibits, matches=matches, groups=(group,), verdicts=tuple(verdicts))
            self._steps[key] = steps_of(case)
        return self._steps[key]

    def matches(self, left: str, right: str) -> tuple[Match, ...]:
        """Every link between two exhibits, the strongest first."""
        laid = self.with_links()
        return tuple(match for match in laid.links_of.get(left, ()) if {match.left, match.right} == {left, right})

    def name(self, exhibit: str) -> str:
        """What an exhibit is called, safe to show."""
        known = self.glances((exhibit,)).get(exhibit)
        return named(known, exhibit)


def named(glance: Glance | None, exhibit: str) -> str:
    """The first file name, safe to show; the beginning of the id where there is none."""
    if glance is None or glance.name is None:
        return exhibit[:12]
    return visible_name(glance.name, 2 * NAME_LETTERS)


def _links_of(exhibits: Iterable[str], laid: Laid) -> tuple[Match, ...]:
    """Every link of some exhibits, each once."""
    found = [match for key in exhibits for match in laid.links_of.get(key, ())]
    return tuple({id(match): match for match in found}.values())


def _homes(left: str, right: str, of: Mapping[str, Recording]) -> tuple[str, str]:
    """The recordings of two exhibits, or the exhibits where they have none."""
    return (of[left].id if left in of else left, of[right].id if right in of else right)


def _pending(case: CaseDossier, of: Mapping[str, Recording]) -> tuple[Pending, ...]:
    found = []
    for some in undecided_links(case):
        shown = some[0]
        pairs = tuple((match.left, match.right) for match in some)
        found.append(Pending(recordings=_homes(shown.left, shown.right, of), shown=shown, pairs=pairs))
    return tuple(found)
