"""How many recordings there are: copies count once, and so do pieces of one recording.

Groups of copies are too wide for that: a compilation holds parts of several recordings and joins them all. Here an
exhibit that shares only a stretch with others is put with the one it shares most with, and joins nothing else.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable

from verifier.dossier import CaseDossier
from verifier.records import Incident, Match, Medium, Relation, Tier

WHOLE = frozenset({Relation.SAME_STREAMS, Relation.SAME_PICTURE, Relation.ALTERED_PICTURE})
PIECE_SHARE = 0.75  # so much of the shorter one must lie in the longer one for it to be a piece of it


def recordings(incident: Incident, case: CaseDossier) -> tuple[tuple[str, ...], ...]:
    """The incident's members, put together where one is a copy or a piece of another; one entry is one recording.

    This counts recordings, not witnesses: whether two recordings are independent is for a person to write down.
    """
    return distinct(incident.members, case)


def independent_of(incident: Incident, case: CaseDossier, exhibit: str) -> tuple[tuple[str, ...], ...]:
    """The other recordings of an incident, seen from one of its members."""
    return tuple(members for members in recordings(incident, case) if exhibit not in members)


def distinct(members: Iterable[str], case: CaseDossier) -> tuple[tuple[str, ...], ...]:
    """Some exhibits as recordings, each the exhibits that are one."""
    chosen = dict.fromkeys(members)
    different = {(v.left, v.right) for v in case.verdicts if v.decision == "different"}
    links = [
        match
        for match in case.matches
        if match.left in chosen and match.right in chosen
        and match.tier is not Tier.REVIEW and (match.left, match.right) not in different
    ]  # fmt: skip
    head = {member: member for member in chosen}
    for match in links:
        if match.relation in WHOLE or (match.relation is Relation.CLIP and _is_piece(match, case)):
            head[_top(head, match.left)] = _top(head, match.right)
    for verdict in case.verdicts:
        if verdict.decision == "same" and verdict.left in chosen and verdict.right in chosen:
            head[_top(head, verdict.left)] = _top(head, verdict.right)
    _attach(head, [match for match in links if match.relation is Relation.CLIP])
    together: dict[str, list[str]] = defaultdict(list)
    for member in chosen:
        together[_top(head, member)].append(member)
    return tuple(sorted(tuple(sorted(some)) for some in together.values()))


def _top(head: dict[str, str], member: str) -> str:
    while head[member] != member:
        head[member] = head[head[member]]
        member = head[member]
    return member


def _attach(head: dict[str, str], clips: list[Match]) -> None:
    """Put what shares stretches with others with the one it shares most with; what has most others goes first."""
    shared: dict[str, dict[str, float]] = defaultdict(dict)
    for match in clips:
        left, right = _top(head, match.left), _top(head, match.right)
        if left != right:
            for one, other in ((left, right), (right, left)):
                shared[one][other] = max(shared[one].get(other, 0.0), _stretch(match))
    targets: list[tuple[str, str]] = []
    for one in sorted(shared, key=lambda key: (-len(shared[key]), key)):
        known = shared[one]
        if not known:
            continue
        targets.append((one, max(sorted(known), key=lambda other: known[other])))
        for other in known:
            shared[other].pop(one, None)
        shared[one] = {}
    for one, other in targets:
        top = _top(head, other)
        if top != one:
            head[one] = top


def _stretch(match: Match) -> float:
    """Seconds that both have in common; a photo has none."""
    ranges = [(s.left, s.right) for s in match.segments if s.medium is not Medium.AUDIO]
    return sum(min(abs(left[1] - left[0]), abs(right[1] - right[0])) for left, right in ranges if left and right)


def _is_piece(match: Match, case: CaseDossier) -> bool:
    lengths = [_length(case, key) for key in (match.left, match.right)]
    known = [length for length in lengths if length is not None]
    return len(known) == 2 and _stretch(match) >= PIECE_SHARE * min(known)


def _length(case: CaseDossier, key: str) -> float | None:
    dossier = case.exhibits.get(key)
    fact = dossier.facts.get("duration_s") if dossier is not None else None
    value = fact.best.value if fact is not None else None
    return float(value) if isinstance(value, int | float) and value > 0 else None
