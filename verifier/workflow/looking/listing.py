"""Choosing exhibits of a case: by kind, hand-over, place, time, finding, stage, words, and since when.

Place and time need the gazetteer and the readers of times, which a plain list does without: see `within`.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass

from verifier.errors import UsageError
from verifier.geo.letters import folded
from verifier.records import Claim, Kind
from verifier.store import Store
from verifier.store.search.view import Line, Searching
from verifier.workflow.gathering.configured import with_settings
from verifier.workflow.looking.wanted import Wanted
from verifier.workflow.people.conclude import STAGES
from verifier.workflow.progress import Clock, Progress, silent


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """An exhibit in a list, with the words that are claimed of it."""

    line: Line
    places: tuple[str, ...]
    times: tuple[str, ...]
    batches: tuple[str, ...]  # their titles, or ids where they have none


@dataclass(frozen=True, slots=True, kw_only=True)
class Listed:
    """The rows in order of name, and how many exhibits the case has."""

    rows: tuple[Row, ...]
    exhibits: int


def listing(store: Store, wanted: Wanted, clock: Clock, progress: Progress = silent) -> Listed:
    """The exhibits that are wanted. Raises UsageError where a filter names nothing that there is."""
    named = None
    if wanted.words:
        from verifier.workflow.looking.find import find

        named = find(store, wanted.words, progress).exhibits()
    with store.search() as view:
        lines = view.lines()
        left = set(lines) if named is None else named
        bare = with_settings(view.bare_case(), store)
        titles = {batch.id: batch.title or batch.id for batch in bare.batches}
        left &= _plain_ones(lines, wanted, titles)
        if wanted.finding is not None:
            left &= view.bearing_finding(wanted.finding)
        claims = _claims(view, lines)
        if wanted.place is not None or wanted.time is not None or wanted.since is not None:
            from verifier.workflow.looking.within import within

            left &= within(bare, view, wanted, lines, claims, clock)
    rows = [
        Row(
            line=lines[key],
            places=tuple(dict.fromkeys(one.place for one in claims[key] if one.place)),
            times=tuple(dict.fromkeys(one.time for one in claims[key] if one.time)),
            batches=tuple(titles.get(batch, batch) for batch in lines[key].batches),
        )
        for key in left
    ]
    return Listed(rows=tuple(sorted(rows, key=_by_name)), exhibits=len(lines))


def _by_name(row: Row) -> tuple[str, str]:
    return (row.line.name.decode("utf-8", "replace").casefold(), row.line.id)


def _plain_ones(lines: Mapping[str, Line], wanted: Wanted, titles: Mapping[str, str]) -> set[str]:
    """Those of the kind, hand-over and stage, and not fully examined where that is asked."""
    if wanted.kind is not None and wanted.kind not in {kind.value for kind in Kind}:
        raise UsageError(f"{wanted.kind} is no kind; choose from {', '.join(kind.value for kind in Kind)}.")
    if wanted.stage is not None and wanted.stage not in STAGES:
        raise UsageError(f"{wanted.stage} is no stage; choose from {', '.join(STAGES)}.")
    batches = set(titles)
    if wanted.batch is not None:
        asked = folded(wanted.batch)
        batches = {key for key, title in titles.items() if wanted.batch == key or asked in folded(title)}
        if not batches:
            raise UsageError(f"No hand-over is called {wanted.batch}. Known: {', '.join(sorted(titles.values()))}.")
    return {
        key
        for key, line in lines.items()
        if (wanted.kind is None or line.kind == wanted.kind)
        and (wanted.batch is None or batches.intersection(line.batches))
        and (wanted.stage is None or (line.stage or STAGES[0]) == wanted.stage)
        and (not wanted.unexamined or line.faults)
    }


def _claims(view: Searching, lines: Mapping[str, Line]) -> Mapping[str, list[Claim]]:
    """What is claimed of each exhibit, itself or by its hand-over."""
    of_batch: dict[str, list[Claim]] = defaultdict(list)
    of_exhibit: dict[str, list[Claim]] = defaultdict(list)
    for claim in view.said_claims():
        if claim.exhibit is not None:
            of_exhibit[claim.exhibit].append(claim)
        elif claim.batch is not None:
            of_batch[claim.batch].append(claim)
    for key, line in lines.items():
        for batch in line.batches:
            of_exhibit[key] += of_batch.get(batch, [])
    return of_exhibit
