"""Groups of copies: one for each recording of two exhibits and more; which copy is best, which is known earliest.

What joins into a recording is decided in `originals`. The relations of the links within a group are counted in its
reason.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from verifier.canonical import digest
from verifier.records import Group, Match, Relation, Tier, Verdict

CLOCKS_ERROR = timedelta(minutes=2)  # of servers' clocks, beyond what a written date leaves open
JOINING = frozenset({Relation.SAME_STREAMS, Relation.SAME_PICTURE, Relation.ALTERED_PICTURE, Relation.CLIP})
SURE = frozenset({Tier.CERTAIN, Tier.LIKELY})


@dataclass(frozen=True, slots=True, kw_only=True)
class Copy:
    """What decides between copies. `existed_by`: RFC 3339 UTC instant by which its content was there, and why.

    `existed_first` is the first instant that the date may mean. A hand-over bounds all that came in it; our own taking
    in is no date.
    """

    pixels: int = 0  # stored width times height
    seconds: float = 0.0
    facts: int = 0  # how many questions its own metadata answers
    size: int = 0  # bytes
    existed_by: str | None = None
    existed_because: str | None = None
    existed_first: str | None = None  # None where it is `existed_by`
    by_hand_over: bool = False  # whether nothing but the hand-over's note dates it


def joins(match: Match) -> bool:
    """Whether a link may put its two exhibits into one recording."""
    return match.relation in JOINING and match.tier in SURE


def groups(
    together: Iterable[Sequence[str]],
    matches: Iterable[Match],
    verdicts: Iterable[Verdict],
    copies: Mapping[str, Copy],
) -> tuple[Group, ...]:
    """A group for each recording of two and more (`together`), ordered by id; an id is the digest of its members."""
    home = {name: number for number, names in enumerate(together) if len(names) > 1 for name in names}
    members: dict[int, list[str]] = defaultdict(list)
    for name in sorted(home):
        if name in copies:
            members[home[name]].append(name)
    links: dict[int, list[str]] = defaultdict(list)
    decided = latest_decisions(verdicts)
    for match in matches:
        within = home.get(match.left, -1) == home.get(match.right, -2)
        if within and joins(match) and decided.get((match.left, match.right)) != "different":
            links[home[match.left]].append(match.relation.value)
    for (left, right), decision in sorted(decided.items()):
        if decision == "same" and home.get(left, -1) == home.get(right, -2):
            links[home[left]].append("verdict")
    found = [_group(names, links[number], copies) for number, names in members.items() if len(names) > 1]
    return tuple(sorted(found, key=lambda group: group.id))


def latest_decisions(verdicts: Iterable[Verdict]) -> dict[tuple[str, str], str]:
    """What was decided last of each pair."""
    ordered = sorted(verdicts, key=lambda verdict: verdict.at)
    return {(verdict.left, verdict.right): verdict.decision for verdict in ordered}


def _group(members: list[str], relations: Iterable[str], copies: Mapping[str, Copy]) -> Group:
    counts = Counter(relations)
    best = max(members, key=lambda name: (*_worth(copies[name]), name))
    earliest = _earliest([(name, copies[name]) for name in members])
    notes = [_why_best(copies[best], [copies[name] for name in members if name != best])]
    if earliest is not None:
        because = copies[earliest].existed_because
        notes.append(f"Earliest known: {earliest[:12]} existed by {copies[earliest].existed_by} ({because}).")
    elif any(copies[name].existed_by is not None for name in members):
        notes.append("What dates these copies does not tell which was first.")
    else:
        notes.append("Nothing dates any of these copies.")
    return Group(
        id=digest(members)[:16],
        members=tuple(members),
        best=best,
        earliest=earliest,
        reason=", ".join(f"{count} × {relation}" for relation, count in sorted(counts.items())),
        notes=tuple(notes),
    )


def _earliest(members: Sequence[tuple[str, Copy]]) -> str | None:
    """The copy whose date lies before every other's by more than the dates' error; None where none does.

    A copy without a date orders nothing, but a hand-over's date alone does not put its copies before one without.
    """
    dated = sorted(
        (
            (datetime.fromisoformat(copy.existed_by), name, copy)
            for name, copy in members
            if copy.existed_by is not None
        ),
        key=lambda entry: entry[:2],
    )
    if not dated:
        return None
    last, name, copy = dated[0]
    if copy.by_hand_over and len(dated) < len(members):
        return None
    others = [datetime.fromisoformat(other.existed_first or other.existed_by or "") for _, _, other in dated[1:]]
    return name if all(first - last > CLOCKS_ERROR for first in others) else None


def _worth(copy: Copy) -> tuple[int, float, int, int]:
    """More picture first, then more time, then more said by the file itself, then more bytes: each generation loses."""
    return (copy.pixels, round(copy.seconds, 1), copy.facts, copy.size)


def _why_best(best: Copy, others: Sequence[Copy]) -> str:
    reasons = []
    if best.pixels > max(copy.pixels for copy in others):
        reasons.append("it has the most pixels")
    if best.seconds > max(copy.seconds for copy in others) + 0.05:
        reasons.append("it is the longest")
    if best.facts > max(copy.facts for copy in others):
        reasons.append("it carries the most metadata")
    if best.size > max(copy.size for copy in others):
        reasons.append("it is the largest file")
    return f"Best generation: {'; '.join(reasons) or 'no copy is better than another in what is measured'}."
