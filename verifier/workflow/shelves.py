"""Where the features of a case's pictures, clips and sounds lie: what the comparers read from."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping

from verifier.compare import clips, pictures
from verifier.compare.copies import captured, stored_size
from verifier.dossier import CaseDossier
from verifier.evidence.vault import Vault
from verifier.guarded import UNGUARDED, Guard
from verifier.hashing.sound.landmarks import Landmarks
from verifier.records import Fingerprint, Kind, Moment
from verifier.store import Store


def moments_of_capture(case: CaseDossier) -> dict[str, Moment]:
    """When photos say that they were taken, in one pass over the case."""
    found = {}
    for name, dossier in case.exhibits.items():
        if dossier.exhibit.kind is Kind.PHOTO:
            moment = captured(dossier)
            if moment is not None:
                found[name] = moment
    return found


def sizes_of_pictures(case: CaseDossier) -> dict[str, tuple[int, int]]:
    """Width and height of photos as stored, where they are known."""
    found = {}
    for name, dossier in case.exhibits.items():
        size = stored_size(dossier) if dossier.exhibit.kind is Kind.PHOTO else None
        if size is not None:
            found[name] = size
    return found


def picture_shelf(
    store: Store, vault: Vault, taken: Mapping[str, Moment], sizes: Mapping[str, tuple[int, int]]
) -> pictures.PictureShelf:
    """Every picture that has features; `taken`: `moments_of_capture`; `sizes`: `sizes_of_pictures`."""
    fingerprints: dict[str, list[Fingerprint]] = defaultdict(list)
    for name, fingerprint in store.fingerprints("pdq"):
        fingerprints[name].append(fingerprint)
    stored = {
        name: pictures.Stored(
            fingerprints=tuple(fingerprints[name]),
            derivatives=made,
            captured=taken.get(name),
            size=sizes.get(name),
        )
        for name, made in _derivatives(store, pictures.RECIPES).items()
    }
    return pictures.PictureShelf(stored=stored, read=vault.read_derivative)


def clip_shelf(store: Store, vault: Vault, guard: Guard = UNGUARDED) -> tuple[clips.ClipShelf, Mapping[str, Landmarks]]:
    """Every clip that has hashes, and every recording that has sound."""
    made = _derivatives(store, (*clips.CLIP_RECIPES, clips.SOUND_RECIPE))
    shelf = clips.ClipShelf(derivatives=made, read=vault.read_derivative)
    return shelf, clips.sounds(made, vault.read_derivative, guard)


def _derivatives(store: Store, recipes: tuple[str, ...]) -> dict[str, dict[str, str]]:
    found: dict[str, dict[str, str]] = defaultdict(dict)
    for recipe in recipes:
        for name, made in store.derivatives(recipe):
            found[name][recipe] = made.id
    return found
