"""One file against a case, without taking it in: copied for a moment, examined as evidence is, compared, forgotten."""

from __future__ import annotations

import os
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

from verifier import guarded
from verifier.compare import clips, pictures
from verifier.dossier import CaseDossier, kinds_of
from verifier.evidence.borrow import drop, lend
from verifier.evidence.vault import Vault
from verifier.executors import Executor
from verifier.guarded import Guard
from verifier.hashing import pdq
from verifier.hashing.banks.hits import Searched
from verifier.instruments import Job, Outcome
from verifier.records import Derivative, Exhibit, Fingerprint, Kind, Match, Reading, Record
from verifier.store import Store
from verifier.workflow.banks.keep import OpenBank
from verifier.workflow.banks.search import search_known, search_one
from verifier.workflow.gather import gather
from verifier.workflow.progress import Progress
from verifier.workflow.shelves import Shown, clip_shelf, picture_blocks, picture_shelf

_SIDES = ("photo:width", "photo:height")


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """What a case holds of a file's likeness. `scope` says what was searched: "no match" means nothing without it."""

    exhibit: Exhibit
    known: bool
    matches: tuple[Match, ...]
    scope: str
    limits: tuple[str, ...]
    banks: tuple[Searched, ...] = ()


def match(
    path: Path, store: Store, vault: Vault, executor: Executor, progress: Progress, banks: Sequence[OpenBank] = ()
) -> Answer:
    """Compare one file with the case, and with banks of earlier footage."""
    exhibit, copy = lend(vault, os.fsencode(path.absolute()))
    try:
        case = gather(store, lazily=True)
        if exhibit.id in case.exhibits:
            found = [one for one in case.matches if exhibit.id in (one.left, one.right)]
            searched = search_known(exhibit, store, vault, banks)
            return Answer(
                exhibit=exhibit, known=True, matches=tuple(found), scope=_scope(case, banks), limits=(), banks=searched
            )
        progress("examine", 0, 1)
        outcome = _examined(exhibit, copy, executor)
        progress("compare", 0, 1)
        return _compared(exhibit, outcome, store, vault, case, banks)
    finally:
        drop(copy)


def _examined(exhibit: Exhibit, copy: str, executor: Executor) -> Outcome:
    names = tuple(
        entry.name
        for entry in executor.catalogue.values()
        if exhibit.kind in entry.accepts and (entry.media_types is None or exhibit.media_type in entry.media_types)
    )
    (outcome,) = executor.run([Job(exhibit=exhibit, path=copy, instruments=names)])
    return outcome


def _size(records: Sequence[Record]) -> tuple[int, int] | None:
    """Width and height of a picture as it states them; None where it does not."""
    said = {item.key: item.value for item in records if isinstance(item, Reading) and item.key in _SIDES}
    width, height = (said.get(key) for key in _SIDES)
    return (width, height) if isinstance(width, int) and isinstance(height, int) and width and height else None


def _compared(
    exhibit: Exhibit, outcome: Outcome, store: Store, vault: Vault, case: CaseDossier, banks: Sequence[OpenBank]
) -> Answer:
    records = [record for records in outcome.records.values() for record in records]
    limits = [f"{fault.instrument}: {fault.detail}" for fault in outcome.faults]
    content = _content(records)
    made = {recipe: item.id for recipe, item in content.items()}
    read = {item.id: item.content for item in content.values()}.__getitem__
    matches: list[Match] = []
    guard = Guard("compare", seconds=guarded.PAIR_SECONDS)
    if exhibit.kind is Kind.PHOTO:
        fingerprints = tuple(record for record in records if isinstance(record, Fingerprint))
        stored = pictures.Stored(fingerprints=fingerprints, derivatives=made)
        mine = pictures.PictureShelf(stored={exhibit.id: stored}, read=read, shown=lambda _: (None, _size(records)))
        shelved = picture_shelf(store, vault, Shown(case))
        matches += pictures.match_one(exhibit.id, mine, shelved, guard, picture_blocks(store))
        matches += clips.match_photo(exhibit.id, mine, clip_shelf(store, vault, guard)[0], guard)
        limits += list(pictures.incomparable(mine).values())
    elif exhibit.kind in clips.KINDS:
        own = {exhibit.id: made}
        shelf, sound = clip_shelf(store, vault, guard)
        matches += clips.match_one(
            exhibit.id, clips.ClipShelf(derivatives=own, read=read), clips.sounds(own, read, guard), shelf, sound, guard
        )
    else:
        limits.append(f"A {exhibit.kind.value} is compared by its digest only.")
    limits += [f"compare: {fault.detail}" for fault in guard.faults.get(exhibit.id, ())]
    hashes = [record for record in records if isinstance(record, Fingerprint) and record.algorithm == pdq.ALGORITHM]
    return Answer(
        exhibit=exhibit,
        known=False,
        matches=tuple(matches),
        scope=_scope(case, banks),
        limits=tuple(dict.fromkeys(limits)),
        banks=search_one(exhibit, hashes, made, read, banks),
    )


def _content(records: Iterable[object]) -> dict[str, Derivative]:
    return {record.recipe: record for record in records if isinstance(record, Derivative)}


def _scope(case: CaseDossier, banks: Sequence[OpenBank]) -> str:
    kinds = list(kinds_of(case.exhibits).values())
    return (
        f"{kinds.count(Kind.PHOTO)} photos and {kinds.count(Kind.VIDEO)} videos of this case; {_banks(banks)}. "
        "Search by hash is exact within its radius; search by local features is not exhaustive."
    )


def _banks(banks: Sequence[OpenBank]) -> str:
    if not banks:
        return "no bank"
    return ", ".join(f"{len(one.bank)} items of bank {one.bank.name} revision {one.bank.revision}" for one in banks)
