"""The store's tests do not wait for the disk: nothing here cuts the power, and a killed process loses nothing."""

from __future__ import annotations

import pytest

from verifier.evidence import durable
from verifier.store import database


@pytest.fixture(autouse=True, scope="package")
def _hurried() -> object:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(database, "SYNCHRONOUS", "OFF")
        patch.setattr(durable, "_sync", lambda path, flags: None)
        yield
