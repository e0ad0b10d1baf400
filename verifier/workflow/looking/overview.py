"""The whole case in time and on the map, in one way through it: recordings by when they can have been made, places."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime

from verifier.dossier import CaseDossier
from verifier.findings.copies.links import Sets
from verifier.findings.copies.originals import recordings_of
from verifier.records import Kind, Match, Recording, Relation, Tier
from verifier.report.maps.drawn import MOST_DRAWN, Drawn, drawn_of
from verifier.report.maps.map import COLOURS, Frame, frame_of
from verifier.report.pages.drawings import Bar, bars_of
from verifier.visible import visible

SHOWN = frozenset({Kind.PHOTO, Kind.VIDEO, Kind.AUDIO})
HEARD_TOGETHER = frozenset({Relation.SAME_AUDIO, Relation.SAME_EVENT})
LAST = datetime.max.replace(tzinfo=UTC)


@dataclass(frozen=True, slots=True, kw_only=True)
class Dated:
    """One recording, by its best copy, with everything that dates any of its members. `together`: those of the same
    number were recorded at one event, as their sound or their pictures say; 0 where nothing says so."""

    recording: str
    best: str
    members: tuple[str, ...]
    bars: tuple[Bar, ...]
    low: datetime | None = None  # where its bars begin and end; None: a bound without that side, or no bar
    high: datetime | None = None
    together: int = 0

    @property
    def begins(self) -> datetime:
        """Where it stands in a row: its clock, else what it is bounded by."""
        clocks = [bar.earliest or bar.latest for bar in self.bars if bar.kind == "clock"]
        every = clocks or [bar.earliest or bar.latest for bar in self.bars]
        return min((moment for moment in every if moment is not None), default=LAST)


@dataclass(frozen=True, slots=True, kw_only=True)
class Placed:
    """A place, safe to show, and the box that its mark, circle and cone lie in, in degrees."""

    thing: Drawn
    west: float
    south: float
    east: float
    north: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Overview:
    """Recordings in order of time, those that stand together beside one another; the undated by their best copy.

    `frames`: what part of the Earth holds every place of a kind; "" is all of them.
    """

    dated: tuple[Dated, ...]
    undated: tuple[str, ...]
    places: tuple[Placed, ...]
    frames: Mapping[str, Frame]
    first: datetime | None  # of all bars
    last: datetime | None
    is_whole: bool  # whether every place is among them


def overview_of(case: CaseDossier) -> Overview:
    """Of a case that was gathered; exhibits are gone through once."""
    bars: dict[str, tuple[Bar, ...]] = {}
    places: list[Drawn] = []
    for key, dossier in case.exhibits.items():
        if dossier.exhibit.kind in SHOWN:
            bars[key] = bars_of(dossier)
            if len(places) <= MOST_DRAWN:
                places += drawn_of(replace(case, exhibits={key: dossier}))
    originals = recordings_of(case).recordings
    rows = _rows(originals, bars)
    together = _together(case.matches, originals)
    dated = [replace(row, together=together.get(row.recording, 0)) for row in rows if row.bars]
    first: dict[int, datetime] = defaultdict(lambda: LAST)
    for row in dated:
        first[row.together] = min(first[row.together], row.begins)
    dated.sort(
        key=lambda row: (first[row.together] if row.together else row.begins, row.together, row.begins, row.best)
    )
    kept = tuple(replace(one, title=visible(one.title, 60), note=visible(one.note, 200)) for one in places[:MOST_DRAWN])
    frames = {"": frame_of(kept)}
    frames |= {kind: frame_of(tuple(one for one in kept if one.kind == kind)) for kind in COLOURS}
    moments = [moment for row in dated for bar in row.bars for moment in (bar.earliest, bar.latest) if moment]
    return Overview(
        frames=frames,
        first=min(moments, default=None),
        last=max(moments, default=None),
        dated=tuple(dated),
        undated=tuple(row.best for row in rows if not row.bars),
        places=tuple(map(_placed, kept)),
        is_whole=len(places) <= MOST_DRAWN,
    )


def _placed(thing: Drawn) -> Placed:
    here = (thing.position.longitude_degrees, thing.position.latitude_degrees)
    points = [here, *(thing.ring or ()), *(thing.view or ())]
    return Placed(
        thing=thing, west=min(x for x, _ in points), south=min(y for _, y in points), east=max(x for x, _ in points),
        north=max(y for _, y in points),
    )  # fmt: skip


def _row(recording: str, best: str, members: tuple[str, ...], bars: tuple[Bar, ...]) -> Dated:
    lows, highs = [bar.earliest for bar in bars], [bar.latest for bar in bars]
    return Dated(
        recording=recording, best=best, members=members, bars=bars,
        low=None if None in lows else min((low for low in lows if low), default=None),
        high=None if None in highs else max((high for high in highs if high), default=None),
    )  # fmt: skip


def _rows(originals: tuple[Recording, ...], bars: Mapping[str, tuple[Bar, ...]]) -> list[Dated]:
    """Every recording with pictures or sound, and every such exhibit that is of none."""
    rows, seen = [], set[str]()
    for one in originals:
        members = tuple(member for member in one.members if member in bars)
        seen.update(members)
        if members:
            best = one.best if one.best in bars else members[0]
            known = tuple(dict.fromkeys(bar for member in members for bar in bars[member]))
            rows.append(_row(one.id, best, members, known))
    rows += [_row(key, key, (key,), bars[key]) for key in bars if key not in seen]
    return rows


def _together(matches: tuple[Match, ...], originals: tuple[Recording, ...]) -> dict[str, int]:
    """Recordings that were heard or seen together, by a number for each set of them."""
    home = {member: one.id for one in originals for member in one.members}
    sure = [
        match for match in matches
        if match.relation in HEARD_TOGETHER and match.tier is not Tier.REVIEW
        and match.left in home and match.right in home and home[match.left] != home[match.right]
    ]  # fmt: skip
    sets = Sets({home[key] for match in sure for key in (match.left, match.right)})
    for match in sure:
        sets.join(home[match.left], home[match.right])
    return {one: number for number, some in enumerate(sorted(map(sorted, sets.all())), start=1) for one in some}
