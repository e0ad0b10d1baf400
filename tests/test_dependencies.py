"""Every locked package has been looked at, and shows nothing that was not explained."""

from __future__ import annotations

import os
import subprocess
import sys

import pytest

from benchmarks.dependencies import REVIEW, ROOT, locked, look, reviewed

KNOWN = reviewed(REVIEW.read_text(encoding="utf-8"))
UNUSED = (
    "requests", "urllib3", "future.backports", "future.moves", "onnxruntime", "pooch", "av.datasets", "scipy.datasets",
    "PIL.ImageGrab", "PIL.ImageFont", "c2pa.build", "faiss.contrib", "obstore", "psycopg", "distributed", "dask",
)  # fmt: skip


def test_every_locked_package_has_a_row_in_the_review_and_no_row_is_left_over() -> None:
    """A new dependency: run `python -m benchmarks.dependencies`, find out what it could do, write it down."""
    assert set(locked()) - set(KNOWN) == set()
    assert set(KNOWN) - set(locked()) == set()


def test_no_package_shows_a_sign_that_its_row_does_not_explain() -> None:
    found = {name: dict(look(name).signs) for name in locked()}
    strange = {
        name: unexplained
        for name, signs in found.items()
        if (unexplained := {sign: file for sign, file in signs.items() if sign not in KNOWN.get(name, set())})
    }
    assert strange == {}
    assert found["onnxruntime"] == {} or "telemetry" in found["onnxruntime"]  # the look can see


def test_a_row_is_read_with_all_its_names() -> None:
    rows = ("| `one`, `Two_b` | client, home | x | y |", "| `c` | – | | |", "## Next", "| `d` | home | |")
    text = "\n".join(("## What our dependencies could do", *rows, ""))
    assert reviewed(text) == {"one": {"client", "home"}, "two-b": {"client", "home"}, "c": set()}


def test_no_template_imports_a_package() -> None:
    """Typst would download it."""
    templates = [*(ROOT / "verifier").rglob("*.typ")]
    assert templates
    assert [
        path.name for path in templates if "@preview" in path.read_text("utf-8") or "@local" in path.read_text("utf-8")
    ] == []


@pytest.mark.parametrize("side", ["parent", "worker"])
def test_what_is_said_not_to_be_imported_is_not(side: str) -> None:
    loads = {
        "parent": (
            "import pkgutil, importlib, verifier.commands as c, verifier.workflow as w;"
            "[importlib.import_module(m.name) for p in (c, w)"
            " for m in pkgutil.iter_modules(p.__path__, p.__name__ + '.')]"
        ),
        "worker": (
            "from verifier.executors.registry import load; load(examining=True);"
            "from verifier.media import frames, image, probe, side"
        ),
    }
    words = f"{loads[side]}; import sys; print(*sorted(set({UNUSED!r}) & set(sys.modules)))"
    ran = subprocess.run(
        [sys.executable, "-c", words], capture_output=True, text=True, env=dict(os.environ), check=True
    )
    assert ran.stdout.split() == []
