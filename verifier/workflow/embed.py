"""An analyst's own model run over a case's pictures, one guarded job each, and the pairs that it proposes."""

from __future__ import annotations

import hashlib
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from verifier.compare.pictures import PictureShelf
from verifier.errors import BadSettings
from verifier.evidence.vault import Vault
from verifier.executors import Executor
from verifier.hashing import local_features
from verifier.hashing.embedding import LARGEST_MODEL_BYTES, NAME, candidates, read_vector
from verifier.instruments import Job, Outcome
from verifier.records import Exhibit, Fingerprint

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray


@dataclass(frozen=True, slots=True, kw_only=True)
class Model:
    """An ONNX file and the executor whose workers may read it. `digest`: SHA-256 of the file; goes into the log."""

    path: Path
    digest: str
    executor: Executor


def model_digest(path: Path) -> str:
    """SHA-256 of a model's bytes; nothing is parsed. Raises BadSettings where it cannot be read or is too large."""
    try:
        if path.stat().st_size > LARGEST_MODEL_BYTES:
            raise BadSettings(path, "it is larger than 2 GB")
        with path.open("rb") as stream:
            return hashlib.file_digest(stream, "sha256").hexdigest()
    except OSError as error:
        raise BadSettings(path, error.strerror or "it cannot be read") from error


def proposals(
    model: Model, vault: Vault, shelf: PictureShelf, exhibits: Mapping[str, Exhibit], asked: Collection[str]
) -> list[tuple[str, str]]:
    """Pairs of pictures that the model holds to be near. Raises BadSettings where it fails with any of them."""
    try:
        return candidates(_vectors(model, vault, shelf, exhibits), asked)
    except ValueError as error:
        raise BadSettings(model.path, f"it gives vectors that cannot be compared ({error})") from error


def _jobs(model: Model, vault: Vault, shelf: PictureShelf, exhibits: Mapping[str, Exhibit]) -> Iterator[Job]:
    parameters = {"model": str(model.path.absolute()), "digest": model.digest}
    for name in shelf:
        grey = vault.derivative_at_hand(shelf.stored[name].derivatives[local_features.GREY_RECIPE])
        yield Job(exhibit=exhibits[name], path=grey, instruments=(NAME,), parameters=parameters)


def _vectors(
    model: Model, vault: Vault, shelf: PictureShelf, exhibits: Mapping[str, Exhibit]
) -> dict[str, NDArray[np.float32]]:
    vectors = {}
    for outcome in model.executor.run(_jobs(model, vault, shelf, exhibits)):
        vault.let_derivative_go(shelf.stored[outcome.exhibit].derivatives[local_features.GREY_RECIPE])
        vectors[outcome.exhibit] = _vector(model, outcome)
    return vectors


def _vector(model: Model, outcome: Outcome) -> NDArray[np.float32]:
    for fault in outcome.faults:
        raise BadSettings(model.path, fault.detail)
    found = [record for record in outcome.records[NAME] if isinstance(record, Fingerprint)]
    if len(found) != 1:
        raise ValueError("not one vector for a picture")
    return read_vector(found[0], model.digest)
