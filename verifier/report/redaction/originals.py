"""Recordings and composites of a case under the ids of a redacted one: what they are was decided before."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace

from verifier.records import Composite, Excerpt, Part, Recording, Recordings, Segment, Weakest


def renamed(
    known: Recordings, ids: Mapping[str, str], short: Callable[[str, str], str], segment: Callable[[Segment], Segment]
) -> Recordings:
    """`ids` are the new ids of exhibits, `short` makes that of a recording, `segment` makes times coarse."""

    def recording(one: Recording) -> Recording:
        return Recording(
            id=short("recording", one.id),
            copies=tuple(sorted(ids[key] for key in one.copies)),
            excerpts=tuple(sorted(map(excerpt, one.excerpts), key=lambda item: item.exhibit)),
            best=ids[one.best],
            earliest=ids[one.earliest] if one.earliest is not None else None,
            weakest=_weakest(one.weakest, ids) if one.weakest is not None else None,
        )

    def excerpt(one: Excerpt) -> Excerpt:
        return Excerpt(exhibit=ids[one.exhibit], of=ids[one.of], segments=tuple(map(segment, one.segments)))

    def composite(one: Composite) -> Composite:
        return Composite(exhibit=ids[one.exhibit], parts=tuple(map(part, one.parts)))

    def part(one: Part) -> Part:
        home = short("recording", one.recording) if one.recording is not None else None
        return replace(one, recording=home, exhibit=ids[one.exhibit], segments=tuple(map(segment, one.segments)))

    return Recordings(
        recordings=tuple(sorted(map(recording, known.recordings), key=lambda one: one.id)),
        composites=tuple(sorted(map(composite, known.composites), key=lambda one: one.exhibit)),
    )


def _weakest(link: Weakest, ids: Mapping[str, str]) -> Weakest:
    left, right = sorted((ids[link.left], ids[link.right]))
    return replace(link, left=left, right=right)
