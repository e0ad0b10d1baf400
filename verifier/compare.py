"""Fingerprints become matches, matches become groups. Opens no media and no database: features are handed in.

What is known of a picture is large (local features, a grey picture), so features are read when a pair is verified, not
before; only hashes and compressed points of all pictures are held.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Mapping
from dataclasses import dataclass, field

from verifier.dossier import CaseDossier, ExhibitDossier
from verifier.errors import Corrupt
from verifier.geo.testimony import bounds_of_existence
from verifier.hashing import groups as grouping
from verifier.hashing import local_features, picture_match
from verifier.hashing.picture_features import PictureFeatures, assemble
from verifier.hashing.picture_relations import not_comparable
from verifier.records import Fingerprint, Group, Kind, Match, Moment

PICTURES_ALIKE, PICTURES_VERSION = "pictures-alike", 1
PICTURE_RECIPES = (local_features.RECIPE, local_features.GREY_RECIPE)


@dataclass(frozen=True, slots=True, kw_only=True)
class Stored:
    """Where one exhibit's features lie: its fingerprints, and derivative ids by recipe."""

    fingerprints: tuple[Fingerprint, ...]
    derivatives: Mapping[str, str]
    captured: Moment | None = None


@dataclass
class PictureShelf(Mapping[str, PictureFeatures]):
    """Features of pictures by exhibit id, read when asked for. `read` gives a derivative's bytes by its id."""

    stored: Mapping[str, Stored]
    read: Callable[[str], bytes]
    _ids: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        self._ids = sorted(key for key, item in self.stored.items() if set(PICTURE_RECIPES) <= set(item.derivatives))

    def __getitem__(self, key: str) -> PictureFeatures:
        item = self.stored[key]
        content = {recipe: self.read(item.derivatives[recipe]) for recipe in PICTURE_RECIPES}
        features = assemble(item.fingerprints, content, item.captured)
        if features is None:
            raise Corrupt("a picture's features are not complete")
        return features

    def __iter__(self) -> Iterator[str]:
        return iter(self._ids)

    def __len__(self) -> int:
        return len(self._ids)

    def __contains__(self, key: object) -> bool:
        return key in self.stored and set(PICTURE_RECIPES) <= set(self.stored[key].derivatives)  # type: ignore[index]


def pictures(shelf: PictureShelf, new: Collection[str], known: Collection[Match]) -> tuple[Match, ...]:
    """Links between pictures: those of the `new` ones with all, and what was `known` between the others."""
    fresh = [name for name in new if name in shelf]
    kept = [match for match in known if match.left not in fresh and match.right not in fresh]
    found = list(picture_match.match_all(shelf, fresh)) if fresh else []
    return tuple(sorted([*kept, *found], key=lambda match: (match.left, match.right)))


def one_picture(name: str, own: PictureShelf, shelf: PictureShelf) -> tuple[Match, ...]:
    """Links of one picture outside the shelf with those in it; none where its features are not complete."""
    if name not in own:
        return ()
    return tuple(picture_match.match_one(name, own[name], picture_match.build(shelf)))


def incomparable(shelf: PictureShelf) -> Mapping[str, str]:
    """Pictures for which "nothing alike was found" would mean nothing, and why."""
    reasons = {name: not_comparable(shelf[name]) for name in shelf}
    return {name: reason for name, reason in reasons.items() if reason is not None}


def groups(case: CaseDossier, matches: Collection[Match]) -> tuple[Group, ...]:
    """Groups over all links and verdicts of a case whose facts are established."""
    linked = {name for match in matches if grouping.joins(match) for name in (match.left, match.right)}
    linked |= {name for verdict in case.verdicts for name in (verdict.left, verdict.right)}
    copies = {name: _copy(case.exhibits[name], case) for name in sorted(linked) if name in case.exhibits}
    return grouping.groups(matches, case.verdicts, copies)


def _copy(dossier: ExhibitDossier, case: CaseDossier) -> grouping.Copy:
    firmest = next(
        (bound for bound in bounds_of_existence(dossier, case) if bound.is_firm and bound.loan is None), None
    )
    return grouping.Copy(
        pixels=_number(dossier, "width") * _number(dossier, "height"),
        seconds=float(_number(dossier, "duration_s")),
        facts=len(dossier.facts),
        size=dossier.exhibit.size,
        existed_by=firmest.latest.isoformat().replace("+00:00", "Z") if firmest else None,
        existed_because=firmest.what if firmest else None,
    )


def _number(dossier: ExhibitDossier, question: str) -> int:
    fact = dossier.facts.get(question)
    value = fact.best.value if fact is not None else None
    return int(value) if isinstance(value, int | float) else 0


def captured(dossier: ExhibitDossier) -> Moment | None:
    """The moment of capture, where what states it was read."""
    fact = dossier.facts.get("captured_at")
    return fact.best.value if fact is not None and isinstance(fact.best.value, Moment) else None


def is_picture(dossier: ExhibitDossier) -> bool:
    """Whether the picture comparer is for this exhibit."""
    return dossier.exhibit.kind is Kind.PHOTO
