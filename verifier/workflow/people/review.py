"""Links that wait for a person: which they are, in what order, and what was made to look at."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, replace
from typing import Protocol

from verifier.dossier import CaseDossier
from verifier.findings.copies.originals import recordings_of
from verifier.findings.summary import undecided_links
from verifier.records import Match


@dataclass(frozen=True, slots=True, kw_only=True)
class Waiting:
    """Two recordings that nobody has decided of, by the two exhibits whose link is strongest.

    `links`: every link between the two exhibits; `pictures`: (recipe, id, media type) of what was made to look at;
    `others`: further pairs of copies of the two, which an answer holds for as well.
    """

    left: str
    right: str
    links: tuple[Match, ...]
    names: tuple[str, str]  # as acquired, undecoded parts replaced: show them inert
    pictures: tuple[tuple[str, str, str], ...]
    others: int = 0
    recordings: tuple[str, str] = ("", "")  # of the left and of the right, or the exhibits where they have none


def waiting(case: CaseDossier) -> tuple[Waiting, ...]:
    """Pairs of recordings linked at tier review only and without a verdict, those that look most alike first."""
    case = replace(case, originals=recordings_of(case))
    asked = {(some[0].left, some[0].right): len(some) - 1 for some in undecided_links(case)}
    home = {member: one.id for one in recordings_of(case).recordings for member in one.members}
    pairs: dict[tuple[str, str], list[Match]] = defaultdict(list)
    for match in case.matches:
        if (match.left, match.right) in asked:
            pairs[match.left, match.right].append(match)
    found = []
    for (left, right), links in pairs.items():
        made = {item.id: item for item in case.exhibits[left].derivatives}
        shown = [made[one] for link in links for one in link.evidence if one in made]
        found.append(
            Waiting(
                left=left,
                right=right,
                links=tuple(sorted(links, key=lambda link: -link.score)),
                names=(_name(case, left), _name(case, right)),
                pictures=tuple((item.recipe, item.id, item.media_type) for item in shown),
                others=asked[left, right],
                recordings=(home.get(left, left), home.get(right, right)),
            )
        )
    return tuple(sorted(found, key=lambda pair: (-pair.links[0].score, pair.left, pair.right)))


def _name(case: CaseDossier, exhibit: str) -> str:
    acquisitions = case.exhibits[exhibit].acquisitions
    return acquisitions[0].name.decode("utf-8", "replace") if acquisitions else ""


class OfTwo(Protocol):
    """What is asked of two recordings."""

    @property
    def recordings(self) -> tuple[str, str]:
        """The two."""
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Between:
    """Two recordings, or exhibits where they have none."""

    recordings: tuple[str, str]


class Answered:
    """Which pairs of recordings are answered in a walk: whoever says that two are the same makes them one."""

    def __init__(self) -> None:
        self._same: dict[str, str] = {}
        self._asked: list[tuple[str, str]] = []

    def keep(self, pair: OfTwo, decision: str) -> None:
        """Note an answer."""
        left, right = (self._of(one) for one in pair.recordings)
        self._asked.append((left, right))
        if decision == "same" and left != right:  # else they are one already
            self._same[left] = right

    def holds(self, pair: OfTwo) -> bool:
        """Whether an earlier answer holds for the pair."""
        asked = {frozenset(self._of(one) for one in earlier) for earlier in self._asked}
        return frozenset(self._of(one) for one in pair.recordings) in asked

    def _of(self, recording: str) -> str:
        while recording in self._same:
            recording = self._same[recording]
        return recording
