"""The recordings among some exhibits: what is counted where people speak of "other recordings" of one event.

Two recordings that share a stretch do not bear witness apart, even where it stays open which of them was put together.
So what shares one, a composite too, is counted with the recording it shares most with, and joins nothing else.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import replace

from verifier.dossier import CaseDossier
from verifier.findings.copies.groups import joins, latest_decisions
from verifier.findings.copies.links import Sets
from verifier.findings.copies.originals import recordings_of
from verifier.records import Incident, Match, Medium, Relation


def recordings(incident: Incident, case: CaseDossier) -> tuple[tuple[str, ...], ...]:
    """The incident's members, put together where one is a copy or an excerpt of another; one entry is one recording.

    This counts recordings, not witnesses: whether two recordings are independent is for a person to write down.
    """
    return distinct(incident.members, case)


def independent_of(incident: Incident, case: CaseDossier, exhibit: str) -> tuple[tuple[str, ...], ...]:
    """The other recordings of an incident, seen from one of its members."""
    return tuple(members for members in recordings(incident, case) if exhibit not in members)


def distinct(members: Iterable[str], case: CaseDossier) -> tuple[tuple[str, ...], ...]:
    """Some exhibits as recordings, each the exhibits that count as one."""
    chosen = {key: case.exhibits[key] for key in dict.fromkeys(members) if key in case.exhibits}
    matches = tuple(match for match in case.matches if match.left in chosen and match.right in chosen)
    sets = Sets(chosen)
    for one in recordings_of(replace(case, exhibits=chosen, matches=matches)).recordings:
        among = [key for key in one.members if key in chosen]
        for other in among[1:]:
            sets.join(among[0], other)
    decided = latest_decisions(case.verdicts)
    _attach(sets, [match for match in matches if match.relation is Relation.CLIP and joins(match)
                   and decided.get((match.left, match.right)) != "different"])  # fmt: skip
    return tuple(sorted(tuple(some) for some in sets.all()))


def _attach(sets: Sets, clips: list[Match]) -> None:
    """Put what shares stretches with others with the one it shares most with; what has most others goes first."""
    shared: dict[str, dict[str, float]] = defaultdict(dict)
    for match in clips:
        left, right = sets.top(match.left), sets.top(match.right)
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
        sets.join(one, other)


def _stretch(match: Match) -> float:
    """Seconds that both have in common; a photo has none."""
    ranges = [(s.left, s.right) for s in match.segments if s.medium is not Medium.AUDIO]
    return sum(min(abs(left[1] - left[0]), abs(right[1] - right[0])) for left, right in ranges if left and right)
