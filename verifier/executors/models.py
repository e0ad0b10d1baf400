"""The instruments of a worker that runs an analyst's own model: `--instruments verifier.executors.models`.

A model is foreign code to all intents: it is loaded and run where there is no network and nothing can be written, with
nothing to read but the model itself and the small grey pictures that we made.
"""

from __future__ import annotations

from verifier.executors.registry import FailedModule, Registry
from verifier.hashing.embedding import EMBEDDING, runtime

INSTRUMENTS = __name__


def load(*, examining: bool = False) -> Registry:
    """The embedding alone. `examining`: import the runtime now, before the worker gives up its rights."""
    failed: tuple[FailedModule, ...] = ()
    if examining:
        try:
            runtime()
        except ImportError as error:
            failed = (FailedModule(module="onnxruntime", reason=str(error)),)
    return Registry(analysers={EMBEDDING.name: EMBEDDING}, viewers={}, checks={}, failed=failed)
