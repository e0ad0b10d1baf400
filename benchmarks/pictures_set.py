"""The set that picture matching is measured on: photographs, their copies, and strangers that share overlays."""

from __future__ import annotations

import pickle
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import cv2
import numpy as np

from benchmarks import attacks_pictures as attacks
from verifier.hashing import local_features, pdq
from verifier.hashing.luma import reduced
from verifier.hashing.pictures.features import PictureFeatures, assemble
from verifier.instruments import Picture, Showing
from verifier.records import Derivative, Exhibit, Fingerprint, Kind, Record

SHOWING = Showing(still=True, stored_width=1, stored_height=1)
EXHIBIT = Exhibit(id="0" * 64, sha512="0" * 128, size=1, kind=Kind.PHOTO, media_type="image/png")


@dataclass(frozen=True, slots=True)
class Item:
    """One picture of the set: its identity is the photograph that it is (or that its inset is)."""

    name: str
    photograph: str
    attack: str  # "" for the photograph itself
    features: PictureFeatures


def shrunk_like_the_decoder(rgb: np.ndarray) -> np.ndarray:
    """Grey, short side at most 480, long side at most 1280."""
    grey = cv2.cvtColor(rgb, cv2.COLOR_RGB2GRAY)
    scale = min(1.0, 480 / min(grey.shape), 1280 / max(grey.shape))
    if scale == 1.0:
        return grey
    size = max(1, round(grey.shape[1] * scale)), max(1, round(grey.shape[0] * scale))
    return cv2.resize(grey, size, interpolation=cv2.INTER_AREA)


def viewed(rgb: np.ndarray) -> list[Record]:
    """What the very viewers that run in the product record of a picture."""
    picture = Picture(grey=shrunk_like_the_decoder(rgb), colour=rgb)
    records: list[Record] = []
    for viewer in (pdq.VIEWER, local_features.VIEWER):
        viewing = viewer.begin(EXHIBIT, SHOWING, {})
        viewing.see(picture)
        records += list(viewing.conclude())
    return records


def features(rgb: np.ndarray) -> PictureFeatures:
    """What the product knows of a picture."""
    records = viewed(rgb)
    contents = {record.recipe: record.content for record in records if isinstance(record, Derivative)}
    found = assemble([record for record in records if isinstance(record, Fingerprint)], contents,
                     stored_size=(rgb.shape[1], rgb.shape[0]))  # fmt: skip
    assert found is not None
    return found


def photographs(folders: list[Path]) -> list[tuple[str, np.ndarray]]:
    """Every picture of the folders, RGB, long side at most 1600, one of each by dihedral PDQ."""
    kept: list[tuple[str, np.ndarray]] = []
    hashes: list[bytes] = []
    for path in sorted(path for folder in folders for path in folder.rglob("*") if path.is_file()):
        pixels = cv2.imread(str(path), cv2.IMREAD_COLOR)
        if pixels is None or min(pixels.shape[:2]) < 180:
            continue
        rgb = reduced(cv2.cvtColor(pixels, cv2.COLOR_BGR2RGB), 1600)
        found = pdq.pdq(reduced(rgb))
        variants = [found.turned(turn) for turn in pdq.TURNS]
        if found.quality < 50 or any(min(pdq.hamming(v, h) for v in variants) <= 90 for h in hashes):
            continue
        hashes.append(found.bits)
        kept.append((path.stem, rgb))
    return kept


def make(
    bases: list[tuple[str, np.ndarray]],
    strangers: list[tuple[str, np.ndarray]],
    partners: list[np.ndarray],
    names: list[str],
    salt: int = 0,
    each: int | None = None,
) -> Iterator[tuple[str, str, str, np.ndarray]]:
    """(name, photograph, attack, pixels) of bases, copies, strangers, hard negatives.

    `salt` changes the overlays; `each`: so many attacks for each photograph, drawn by lot (all by default).
    """
    attacks.PARTNERS[:] = partners
    for place, (photograph, pixels) in enumerate(bases):
        yield photograph, photograph, "", pixels
        lot = np.random.default_rng(zlib.crc32(photograph.encode()) + salt).permutation(len(names))[:each]
        for name in names if each is None else [names[number] for number in lot]:
            r = attacks.rng(zlib.crc32(f"{photograph}/{name}".encode()) + salt)
            yield f"{photograph}/{name}", photograph, name, attacks.ATTACKS[name](pixels, r, place % 6 + 8 * salt)
    for photograph, pixels in strangers:
        yield photograph, photograph, "", pixels
    for name, place, pixels in attacks.hard_negatives([pixels for _, pixels in strangers], 8 * salt):
        photograph = strangers[place][0] if place >= 0 else f"none{place}"
        yield f"{photograph}/{name}", photograph, name, pixels


def load(cache: Path, made: Iterator[tuple[str, str, str, np.ndarray]]) -> list[Item]:
    """The set's features, from the cache where they lie there."""
    if cache.exists():
        return pickle.loads(cache.read_bytes())  # noqa: S301 - our own file under /tmp
    items = [Item(name, photograph, attack, features(pixels)) for name, photograph, attack, pixels in made]
    cache.write_bytes(pickle.dumps(items))
    return items
