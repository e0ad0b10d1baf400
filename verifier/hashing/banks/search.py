"""Searches a bank: one picture or one clip against all of its items, by PDQ alone.

Exact within the stated radius. A bank holds no pixels, so nothing can be laid over one another: however near two hashes
are, a hit is at most *likely* (two frames of one fixed camera may be 2 bits apart), and *certain* is only the same
bytes. Clips: frames vote for a line in time; a line is likely where several different views lie on it and no other
line at another time is nearly as good.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

import faiss
import numpy as np
from numpy.typing import NDArray

from verifier.hashing import pdq
from verifier.hashing.banks.bank import Bank, ItemKind
from verifier.hashing.banks.hits import BankHit, Scope, Searched, Stretch, iso, label
from verifier.hashing.bits import stack
from verifier.hashing.clips.align import Line, Votes, lines, strongest
from verifier.hashing.clips.features import FRAME_SECONDS, ClipFrames
from verifier.hashing.clips.frames import bits as frame_bits
from verifier.records import Relation, Tier

MOST_HITS = 64  # items that are reported of one bank for one exhibit
MOST_ASKED = 480  # different views of one clip
MOST_CANDIDATES = 48  # clips of a bank that a clip is laid beside
MOST_VOTES = 200_000
STEP_SECONDS = 0.5  # how densely a bank's spans of like frames are laid out in time
MOST_STEPS = 120  # of one span
LEAST_VIEWS = 3  # different views on a line that is likely
ELSEWHERE = 0.8  # of a line's score: another time as good as that leaves the time open
OTHER_SHIFT_SECONDS = 2.0
WHOLE = 0.75  # of both lengths
_UPRIGHT = (pdq.Turn(False, 0), pdq.Turn(True, 0))


class BankIndex:
    """A bank ready to be asked. `digest`: of the bank's content."""

    def __init__(self, bank: Bank, digest: str) -> None:
        self._bank = bank
        self.label = label(bank.name, bank.revision, digest)
        self._rows = np.flatnonzero(bank.worthy).astype(np.uint32)
        self._index = faiss.IndexBinaryFlat(pdq.BITS)
        if len(self._rows):
            self._index.add(np.ascontiguousarray(bank.bits[self._rows]))
        self._first = np.searchsorted(bank.owner, np.arange(len(bank) + 1))
        self._by_id: dict[str, int] | None = None

    def picture(self, exhibit: str, hashes: Iterable[bytes]) -> Searched:
        """What resembles a picture; `hashes` of the whole and of its content boxes, those of enough quality only."""
        rows = list(hashes)
        best: dict[int, BankHit] = {}
        if rows:
            variants = stack([pdq.turned_bits(row, turn) for row in rows for turn in pdq.TURNS], pdq.BYTES)
            for near in self._near(variants, pdq.LIKELY_WITHIN):
                turn = pdq.TURNS[near.asked % len(pdq.TURNS)]
                hit = self._picture_hit(near, turn)
                item = int(self._bank.owner[near.row])
                if item not in best or hit.distance < best[item].distance:
                    best[item] = hit
        return self._answer(exhibit, list(best.values()), is_comparable=bool(rows))

    def clip(self, exhibit: str, frames: ClipFrames) -> Searched:
        """What resembles a clip, or a picture that is one of its frames."""
        asked = np.flatnonzero(frames.quality >= pdq.LEAST_QUALITY)
        asked = asked[:: max(1, -(-len(asked) // MOST_ASKED))]
        hits: dict[int, BankHit] = {}
        for turn in _UPRIGHT if len(asked) else ():
            rows = np.ascontiguousarray(frame_bits.laid(frames.wide[asked], turn))
            votes: dict[int, set[int]] = {}
            for near in self._near(rows, pdq.LIKELY_WITHIN):
                item = int(self._bank.owner[near.row])
                if self._bank.kind[item] == ItemKind.PICTURE:
                    _keep(hits, item, self._still_hit(near, turn, frames, int(asked[near.asked])))
                else:
                    votes.setdefault(item, set()).add(near.asked)
            likeliest = sorted(votes, key=lambda item: (-len(votes[item]), item))[:MOST_CANDIDATES]
            for item in likeliest:
                _keep(hits, item, self._clip_hit(item, frames, turn))
        return self._answer(exhibit, list(hits.values()), is_comparable=bool(len(asked)))

    def _near(self, rows: NDArray[np.uint8], within: int) -> Iterable[_Near]:
        if not len(self._rows):
            return
        limits, distances, labels = self._index.range_search(rows, within + 1)
        for asked in range(len(rows)):
            for at in range(int(limits[asked]), int(limits[asked + 1])):
                yield _Near(asked=asked, row=int(self._rows[int(labels[at])]), distance=int(distances[at]))

    def _picture_hit(self, near: _Near, turn: pdq.Turn) -> BankHit:
        item = int(self._bank.owner[near.row])
        is_clip = bool(self._bank.kind[item] == ItemKind.CLIP)
        stretch = Stretch(own=None, item=(float(self._bank.begin[near.row]), float(self._bank.end[near.row])))
        earliest, latest = self._bank.dates_of(item)
        return BankHit(
            item=self._bank.id_of(item),
            relation=(Relation.CLIP if is_clip else Relation.SAME_PICTURE).value,
            tier=Tier.LIKELY if near.distance <= pdq.CERTAIN_WITHIN else Tier.REVIEW,
            distance=near.distance,
            mirrored=turn.mirrored,
            rotation_degrees=turn.rotation_degrees,
            earliest=iso(earliest),
            latest=iso(latest),
            stretches=(stretch,) if is_clip else (),
            is_clip=is_clip,
        )

    def _still_hit(self, near: _Near, turn: pdq.Turn, frames: ClipFrames, run: int) -> BankHit:
        item = int(self._bank.owner[near.row])
        times = frames.times[frames.run == run]
        earliest, latest = self._bank.dates_of(item)
        return BankHit(
            item=self._bank.id_of(item),
            relation=Relation.CLIP.value,
            tier=Tier.LIKELY if near.distance <= pdq.CERTAIN_WITHIN else Tier.REVIEW,
            distance=near.distance,
            mirrored=turn.mirrored,
            earliest=iso(earliest),
            latest=iso(latest),
            stretches=(Stretch(own=_span(float(times.min()), float(times.max()) + FRAME_SECONDS), item=None),),
        )

    def _clip_hit(self, item: int, frames: ClipFrames, turn: pdq.Turn) -> BankHit | None:
        """The item laid beside the clip in time; None where fewer than three frames run along it."""
        laid = self._laid_out(item)
        apart = frame_bits.between(frame_bits.laid(frames.wide, turn), laid.bits)
        apart[frames.quality < pdq.LEAST_QUALITY, :] = pdq.BITS
        of_frames = apart[frames.run]
        first, second = np.nonzero(of_frames <= pdq.LIKELY_WITHIN)
        weight = (1 - of_frames[first, second] / 96).astype(np.float32)
        votes = strongest(first, second, weight, MOST_VOTES)
        found = list(lines(votes, frames.times, laid.times))
        if not found:
            return None
        chosen = _distinct(found)
        best = chosen[0]
        distances, views = _along(best, frames, laid.times, of_frames)
        is_open = any(
            abs(line.shift - best.shift) > OTHER_SHIFT_SECONDS and line.score >= ELSEWHERE * best.score
            and _overlap(line, best) > 0
            for line in found[1:]
        ) or _is_everywhere(best, frames, laid.times, votes)  # fmt: skip
        is_likely = views >= LEAST_VIEWS and not is_open and float(np.median(distances)) <= pdq.CERTAIN_WITHIN
        earliest, latest = self._bank.dates_of(item)
        shares = sum(line.end - line.begin + FRAME_SECONDS for line in chosen)
        is_whole = shares >= WHOLE * max(frames.duration, laid.seconds)
        relation = Relation.SAME_PICTURE if is_whole else Relation.CLIP
        return BankHit(
            item=self._bank.id_of(item),
            relation=(relation if not is_open else Relation.SAME_SCENE).value,
            tier=Tier.LIKELY if is_likely else Tier.REVIEW,
            distance=int(np.median(distances)),
            mirrored=turn.mirrored,
            earliest=iso(earliest),
            latest=iso(latest),
            stretches=tuple(_stretch(line) for line in chosen),
            is_clip=True,
        )

    def _laid_out(self, item: int) -> _LaidOut:
        """An item's whole frames at regular times."""
        rows = np.arange(int(self._first[item]), int(self._first[item + 1]))
        rows = rows[(self._bank.variant[rows] == 0) & (self._bank.quality[rows] >= pdq.LEAST_QUALITY)]
        times, numbers = [], []
        for row in rows:
            begin, end = float(self._bank.begin[row]), float(self._bank.end[row])
            steps = max(1, min(MOST_STEPS, int((end - begin) / STEP_SECONDS) + 1))
            times += [begin + step * STEP_SECONDS for step in range(steps)]
            numbers += [int(row)] * steps
        return _LaidOut(
            bits=self._bank.bits[numbers],
            times=np.array(times, np.float32),
            seconds=float(self._bank.end[rows].max() - self._bank.begin[rows].min()) if len(rows) else 0.0,
        )

    def _answer(self, exhibit: str, hits: list[BankHit], *, is_comparable: bool) -> Searched:
        same = self._number_of(exhibit)
        if same is not None:
            hits = [hit for hit in hits if hit.item != exhibit] + [self._same(same)]
        hits.sort(key=lambda hit: (hit.tier is Tier.REVIEW, hit.tier is not Tier.CERTAIN, hit.distance, hit.item))
        earliest, latest = self._bank.coverage
        scope = Scope(
            items=len(self._bank),
            hashes=len(self._rows),
            radius=pdq.LIKELY_WITHIN,
            comparable=is_comparable or same is not None,
            earliest=iso(earliest),
            latest=iso(latest),
        )
        return Searched(bank=self.label, scope=scope, hits=tuple(hits[:MOST_HITS]))

    def _same(self, item: int) -> BankHit:
        earliest, latest = self._bank.dates_of(item)
        return BankHit(
            item=self._bank.id_of(item),
            relation="same-bytes",
            tier=Tier.CERTAIN,
            distance=0,
            earliest=iso(earliest),
            latest=iso(latest),
            is_clip=bool(self._bank.kind[item] == ItemKind.CLIP),
        )

    def _number_of(self, exhibit: str) -> int | None:
        if self._by_id is None:
            self._by_id = {self._bank.id_of(number): number for number in range(len(self._bank))}
        return self._by_id.get(exhibit)


@dataclass(frozen=True, slots=True)
class _Near:
    asked: int
    row: int
    distance: int


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class _LaidOut:
    bits: NDArray[np.uint8]
    times: NDArray[np.float32]
    seconds: float


def _keep(hits: dict[int, BankHit], item: int, hit: BankHit | None) -> None:
    """The better of two hits on one item."""
    if hit is None:
        return
    known = hits.get(item)
    if known is None or (hit.tier is Tier.REVIEW, hit.distance) < (known.tier is Tier.REVIEW, known.distance):
        hits[item] = hit


def _distinct(found: list[Line]) -> list[Line]:
    """Lines that do not claim one another's time, best first."""
    kept: list[Line] = []
    for line in found:
        if all(_overlap(line, other) <= 0 for other in kept) and line.score >= 0.2 * found[0].score:
            kept.append(line)
    return kept


def _overlap(one: Line, other: Line) -> float:
    return min(one.end, other.end) - max(one.begin, other.begin)


def _along(
    line: Line, frames: ClipFrames, times: NDArray[np.float32], apart: NDArray[np.int16]
) -> tuple[NDArray[np.int16], int]:
    """Distances of the frames on a line to what the item shows then, and how many different views they are."""
    on = np.flatnonzero((frames.times >= line.begin) & (frames.times <= line.end))
    then = line.at(frames.times[on])
    nearest = np.abs(times[None, :] - then[:, None]).argmin(axis=1)
    distances = apart[on, nearest]
    good = distances <= pdq.LIKELY_WITHIN
    if not good.any():
        return np.full(1, pdq.BITS, np.int16), 0
    return distances[good], len(np.unique(frames.run[on[good]]))


def _is_everywhere(line: Line, frames: ClipFrames, times: NDArray[np.float32], votes: Votes) -> bool:
    """Whether the frames on the line resemble the item at other times nearly as much: a view that stands still."""
    on = (frames.times[votes.query] >= line.begin) & (frames.times[votes.query] <= line.end)
    off = np.abs(times[votes.known] - line.at(frames.times[votes.query])) > OTHER_SHIFT_SECONDS
    elsewhere = len(np.unique(votes.query[on & off]))
    here = len(np.unique(votes.query[on & ~off]))
    return elsewhere >= ELSEWHERE * max(here, 1)


def _span(begin: float, end: float) -> tuple[float, float]:
    return round(begin, 2), round(end, 2)


def _stretch(line: Line) -> Stretch:
    end = line.end + FRAME_SECONDS
    known = line.speed * line.begin + line.shift, line.speed * end + line.shift
    return Stretch(own=_span(line.begin, end), item=_span(max(0.0, known[0]), known[1]))
