"""With an index that is kept, links are those of an index that is made; a damaged one is made again."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Sequence
from pathlib import Path

import numpy as np
import pytest
from skimage import data

from benchmarks import attacks_pictures as attacks
from benchmarks.pictures_set import viewed
from verifier.compare import pictures
from verifier.compare.pictures import PictureShelf, Stored
from verifier.evidence.kept import FOLDER, KeptBlocks
from verifier.guarded import Guard
from verifier.hashing.pictures import search
from verifier.records import Derivative, Fingerprint, Match


def rgb(name: str) -> np.ndarray:
    picture = getattr(data, name)()
    return np.repeat(picture[..., None], 3, 2) if picture.ndim == 2 else picture


@pytest.fixture(scope="module")
def whole() -> tuple[dict[str, Stored], dict[str, bytes]]:
    """Five pictures, and three copies."""
    names = ("coffee", "chelsea", "camera", "coins", "rocket")
    shown = {f"{number:x}" * 64: rgb(name) for number, name in enumerate(names)}
    shown["7" * 64] = attacks.jpeg(rgb("coffee"), 40)
    shown["8" * 64] = attacks.crop(rgb("chelsea"), attacks.rng(1), 0.25)
    shown["9" * 64] = np.ascontiguousarray(rgb("camera")[:, ::-1])
    stored, contents = {}, {}
    for name, picture in shown.items():
        records = viewed(picture)
        made = {record.recipe: record.id for record in records if isinstance(record, Derivative)}
        contents |= {record.id: record.content for record in records if isinstance(record, Derivative)}
        hashes = tuple(record for record in records if isinstance(record, Fingerprint))
        stored[name] = Stored(fingerprints=hashes, derivatives=made)
    return stored, contents


Whole = tuple[dict[str, Stored], dict[str, bytes]]


def compared(
    whole: Whole, there: Sequence[str], new: Sequence[str], known: Sequence[Match], kept: KeptBlocks | None
) -> tuple[Match, ...]:
    shelf = PictureShelf(stored={name: whole[0][name] for name in there}, read=whole[1].__getitem__)
    return pictures.match_new(shelf, new, known, lambda: None, guard=Guard("compare", seconds=60), keeping=kept)


@pytest.mark.parametrize("flat_points", [10**9, 1000], ids=["flat", "lists"])
def test_hand_over_by_hand_over_gives_the_links_of_one(
    whole: Whole, flat_points: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(search, "_FLAT_POINTS", flat_points)
    names = sorted(whole[0])
    at_once = compared(whole, names, names, (), None)
    assert {(match.left[0], match.right[0]) for match in at_once} == {("0", "7"), ("1", "8"), ("2", "9")}
    kept, known, there = KeptBlocks(tmp_path, "one"), (), []
    for some in (names[5:7], names[:4], names[7:], names[4:5]):
        there += some
        known = compared(whole, sorted(there), some, known, kept)
    assert known == at_once


def _changed(path: Path) -> None:
    path.chmod(0o600)
    path.write_bytes(path.read_bytes()[:-1] + b"?")


@pytest.mark.parametrize("damage", [Path.unlink, _changed], ids=["gone", "changed"])
def test_a_damaged_index_is_made_again(whole: Whole, damage: Callable[[Path], None], tmp_path: Path) -> None:
    kept, names = KeptBlocks(tmp_path, "one"), sorted(whole[0])
    known = compared(whole, names[:-1], names[:-1], (), kept)
    for path in (tmp_path / FOLDER / "one").iterdir():
        if path.name != "list":
            damage(path)
    assert kept.read() is None
    assert compared(whole, names, names[-1:], known, kept) == compared(whole, names, names, (), None)
    assert kept.read()


def test_a_picture_that_was_described_anew_is_not_asked_for_as_it_was(whole: Whole, tmp_path: Path) -> None:
    kept, names = KeptBlocks(tmp_path, "one"), sorted(whole[0])
    compared(whole, names[:5], names[:5], (), kept)
    other = {**whole[0], names[0]: whole[0][names[4]]}  # what stands under the first name is another picture now
    assert not compared((other, whole[1]), [*names[:4], names[5]], names[5:6], (), kept)


def test_what_is_not_to_be_believed_but_listed_so_is_refused(whole: Whole, tmp_path: Path) -> None:
    """Whoever can write the folder can write a list that fits: then the bytes must still not mislead the reader."""
    kept, names = KeptBlocks(tmp_path, "one"), sorted(whole[0])
    known = compared(whole, names[:-1], names[:-1], (), kept)
    ((_, block),) = kept.read() or []
    content = bytes(block)
    foreign = (b"", b"VARR\x01" + b"\xff" * 64, hashlib.sha256(b"").digest())
    for forged in (*foreign, content[:-7], content[: len(content) // 2]):
        kept.keep([forged])
        assert compared(whole, names, names[-1:], known, kept) == compared(whole, names, names, (), None)
