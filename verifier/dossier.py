"""What reports and checks see: everything known of a case, as plain frozen values. No store, no media, no files."""

from __future__ import annotations

from bisect import bisect_right
from collections import OrderedDict
from collections.abc import Callable, Collection, ItemsView, Iterator, Mapping, Sequence, ValuesView
from dataclasses import dataclass, field

from verifier.records import (
    Acquisition,
    Assessment,
    Batch,
    Claim,
    CustodyEvent,
    Event,
    Exhibit,
    Fact,
    Fault,
    Finding,
    Group,
    Incident,
    Kind,
    Match,
    Observation,
    Reading,
    Recordings,
    Run,
    Scalar,
    Skipped,
    Standing,
    Verdict,
    Worksheet,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Said:
    """A reading with the instrument that made it."""

    reading: Reading
    instrument: str
    exhibit: str  # whose bytes say so; a sidecar's readings stand in the dossier of their subject


@dataclass(frozen=True, slots=True, kw_only=True)
class Speaker:
    """An exhibit that speaks of others: what it calls them, and how it came."""

    exhibit: str
    subjects: tuple[str, ...]
    acquisitions: tuple[Acquisition, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Made:
    """A derivative that lies in the vault, without its bytes."""

    id: str
    recipe: str
    media_type: str
    offset_seconds: float | None
    instrument: str


@dataclass(frozen=True, slots=True, kw_only=True)
class TakenIn:
    """One act of taking an exhibit in, as the log can be asked for it: event, entry, and the lines of its rows.

    The SHA-256 over the lines, each with its newline, is the entry's digest.
    """

    event: int
    entry: int
    rows: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Proof:
    """That an event stands in the log: its text, the lines its records digest covers, and the way up to the root.

    The way is of siblings from the leaf on, each with the side ("left" or "right") on which it stands (RFC 9162).
    """

    event: int
    text: str
    records: tuple[str, ...] | None  # None where they would tell of exhibits that are not in the report
    size: int  # events under the root
    root: str
    is_sealed: bool  # whether the root is that of the checkpoint, and not only of the log as it is now
    path: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Glance:
    """An exhibit as a line of a list shows it: its first name, its small picture, how much is against it."""

    exhibit: Exhibit
    name: bytes | None
    acquired_at: str | None
    thumbnail: str | None  # id of the derivative
    contradictions: int
    faults: tuple[str, ...]  # kinds


@dataclass(frozen=True, slots=True, kw_only=True)
class ExhibitDossier:
    """Everything known of one exhibit."""

    exhibit: Exhibit
    acquisitions: tuple[Acquisition, ...] = ()
    facts: Mapping[str, Fact] = field(default_factory=dict)
    readings: tuple[Said, ...] = ()
    derivatives: tuple[Made, ...] = ()
    events: tuple[Event, ...] = ()
    faults: tuple[Fault, ...] = ()
    runs: tuple[Run, ...] = ()
    claims: tuple[Claim, ...] = ()
    findings: tuple[Finding, ...] = ()
    assessments: tuple[Assessment, ...] = ()
    observations: tuple[Observation, ...] = ()
    standings: tuple[Standing, ...] = ()
    worksheets: tuple[Worksheet, ...] = ()
    taken_in: tuple[TakenIn, ...] = ()  # these two for reports only
    acts: tuple[int, ...] = ()  # events of the log that wrote something about it


class LazyDossiers(Mapping[str, ExhibitDossier]):
    """Dossiers in order of id that are fetched when asked for, so that a large case does not have to fit in memory.

    Going through `items` or `values` fetches page after page and keeps none; what is asked for by id is kept for a
    while, because copies ask for one another.
    """

    def __init__(
        self,
        *,
        count: int,
        page: Callable[[str], Sequence[ExhibitDossier]],
        one: Callable[[str], ExhibitDossier | None],
        some: Callable[[Sequence[str]], Sequence[ExhibitDossier]] | None = None,
        kinds: Callable[[], Mapping[str, Kind]] | None = None,
    ) -> None:
        """`page` gives the next dossiers after an id, none at the end; `one` gives that of an id, if there is any.

        `some` gives those of many ids, in order of id; where it is not given, they are asked for one after the other.
        `kinds` gives the kind of every exhibit without its dossier.
        """
        self._kinds = kinds
        self._count, self._page, self._one = count, page, one
        self._some = some or (lambda keys: [found for key in sorted(keys) if (found := one(key)) is not None])
        self._recent: OrderedDict[str, ExhibitDossier] = OrderedDict()

    def __len__(self) -> int:
        return self._count

    def __getitem__(self, key: str) -> ExhibitDossier:
        if key not in self._recent:
            found = self._one(key)
            if found is None:
                raise KeyError(key)
            self._recent[key] = found
            if len(self._recent) > MOST_RECENT:
                self._recent.popitem(last=False)
        self._recent.move_to_end(key)
        return self._recent[key]

    def __iter__(self) -> Iterator[str]:
        return (dossier.exhibit.id for dossier in self.in_order())

    def in_order(self) -> Iterator[ExhibitDossier]:
        """Every dossier in order of id, a page at a time."""
        page = self._page("")
        while page:
            yield from page
            page = self._page(page[-1].exhibit.id)

    def items(self) -> ItemsView[str, ExhibitDossier]:
        """Pairs in order of id, a page at a time."""
        return _Items(self)

    def values(self) -> ValuesView[ExhibitDossier]:
        """Dossiers in order of id, a page at a time."""
        return _Values(self)

    def seen_through(self, change: Callable[[ExhibitDossier], ExhibitDossier]) -> LazyDossiers:
        """The same shelf with every dossier changed at the moment when it is fetched."""

        def one(key: str) -> ExhibitDossier | None:
            found = self._one(key)
            return None if found is None else change(found)

        return LazyDossiers(
            count=self._count,
            page=lambda after: [change(found) for found in self._page(after)],
            one=one,
            some=lambda keys: [change(found) for found in self._some(keys)],
            kinds=self._kinds,
        )

    def kinds(self) -> Mapping[str, Kind]:
        """The kind of every exhibit, in order of id."""
        if self._kinds is not None:
            return self._kinds()
        return {dossier.exhibit.id: dossier.exhibit.kind for dossier in self.in_order()}

    def among(self, keys: Collection[str]) -> LazyDossiers:
        """A shelf that is gone through as if only these were on it; by id, every exhibit is still found.

        Where they are few, they are fetched once.
        """
        ordered = sorted(keys)
        held = {found.exhibit.id: found for found in self._some(ordered)} if len(ordered) <= MOST_HELD else {}

        def page(after: str) -> Sequence[ExhibitDossier]:
            first = bisect_right(ordered, after)
            wanted = ordered[first : first + MOST_RECENT]
            return [held[key] for key in wanted if key in held] if held else self._some(wanted)

        return LazyDossiers(
            count=len(ordered), page=page, one=lambda key: held[key] if key in held else self._one(key), some=self._some
        )


MOST_RECENT = 256  # dossiers that a shelf keeps at hand
MOST_HELD = 2_000  # that a shelf of a part of the case fetches at once


class _Items(ItemsView[str, ExhibitDossier]):
    def __init__(self, shelf: LazyDossiers) -> None:
        super().__init__(shelf)
        self._shelf = shelf

    def __iter__(self) -> Iterator[tuple[str, ExhibitDossier]]:
        return ((dossier.exhibit.id, dossier) for dossier in self._shelf.in_order())


class _Values(ValuesView[ExhibitDossier]):
    def __init__(self, shelf: LazyDossiers) -> None:
        super().__init__(shelf)
        self._shelf = shelf

    def __iter__(self) -> Iterator[ExhibitDossier]:
        return self._shelf.in_order()


def kinds_of(exhibits: Mapping[str, ExhibitDossier]) -> Mapping[str, Kind]:
    """The kind of every exhibit."""
    if isinstance(exhibits, LazyDossiers):
        return exhibits.kinds()
    return {key: dossier.exhibit.kind for key, dossier in exhibits.items()}


def among(exhibits: Mapping[str, ExhibitDossier], keys: Collection[str]) -> Mapping[str, ExhibitDossier]:
    """Just these of the exhibits to go through; those of a shelf are fetched together."""
    if isinstance(exhibits, LazyDossiers):
        return exhibits.among(keys)
    return {key: exhibits[key] for key in sorted(keys) if key in exhibits}


def each(
    exhibits: Mapping[str, ExhibitDossier], change: Callable[[ExhibitDossier], ExhibitDossier]
) -> Mapping[str, ExhibitDossier]:
    """The same exhibits, every dossier changed: at once, or of a shelf when it is fetched."""
    if isinstance(exhibits, LazyDossiers):
        return exhibits.seen_through(change)
    return {key: change(dossier) for key, dossier in exhibits.items()}


@dataclass(frozen=True, slots=True, kw_only=True)
class CaseDossier:
    """Everything known of a case. `exhibits` is ordered by id; `LazyDossiers` where the case need not fit in memory."""

    id: str
    title: str
    created_at: str
    tool_name: str
    tool_version: str
    custody_size: int
    custody_root: str
    custody_checkpoint: str | None
    exhibits: Mapping[str, ExhibitDossier]
    batches: tuple[Batch, ...] = ()
    matches: tuple[Match, ...] = ()
    groups: tuple[Group, ...] = ()
    verdicts: tuple[Verdict, ...] = ()
    incidents: tuple[Incident, ...] = ()
    skipped: tuple[Skipped, ...] = ()
    custody: tuple[CustodyEvent, ...] = ()
    unprotected: tuple[str, ...] = ()  # layers of the sandbox that were missing when exhibits were decoded
    limits: tuple[str, ...] = ()  # what this case's examination did not cover, in sentences
    settings: Mapping[str, Scalar] = field(default_factory=dict)
    originals: Recordings | None = None  # stated rather than decided: in a redacted case
    totals: Mapping[str, int] | None = None  # the same of what is counted
    proofs: tuple[Proof, ...] = ()  # of the events that took exhibits in; for reports only
