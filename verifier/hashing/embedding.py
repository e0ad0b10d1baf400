"""An analyst's own embedding model (ONNX) that proposes pairs of pictures; verification alone decides about them.

No model is shipped, fetched or trusted: a model can suggest, never join. It sees the small grey pictures that we made,
three times over as channels. Beside `model.onnx` may stand `model.onnx.json` with `side` (pixels), `mean` and `std`
(three numbers each, of channels in 0..1); without it the model's own input size and ImageNet's usual numbers are used.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import cv2
import faiss
import numpy as np
from numpy.typing import NDArray

from verifier.errors import BadSettings

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
        import onnxruntime
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


def candidates(
    embedder: Embedder, pictures: Iterable[tuple[str, NDArray[np.uint8]]], asked: Collection[str]
) -> list[tuple[str, str]]:
    """Pairs to be verified: each asked picture with the few that the model holds to be nearest; in order, each once."""
    names: list[str] = []
    rows: list[NDArray[np.float32]] = []
    for name, grey in pictures:
        names.append(name)
        rows.append(embedder.vector(grey))
    if len(names) < 2:
        return []
    table = np.stack(rows)
    index = faiss.IndexFlatIP(table.shape[1])
    index.add(table)
    queries = [place for place, name in enumerate(names) if name in asked]
    if not queries:
        return []
    _, near = index.search(table[queries], min(NEAREST + 1, len(names)))
    pairs = {
        (min(names[place], names[other]), max(names[place], names[other]))
        for place, others in zip(queries, near.tolist(), strict=True)
        for other in others
        if other not in (-1, place)
    }
    return sorted(pairs)


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
