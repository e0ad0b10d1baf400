"""Links that wait for a person: which they are, in what order, and what was made to look at."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass

from verifier.dossier import CaseDossier
from verifier.evidence.vault import Vault
from verifier.findings.summary import undecided
from verifier.records import Match


@dataclass(frozen=True, slots=True, kw_only=True)
class Waiting:
    """One pair that nobody has decided of. `links`: every link between the two; `pictures`: files by recipe."""

    left: str
    right: str
    links: tuple[Match, ...]
    names: tuple[str, str]  # as acquired, undecoded parts replaced: show them inert
    pictures: tuple[tuple[str, str], ...]


def waiting(case: CaseDossier, vault: Vault) -> tuple[Waiting, ...]:
    """Pairs linked at tier review only and without a verdict, those that look most alike first."""
    open_pairs = {(match.left, match.right) for match in undecided(case)}
    pairs: dict[tuple[str, str], list[Match]] = defaultdict(list)
    for match in case.matches:
        if (match.left, match.right) in open_pairs:
            pairs[match.left, match.right].append(match)
    found = []
    for (left, right), links in pairs.items():
        recipes = _recipes(case, left)
        shown = [(recipes.get(one, "?"), vault.derivative_path(one)) for link in links for one in link.evidence]
        found.append(
            Waiting(
                left=left,
                right=right,
                links=tuple(sorted(links, key=lambda link: -link.score)),
                names=(_name(case, left), _name(case, right)),
                pictures=tuple(shown),
            )
        )
    return tuple(sorted(found, key=lambda pair: (-pair.links[0].score, pair.left, pair.right)))


def _recipes(case: CaseDossier, exhibit: str) -> Mapping[str, str]:
    return {item.id: item.recipe for item in case.exhibits[exhibit].derivatives}


def _name(case: CaseDossier, exhibit: str) -> str:
    acquisitions = case.exhibits[exhibit].acquisitions
    return acquisitions[0].name.decode("utf-8", "replace") if acquisitions else ""
