"""An analyst's model in its own worker: it may read itself and our grey pictures, and reach nothing else."""

from __future__ import annotations

import hashlib
import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from skimage import data

from tests.hashing.test_embedding import grey, model
from verifier.compare.pictures import PictureShelf, Stored
from verifier.confinement import lacking
from verifier.errors import BadSettings
from verifier.evidence.vault import Vault
from verifier.executors.local import LocalExecutor
from verifier.hashing import local_features
from verifier.media.plane import pack
from verifier.records import Derivative, Exhibit, Kind
from verifier.workflow.embed import Model, model_digest, proposals


@pytest.fixture
def case(tmp_path: Path) -> tuple[Vault, PictureShelf, dict[str, Exhibit]]:
    vault = Vault(tmp_path / "case")
    stored, exhibits = {}, {}
    for picture in (data.chelsea(), data.coffee(), data.astronaut()):
        plane = grey(picture)
        contents = {
            local_features.RECIPE: local_features.encode(local_features.extract(plane)),
            local_features.GREY_RECIPE: pack(plane),
        }
        ids = {recipe: hashlib.sha256(content).hexdigest() for recipe, content in contents.items()}
        vault.keep_derivatives(
            Derivative(id=ids[recipe], recipe=recipe, media_type="image/jpeg", content=content)
            for recipe, content in contents.items()
        )
        name = ids[local_features.GREY_RECIPE]
        stored[name] = Stored(fingerprints=(), derivatives=ids)
        exhibits[name] = Exhibit(id=name, sha512="0" * 128, size=1, kind=Kind.PHOTO, media_type="image/jpeg")
    return vault, PictureShelf(stored=stored, read=vault.read_derivative), exhibits


@pytest.fixture
def opened(tmp_path: Path, case: tuple[Vault, PictureShelf, dict[str, Exhibit]]) -> Iterator[Model]:
    path = model(tmp_path / "m.onnx", cells=1)  # one cell: everything looks alike to it
    with LocalExecutor(
        workers=1, vault_root=case[0].derivatives, readable=(path,), instruments="verifier.executors.models"
    ) as executor:
        yield Model(path=path, digest=model_digest(path), executor=executor)


def test_a_worker_gives_the_vectors_and_the_parent_never_loads_the_runtime(
    case: tuple[Vault, PictureShelf, dict[str, Exhibit]], opened: Model
) -> None:
    vault, shelf, exhibits = case
    assert len(proposals(opened, vault, shelf, exhibits, set(shelf))) == 3
    assert proposals(opened, vault, shelf, exhibits, set()) == []
    catalogue = opened.executor.catalogue
    assert set(catalogue) == {"embedding"}
    if sys.platform.startswith("linux"):
        assert lacking(opened.executor.layers) == ()


def test_importing_every_command_and_the_workflow_does_not_load_the_runtime() -> None:
    words = (
        "import sys, pkgutil, importlib, verifier.commands, verifier.workflow;"
        "[importlib.import_module(m.name) for p in (verifier.commands, verifier.workflow)"
        " for m in pkgutil.iter_modules(p.__path__, p.__name__ + '.')];"
        "sys.exit('onnxruntime' in sys.modules)"
    )
    assert subprocess.run([sys.executable, "-c", words], env=dict(os.environ), check=False).returncode == 0


def test_a_model_that_changed_or_is_none_is_refused_in_a_sentence(
    case: tuple[Vault, PictureShelf, dict[str, Exhibit]], opened: Model, tmp_path: Path
) -> None:
    vault, shelf, exhibits = case
    model(opened.path, cells=2)
    with pytest.raises(BadSettings, match="changed while it was used"):
        proposals(opened, vault, shelf, exhibits, set(shelf))
    opened.path.write_bytes(b"not a model")
    other = Model(path=opened.path, digest=model_digest(opened.path), executor=opened.executor)
    with pytest.raises(BadSettings, match="no ONNX model"):
        proposals(other, vault, shelf, exhibits, set(shelf))
    with pytest.raises(BadSettings, match="No such file"):
        model_digest(tmp_path / "none.onnx")


def test_a_linked_model_is_used_with_the_note_beside_the_link(
    case: tuple[Vault, PictureShelf, dict[str, Exhibit]], tmp_path: Path
) -> None:
    vault, shelf, exhibits = case
    (tmp_path / "far").mkdir()
    (tmp_path / "near").mkdir()
    link = tmp_path / "near" / "m.onnx"
    link.symlink_to(model(tmp_path / "far" / "m.onnx"))
    note = tmp_path / "near" / "m.onnx.json"
    note.write_text('{"side": 7}', encoding="utf-8")
    with LocalExecutor(
        workers=1, vault_root=vault.derivatives, readable=(link, note), instruments="verifier.executors.models"
    ) as executor:
        linked = Model(path=link, digest=model_digest(link), executor=executor)
        with pytest.raises(BadSettings, match="7 pixels"):
            proposals(linked, vault, shelf, exhibits, set(shelf))
        note.write_text('{"side": 32}', encoding="utf-8")
        assert proposals(linked, vault, shelf, exhibits, set(shelf))
