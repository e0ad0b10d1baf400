"""Pictures for people to weigh a link by: made once for what is new, kept as derivatives, never evidence themselves."""

from __future__ import annotations

import time
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from functools import partial
from pathlib import Path

from verifier.canonical import digest
from verifier.compare.clips import ClipShelf
from verifier.compare.pictures import PictureShelf
from verifier.dossier import CaseDossier
from verifier.errors import Corrupt, UsageError
from verifier.evidence.vault import Vault
from verifier.executors.registry import origin
from verifier.guarded import UNGUARDED, Guard
from verifier.hashing.clips import link_sheet
from verifier.hashing.pictures.evidence import link_pictures
from verifier.instruments import Outcome
from verifier.records import Derivative, Match, Medium, Relation, Run, Tier
from verifier.store import Store
from verifier.workflow.gather import gather
from verifier.workflow.progress import Clock, Progress
from verifier.workflow.shelves import clip_shelf, picture_shelf

INSTRUMENT, VERSION = "evidence", 1
ALIGNED, DIFFERENCE, OUTLINE, SHEET = (
    f"evidence-{name}/1" for name in ("aligned", "difference", "outline", "sheet")
)  # fmt: skip
MOST_LINKS = 200  # of one comparison: of more, those that most need a look
_URGENCY = {Tier.REVIEW: 1, Tier.LIKELY: 2, Tier.CERTAIN: 3}


def with_evidence(
    store: Store, vault: Vault, case: CaseDossier, matches: Sequence[Match], *, actor: str, clock: Clock,
    progress: Progress, guard: Guard = UNGUARDED,
) -> tuple[Match, ...]:  # fmt: skip
    """The links with the pictures that show them: those made before, and new ones for links that are new."""
    earlier = {_key(match): match.evidence for match in case.matches}
    kept = [replace(match, evidence=earlier.get(_key(match), ())) for match in matches]
    new = [match for match in kept if _key(match) not in earlier and _is_visible(match)]
    new.sort(key=lambda match: (_urgency(match), -match.score, match.left, match.right))
    if not new:
        return tuple(kept)
    begun = time.monotonic()
    photos, (shelf, _) = picture_shelf(store, vault), clip_shelf(store, vault, guard)
    made: dict[str, tuple[Derivative, ...]] = {}
    for done, match in enumerate(new[:MOST_LINKS], start=1):
        shown_of = partial(_shown, match, photos, shelf)
        made[_key(match)] = guard.attempt((match.left, match.right), shown_of, ())
        progress("evidence", done, min(len(new), MOST_LINKS))
    vault.keep_derivatives([item for some in made.values() for item in some])
    shown = tuple(replace(match, evidence=_ids(made.get(_key(match), ())) or match.evidence) for match in kept)
    _record(store, case, shown, made.values(), time.monotonic() - begun, actor, clock)
    return shown


def _shown(match: Match, photos: PictureShelf, shelf: ClipShelf) -> tuple[Derivative, ...]:
    return tuple(pictures_of(match, photos, shelf))


def _key(match: Match) -> str:
    """What a link is, whatever was drawn of it."""
    return digest(replace(match, evidence=()))


def _is_visible(match: Match) -> bool:
    return match.medium is not Medium.AUDIO and match.relation not in (Relation.SAME_STREAMS, Relation.SAME_AUDIO)


def _urgency(match: Match) -> int:
    return 0 if match.relation is Relation.ALTERED_PICTURE else _URGENCY[match.tier]


def _ids(some: Iterable[Derivative]) -> tuple[str, ...]:
    return tuple(item.id for item in some)


def pictures_of(match: Match, photos: PictureShelf, shelf: ClipShelf) -> Iterator[Derivative]:
    """What can be shown of one link; nothing where a side's features are not there or not whole."""
    try:
        if match.left in photos and match.right in photos:
            yield from _of_photos(match, photos)
        elif {match.left, match.right} <= {*photos, *shelf}:
            yield link_sheet.as_derivative(SHEET, _sheet(match, photos, shelf))
    except Corrupt:  # a derivative that is not what it says: the audit names it
        return


