"""Where the features of a case's pictures, clips and sounds lie: what the comparers read from."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping

from verifier.compare import clips, pictures
from verifier.compare.copies import captured, stored_size
from verifier.dossier import CaseDossier, ExhibitDossier
from verifier.evidence.kept import KeptBlocks
from verifier.evidence.vault import Vault
from verifier.guarded import UNGUARDED, Guard
from verifier.hashing.sound.landmarks import Landmarks
from verifier.records import Fingerprint, Kind, Moment
from verifier.store import Store

FEW_ASKED = 100


class Shown:
    """When photos say that they were taken, and their width and height as stored, of those that are asked for.

    Few are fetched one by one; where many are asked for, all are, in one pass over the case.
    """

    def __init__(self, case: CaseDossier) -> None:
        self._case = case
        self._known: dict[str, tuple[Moment | None, tuple[int, int] | None]] = {}
        self._is_whole = False

    def __call__(self, name: str) -> tuple[Moment | None, tuple[int, int] | None]:
        """(moment of capture, size) of one exhibit; None where it is not known."""
        if name not in self._known and not self._is_whole:
            if len(self._known) < FEW_ASKED:
                dossier = self._case.exhibits.get(name)
                self._known[name] = _shown(dossier) if dossier is not None else (None, None)
            else:
                self._known |= {key: _shown(dossier) for key, dossier in self._case.exhibits.items()}
                self._is_whole = True
        return self._known.get(name, (None, None))


def _shown(dossier: ExhibitDossier) -> tuple[Moment | None, tuple[int, int] | None]:
    if dossier.exhibit.kind is not Kind.PHOTO:
        return None, None
    return captured(dossier), stored_size(dossier)


def picture_shelf(store: Store, vault: Vault, shown: Shown | None = None) -> pictures.PictureShelf:
    """Every picture that has features; without `shown`, none has a moment or a size."""
    fingerprints: dict[str, list[Fingerprint]] = defaultdict(list)
    for name, fingerprint in store.fingerprints("pdq"):
        fingerprints[name].append(fingerprint)
    stored = {
        name: pictures.Stored(
            fingerprints=tuple(fingerprints[name]),
            derivatives=made,
        )
        for name, made in _derivatives(store, pictures.RECIPES).items()
    }
    return pictures.PictureShelf(stored=stored, read=vault.read_derivative, shown=shown or _not_known)


def picture_blocks(store: Store) -> KeptBlocks:
    """Where the index of the case's pictures is kept from one comparison to the next."""
    return KeptBlocks(store.folder, f"{pictures.NAME}-{pictures.VERSION}")


def _not_known(name: str) -> tuple[Moment | None, tuple[int, int] | None]:
    return None, None


def streams_of(store: Store) -> dict[str, tuple[tuple[str, str], ...]]:
    """The digests of the packets of each stream of every recording that has any."""
    moving = [name for name, kind in store.tallies.kinds().items() if kind in clips.KINDS]
    read = store.tallies.readings_like(moving, "stream:%.digest") if moving else {}
    return {name: tuple(sorted((said.key, str(said.value)) for said in some)) for name, some in sorted(read.items())}


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
