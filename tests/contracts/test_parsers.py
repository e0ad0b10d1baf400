"""Every parser of ours answers or refuses, whatever it is given; `benchmarks.fuzz` does the same for a minute."""

from __future__ import annotations

import random
from pathlib import Path

import pytest

from tests.contracts.parsers import NEVER_GIVEN_HOSTILE, broken, found, parsers_once, tried

TRIES = 60
KEPT = Path(__file__).parent / "kept"


def test_every_parser_is_tried() -> None:
    assert set(found()) - NEVER_GIVEN_HOSTILE == parsers_once().keys()


@pytest.mark.parametrize("name", sorted(parsers_once()))
def test_a_broken_input_is_read_or_refused(name: str) -> None:
    chance = random.Random(name)
    seeds = parsers_once()[name].seeds
    for _ in range(TRIES):
        content = broken(chance.choice(seeds), chance)
        assert tried(name, content) is None, (name, content)


@pytest.mark.parametrize("path", sorted(KEPT.glob("*")), ids=lambda path: path.name)
def test_what_was_found_once_stays_mended(path: Path) -> None:
    """The name of a kept input says which parser stumbled over it."""
    name = path.name.rsplit("-", 1)[0].replace("+", "/")
    assert tried(name, path.read_bytes()) is None


def test_an_exception_that_is_no_refusal_is_seen(monkeypatch: pytest.MonkeyPatch) -> None:
    from tests.contracts.parsers import Parser

    monkeypatch.setitem(parsers_once(), "x", Parser(lambda content: content[9], (b"",)))
    assert (tried("x", b"") or "").startswith("IndexError")
