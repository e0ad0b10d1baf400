"""An analyst's own model proposes; verification decides. The model here is made by the test with real ONNX."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import numpy as np
import onnx
import pytest
from onnx import TensorProto, helper
from skimage import data

from verifier.compare.pictures import PictureShelf, Stored, match_new
from verifier.errors import BadSettings
from verifier.hashing import local_features
from verifier.hashing.embedding import candidates, open_embedder, read_vector
from verifier.hashing.luma import reduced
from verifier.media.plane import pack
from verifier.records import Fingerprint, Relation


def model(path: Path, side: int = 32, cells: int = 8, scale: float = 1.0) -> Path:
    """Means of cells: a picture's coarse look, laid out as one row."""
    step = side // cells
    nodes = [
        helper.make_node("AveragePool", ["picture"], ["pooled"], kernel_shape=[step, step], strides=[step, step]),
        helper.make_node("Mul", ["pooled", "scale"], ["scaled"]),
        helper.make_node("Flatten", ["scaled"], ["vector"]),
    ]
    graph = helper.make_graph(
        nodes,
        "cells",
        [helper.make_tensor_value_info("picture", TensorProto.FLOAT, [1, 3, side, side])],
        [helper.make_tensor_value_info("vector", TensorProto.FLOAT, None)],
        [helper.make_tensor("scale", TensorProto.FLOAT, [], [scale])],
    )
    made = helper.make_model(graph, opset_imports=[helper.make_opsetid("", 13)])
    made.ir_version = 9
    onnx.save(made, str(path))
    return path


def grey(picture: np.ndarray) -> np.ndarray:
    flat = picture.mean(axis=2).astype(np.uint8) if picture.ndim == 3 else picture
    return np.ascontiguousarray(reduced(flat, 320))


def test_the_nearest_are_proposed_and_no_picture_with_itself(tmp_path: Path) -> None:
    embedder = open_embedder(model(tmp_path / "m.onnx"))
    cat = grey(data.chelsea())
    pictures = {"a": cat, "b": np.clip(cat * 0.8 + 9, 0, 255).astype(np.uint8), "c": grey(data.coffee())}
    vectors = {name: embedder.vector(picture) for name, picture in pictures.items()}
    pairs = candidates(vectors, {"a"})
    assert ("a", "b") in pairs and all(left < right for left, right in pairs)
    assert embedder.side == 32 and len(embedder.digest) == 64
    assert candidates({"a": vectors["a"]}, {"a"}) == candidates(vectors, {"z"}) == candidates({}, {"a"}) == []


def test_a_model_that_holds_strangers_to_be_alike_joins_nothing(tmp_path: Path) -> None:
    embedder = open_embedder(model(tmp_path / "m.onnx", cells=1))  # one cell: everything looks alike to it
    content: dict[str, bytes] = {}
    stored = {}
    for name, picture in (("a", data.chelsea()), ("b", data.coffee()), ("c", data.astronaut())):
        plane = grey(picture)
        content |= {
            f"{name}-points": local_features.encode(local_features.extract(plane)),
            f"{name}-grey": pack(plane),
        }
        made = {local_features.RECIPE: f"{name}-points", local_features.GREY_RECIPE: f"{name}-grey"}
        stored[name] = Stored(fingerprints=(), derivatives=made)
    shelf = PictureShelf(stored=stored, read=content.__getitem__)
    proposed = candidates({name: embedder.vector(shelf[name].grey()) for name in shelf}, set(shelf))
    assert len(proposed) == 3
    found = match_new(shelf, set(shelf), [], lambda: None, proposed)
    assert not [match for match in found if match.relation in (Relation.SAME_PICTURE, Relation.ALTERED_PICTURE)]


def test_the_note_beside_a_model_is_read_and_an_unknown_word_refused(tmp_path: Path) -> None:
    path = model(tmp_path / "m.onnx", side=32)
    note = tmp_path / "m.onnx.json"
    note.write_text(json.dumps({"side": 32, "mean": [0.5, 0.5, 0.5], "std": [0.25, 0.25, 0.25]}), encoding="utf-8")
    assert open_embedder(path).mean.tolist() == [0.5, 0.5, 0.5]
    note.write_text(json.dumps({"mena": [0, 0, 0]}), encoding="utf-8")
    with pytest.raises(BadSettings, match="mena"):
        open_embedder(path)


def test_what_is_no_model_is_refused_in_a_sentence(tmp_path: Path) -> None:
    (tmp_path / "m.onnx").write_bytes(b"not a model")
    with pytest.raises(BadSettings, match="no ONNX model"):
        open_embedder(tmp_path / "m.onnx")
    with pytest.raises(BadSettings, match="no vector"):
        open_embedder(model(tmp_path / "zero.onnx", scale=0.0)).vector(np.full((40, 40), 90, np.uint8))
    with pytest.raises(BadSettings, match="No such file"):
        open_embedder(tmp_path / "none.onnx")


@pytest.mark.parametrize(
    ("name", "bits"),
    [
        ("embedding/of-another", np.float32([1, 0]).tobytes()),
        ("embedding/mine", b""),
        ("embedding/mine", b"\0\0\x80?\0"),
        ("embedding/mine", np.float32([np.nan, 1]).tobytes()),
        ("embedding/mine", np.float32([3, 4]).tobytes()),
    ],
)
def test_what_a_worker_answers_is_not_believed_unless_it_is_a_unit_vector_of_that_model(name: str, bits: bytes) -> None:
    with pytest.raises(ValueError, match="vector"):
        read_vector(Fingerprint(algorithm=name, bits=bits), "mine")


def test_onnxruntime_is_loaded_without_its_telemetry(tmp_path: Path) -> None:
    """Since 1.29 it writes an identifier and a queue of events under the home folder, unless told not to beforehand."""
    path = model(tmp_path / "m.onnx")
    home = tmp_path / "home"
    home.mkdir()
    words = (
        "import sys; from pathlib import Path; from verifier.hashing.embedding import open_embedder;"
        "open_embedder(Path(sys.argv[1]))"
    )
    bare = {name: os.environ[name] for name in ("PATH", "PYTHONPATH") if name in os.environ}
    subprocess.run([sys.executable, "-c", words, str(path)], env={**bare, "HOME": str(home)}, check=True)
    assert not list(home.rglob("*"))