def _of_photos(match: Match, photos: PictureShelf) -> Iterator[Derivative]:
    shown = link_pictures(photos[match.left], photos[match.right])
    if shown is not None:
        yield link_sheet.as_derivative(ALIGNED, shown.aligned)
        yield link_sheet.as_derivative(DIFFERENCE, shown.difference)
        yield link_sheet.as_derivative(OUTLINE, shown.outlined)


def _sheet(match: Match, photos: PictureShelf, shelf: ClipShelf) -> link_sheet.Grey:
    durations = tuple(
        shelf[name].frames.duration if name in shelf else None for name in (match.left, match.right)
    )  # fmt: skip
    mirrored = match.transform is not None and match.transform.mirrored
    tops, bottoms, captions = [], [], []
    for moment in link_sheet.moments(match.segments, (durations[0], durations[1])):
        top = _seen(match.left, moment.left, photos, shelf)
        tops.append(top[:, ::-1].copy() if mirrored else top)
        bottoms.append(_seen(match.right, moment.right, photos, shelf))
        upper = _words(match.left, moment.left) + (" mirrored" if mirrored else "")
        captions.append((upper, _words(match.right, moment.right)))
    return link_sheet.sheet(tops, bottoms, captions)


def _seen(name: str, seconds: float | None, photos: PictureShelf, shelf: ClipShelf) -> link_sheet.Grey:
    if name in photos:
        return photos[name].grey()
    return link_sheet.frame_at(shelf[name], seconds or 0.0)


def _words(name: str, seconds: float | None) -> str:
    return name[:6] if seconds is None else f"{name[:6]} {seconds:.1f} s"


def _record(
    store: Store,
    case: CaseDossier,
    matches: Sequence[Match],
    made: Iterable[Sequence[Derivative]],
    seconds: float,
    actor: str,
    clock: Clock,
) -> None:
    """The pictures of a link stand among the derivatives of its left exhibit, with those made for it before."""
    fresh = {item.id: item for some in made for item in some}
    wanted: dict[str, dict[str, Derivative]] = defaultdict(dict)
    touched = {match.left for match in matches if set(match.evidence) & set(fresh)}
    for match in matches:
        if match.left in touched:
            known = _known(case, match.left)
            for identity in match.evidence:
                item = fresh.get(identity) or known.get(identity)
                if item is not None:
                    wanted[match.left][identity] = item
    outcomes = [
        Outcome(
            exhibit=left,
            runs=(_run(left, seconds / len(wanted)),),
            records={INSTRUMENT: tuple(items[identity] for identity in sorted(items))},
        )
        for left, items in sorted(wanted.items())
    ]
    if outcomes:
        store.record(outcomes, actor=actor, at=clock())


def _known(case: CaseDossier, exhibit: str) -> Mapping[str, Derivative]:
    return {
        item.id: Derivative(id=item.id, recipe=item.recipe, media_type=item.media_type, content=b"")
        for item in case.exhibits[exhibit].derivatives
        if item.instrument == INSTRUMENT
    }


def _run(exhibit: str, seconds: float) -> Run:
    return Run(
        exhibit=exhibit,
        instrument=INSTRUMENT,
        version=VERSION,
        origin=origin(),
        parameters_digest=digest({}),
        elapsed_seconds=seconds,
        result="done",
    )


def write_pair(store: Store, vault: Vault, one: str, other: str, out: Path) -> tuple[Match | None, list[Path]]:
    """Write the pictures of one pair into a folder, whether a comparison linked it or not. Raises UsageError."""
    left, right = sorted((store.exhibit(one).id, store.exhibit(other).id))
    if left == right:
        raise UsageError("Evidence is of two different exhibits.")
    case = gather(store)
    linked = [match for match in case.matches if (match.left, match.right) == (left, right)]
    known = next((match for match in linked if _is_visible(match)), linked[0] if linked else None)
    tried = known or Match(
        left=left, right=right, relation=Relation.SAME_SCENE, medium=Medium.IMAGE, method="asked", score=0.0,
        tier=Tier.REVIEW,
    )  # fmt: skip
    shelf, _ = clip_shelf(store, vault)
    written = []
    for item in pictures_of(tried, picture_shelf(store, vault), shelf):
        out.mkdir(parents=True, exist_ok=True)
        path = out / f"{left[:12]}-{right[:12]}-{item.recipe.partition('/')[0].removeprefix('evidence-')}.jpg"
        path.write_bytes(item.content)
        written.append(path)
    return known, written
