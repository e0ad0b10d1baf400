"""Pictures of links are made with the comparison, once, and can be written for any pair."""

from __future__ import annotations

import hashlib
from pathlib import Path

import numpy as np
import pytest
from PIL import Image
from skimage import data

from tests.commands.running import verify
from verifier.evidence.vault import Vault
from verifier.store import Store


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, dict[str, str]]:
    folder = tmp_path_factory.mktemp("evidence")
    (folder / "in").mkdir()
    cat = data.chelsea().copy()
    Image.fromarray(cat).save(folder / "in" / "cat.jpg", quality=92)
    cat[60:130, 180:300] = np.random.default_rng(1).integers(0, 255, (70, 120, 1), np.uint8)
    Image.fromarray(cat).resize((400, 266)).save(folder / "in" / "edited.jpg", quality=80)
    Image.fromarray(data.coffee()).save(folder / "in" / "coffee.jpg")
    ran = verify("ingest", folder / "in", "--case", folder / "case", "--operator", "A", "--jobs", 1, "-q")
    assert ran.code == 0, ran.err
    ids = {path.name: hashlib.sha256(path.read_bytes()).hexdigest() for path in (folder / "in").iterdir()}
    return folder / "case", ids


def test_a_link_bears_pictures_that_stand_with_its_left_exhibit(made: tuple[Path, dict[str, str]]) -> None:
    case, ids = made
    with Store.open(case, writing=False) as store:
        known = store.dossier()
    (match,) = known.matches
    assert {match.left, match.right} == {ids["cat.jpg"], ids["edited.jpg"]}
    own = {item.id: item for item in known.exhibits[match.left].derivatives if item.instrument == "evidence"}
    assert [own[one].recipe for one in match.evidence] == [
        "evidence-aligned/1",
        "evidence-difference/1",
        "evidence-outline/1",
    ]
    for one in match.evidence:
        assert len(Vault(case).read_derivative(one)) <= 30_000


def test_comparing_all_anew_draws_the_same_and_leaves_nothing_behind(made: tuple[Path, dict[str, str]]) -> None:
    case, _ = made
    with Store.open(case, writing=False) as store:
        before = store.dossier().matches
    ran = verify("dedup", "--all", "--case", case, "--operator", "A")
    assert ran.code == 0, ran.err
    with Store.open(case, writing=False) as store:
        assert store.dossier().matches == before
    assert verify("audit", "--case", case).code == 0


def test_the_difference_is_light_where_the_picture_was_changed(
    made: tuple[Path, dict[str, str]], tmp_path: Path
) -> None:
    case, ids = made
    ran = verify("evidence", ids["cat.jpg"][:12], ids["edited.jpg"][:12], "--out", tmp_path / "e", "--case", case)
    assert ran.code == 0, ran.err
    (path,) = (tmp_path / "e").glob("*difference.jpg")
    grey = np.asarray(Image.open(path), np.float32)
    rows, columns = grey.shape
    inside = grey[int(0.25 * rows) : int(0.4 * rows), int(0.45 * columns) : int(0.6 * columns)].mean()
    assert inside > 5 * grey[int(0.7 * rows) :].mean()
    assert Image.open(path).mode == "L"


def test_a_pair_that_nothing_links_is_told_so(made: tuple[Path, dict[str, str]], tmp_path: Path) -> None:
    case, ids = made
    ran = verify("evidence", ids["cat.jpg"][:12], ids["coffee.jpg"][:12], "--out", tmp_path / "e", "--case", case)
    assert "No comparison linked these two." in ran.out
    assert ran.code == (0 if list(tmp_path.rglob("*.jpg")) else 1)
