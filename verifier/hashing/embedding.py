"""An analyst's own embedding model (ONNX) that proposes pairs of pictures; verification alone decides about them.

No model is shipped, fetched or trusted: a model can suggest, never join. It sees the small grey pictures that we made,
three times over as channels. It runs in a guarded worker only (`executors/models.py`), never in the parent, and the
telemetry of onnxruntime is switched off before its library is loaded.

Beside `model.onnx` may stand `model.onnx.json` with `side` (pixels), `mean` and `std` (three numbers each, of channels
in 0..1); without it the model's own input size and ImageNet's usual numbers are used.
"""

from __future__ import annotations

import hashlib
import importlib
import json
import os
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from types import ModuleType
from typing import Any

import cv2
import faiss
import numpy as np
from numpy.typing import NDArray

from verifier.errors import BadSettings, Unsupported
from verifier.instruments import Analyser, Limits, Parameters, Source
from verifier.media import plane
from verifier.records import Exhibit, Fingerprint, Kind

NAME, VERSION = "embedding", 1
TELEMETRY_OFF = ("ORT_DISABLE_TELEMETRY", "1")  # read once, when the library is loaded: no uploader, no identifier
NEAREST = 6  # candidates of one picture
MOST_SIDE, USUAL_SIDE = 1024, 224
LARGEST_MODEL_BYTES = 2 << 30
IMAGENET_MEAN, IMAGENET_STD = (0.485, 0.456, 0.406), (0.229, 0.224, 0.225)


@dataclass(frozen=True, slots=True, kw_only=True)
class Embedder:
    """A loaded model and how pictures are laid out for it. `digest` (SHA-256 of the file) goes into the log."""

    session: Any
    input_name: str
    side: int
    mean: NDArray[np.float32]
    std: NDArray[np.float32]
    digest: str

    def vector(self, grey: NDArray[np.uint8]) -> NDArray[np.float32]:
        """The unit vector of a grey picture, uint8 (rows, columns). Raises BadSettings for a model that gives none."""
        square = cv2.resize(grey, (self.side, self.side), interpolation=cv2.INTER_AREA).astype(np.float32) / 255
        planes = (square[None, :, :] - self.mean[:, None, None]) / self.std[:, None, None]
        try:
            output = self.session.run(None, {self.input_name: planes[None].astype(np.float32)})[0]
        except _refusals() as error:
            raise BadSettings("the embedding model", f"it cannot be run ({type(error).__name__})") from error
        flat = np.asarray(output, np.float32).ravel()
        length = float(np.linalg.norm(flat))
        if not np.isfinite(length) or length == 0:
            raise BadSettings("the embedding model", "it gives no vector for a picture")
        return flat / np.float32(length)


def open_embedder(path: Path) -> Embedder:
    """Load a model. Raises BadSettings where it, its note, or onnxruntime is not there or not fit."""
    try:
        onnxruntime = runtime()
    except ImportError as error:
        raise BadSettings(path, "onnxruntime is not installed: pip install verifier[onnx]") from error
    try:
        if path.stat().st_size > LARGEST_MODEL_BYTES:
            raise BadSettings(path, "it is larger than 2 GB")
        content = path.read_bytes()
    except OSError as error:
        raise BadSettings(path, error.strerror or "it cannot be read") from error
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = options.inter_op_num_threads = 1
    try:
        session = onnxruntime.InferenceSession(content, options, providers=["CPUExecutionProvider"])
    except _refusals() as error:
        raise BadSettings(path, f"it is no ONNX model that can be run ({type(error).__name__})") from error
    (first, *others) = session.get_inputs()
    shape = list(first.shape)
    if others or len(shape) != 4:
        raise BadSettings(path, "it must take one picture as (1, 3, side, side)")
    note = _note(path.with_name(path.name + ".json"))
    fixed = shape[2] if isinstance(shape[2], int) else USUAL_SIDE
    side = int(note.get("side", fixed))
    if not 8 <= side <= MOST_SIDE:
        raise BadSettings(path, f"pictures of {side} pixels a side are not usual; between 8 and {MOST_SIDE} are")
    return Embedder(
        session=session,
        input_name=first.name,
        side=side,
        mean=_three(path, note.get("mean", IMAGENET_MEAN)),
        std=np.maximum(_three(path, note.get("std", IMAGENET_STD)), np.float32(1e-3)),
        digest=hashlib.sha256(content).hexdigest(),
    )


def runtime() -> ModuleType:
    """onnxruntime, with its telemetry off. Raises ImportError.

    `disable_telemetry_events()` alone is too late: by then the library has written an identifier and a queue of events
    under the home folder. The environment variable is looked at when the library is loaded, and never again.
    """
    name, value = TELEMETRY_OFF
    os.environ[name] = value
    module = importlib.import_module("onnxruntime")
    module.disable_telemetry_events()
    return module


def analyse(exhibit: Exhibit, source: Source, parameters: Parameters) -> Iterator[Fingerprint]:
    """The vector of a picture's grey derivative, float32, little endian. `parameters`: `model` (path) and `digest`.

    Raises Unsupported where the model is not fit, and Corrupt where the derivative is no picture.
    """
    del exhibit
    try:
        embedder = _opened(str(parameters["model"]), str(parameters["digest"]))
        with source.open() as stream:
            vector = embedder.vector(plane.unpack(stream.read()))
    except BadSettings as error:
        raise Unsupported(str(error.args[1])) from error
    yield Fingerprint(algorithm=algorithm(embedder.digest), bits=vector.astype("<f4").tobytes())


EMBEDDING = Analyser(  # not ANALYSER: it is no instrument of every exhibit, and runs only in a worker of its own kind
    name=NAME,
    version=VERSION,
    accepts=frozenset({Kind.PHOTO}),
    analyse=analyse,
    limits=Limits(seconds=300.0, memory_bytes=4 * LARGEST_MODEL_BYTES),
    needs=("onnxruntime",),
)


def algorithm(digest: str) -> str:
    """What a vector is called: two models never share a name."""
    return f"{NAME}/{digest}"


def read_vector(fingerprint: Fingerprint, digest: str) -> NDArray[np.float32]:
    """A unit vector from what a worker answered. Raises ValueError for anything else."""
    if fingerprint.algorithm != algorithm(digest) or not fingerprint.bits or len(fingerprint.bits) % 4:
        raise ValueError("no vector of that model")
    row = np.frombuffer(fingerprint.bits, "<f4").astype(np.float32)
    if not np.isfinite(row).all() or not 0.99 < float(np.linalg.norm(row)) < 1.01:
        raise ValueError("not a unit vector")
    return row


def candidates(vectors: Mapping[str, NDArray[np.float32]], asked: Collection[str]) -> list[tuple[str, str]]:
    """Pairs to be verified: each asked picture with the few whose vectors are nearest; in order, each once.

    Raises ValueError where vectors are not of one length.
    """
    names = sorted(vectors)
    queries = [place for place, name in enumerate(names) if name in asked]
    if len(names) < 2 or not queries:
        return []
    table = np.stack([vectors[name] for name in names])
    index = faiss.IndexFlatIP(table.shape[1])
    index.add(table)
    _, near = index.search(table[queries], min(NEAREST + 1, len(names)))
    pairs = {
        (min(names[place], names[other]), max(names[place], names[other]))
        for place, others in zip(queries, near.tolist(), strict=True)
        for other in others
        if other not in (-1, place)
    }
    return sorted(pairs)


@lru_cache(maxsize=1)
def _opened(path: str, digest: str) -> Embedder:
    """The model, loaded once in a worker's life. Raises BadSettings, also where it is not the announced one."""
    embedder = open_embedder(Path(path))
    if embedder.digest != digest:
        raise BadSettings(path, "it changed while it was used")
    return embedder


def _refusals() -> tuple[type[Exception], ...]:
    """What onnxruntime raises: classes of its native module, with no ancestor of their own but Exception."""
    from onnxruntime.capi import onnxruntime_pybind11_state as native

    own = [item for item in vars(native).values() if isinstance(item, type) and issubclass(item, Exception)]
    return (*own, RuntimeError, ValueError)


def _note(path: Path) -> dict[str, Any]:
    if not path.exists():
        return {}
    try:
        note = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        raise BadSettings(path, "it is no JSON") from error
    unknown = set(note) - {"side", "mean", "std"} if isinstance(note, dict) else {"it"}
    if unknown:
        raise BadSettings(path, f"it may hold side, mean and std, not {', '.join(sorted(unknown))}")
    return dict(note)


def _three(path: Path, numbers: object) -> NDArray[np.float32]:
    try:
        row = np.asarray(numbers, np.float32)
    except (TypeError, ValueError) as error:
        raise BadSettings(path, "mean and std are three numbers each") from error
    if row.shape != (3,) or not np.isfinite(row).all():
        raise BadSettings(path, "mean and std are three numbers each")
    return row
